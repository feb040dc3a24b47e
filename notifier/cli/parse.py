"""``jiaoying parse``: what a notice demands, as a table, as JSON lines, or as rules.yaml drafts."""

import argparse
import json
import sys

from notifier.cli.clause_table import print_table
from notifier.cli.notices import Reading, add_notices, named_files, read_notices
from obligations.clauses import records
from obligations.drafts import make_drafts, write_rules


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command understands."""
    add_notices(parser)
    parser.add_argument(
        "--format",
        choices=("table", "jsonl", "yaml"),
        default="table",
        help="table 给人看（默认），jsonl 给程序读，yaml 是 import 会写进 rules.yaml 的内容",
    )


def run(options: argparse.Namespace) -> int:
    """Print what every notice demands; 2 where none could be read, 1 where only some could."""
    reading = Reading(named_files(options.files))
    for _, notice in read_notices(options, reading):
        if options.format == "table":
            print_table(notice)
        elif options.format == "yaml":
            sys.stdout.write(write_rules(make_drafts(notice)))
        else:
            rows = (record for clause in notice.clauses for record in records(clause))
            sys.stdout.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return reading.status
