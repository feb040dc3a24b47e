"""How fast a year of windows is made, beside dateutil's rrule, in one run.

    python bench/periods.py

Each schedule is one that rrule can say too. "first" throws away what was kept from the run before;
"again" is what a planner pays, who asks for the same schedules for every person and every round.
rrule is built anew each time, as it would be from a rule; it keeps nothing between two rules.
"""

import sys
from collections.abc import Callable, Sized
from datetime import date, datetime, time
from statistics import geometric_mean
from timeit import Timer

from dateutil.rrule import DAILY, FR, HOURLY, MONTHLY, TH, TU, WEEKLY, YEARLY, rrule

from obligations.schedule import Day, Period, Quota, Schedule, Shift, Window, periods
from obligations.schedule.periods.plan import plan_of, windows_of
from obligations.workdays import Calendar

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
START, END = datetime.combine(FIRST, time.min), datetime.combine(LAST, time.max)
CALENDAR = Calendar()
LINE = "{:<20}{:>14}{:>14}{:>12}{:>9}{:>9}\n"
ROUNDS = 7

CASES: dict[str, tuple[Schedule, dict[str, object]]] = {
    "每日": (Quota(Period.DAY), {"freq": DAILY}),
    "每周": (Quota(Period.WEEK), {"freq": WEEKLY}),
    "每周二、周四": (
        Quota(Period.WEEK, days=(Day(weekday=2), Day(weekday=4))),
        {"freq": WEEKLY, "byweekday": (TU, TH)},
    ),
    "每月": (Quota(Period.MONTH), {"freq": MONTHLY}),
    "每月25日": (Quota(Period.MONTH, days=(Day(day=25),)), {"freq": MONTHLY, "bymonthday": 25}),
    "每月最后一日": (Quota(Period.MONTH, days=(Day(day=-1),)), {"freq": MONTHLY, "bymonthday": -1}),
    "每月最后一个星期五": (
        Quota(Period.MONTH, days=(Day(weekday=5, nth=-1),)),
        {"freq": MONTHLY, "byweekday": FR(-1)},
    ),
    "每2个月": (Quota(Period.MONTH, interval=2), {"freq": MONTHLY, "interval": 2}),
    "每季度": (Quota(Period.QUARTER), {"freq": MONTHLY, "interval": 3}),
    "每半年": (Quota(Period.HALF_YEAR), {"freq": MONTHLY, "interval": 6}),
    "每年": (Quota(Period.YEAR), {"freq": YEARLY}),
    "每2小时": (Quota(Period.HOUR, interval=2), {"freq": HOURLY, "interval": 2}),
}


def seconds(call: Callable[[], Sized]) -> float:
    """Give the best time of one call out of several runs."""
    timer = Timer(call)
    calls, _ = timer.autorange()
    return min(timer.repeat(repeat=ROUNDS, number=max(calls // 8, 1))) / max(calls // 8, 1)


def forget() -> None:
    """Throw away every window that is kept, but not the table of working days."""
    plan_of.cache_clear()
    windows_of.cache_clear()


def rates(schedule: Schedule, rule: dict[str, object]) -> tuple[float, float, float]:
    """Give the windows a second: made first, asked again, and rrule's dates a second."""

    def ours() -> list[Window]:
        return list(periods(schedule, CALENDAR, FIRST, LAST, shift=Shift.NONE))

    def first() -> list[Window]:
        forget()
        return ours()

    def theirs() -> list[datetime]:
        return list(rrule(dtstart=START, until=END, **rule))  # type: ignore[arg-type]

    n = len(ours())
    return n / seconds(first), n / seconds(ours), len(theirs()) / seconds(theirs)


def main() -> None:
    """Print the rates of every case and their ratios."""
    sys.stdout.write(LINE.format("windows/s", "first", "again", "rrule", "first ×", "again ×"))
    ratios: list[tuple[float, float]] = []
    for name, (schedule, rule) in CASES.items():
        first, again, theirs = rates(schedule, rule)
        ratios.append((first / theirs, again / theirs))
        figures = (f"{figure:,.0f}" for figure in (first, again, theirs))
        sys.stdout.write(LINE.format(name, *figures, *(f"{ratio:.1f}" for ratio in ratios[-1])))
    for name, column in zip(("first", "again"), zip(*ratios, strict=True), strict=True):
        low, mean, high = min(column), geometric_mean(column), max(column)
        sys.stdout.write(f"{name}: {low:.1f}× to {high:.1f}×, geometric mean {mean:.1f}×\n")


if __name__ == "__main__":
    main()
