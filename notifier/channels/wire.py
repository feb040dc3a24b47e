"""One JSON request to a platform, and its answer or a failure that can be told.

httpx puts the address, and with it the robot's key, into its errors and its log: none of that
leaves this module.
"""

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus

import httpx

from notifier.channels.protocol import ChannelError, FailureKind

PATIENCE = timedelta(seconds=10)
_BLOCKED_PAGE = re.compile(r"status\W{0,5}1111")
_SLOW_DOWN = timedelta(minutes=1)
_BLOCKED_FOR = timedelta(minutes=5)
_LOOKED_AT = 4000
_QUERY = re.compile(r"\?\S*|\b(?:timestamp|sign|access_token|key)=[^\s&]*")  # what an address tells
_HINT = re.compile(r",? *(?:hint:|from ip:|more info at|more:|\w+://).*", re.DOTALL)
_WORDS = 80


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform said in its own words: 0 is the only yes; ``body`` is all of it."""

    code: int
    words: str = ""
    body: Mapping[str, object] = field(repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """What came back, whatever it is: the HTTP status, and the JSON object if it is one."""

    status: int
    body: Mapping[str, object] | None
    text: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Wire:
    """The way to one robot: whom to name in a sentence, and what must never be named.

    ``arrival`` says what is in doubt when an answer is lost; "" where nothing is.
    """

    name: str
    platform: str
    client: httpx.AsyncClient = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False, default=())
    arrival: str = "消息是否已到群里"

    def doubted(self, what: str) -> ChannelError:
        """Give the failure of a request whose answer was lost on the way."""
        doubt = f"不知道{self.arrival}；" if self.arrival else ""
        sentence = f"{what}，{doubt}程序会自动再试"
        return self.refused(sentence, FailureKind.TRANSIENT, uncertain=bool(self.arrival))

    def refused(
        self,
        what: str,
        kind: FailureKind,
        *,
        retry_after: timedelta | None = None,
        uncertain: bool = False,
        closed: bool = False,
    ) -> ChannelError:
        """Give the failure as a sentence that names the channel."""
        sentence = f"通道“{self.name}”（{self.platform}）：{what}"
        return ChannelError(
            sentence, kind, retry_after=retry_after, uncertain=uncertain, closed=closed
        )


def encode(body: Mapping[str, object]) -> bytes:
    """Give the body as it goes over the wire: UTF-8, 3 bytes for a Chinese character."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


async def post(wire: Wire, url: httpx.URL, body: Mapping[str, object]) -> Answer:
    """Send the body once and give the platform's answer, whatever the HTTP status was."""
    return await ask(wire, "POST", url, encode(body))


async def ask(wire: Wire, method: str, url: httpx.URL, body: bytes | None = None) -> Answer:
    """Make one request of an interface that answers by errcode, and give what it said."""
    found = await _exchange(wire, url, body, method)
    if isinstance(found, ChannelError):
        raise found
    return _answer(wire, found)


async def fetch(
    wire: Wire,
    method: str,
    url: httpx.URL,
    body: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Page:
    """Make one request of an interface that answers by HTTP status, and give what came back."""
    content = None if body is None else encode(body)
    found = await _exchange(wire, url, content, method, headers)
    if isinstance(found, ChannelError):
        raise found
    text = found.content[:_LOOKED_AT].decode("utf-8", "replace")
    return Page(found.status_code, read_object(found.content), text)


async def _exchange(
    wire: Wire,
    url: httpx.URL,
    body: bytes | None,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> httpx.Response | ChannelError:
    """Give the failure instead of raising it: an httpx error as its context would tell the key."""
    seconds = PATIENCE.total_seconds()
    kind = {} if body is None else {"Content-Type": "application/json; charset=utf-8"}
    try:
        async with asyncio.timeout(seconds):  # httpx counts each read on its own, a lease cannot
            return await wire.client.request(
                method,
                url,
                content=body,
                headers={**kind, **(headers or {})},
                timeout=seconds,
                follow_redirects=False,
            )
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError):
        unreached = f"连不上{url.host}，消息没有发出。请检查网络、代理和接口地址；程序会自动再试"
        return wire.refused(unreached, FailureKind.TRANSIENT)
    except (TimeoutError, httpx.TimeoutException):
        return wire.doubted(f"{url.host}在{seconds:.0f}秒内没有回应")
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        return wire.doubted(f"与{url.host}的连接中途断开")


def _answer(wire: Wire, response: httpx.Response) -> Answer:
    text = response.content[:_LOOKED_AT].decode("utf-8", "replace")
    answer = _read(response.content)
    if answer is None:
        raise unreadable(wire, response.status_code, text)
    if answer.code == 0 and not response.is_success:
        raise unreadable(wire, response.status_code, "")
    return replace(answer, words=redact(answer.words, wire.secrets))


def _read(content: bytes) -> Answer | None:
    """Give the answer if there is one; DingTalk writes the code as a number or as a string."""
    body = read_object(content)
    if body is None:
        return None
    code = body.get("errcode")
    if not re.fullmatch(r"-?[0-9]{1,9}", str(code)):
        return None
    return Answer(int(str(code)), str(body.get("errmsg", "")), body)


def read_object(written: str | bytes) -> Mapping[str, object] | None:
    """Give the JSON object in a body, a frame or a field, None where there is none.

    >>> read_object('{"text": "已转移"}'), read_object("已转移")
    ({'text': '已转移'}, None)
    """
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def rows(body: Mapping[str, object], key: str) -> tuple[Mapping[str, object], ...]:
    """Give the objects in the list under the key."""
    found = body.get(key)
    return tuple(row for row in found if isinstance(row, dict)) if isinstance(found, list) else ()


def unreadable(wire: Wire, status: int, text: str) -> ChannelError:
    """Give the failure for a page that is no answer: a proxy's, a gateway's, a wrong address's."""
    if _BLOCKED_PAGE.search(text):
        what = "平台暂时拒绝了本机地址的全部请求（status 1111），5分钟后再试"
        return wire.refused(what, FailureKind.TRANSIENT, retry_after=_BLOCKED_FOR)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        what = "发得太快，平台要求稍后再发（HTTP 429）"
        return wire.refused(what, FailureKind.THROTTLED, retry_after=_SLOW_DOWN)
    return wire.doubted(
        f"平台的回答读不懂（HTTP {status}，没有错误码；一直如此请检查接口地址和代理）"
    )


def redact(words: str, secrets: tuple[str, ...]) -> str:
    """Give the platform's words without our secrets, addresses and its own hints."""
    for secret in filter(None, secrets):
        words = words.replace(secret, "***")
    return " ".join(_QUERY.sub("?***", _HINT.sub("", words)).split())[:_WORDS]


def hush() -> None:
    """Keep httpx from logging the addresses it calls: they hold the robots' keys."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
