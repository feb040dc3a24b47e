"""``jiaoying import``: what a notice demands, put into rules.yaml as rules that wait for a yes."""

import argparse
import sys
from pathlib import Path

from notifier.cli.notices import add_notices, read_notices, status
from notifier.cli.rules_file import read_rules, write_rules_file
from obligations.drafts import describe, make_drafts, merge


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command understands."""
    add_notices(parser)
    parser.add_argument(
        "--into", required=True, metavar="rules.yaml", help="写进哪个规则文件；没有就新建一个"
    )


def run(options: argparse.Namespace) -> int:
    """Put the drafts of every notice into the file; 2 where none could be read, 1 for some."""
    path = Path(options.into)
    old = read_rules(path)
    text = old or ""
    count = 0
    for name, notice in read_notices(options):
        count += 1
        drafts = make_drafts(notice)
        text, fresh = merge(text, drafts, str(path))
        sys.stderr.write(f"{name}：{describe(drafts, fresh)}\n")
    if text == (old or ""):
        sys.stderr.write(f"{path} 没有改动\n")
        return status(options, count)
    backup = write_rules_file(path, old, text)
    kept = f"，原文件另存为 {backup}" if backup else ""
    sys.stderr.write(f"已写进 {path}{kept}\n")
    return status(options, count)
