"""Whole notices with all their fields, beside JioNLP, which finds times and nothing else.

    PYTHONPATH=. python bench/notices.py [NOTICE ...]

Both read the same texts in turn, and the best of several rounds counts; without arguments the
project's own sample notices are read.
"""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import jionlp

from obligations.clauses import read_notice
from obligations.documents import read_text

ROUNDS = 7
SAMPLES = Path(__file__).parents[1] / "tests" / "notices"
BASE = {"year": 2022, "month": 5, "day": 20}


def main(names: Sequence[str]) -> None:
    """Print documents per second for both, and the ratio."""
    paths = [Path(name) for name in names] or sorted(SAMPLES.glob("*.txt"))
    texts = [(path.name, path.read_text("utf-8")) for path in paths]

    def ours() -> None:
        for name, text in texts:
            read_notice(read_text(name, text))

    def theirs() -> None:
        for _, text in texts:
            for line in filter(str.strip, text.splitlines()):
                jionlp.ner.extract_time(line, time_base=BASE, with_parsing=True)

    mine, peer = rates((ours, theirs), len(texts))
    print(f"{len(texts)} notices: ours {mine:.0f}/s, JioNLP {peer:.1f}/s, {mine / peer:.1f} times")


def rates(runs: Sequence[Callable[[], None]], documents: int) -> list[float]:
    """Give each run's documents per second, the runs taking turns."""
    best = [float("inf")] * len(runs)
    for _ in range(ROUNDS):
        for index, run in enumerate(runs):
            began = time.perf_counter()
            run()
            best[index] = min(best[index], time.perf_counter() - began)
    return [documents / seconds for seconds in best]


if __name__ == "__main__":
    main(sys.argv[1:])
