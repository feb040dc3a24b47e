"""The stretch of days that a bulletin is about: the last whole one that is over."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from obligations.workdays import Calendar

_ONE = timedelta(days=1)
_JULY = 7


class Kind(StrEnum):
    """The bulletins that the office sends."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    SUPERVISION = "supervision"
    HALFYEAR = "halfyear"


KIND_TITLES = {
    Kind.WEEKLY: "安全履职周报",
    Kind.MONTHLY: "安全履职情况通报",
    Kind.SUPERVISION: "安全履职督办单",
    Kind.HALFYEAR: "安全履职述职附表",
}


@dataclass(frozen=True, slots=True)
class Span:
    """The days from ``first`` to ``last``, both included, under the name that people use."""

    name: str
    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Tell whether the day is one of them."""
        return self.first <= day <= self.last


def span_of(kind: Kind, on: date) -> Span:
    """Give what a bulletin written on a day is about: a stretch may end with that very day.

    >>> [span_of(Kind.MONTHLY, day).name for day in (date(2026, 9, 30), date(2026, 10, 8))]
    ['2026年9月', '2026年9月']
    >>> span_of(Kind.WEEKLY, date(2026, 7, 13)).name
    '2026年7月6日至12日'
    >>> span_of(Kind.HALFYEAR, date(2027, 1, 5)).name
    '2026年下半年'
    """
    after = on + _ONE
    match kind:
        case Kind.WEEKLY:
            first = after - timedelta(days=after.weekday() + 7)
            return Span(_week_name(first), first, first + timedelta(days=6))
        case Kind.MONTHLY:
            last = after.replace(day=1) - _ONE
            return Span(f"{last.year}年{last.month}月", last.replace(day=1), last)
        case Kind.SUPERVISION:
            return Span(f"{on.year}年{on.month}月{on.day}日", on, on)
        case Kind.HALFYEAR:
            begins = date(after.year, _JULY if after.month >= _JULY else 1, 1)
            last = begins - _ONE
            half, month = ("上", 1) if last.month < _JULY else ("下", _JULY)
            return Span(f"{last.year}年{half}半年", date(last.year, month, 1), last)


def kinds_due(day: date, calendar: Calendar) -> tuple[Kind, ...]:
    """Give the bulletins to draft on a day: each on the first working day after its stretch.

    >>> [kind.value for kind in kinds_due(date(2026, 7, 1), Calendar())]
    ['monthly', 'halfyear']
    >>> [kind.value for kind in kinds_due(date(2026, 10, 8), Calendar())]  # 国庆之后
    ['weekly', 'supervision', 'monthly']
    """
    if not calendar.is_workday(day):
        return ()
    begins = (
        (Kind.WEEKLY, day - timedelta(days=day.weekday())),
        (Kind.SUPERVISION, day - timedelta(days=day.weekday())),
        (Kind.MONTHLY, day.replace(day=1)),
        (Kind.HALFYEAR, date(day.year, _JULY if day.month >= _JULY else 1, 1)),
    )
    return tuple(kind for kind, first in begins if calendar.workday_after(first) == day)


def _week_name(first: date) -> str:
    last = first + timedelta(days=6)
    end = f"{last.day}日" if last.month == first.month else f"{last.month}月{last.day}日"
    return f"{first.year}年{first.month}月{first.day}日至{end}"
