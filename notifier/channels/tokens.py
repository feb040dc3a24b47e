"""The access token of an app: fetched when it is wanted, and anew before it dies."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from notifier.channels.protocol import Clock

Fetch = Callable[[], Coroutine[None, None, tuple[str, timedelta]]]
_KEPT = 0.9  # of its life, so that none dies on the way


@dataclass(slots=True)
class Token:
    """One app's token; many sends at once share one fetch of it, or its failure."""

    fetch: Fetch = field(repr=False)
    clock: Clock = field(repr=False)
    _word: str = field(default="", repr=False)
    _good_until: datetime | None = field(default=None, repr=False)
    _fetching: asyncio.Task[str] | None = field(default=None, repr=False)

    async def give(self, dead: str = "") -> str:
        """Give a token that is not the dead one."""
        is_good = self._good_until is not None and self.clock.now() < self._good_until
        if is_good and self._word != dead:
            return self._word
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._renew())
            self._fetching.add_done_callback(self._done)
        return await asyncio.shield(self._fetching)  # who gives up waiting spoils it for nobody

    async def _renew(self) -> str:
        self._word, life = await self.fetch()
        self._good_until = self.clock.now() + _KEPT * life
        return self._word

    def _done(self, task: asyncio.Task[str]) -> None:
        self._fetching = None
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not call it lost
