"""Lengths of time, read from either end: 10个工作日, 一个月, 半年, 半小时, 15至20日."""

from typing import NamedTuple

from obligations import numerals
from obligations.phrases.tokens import dash, unit
from obligations.schedule import Length, Period


class Stretch(NamedTuple):
    """A length read backwards or forwards."""

    start: int
    end: int
    length: Length
    workdays: bool


def length_back(text: str, stop: int) -> Stretch | None:
    """Read 10个工作日, 一个月, 半年 backwards from its end."""
    for name, period in _LENGTHS:
        if not text.endswith(name, 0, stop):
            continue
        here = stop - len(name)
        if name in ("个月", "个工作日", "工作日", "个小时", "个星期", "个季度", "个半月"):
            pass
        if text[here - 1 : here] == "半" and period in _HALVES:
            at = here - 2 if text.startswith("个半", here - 2) else here - 1
            return Stretch(at, stop, _HALVES[period], workdays=False)
        many = numerals.read_back(text, here)
        if (
            many is None
            or many[0] == 0
            or (name == "月" and text[many[1] : here] not in ("一", "两"))
        ):
            return None
        n, start = many
        joined = start
        while joined > 0 and text[joined - 1] in "至-—－–~～到":
            joined -= 1
        first = numerals.read_back(text, joined) if joined < start else None
        start = first[1] if first else start
        if period is Period.YEAR and n >= _A_CENTURY:
            return None
        return Stretch(start, stop, Length(n, period), workdays="工作日" in name)
    return None


_A_CENTURY = 100
_LENGTHS = (
    ("个工作日", Period.DAY),
    ("工作日", Period.DAY),
    ("个自然日", Period.DAY),
    ("自然日", Period.DAY),
    ("日", Period.DAY),
    ("天", Period.DAY),
    ("分钟", Period.MINUTE),
    ("min", Period.MINUTE),
    ("个小时", Period.HOUR),
    ("小时", Period.HOUR),
    ("h", Period.HOUR),
    ("个月", Period.MONTH),
    ("月", Period.MONTH),
    ("周年", Period.YEAR),
    ("年", Period.YEAR),
    ("个季度", Period.QUARTER),
    ("周", Period.WEEK),
    ("个星期", Period.WEEK),
    ("星期", Period.WEEK),
)


_HALVES = {
    Period.YEAR: Length(1, Period.HALF_YEAR),
    Period.MONTH: Length(1, Period.HALF_MONTH),
    Period.HOUR: Length(30, Period.MINUTE),
    Period.DAY: Length(12, Period.HOUR),
}


def length_ahead(text: str, at: int) -> Stretch | None:
    """Read 3个月, 15日, 10个工作日, 半年 forwards."""
    if text.startswith(("半小时", "半个小时"), at):
        end = text.index("时", at) + 1
        return Stretch(at, end, _HALVES[Period.HOUR], workdays=False)
    if text.startswith("半", at):
        read = unit(text, at)
        return Stretch(at, read[1], Length(1, read[0]), workdays=False) if read else None
    many = numerals.read(text, at)
    if many is None or many[0] == 0:
        return None
    n, here = many
    after = dash(text, here)
    longer = numerals.read(text, after) if after > here else None
    n, here = longer or (n, here)
    for name, period in _LENGTHS:
        if text.startswith(name, here) and not (name == "月" or (name == "年" and n > _A_CENTURY)):
            if text.startswith("年级", here):
                return None
            end = here + len(name)
            return Stretch(at, end, Length(n, period), workdays="工作日" in name)
    return None
