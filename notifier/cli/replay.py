"""``jiaoying replay``: who would have got how many messages on which days, under which rules."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from notifier.cli.values import day
from notifier.config import environment, settings
from notifier.report.heat import draw
from notifier.report.replay import Late, Load, Replay, above_budget, replay, week_words
from obligations.errors import Misconfigured
from obligations.rules import read

PIPED_WIDTH = 140
OLD, NEW = "旧规则", "新规则"
_LONGEST = 1100  # days: three years of weeks still fit on a screen


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--rules", help="（新的）规则文件，默认 JIAOYING_RULES 或 rules.yaml")
    parser.add_argument("--old", help="旧的规则文件，给了就两份对比")
    parser.add_argument("--from", dest="since", type=day, required=True, help="从哪天起")
    parser.add_argument("--to", dest="until", type=day, required=True, help="到哪天止")
    parser.add_argument("--picture", type=Path, metavar="图.svg", help="另画一张热力图，人×周")
    parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="输出格式")


def run(options: argparse.Namespace) -> int:
    """Play the days through under the rules; 1 where somebody gets above the budget."""
    check_days(options.since, options.until)
    check_picture(options.picture)
    path = settings(environment(options.rules), options.rules).rules
    named = {OLD: Path(options.old), NEW: path} if options.old else {NEW: path}
    offices = {name: read(one) for name, one in named.items()}
    found = {name: replay(one, options.since, options.until) for name, one in offices.items()}
    if options.format == "jsonl":
        for row in rows(found):
            print(json.dumps(row, ensure_ascii=False, default=str))
    else:
        show(found)
    if options.picture:
        shown = found if options.old else {path.name: found[NEW]}
        write_picture(options.picture, draw(shown, f"{offices[NEW].name}：{span(found[NEW])}"))
    return int(bool(above_budget(found[NEW])))


def check_days(since: date, until: date) -> None:
    """Refuse days that make no stretch."""
    if until < since:
        message = f"--to {until} 早于 --from {since}，请把两个日期对调"
        raise Misconfigured(message)
    if (until - since).days > _LONGEST:
        message = f"{since}至{until}超过三年，请分几次看"
        raise Misconfigured(message)


def check_picture(path: Path | None) -> None:
    """Refuse a picture that cannot be drawn, before anything is computed."""
    if path is not None and path.suffix.lower() != ".svg":
        message = f"图片只能存成 .svg，这里写的是 {path.name}；.svg 用浏览器打开，可以再截成图片"
        raise Misconfigured(message)


def write_picture(path: Path, picture: str) -> None:
    """Write the picture and say where."""
    try:
        path.write_text(picture, "utf-8")
    except OSError as error:
        message = f"热力图写不进 {path}（{error.strerror}），请换一个位置"
        raise Misconfigured(message) from None
    print(f"热力图画在 {path}", file=sys.stderr)


def span(found: Replay) -> str:
    """Give the days in words."""
    return f"{found.since}至{found.until}"


def rows(found: Mapping[str, Replay]) -> Iterator[dict[str, Any]]:
    """Give everything as JSON lines: each day's messages, each person's sums, what is late."""
    for name, one in found.items():
        which = {"rules": "old" if name == OLD else "new"}
        for digest in one.digests:
            yield {
                "kind": "message",
                **which,
                "at": digest.at.isoformat(),
                "person": digest.person,
                "lane": digest.lane,
                "reminders": digest.reminders,
            }
        for load in one.loads:
            yield {
                "kind": "person",
                **which,
                "person": load.person,
                "total": load.total,
                "mean": round(load.mean, 2),
                "most": load.fullest[1],
                "fullest": load.fullest[0],
                "days_above": list(map(str, load.days_above)),
            }
        for late in one.late:
            yield {"kind": "overdue", **which, "on": late.on, "person": late.person,
                   "key": late.key, "matter": late.matter}  # fmt: skip
        yield {"kind": "sum", **which, "reminders": one.reminders, "digests": len(one.digests),
               "departures": one.departures, "above_budget": above_budget(one)}  # fmt: skip


def show(found: Mapping[str, Replay]) -> None:
    """Print what would be late, everybody's messages, and the sums."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
    console.print(late_table(found[NEW]))
    console.print(load_table(found))
    for name, one in found.items():
        title = f"{name}：" if len(found) > 1 else ""
        console.print(f"{title}{sums(one)}", soft_wrap=True)
        console.print(budget_words(one), soft_wrap=True)


def late_table(found: Replay) -> Table:
    """Give what would be overdue if nobody did anything, by day and person."""
    table = Table(title=f"{span(found)}，如果谁都不办，会逾期 {len(found.late)} 件")
    for heading in ("从哪天起逾期", "姓名", "件数", "事项"):
        table.add_column(heading, overflow="fold")
    for (on, person), group in groupby(found.late, key=lambda one: (one.on, one.person)):
        late = list(group)
        table.add_row(str(on), person, str(len(late)), matters(late))
    return table


def matters(late: Iterable[Late]) -> str:
    """Give what is late, each thing once."""
    return "；".join(dict.fromkeys(one.matter for one in late))


def load_table(found: Mapping[str, Replay]) -> Table:
    """Give everybody's messages, under the old rules and the new where both are there."""
    new = found[NEW]
    arrow = f"（{OLD} → {NEW}）" if OLD in found else ""
    table = Table(title=f"{span(new)}，每人会收到几条消息{arrow}，每周上限{new.budget}条")
    for heading in ("姓名", "共几条", "平均每周", "最多一周", "是哪一周", "超出上限的天数"):
        table.add_column(heading, overflow="fold")
    both = [{load.person: load for load in one.loads} for one in found.values()]
    for person in dict.fromkeys(name for loads in reversed(both) for name in loads):
        cells = [cells_of(loads.get(person)) for loads in both]
        table.add_row(person, *(" → ".join(pair) for pair in zip(*cells, strict=True)))
    return table


def cells_of(load: Load | None) -> tuple[str, str, str, str, str]:
    """Give a person's figures."""
    if load is None:
        return "0", "0", "0", "—", "0"
    monday, most = load.fullest
    above = str(len(load.days_above))
    return str(load.total), f"{load.mean:.1f}", str(most), week_words(monday), above


def sums(found: Replay) -> str:
    """Give what putting reminders together saves."""
    reminders, digests, leaving = found.reminders, len(found.digests), found.departures
    return (
        f"{reminders} 次提醒，同一人同一时刻的合成一条是 {digests} 条，"
        f"省 {saved(digests, reminders)}；"
        f"同一个群同一时刻的再合成一条，实际发出 {leaving} 条，省 {saved(leaving, reminders)}"
    )


def saved(messages: int, reminders: int) -> str:
    """Give the saving against one message per reminder.

    >>> saved(434, 1491)
    '71%'
    """
    return f"{round(100 * (1 - messages / reminders)) if reminders else 0}%"


def budget_words(found: Replay) -> str:
    """Give who is above the budget in an ordinary week."""
    above = above_budget(found)
    if not above:
        return f"平常的一周（五个工作日，不在重点时段）没有人超过上限 {found.budget} 条"
    named = "、".join(f"{who}（{week_words(week)}{count}条）" for who, week, count in above)
    return f"平常的一周里超过上限 {found.budget} 条的有 {len(above)} 人：{named}"
