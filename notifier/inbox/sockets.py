"""What both long connections have in common: opening one, and how long to wait."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from notifier.channels.addresses import is_loopback

Rest = Callable[[float], Awaitable[None]]
Say = Callable[[str], None]

_FRAME_BYTES = 1_048_576
_QUIET = logging.getLogger("jiaoying.sockets")
_QUIET.setLevel(logging.WARNING)  # the library's debug lines hold secrets and tickets


@dataclass(frozen=True, slots=True)
class Pace:
    """Every waiting of a long connection, in seconds; ``rest`` is who waits."""

    heartbeat: float = 30
    answer: float = 10
    opening: float = 10
    parting: float = 5
    closing: float = 1
    shortest: float = 1
    longest: float = 60
    steady: float = 60
    rest: Rest = asyncio.sleep

    def growing(self, losses: int) -> float:
        """Give the pause after so many losses in a row: 1, 2, 4 … 60 seconds.

        >>> [Pace().growing(losses) for losses in (1, 2, 3, 7, 1000)]
        [1.0, 2.0, 4.0, 60, 60]
        """
        return min(self.shortest * float(1 << min(max(losses, 1) - 1, 10)), self.longest)


class _Straight(connect):
    """An opening that follows no redirect: a secret goes to the address that is set or nowhere."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


async def open_socket(url: str, pace: Pace, *, pings: bool) -> ClientConnection | None:
    """Give an open connection, None where there is none to be had.

    ``pings``: the WebSocket's own pings find out that it is dead; two must stay unanswered.
    """
    try:
        async with asyncio.timeout(pace.opening):
            return await _Straight(
                url,
                proxy=None if is_loopback(httpx.URL(url).host) else True,
                open_timeout=None,
                close_timeout=pace.closing,
                ping_interval=pace.heartbeat if pings else None,
                ping_timeout=2 * pace.heartbeat if pings else None,
                max_size=_FRAME_BYTES,
                logger=_QUIET,
            )
    except (OSError, EOFError, TimeoutError, ValueError, ImportError, WebSocketException):
        return None


def is_safe(url: str) -> bool:
    """Tell whether what is said there is sealed, or stays on this machine.

    >>> is_safe("wss://openws.work.weixin.qq.com"), is_safe("ws://10.0.0.8/")
    (True, False)
    """
    try:
        found = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    return bool(found.host) and (
        found.scheme == "wss" or (found.scheme == "ws" and is_loopback(found.host))
    )
