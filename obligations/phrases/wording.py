"""Schedule -> plain Chinese, in the words that `parse` reads back."""

from datetime import date, timedelta

from obligations.phrases.words import MEASURES, UNIT_WORDS
from obligations.schedule import (
    After,
    Amount,
    Bound,
    Compound,
    Coverage,
    Day,
    Edge,
    Length,
    Once,
    Period,
    Phase,
    Quota,
    Schedule,
    Standing,
    Undetermined,
)

_WEEK = "一二三四五六日"
_BOUND_WORDS = {Bound.EXACT: "", Bound.AT_LEAST: "至少", Bound.AT_MOST: "不超过"}
_COUNTED = {Period.MONTH: "个月", Period.QUARTER: "个季度", Period.TERM: "个学期", Period.DAY: "日"}
_DECEMBER = 12


def explain(schedule: Schedule) -> str:
    """Give the schedule in words, as a clerk would write it.

    >>> explain(Quota(Period.MONTH, days=(Day(day=5),), edge=Edge.BY))
    '每月5日前'
    """
    if isinstance(schedule, Quota):
        return _quota(schedule)
    if isinstance(schedule, Compound):
        return "；".join(explain(member) for member in schedule.members)
    if isinstance(schedule, Coverage):
        quota = schedule.quota
        return f"{_period(quota)}{_days(quota)}{schedule.of}全覆盖{_often(quota)}"
    if isinstance(schedule, Standing):
        return schedule.manner
    if isinstance(schedule, Undetermined):
        return schedule.text
    return _after(schedule) if isinstance(schedule, After) else _once(schedule)


def _quota(quota: Quota) -> str:
    """Say the period, the days, how often, how much."""
    if quota.days and all(day.following for day in quota.days) and _said_alone(quota):
        return _days(quota)
    often = _often(quota)
    if _seasonal(quota):
        return f"{quota.days[0].season}{_period(quota)}{often}"
    if quota.days and often == "1次":
        often = ""
    return f"{_period(quota)}{_days(quota)}{often}"


def _seasonal(quota: Quota) -> bool:
    """Tell whether a season rules the whole quota: 汛期每日1次, but 每年汛期前."""
    once = quota.days == (Day(season=quota.days[0].season),) if quota.days else False
    usual = quota.edge is Edge.ON and quota.period not in (Period.YEAR, Period.TERM)
    return once and usual and bool(quota.days[0].season)


def _said_alone(quota: Quota) -> bool:
    """Tell whether 次年1月15日前 says it all."""
    usual = Quota(quota.period, days=quota.days, edge=quota.edge)
    return quota == usual and quota.period in (Period.YEAR, Period.MONTH) and len(quota.days) == 1


def _period(quota: Quota) -> str:
    """Say 每季度, 每2个月, 每3至5年, 每双月, 每个工作日."""
    count = f"{quota.interval}"
    if quota.interval_most is not None:
        count += f"至{quota.interval_most}"
    if quota.workdays and quota.period is Period.DAY:
        return "每个工作日" if quota.interval == 1 else f"每{count}个工作日"
    word = UNIT_WORDS[quota.period]
    if quota.phase is not Phase.ALL:
        return f"每{'单' if quota.phase is Phase.ODD else '双'}{word}"
    if quota.interval == 1 and quota.interval_most is None:
        return f"每{word}"
    return f"每{count}{_COUNTED.get(quota.period, word)}"


def _often(quota: Quota) -> str:
    """Say 至少1次, 1至2次, 至少2家."""
    amounts = "、".join(_amount(amount) for amount in quota.amounts)
    usual = quota.count == 1 and quota.most is None
    alone = len(quota.amounts) == 1 and quota.amounts[0].unit in MEASURES
    if alone and usual and quota.bound is quota.amounts[0].bound:
        return amounts
    most = f"至{quota.most}" if quota.most is not None else ""
    times = f"{_BOUND_WORDS[quota.bound]}{quota.count}{most}次"
    return f"{times}、{amounts}" if amounts else times


def _amount(amount: Amount) -> str:
    """Say 至少2家, 1至3件."""
    most = f"至{amount.most}" if amount.most is not None else ""
    return f"{_BOUND_WORDS[amount.bound]}{amount.n}{most}{amount.unit}"


def _days(quota: Quota) -> str:
    """Say 5日前, 首月10日前, 二、周四上午 (after 每周), 6月、12月, 结束后15日内."""
    if not quota.days:
        return ""
    after = _after_the_end(quota)
    if after:
        return after
    closing = quota.edge is Edge.BY
    days = _week(quota) or "、".join(_day(day, quota.period, closing=closing) for day in quota.days)
    return days + ("前" if closing else "")


def _after_the_end(quota: Quota) -> str:
    """Say 结束后15日内 for a day of the next period's first month."""
    day = quota.days[0]
    parts = quota.period in (Period.QUARTER, Period.HALF_YEAR)
    if len(quota.days) > 1 or quota.edge is Edge.ON or not (parts and day.following):
        return ""
    if day.month != 1 or day.day < 1 or day.weekday or day.part or day.season:
        return ""
    return f"结束后{day.day}{'个工作日' if day.workday else '日'}内"


def _week(quota: Quota) -> str:
    """Say 一至周五 and 二、周四 after 每周, whose 周 is already said."""
    if quota.period is not Period.WEEK or not quota.days[0].weekday:
        return ""
    days = quota.days
    numbers = [day.weekday for day in days]
    said = "、".join(_day(day, quota.period) for day in days)
    alike = len({(day.part, day.following, day.nth) for day in days}) == 1
    if alike and len(days) > _A_FEW and numbers == list(range(numbers[0], numbers[0] + len(days))):
        said = f"{_day(days[0], quota.period)}至{_day(days[-1], quota.period)}"
    if _often(quota) != "1次":  # 每周一2次 would be one or two
        return said
    plain = quota.interval == 1 and quota.phase is Phase.ALL and quota.interval_most is None
    return said[1:] if plain else said


_A_FEW = 2


def _day(day: Day, period: Period, *, closing: bool = False) -> str:
    """Say one place in a period."""
    if day.season:
        return day.season
    next_one = _FOLLOWING.get(period, "次月") if day.following else ""
    return f"{next_one}{_month(day, period)}{_in_month(day, period, closing=closing)}{day.part}"


_FOLLOWING = {Period.YEAR: "次年", Period.QUARTER: "次季度", Period.HALF_YEAR: "次半年"}


def _month(day: Day, period: Period) -> str:
    """Say the month of a day."""
    if not day.month:
        return ""
    if period is Period.YEAR:
        return f"{day.month}月" if day.month > 0 else f"{_DECEMBER}月"
    if day.month == 1:
        return "首月"
    return "末月" if day.month < 0 else f"第{day.month}个月"


def _in_month(day: Day, period: Period, *, closing: bool) -> str:
    """Say the day of the month, of the week, or the working day."""
    if day.workday:
        return "最后一个工作日" if day.day < 0 else f"{_nth(day.day)}工作日"
    if day.weekday:
        weekday = f"{_WEEK[day.weekday - 1]}"
        if not day.nth:
            return f"周{weekday}" if period is Period.WEEK else f"星期{weekday}"
        return f"{'最后一个' if day.nth < 0 else _nth(day.nth)}星期{weekday}"
    if not day.day:
        return ""
    if day.day > 0:
        return f"{day.day}日"
    return "底" if closing or (day.month and period is Period.YEAR) else "最后一天"


def _nth(n: int) -> str:
    """Say 第一个, 第10个."""
    return f"第{_COUNTS[n - 1] if 0 < n <= len(_COUNTS) else n}个"


_COUNTS = "一二三四五六七八九"


def _once(once: Once) -> str:
    """Say a window: 2024年, 2022年9月30日前, 自2022年4月1日起至党的二十大结束."""
    start, end = once.start, once.end
    if start is None:
        return f"{_last_day(end)}前" if end is not None else f"至{once.end_event}"
    if end is None:
        return f"{_date(start)}起{_ending(once.end_event)}"
    if start == end:
        return _date(start)
    return _years(start, end) or _months(start, end) or f"{_date(start)}至{_date(end)}"


def _last_day(day: date) -> str:
    """Say 2022年9月底 for a month's last day."""
    return f"{day.year}年{day.month}月底" if _closes_month(day) else _date(day)


def _years(start: date, end: date) -> str:
    """Say 2024年 and 2024年至2026年."""
    if not (_opens_year(start) and _closes_year(end)):
        return ""
    return f"{start.year}年" + (f"至{end.year}年" if end.year > start.year else "")


def _months(start: date, end: date) -> str:
    """Say 2022年7月, 2022年6月至9月, 2022年5月上旬."""
    month = f"{start.year}年{start.month}月"
    if start.day == 1 and _closes_month(end):
        if (start.year, start.month) == (end.year, end.month):
            return month
        year = "" if start.year == end.year else f"{end.year}年"
        return f"{month}至{year}{end.month}月"
    if (start.year, start.month) != (end.year, end.month):
        return ""
    ten = {(1, 10): "上旬", (11, 20): "中旬", (21, 0): "下旬"}
    part = ten.get((start.day, 0 if _closes_month(end) else end.day))
    return f"{month}{part}" if part else ""


def _ending(event: str) -> str:
    """Say the event that ends a window, so that it can be told from the words behind it."""
    if not event:
        return ""
    return f"至{event}" if event.endswith(_CLOSINGS) else f"至{event}止"


_CLOSINGS = ("结束", "完成", "闭幕")


def _date(day: date) -> str:
    """Say a date in full."""
    return f"{day.year}年{day.month}月{day.day}日"


def _opens_year(day: date) -> bool:
    return (day.month, day.day) == (1, 1)


def _closes_year(day: date) -> bool:
    return day.month == _DECEMBER and _closes_month(day)


def _closes_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _after(after: After) -> str:
    """Say 结案后1个月内, 期满前3个月, 收到后10个工作日内, 发生事故后立即."""
    if after.within is None:
        return f"{after.event}前" if after.before else f"{after.event}后立即"
    length = _length(after.within, workdays=after.workdays)
    if after.before:
        return f"{after.event}前{length}" if after.event else f"提前{length}"
    return f"{after.event}后{length}内" if after.event else f"{length}内"


def _length(length: Length, *, workdays: bool) -> str:
    """Say 1个月, 10个工作日, 2小时."""
    if workdays:
        return f"{length.n}个工作日"
    return f"{length.n}{_COUNTED.get(length.unit, UNIT_WORDS[length.unit])}"
