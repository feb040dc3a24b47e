"""Windows shorter than a day: every so many minutes or hours, every shift (班)."""

from collections.abc import Iterator
from datetime import date, timedelta

from obligations.schedule.kinds import Edge, Period, Phase, Quota
from obligations.schedule.periods.days import Setting, Stretch, targets
from obligations.schedule.periods.window import Window, midnight

_SHIFTS = ("夜班", "早班", "中班")  # from 00:00, 08:00 and 16:00
_PER_DAY = {Period.MINUTE: 24 * 60, Period.HOUR: 24, Period.SHIFT: len(_SHIFTS)}


def parts_of_days(
    quota: Quota, step: int, anchor: date, days: range, setting: Setting
) -> Iterator[Window]:
    """Give the windows of ``step`` minutes, hours or shifts that begin on the days.

    They begin at midnight where so many fill a day (每2小时), else they are counted on from the
    anchor's midnight.
    """
    per_day = _PER_DAY[quota.period]
    one = timedelta(days=1) / per_day
    start, stop = days.start * per_day, days.stop * per_day
    base = 0 if per_day % step == 0 else anchor.toordinal() * per_day
    tail = f"+{step}" if step > 1 else ""
    for i in range(start + (base - start) % step, stop, step):
        day, part = divmod(i, per_day)
        if _counts(quota, day, setting) and _in_phase(quota, part):
            yield Window(
                _label(quota.period, day, part) + tail,
                midnight(day) + part * one,
                midnight(day + (part + step) // per_day) + (part + step) % per_day * one,
            )


def _label(period: Period, day: int, part: int) -> str:
    iso = date.fromordinal(day).isoformat()
    if period == Period.MINUTE:
        return f"{iso}T{part // 60:02}:{part % 60:02}"
    return f"{iso}T{part:02}" if period == Period.HOUR else f"{iso}{_SHIFTS[part]}"


def _counts(quota: Quota, day: int, setting: Setting) -> bool:
    """Tell whether the day counts: a working day where only those do, in the season if one is."""
    if quota.workdays and not setting.calendar.is_workday(date.fromordinal(day)):
        return False
    here = Stretch(day, day)
    return not quota.days or any(targets(wanted, Edge.ON, here, setting) for wanted in quota.days)


def _in_phase(quota: Quota, part: int) -> bool:
    """Tell whether the minute, the hour (0–23) or the shift (1–3) is one of those that count."""
    number = part + 1 if quota.period == Period.SHIFT else part
    return quota.phase == Phase.ALL or number % 2 == (quota.phase == Phase.ODD)
