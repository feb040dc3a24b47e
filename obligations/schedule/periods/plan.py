"""A quota's windows, year by year: made once, then only looked up.

A planner asks for the same few schedules again and again, for every person and every round, so the
windows of a year are kept (`windows_of`). A window belongs to the year in which its period begins.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from obligations.schedule.kinds import Period, Phase, Quota, Shift
from obligations.schedule.periods.days import Setting, Stretch
from obligations.schedule.periods.hours import parts_of_days
from obligations.schedule.periods.placing import moved, placed
from obligations.schedule.periods.units import Seasons, Unit, unit_of
from obligations.schedule.periods.window import LAST_DAY, Window, in_order, midnight
from obligations.workdays import Calendar, workdays_in

# A Monday, and the first of a month, a quarter and a year: where counting begins if no day is said.
EPOCH = date(2001, 1, 1)

_LENGTH = {
    Period.MINUTE: 1,
    Period.HOUR: 1,
    Period.SHIFT: 1,
    Period.DAY: 1,
    Period.WEEK: 7,
    Period.TEN_DAYS: 11,
    Period.HALF_MONTH: 16,
    Period.MONTH: 31,
    Period.QUARTER: 92,
    Period.HALF_YEAR: 184,
    Period.TERM: 366,
    Period.YEAR: 366,
}
# A due day moves over the longest holidays, and over a closed season that the office adds.
_MOVES = 60
# Dates end with the year 9999; a period that begins in the last of these ends before that.
_YEARS = range(2, 9991)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A quota with all that its windows depend on; compared by identity, so looked up fast.

    ``step`` is how many units make one period, ``reach`` how many days before its due day a period
    may begin. ``followed`` says that some day lies in the period after its own, ``mixed`` that the
    windows of one period may lie after those of the next.
    """

    quota: Quota
    setting: Setting
    shift: Shift
    anchor: date
    step: int
    reach: int
    followed: bool
    mixed: bool


class Year(NamedTuple):
    """The windows of one year: those of periods begun before it, and those of its own periods.

    ``opens`` and ``closed`` belong to its own; ``closed`` is the latest close so far.
    """

    carried: tuple[Window, ...]
    own: tuple[Window, ...]
    opens: tuple[datetime, ...]
    closed: tuple[datetime, ...]


@lru_cache(maxsize=1024)
def plan_of(
    quota: Quota, calendar: Calendar, shift: Shift, anchor: date | None, seasons: Seasons
) -> Plan:
    """Give the quota's plan; of 每三至五年 the longer period counts, after which it is late."""
    step = 1 if quota.phase != Phase.ALL else max(quota.interval_most or quota.interval, 1)
    still = quota.period == Period.DAY and step == 1
    following = {day.following for day in quota.days}
    length = _LENGTH[quota.period] * step * (2 if True in following else 1)
    return Plan(
        quota=quota,
        setting=Setting(calendar, seasons),
        shift=Shift.NONE if still else Shift(shift),
        anchor=anchor or EPOCH,
        step=step,
        reach=length + _MOVES if shift == Shift.LATER else length,
        followed=True in following,
        mixed=len(following) > 1 or any(day.season for day in quota.days),
    )


@lru_cache(maxsize=512)
def windows_of(plan: Plan, year: int) -> Year:
    """Give the windows of the year, in order; none at the very ends of the calendar."""
    if year not in _YEARS:
        return Year((), (), (), ())
    start, stop = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    new_year = midnight(start)
    before = _begun(plan, max(start - plan.reach, 1), start)
    own = tuple(_begun(plan, start, stop))
    if plan.quota.days:
        own = tuple(sorted(own, key=in_order))
    return Year(
        carried=tuple(window for window in before if window.closes > new_year),
        own=own,
        opens=tuple([window.opens for window in own]),
        closed=tuple(accumulate([window.closes for window in own], max)),
    )


def _begun(plan: Plan, start: int, stop: int) -> Iterator[Window]:
    """Give the windows of the periods that begin from ``start`` up to, without, ``stop``."""
    quota = plan.quota
    if quota.period in {Period.MINUTE, Period.HOUR, Period.SHIFT}:
        return parts_of_days(quota, plan.step, plan.anchor, range(start, stop), plan.setting)
    if quota.period == Period.DAY and quota.workdays and plan.step > 1:
        return _runs_of_workdays(plan, start, stop)
    return _periods(plan, start, stop)


def _runs_of_workdays(plan: Plan, start: int, stop: int) -> Iterator[Window]:
    """Give runs of so many working days, counted from each year's first; the last may be short."""
    for year in range(date.fromordinal(start).year, date.fromordinal(stop - 1).year + 1):
        new_year, next_year = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
        work = workdays_in(plan.setting.calendar, new_year, next_year)
        for at in range(0, len(work), plan.step):
            run = work[at : at + plan.step]
            if start <= run[0] < stop:
                label = f"{date.fromordinal(run[0]).isoformat()}+{plan.step}"
                yield Window(label, midnight(run[0]), midnight(run[-1] + 1))


def _numbers(plan: Plan, unit: Unit, start: int, stop: int) -> Iterable[int]:
    """Give the numbers of the units in which the periods begin."""
    first, end = (unit.index(date.fromordinal(day)) for day in (start, stop))
    first += unit.first(first) < start
    end += unit.first(end) < stop
    if plan.quota.phase != Phase.ALL:
        odd = plan.quota.phase == Phase.ODD
        return (i for i in range(first, end) if unit.number(i) % 2 == odd)
    aligned = unit.per_year and unit.per_year % plan.step == 0
    base = 0 if aligned else unit.index(plan.anchor)
    return range(first + (base - first) % plan.step, end, plan.step)


def _periods(plan: Plan, start: int, stop: int) -> Iterator[Window]:
    """Give the windows of periods of whole days."""
    quota, step, calendar = plan.quota, plan.step, plan.setting.calendar
    unit = unit_of(quota.period, plan.setting.seasons)
    numbers = _numbers(plan, unit, start, stop)
    tail = f"+{step}" if step > 1 else ""
    if not quota.days:
        yield from _whole(plan, unit, numbers, tail)
        return
    for i in numbers:
        own = _stretch(unit, i, step)
        after = _stretch(unit, i + step, step) if plan.followed else own
        if not quota.workdays or workdays_in(calendar, own.first, own.last + 1):
            label = unit.label(i) + tail
            yield from placed(quota, label, (own, after), plan.setting, plan.shift)


def _whole(plan: Plan, unit: Unit, numbers: Iterable[int], tail: str) -> Iterator[Window]:
    """Give one window for each period; where only working days count, from first to last."""
    more, calendar, shift = plan.step - 1, plan.setting.calendar, plan.shift
    for i in numbers:
        first, last = unit.first(i), unit.last(i + more)
        if plan.quota.workdays:
            work = workdays_in(calendar, first, last + 1)
            if not work:
                continue
            first, last = work[0], work[-1]
        due = last if shift is Shift.NONE else moved(last, first, calendar, shift)
        yield Window(unit.label(i) + tail, midnight(first), midnight(due + 1))


def _stretch(unit: Unit, i: int, step: int) -> Stretch:
    return Stretch(min(unit.first(i), LAST_DAY), min(unit.last(i + step - 1), LAST_DAY))
