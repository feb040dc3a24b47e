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

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from obligations.schedule.kinds import Compound, Coverage, Once, Period, Quota, Schedule, Shift
from obligations.schedule.periods.events import window_after
from obligations.schedule.periods.placing import moved
from obligations.schedule.periods.plan import plan_of, windows_of
from obligations.schedule.periods.units import Seasons
from obligations.schedule.periods.window import Window, midnight
from obligations.workdays import Calendar

__all__ = ["Seasons", "Window", "periods", "window_after"]

# Dates end with the year 9999, and no notice reaches near it.
_FIRST_YEAR, _LAST_YEAR = 2, 9990


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
    setting = _Setting(calendar, shift, anchor, seasons)
    return iter(_overlapping(schedule, setting, since, until))


@dataclass(frozen=True, slots=True)
class _Setting:
    calendar: Calendar
    shift: Shift
    anchor: date | None
    seasons: Seasons


def _overlapping(
    schedule: Schedule, setting: _Setting, since: date, until: date
) -> Iterable[Window]:
    match schedule:
        case Quota():
            return _of_quota(schedule, setting, since, until)
        case Coverage(quota=quota):
            return _of_quota(quota, setting, since, until)
        case Once():
            return [
                window
                for window in _of_once(schedule, setting)
                if window.opens.date() <= until and window.due >= since
            ]
        case Compound(members=members):
            found = [
                replace(window, member=n)
                for n, member in enumerate(members)
                for window in _overlapping(member, setting, since, until)
            ]
            return sorted(found, key=lambda window: (window.opens, window.closes))
        case _:
            return ()


def _of_quota(quota: Quota, setting: _Setting, since: date, until: date) -> list[Window]:
    """Look the windows up in the years that they may have begun in."""
    counted = quota.interval > 1 or quota.interval_most
    dated = quota.days or quota.period == Period.TERM
    plan = plan_of(
        quota,
        setting.calendar,
        setting.shift,
        setting.anchor if counted else None,
        setting.seasons if dated else (),
    )
    start, stop = midnight(since.toordinal()), midnight(until.toordinal() + 1)
    found: list[Window] = []
    for year in range(max(since.year - plan.reach, _FIRST_YEAR), min(until.year, _LAST_YEAR) + 1):
        windows, opens, closed = windows_of(plan, year)
        low, high = bisect_right(closed, start), bisect_left(opens, stop)
        found += [window for window in windows[low:high] if window.closes > start]
    return found


def _of_once(once: Once, setting: _Setting) -> Iterator[Window]:
    """Give the one window; what an event ends has none before the office records the event.

    Where no start is said it opens on the anchor, without one on 1 January of the year it ends in.
    """
    if once.end is None:
        return
    end = once.end.toordinal()
    start = once.start or setting.anchor or once.end.replace(month=1, day=1)
    first = min(start.toordinal(), end)
    due = moved(end, first, setting.calendar, setting.shift)
    yield Window(once.end.isoformat(), midnight(first), midnight(due + 1))
