"""A call as somebody asks for it: checked, given an id, written once."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from notifier import calls
from notifier.desk import Desk
from notifier.events import (
    Call,
    Called,
    Fact,
)
from notifier.ledger import call_reads
from obligations.errors import JiaoyingError
from obligations.rules import CallPlan, Ladder

LONGEST_TEXT = 2000
LONGEST_ID = 64  # as the table has it
LONGEST_NAME = 60
MOST_ORDERS = 10
MOST_AT_ONCE = 1000
_LETTERS = "-_."
_SEPARATORS = re.compile(r"[、，,;；\n\t]")


class CallRefused(JiaoyingError):
    """A call that cannot be made as it was asked for, in words for the one who asked."""


@dataclass(frozen=True, slots=True)
class CallRequest:
    """A call as somebody asks for it: a person at the desk, a weather system, a roll call."""

    text: str
    to: tuple[str, ...]
    ladder: str = "紧急"
    id: str = ""
    name: str = ""
    by: str = ""
    orders: tuple[str, ...] = ()


def request_of(plan: CallPlan, by: str, name: str = "") -> CallRequest:
    """Give the request that a ready-made call stands for."""
    return CallRequest(plan.text, plan.to, plan.ladder, name, plan.name, by, plan.orders)


async def open_call(desk: Desk, request: CallRequest) -> tuple[Call, bool]:
    """Make a call; give it and whether it is new: the same id twice is one call.

    Raises `CallRefused` with what is wrong and what to do.
    """
    now = desk.clock.now()
    name = _checked_id(request.id)
    made: list[tuple[Call, bool]] = []

    def work(connection: Connection) -> Sequence[Fact]:
        known = call_reads.find_call(connection, name) if name else None
        if known:
            made.append((known, False))
            return ()
        call = _make(desk, request, name or _fresh_id(connection, desk, now), now)
        made.append((call, True))
        missing = f"，没有叫到：{'、'.join(call.unknown)}" if call.unknown else ""
        reason = f"{call.by}发起，按“{call.ladder.name}”叫{len(call.callees)}人{missing}"
        return (Called(call=call, reason=reason),)

    await asyncio.wrap_future(desk.ledger.write(now, work))
    return made[0]


def _make(desk: Desk, request: CallRequest, name: str, now: datetime) -> Call:
    text, ladder = request.text.strip(), _ladder(desk, request.ladder)
    if not text:
        message = "叫应的内容是空的，请写明出了什么事、要做什么"
        raise CallRefused(message)
    if len(text) > LONGEST_TEXT:
        message = f"叫应的内容太长：最多{LONGEST_TEXT}字，现在{len(text)}字。请只写要马上知道的"
        raise CallRefused(message)
    terms, today = split_words(request.to), desk.hours.today(now)
    callees, unknown = calls.find_callees(desk.office, name, terms, today)
    if not callees:
        words = "、".join(terms) or "（没有写）"
        message = f"“{words}”里没有叫得到的人。请写姓名、单位、职务、标签，或“全体”"
        raise CallRefused(message)
    title = _short(request.name, "名称") or "叫应"
    by = _short(request.by, "发起人") or "办公室"
    orders = _checked_orders(split_words(request.orders))
    return Call(name, title, text, ladder, callees, by, now, orders, unknown)


def split_words(written: Iterable[str]) -> tuple[str, ...]:
    """Give the words that people separate by 、 or commas or lines, each once.

    >>> split_words(["各村、应急办", "何静，何静"])
    ('各村', '应急办', '何静')
    """
    found = (word.strip() for text in written for word in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(word for word in found if word))


def _short(text: str, what: str) -> str:
    found = " ".join(text.split())
    if len(found) > LONGEST_NAME:
        message = f"{what}太长：最多{LONGEST_NAME}字，现在{len(found)}字"
        raise CallRefused(message)
    return found


def _checked_orders(orders: tuple[str, ...]) -> tuple[str, ...]:
    if len(orders) > MOST_ORDERS:
        message = f"指令太多：最多{MOST_ORDERS}条，现在{len(orders)}条"
        raise CallRefused(message)
    return tuple(_short(order, "指令") for order in orders)


def _ladder(desk: Desk, name: str) -> Ladder:
    found = next((one for one in desk.office.ladders if one.name == name), None)
    if found is None:
        known = "、".join(one.name for one in desk.office.ladders)
        message = f"没有叫“{name}”的阶梯。能用的有：{known}"
        raise CallRefused(message)
    return found


def _checked_id(name: str) -> str:
    fits = len(name) <= LONGEST_ID and all(one.isalnum() or one in _LETTERS for one in name)
    if name and not (fits and any(one.isalnum() for one in name)):
        message = f"叫应编号“{name[:20]}”不能用：最多64个字母、汉字、数字或 - _ ."
        raise CallRefused(message)
    return name


def _fresh_id(connection: Connection, desk: Desk, now: datetime) -> str:
    """Give an id that no call has, even where two are made at the same instant."""
    local = desk.hours.local(now)
    stem = f"{local:%Y%m%d-%H%M%S}-{local.microsecond // 1000:03}"
    names = (stem, *(f"{stem}-{number}" for number in range(2, MOST_AT_ONCE)))
    taken = call_reads.known_calls(connection, names)
    return next(name for name in names if name not in taken)
