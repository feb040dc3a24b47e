"""The parts that a reply names: owner, action, time and date, cut out of its own words."""

import re
from dataclasses import dataclass

from notifier.replies.clauses import Clause, Says
from notifier.replies.model import Context, ReplyKind
from notifier.replies.owners import find_owner
from notifier.replies.times import SPAN, find_time, is_past
from notifier.replies.words import declining

_NAMING = (ReplyKind.HEARD, ReplyKind.DELEGATED, ReplyKind.DONE)
_TELLING = (Says.PLAN, Says.UNFINISHED, Says.DONE, Says.DELEGATED)
_SILENT = (Says.QUESTION, Says.NEGATED, Says.TALK, Says.FILLER)
_LEAD = re.compile(
    r"(?:我们|我村|我镇|我|本人|现在|目前|已经|已|正在|正|马上|立即|立刻|尽快|抓紧|赶紧|赶快|这就|将|会|准备|打算|计划|拟|预计|争取|力争|保证|确保|肯定|一定|尽量|都|全部|均|去|来|就|也|一定会|会在|能|可以|要|再|在|先|安排|负责|具体|全权|可|于)*"
)
_TAIL = re.compile(r"(?:完毕|完成|完|好|了|掉|过|一下|下|吧|啦|的|咯|哈|啊|毕|中|呢)*[~ ]*$")
_INSTEAD = re.compile(
    r"^(?:代|替|帮)(?P<name>[\u4e00-\u9fff]{2,4}?)(?:收到|回复|答复|回|签收|确认|报|已)"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What is named, in the reply's own words."""

    owner: str | None = None
    action: str | None = None
    by: str | None = None
    date: str | None = None
    instead_of: str | None = None


def find_parts(typed: str, clauses: list[Clause], kind: ReplyKind, context: Context) -> Parts:
    """Give the parts that belong to a reply of this kind."""
    if kind is ReplyKind.POSTPONED:
        return Parts(date=_new_date(typed, clauses))
    if kind not in _NAMING:
        return Parts()
    telling = [clause for clause in clauses if clause.says >= Says.FRAGMENT]
    when = _time(typed, telling, kind)
    owner, action = _owner_and_action(typed, telling, context)
    done = kind is ReplyKind.DONE
    past = done or (when is not None and is_past(when))
    return Parts(
        owner=owner,
        action=action,
        by=None if past else when,
        date=when if done else None,
        instead_of=_instead_of(typed, clauses),
    )


def _time(typed: str, clauses: list[Clause], kind: ReplyKind) -> str | None:
    """Give the last time named in a clause that says what will be done, or was."""
    for clause in reversed(clauses):
        if clause.says in _SILENT or (kind is ReplyKind.DONE and clause.says is not Says.DONE):
            continue
        place = find_time(clause.text)
        if place and (kind is ReplyKind.DONE or clause.text[place[1] : place[1] + 1] != "的"):
            return _cut(typed, clause, *place)
    return None


def _new_date(typed: str, clauses: list[Clause]) -> str | None:
    """Give the day to which it is put off, which is no day that cannot be kept (周五前办不完)."""
    for clause in reversed(clauses):
        if clause.says in _SILENT:
            continue
        missed = declining.MISSED.search(clause.text)
        place = find_time(clause.text, missed.end() if missed else _asked_from(clause.text))
        place = place or (None if missed else find_time(clause.text))
        if place:
            return _cut(typed, clause, *place)
        span = SPAN.search(clause.text) if clause.says is Says.POSTPONED else None
        if span:
            return _cut(typed, clause, *span.span())
    return None


def _asked_from(text: str) -> int:
    """Give where the words behind 推到 begin, so that 今天推到明天 gives 明天."""
    asked = declining.PUT_TO.search(text)
    return asked.end() if asked else 0


def _owner_and_action(
    typed: str, clauses: list[Clause], context: Context
) -> tuple[str | None, str | None]:
    """Give who does it and what, from the clause that says most."""
    action = None
    for clause in sorted(clauses, key=lambda clause: -clause.says):
        if clause.says not in _TELLING:
            continue
        owner = find_owner(clause.text, context)
        if owner:
            return (
                _cut(typed, clause, owner.start, owner.end),
                _action(typed, clause, owner.action),
            )
        action = action or _action(typed, clause, 0)
    return None, action


def _action(typed: str, clause: Clause, at: int) -> str | None:
    """Give what is done: the clause without owner, time and small words."""
    text = clause.text
    place = find_time(text, at)
    start, end = at, len(text.rstrip("?"))
    if place:
        start, end = (place[1], end) if end - place[1] > place[0] - at else (at, place[0])
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead else start
    if start >= end:
        return None
    tail = _TAIL.search(text, start, end)
    shorter = tail.start() if tail else end
    return _cut(typed, clause, start, shorter if shorter > start else end) or None


def _cut(typed: str, clause: Clause, start: int, end: int) -> str:
    return typed[clause.start + start : clause.start + end].strip()


def _instead_of(typed: str, clauses: list[Clause]) -> str | None:
    for clause in clauses:
        found = _INSTEAD.match(clause.text)
        if found:
            return _cut(typed, clause, *found.span("name"))
    return None
