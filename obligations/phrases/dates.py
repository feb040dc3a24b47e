"""Deadlines and windows: 6月底前, 5月上旬, 6月、9月、12月底前, 2024—2026年, 4月起至汛期结束."""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from obligations import numerals
from obligations.phrases.tokens import before, clock, dash, word
from obligations.phrases.words import INCLUDED, LINKS, PAUSES
from obligations.schedule import Once

YEARS = range(1950, 2100)
_MONTHS = 12
_FEBRUARY = 2
_LONGEST_EVENT = 20
_LENGTHS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # of the model year
_THIS = ("今年", "本年度", "本年", "当年")
_NEXT = ("明年", "次年", "下一年")


class Point(NamedTuple):
    """One stretch of days: ``first`` and ``last`` are equal for a day; ``fixed`` says 底 or a day.

    ``year`` is None while the text names none; then both dates stand in year 4 (a leap year).
    """

    year: int | None
    month: int
    first: date
    last: date
    end: int
    shape: str  # year, part, month, ten, day, close


class Reading(NamedTuple):
    """Dates as the text has them, still without judging whether they are a duty's."""

    start: int
    end: int
    schedules: tuple[Once, ...]
    year: int | None  # the year named, None if it was inherited
    shape: str
    by: bool
    missing: bool = False
    ranged: bool = False


class _Said(NamedTuple):
    """The points of one reading, where they end, and how they hang together."""

    points: list[Point]
    end: int
    event: str = ""
    ranged: bool = False
    opened: bool = False


# What most dates look like, and nothing behind that would make more of them.
_USUAL = re.compile(
    r"(?:([12][0-9]{3})年)?+([0-9]{1,2})月份?+([底末]|[上中下]旬|[0-9]{1,2}日)?+(前|之前|以前)?+"
    r"(?![后底末初上中下前之以内份日号起开启个（(含、和及与或至到\-—–－─~～〜0-9零一二三四五六七八九十廿])"
)


_YEAR_ALONE = re.compile(
    r"([12][0-9]{3})年(?![年底末内初上下第前之以起开启（(含、和及与或至到\-—–－─~～〜0-9零一二三四五六七八九十])"
)


def reading(text: str, at: int, year: int | None) -> Reading | None:
    """Read the dates that start at a place; ``year`` is used where the text names none."""
    usual = _USUAL.match(text, at)
    alone = None if usual else _YEAR_ALONE.match(text, at)
    read = (usual and _usual(usual, year)) or (alone and _whole_year(alone))
    return read or _unusual(text, at, year)


def _whole_year(read: re.Match[str]) -> Reading | None:
    """Give a year that stands by itself."""
    year = int(read[1])
    if year not in YEARS:
        return None
    once = (Once(date(year, 1, 1), date(year, 12, 31)),)
    return Reading(*read.span(), once, year, "year", by=False)


def _usual(read: re.Match[str], year: int | None) -> Reading | None:
    """Give a single date, None where it is no date or has no year."""
    named, month, rest, limit = read.groups()
    own, by = (year if named is None else int(named)), limit is not None
    number = int(month)
    if own is None or own not in YEARS or not 0 < number <= _MONTHS:
        return None
    first, last, shape = 1, monthrange(own, number)[1], "month"
    if rest is None:
        pass
    elif rest in _ENDS:
        shape = "close"
    elif rest in _TENS:
        ten = _TENS[rest]
        first, last, shape = ten[0], ten[1] or last, "ten"
    else:
        first, shape = int(rest[:-1]), "day"
        if not 0 < first <= last:
            return None
        last = first
    start = None if by or shape == "close" else date(own, number, first)
    once = (Once(start, date(own, number, last)),)
    return Reading(*read.span(), once, own if named else None, shape, by)


def _unusual(text: str, at: int, year: int | None) -> Reading | None:
    """Read lists, ranges, parts of a year, numbers in Chinese, and years that are missing."""
    first = _point(text, at, None)
    if first is None:
        return _short_years(text, at)
    said = _joined(text, first)
    held = word(text, said.end, INCLUDED)
    if said.points[-1].shape == "day":
        held = clock(text, held)
    by = before(text, held)
    named = said.points[0].year
    given = year if named is None else named
    shape = said.points[-1].shape
    end = by if by > held else said.end
    if given is None:
        return Reading(at, end, (), None, shape, by=by > held, missing=True)
    made = _made(said, given, by=by > held)
    return Reading(at, end, made, named, shape, by=by > held, ranged=said.ranged)


def _joined(text: str, first: Point) -> _Said:
    """Read what follows the first point: 起, 至 another point or an event, 、 more points."""
    end = first.end
    if first.shape == "day" and dash(text, hour := clock(text, end)) > hour:
        end = hour
    since = word(text, end, ("日起", "起", "开始", "启动"))
    opened = since > end
    pause = since + 1 if opened and text.startswith("，", since) else since
    after = dash(text, pause)
    if after > pause:
        last = _point(text, after, first)
        if last is not None:
            return _Said([first, last], last.end, ranged=True, opened=opened)
        event, stop = _event(text, after) if opened or text[after - 1] == "至" else ("", since)
        if pause > since:
            event, stop = "", since
        return _Said([first], stop if event else since, event, bool(event), opened)
    if opened:
        return _Said([first], since, opened=True)
    points, end = _listed(text, [first])
    return _Said(points, end)


def _made(said: _Said, year: int, *, by: bool) -> tuple[Once, ...]:
    """Turn points into schedules in their year."""
    placed = _placed(said.points, year)
    if said.ranged:
        start = placed[0][0]
        return (Once(start, None, said.event),) if said.event else (Once(start, placed[1][1]),)
    if said.opened:
        return (Once(placed[0][0], None),)
    listed = len(said.points) > 1
    return tuple(
        _once(point, days, by=by, listed=listed)
        for point, days in zip(said.points, placed, strict=True)
    )


def _once(point: Point, days: tuple[date, date], *, by: bool, listed: bool) -> Once:
    """Give the window of one point: 前 and 底 leave the start open."""
    first, last = days
    if by or point.shape == "close" or (listed and point.shape == "month"):
        return Once(None, last)
    return Once(first, last)


def _placed(points: list[Point], year: int) -> list[tuple[date, date]]:
    """Put points into their years, each not before the one it follows."""
    placed: list[tuple[date, date]] = []
    for point in points:
        own = point.year if point.year is not None else year
        if placed and point.year is None and _in_year(point.last, own) < placed[-1][0]:
            own += 1
        year = own
        placed.append((_in_year(point.first, own), _in_year(point.last, own)))
    return placed


def _in_year(day: date, year: int) -> date:
    """Give the same day in another year; the 29th of February as the month's last day."""
    if day.month != _FEBRUARY or day.day < _LENGTHS[_FEBRUARY]:
        return date(year, day.month, day.day)
    return date(year, _FEBRUARY, monthrange(year, _FEBRUARY)[1])


def _listed(text: str, points: list[Point]) -> tuple[list[Point], int]:
    """Read further points joined by 、 or 和."""
    end = points[-1].end
    while (link := word(text, end, LINKS)) > end:
        more = _point(text, link, points[-1])
        if more is None:
            break
        points.append(more)
        end = more.end
    if len(points) > 1 and points[-1].shape == "close":
        points = [
            point._replace(shape="close") if point.shape == "month" else point for point in points
        ]
    return points, end


def _event(text: str, at: int) -> tuple[str, int]:
    """Read the event that ends a window: 党的二十大结束."""
    end = at
    while end < len(text) and text[end] not in PAUSES and end - at < _LONGEST_EVENT:
        end += 1
    for closing in ("结束", "为止", "完成", "闭幕", "止"):
        place = text.find(closing, at, end)
        if place > at:
            stop = place + len(closing)
            return text[at : place if closing in ("止", "为止") else stop], stop
    return "", at


def _year(text: str, at: int) -> tuple[int, int] | None:
    """Read 2022年 or 二〇二二年."""
    many = numerals.read(text, at)
    if many is None or many[0] not in YEARS or not text.startswith("年", many[1]):
        return None
    return many[0], many[1] + 1


def _point(text: str, at: int, before: Point | None) -> Point | None:
    """Read one date, month, year or part of a year."""
    named = _year(text, at)
    year, here = named or (None, word(text, at, _THIS))
    if here == at and named is None:
        month = _month(text, at, None, before)
        return month or _part(text, at, None)
    month = _month(text, here, year, None)
    if month is not None:
        return month
    part = _part(text, here, year, named_before=True)
    if part is not None or year is None:
        return part
    return Point(year, 0, date(4, 1, 1), date(4, 12, 31), here, "year")


def _month(text: str, at: int, year: int | None, before: Point | None) -> Point | None:
    """Read 6月, 6月底, 5月上旬, 6月10日; after another date also the bare 10日."""
    many = numerals.read(text, at)
    if many is None:
        return None
    month, here = many
    if text.startswith("个月", here) or not text.startswith("月", here):
        if before is not None and before.shape == "day" and text.startswith("日", here):
            return _day(year, before.month, month, here + 1)
        if before is None or before.shape in ("month", "close"):
            return _bare_month(text, month, here, year)
        return None
    if not 0 < month <= _MONTHS:
        return None
    here += 2 if text.startswith("月份", here) else 1
    return _inside(text, here, year, month)


def _bare_month(text: str, month: int, here: int, year: int | None) -> Point | None:
    """Read the 6 of 6、9、12月底前."""
    link = max(word(text, here, ("、", "和")), dash(text, here))
    if link == here or not 0 < month <= _MONTHS:
        return None
    more = _month(text, link, None, Point(None, 0, date(4, 1, 1), date(4, 1, 1), 0, "month"))
    if more is None or more.shape == "day":
        return None
    return Point(year, month, date(4, month, 1), date(4, month, _LENGTHS[month]), here, "month")


_ENDS = ("月底", "月末", "底", "末")
_TENS = {"上旬": (1, 10), "中旬": (11, 20), "初": (1, 10), "下旬": (21, 0)}


def _inside(text: str, here: int, year: int | None, month: int) -> Point | None:
    """Read what stands behind a month."""
    last = _LENGTHS[month]
    end = word(text, here, _ENDS)
    if end > here:
        return Point(year, month, date(4, month, 1), date(4, month, last), end, "close")
    size = 1 if text.startswith("初", here) else 2
    ten = _TENS.get(text[here : here + size])
    if ten is not None:
        days = date(4, month, ten[0]), date(4, month, ten[1] or last)
        return Point(year, month, *days, here + size, "ten")
    many = numerals.read(text, here)
    if many and text[many[1] : many[1] + 1] in ("日", "号"):
        return _day(year, month, many[0], many[1] + 1)
    return Point(year, month, date(4, month, 1), date(4, month, last), here, "month")


def _day(year: int | None, month: int, day: int, end: int) -> Point | None:
    """Give one day, None if the month has no such day."""
    if not 0 < day <= _LENGTHS[month]:
        return None
    return Point(year, month, date(4, month, day), date(4, month, day), end, "day")


_PART_SIGNS = frozenset("年底末内上下第一二三四1234")
_PARTS = (
    (("年年底", "年底", "年末", "底", "末"), 1, 12, "close"),
    (("年内", "内"), 1, 12, "close"),
    (("上半年",), 1, 6, "part"),
    (("下半年",), 7, 12, "part"),
)


def _part(text: str, at: int, year: int | None, *, named_before: bool = False) -> Point | None:
    """Read 年底, 底, 年内, 上半年, 第三季度末."""
    if text[at : at + 1] not in _PART_SIGNS:
        return None
    for words, first, last, shape in _PARTS:
        end = word(text, at, words)
        if end > at and (named_before or len(words[-1]) > 1 or end - at > 1):
            end = word(text, end, ("内",)) if shape == "part" else end
            return Point(year, last, date(4, first, 1), _last(last), end, shape)
    here = at + 1 if text.startswith("第", at) else at
    many = numerals.read(text, here)
    if many and 0 < many[0] <= _MONTHS // 3 and text.startswith("季度", many[1]):
        end = word(text, many[1] + 2, ("末", "底"))
        shape = "close" if end > many[1] + 2 else "part"
        end = word(text, end, ("内",)) if shape == "part" else end
        month = 3 * many[0]
        return Point(year, month, date(4, month - 2, 1), _last(month), end, shape)
    return None


def _last(month: int) -> date:
    """Give the last day of a month in the model year."""
    return date(4, month, _LENGTHS[month])


def _short_years(text: str, at: int) -> Reading | None:
    """Read 2024—2026年, whose first year has no 年 of its own."""
    many = numerals.read(text, at)
    if many is None or many[0] not in YEARS:
        return None
    after = dash(text, many[1])
    last = _year(text, after) if after > many[1] else None
    if last is None or last[0] < many[0]:
        return None
    end = word(text, last[1], ("底", "末"))
    made = Once(date(many[0], 1, 1), date(last[0], 12, 31))
    return Reading(at, end, (made,), last[0], "year", by=False, ranged=True)
