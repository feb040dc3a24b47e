"""Whatever is posted that is not genuine: nothing comes in, nothing breaks, nothing stays."""

import asyncio
import tracemalloc

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
