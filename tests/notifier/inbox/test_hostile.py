"""Whatever is posted that is not genuine: nothing comes in, nothing breaks, nothing stays."""

import asyncio
import resource
import time
import tracemalloc
from collections.abc import MutableMapping
from random import Random
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from notifier.inbox import letters
from notifier.inbox.letters import Turned, body_of
from notifier.inbox.wecom_app import sealed_in
from tests.notifier.inbox.hostile import BIG, besieged
from tests.notifier.inbox.letterbox import Letterbox, sending

REFUSED = {400, 401, 403, 404, 413}


def test_of_two_thousand_hostile_callbacks_none_comes_in_and_none_breaks_anything() -> None:
    box = Letterbox()
    found = asyncio.run(besieged(box, 2000, seed=1))
    assert set(found) <= REFUSED
    assert (box.brought, box.fates, len(box.reception.seen.marks)) == (0, [], 0)


def test_bodies_of_megabytes_are_let_go_of_at_once() -> None:
    box = Letterbox()
    asyncio.run(besieged(box, 200, seed=2))
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        asyncio.run(besieged(box, 400, seed=3))
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 200_000
    assert peak - before < 8 * BIG


def test_a_body_that_never_comes_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "_PATIENCE", 0)

    async def nothing() -> MutableMapping[str, Any]:
        return await asyncio.Future()

    request = Request({"type": "http", "headers": [], "method": "POST"}, nothing)
    with pytest.raises(Turned) as turned:
        asyncio.run(body_of(request))
    assert turned.value.status == 408


def test_a_sender_who_hangs_up_breaks_nothing() -> None:
    async def gone() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    request = Request({"type": "http", "headers": [], "method": "POST"}, gone)
    with pytest.raises(Turned) as turned:
        asyncio.run(body_of(request))
    assert turned.value.status == 408


def test_made_up_names_are_not_kept_by_the_parser() -> None:
    chance = Random(1)  # noqa: S311 -- repeatable on purpose

    def made_up() -> bytes:
        names = (b"<a%x/>" % chance.getrandbits(64) for _ in range(2500))
        return b"<xml>" + b"".join(names) + b"<Encrypt>P9nA</Encrypt></xml>"

    box = Letterbox()
    url = "https://aj.example.cn/inbox/wecom/应用"
    asks = [sending(httpx.Request("POST", url, content=made_up())) for _ in range(100)]
    before = resident()
    assert box.post(*asks) == [403] * 100
    assert resident() - before < 4096


@pytest.mark.parametrize(
    "body",
    [b"<Encrypt>" * 7000, b"<Encrypt>" + b" " * 60_000, b"<Encrypt>a" + b" " * 60_000 + b"<"],
    ids=len,
)
def test_an_envelope_is_searched_in_no_time(body: bytes) -> None:
    began = time.perf_counter()
    with pytest.raises(Turned):
        sealed_in(body)
    assert time.perf_counter() - began < 0.1


def resident() -> int:
    """Give the most memory the process ever held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
