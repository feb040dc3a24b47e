"""A quota's windows, year by year: made once, then only looked up.

A planner asks for the same few schedules again and again, for every person and every round, so the
windows of a year are kept (`windows_of`). A window belongs to the year in which its period begins.
"""

from collections.abc import Iterator
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
from obligations.schedule.periods.window import LAST_DAY, Window, midnight
from obligations.workdays import Calendar, workdays_in

# A Monday, and the first of a month, a quarter and a year: where counting begins if no day is said.
EPOCH = date(2001, 1, 1)

_LENGTH = {Period.TERM: 184, Period.YEAR: 366, Period.HALF_YEAR: 184, Period.QUARTER: 92}
_MONTH = 31
_YEAR = 366


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A quota with all that its windows depend on; compared by identity, so looked up fast.

    ``step`` is how many units make one period, ``reach`` how many years before a due day its period
    may begin.
    """

    quota: Quota
    setting: Setting
    shift: Shift
    anchor: date
    step: int
    reach: int


class Year(NamedTuple):
    """The windows of periods that begin in one year; ``closed`` is the latest close so far."""

    windows: tuple[Window, ...]
    opens: tuple[datetime, ...]
    closed: tuple[datetime, ...]


@lru_cache(maxsize=1024)
def plan_of(
    quota: Quota, calendar: Calendar, shift: Shift, anchor: date | None, seasons: Seasons
) -> Plan:
    """Give the quota's plan; of 每三至五年 the longer period counts, after which it is late."""
    step = 1 if quota.phase != Phase.ALL else max(quota.interval_most or quota.interval, 1)
    length = _LENGTH.get(quota.period, _MONTH) * step
    followed = 2 if any(day.following for day in quota.days) else 1
    return Plan(
        quota=quota,
        setting=Setting(calendar, seasons),
        shift=Shift.NONE if quota.period == Period.DAY and step == 1 else shift,
        anchor=anchor or EPOCH,
        step=step,
        reach=1 + length * followed // _YEAR,
    )


@lru_cache(maxsize=512)
def windows_of(plan: Plan, year: int) -> Year:
    """Give the windows of the periods that begin in the year, in order."""
    quota = plan.quota
    if quota.period in {Period.HOUR, Period.SHIFT}:
        found = parts_of_days(quota, plan.step, plan.anchor, year, plan.setting)
    elif quota.period == Period.DAY and quota.workdays and plan.step > 1:
        found = _runs_of_workdays(plan, year)
    else:
        found = _periods(plan, year)
    windows = tuple(sorted(found, key=lambda window: (window.opens, window.closes)))
    closed = accumulate((window.closes for window in windows), max)
    return Year(windows, tuple(window.opens for window in windows), tuple(closed))


def _runs_of_workdays(plan: Plan, year: int) -> Iterator[Window]:
    """Give runs of so many working days, counted from the year's first; the last may be short."""
    new_year, next_year = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    work = workdays_in(plan.setting.calendar, new_year, next_year)
    for at in range(0, len(work), plan.step):
        run = work[at : at + plan.step]
        label = f"{date.fromordinal(run[0]).isoformat()}+{plan.step}"
        yield Window(label, midnight(run[0]), midnight(run[-1] + 1))


def _numbers(plan: Plan, unit: Unit, year: int) -> Iterator[int]:
    """Give the numbers of the units in which the year's periods begin."""
    new_year, next_year = date(year, 1, 1), date(year + 1, 1, 1)
    start, stop = unit.index(new_year), unit.index(next_year)
    start += unit.first(start) < new_year.toordinal()
    stop += unit.first(stop) < next_year.toordinal()
    if plan.quota.phase != Phase.ALL:
        odd = plan.quota.phase == Phase.ODD
        return (i for i in range(start, stop) if unit.number(i) % 2 == odd)
    aligned = unit.per_year and unit.per_year % plan.step == 0
    base = 0 if aligned else unit.index(plan.anchor)
    return iter(range(start + (base - start) % plan.step, stop, plan.step))


def _periods(plan: Plan, year: int) -> Iterator[Window]:
    """Give the windows of periods of whole days."""
    quota, step = plan.quota, plan.step
    unit = unit_of(quota.period, plan.setting.seasons)
    tail = f"+{step}" if step > 1 else ""
    for i in _numbers(plan, unit, year):
        label, own = unit.label(i) + tail, _stretch(unit, i, step)
        if not quota.days:
            yield from _whole(plan, label, own)
        elif not quota.workdays or workdays_in(plan.setting.calendar, own.first, own.last + 1):
            after = _stretch(unit, i + step, step)
            yield from placed(quota, label, (own, after), plan.setting, plan.shift)


def _stretch(unit: Unit, i: int, step: int) -> Stretch:
    return Stretch(min(unit.first(i), LAST_DAY), min(unit.last(i + step - 1), LAST_DAY))


def _whole(plan: Plan, label: str, days: Stretch) -> Iterator[Window]:
    """Give the window of a whole period; where only working days count, from first to last."""
    first, last, calendar = days.first, days.last, plan.setting.calendar
    if plan.quota.workdays:
        work = workdays_in(calendar, first, last + 1)
        if not work:
            return
        first, last = work[0], work[-1]
    due = moved(last, first, calendar, plan.shift)
    yield Window(label, midnight(first), midnight(due + 1))
