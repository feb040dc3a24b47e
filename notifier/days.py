"""The day that somebody's own words mean; what they leave open is no day."""

import re
from datetime import date, timedelta

_WEEKDAYS = {name: number for number, name in enumerate("一二三四五六日")} | {"天": 6}
_NEAR = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "今天": 0, "今日": 0}
_NEAR |= {"今晚": 0, "明天": 1, "明日": 1, "明早": 1, "后天": 2, "大后天": 3}
_CALENDAR = re.compile(r"(?:(\d{4})[年.\-/])?(\d{1,2})[月.\-/](\d{1,2})[日号]?")
_DAY = re.compile(r"(?<![\d月])(\d{1,2})[日号]")
_WEEK = re.compile(r"(上|这|本|下)?(?:周|星期|礼拜)([一二三四五六日天])")
_AFTER = re.compile(r"(\d{1,2})天(?:后|以后|之后)")
_MONTH_END = re.compile(r"(?:(\d{1,2})月|本月|这个月|当月|(下个?月)|月)底")


def day_of(words: str, today: date, *, ahead: bool) -> date | None:
    """Give the day that words name, None where they name none.

    ``ahead`` says where a day without its month or week lies: ahead of today, or behind it.

    >>> day_of("推到周五", date(2026, 7, 1), ahead=True)
    datetime.date(2026, 7, 3)
    >>> day_of("5月3日已开会", date(2026, 7, 1), ahead=False)
    datetime.date(2026, 5, 3)
    >>> day_of("过几天", date(2026, 7, 1), ahead=True)
    """
    try:
        return _named(words, today, ahead=ahead)
    except ValueError:  # 2月30日
        return None


def _named(words: str, today: date, *, ahead: bool) -> date | None:
    if found := _CALENDAR.search(words):
        year, month, day = found[1], int(found[2]), int(found[3])
        return date(int(year), month, day) if year else _nearest(today, month, day, ahead=ahead)
    if found := _MONTH_END.search(words):
        return _month_end(today, found[1], following=bool(found[2]))
    if found := _WEEK.search(words):
        return _weekday(today, found[1] or "", _WEEKDAYS[found[2]], ahead=ahead)
    if found := _AFTER.search(words):
        return today + timedelta(days=int(found[1]))
    if found := _DAY.search(words):
        return _day_of_month(today, int(found[1]), ahead=ahead)
    near = sorted((name for name in _NEAR if name in words), key=len)
    return today + timedelta(days=_NEAR[near[-1]]) if near else None


def _nearest(today: date, month: int, day: int, *, ahead: bool) -> date:
    found = date(today.year, month, day)
    if ahead and found < today - timedelta(days=180):
        return date(today.year + 1, month, day)
    if not ahead and found > today:
        return date(today.year - 1, month, day)
    return found


def _month_end(today: date, month: str | None, *, following: bool) -> date:
    number = int(month) if month else today.month + following
    year = today.year + (number > 12 or number < today.month)  # noqa: PLR2004 months of a year
    first = date(year, (number - 1) % 12 + 1, 1)
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _weekday(today: date, which: str, weekday: int, *, ahead: bool) -> date:
    monday = today - timedelta(days=today.weekday())
    found = monday + timedelta(days=weekday)
    if which == "下":
        return found + timedelta(days=7)
    if which == "上":
        return found - timedelta(days=7)
    if which:
        return found
    if ahead and found <= today:
        return found + timedelta(days=7)
    return found - timedelta(days=7) if not ahead and found > today else found


def _day_of_month(today: date, day: int, *, ahead: bool) -> date:
    found = today.replace(day=day)
    if ahead and found < today:
        return (today.replace(day=1) + timedelta(days=31)).replace(day=day)
    if not ahead and found > today:
        return (today.replace(day=1) - timedelta(days=1)).replace(day=day)
    return found
