"""``jiaoying plan``: which duties come, and what they cost people in messages."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

from rich.console import Console
from rich.table import Table

from notifier.cli.values import day
from notifier.config import environment, settings
from notifier.hours import office_hours
from notifier.report.burden import Burden, burdens
from obligations.duties import Duty, plan
from obligations.errors import Misconfigured
from obligations.rules import Office, read

PIPED_WIDTH = 140
DEFAULT_SPAN = timedelta(days=91)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--rules", help="规则文件，默认 rules.yaml")
    parser.add_argument("--from", dest="since", type=day, help="从哪天起，默认今天")
    parser.add_argument("--to", dest="until", type=day, help="到哪天止，默认三个月后")
    parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="输出格式")


def run(options: argparse.Namespace) -> int:
    """Print the duties, then the burden."""
    office = read(settings(environment(options.rules), options.rules).rules)
    hours = office_hours(office)
    since = options.since or hours.today(datetime.now(UTC))
    until = options.until or since + DEFAULT_SPAN
    if until < since:
        message = f"--to {until} 早于 --from {since}，请把两个日期对调"
        raise Misconfigured(message)
    duties = plan(office, since, until)
    loads = burdens(duties, hours, since, until)
    if options.format == "jsonl":
        _print_lines(duties, loads)
    else:
        _print_tables(office, duties, loads, since, until)
    return 0


def _print_lines(duties: tuple[Duty, ...], loads: tuple[Burden, ...]) -> None:
    for duty in duties:
        row = {**asdict(duty), "opens": duty.opens.isoformat(), "due": duty.due.isoformat()}
        del row["closes"]
        print(json.dumps({"kind": "duty", **row}, ensure_ascii=False))
    for load in loads:
        print(json.dumps({"kind": "burden", **asdict(load)}, ensure_ascii=False))


def _print_tables(
    office: Office, duties: tuple[Duty, ...], loads: tuple[Burden, ...], since: date, until: date
) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
    table = Table(title=f"{office.name}：{since}至{until}，{len(duties)}件任务")
    for heading in ("编号", "责任人", "开始", "截止", "应办", "事项"):
        table.add_column(heading, overflow="fold")
    for duty in duties:
        row = (duty.key, duty.person, str(duty.opens.date()), str(duty.due), _asked(duty))
        table.add_row(*row, duty.matter)
    console.print(table)
    console.print(_burden_table(loads, office.budget))


def _asked(duty: Duty) -> str:
    """Give what is asked for: 1次、2家, or how many of a list."""
    if duty.objects:
        each = duty.need // len(duty.objects)
        return f"{len(duty.objects)}家" + (f"各{each}次" if each > 1 else "")
    return "、".join((f"{duty.need}次", *(f"{n}{unit}" for n, unit in duty.amounts)))


def _burden_table(loads: tuple[Burden, ...], budget: int) -> Table:
    table = Table(title=f"每人每周消息数（都不答复时的最多数，上限{budget}条）")
    for heading in ("姓名", "平均每周", "最多一周", "是哪一周"):
        table.add_column(heading)
    for load in loads:
        mark = "  超出上限" if load.most > budget else ""
        table.add_row(load.person, f"{load.mean:.1f}", f"{load.most}{mark}", load.fullest)
    return table
