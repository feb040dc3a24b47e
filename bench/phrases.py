"""Documents per second for finding and reading time phrases, beside JioNLP, in one run.

    python bench/phrases.py NOTICE.txt [NOTICE.txt …] [--rounds 5]

Both read the same notices line by line; the best round of each counts. JioNLP is needed for the
comparison only: pip install jionlp.
"""

# ruff: noqa: INP001, T201 - a script to run, no package; it speaks by printing

import argparse
import contextlib
import io
import logging
import time
from collections.abc import Callable
from pathlib import Path

from obligations.phrases import find

YEAR = 2022


def main() -> None:
    """Print the rates and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("notices", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    documents = [path.read_text("utf-8").split("\n") for path in options.notices]
    ours = rate(documents, lambda line: find(line, year=YEAR), options.rounds)
    print(f"jiaoying  {ours:10.1f} documents/s")
    logging.disable()  # JioNLP logs what it cannot read
    with contextlib.redirect_stdout(io.StringIO()):
        import jionlp  # type: ignore[import-untyped]  # noqa: PLC0415 - prints when loaded
    base = {"year": YEAR, "month": 5, "day": 20}
    theirs = rate(
        documents,
        lambda line: jionlp.ner.extract_time(line, time_base=base, with_parsing=True),
        max(1, options.rounds // 2),
    )
    print(f"JioNLP    {theirs:10.1f} documents/s")
    print(f"ratio     {ours / theirs:10.1f}")


def rate(documents: list[list[str]], read: Callable[[str], object], rounds: int) -> float:
    """Give documents per second in the best round."""
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        for lines in documents:
            for line in lines:
                if line.strip():
                    read(line)
        best = min(best, time.perf_counter() - started)
    return len(documents) / best


if __name__ == "__main__":
    main()
