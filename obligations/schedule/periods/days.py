"""Where the days of a quota lie inside one of its periods."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from obligations.schedule.kinds import Day, Edge, Period
from obligations.schedule.periods.units import Seasons, month_start
from obligations.workdays import Calendar, workdays_in

_WEEK = 7
_LONGER_THAN_A_MONTH = (Period.QUARTER, Period.HALF_YEAR, Period.TERM, Period.YEAR)


class Stretch(NamedTuple):
    """Days ``first`` to ``last`` as ordinals, both included."""

    first: int
    last: int


class Target(NamedTuple):
    """The days that a `Day` means in one period, and the label they have if there are several."""

    first: int
    last: int
    label: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What the office has to say about days."""

    calendar: Calendar
    seasons: Seasons = ()


def targets(
    day: Day, edge: Edge, label: str, within: Stretch, setting: Setting
) -> Iterator[Target]:
    """Give the days that ``day`` means in the stretch named ``label``, none where it has none.

    A month's 31st is the last day of a shorter month, the 25th working day its last working day; a
    fifth Monday that a month has not is left out. Without ``month`` a day counts in the first month
    of a longer period and a weekday in the first week of a longer one; -1 is always the last.
    """
    if day.season:
        yield from _season(day, edge, label, within, setting.seasons)
        return
    stretch = _month(day.month, within) if day.month else within
    if stretch is None:
        return
    if day.weekday:
        yield from _weekdays(day, stretch)
    elif day.workday:
        yield from _workdays(day, label, stretch, setting.calendar)
    elif day.day:
        at = _nth_day(day.day, stretch)
        yield Target(at, at, _iso(at))
    else:
        name = label if stretch is within else _iso(stretch.first)[:7]
        yield Target(stretch.first, stretch.last, name)


def _iso(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def _month(n: int, within: Stretch) -> Stretch | None:
    """Give the n-th month of the stretch (-1 the last), None where it has fewer."""
    day = date.fromordinal(within.first if n > 0 else within.last)
    index = day.year * 12 + day.month - 1 + (n - 1 if n > 0 else n + 1)
    first, last = month_start(index), month_start(index + 1) - 1
    if last < within.first or first > within.last:
        return None
    return Stretch(max(first, within.first), min(last, within.last))


def _nth_day(n: int, stretch: Stretch) -> int:
    """Give the n-th day of the stretch's first month, or the n-th from the stretch's end."""
    if n < 0:
        return max(stretch.last + n + 1, stretch.first)
    first = date.fromordinal(stretch.first)
    month_end = month_start(first.year * 12 + first.month) - 1
    # A week may run into the next month, a month never does.
    bound = stretch.last if stretch.last - stretch.first < _WEEK else min(stretch.last, month_end)
    return min(stretch.first + n - 1, bound)


def _weekdays(day: Day, stretch: Stretch) -> Iterator[Target]:
    """Give the n-th such weekday, or every one where no ``nth`` is said."""
    head = stretch.first + (day.weekday - 1 - (stretch.first - 1)) % _WEEK
    found = range(head, stretch.last + 1, _WEEK)
    if day.nth:
        at = day.nth - 1 if day.nth > 0 else len(found) + day.nth
        found = found[at : at + 1] if 0 <= at < len(found) else range(0)
    for ordinal in found:
        year, week, weekday = date.fromordinal(ordinal).isocalendar()
        yield Target(ordinal, ordinal, f"{year:04}-W{week:02}-{weekday}")


def _workdays(day: Day, label: str, stretch: Stretch, calendar: Calendar) -> Iterator[Target]:
    """Give the n-th working day, or every one where no number is said."""
    found = workdays_in(calendar, stretch.first, stretch.last + 1)
    n = day.day or day.nth
    if not n:
        for ordinal in found:
            yield Target(ordinal, ordinal, _iso(ordinal))
    elif found:
        at = min(n, len(found)) - 1 if n > 0 else max(len(found) + n, 0)
        # The calendar may change, the number of the day does not.
        yield Target(found[at], found[at], f"{label}·工作日{n}")


def _season(
    day: Day, edge: Edge, label: str, within: Stretch, seasons: Seasons
) -> Iterator[Target]:
    """Give the part of the season inside the stretch, or with BY the day before it begins."""
    for name, first, last in seasons:
        if name != day.season and not name.endswith(f"年{day.season}"):
            continue
        start, end = first.toordinal(), last.toordinal()
        if edge == Edge.BY:
            if within.first <= start <= within.last:
                at = max(start - 1, within.first)
                yield Target(at, at, f"{label}·{name}")
        elif start <= within.last and end >= within.first:
            yield Target(max(start, within.first), min(end, within.last), f"{label}·{name}")
