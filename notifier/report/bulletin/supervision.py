"""The 督办单: what is near (blue), behind (yellow), overdue (red); one line a rule and bearer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from notifier.report.board import NEAR
from notifier.report.bulletin.gather import Owed
from notifier.report.paper import Column, Table
from obligations.workdays import Calendar


class Pressing(StrEnum):
    """How pressing something is, the worst first."""

    RED = "red"
    YELLOW = "yellow"
    BLUE = "blue"


COLOURS = MappingProxyType(
    {Pressing.RED: "红色逾期", Pressing.YELLOW: "黄色滞后", Pressing.BLUE: "蓝色临近"}
)
_DEMANDS = MappingProxyType(
    {
        Pressing.RED: "立即办结并书面说明原因",
        Pressing.YELLOW: "马上答复，说明何时办结",
        Pressing.BLUE: "按期办结",
    }
)
_FILLS = MappingProxyType(
    {Pressing.RED: "F8D7D4", Pressing.YELLOW: "FDEFC3", Pressing.BLUE: "D7E6F5"}
)


@dataclass(frozen=True, slots=True)
class Item:
    """One line: the oldest of the periods that stand in this colour, and how many there are."""

    colour: Pressing
    unit: str
    bearer: str
    matter: str
    source: str
    until: date
    keys: tuple[str, ...]
    trouble: str


def supervise(owed: Iterable[Owed], calendar: Calendar, on: date) -> tuple[Item, ...]:
    """Give what somebody must be pressed for, the worst first, then by unit."""
    near = calendar.add_workdays(on, NEAR)
    groups: dict[tuple[Pressing, str, str], list[Owed]] = {}
    for one in owed:
        colour = _colour(one, on, near)
        if colour:
            groups.setdefault((colour, one.rule, one.bearer), []).append(one)
    items = [_item(colour, some) for (colour, _, _), some in groups.items()]
    order = list(Pressing)
    items.sort(key=lambda one: (order.index(one.colour), one.unit, one.until, one.bearer))
    return tuple(items)


def supervision_table(items: Iterable[Item], on: date) -> Table:
    """Give the lines as a table, each in its colour."""
    columns = (
        Column("颜色", 13),
        Column("责任人", 13),
        Column("事项", 34),
        Column("来源条款", 20),
        Column("期限", 14),
        Column("欠几期", 9),
        Column("要求", 18),
    )
    shown = tuple(items)
    rows = tuple(
        (
            COLOURS[one.colour],
            one.bearer,
            one.matter,
            one.source,
            _day_words(one.until, on),
            len(one.keys),
            _demand(one),
        )
        for one in shown
    )
    return Table("督办", columns, rows, tuple(_FILLS[one.colour] for one in shown))


def _day_words(day: date, on: date) -> str:
    """Give a day as one says it, with its year only where that is another one."""
    year = "" if day.year == on.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def _demand(one: Item) -> str:
    return f"{_DEMANDS[one.colour]}（提醒没有送达）" if one.trouble else _DEMANDS[one.colour]


def _colour(one: Owed, on: date, near: date) -> Pressing | None:
    """Give the colour: behind is near and silent, or less done than the time that has passed."""
    if one.finished:
        return None
    if one.until < on:
        return Pressing.RED
    if one.need > 1 and _is_behind(one, on):
        return Pressing.YELLOW
    if one.until > near or (one.until - one.opens).days < NEAR:
        return None
    return Pressing.BLUE if one.is_answered and not one.trouble else Pressing.YELLOW


def _is_behind(one: Owed, on: date) -> bool:
    """Tell whether more than half of the time is over, and more of it than of the quota."""
    passed, whole = (on - one.opens).days, (one.until - one.opens).days + 1
    return passed * 2 > whole and one.done * whole < one.need * passed


def _item(colour: Pressing, some: list[Owed]) -> Item:
    first = min(some, key=lambda one: one.until)
    return Item(
        colour,
        first.unit,
        first.bearer,
        first.matter,
        first.source,
        first.until,
        tuple(one.key for one in some),
        next((one.trouble for one in some if one.trouble), ""),
    )
