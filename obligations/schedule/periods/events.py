"""The window that an event opens: 结案后一个月内, 期满前3个月, 接到报告后2小时内."""

from datetime import date, datetime, timedelta

from obligations.schedule.kinds import After, Period, Shift
from obligations.schedule.periods.placing import moved
from obligations.schedule.periods.window import LAST_DAY, Window, midnight
from obligations.workdays import Calendar

_MINUTES = {Period.MINUTE: 1, Period.HOUR: 60, Period.SHIFT: 8 * 60}
_DAYS = {Period.DAY: 1, Period.WEEK: 7, Period.TEN_DAYS: 10, Period.HALF_MONTH: 15}
_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}
_MOST_WORKDAYS = 10_000  # forty years: more is no deadline
_YEARS = range(date.min.year, date.max.year + 1)


def window_after(
    schedule: After, event: datetime, calendar: Calendar, *, shift: Shift = Shift.EARLIER
) -> Window | None:
    """Give the window that the event opens; None where the phrase gives no length (立即报告).

    The event's own day is not counted, hours and minutes count from the instant. Months end on the
    same day of the month, the 31st on the last day of a shorter one. With ``before`` (期满前3个月)
    it is due so long before the event and opens as long again before that.

    >>> from obligations.schedule import Length
    >>> 结案后一个月内 = After("结案", Length(1, Period.MONTH))
    >>> window = window_after(结案后一个月内, datetime(2024, 1, 31, 15, 0), Calendar())
    >>> str(window.due) if window else None
    '2024-02-29'
    """
    length = schedule.within
    if length is None:
        return None
    if length.unit in _MINUTES:
        return _minutes(length.n * _MINUTES[length.unit], event, before=schedule.before)
    n = -length.n if schedule.before else length.n
    due = _days_away(event.date(), n, length.unit, calendar, workdays=schedule.workdays)
    opens = _days_away(event.date(), 2 * n, length.unit, calendar, workdays=schedule.workdays)
    if due is None or opens is None:
        return None
    first = (opens if schedule.before else event.date()).toordinal()
    last = moved(due.toordinal(), first, calendar, shift)
    return Window(event.date().isoformat(), midnight(first), midnight(last + 1))


def _minutes(n: int, event: datetime, *, before: bool) -> Window | None:
    label = event.isoformat(timespec="minutes")
    try:
        span = timedelta(minutes=n)
        return (
            Window(label, event - 2 * span, event - span)
            if before
            else Window(label, event, event + span)
        )
    except OverflowError:
        return None


def _days_away(
    day: date, n: int, unit: Period, calendar: Calendar, *, workdays: bool
) -> date | None:
    """Give the day n units from the day, None where that is no date."""
    if workdays and unit == Period.DAY:
        return calendar.add_workdays(day, n) if abs(n) <= _MOST_WORKDAYS else None
    if unit in _DAYS:
        ordinal = day.toordinal() + n * _DAYS[unit]
        return date.fromordinal(ordinal) if 1 <= ordinal <= LAST_DAY else None
    return _same_day(day, n * _MONTHS[unit]) if unit in _MONTHS else None


def _same_day(day: date, months: int) -> date | None:
    """Give the same day so many months on, in a shorter month its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year not in _YEARS:
        return None
    for last in (day.day, 30, 29, 28):
        try:
            return day.replace(year=year, month=month + 1, day=min(day.day, last))
        except ValueError:
            continue
    return None
