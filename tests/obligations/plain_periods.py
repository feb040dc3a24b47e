"""A second calculation of every quota's windows, that only looks at days.

It knows nothing of ordinals, indices or years: it walks through every day of four decades, puts
days with the same name together, and counts the groups. It is slow and has no case for speed.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import groupby

import chinese_calendar

from obligations.schedule import Day, Edge, Period, Phase, Quota, Shift
from obligations.workdays import Calendar

ONE = timedelta(days=1)
SINCE, UNTIL = date(2019, 1, 1), date(2028, 12, 31)
ALL_DAYS = [date(2000, 1, 1) + ONE * n for n in range(366 * 43)]
NEAR = range(2014, 2032)
EPOCH = date(2001, 1, 1)
FLOOD = tuple(("汛期", date(year, 5, 1), date(year, 9, 30)) for year in range(2010, 2036))
TERMS = (("2024年春季学期", date(2024, 2, 26), date(2024, 7, 5)),)
SHIFT_NAMES = {0: "夜班", 8: "早班", 16: "中班"}
PARTS = {"": (0, 24), "上午": (0, 12), "下午": (12, 24)} | {f"{n}时": (0, n) for n in range(1, 25)}
Group = tuple[str, list[date]]
Plain = tuple[str, datetime, datetime]


@cache
def works(calendar: Calendar, day: date) -> bool:
    if day in calendar.workdays or day in calendar.holidays:
        return day in calendar.workdays
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.isoweekday() <= 5


def week_name(day: date) -> str:
    return day.strftime("%G-W%V")


def term_name(day: date) -> str:
    for name, first, last in TERMS:
        if first <= day <= last:
            return f"{name[:4]}春"
    if day.year == 2024 and day.month < 8:
        return ""
    if 3 <= day.month <= 6:
        return f"{day.year}春"
    return f"{day.year}秋" if day.month >= 9 else ""


NAMES: dict[Period, Callable[[date], str]] = {
    Period.DAY: str,
    Period.WEEK: week_name,
    Period.TEN_DAYS: lambda d: (
        f"{d:%Y-%m}" + ("上" if d.day <= 10 else "中" if d.day <= 20 else "下")
    ),
    Period.HALF_MONTH: lambda d: f"{d:%Y-%m}" + ("a" if d.day <= 15 else "b"),
    Period.MONTH: lambda d: f"{d:%Y-%m}",
    Period.QUARTER: lambda d: f"{d.year}Q{(d.month + 2) // 3}",
    Period.HALF_YEAR: lambda d: f"{d.year}H{1 if d.month <= 6 else 2}",
    Period.TERM: term_name,
    Period.YEAR: lambda d: str(d.year),
}
PARTS_OF_DAYS = {Period.MINUTE: 1, Period.HOUR: 60, Period.SHIFT: 480}  # in minutes
IN_A_YEAR = {
    Period.TEN_DAYS: 36,
    Period.HALF_MONTH: 24,
    Period.MONTH: 12,
    Period.QUARTER: 4,
    Period.HALF_YEAR: 2,
    Period.TERM: 2,
    Period.YEAR: 1,
}
NUMBERS: dict[Period, Callable[[date], int]] = {
    Period.DAY: lambda d: d.day,
    Period.WEEK: lambda d: int(f"{d:%V}"),
    Period.MONTH: lambda d: d.month,
    Period.QUARTER: lambda d: (d.month + 2) // 3,
    Period.YEAR: lambda d: d.year,
}


@cache
def units(period: Period) -> list[Group]:
    named = groupby(ALL_DAYS, NAMES[period])
    return [(name, list(days)) for name, days in named if name]


def runs(quota: Quota, anchor: date) -> list[Group]:
    """Put so many units together, counted from the one that holds the anchor."""
    found, n = units(quota.period), quota.interval_most or quota.interval
    if quota.phase != Phase.ALL:
        wanted = 1 if quota.phase == Phase.ODD else 0
        number = NUMBERS[quota.period]
        return [(name, days) for name, days in found if number(days[0]) % 2 == wanted]
    if n == 1:
        return found
    if IN_A_YEAR.get(quota.period, 0) % n == 0 and quota.period in IN_A_YEAR:
        anchor = EPOCH
    origin = max(i for i, (_, days) in enumerate(found) if days[0] <= anchor)
    if quota.period == Period.TERM:
        origin += 1  # New Year lies between two terms: the count begins with the spring.
    return [
        (f"{found[i][0]}+{n}", [day for _, days in found[i : i + n] for day in days])
        for i in range(origin % n, len(found) - n, n)
    ]


def months_of(days: list[date]) -> list[list[date]]:
    return [list(group) for _, group in groupby(days, lambda d: (d.year, d.month))]


def meant(day: Day, edge: Edge, days: list[date], calendar: Calendar) -> list[list[date]]:
    """Give the groups of days that a `Day` means among the days of one period."""
    if day.season:
        return flood_days(edge, days)
    if day.month:
        months = months_of(days)
        days = months[day.month - 1 if day.month > 0 else day.month]
    if day.weekday:
        found = [[d] for d in days if d.isoweekday() == day.weekday]
        if day.nth > 0:
            return found[day.nth - 1 : day.nth]
        return found[day.nth :][:1] if day.nth else found
    if not day.day:
        return [days]
    if day.workday:
        days = [d for d in days if works(calendar, d)]
    elif day.day > 0:
        days = months_of(days)[0]
    return [[days[min(day.day, len(days)) - 1 if day.day > 0 else day.day]]]


def flood_days(edge: Edge, days: list[date]) -> list[list[date]]:
    if edge == Edge.BY:
        return [[max(first - ONE, days[0])] for _, first, _ in FLOOD if first in days]
    inside = ([d for d in days if first <= d <= last] for _, first, last in FLOOD)
    return [group for group in inside if group]


def moved(due: date, floor: date, calendar: Calendar, shift: Shift) -> date:
    if shift == Shift.NONE or works(calendar, due):
        return due
    step, day = (ONE if shift == Shift.LATER else -ONE), due
    while not works(calendar, day):
        day += step
    return due if day < floor else day


def plain_window(label: str, opens: date, due: date, part: str = "") -> Plain:
    begin, end = PARTS[part]
    start = datetime.combine(opens, time.min) + timedelta(hours=begin if opens == due else 0)
    return label, start, datetime.combine(due, time.min) + timedelta(hours=end)


def name_of(label: str, day: Day, days: list[date]) -> str:
    if day.season:
        return f"{label}·汛期"
    if day.weekday:
        return days[0].strftime("%G-W%V-%u") + day.part
    if day.workday:
        return f"{label}·工作日{day.day}" + day.part
    if len(days) == 1:
        return f"{days[0]:%Y-%m-%d}" + day.part
    return f"{days[0]:%Y-%m}" + day.part


def plain_days(
    quota: Quota, own: Group, after: Group, calendar: Calendar, shift: Shift
) -> list[Plain]:
    label = own[0]
    found = []
    for day in quota.days:
        days = after[1] if day.following else own[1]
        if quota.period == Period.WEEK and day.weekday:
            days = days[:7]
        found += [(group, day, days[0]) for group in meant(day, quota.edge, days, calendar)]
    found.sort(key=lambda each: (each[0][-1], each[0][0]))
    several, result, previous = len(found) > 1 or len(quota.days) > 1, [], date.min
    for group, day, begins in found:
        name = name_of(label, day, group) if several else label
        first = floor = begins
        if quota.edge == Edge.BY:
            floor = max(begins, previous)
            first, previous = min(floor, group[-1]), group[-1] + ONE
        elif len(group) > 1:
            first = floor = group[0]
        elif several or day.part:
            first = group[0]
        due = moved(group[-1], floor, calendar, shift)
        result.append(plain_window(name, min(first, due), due, day.part))
        name, start, end = result[-1]
        if day.part and len(result) > 1 and start < result[-2][2] < end:
            result[-1] = name, result[-2][2], end
    return result


def plain(quota: Quota, calendar: Calendar, shift: Shift, anchor: date) -> list[Plain]:
    """Give every window near the ten years by looking at every day."""
    if quota.period in PARTS_OF_DAYS:
        return plain_hours(quota, calendar, anchor)
    if quota.period == Period.DAY and quota.workdays and quota.interval > 1:
        return plain_runs(quota.interval, calendar)
    if quota.period == Period.DAY and quota.interval == 1:
        shift = Shift.NONE
    result: list[Plain] = []
    groups = runs(quota, anchor)
    following = units(quota.period) if quota.phase != Phase.ALL else groups
    starts = {days[0]: i for i, (_, days) in enumerate(following)}
    for name, days in groups[:-1]:
        if days[-1].year not in NEAR and days[0].year not in NEAR:
            continue
        work = [d for d in days if works(calendar, d)] if quota.workdays else days
        if not work:
            continue
        if quota.days:
            after = following[min(starts[days[0]] + 1, len(following) - 1)]
            result += plain_days(quota, (name, days), after, calendar, shift)
        else:
            result.append(plain_window(name, work[0], moved(work[-1], work[0], calendar, shift)))
    return result


def plain_runs(n: int, calendar: Calendar) -> list[Plain]:
    """Count off n working days at a time, anew every year."""
    result = []
    for _, year in groupby((d for d in ALL_DAYS if works(calendar, d)), lambda d: d.year):
        work = list(year)
        for at in range(0, len(work), n):
            run = work[at : at + n]
            result.append(plain_window(f"{run[0]}+{n}", run[0], run[-1]))
    return result


@cache
def plain_hours(quota: Quota, calendar: Calendar, anchor: date) -> list[Plain]:
    minutes = quota.interval * PARTS_OF_DAYS[quota.period]
    origin = anchor if 24 * 60 % minutes else EPOCH
    start = datetime.combine(origin, time.min)
    while start.year > 2017:
        start -= timedelta(minutes=minutes)
    result = []
    while start.year < 2030:
        day, end = start.date(), start + timedelta(minutes=minutes)
        in_season = not quota.days or any(first <= day <= last for _, first, last in FLOOD)
        if in_season and not (quota.workdays and not works(calendar, day)):
            name = f"{day}T{start.hour:02}"
            if quota.period == Period.MINUTE:
                name = f"{day}T{start:%H:%M}"
            if quota.period == Period.SHIFT:
                name = f"{day}{SHIFT_NAMES[start.hour]}"
            tail = f"+{quota.interval}" if quota.interval > 1 else ""
            result.append((name + tail, start, end))
        start = end
    return result


def overlapping(windows: list[Plain], since: date, until: date) -> list[Plain]:
    start, end = datetime.combine(since, time.min), datetime.combine(until + ONE, time.min)
    return sorted((w for w in windows if w[1] < end and w[2] > start), key=lambda w: (w[1], w[2]))
