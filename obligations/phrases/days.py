"""Days inside a period: 每月5日前, 每季度末月25日前, 每周二、周四上午, 每年6月、12月, 汛期前."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from obligations import numerals
from obligations.numerals import ARABIC, CHINESE
from obligations.phrases.tokens import before, clock, dash, word
from obligations.phrases.words import INCLUDED, LINKS, SEASONS
from obligations.schedule import Day, Edge, Period

_WEEKDAYS = (
    {sign: n for n, sign in enumerate("一二三四五六", 1)}
    | {"日": 7, "天": 7}
    | {str(n): n for n in range(1, 8)}
)
_PARTS = ("上午", "下午", "早上", "晚上", "早晨", "傍晚", "夜间")
_HALF_DAYS = (*_PARTS, "凌晨", "中午", "早", "晚")  # 早 and 晚 only before an hour
_LAST_MONTHS = ("最后一个月", "最后1个月", "末月")
_FIRST_MONTHS = ("首月", "首个月")
_LAST = ("最后一个", "最后1个", "最后")
_MONTHS = 12
_MONTH_DAYS = 31


class Days(NamedTuple):
    """The days read, whether they are the last possible ones, and where they end."""

    days: tuple[Day, ...]
    edge: Edge
    end: int


class Spot(NamedTuple):
    """One day read; ``closing`` where the words make it the last possible one (上旬, 第一季度)."""

    day: Day
    end: int
    closing: bool = False


_Reader = Callable[[str, int, Day | None], Spot | None]


def days(text: str, at: int, period: Period) -> Days | None:
    """Read the days that follow a period, or None where there are none."""
    read = _READERS.get(period)
    here = at + 1 if text[at : at + 1] in ("的", "于", "在") else at
    if read is None or text[here : here + 1] not in _STARTS:
        return None
    return _list(text, here, read)


def _list(text: str, at: int, read: _Reader) -> Days | None:
    """Read one spot or several, joined by 、 or 和, then 前."""
    first = read(text, at, None)
    if first is None:
        return None
    spots, end = [first], first.end
    after = dash(text, end)
    if after > end:
        last = read(text, after, first.day)
        if last is not None:
            spots, end = _stretch(first.day, last), last.end
    while True:
        link = word(text, end, LINKS)
        following = read(text, link, spots[-1].day) if link > end else None
        if following is None:
            break
        spots.append(following)
        end = following.end
    held = word(text, end, INCLUDED)
    held = clock(text, held) if before(text, clock(text, held)) > clock(text, held) else held
    by = before(text, held)
    closing = by > held or any(spot.closing for spot in spots)
    members = tuple(dict.fromkeys(spot.day for spot in spots))
    return Days(members, Edge.BY if closing else Edge.ON, by if by > held else end)


def _stretch(first: Day, last: Spot) -> list[Spot]:
    """Give every weekday of 周一至周五; of other stretches the last day, as the one to meet."""
    if first.weekday and last.day.weekday > first.weekday and not first.nth:
        return [
            Spot(Day(weekday=n, part=last.day.part), last.end)
            for n in range(first.weekday, last.day.weekday + 1)
        ]
    return [Spot(last.day, last.end, closing=True)]


def in_month(text: str, at: int, before: Day | None = None) -> Spot | None:
    """Read a place in a month: 5日, 月底, 上旬, 最后一个工作日, 第一个星期一, 前5个工作日."""
    return (
        _following(text, at, ("次月", "下月", "下个月"), in_month)
        or _edge_of_month(text, at)
        or _nth(text, at)
        or _day_number(text, at, before)
    )


def _following(text: str, at: int, words: tuple[str, ...], read: _Reader) -> Spot | None:
    """Read what stands after 次月, 次年, 下季度 as a place in the next period."""
    here = word(text, at, words)
    spot = read(text, here, None) if here > at else None
    if spot is None:
        return None
    day = spot.day
    return Spot(
        replace(day, following=True),
        spot.end,
        spot.closing,
    )


def _edge_of_month(text: str, at: int) -> Spot | None:
    """Read 底, 月末, 最后一天, 上旬, 中旬, 下旬."""
    for words, day, closing in (
        (("月底", "月末", "底", "末", "最后一天", "最后一日"), -1, False),
        (("上旬",), 10, True),
        (("中旬",), 20, True),
        (("下旬",), -1, True),
    ):
        end = word(text, at, words)
        if end > at and text[end : end + 1] not in ("端", "梢"):
            return Spot(Day(day=day), end, closing)
    return None


def _nth(text: str, at: int) -> Spot | None:
    """Read 最后一个工作日, 第3个工作日, 前5个工作日, 第一个星期一, 最后一个周五."""
    leading = text.startswith("前", at) or _FIRST_WORKDAYS.match(text, at) is not None
    if (here := word(text, at, _LAST)) > at:
        n = -1
    else:
        start = at + 1 if text.startswith("前", at) or text.startswith("第", at) else at
        many = numerals.read(text, start)
        if text.startswith("首个", at):
            n, here = 1, at + 2
        elif many is None or (start == at and not _WORKDAYS.match(text, many[1])):
            return None
        else:
            n, here = many
    if not leading and text[here : here + 1] in ("、", "和") and n > 0:
        more = _nth(text, here + 1)
        if more is not None and more.day.nth:
            return Spot(replace(more.day, nth=n), here)
    if text.startswith("个", here):
        here += 1
    if text.startswith("工作日", here):
        end = here + 3
        inside = leading and text.startswith("内", end)
        return Spot(Day(day=n, workday=True), end + 1 if inside else end, leading)
    weekday = _weekday(text, here, None)
    if weekday is None or leading:
        return None
    return Spot(Day(weekday=weekday.day.weekday, nth=n), weekday.end)


# 每季度首月5个工作日内
_WORKDAYS = re.compile("个?工作日[内前]")
_FIRST_WORKDAYS = re.compile("[0-9一二三四五六七八九十]{1,2}个?工作日[内前]")


def _day_number(text: str, at: int, before: Day | None) -> Spot | None:
    """Read 25日 or 25号; in a list also the 5 of 5、15日."""
    many = numerals.read(text, at)
    if many is None or not 0 < many[0] <= _MONTH_DAYS:
        return None
    n, here = many
    if text[here : here + 1] in ("日", "号"):
        return Spot(Day(day=n), here + 1)
    after = word(text, here, ("、", "和", "及")) or here
    if after == here:
        after = dash(text, here)
    more = numerals.read(text, after) if after > here else None
    if more and _day_number(text, after, before):
        return Spot(Day(day=n), here)
    return None


def _weekday(text: str, at: int, _before: Day | None) -> Spot | None:
    """Read 周二, 星期三, and bare 二 after 每周; 一次 is a count."""
    here = word(text, at, ("周", "星期", "礼拜"))
    sign = text[here : here + 1]
    if here == at and text.startswith(_NO_SUNDAY, here):
        return None
    n = _WEEKDAYS.get(sign, 0) if sign else 0
    if not n:
        return None
    after = text[here + 1 : here + 2]
    bounded = text.startswith(("至少", "至多"), here + 1)
    if (
        here == at
        and not bounded
        and (after in tuple("次个遍回家条至到-—~～") or numerals.read(text, here + 1))
    ):
        if after in tuple("至到-—~～") and _weekday(text, dash(text, here + 1), Day(weekday=n)):
            return Spot(Day(weekday=n), here + 1)
        return None
    if here == at and (sign.isascii() or _one_each(text, at)):
        return None
    end = word(text, here + 1, _PARTS)
    return Spot(Day(weekday=n, part=text[here + 1 : end]), end)


_NO_SUNDAY = ("日常", "日均", "日期", "日程", "日产", "天然", "天气", "天天")


def _one_each(text: str, at: int) -> bool:
    """Tell whether 每周一调度 stands in a row with 每日一提醒, 每月一通报: 一 is then a count."""
    near = text[max(0, at - 24) : at + 24]
    return text[at] == "一" and any(other in near for other in _ROW)


_ROW = ("每日一", "每天一", "每月一", "每季一", "每季度一", "每年一", "每半年一", "每旬一")


def _in_week(text: str, at: int, before: Day | None) -> Spot | None:
    """Read a day of the week, also 最后一个工作日 and 第一个工作日."""
    return _nth_workday(text, at) or _weekday(text, at, before)


def _nth_workday(text: str, at: int) -> Spot | None:
    """Read 第一个工作日 where weekdays have no n-th."""
    spot = _nth(text, at)
    return spot if spot and spot.day.workday else None


def _in_year(text: str, at: int, before: Day | None) -> Spot | None:
    """Read a place in a year: 6月, 3月底, 1月15日, 年底, 第四季度, 上半年, 汛期."""
    return (
        _following(text, at, ("次年", "下一年", "下年", "第二年", "翌年"), _in_year)
        or _month_of_year(text, at, before)
        or _part_of_year(text, at)
        or _season(text, at)
    )


def _month_of_year(text: str, at: int, before: Day | None) -> Spot | None:
    """Read 6月, 6月份, 6月30日, 6月上旬; in a list also the 3 of 3、9月 and a bare 25日."""
    many = numerals.read(text, at)
    if many is None or not 0 < many[0] <= _MONTH_DAYS:
        return None
    n, here = many
    if text.startswith("月", here) and n <= _MONTHS:
        here += 2 if text.startswith("月份", here) else 1
        inner = in_month(text, here)
        if inner is None or inner.day.following:
            return Spot(Day(month=n), here)
        day = inner.day
        return Spot(Day(n, day.day, day.weekday, day.nth, day.workday), inner.end, inner.closing)
    if before is not None and before.day and text[here : here + 1] in ("日", "号"):
        return Spot(Day(month=before.month, day=n), here + 1)
    after = word(text, here, ("、", "和", "及"))
    if after == here:
        after = dash(text, here)
    if n <= _MONTHS and after > here:
        more = _month_of_year(text, after, None)
        if more is not None and not more.day.day:
            return Spot(Day(month=n), here)
    return None


def _part_of_year(text: str, at: int) -> Spot | None:
    """Read 年底, 第一季度, 四季度末, 上半年."""
    end = word(text, at, ("年底", "年末", "底", "末"))
    if end > at:
        return Spot(Day(month=12, day=-1), end)
    for words, month in ((("上半年",), 6), (("下半年",), 12)):
        if (end := word(text, at, words)) > at:
            return Spot(Day(month=month, day=-1), end, closing=True)
    here = at + 1 if text.startswith("第", at) else at
    many = numerals.read(text, here)
    if many is None or not 0 < many[0] <= _MONTHS // 3:
        return None
    if text.startswith("季度", many[1]):
        end = word(text, many[1] + 2, ("末", "底"))
        return Spot(Day(month=3 * many[0], day=-1), end, closing=True)
    link = word(text, many[1], ("、", "和", "及"))
    if link > many[1] and _part_of_year(text, link):  # the 一 of 一、三季度
        return Spot(Day(month=3 * many[0], day=-1), many[1], closing=True)
    return None


def _season(text: str, at: int) -> Spot | None:
    """Read 汛期, 入冬, 春节: stretches that only the office can date."""
    here = at + 1 if text.startswith("入", at) else at
    end = word(text, here, SEASONS)
    if end == here:
        return None
    name = text[here:end]
    if name in "春夏秋冬":
        if text.startswith(("至", "分", "令"), end):
            return None
        name, end = f"{name}季", word(text, end, ("两季", "季"))
    return Spot(
        Day(season=f"{name}期" if name == "汛" else name), word(text, end, ("来临", "期间", "到来"))
    )


def _in_part(text: str, at: int, _before: Day | None) -> Spot | None:
    """Read a place in a quarter or a half-year: 首月10日, 末月, 末, 结束后15日内."""
    spot = _following(text, at, ("次季度", "下季度", "下一季度", "次半年", "下半年度"), _in_part)
    if spot or (spot := _after_the_end(text, at)):
        return spot
    end = word(text, at, ("季度末", "季末", "末月末", "末月底", "月底", "底"))
    if end == at and text.startswith("末", at) and not text.startswith("末月", at):
        end = at + 1
    if end > at:
        last = _nth_workday(text, end)
        if last:
            return Spot(Day(month=-1, day=last.day.day, workday=True), last.end)
        return Spot(Day(month=-1, day=-1), end)
    month, here = _month_of_part(text, at)
    if not month:
        nth = _nth_workday(text, at)
        month_of = {True: -1, False: 1}
        return nth and Spot(
            Day(month=month_of[nth.day.day < 0], day=nth.day.day, workday=True), *nth[1:]
        )
    here = here + 1 if text.startswith("的", here) else here
    inner = in_month(text, here)
    if inner is None or inner.day.following:
        return Spot(Day(month=month), here)
    day = inner.day
    return Spot(Day(month, day.day, day.weekday, day.nth, day.workday), inner.end, inner.closing)


def _month_of_part(text: str, at: int) -> tuple[int, int]:
    """Read 首月, 末月, 第二个月; give the month (0: none) and where it ends."""
    if (end := word(text, at, _FIRST_MONTHS)) > at:
        return 1, end
    if (end := word(text, at, _LAST_MONTHS)) > at:
        return -1, end
    many = numerals.read(text, at + 1) if text.startswith("第", at) else None
    if many and 0 < many[0] <= _MONTHS // 2:
        end = word(text, many[1], ("个月", "月"))
        if end > many[1]:
            return many[0], end
    return 0, at


def _after_the_end(text: str, at: int) -> Spot | None:
    """Read 结束后15日内 and 结束后10个工作日内 as a day of the next period's first month."""
    here = word(text, at, ("结束后", "终了后", "末后"))
    many = numerals.read(text, here) if here > at else None
    if many is None or not 0 < many[0] <= _MONTH_DAYS:
        return None
    end = word(text, many[1], ("个工作日", "工作日", "日", "天"))
    if end == many[1]:
        return None
    workday = text[end - 3 : end] == "工作日"
    day = Day(month=1, day=many[0], workday=workday, following=True)
    return Spot(day, word(text, end, ("之内", "以内", "内")), closing=True)


def _in_term(text: str, at: int, _before: Day | None) -> Spot | None:
    """Read 开学 and 放假 in a term."""
    return _season(text, at)


def _in_day(text: str, at: int, _before: Day | None) -> Spot | None:
    """Read a time of day: 上午, 8时, 17:00."""
    end = word(text, at, _PARTS)
    if end > at and not (many := numerals.read(text, end)):
        return Spot(Day(part=text[at:end]), end)
    end = word(text, at, _HALF_DAYS)
    many = numerals.read(text, end)
    if many is None:
        return None
    end = word(text, many[1], ("时", "点", "点钟"))
    if end == many[1] and text[end : end + 1] in (":", "："):
        minutes = numerals.read(text, end + 1)
        end = minutes[1] if minutes else end
    if end == many[1]:
        return None
    return Spot(Day(part=text[at:end]), end)


_STARTS = CHINESE | ARABIC | {sign[0] for sign in SEASONS}
_STARTS |= frozenset("第前最首末底上中下次翌周星礼日天结终年月季入早晚傍夜凌中")
_READERS = {
    Period.DAY: _in_day,
    Period.WEEK: _in_week,
    Period.MONTH: in_month,
    Period.QUARTER: _in_part,
    Period.HALF_YEAR: _in_part,
    Period.YEAR: _in_year,
    Period.TERM: _in_term,
}
