"""Lengths of time in rules.yaml: 90秒, 5分钟, 半小时, 1小时30分."""

import re
import unicodedata
from datetime import timedelta
from itertools import pairwise

from obligations.numerals import number
from obligations.rules.values import refuse, shown

LENGTH = re.compile(
    "(半|[0-9]{1,5}|[一二两三四五六七八九十百]{1,5})个?(半?)(秒|分|小时|钟头|天)钟?(半?)"
)
SECONDS = {"秒": 1, "分": 60, "小时": 3600, "钟头": 3600, "天": 86400}
EXPECTED = "请写成 90秒、5分钟、2小时 这样的时长"
WIDEST = 40
LONGEST = timedelta(days=30)
NEVER = "无"


def length(value: object) -> timedelta:
    """Give the length of time: ``100秒``, ``5分钟``, ``半小时``, ``1小时30分``.

    >>> length("半小时")
    datetime.timedelta(seconds=1800)
    """
    found = wait(value)
    if not found:
        refuse(f"{shown(value)}等于没有，应当大于0，{EXPECTED}")
    return found


def wait(value: object) -> timedelta:
    """Give a length of time that may be none at all: ``0秒``."""
    if isinstance(value, timedelta):
        return value
    text = value if isinstance(value, str) and len(value) <= WIDEST else ""
    text = "".join(unicodedata.normalize("NFKC", text).split())
    if text.isdigit():
        refuse(f"{shown(value)}没有单位，{EXPECTED}")
    parts = LENGTH.findall(text)
    sizes = [SECONDS[unit] for _, _, unit, _ in parts]
    whole = bool(parts) and not LENGTH.sub("", text) and "半天" not in text
    if not whole or any(size <= after for size, after in pairwise(sizes)):
        refuse(f"{shown(value)}不是时长，{EXPECTED}")
    found = sum((_measured(*part) for part in parts), timedelta())
    if found > LONGEST:
        refuse(f"{shown(value)}超过30天，请核对")
    return found


def _measured(count: str, half: str, unit: str, more: str) -> timedelta:
    whole = 0.5 if count == "半" else number(count) or 0
    return (whole + bool(half or more) / 2) * timedelta(seconds=SECONDS[unit])


def spoken(span: timedelta) -> str:
    """Give a length of time in words.

    >>> spoken(timedelta(seconds=260))
    '4分20秒'
    """
    left, words = int(span.total_seconds()), ""
    for unit, size in (("天", 86400), ("小时", 3600), ("分", 60), ("秒", 1)):
        count, left = divmod(left, size)
        words += f"{count}{unit}" if count else ""
    return words + "钟" if words.endswith("分") else words or "0秒"


def follow_up(value: object) -> timedelta | None:
    """Give how long after an answer something is to have been done; 无 is never."""
    return None if value in (None, "", NEVER) else length(value)
