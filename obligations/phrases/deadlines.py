"""Dates in running text that are somebody's deadline."""

from calendar import monthrange
from dataclasses import replace
from datetime import date

from obligations import numerals
from obligations.numerals import ARABIC, CHINESE
from obligations.phrases import dates
from obligations.phrases.days import days
from obligations.phrases.mention import Look, Mention, Reader
from obligations.phrases.recurring import COMMAS
from obligations.phrases.tokens import REACH, ahead, word_back
from obligations.schedule import Day, Edge, Once, Period, Quota, Undetermined


def read(look: Look) -> list[Mention]:
    """Give the deadlines whose first 年 or 月 stands at a place."""
    text, at, done = look.text, look.at, look.done
    start, year = _start(text, at, look.year)
    if start < done or text[start - 1 : start] in ("每", "第"):
        return []
    next_year = word_back(text, start, _NEXT_YEAR)
    if next_year < start:
        return _following(text, next_year, start, Period.YEAR)
    reading = dates.reading(text, start, year)
    if reading is None:
        return _next_month(text, at) if text[at] == "月" else []
    start = _led(text, start)
    duty = (reading.end, ahead(text, reading.end, COMMAS))
    if reading.missing:
        phrase = text[start : reading.end]
        schedule = Undetermined(phrase, f"“{phrase}”缺少年份；请写明是哪一年。")
        return [Mention(start, reading.end, schedule, start, reading.end, duty)]
    made = reading.schedules
    if text[start - 1 : start] in ("至", "到") and len(made) == 1 and reading.shape == "day":
        made = (Once(None, made[0].end, made[0].end_event),)
    return [Mention(start, reading.end, once, start, reading.end, duty) for once in made]


def _next_month(text: str, at: int) -> list[Mention]:
    """Read 次月5日前 at its 月."""
    start = at - 1 if text[at - 1 : at] in ("次", "下") else at
    return _following(text, start, at + 1, Period.MONTH) if start < at else []


def _following(text: str, start: int, at: int, period: Period) -> list[Mention]:
    """Give the quota of a day in the next period, said at the head of its clause: 次年1月15日前."""
    when = days(text, at, period)
    if when is None or (start and text[start - 1] not in "，。；、应当须于在要\t\n"):
        return []
    later = tuple(replace(day, following=True) for day in when.days)
    quota = Quota(period, days=later, edge=when.edge)
    return [
        Mention(start, when.end, quota, start, when.end, (when.end, ahead(text, when.end, COMMAS)))
    ]


_NEXT_YEAR = ("次年的", "次年度", "次年", "翌年", "下一年度", "下一年", "下年度", "下年", "第二年")


_BEFORE = "".join(sorted((*ARABIC, *CHINESE, *"今本明当次下翌")))
# A 年 or 月 is no date unless a number or 今 stands before it or 底 behind it.
AROUND = rf"(?:(?<=[{_BEFORE}].)|(?=[底末内半]|年底))"


def _start(text: str, at: int, year: int | None) -> tuple[int, int | None]:
    """Give where the date begins whose 年 or 月 is at a place, and the year that it is in."""
    if text[at] in "上下":
        return at, year
    before = text[at - 1 : at]
    if before in ("今", "本", "当") and at:
        return (at - 1, year) if text[at] == "年" else (at, year)
    if before == "明" and text[at] == "年":
        return at + 1, None if year is None else year + 1
    end = at
    if text[at] == "季" and (back := numerals.read_back(text, at)):
        return back[1] - (text[back[1] - 1 : back[1]] == "第"), year
    back = numerals.read_back(text, end)
    if back is None:
        return at, year
    start = back[1]
    # 6、9、12月底前, 2024—2026年, 6月1日至10日: step back over the list or the range.
    limit = at - REACH
    while start > max(1, limit) and text[start - 1] in "、-—－–~～至":
        more = numerals.read_back(text, start - 1)
        if more is None:
            break
        start = more[1]
    return start, year


def _led(text: str, start: int) -> int:
    """Take 自 and 从 into the phrase."""
    return start - 1 if text[start - 1 : start] in ("自", "从") and start else start


def returning(text: str, found: list[Mention]) -> list[Mention]:
    """Give dates of a sentence that 每年 rules as days of every year: 每年…，6月底前总结.

    A share of the year's number (上半年、下半年各1次, 其中第二季度不少于40家) owes nothing more.
    """
    more: list[Mention] = []
    for mention in found:
        once = mention.schedule
        if not isinstance(once, Once) or once.end is None or named_year(text, mention):
            more.append(mention)
        elif not (text.startswith("各", mention.tail) or text.endswith("其中", 0, mention.head)):
            more.append(mention._replace(schedule=_yearly(once, once.end)))
    return more


def _yearly(once: Once, end: date) -> Quota:
    """Give the quota of a window that comes back every year."""
    closes = end.day == monthrange(end.year, end.month)[1]
    if once.start is not None and once.start == end.replace(day=1) and closes:
        return Quota(Period.YEAR, days=(Day(end.month),))
    day = Day(end.month, -1 if closes else end.day)
    return Quota(Period.YEAR, days=(day,), edge=Edge.ON if once.start == end else Edge.BY)


def named_year(text: str, mention: Mention) -> int | None:
    """Give the year that a mention names, None if it names none."""
    if not isinstance(mention.schedule, Once):
        return None
    place = text.find("年", mention.head, mention.tail)
    back = numerals.read_back(text, place) if place > 0 else None
    return back[0] if back and back[0] in dates.YEARS else None


READERS: dict[str, Reader] = dict.fromkeys(("年", "月", "上半年", "下半年", "季度"), read)
