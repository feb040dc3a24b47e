"""Notices named on the command line: read one by one, the bad ones told and passed over."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from notifier.cli.values import day
from obligations.clauses import Notice, read, undated_clauses
from obligations.errors import Unreadable


def add_notices(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that name notices."""
    parser.add_argument("files", nargs="+", metavar="通知", help="通知文件（纯文本）")
    parser.add_argument(
        "--issued",
        type=day,
        metavar="日期",
        help="通知没有落款日期时，按这个日期理解，如 2026-05-20",
    )


def read_notices(options: argparse.Namespace) -> Iterator[tuple[str, Notice]]:
    """Give the notices that can be read, each with its file; what is amiss goes to stderr."""
    for name in options.files:
        try:
            notice = read(Path(name), options.issued)
        except Unreadable as error:
            sys.stderr.write(f"{error}\n")
            continue
        sys.stderr.write(_open_year(name, notice))
        yield name, notice


def status(options: argparse.Namespace, count: int) -> int:
    """Give the exit status when so many of the notices could be read."""
    if not count:
        return 2
    return 0 if count == len(options.files) else 1


def _open_year(name: str, notice: Notice) -> str:
    """Say that dates without a year stay open where the notice bears no date."""
    undated = undated_clauses(notice)
    if not undated:
        return ""
    first = undated[0]
    return (
        f"{name}：通知没有日期，有 {len(undated)} 处期限（如第{first.line}行“{first.quote}”）"
        "不知道是哪一年；请加上 --issued 和发文日期，如 --issued 2026-05-20\n"
    )
