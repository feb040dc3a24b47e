"""Where what comes in is kept in tests: once each, as the real store does."""

import asyncio
from dataclasses import dataclass, field

from notifier.inbox import Incoming


@dataclass
class Store:
    """Keeps what came in once, as the real one does; ``broken`` so many times before it works."""

    kept: dict[str, Incoming] = field(default_factory=dict)
    offered: int = 0
    broken: int = 0
    is_open: asyncio.Event = field(default_factory=asyncio.Event)
    began: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.is_open.set()

    async def receive(self, incoming: Incoming) -> bool:
        self.began.set()
        await self.is_open.wait()
        if self.broken:
            self.broken -= 1
            message = "disk full"
            raise OSError(message)
        is_new = incoming.id not in self.kept
        self.kept.setdefault(incoming.id, incoming)
        self.offered += 1
        async with self.changed:
            self.changed.notify_all()
        return is_new

    async def until(self, offered: int) -> tuple[Incoming, ...]:
        async with self.changed:
            await self.changed.wait_for(lambda: self.offered >= offered)
        return tuple(self.kept.values())
