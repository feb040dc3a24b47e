"""Callbacks that are forged, replayed, cut, huge, nested or for somebody else: how many a second.

    PYTHONPATH=. python bench/callbacks.py [COUNT]

Says how each was answered, what came in (nothing should) and how far the memory grew.
"""

import asyncio
import resource
import sys
import time

from tests.notifier.inbox.hostile import besieged
from tests.notifier.inbox.letterbox import Letterbox

WARM = 2000


def main(count: int) -> None:
    """Print rate, statuses, what came in, and the growth of the resident memory."""
    box = Letterbox()
    asyncio.run(besieged(box, WARM, seed=0))
    before, since = _resident(), time.perf_counter()
    found = asyncio.run(besieged(box, count, seed=1))
    seconds = time.perf_counter() - since
    print(f"{count} hostile callbacks in {seconds:.1f} s ({count / seconds:.0f}/s): {found}")
    print(f"came in: {box.brought}, noted: {len(box.fates)}")
    print(f"peak resident memory: {before} KiB before, {_resident()} KiB after")


def _resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
