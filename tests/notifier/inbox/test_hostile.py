"""Whatever is posted that is not genuine: nothing comes in, nothing breaks, nothing stays."""

import asyncio
import tracemalloc
from collections.abc import MutableMapping
from typing import Any

import pytest
from starlette.requests import Request

from notifier.inbox import letters
from notifier.inbox.letters import Turned, body_of
from tests.notifier.inbox.hostile import BIG, besieged
from tests.notifier.inbox.letterbox import Letterbox

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
