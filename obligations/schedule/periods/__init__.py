"""The windows of a schedule: when each thing owed opens and when it is due.

The rules, each with its reason in docs/decisions 0010–0019:

- Quarters and half-years are the calendar's, a week is Monday to Sunday (ISO), a 旬 is the
  1st–10th, 11th–20th, 21st to the month's end, a half month the 1st–15th and the rest.
- 每2个月 begins in January, as everything does that fills a year; what does not (每5个月, 每三年,
  隔周, 每隔3天) is counted from the anchor, without one from Monday 1 January 2001. It is always
  counted from there, never from the window before. 单 and 双 go by the number people use: the
  month, the ISO week, the day of the month.
- A month's 31st is the last day of a shorter month.
- A due day that is no working day moves to the working day before it, or as the rule says. It never
  leaves the window: where that has no working day, it stays. The duty of a single day stays too.
- What needs an event or a decision has no window here: `window_after` makes the one of an event.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from itertools import chain

from obligations.schedule.kinds import Compound, Coverage, Once, Period, Quota, Schedule, Shift
from obligations.schedule.periods.events import window_after
from obligations.schedule.periods.placing import moved
from obligations.schedule.periods.plan import Plan, plan_of, windows_of
from obligations.schedule.periods.units import Seasons
from obligations.schedule.periods.window import Window, in_order, midnight
from obligations.workdays import Calendar

__all__ = ["Seasons", "Window", "periods", "window_after"]


def periods(  # noqa: PLR0913 - what a window depends on is exactly this much
    schedule: Schedule,
    calendar: Calendar,
    since: date,
    until: date,
    *,
    shift: Shift = Shift.EARLIER,
    anchor: date | None = None,
    seasons: Seasons = (),
) -> Iterator[Window]:
    """Give the windows that a day from ``since`` to ``until`` lies in, in order, both included.

    ``anchor`` is the day that the office counts from, usually the day the rule came in force;
    ``seasons`` are its key periods, without which 汛期 has no dates and makes no window.

    >>> 每季度 = Quota(Period.QUARTER)
    >>> 七月到年底 = periods(每季度, Calendar(), date(2022, 7, 1), date(2022, 12, 31))
    >>> [(window.label, str(window.due)) for window in 七月到年底]  # 年底是星期六，提前
    [('2022Q3', '2022-09-30'), ('2022Q4', '2022-12-30')]
    """
    if until < since:
        return iter(())
    match schedule:
        case Quota():
            return iter(_of_quota(schedule, calendar, since, until, shift, anchor, seasons))
        case Coverage(quota=quota):
            return iter(_of_quota(quota, calendar, since, until, shift, anchor, seasons))
        case Once():
            found = _of_once(schedule, calendar, shift, anchor)
            return (w for w in found if w.opens.date() <= until and w.due >= since)
        case Compound():
            every = [
                replace(window, member=n)
                for n, member in enumerate(schedule.members)
                for window in periods(
                    member, calendar, since, until, shift=shift, anchor=anchor, seasons=seasons
                )
            ]
            return iter(sorted(every, key=in_order))
        case _:
            return iter(())


def _of_quota(  # noqa: PLR0913, PLR0917 - handed on from `periods`, called for every duty
    quota: Quota,
    calendar: Calendar,
    since: date,
    until: date,
    shift: Shift,
    anchor: date | None,
    seasons: Seasons,
) -> tuple[Window, ...]:
    """Look the windows up in the years that the days lie in."""
    # Only what they depend on, so that rules of different days share what is kept.
    if anchor and quota.interval == 1 and quota.interval_most is None:
        anchor = None
    if seasons and not quota.days and quota.period != Period.TERM:
        seasons = ()
    plan = plan_of(quota, calendar, shift, anchor, seasons)
    start, end = datetime.combine(since, time.min), datetime.combine(until, time.max)
    carried, own, opens, closed = windows_of(plan, since.year)
    found = own[bisect_right(closed, start) : bisect_right(opens, end)]
    if carried:
        found = tuple(w for w in carried if w.opens <= end and w.closes > start) + found
    if until.year > since.year:
        found = tuple(chain(found, _of_later_years(plan, since.year + 1, until.year, end)))
    if plan.mixed:
        found = tuple(sorted((w for w in found if w.closes > start), key=in_order))
    return found


def _of_later_years(plan: Plan, first: int, last: int, end: datetime) -> Iterator[Window]:
    for year in range(first, last + 1):
        _, own, opens, _ = windows_of(plan, year)
        yield from own[: bisect_right(opens, end)]


def _of_once(once: Once, calendar: Calendar, shift: Shift, anchor: date | None) -> Iterator[Window]:
    """Give the one window; what an event ends has none before the office records the event.

    Where no start is said it opens on the anchor, without one on 1 January of the year it ends in.
    """
    if once.end is None:
        return
    end = once.end.toordinal()
    start = once.start or anchor or once.end.replace(month=1, day=1)
    first = min(start.toordinal(), end)
    due = moved(end, first, calendar, shift)
    yield Window(once.end.isoformat(), midnight(first), midnight(due + 1))
