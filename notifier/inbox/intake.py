"""The door of one way in: everything is stored before its platform hears a word."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from notifier.inbox.protocol import Incoming, Receiver
from notifier.inbox.sockets import Pace, Say

LOG = logging.getLogger("jiaoying")
_TRIES = 5
_AT_ONCE = 256

Stored = Callable[[], Awaitable[None]]


async def _nothing() -> None:
    """Tell the platform nothing."""


@dataclass(slots=True)
class Intake:
    """Takes what comes in by one channel without keeping its connection waiting.

    ``comes_again``: its platform brings once more what it was not told is stored.
    """

    way: str
    platform: str
    receive: Receiver = field(repr=False)
    say: Say = field(repr=False)
    pace: Pace = field(default_factory=Pace)
    comes_again: bool = False
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    _storing: set["asyncio.Task[None]"] = field(default_factory=set)
    _trouble: str = ""

    async def take(self, incoming: Incoming, stored: Stored = _nothing) -> None:
        """Begin to store it, in the order of coming; ``stored`` is called when that is done."""
        await self._room.acquire()  # who floods us waits
        task = asyncio.create_task(self._store(incoming, stored))
        self._storing.add(task)
        task.add_done_callback(self._done)

    async def finish(self) -> None:
        """Wait for what is being stored, so that it can still be told; not for ever."""
        if self._storing:
            await asyncio.wait(self._storing, timeout=self.pace.parting)

    async def settle(self) -> None:
        """Let nothing go on: what cannot be stored in time is told as lost."""
        await self.finish()
        late = tuple(self._storing)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def tell(self, trouble: str) -> None:
        """Say what is wrong once, and once that it is over ("")."""
        if trouble != self._trouble:
            self._speak(trouble or "长连接恢复了")
        self._trouble = trouble

    def _speak(self, words: str) -> None:
        self.say(f"通道“{self.way}”（{self.platform}）：{words}")

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._room.release()
        self._storing.discard(task)

    async def _store(self, incoming: Incoming, stored: Stored) -> None:
        try:
            trouble = await self._try(incoming)
        except asyncio.CancelledError:
            self._lose(incoming, "程序停得太急")
            raise
        if trouble:
            self._lose(incoming, trouble)
        else:
            await stored()

    async def _try(self, incoming: Incoming) -> str:
        """Store it, and again after growing pauses; give what stood in the way in the end."""
        trouble = ""
        for tried in range(1, _TRIES + 1):
            try:
                await self.receive(incoming)
            except Exception as error:
                LOG.debug("intake", exc_info=True)
                trouble = type(error).__name__
            else:
                return ""
            if tried < _TRIES:
                await self.pace.rest(self.pace.growing(tried))
        return trouble

    def _lose(self, incoming: Incoming, why: str) -> None:
        then = "平台还会再送来" if self.comes_again else "请他再答一次"
        self._speak(f"{incoming.account}的一条答复没有存下（{why}），{then}")
