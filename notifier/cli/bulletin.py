"""``jiaoying bulletin``: a weekly, monthly or half-year bulletin, or a 督办单, as a draft."""

import argparse
import json
from pathlib import Path

from sqlalchemy import Connection

from notifier.cli.files import write_file
from notifier.cli.values import day
from notifier.clock import Clock
from notifier.config import environment, settings
from notifier.hours import office_hours
from notifier.ledger.readonly import read_only
from notifier.report.bulletin import Draft, Kind, draft
from notifier.report.paper import write_markdown
from obligations.errors import Misconfigured
from obligations.rules import read

TEMPLATES = "templates"  # the office's own, beside rules.yaml


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "which",
        choices=tuple(kind.value for kind in Kind),
        help="weekly 周报、monthly 通报、supervision 督办单、halfyear 述职附表",
    )
    parser.add_argument(
        "--on", type=day, help="哪天写的，默认今天；写的是那天以前最后一个整周、整月"
    )
    parser.add_argument("--out", metavar="文件", help="写到哪里：.docx 或 .md；不写就只显示群消息")
    parser.add_argument(
        "--rules", help="规则文件，默认 rules.yaml；旁边的 templates 里可放自己的模板"
    )
    parser.add_argument("--data", help="存放台账的文件夹，默认 data")
    parser.add_argument(
        "--format", choices=("words", "jsonl"), default="words", help="jsonl：每个数和它的全部出处"
    )


def run(options: argparse.Namespace) -> int:
    """Write the draft and print what the group would read."""
    chosen = settings(environment(options.rules), options.rules, options.data)
    office = read(chosen.rules)
    hours = office_hours(office)
    on = options.on or hours.today(Clock().now())
    own = chosen.rules.parent / TEMPLATES

    def make(connection: Connection) -> Draft:
        folder = own if own.is_dir() else None
        return draft(connection, Kind(options.which), office.name, hours, on, templates=folder)

    made = read_only(chosen.database_url, make)
    if options.out:
        path = Path(options.out)
        write_file(path, _written(made, path.suffix))
    if options.format == "jsonl":
        for one in made.figures:
            shown = {"数据": one.name, "数值": one.value, "出处": one.keys}
            print(json.dumps(shown, ensure_ascii=False))
        return 0
    print(made.text)
    if options.out:
        print(f"\n写好了：{options.out}")
    return 0


def _written(made: Draft, suffix: str) -> bytes:
    match suffix.lower():
        case ".docx":
            return made.file
        case ".md":
            return write_markdown(made.paper).encode()
        case _:
            message = f"--out 的文件名应以 .docx 或 .md 结尾，现在是“{suffix}”"
            raise Misconfigured(message)
