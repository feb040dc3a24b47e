"""``jiaoying diff``: what a new rules file would change, said before it is published."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from notifier.cli.values import day
from notifier.hours import office_hours
from notifier.report.burden import Burden
from notifier.report.differences import RENUMBERED, Change, Differences, differ
from obligations.rules import read

PIPED_WIDTH = 140


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("old", metavar="旧.yaml", help="现在用的规则文件")
    parser.add_argument("new", metavar="新.yaml", help="准备换上的规则文件")
    parser.add_argument("--on", type=day, help="哪天换上，默认今天")
    parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="输出格式")


def run(options: argparse.Namespace) -> int:
    """Say what differs; 1 where answers would be lost or somebody gets above the budget."""
    old, new = read(options.old), read(options.new)
    found = differ(old, new, options.on or office_hours(new).today(datetime.now(UTC)))
    if options.format == "jsonl":
        for row in rows(found):
            print(json.dumps(row, ensure_ascii=False))
    else:
        show(found)
    return int(bool(found.losing or found.above))


def rows(found: Differences) -> Iterator[dict[str, Any]]:
    """Give everything as JSON lines."""
    for change in found.changes:
        yield {"kind": "change", "group": change.group, "change": change.kind, "name": change.name,
               "words": change.words, "fields": [
                   {"key": key, "before": before, "after": after}
                   for key, before, after in change.fields]}  # fmt: skip
    for duty in found.duties:
        yield {**asdict(duty), "kind": "duty", "change": duty.kind}
    for share in found.shares:
        above = share.person in found.above
        yield {"kind": "burden", "person": share.person, "before": asdict(share.before),
               "after": asdict(share.after), "gets_above": above}  # fmt: skip


def show(found: Differences) -> None:
    """Print the tables that have anything in them, then what to beware of."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
    if found.changes:
        console.print(change_table(found.changes))
    if found.duties:
        console.print(duty_table(found))
    if found.shares:
        console.print(share_table(found))
    for line in verdict(found):
        console.print(line, soft_wrap=True)


def change_table(changes: Sequence[Change]) -> Table:
    """Give what was added, removed and changed."""
    table = Table(title=f"改了 {len(changes)} 处")
    for heading in ("哪一类", "怎么了", "编号或名称", "内容（前 → 后）"):
        table.add_column(heading, overflow="fold")
    for change in changes:
        told = [f"{key}：{before} → {after}" for key, before, after in change.fields]
        table.add_row(change.group, change.kind, change.name, "\n".join(filter(None, (
            change.words, *told))))  # fmt: skip
    return table


def duty_table(found: Differences) -> Table:
    """Give what happens to the duties of the running periods."""
    table = Table(title=f"换上以后，本期的任务会变 {len(found.duties)} 件")
    for heading in ("怎么变", "任务", "责任人", "事项", "原因"):
        table.add_column(heading, overflow="fold")
    for duty in found.duties:
        kind = f"{duty.kind}（已报的不再算）" if duty.loses else duty.kind
        table.add_row(kind, duty.key, duty.person, duty.matter, duty.reason)
    return table


def share_table(found: Differences) -> Table:
    """Give everybody's messages before and after."""
    table = Table(title=f"今后三个月每人每周的消息数（前 → 后，上限{found.budget}条）")
    for heading in ("姓名", "平均每周", "最多一周", "是哪一周"):
        table.add_column(heading, overflow="fold")
    for one in found.shares:
        mean = f"{one.before.mean:.1f} → {one.after.mean:.1f}"
        most = f"{one.before.most} → {one.after.most}"
        mark = "  超出上限" if one.after.most > found.budget else ""
        table.add_row(one.person, mean, most + mark, fullest(one.after))
    return table


def fullest(load: Burden) -> str:
    """Give the fullest week, if there is any."""
    return load.fullest or "—"


def verdict(found: Differences) -> Iterator[str]:
    """Give what the office must know before it publishes."""
    if not (found.changes or found.duties or found.shares):
        yield "两份规则没有不同"
        return
    for change in found.changes:
        if change.kind == RENUMBERED:
            now = change.fields[0][2]
            told = f"注意：{change.name} 的编号改成了 {now}"
            yield f"{told}，台账靠编号认规则，已报的会丢；请把编号改回去"
    if found.losing:
        yield f"注意：本期有 {len(found.losing)} 件任务，如果已经报过，换上以后不再算，要重新报"
    if found.above:
        yield f"注意：换上以后超出每周上限 {found.budget} 条的：{'、'.join(found.above)}"
    if not (found.losing or found.above):
        yield "不会丢答复，也没有人因此超出每周上限"
