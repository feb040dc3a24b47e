"""Documents per second for finding and reading time phrases, beside JioNLP, in one run.

    python bench/phrases.py [NOTICE.txt …] [--rounds 5]

Both read the same notices line by line; the best round of each counts. JioNLP is needed for the
comparison only: pip install jionlp.
"""

import argparse
import contextlib
import io
import logging
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from obligations.phrases import find

YEAR = 2022
SAMPLES = sorted((Path(__file__).parents[1] / "tests" / "notices").glob("*.txt"))
HEAVY = ("每", "每月", "立即", "年", "月", "前")


def main() -> None:
    """Print the rates and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("notices", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    documents = [path.read_text("utf-8").split("\n") for path in options.notices or SAMPLES]
    ours = rate(documents, lambda line: find(line, year=YEAR), options.rounds)
    print(f"jiaoying  {ours:10.1f} documents/s")
    for sign in HEAVY:
        line = [[sign * (100_000 // len(sign))]]
        seconds = 1 / rate(line, lambda text: find(text, year=YEAR), 3)
        print(f"100,000 signs of {sign}: {seconds * 1000:.0f} ms")
    print(f"jiaoying explain, beyond a bare Python: {startup():.2f} s")
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


def startup() -> float:
    """Give the seconds that the command takes beyond an interpreter that does nothing."""
    words = "['explain', '每季度至少1次', '--from', '2026-09-01']"
    programs = ("pass", f"from notifier.cli import main; main({words})")
    bare, whole = (min(run_time(program) for _ in range(5)) for program in programs)
    return whole - bare


def run_time(program: str) -> float:
    """Give the seconds of one run of a program in an interpreter of its own."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    return time.perf_counter() - started


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
