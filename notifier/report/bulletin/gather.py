"""What bulletins are made from: the stored standings, read in one pass and no deeper than needed.

A hundred thousand duties are read in about a second, so nothing is validated that is not used; a
row that cannot be read is counted, and the bulletin says so.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import NotRequired

from pydantic import TypeAdapter
from sqlalchemy import Connection, or_, select
from typing_extensions import TypedDict

from notifier.calls import CallStanding
from notifier.events import AnswerKind, Call
from notifier.hours import Hours
from notifier.ledger.call_reads import callees_of
from notifier.ledger.projection import load_call, load_standing
from notifier.ledger.reads import SETTLED
from notifier.ledger.schema import call, stamp, standing, told
from notifier.standing import State

_MEETING = (AnswerKind.DONE.value, AnswerKind.NOTHING.value)
_OFF = (State.WITHDRAWN.value, State.WAIVED.value)
WEEKS = 5  # of messages: the last one, and four to compare it with
_ONE = timedelta(days=1)
_QUARTERS = ("00", "15", "30", "45")


class _Duty(TypedDict):
    key: str
    rule: str
    matter: str
    source: NotRequired[str]
    bearer: str
    unit: str
    opens: str
    closes: str
    need: int
    objects: NotRequired[list[str]]
    amounts: NotRequired[list[object]]


class _Answer(TypedDict):
    at: str
    answer: str
    on: NotRequired[str | None]
    until: NotRequired[str | None]
    counts: NotRequired[bool]


class _Stored(TypedDict):
    """What of a stored standing is looked at; the rest is passed over unread."""

    duty: _Duty
    answers: list[_Answer]
    told_at: NotRequired[str | None]
    undelivered: NotRequired[str]
    refused_at: NotRequired[str | None]


_STORED: TypeAdapter[_Stored] = TypeAdapter(_Stored)


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty as bulletins count it, as of the day of the bulletin.

    ``due`` is the day of the rule, ``until`` the day asked for instead; ``finished`` the day on
    which the last of the ``need`` reports was done.
    """

    key: str
    rule: str
    matter: str
    source: str
    bearer: str
    unit: str
    opens: date
    due: date
    until: date
    need: int
    done: int
    finished: date | None
    is_told: bool
    is_answered: bool
    trouble: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that a bulletin of a day can speak of."""

    on: date
    owed: tuple[Owed, ...]
    calls: tuple[tuple[Call, tuple[CallStanding, ...]], ...]
    messages: Mapping[tuple[str, date], int]
    unreadable: int


def gather(connection: Connection, hours: Hours, since: date, on: date) -> Gathered:
    """Give the duties that were due since a day or are open, as they stood when ``on`` ended."""
    owed, unreadable = _owed(connection, hours, since, on)
    calls = tuple(_calls(connection, hours, since, on))
    return Gathered(on, owed, calls, _messages(connection, hours, on), unreadable)


def _owed(
    connection: Connection, hours: Hours, since: date, on: date
) -> tuple[tuple[Owed, ...], int]:
    recent = standing.c.closes > since.isoformat()
    query = (
        select(standing.c.state, standing.c.body)
        .where(or_(standing.c.state.not_in(SETTLED), recent))
        .where(standing.c.state.not_in(_OFF))
    )
    local, last = _reader(hours), on.isoformat()
    found, unreadable = [], 0
    for state, body in connection.execution_options(yield_per=2000).execute(query):
        try:
            content = _STORED.validate_json(body)
            if content["duty"]["opens"][:10] > last:
                continue
            one = _read(content, state, on, local)
            listed = content["duty"].get("objects") or content["duty"].get("amounts")
            found.append(_recount(one, body, on, hours) if listed else one)
        except ValueError:
            unreadable += 1
    found.sort(key=attrgetter("key"))  # the database would copy every body to do it
    return tuple(found), unreadable


def _reader(hours: Hours) -> Callable[[str], date]:
    """Give what turns a stored instant into the office's day: no day begins within a quarter."""

    @lru_cache(maxsize=40_000)
    def day(quarter: str) -> date:
        return hours.today(datetime.fromisoformat(f"{quarter}:00+00:00"))

    def local(text: str) -> date:
        if text.endswith("Z"):
            return day(f"{text[:14]}{_QUARTERS[int(text[14:16]) // 15]}")
        return hours.today(datetime.fromisoformat(text))

    return local


def _read(content: _Stored, state: str, on: date, local: Callable[[str], date]) -> Owed:
    duty = content["duty"]
    answers = [one for one in content["answers"] if local(one["at"]) <= on]
    met = [one for one in answers if one.get("counts", True) and one["answer"] in _MEETING]
    need, due = duty["need"], _due(duty["closes"])
    last = met[need - 1] if 0 < need <= len(met) else None
    said = last and (last.get("on") or local(last["at"]).isoformat())
    return Owed(
        key=duty["key"],
        rule=duty["rule"],
        matter=duty["matter"],
        source=duty.get("source", ""),
        bearer=duty["bearer"],
        unit=duty["unit"],
        opens=_day(duty["opens"][:10]),
        due=due,
        until=_until(content, answers, due) if state == State.POSTPONED.value else due,
        need=need,
        done=len(met),
        finished=_day(said) if said else None,
        is_told=content.get("told_at") is not None,
        is_answered=bool(answers),
        trouble=content.get("undelivered", ""),
    )


def _recount(one: Owed, body: str, on: date, hours: Hours) -> Owed:
    """Count what asks for amounts or objects as its own standing does, answer by answer."""
    now = load_standing(body)
    known = [each for each in now.answers if hours.today(each.at) <= on]
    then = dataclasses.replace(now, answers=tuple(known))
    for count, each in enumerate(known, start=1):
        if dataclasses.replace(then, answers=tuple(known[:count])).state is State.DONE:
            finished = each.on or hours.today(each.at)
            return dataclasses.replace(one, done=then.done, finished=finished)
    return dataclasses.replace(one, done=then.done, finished=None)


def _until(content: _Stored, answers: list[_Answer], due: date) -> date:
    """Give the day asked for last; what was refused counts no more."""
    refused = content.get("refused_at") or ""
    asked = [
        one.get("until")
        for one in answers
        if one["answer"] == AnswerKind.POSTPONED.value and one["at"] > refused
    ]
    return max(due, _day(asked[-1])) if asked and asked[-1] else due


@lru_cache(maxsize=10_000)
def _day(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache(maxsize=10_000)
def _due(closes: str) -> date:
    return (datetime.fromisoformat(closes) - datetime.resolution).date()


def _calls(
    connection: Connection, hours: Hours, since: date, on: date
) -> Iterator[tuple[Call, tuple[CallStanding, ...]]]:
    first = stamp(hours.instant(datetime.combine(since, time())))
    after = stamp(hours.instant(datetime.combine(on + _ONE, time())))
    rows = connection.execute(
        select(call.c.body)
        .where(call.c.begun >= first, call.c.begun < after)
        .order_by(call.c.begun)
    )
    for body in rows.scalars().all():
        begun = load_call(body)
        yield begun, callees_of(connection, begun.id)


def _messages(connection: Connection, hours: Hours, on: date) -> dict[tuple[str, date], int]:
    """Count the messages about duties by person and the Monday of their week."""
    monday = on - timedelta(days=on.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    begins = stamp(hours.instant(datetime.combine(first, time())))
    after = stamp(hours.instant(datetime.combine(on + _ONE, time())))
    rows = connection.execute(
        select(told.c.person, told.c.at).where(told.c.at >= begins, told.c.at < after)
    )
    counts: dict[tuple[str, date], int] = {}
    local = _reader(hours)
    for person, at in rows:
        day = local(at)
        which = (person, day - timedelta(days=day.weekday()))
        counts[which] = counts.get(which, 0) + 1
    return counts
