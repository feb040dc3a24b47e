"""The units that a year is cut into, each as a line of numbered stretches.

Quarters and half-years are the calendar's. A 旬 is the 1st–10th, 11th–20th, 21st to the month's
end; a half month the 1st–15th and the rest; a week is Monday to Sunday with its ISO number. A term
(学期) is March to June and September to December, which lies inside every school's term, unless the
office dates a key period whose name ends with 学期.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from obligations.schedule.kinds import Period
from obligations.schedule.periods.window import LAST_DAY

Seasons = tuple[tuple[str, date, date], ...]

_TEN_DAYS = "上中下"
_HALVES = "ab"
_TERMS = "春秋"
_AUTUMN = 8
_END = 12 * (date.max.year + 1)


@dataclass(frozen=True, slots=True)
class Unit:
    """A line of stretches numbered by ``index``; ``first`` and ``last`` give ordinals of days.

    ``number`` is what people count by (month 7, week 27), for 单 and 双. ``per_year`` is how many
    stretches a year has where that is fixed, else 0.
    """

    index: Callable[[date], int]
    first: Callable[[int], int]
    last: Callable[[int], int]
    label: Callable[[int], str]
    number: Callable[[int], int]
    per_year: int = 0


def month_start(month: int) -> int:
    """Give the ordinal of the first day of a month numbered from the year 0: 2026 × 12 is January.

    >>> date.fromordinal(month_start(2026 * 12 + 6))
    datetime.date(2026, 7, 1)
    """
    if month >= _END:
        return LAST_DAY + 1
    return date(month // 12, month % 12 + 1, 1).toordinal()


def _months(size: int, label: Callable[[int, int], str]) -> Unit:
    """Give the unit of ``size`` months; ``label`` is told the year and the number inside it."""
    per_year = 12 // size
    return Unit(
        index=lambda day: (day.year * 12 + day.month - 1) // size,
        first=lambda i: month_start(i * size),
        last=lambda i: month_start((i + 1) * size) - 1,
        label=lambda i: label(i // per_year, i % per_year + 1),
        number=(lambda i: i % per_year + 1) if per_year > 1 else (lambda i: i),
        per_year=per_year,
    )


def _parts(starts: tuple[int, ...], names: str) -> Unit:
    """Give the unit that cuts every month at the days ``starts``."""
    size = len(starts)

    def index(day: date) -> int:
        part = sum(day.day >= start for start in starts) - 1
        return (day.year * 12 + day.month - 1) * size + part

    def first(i: int) -> int:
        return month_start(i // size) + starts[i % size] - 1

    def label(i: int) -> str:
        month = i // size
        return f"{month // 12:04}-{month % 12 + 1:02}{names[i % size]}"

    return Unit(
        index=index,
        first=first,
        last=lambda i: first(i + 1) - 1,
        label=label,
        number=lambda i: i % size + 1,
        per_year=12 * size,
    )


def _week_label(i: int) -> str:
    year, week, _ = date.fromordinal(i * 7 + 1).isocalendar()
    return f"{year:04}-W{week:02}"


_WEEK = Unit(
    # Day 1 of the calendar was a Monday, so whole weeks count from it.
    index=lambda day: (day.toordinal() - 1) // 7,
    first=lambda i: i * 7 + 1,
    last=lambda i: i * 7 + 7,
    label=_week_label,
    number=lambda i: date.fromordinal(i * 7 + 1).isocalendar().week,
)

_DAY = Unit(
    index=date.toordinal,
    first=lambda i: i,
    last=lambda i: i,
    label=lambda i: date.fromordinal(i).isoformat(),
    number=lambda i: date.fromordinal(i).day,
)

_UNITS = {
    Period.DAY: _DAY,
    Period.WEEK: _WEEK,
    Period.TEN_DAYS: _parts((1, 11, 21), _TEN_DAYS),
    Period.HALF_MONTH: _parts((1, 16), _HALVES),
    Period.MONTH: _months(1, lambda year, n: f"{year:04}-{n:02}"),
    Period.QUARTER: _months(3, lambda year, n: f"{year:04}Q{n}"),
    Period.HALF_YEAR: _months(6, lambda year, n: f"{year:04}H{n}"),
    Period.YEAR: _months(12, lambda year, _: f"{year:04}"),
}


def unit_of(period: Period, seasons: Seasons) -> Unit:
    """Give the unit of a period of a day or longer."""
    return _terms(seasons) if period == Period.TERM else _UNITS[period]


def _terms(seasons: Seasons) -> Unit:
    """Give the terms: the office's own where it has dated them, else the default months."""
    own = {
        first.year * 2 + (first.month >= _AUTUMN): (first.toordinal(), last.toordinal())
        for name, first, last in seasons
        if name.endswith("学期")
    }

    def bounds(i: int) -> tuple[int, int]:
        start, end = (9, 12) if i % 2 else (3, 6)
        default = month_start(i // 2 * 12 + start - 1), month_start(i // 2 * 12 + end) - 1
        return own.get(i, default)

    return Unit(
        index=lambda day: day.year * 2 + (day.month >= _AUTUMN),
        first=lambda i: bounds(i)[0],
        last=lambda i: bounds(i)[1],
        label=lambda i: f"{i // 2:04}{_TERMS[i % 2]}",
        number=lambda i: i % 2 + 1,
        per_year=2,
    )
