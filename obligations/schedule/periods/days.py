"""Where the days of a quota lie inside one of its periods."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from obligations.schedule.kinds import Day, Edge
from obligations.schedule.periods.units import Seasons, month_start
from obligations.workdays import Calendar, workdays_in

_WEEK = 7
_LONGEST_MONTH = 30  # from its first day to its last


class Stretch(NamedTuple):
    """Days ``first`` to ``last`` as ordinals, both included."""

    first: int
    last: int


class Target(NamedTuple):
    """The days that a `Day` means in one period; ``season`` is the name of the one they lie in."""

    first: int
    last: int
    season: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the office has to say about days."""

    calendar: Calendar
    seasons: Seasons = ()


def targets(day: Day, edge: Edge, within: Stretch, setting: Setting) -> Sequence[Target]:
    """Give the days that ``day`` means in the stretch, none where it has no such day.

    A month's 31st is the last day of a shorter month, the 25th working day its last working day; a
    fifth Monday that a month has not is left out. Without ``month`` a day counts in the first month
    of a longer period; -1 is always the last.
    """
    if day.season:
        return tuple(_season(day.season, edge, within, setting.seasons))
    stretch = _month(day.month, within) if day.month else within
    if stretch is None:
        return ()
    if day.weekday:
        return _each(_weekdays(day, stretch))
    if day.workday:
        return _each(_workdays(day, stretch, setting.calendar))
    if day.day:
        at = _nth_day(day.day, stretch)
        return (Target(at, at),)
    return (Target(*stretch),)


def label_of(target: Target, day: Day, label: str) -> str:
    """Give what tells the target apart from the others in the period ``label``.

    It depends on no calendar: a day off that is announced later renames nothing.
    """
    n = day.day or day.nth
    if target.season:
        name = f"{label}·{target.season}"
    elif day.weekday:
        year, week, weekday = date.fromordinal(target.first).isocalendar()
        name = f"{year:04}-W{week:02}-{weekday}"
    elif day.workday and n:
        name = f"{label}·工作日{n}"
    elif day.day or day.workday:
        name = date.fromordinal(target.first).isoformat()
    else:
        name = date.fromordinal(target.first).isoformat()[:7] if day.month else label
    return name + day.part


def _each(ordinals: Iterable[int]) -> Sequence[Target]:
    return [Target(ordinal, ordinal) for ordinal in ordinals]


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
    first, last = stretch
    if n < 0:
        return max(last + n + 1, first)
    if last - first > _LONGEST_MONTH:
        day = date.fromordinal(first)
        last = month_start(day.year * 12 + day.month) - 1
    return min(first + n - 1, last)


def _weekdays(day: Day, stretch: Stretch) -> Sequence[int]:
    """Give the n-th such weekday, or every one where no ``nth`` is said."""
    # Day 1 of the calendar was a Monday.
    head = stretch.first + (day.weekday - stretch.first) % _WEEK
    found = range(head, stretch.last + 1, _WEEK)
    if not day.nth:
        return found
    at = day.nth - 1 if day.nth > 0 else len(found) + day.nth
    return found[at : at + 1] if at >= 0 else ()


def _workdays(day: Day, stretch: Stretch, calendar: Calendar) -> Sequence[int]:
    """Give the n-th working day, or every one where no number is said."""
    found = workdays_in(calendar, stretch.first, stretch.last + 1)
    n = day.day or day.nth
    if not n or not found:
        return found
    return (found[min(n, len(found)) - 1 if n > 0 else max(len(found) + n, 0)],)


def _season(season: str, edge: Edge, within: Stretch, seasons: Seasons) -> Iterator[Target]:
    """Give the part of the season inside the stretch, or with BY the day before it begins."""
    for name, first, last in seasons:
        if name != season and not name.endswith(f"年{season}"):
            continue
        start, end = first.toordinal(), last.toordinal()
        if edge == Edge.BY:
            if within.first <= start <= within.last:
                at = max(start - 1, within.first)
                yield Target(at, at, name)
        elif start <= within.last and end >= within.first:
            yield Target(max(start, within.first), min(end, within.last), name)
