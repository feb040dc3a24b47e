"""What bulletins are made from: the stored standings, read in one pass and no deeper than needed.

A hundred thousand duties are read in about a second, so nothing is validated that is not used; a
row that cannot be read is counted, and the bulletin says so.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from sys import intern
from typing import Any

from sqlalchemy import Connection, or_, select

from notifier.calls import CallStanding
from notifier.events import AnswerKind, Call
from notifier.hours import Hours
from notifier.ledger.call_reads import callees_of
from notifier.ledger.projection import load_call
from notifier.ledger.reads import SETTLED
from notifier.ledger.schema import call, instant, stamp, standing, told
from notifier.standing import State

_MEETING = (AnswerKind.DONE.value, AnswerKind.NOTHING.value)
_OFF = (State.WITHDRAWN.value, State.WAIVED.value)
WEEKS = 5  # of messages: the last one, and four to compare it with
_ONE = timedelta(days=1)


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
        .order_by(standing.c.key)
    )
    local, last = _reader(hours), on.isoformat()
    found, unreadable = [], 0
    for state, body in connection.execution_options(yield_per=2000).execute(query):
        try:
            content = json.loads(body)
            if content["duty"]["opens"][:10] <= last:
                found.append(_read(content, state, on, local))
        except (ValueError, KeyError, TypeError):
            unreadable += 1
    return tuple(found), unreadable


def _reader(hours: Hours) -> Callable[[str], date]:
    @lru_cache(maxsize=10_000)
    def local(text: str) -> date:
        return hours.today(datetime.fromisoformat(text))

    return local


def _read(content: Mapping[str, Any], state: str, on: date, local: Callable[[str], date]) -> Owed:
    duty = content["duty"]
    answers = [one for one in content["answers"] if local(one["at"]) <= on]
    met = [one for one in answers if one["counts"] and one["answer"] in _MEETING]
    need, due = duty["need"], _due(duty["closes"])
    last = met[need - 1] if 0 < need <= len(met) else None
    said = last and (last["on"] or local(last["at"]).isoformat())
    return Owed(
        key=duty["key"],
        rule=intern(duty["rule"]),
        matter=intern(duty["matter"]),
        source=intern(duty["source"]),
        bearer=intern(duty["bearer"]),
        unit=intern(duty["unit"]),
        opens=_day(duty["opens"][:10]),
        due=due,
        until=_until(content, answers, due) if state == State.POSTPONED.value else due,
        need=need,
        done=len(met),
        finished=_day(said) if said else None,
        is_told=content["told_at"] is not None,
        is_answered=bool(answers),
        trouble=content["undelivered"],
    )


def _until(content: Mapping[str, Any], answers: list[Mapping[str, Any]], due: date) -> date:
    """Give the day asked for last; what was refused counts no more."""
    refused = content.get("refused_at") or ""
    asked = [
        one["until"]
        for one in answers
        if one["answer"] == AnswerKind.POSTPONED.value and one["until"] and one["at"] > refused
    ]
    return max(due, _day(asked[-1])) if asked else due


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
    mondays: dict[str, date] = {}
    for person, at in rows:
        hour = at[:13]
        if hour not in mondays:
            day = hours.today(instant(f"{hour}:00:00+00:00").astimezone(UTC))
            mondays[hour] = day - timedelta(days=day.weekday())
        which = (person, mondays[hour])
        counts[which] = counts.get(which, 0) + 1
    return counts
