"""The part of a day that a phrase names: 上午, 下午, 9时, 下午3点, 17:00."""

import re
import unicodedata
from datetime import timedelta

_FORENOON = ("上午", "早上", "早晨")
_AFTERNOON = ("下午", "傍晚", "晚上", "夜间")
_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_TEN = 10
_NOON = timedelta(hours=12)
_DAY = timedelta(hours=24)
_TIME = re.compile(
    rf"({'|'.join(_FORENOON + _AFTERNOON)})?"
    r"([0-9]{1,2}|[零一二两三四五六七八九十]{1,3})(?:时|点钟|点|:([0-5]?[0-9]))"
)


def part_of_day(part: str) -> tuple[timedelta, timedelta]:
    """Give where the part begins and ends, counted from midnight; the whole day if it is unread.

    A time of day ends what is owed. Words like 傍晚 only say which half of the day it is.

    >>> [str(end) for end in part_of_day("下午3时")]
    ['12:00:00', '15:00:00']
    """
    if part in _FORENOON:
        return timedelta(), _NOON
    if part in _AFTERNOON:
        return _NOON, _DAY
    found = _TIME.fullmatch(unicodedata.normalize("NFKC", part))
    if not found:
        return timedelta(), _DAY
    half, hour, minute = found.groups()
    late = half in _AFTERNOON
    end = timedelta(hours=_hour(hour), minutes=int(minute or 0))
    end = end + _NOON if late and end < _NOON else end
    if not timedelta() < end <= _DAY:
        return timedelta(), _DAY
    return (_NOON if late and end > _NOON else timedelta()), end


def _hour(text: str) -> int:
    """Read 9, 九, 十二, 二十三."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_DIGITS.get(tens, 1) * _TEN if ten else 0) + _DIGITS.get(ones, 0)
