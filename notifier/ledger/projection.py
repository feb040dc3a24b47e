"""What follows from each fact, kept in tables for speed: standings, agenda, outbox, budgets."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Table, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from notifier.events import (
    Abandoned,
    Answered,
    Dropped,
    Failed,
    Opened,
    Planned,
    Queued,
    Revised,
    RulesChanged,
    Sending,
    Sent,
    Withdrawn,
    encode,
    subjects,
)
from notifier.ledger.chain import Entry, entries
from notifier.ledger.schema import (
    DERIVED,
    agenda,
    departure,
    head,
    lane,
    mark,
    message,
    stamp,
    standing,
    subject,
    waiting,
)
from notifier.standing import Standing, advance
from obligations.duties import Duty

LEASE = timedelta(seconds=30)  # longer than any HTTP timeout, so that nobody sends beside us
BUDGET_MEMORY = timedelta(hours=1)  # no platform counts further back

_STANDING: TypeAdapter[Standing] = TypeAdapter(Standing)


def load_standing(body: str) -> Standing:
    """Give back a stored standing."""
    return _STANDING.validate_json(body)


def project(connection: Connection, entry: Entry) -> None:
    """Bring every derived table up to date with one more entry."""
    upsert(connection, head, {"id": 0, "seq": entry.seq, "hash": entry.hash})
    names = dict.fromkeys(subjects(entry.fact))
    connection.execute(insert(subject), [{"name": name, "seq": entry.seq} for name in names])
    _project_standings(connection, entry)
    _project_agenda(connection, entry)
    _project_outbox(connection, entry)
    match entry.fact:
        case Planned(until=until):
            put_mark(connection, "planned_until", until.isoformat())
        case RulesChanged(accepted=True, digest=digest):
            put_mark(connection, "rules_digest", digest)


def rebuild(connection: Connection) -> int:
    """Empty every derived table and fold the ledger again; give how many entries were folded."""
    for table in DERIVED:
        connection.execute(delete(table))
    count = 0
    for entry in list(entries(connection)):
        project(connection, entry)
        count += 1
    return count


def put_look(connection: Connection, key: str, at: datetime | None) -> None:
    """Set when a duty is looked at next; None takes it off the agenda."""
    if at is None:
        connection.execute(delete(agenda).where(agenda.c.key == key))
    else:
        upsert(connection, agenda, {"key": key, "due_at": stamp(at)})


def put_mark(connection: Connection, name: str, value: str) -> None:
    """Remember one named value."""
    upsert(connection, mark, {"name": name, "value": value})


def upsert(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Write a row, replacing the one with the same primary key."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    names = [column.name for column in table.primary_key]
    rest = {name: value for name, value in row.items() if name not in names}
    statement = dialect.insert(table).values(**row)
    connection.execute(statement.on_conflict_do_update(index_elements=names, set_=rest))


def _project_standings(connection: Connection, entry: Entry) -> None:
    match entry.fact:
        case Opened(duty=duty) | Revised(duty=duty):
            keys: Iterable[str] = (duty.key,)
        case Withdrawn(key=key) | Queued(key=key) | Answered(key=key):
            keys = (key,)
        case Sent(keys=several) | Failed(keys=several) | Abandoned(keys=several):
            keys = dict.fromkeys(several)
        case _:
            keys = ()
    for key in keys:
        row = connection.execute(select(standing.c.body).where(standing.c.key == key)).one_or_none()
        before = load_standing(row.body) if row else None
        after = advance(before, entry.at, entry.fact)
        if after is not None:
            upsert(connection, standing, _standing_row(after))


def _standing_row(after: Standing) -> Mapping[str, Any]:
    return {
        "key": after.duty.key,
        "rule": after.duty.rule,
        "person": after.duty.person,
        "state": after.state.value,
        "closes": after.duty.closes.isoformat(),
        "body": _STANDING.dump_json(after).decode(),
    }


def _project_agenda(connection: Connection, entry: Entry) -> None:
    match entry.fact:
        case Opened(duty=duty) | Revised(duty=duty):
            put_look(connection, duty.key, entry.at)
        case Answered(key=key):
            put_look(connection, key, entry.at)
        case Withdrawn(key=key):
            put_look(connection, key, None)


def _project_outbox(connection: Connection, entry: Entry) -> None:
    match entry.fact:
        case Queued() as queued:
            connection.execute(delete(waiting).where(waiting.c.key == queued.key))
            upsert(connection, waiting, _waiting_row(queued, entry.at))
        case Answered(key=key) | Withdrawn(key=key) | Revised(duty=Duty(key=key)):
            connection.execute(delete(waiting).where(waiting.c.key == key))
        case Dropped(key=key, stage=stage):
            gone = (waiting.c.key == key) & (waiting.c.stage == stage)
            connection.execute(delete(waiting).where(gone))
        case Sending() as sending:
            _depart(connection, entry, sending)
        case Sent(code=code, lane=name) | Abandoned(code=code, lane=name):
            connection.execute(delete(message).where(message.c.code == code))
            connection.execute(delete(lane).where(lane.c.name == name))
        case Failed() as failed:
            _fail(connection, failed, entry.at)


def _waiting_row(queued: Queued, at: datetime) -> Mapping[str, Any]:
    return {
        "key": queued.key,
        "stage": queued.stage,
        "lane": queued.lane,
        "person": queued.person,
        "reason": queued.reason,
        "asked_at": stamp(at),
        "alone": queued.alone,
    }


def _depart(connection: Connection, entry: Entry, sending: Sending) -> None:
    for line in sending.lines:
        taken = (waiting.c.key == line.key) & (waiting.c.stage == line.stage)
        connection.execute(delete(waiting).where(taken))
    row = {
        "code": sending.code,
        "lane": sending.lane,
        "ready_at": stamp(entry.at + LEASE),
        "doubtful": True,
        "body": encode(sending),
    }
    upsert(connection, message, row)
    old = (departure.c.lane == sending.lane) & (departure.c.at < stamp(entry.at - BUDGET_MEMORY))
    connection.execute(delete(departure).where(old))
    departed = {"seq": entry.seq, "lane": sending.lane, "at": stamp(entry.at)}
    connection.execute(insert(departure).values(departed))


def _fail(connection: Connection, failed: Failed, at: datetime) -> None:
    at_hand = message.c.code == failed.code
    if failed.retry_at is None:
        connection.execute(delete(message).where(at_hand))
    else:
        after = {"ready_at": stamp(failed.retry_at), "doubtful": failed.uncertain}
        connection.execute(update(message).where(at_hand).values(after))
    if failed.retry_at is not None:  # a refused text says nothing about the lane
        until = stamp(failed.blocked_until or at)
        row = {"name": failed.lane, "blocked_until": until, "reason": failed.reason}
        upsert(connection, lane, row)
