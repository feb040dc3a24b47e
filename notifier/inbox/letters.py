"""How every callback is taken in over HTTP: a bounded body, and refusals that tell nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from notifier.channels.protocol import Clock
from notifier.channels.reports import State
from notifier.channels.wire import read_object
from notifier.inbox.protocol import Receiver
from notifier.inbox.seen import Seen
from obligations.errors import JiaoyingError, Misconfigured
from obligations.rules.model import ChannelSpec

LOG = logging.getLogger("jiaoying")
LETTER_BYTES = 64 * 1024
_PATIENCE = 5  # seconds: no platform waits longer for its answer
_MARK, _HEAD = 160, 80
_STAMP_DIGITS = range(1, 14)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a gateway says became of the message ``code``: noted, and no answer of anybody."""

    way: str
    code: str
    vendor_id: str
    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class Reception:
    """What callbacks go by: the channel of a name as the rules have it now, and who takes it all.

    ``receive`` stores what people say or press, ``note`` what became of a message; both have
    stored it when they return, and only then is the platform answered.
    """

    find: Callable[[str], ChannelSpec | None]
    settings: Mapping[str, str] = field(repr=False)
    clock: Clock
    receive: Receiver
    note: Callable[[Delivery], Awaitable[None]]
    seen: Seen = field(default_factory=Seen, repr=False)
    warned: Seen = field(default_factory=Seen, repr=False)


class Turned(JiaoyingError):
    """A letter that is not taken: the platform hears the status, the log the reason.

    ``signed``: its signature is right, so that the fault is likely to be in our settings.
    """

    def __init__(
        self, reason: str, status: HTTPStatus = HTTPStatus.FORBIDDEN, *, signed: bool = False
    ) -> None:
        """Keep what is answered, and whether somebody must look at our settings."""
        super().__init__(reason)
        self.status = status
        self.signed = signed


Handle = Callable[[Request, ChannelSpec], Awaitable[Response]]


def door(
    reception: Reception, platforms: frozenset[str], handle: Handle
) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint of the channels of some platforms; what it turns away learns nothing."""

    async def take(request: Request) -> Response:
        spec = reception.find(str(request.path_params["channel"]))
        if spec is None or spec.platform not in platforms:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        try:
            return await handle(request, spec)
        except Turned as turned:
            LOG.log(
                _level(reception, spec, turned.status, is_ours=turned.signed),
                "通道“%s”的回调没有收：%s",
                spec.name,
                turned,
            )
            return Response(status_code=turned.status)
        except Misconfigured as error:
            status = HTTPStatus.SERVICE_UNAVAILABLE
            LOG.log(_level(reception, spec, status, is_ours=True), "%s", error)
            return Response(status_code=status)

    return take


def _level(reception: Reception, spec: ChannelSpec, status: HTTPStatus, *, is_ours: bool) -> int:
    """Give how loud the log says it: what is ours to mend once in two hours, as anybody can ask."""
    mark, now = f"{spec.name}/{status}", reception.clock.now()
    if not is_ours or reception.warned.holds(mark, now):
        return logging.DEBUG
    reception.warned.add(mark, now)
    return logging.WARNING


async def body_of(request: Request, most: int = LETTER_BYTES) -> bytes:
    """Give the body, which nobody may make long or slow."""
    told = request.headers.get("content-length", "")
    if told.isascii() and told.isdigit() and len(told) <= len(str(most)) and int(told) <= most:
        most = int(told)
    elif told:
        raise _too_long()
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE), aclosing(request.stream()) as chunks:
            async for chunk in chunks:
                body += chunk
                if len(body) > most:
                    raise _too_long()
    except (TimeoutError, ClientDisconnect) as error:
        broken = "没有收全"
        raise Turned(broken, HTTPStatus.REQUEST_TIMEOUT) from error
    return bytes(body)


def _too_long() -> Turned:
    return Turned("太长", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def age(stamp: str, unit: timedelta, now: datetime) -> timedelta:
    """Give how far a stamp of so many seconds or milliseconds lies from now, either way.

    >>> from datetime import UTC
    >>> age("1782867600", timedelta(seconds=1), datetime(2026, 7, 1, 1, 5, tzinfo=UTC))
    datetime.timedelta(seconds=300)
    """
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) in _STAMP_DIGITS):
        unread = "时间戳读不懂"
        raise Turned(unread)
    return abs(timedelta(seconds=now.timestamp()) - int(stamp) * unit)


def mark_of(*parts: str) -> str:
    """Give one mark for what several parts tell apart; what is long ends in its digest.

    >>> mark_of("K7M2", "0421", "heard")
    'K7M2/0421/heard'
    """
    mark = "/".join(parts)
    return mark if len(mark) <= _MARK else f"{mark[:_HEAD]}~{sha256(mark.encode()).hexdigest()}"


def json_object(body: bytes) -> Mapping[str, object]:
    """Give the JSON object that a body is."""
    found = read_object(body)
    if found is None:
        unread = "读不懂"
        raise Turned(unread, HTTPStatus.BAD_REQUEST)
    return found


def text_of(row: Mapping[str, object], name: str) -> str:
    """Give a field that is text or a whole number, else "".

    >>> text_of({"msgId": "m1", "text": {}}, "msgId")
    'm1'
    """
    value = row.get(name)
    if type(value) not in (str, int):
        return ""
    return str(value).encode("utf-8", "replace").decode().replace("\0", "").strip()


def part_of(row: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Give a field that is an object, else an empty one."""
    value = row.get(name)
    return value if isinstance(value, dict) else {}
