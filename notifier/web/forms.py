"""What browsers and machines post, read within bounds."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request

LARGEST_FORM = 64 * 1024
MOST_FIELDS = 20
MOST_VALUES = 1000  # the ticks of a list have one name
YEARS = range(1950, 2150)  # what calendars and offices speak of
_UNREADABLE = "提交的内容读不懂，请从提醒消息里重新点开再填"


async def read_fields(request: Request) -> Mapping[str, tuple[str, ...]]:
    """Give a form's fields; raises ValueError with what is wrong in words."""
    body = await _read(request)
    try:
        found = parse_qs(body.decode(), max_num_fields=MOST_VALUES)
    except ValueError:
        raise ValueError(_UNREADABLE) from None
    if len(found) > MOST_FIELDS:
        raise ValueError(_UNREADABLE)
    return {name: tuple(values) for name, values in found.items()}


def one(fields: Mapping[str, tuple[str, ...]], name: str) -> str:
    """Give a field's value without the blanks around it, "" where it is missing."""
    return next(iter(fields.get(name, ())), "").strip()


def read_day(text: str) -> date | None:
    """Give the day, None where none is written; raises ValueError with what is wrong in words.

    >>> read_day("2026-09-30"), read_day("")
    (datetime.date(2026, 9, 30), None)
    """
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if found.year in YEARS:
        return found
    message = f"日期“{text[:20]}”看不懂，请写成 2026-09-30 的样子"
    raise ValueError(message)


def read_amounts(fields: Mapping[str, tuple[str, ...]]) -> tuple[int, ...]:
    """Give the amounts as the form has them; raises ValueError with what is wrong in words."""
    texts = [text.strip() or "0" for text in fields.get("amounts", ())]
    bad = next((text for text in texts if not re.fullmatch("[0-9]{1,6}", text)), None)
    if bad is not None:
        message = f"数量“{bad[:20]}”看不懂，请填整数，如 2"
        raise ValueError(message)
    return tuple(map(int, texts))


async def read_json(request: Request) -> Mapping[str, Any]:
    """Give the object that was posted; raises ValueError with what is wrong in words."""
    body = await _read(request)
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        message = '请求的内容不是 JSON。应当是 {"text": "…", "to": ["…"]}'
        raise ValueError(message) from None
    if not isinstance(found, dict):
        message = '请求的内容应当是一个 JSON 对象，如 {"text": "…", "to": ["…"]}'
        raise ValueError(message)  # noqa: TRY004 what was posted is wrong, not our types
    return found


async def _read(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            message = "填写的内容太长，请缩短说明后再提交"
            raise ValueError(message)
    return body
