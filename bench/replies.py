"""Replies read per second in one process, over the table of the tests.

    python bench/replies.py [--rounds 5]

Every row counts once a round; what the reader remembers of names is emptied before each round.
"""

import argparse
import time
from pathlib import Path

from notifier.replies import Context, read_reply
from notifier.replies.people import is_person

TABLE = Path(__file__).parents[1] / "tests" / "notifier" / "replies.tsv"
LONG = ("收到", "没", "由", "推到", "「", "> \n", "每月1日", "a.")


def main() -> None:
    """Print the rate, and how long the longest texts take."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rows = [
        line.split("\t")[:2]
        for line in TABLE.read_text("utf-8").split("\n")
        if line and not line.startswith("#")
    ]
    replies = [(text.replace("\\n", "\n"), Context(context)) for text, context in rows]
    seconds = min(one_round(replies) for _ in range(parser.parse_args().rounds))
    print(f"{len(replies)} replies, {len(replies) / seconds:,.0f} a second")
    for sign in LONG:
        text = sign * (100_000 // len(sign))
        print(f"100,000 signs of {sign!r}: {one_round([(text, Context.DUTY)]) * 1000:.1f} ms")


def one_round(replies: list[tuple[str, Context]]) -> float:
    """Give the seconds for reading them all."""
    is_person.cache_clear()
    started = time.perf_counter()
    for text, context in replies:
        read_reply(text, context)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
