"""Small words of rules.yaml, a time of day, a day, a setting's name, as values."""

import re
from datetime import date, time, timedelta
from typing import NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic_core import PydanticCustomError

from obligations.rules.model import Leave

CLOCK = re.compile(r"([0-9]{1,2})[:：]([0-9]{2})")
DAY = re.compile(r"([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?")
CLOCKS = re.compile(r"\s*[-~～至到—]+\s*")
SPAN = re.compile(r"[~～至到—]")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
SETTING = re.compile(r"\$(?:[A-Za-z_][A-Za-z0-9_]{0,63}|\{[A-Za-z_][A-Za-z0-9_]{0,63}\})")
NUMBER = re.compile(r"[0-9]{1,3}")
ID = re.compile(r"[\w.\-]{1,64}")
LONGEST = 366
MAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(?:\.[^@\s.]{1,63}){1,8}")
RESERVED = ("叫应", "通知")
YES = {"是": True, "否": False, "yes": True, "no": False, "true": True, "false": False}
SANDBOX = ("沙箱", "sandbox")

# What a robot's address or key looks like: such words are never shown again, in no message.
SECRET = re.compile(r"[A-Za-z0-9_\-+/=]{20,}|://|access_token|key=")


def refuse(message: str) -> NoReturn:
    """Raise the error that carries a ready sentence."""
    error = "said"
    raise PydanticCustomError(error, "{said}", {"said": message})


def shown(text: object) -> str:
    """Give ``text`` short enough for a message, and nothing of what may be a secret.

    >>> shown("定期")
    '“定期”'
    """
    if not isinstance(text, str):
        return "一组内容" if text else "空白"
    words = " ".join(text.split())
    if not words:
        return "空白"
    if SECRET.search(words):
        return "一串网址或密钥（不在此显示）"
    return f"“{words[:30]}{'…' if len(words) > 30 else ''}”"  # noqa: PLR2004 - one line of a screen


def told(sentence: str) -> str:
    """Give the sentence unless something in it may be a secret."""
    return "一串网址或密钥（不在此显示）" if SECRET.search(sentence) else sentence


def clock(text: object) -> time:
    """Give the time of day: ``8:30``."""
    if isinstance(text, time):
        return text
    match = CLOCK.fullmatch(text.strip()) if isinstance(text, str) else None
    if match and int(match[1]) < 24 and int(match[2]) < 60:  # noqa: PLR2004 - hours and minutes
        return time(int(match[1]), int(match[2]))
    refuse(f"{shown(text)}不是钟点，请写成 8:30 这样的时间")


def day(text: str) -> date:
    """Give the day: ``2026-10-01`` or ``2026年10月1日``."""
    match = DAY.fullmatch(text.strip())
    if match is None:
        refuse(f"{shown(text)}不是日期，请写成 2026-10-01 这样的日期")
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        refuse(f"{shown(text)}这一天在日历上没有，请核对年月日")


def one_day(value: object) -> date:
    """Give the day that a scalar says."""
    return day(value if isinstance(value, str) else "")


def days(value: object) -> tuple[date, ...]:
    """Give every day of ``2026-10-01~2026-10-07``, or the one day there is.

    >>> len(days("2026-10-01~2026-10-07"))
    7
    """
    first, last = _ends(value)
    return tuple(first + timedelta(n) for n in range((last - first).days + 1))


def leave(value: object) -> Leave:
    """Give the leave of ``2026-12-01至2026-12-05``, or of the one day there is.

    >>> leave("2026-12-01至2026-12-05").last
    datetime.date(2026, 12, 5)
    """
    return value if isinstance(value, Leave) else Leave(*_ends(value))


def _ends(value: object) -> tuple[date, date]:
    ends = SPAN.split(value.strip() if isinstance(value, str) else "", maxsplit=1)
    first, last = day(ends[0]), day(ends[-1].lstrip("~—"))
    if last < first:
        refuse(f"{shown(value)}的末日在首日之前，请把两个日期对调")
    if (last - first).days >= LONGEST:
        refuse(f"{shown(value)}超过一年，请核对年份")
    return first, last


def clock_span(value: object) -> tuple[time, time] | None:
    """Give begin and end of ``20:00-23:00``, which may pass midnight.

    >>> clock_span("22:00-6:00")
    (datetime.time(22, 0), datetime.time(6, 0))
    """
    if value in (None, ""):
        return None
    ends = CLOCKS.split(value.strip()) if isinstance(value, str) else []
    if len(ends) != 2:  # noqa: PLR2004 - begin and end
        refuse(f"{shown(value)}不是一段时间，请写成 20:00-23:00 这样从几点到几点")
    begins, ends_at = clock(ends[0]), clock(ends[1])
    if begins == ends_at:
        refuse(f"{shown(value)}首尾是同一个时刻，请写成 20:00-23:00 这样从几点到几点")
    return begins, ends_at


def yes(value: object) -> bool:
    """Give what 是 or 否 says."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in YES:
        refuse(f"{shown(value)}不是“是”或“否”，请写 是 或 否")
    return YES[word]


MARKS = ("开始", "过半", "过三分之二", "到期")
REMAINING = re.compile(r"剩[1-9]\d?个?工作日")


def mail(text: str) -> str:
    """Give the mail address, if it is one or blank."""
    if not text or MAIL.fullmatch(text):
        return text
    refuse(f"{shown(text)}不是邮箱地址，应当像 zhou@example.cn，请核对")


def mark(text: str) -> str:
    """Give the moment at which a duty is reminded of, if it is one."""
    if text in MARKS or REMAINING.fullmatch(text):
        return text
    words = "、".join(MARKS)
    refuse(f"{shown(text)}不是提醒的时候，应当是 {words} 或 剩5个工作日")


def mobile(text: str) -> str:
    """Give the mobile number, if it is one or blank."""
    digits = text.replace(" ", "").replace("-", "")
    if not digits or MOBILE.fullmatch(digits):
        return digits
    found = f"有{len(digits)}位" if digits.isdigit() else "不全是数字"
    refuse(f"{shown(text)}不是手机号（{found}），应当是以1开头的11位数字，请核对")


def number(value: object) -> int:
    """Give the count of messages: ``5``."""
    if isinstance(value, int):
        return value
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()) and int(value):
        return int(value)
    refuse(f"{shown(value)}不是次数，请写 1 到 999 的整数")


def rule_id(text: str) -> str:
    """Give the id of a rule: short, without blanks, because links and records carry it."""
    if text in RESERVED:
        refuse(f"编号{shown(text)}留给台账里的{text}用，请换一个编号，如 QX-01")
    if ID.fullmatch(text):
        return text
    if not text:
        refuse("编号是空的，请给这一条一个不再改动的编号，如 QX-01")
    refuse(f"编号{shown(text)}只能用文字、数字、“-”“_”“.”，不能有空格，最长64个字，如 QX-01")


def timezone(text: str) -> str:
    """Give the name of the time zone, if there is such a one."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        refuse(f"没有{shown(text)}这个时区，国内请写 Asia/Shanghai")
    return text


def setting(text: str) -> str:
    """Give the setting's name in braces or not as ``$NAME``; '' for anything else.

    >>> setting("${WECOM_WEBHOOK}")
    '$WECOM_WEBHOOK'
    """
    return "$" + text.strip("${}") if SETTING.fullmatch(text) else ""
