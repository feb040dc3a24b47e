"""From the days that a quota means to windows: when each opens, and where its due day moves."""

from collections.abc import Iterator
from datetime import date, datetime

from obligations.schedule.kinds import Day, Edge, Period, Quota, Shift
from obligations.schedule.periods.clock import part_of_day
from obligations.schedule.periods.days import Setting, Stretch, label_of, targets
from obligations.schedule.periods.window import LAST_DAY, Window, midnight
from obligations.workdays import Calendar

_WEEK = 7


def moved(due: int, floor: int, calendar: Calendar, shift: Shift) -> int:
    """Give the due day after its shift; it stays where EARLIER would take it before ``floor``.

    >>> 国庆周 = date(2017, 10, 2).toordinal()  # 星期一到星期日都放假
    >>> moved(国庆周 + 6, 国庆周, Calendar(), Shift.EARLIER) - 国庆周
    6
    """
    if shift == Shift.NONE or due >= LAST_DAY:
        return due
    day = date.fromordinal(due)
    if calendar.is_workday(day):
        return due
    if shift == Shift.LATER:
        return calendar.workday_after(day).toordinal()
    earlier = calendar.workday_before(day).toordinal()
    return earlier if earlier >= floor else due


def placed(
    quota: Quota, label: str, stretches: tuple[Stretch, Stretch], setting: Setting, shift: Shift
) -> Iterator[Window]:
    """Give the windows of a quota's days in the first of the stretches, its own period.

    The second is the period after it, for days of the following period.

    每月5日前 opens with its period and is due on its day. 每周二、周四 are two windows of a day,
    6月底、12月底前 two that follow one another. A whole month or season opens on its first day.
    """
    found = [
        (target, day)
        for day in quota.days
        for target in targets(day, quota.edge, _within(quota, day, stretches), setting)
    ]
    if len(found) > 1:
        found.sort(key=lambda pair: (pair[0].last, pair[0].first))
    several = len(found) > 1 or len(quota.days) > 1
    begun, done = 0, midnight(1)
    for target, day in found:
        floor = max(begun, stretches[day.following].first)
        if quota.edge == Edge.BY:
            opens, begun = min(floor, target.last), target.last + 1
        elif target.first < target.last:
            opens = floor = target.first
        else:
            opens = target.first if several or day.part else floor
        due = moved(target.last, floor, setting.calendar, shift)
        name = label_of(target, day, label) if several else label
        first, done = _hours(min(opens, due), due, day.part, done)
        yield Window(name, first, done)


def _within(quota: Quota, day: Day, stretches: tuple[Stretch, Stretch]) -> Stretch:
    """Give the stretch that the day is counted in; of several weeks a weekday is in the first."""
    within = stretches[day.following]
    if quota.period == Period.WEEK and day.weekday:
        return Stretch(within.first, within.first + _WEEK - 1)
    return within


def _hours(opens: int, due: int, part: str, done: datetime) -> tuple[datetime, datetime]:
    """Give the first and the last instant; a part of a day begins when the one before is done."""
    if not part:
        return midnight(opens), midnight(due + 1)
    begin, end = part_of_day(part)
    first, last = midnight(opens), midnight(due) + end
    if opens == due:
        first += begin
    return (max(first, done) if done < last else first), last
