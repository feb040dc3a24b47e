"""Time in tests: nobody sleeps, whoever rests is woken by the test."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from notifier.inbox.sockets import Pace

_T = TypeVar("_T")
BEAT = Pace().heartbeat
LONGEST = 20.0  # real seconds a story may take before it has failed


class Patience:
    """Everybody who rests, until the test says that his time is over."""

    def __init__(self) -> None:
        self._resting: list[tuple[float, asyncio.Future[None]]] = []
        self._somebody = asyncio.Condition()

    def pace(self, **seconds: float) -> Pace:
        return Pace(rest=self.rest, **seconds)

    async def rest(self, seconds: float) -> None:
        over = asyncio.get_running_loop().create_future()
        async with self._somebody:
            self._resting.append((seconds, over))
            self._somebody.notify_all()
        await over

    async def over(self, seconds: float | None = None) -> float:
        """Let the next rest (of that length, or any but a beat) be over; give how long it was."""

        def is_meant(length: float) -> bool:
            return length == seconds or (seconds is None and length != BEAT)

        def found() -> tuple[float, asyncio.Future[None]] | None:
            self._resting = [one for one in self._resting if not one[1].done()]
            return next((one for one in self._resting if is_meant(one[0])), None)

        async with self._somebody:
            await self._somebody.wait_for(found)
            one = found()
            assert one
            self._resting.remove(one)
            one[1].set_result(None)
            return one[0]


def tell(story: Coroutine[Any, Any, _T]) -> _T:
    """Run a story to its end, and not for ever."""

    async def bounded() -> _T:
        async with asyncio.timeout(LONGEST):
            return await story

    return asyncio.run(bounded())
