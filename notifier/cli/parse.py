"""``jiaoying parse``: what a notice demands, as a table, as JSON lines, or as rules.yaml drafts."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TextIO

from notifier.cli.clause_table import print_table
from obligations.clauses import Notice, read, records, undated_clauses
from obligations.drafts import make_drafts, write_rules
from obligations.errors import Unreadable


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command understands."""
    parser.add_argument("files", nargs="+", metavar="通知", help="通知文件（纯文本）")
    parser.add_argument(
        "--format",
        choices=("table", "jsonl", "yaml"),
        default="table",
        help="table 给人看（默认），jsonl 给程序读，yaml 是 import 会写进 rules.yaml 的内容",
    )
    parser.add_argument(
        "--issued",
        type=day,
        metavar="日期",
        help="通知没有落款日期时，按这个日期理解，如 2022-05-20",
    )


def run(options: argparse.Namespace) -> int:
    """Print what every notice demands; 2 where none could be read, 1 where only some could."""
    failed = 0
    for name in options.files:
        try:
            notice = read(Path(name), options.issued)
        except Unreadable as error:
            sys.stderr.write(f"{error}\n")
            failed += 1
            continue
        show(notice, options.format)
        tell_year(name, notice, sys.stderr)
    if failed == len(options.files):
        return 2
    return 1 if failed else 0


def day(words: str) -> date:
    """Give the date that the user wrote."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        message = f"“{words}”不是日期，请写成 2022-05-20 这样"
        raise argparse.ArgumentTypeError(message) from None


def show(notice: Notice, form: str) -> None:
    """Print one notice in the form asked for."""
    if form == "table":
        print_table(notice)
    elif form == "yaml":
        sys.stdout.write(write_rules(make_drafts(notice)))
    else:
        for clause in notice.clauses:
            for record in records(clause):
                sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def tell_year(name: str, notice: Notice, told: TextIO) -> None:
    """Say that dates without a year stay open where the notice bears no date."""
    undated = undated_clauses(notice)
    if undated:
        told.write(
            f"{name}：通知没有日期，有 {len(undated)} 处期限"
            f"（如第{undated[0].line}行“{undated[0].quote}”）不知道是哪一年；"
            "请加上 --issued 和发文日期，如 --issued 2022-05-20\n"
        )
