"""What waits, what is under way, and how often each lane has sent: folded from the facts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from notifier.events import (
    Abandoned,
    Announced,
    Answered,
    Dropped,
    Escalated,
    Failed,
    Handed,
    Queued,
    Released,
    Rerouted,
    Revised,
    Sending,
    Sent,
    Waived,
    Withdrawn,
    encode,
)
from notifier.ledger.chain import Entry
from notifier.ledger.rows import Row, remove, upsert
from notifier.ledger.schema import departure, lane, message, stamp, waiting
from notifier.messages import Topic

LEASE = timedelta(seconds=30)  # longer than any HTTP timeout, so that nobody sends beside us
BUDGET_MEMORY = timedelta(days=1)  # no platform counts further back
PART_MARK = "·"  # 第2次叫应·3 is the third piece of a long text
NOTICES = "通知/"  # how the keys of notices begin
RANKS = MappingProxyType({Topic.CALL: 0, Topic.NOTICE: 1, Topic.DUTY: 2})

_Names = tuple[str, str, str, str]  # key, stage, lane, person

_RETRY = (
    update(message)
    .where(message.c.code == bindparam("is_code"))
    .values(ready_at=bindparam("at"), doubtful=bindparam("doubt"))
)
_FORGET = departure.delete().where(
    (departure.c.lane == bindparam("is_lane")) & (departure.c.at < bindparam("before"))
)


def project_outbox(connection: Connection, alike: Sequence[Entry]) -> None:
    """Bring the outbox up to date with entries of one kind."""
    projector = _PROJECTORS.get(type(alike[0].fact))
    if projector:
        projector(connection, alike)


def _queue(connection: Connection, alike: Sequence[Entry]) -> None:
    """Put reminders in line; of a duty only the latest stage waits."""
    queued = [(one, one.fact) for one in alike if isinstance(one.fact, Queued)]
    duties = {fact.key: (one, fact) for one, fact in queued if not fact.role}
    rings = [(one, fact) for one, fact in queued if fact.role]
    remove(connection, waiting, [{"key": key} for key in duties])
    upsert(connection, waiting, [_queued_row(*each) for each in (*duties.values(), *rings)])


def _queued_row(one: Entry, fact: Queued) -> Row:
    is_notice = fact.key.startswith(NOTICES)
    topic = Topic.CALL if fact.role else Topic.NOTICE if is_notice else Topic.DUTY
    _, _, part = fact.stage.partition(PART_MARK)
    names = (fact.key, fact.stage, fact.lane, fact.person)
    return _row(one, topic, names, role=fact.role, part=int(part or 1) - 1, alone=fact.alone)


def _escalate(connection: Connection, alike: Sequence[Entry]) -> None:
    """Put a strike's rings in line; of the strikes before it nothing waits any more."""
    for one in alike:
        if isinstance(one.fact, Escalated):
            remove(connection, waiting, [{"key": key} for key in one.fact.keys])
            upsert(connection, waiting, list(_ring_rows((one,))))


def _ring_rows(alike: Sequence[Entry]) -> Iterator[Row]:
    for one in alike:
        if isinstance(one.fact, Escalated | Rerouted):
            for ring in one.fact.rings:
                stage = (
                    f"{one.fact.stage}{PART_MARK}{ring.part + 1}" if ring.part else one.fact.stage
                )
                names = (ring.key, stage, ring.lane, ring.person)
                row = _row(one, Topic.CALL, names, role=ring.role.value, part=ring.part)
                due = one.fact.asked_at if isinstance(one.fact, Escalated) else None
                yield {**row, "asked_at": stamp(due)} if due else row


def _announce(connection: Connection, alike: Sequence[Entry]) -> None:
    found = [(one, one.fact) for one in alike if isinstance(one.fact, Announced)]
    rows = [
        _row(one, Topic.NOTICE, (fact.key, "通知", fact.lane, fact.person)) for one, fact in found
    ]
    remove(connection, waiting, [{"key": row["key"], "person": row["person"]} for row in rows])
    upsert(connection, waiting, rows)  # it waits for one lane only, the one that was named last


def _row(one: Entry, topic: Topic, names: _Names, **more: str | int | bool) -> Row:
    key, stage, lane_name, person = names
    return {
        "key": key,
        "stage": stage,
        "lane": lane_name,
        "person": person,
        "rank": RANKS[topic],
        "reason": getattr(one.fact, "reason", ""),
        "asked_at": stamp(one.at),
        "role": "",
        "part": 0,
        "alone": False,
        **more,
    }


def _settle(connection: Connection, alike: Sequence[Entry]) -> None:
    """Take what was answered, withdrawn or released out of the line."""
    rows = []
    for one in alike:
        match one.fact:
            case Answered(key=key, counts=False, person=person):
                remove(connection, waiting, [{"key": key, "person": person}])
            case Answered(key=key) | Withdrawn(key=key) | Handed(key=key) | Waived(key=key):
                rows.append({"key": key})
            case Revised(duty=duty):
                rows.append({"key": duty.key})
            case Released(keys=keys):
                rows += [{"key": key} for key in keys]
    remove(connection, waiting, rows)


def _drop(connection: Connection, alike: Sequence[Entry]) -> None:
    dropped = [one.fact for one in alike if isinstance(one.fact, Dropped)]
    rows = [{"key": fact.key, "stage": fact.stage} for fact in dropped if not fact.lane]
    remove(connection, waiting, rows)
    here = [{"key": f.key, "stage": f.stage, "lane": f.lane} for f in dropped if f.lane]
    remove(connection, waiting, here)


def _reroute(connection: Connection, alike: Sequence[Entry]) -> None:
    """Put rings in line for other lanes; where they waited before nothing waits any more."""
    rows = list(_ring_rows(alike))
    gone = [
        one.fact.gone for one in alike if isinstance(one.fact, Rerouted) for _ in one.fact.rings
    ]
    left = [
        {"key": row["key"], "stage": row["stage"], "person": row["person"], "lane": name}
        for row, name in zip(rows, gone, strict=True)
        if name
    ]
    remove(connection, waiting, left)
    upsert(connection, waiting, rows)


def _depart(connection: Connection, alike: Sequence[Entry]) -> None:
    found = [(one, one.fact) for one in alike if isinstance(one.fact, Sending)]
    remove(connection, waiting, [row for _, fact in found for row in _taken(fact)])
    upsert(connection, message, [_message_row(one, fact) for one, fact in found])
    connection.execute(insert(departure), [_departure_row(one, fact) for one, fact in found])
    old = {fact.lane: stamp(one.at - BUDGET_MEMORY) for one, fact in found}
    rows = [{"is_lane": name, "before": before} for name, before in old.items()]
    connection.execute(_FORGET, rows)


def _taken(fact: Sending) -> Iterator[Row]:
    for line in fact.lines:
        yield {
            "key": line.key,
            "stage": line.stage,
            "lane": fact.lane,
            "person": line.person,
        }


def _message_row(one: Entry, fact: Sending) -> Row:
    return {
        "code": fact.code,
        "lane": fact.lane,
        "rank": RANKS[fact.topic],
        "ready_at": stamp(one.at + LEASE),
        "doubtful": True,
        "body": encode(fact),
    }


def _departure_row(one: Entry, fact: Sending) -> Row:
    people = {line.person for line in fact.lines}
    person = next(iter(people)) if len(people) == 1 else ""
    return {"seq": one.seq, "lane": fact.lane, "at": stamp(one.at), "person": person}


def _arrive(connection: Connection, alike: Sequence[Entry]) -> None:
    found = [one.fact for one in alike if isinstance(one.fact, Sent | Abandoned)]
    remove(connection, message, [{"code": fact.code} for fact in found])
    remove(connection, lane, [{"name": name} for name in {fact.lane for fact in found}])


def _fail(connection: Connection, alike: Sequence[Entry]) -> None:
    found = [(one, one.fact) for one in alike if isinstance(one.fact, Failed)]
    remove(connection, message, [{"code": f.code} for _, f in found if f.retry_at is None])
    again: list[Mapping[str, Any]] = [
        {"is_code": f.code, "at": stamp(f.retry_at), "doubt": f.uncertain}
        for _, f in found
        if f.retry_at
    ]
    if again:
        connection.execute(_RETRY, again)
    blocked = [
        {
            "name": f.lane,
            "blocked_until": stamp(f.blocked_until or one.at),
            "reason": f.reason,
        }
        for one, f in found
        if f.retry_at or f.blocked_until  # a refused text says nothing about the lane
    ]
    upsert(connection, lane, blocked)


_PROJECTORS: Mapping[type, Callable[[Connection, Sequence[Entry]], None]] = MappingProxyType(
    {
        Queued: _queue,
        Escalated: _escalate,
        Rerouted: _reroute,
        Announced: _announce,
        Answered: _settle,
        Withdrawn: _settle,
        Handed: _settle,
        Waived: _settle,
        Revised: _settle,
        Released: _settle,
        Dropped: _drop,
        Sending: _depart,
        Sent: _arrive,
        Abandoned: _arrive,
        Failed: _fail,
    }
)
