"""Who will do it and what, in one clause: handing over (由小李办) and arranging (派老王去转移)."""

from functools import lru_cache
from typing import NamedTuple

from notifier.replies.model import Context
from notifier.replies.people import is_person, is_place, is_self
from notifier.replies.times import find_time
from notifier.replies.words import handing

_SHORTEST_NAME = 2
_LONGEST_NAME = 16
_REMEMBERED = 64  # the clauses of one reply, which are looked at more than once
_HANDING = frozenset("由委拜授让叫请喊移转交派分推")  # what every word of handing over has one of


class Owner(NamedTuple):
    """Where the owner stands, where his action starts, whether it is his now, or he is sent."""

    start: int
    end: int
    action: int
    handed_over: bool
    sent: bool = False


def hands_over(clause: str, context: Context) -> bool:
    """Say whether the clause gives the matter to somebody else.

    >>> hands_over("由小李办", Context.DUTY), hands_over("安排专人去办", Context.DUTY)
    (True, False)
    """
    owner = find_owner(clause, context)
    return owner is not None and owner.handed_over


@lru_cache(maxsize=_REMEMBERED)
def find_owner(clause: str, context: Context) -> Owner | None:
    """Give the owner that a clause names, or None."""
    return _given(clause) or _arranged(clause, context) or _acting(clause)


def _given(clause: str) -> Owner | None:
    """Read 由小李办, 转给经发办, 小李负责, 请找经发办."""
    mine = None
    for marker in () if _HANDING.isdisjoint(clause) else handing.HAND_OVER:
        found = marker.search(clause)
        if found and handing.MATERIAL.search(clause, 0, found.start()):
            continue
        owner = _behind(clause, found.end()) if found else None
        if owner and owner.handed_over:
            return owner
        mine = mine or owner
    found = handing.RESPONSIBLE.search(clause)
    if found and is_person(found["owner"]):
        return Owner(*found.span("owner"), found.end(), handed_over=False)
    for pattern in (handing.TAKES_OVER, handing.GIVEN_TO, handing.ASK_OTHER):
        found = pattern.search(clause)
        owner = _named(clause, *found.span("owner")) if found else None
        if owner and owner.handed_over:
            return owner
        mine = mine or owner
    return mine


def _behind(clause: str, start: int) -> Owner | None:
    """Give the first name or role behind a word such as 由, ending where a task may begin."""
    if clause[start : start + 1] in {"给", "由", "到", "至"}:
        start += 1
    for task in handing.TASK.finditer(clause, start + 1, start + _LONGEST_NAME):
        owner = _named(clause, start, task.start())
        if owner:
            return owner
    return None


def _named(clause: str, start: int, end: int) -> Owner | None:
    """Give the owner if this is a name or role, or the writer himself."""
    start, end = _trimmed(clause, start, end)
    name = clause[start:end]
    if is_person(name):
        return Owner(start, end, end, handed_over=True)
    return Owner(start, end, end, handed_over=False) if is_self(name) else None


def _arranged(clause: str, context: Context) -> Owner | None:
    """Read 安排张三17点前到位; in a call that is a measure taken and no handing over."""
    found = handing.ARRANGE.search(clause)
    owner = _behind(clause, found.end()) if found else None
    if owner is None or (found and found[0] == "通知" and owner.end == len(clause)):
        return None
    generic = handing.GENERIC.fullmatch(clause, owner.end) is not None
    handed = generic or context not in (Context.CALL, Context.CALL_MANY)
    return owner._replace(handed_over=owner.handed_over and handed, sent=True)


def _acting(clause: str) -> Owner | None:
    """Read 张三带队转移, 我马上去."""
    for found in handing.SUBJECT.finditer(clause, 1, _LONGEST_NAME):
        start, end = _trimmed(clause, 0, found.start())
        name = clause[start:end]
        if is_self(name) or (is_person(name) and not is_place(name)):
            return Owner(start, end, end, handed_over=False)
    return None


def _trimmed(clause: str, start: int, end: int) -> tuple[int, int]:
    """Leave out what stands around a name: 我们村的小李, 小李明天."""
    while (lead := handing.LEAD.match(clause, start, end - _SHORTEST_NAME)) and lead.end() > start:
        start = lead.end()
    when = find_time(clause[start:end])
    if when and start + when[1] == end:
        end = start + when[0]
    for tail in ("马上", "立即", "同志去", "他们", "一起", "现在", "直接", "赶紧"):
        if clause.endswith(tail, start, end):
            end -= len(tail)
    return start, end


def hands_over_plainly(clause: str) -> bool:
    """Say whether it is given away (由小李办) and not only said who does it (小李负责)."""
    return any(marker.search(clause) for marker in handing.HAND_OVER)
