"""Callbacks of somebody who wishes us ill, made by the thousand out of genuine ones."""

import json
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from urllib.parse import quote

import httpx
from starlette.types import ASGIApp

from notifier.channels.gateway import signed
from tests.notifier.inbox.letterbox import (
    CORP,
    NOW,
    SETTINGS,
    Letterbox,
    Sealed,
    later,
    letter,
)

BIG = 3 * 1024 * 1024
BODY_PART = 64 * 1024


@dataclass(frozen=True)
class Posted:
    """A request as it comes over the wire."""

    path: str
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def posted(request: httpx.Request) -> Posted:
    """Give a request of httpx as it comes over the wire."""
    headers = tuple((name.lower(), value) for name, value in request.headers.raw)
    return Posted(request.url.path, request.url.query, headers, request.read())


def genuine() -> tuple[Posted, ...]:
    """Give one callback of each way that is all right, but hours old and so no longer good."""
    at = later(-7200)
    said = Sealed(letter("text.xml", text="收到", id="7"), at=at)
    rows = [{"vendor_id": "V1", "id": "K7M2", "state": "keypress", "key": "1"}]
    body = json.dumps({"reports": rows}).encode()
    headers = signed(body, SETTINGS["GATEWAY"], at, "a1b2c3d4")
    url = f"https://aj.example.cn/inbox/gateway/{quote('短信')}"
    robot = {"timestamp": str(int(at.timestamp() * 1000)), "sign": "x" * 44}
    ding = f"https://aj.example.cn/inbox/dingtalk/{quote('钉钉')}"
    words = {"msgId": "m", "msgtype": "text", "senderStaffId": "1", "text": {"content": "收到"}}
    return (
        posted(said.request()),
        posted(httpx.Request("POST", url, headers=headers, content=body)),
        posted(httpx.Request("POST", ding, headers=robot, json=words)),
    )


def strangers() -> tuple[Posted, ...]:
    """Give letters sealed well, just now, but by or for somebody else."""
    said = Sealed(letter("text.xml", text="收到", id="8"))
    other = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    return tuple(
        posted(one.request())
        for one in (
            said.changed(token="other"),  # noqa: S106 -- a stranger's
            said.changed(key=other),
            said.changed(corp=CORP[::-1]),
            said.changed(at=later(900)),
        )
    )


def hostile(count: int, seed: int) -> Iterator[Posted]:
    """Give so many callbacks, none of which is good; the same for the same seed."""
    chance = Random(seed)  # noqa: S311 -- repeatable on purpose
    sources = genuine() + strangers()
    for _ in range(count):
        source = chance.choice(sources)
        yield chance.choice(WRONGS)(source, chance)


def _replayed(source: Posted, _chance: Random) -> Posted:
    return source


def _truncated(source: Posted, chance: Random) -> Posted:
    return replace(source, body=source.body[: chance.randrange(len(source.body))])


def _flipped(source: Posted, chance: Random) -> Posted:
    body = bytearray(source.body)
    body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    return replace(source, body=bytes(body))


def _noise(source: Posted, chance: Random) -> Posted:
    return replace(source, body=chance.randbytes(chance.randrange(2000)))


def _huge(source: Posted, chance: Random) -> Posted:
    return replace(source, body=source.body + b" " * chance.choice((70_000, BIG)))


def _nested(source: Posted, chance: Random) -> Posted:
    deep = chance.choice((b"<a>", b"[", b'{"a":')) * chance.choice((50, 5000))
    return replace(source, body=deep)


def _misdirected(source: Posted, chance: Random) -> Posted:
    way = chance.choice(("wecom", "gateway", "dingtalk"))
    name = chance.choice(("应用", "短信", "钉钉", "没有", "x" * 3000))
    return replace(source, path=f"/inbox/{way}/{name}")


def _misnamed(source: Posted, chance: Random) -> Posted:
    headers = tuple(
        (name, chance.choice((value, b"", b"\xff" * 9, b"9" * 400)))
        for name, value in source.headers
        if name != b"content-length"
    )
    query = chance.choice((source.query, b"", b"%ff=%00&msg_signature=&&", source.query * 5))
    return replace(source, headers=headers, query=query)


WRONGS: tuple[Callable[[Posted, Random], Posted], ...] = (
    _replayed,
    _truncated,
    _flipped,
    _noise,
    _huge,
    _nested,
    _misdirected,
    _misnamed,
)


async def status_of(app: ASGIApp, one: Posted) -> int:
    """Give what the application answers; its body is brought in pieces, as a server does."""
    statuses: list[int] = []
    parts = [one.body[at : at + BODY_PART] for at in range(0, len(one.body), BODY_PART)] or [b""]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": one.path,
        "raw_path": one.path.encode(),
        "query_string": one.query,
        "root_path": "",
        "headers": [pair for pair in one.headers if pair[0] != b"content-length"],
        "server": ("aj.example.cn", 443),
        "client": ("203.0.113.9", 4711),
    }

    async def receive() -> MutableMapping[str, Any]:
        body = parts.pop(0) if parts else b""
        return {"type": "http.request", "body": body, "more_body": bool(parts)}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    return statuses[0]


async def besieged(box: Letterbox, count: int, seed: int) -> dict[int, int]:
    """Give how often each status was answered to so many hostile callbacks."""
    found: dict[int, int] = {}
    box.watch.at = NOW
    for one in hostile(count, seed):
        status = await status_of(box.app, one)
        found[status] = found.get(status, 0) + 1
    return found
