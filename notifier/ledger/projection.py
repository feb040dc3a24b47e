"""What follows from facts, kept in tables for speed. Many entries are folded in few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from notifier.calls import CallStanding, advance_callee, begin
from notifier.events import (
    MARK,
    Announced,
    Answered,
    Call,
    Called,
    ClockSet,
    Escalated,
    Fact,
    Handed,
    Happened,
    Heeded,
    Joined,
    Listed,
    Opened,
    Planned,
    Received,
    Released,
    Rerouted,
    Reviewed,
    Revised,
    Ring,
    Ruled,
    RulesChanged,
    SeasonSet,
    Sending,
    Sent,
    Waived,
    Withdrawn,
    encode,
    subjects,
)
from notifier.ledger.chain import Entry, entries
from notifier.ledger.outbox import project_outbox
from notifier.ledger.rewind import rewind
from notifier.ledger.rows import Row, chunks, remove, upsert
from notifier.ledger.schema import (
    DERIVED,
    agenda,
    call,
    callee,
    happening,
    head,
    inbox,
    mark,
    notice,
    season,
    stamp,
    standing,
    subject,
    told,
)
from notifier.messages import Topic
from notifier.standing import Standing, advance

FOLDED = 1000  # entries at a time when all are folded again

_STANDING: TypeAdapter[Standing] = TypeAdapter(Standing)
_CALLEE: TypeAdapter[CallStanding] = TypeAdapter(CallStanding)
_CALL: TypeAdapter[Call] = TypeAdapter(Call)
# Made once: what arrives together is folded many times a second.
_NAME = insert(subject)
_STANDINGS = select(standing.c.key, standing.c.body).where(
    standing.c.key.in_(bindparam("keys", expanding=True))
)
_SET_RING = (
    update(callee).where(callee.c.key == bindparam("is_key")).values(ring_at=bindparam("at"))
)

_SET_HEEDED = (
    update(inbox)
    .where((inbox.c.way == bindparam("is_way")) & (inbox.c.id == bindparam("is_id")))
    .values(heeded=True)
)


@lru_cache(maxsize=512)
def load_standing(body: str) -> Standing:
    """Give back the stored standing of a duty; what was judged by it is folded onto it next."""
    return _STANDING.validate_json(body)


@lru_cache(maxsize=512)
def load_callee(body: str) -> CallStanding:
    """Give back the stored standing of a callee; what was judged by it is folded onto it next."""
    return _CALLEE.validate_json(body)


@lru_cache(maxsize=16)
def load_call(body: str) -> Call:
    """Give back a stored call; it never changes, and each of its lanes asks for it."""
    return _CALL.validate_json(body)


def project(connection: Connection, fresh: Sequence[Entry]) -> None:
    """Bring every derived table up to date with new entries, oldest first."""
    last = fresh[-1]
    upsert(connection, head, [{"id": 0, "seq": last.seq, "hash": last.hash}])
    names = [(name, one.seq) for one in fresh for name in dict.fromkeys(subjects(one.fact))]
    connection.execute(_NAME, [{"name": name, "seq": seq} for name, seq in names])
    _project_standings(connection, fresh)
    _project_callees(connection, fresh)
    for _, run in groupby(fresh, key=lambda one: type(one.fact)):
        alike = tuple(run)
        project_outbox(connection, alike)
        _project_notices(connection, alike)
        _project_inbox(connection, alike)
    _project_agenda(connection, fresh)
    _project_office(connection, fresh)
    _project_told(connection, fresh)
    _project_marks(connection, fresh)
    for one in fresh:
        if isinstance(one.fact, ClockSet) and one.fact.by < timedelta():
            rewind(connection, one.at, one.fact.by)


def rebuild(connection: Connection) -> int:
    """Empty every derived table and fold the ledger again; give how many entries were folded."""
    for table in DERIVED:
        connection.execute(delete(table))
    known = list(entries(connection))
    for is_set, run in groupby(known, key=lambda one: isinstance(one.fact, ClockSet)):
        some = tuple(run)  # a set clock moves what stood before it, and nothing after it
        size = 1 if is_set else FOLDED
        for start in range(0, len(some), size):
            project(connection, some[start : start + size])
    return len(known)


def put_looks(connection: Connection, looks: Sequence[tuple[str, datetime | None]]) -> None:
    """Set when duties are looked at next; None takes one off the agenda."""
    remove(connection, agenda, [{"key": key} for key, at in looks if at is None])
    upsert(connection, agenda, [{"key": key, "due_at": stamp(at)} for key, at in looks if at])


def put_rings(connection: Connection, looks: Sequence[tuple[str, datetime | None]]) -> None:
    """Set when callees are looked at next."""
    rows = [{"is_key": key, "at": stamp(at) if at else None} for key, at in looks]
    if rows:
        connection.execute(_SET_RING, rows)


def put_mark(connection: Connection, name: str, value: str) -> None:
    """Remember one named value."""
    upsert(connection, mark, [{"name": name, "value": value}])


def touched(fact: Fact) -> tuple[str, ...]:
    """Give the keys of the duties, callees and notices whose standing the fact changes."""
    match fact:
        case Opened(duty=duty) | Revised(duty=duty):
            return (duty.key,)
        case Called(call=found):
            return tuple(one.key for one in found.callees)
        case Joined(callee=found):
            return (found.key,)
        case Heeded():
            return ()
        case _:
            keys = getattr(fact, "keys", None) or (getattr(fact, "key", None),)
            return tuple(dict.fromkeys(key for key in keys if key))


def standings_by_key(connection: Connection, keys: Iterable[str]) -> Mapping[str, Standing]:
    """Give the standings of those of the keys that the ledger knows."""
    found: dict[str, Standing] = {}
    for some in chunks(keys):
        rows = connection.execute(_STANDINGS, {"keys": some})
        found.update((row.key, load_standing(row.body)) for row in rows)
    return found


def _project_standings(connection: Connection, fresh: Sequence[Entry]) -> None:
    changes = [(one, key) for one in fresh for key in touched(one.fact) if not _is_callee(key)]
    found = standings_by_key(connection, (key for _, key in changes))
    known: dict[str, Standing | None] = dict(found)
    for one, key in changes:
        known[key] = advance(known.get(key), one.at, one.fact)
    upsert(connection, standing, [_standing_row(after) for after in known.values() if after])


def _standing_row(after: Standing) -> Row:
    return {
        "key": after.duty.key,
        "rule": after.duty.rule,
        "person": after.duty.person,
        "state": after.state.value,
        "closes": after.duty.closes.isoformat(),
        "body": _STANDING.dump_json(after).decode(),
    }


def _project_callees(connection: Connection, fresh: Sequence[Entry]) -> None:
    changes = [(one, key) for one in fresh for key in touched(one.fact) if _is_callee(key)]
    if not changes:
        return
    known: dict[str, CallStanding] = {}
    for some in chunks(key for _, key in changes):
        rows = connection.execute(select(callee.c.key, callee.c.body).where(callee.c.key.in_(some)))
        known.update((row.key, load_callee(row.body)) for row in rows)
    for one in fresh:
        if isinstance(one.fact, Called):
            _begin(connection, one.fact.call, known)
        elif isinstance(one.fact, Joined):
            known[one.fact.callee.key] = _joined(connection, one.fact, one.at)
    shares = {one.seq: _shares(one.fact) for one in fresh}
    for one, key in changes:
        if key in known:
            fact = shares[one.seq].get(key, one.fact)
            known[key] = advance_callee(known[key], one.at, fact)
    upsert(connection, callee, [_callee_row(found) for found in known.values()])
    put_rings(connection, [look for one in fresh for look in _ring(one)])


def _shares(fact: Fact) -> Mapping[str, Fact]:
    """Give each callee's own share of a strike, so that nobody searches all 500 for his rings."""
    if not isinstance(fact, Escalated | Rerouted):
        return {}
    rings: dict[str, list[Ring]] = {key: [] for key in fact.keys}
    for ring in fact.rings:
        rings.setdefault(ring.key, []).append(ring)
    return {key: replace(fact, rings=tuple(own)) for key, own in rings.items()}


def _begin(connection: Connection, begun: Call, known: dict[str, CallStanding]) -> None:
    body = _CALL.dump_json(begun).decode()
    row = {"id": begun.id, "begun": stamp(begun.begun), "body": body}
    upsert(connection, call, [row])
    known.update((one.key, begin(begun, one)) for one in begun.callees)


def _joined(connection: Connection, fact: Joined, at: datetime) -> CallStanding:
    """Give where somebody stands who is called from now on in another's place."""
    body = connection.execute(select(call.c.body).where(call.c.id == fact.call)).scalar_one()
    return replace(begin(load_call(body), fact.callee), base=at)


def _callee_row(after: CallStanding) -> Row:
    return {
        "key": after.callee.key,
        "call": after.call,
        "person": after.callee.person,
        "state": after.state.value,
        "body": _CALLEE.dump_json(after).decode(),
    }


def _ring(one: Entry) -> Iterable[tuple[str, datetime | None]]:
    """Give when callees are looked at after a fact; what a round decided it sets itself."""
    match one.fact:
        case Called(call=found):
            return [(each.key, found.begun) for each in found.callees]
        case Joined(callee=found):
            return [(found.key, one.at)]
        case Answered(key=key) if _is_callee(key):
            return [(key, one.at)]
        case Listed(keys=keys) | Released(keys=keys):
            return [(key, None) for key in keys]
        case _:
            return []


def _project_notices(connection: Connection, alike: Sequence[Entry]) -> None:
    rows = [
        {"key": one.fact.key, "at": stamp(one.at), "told": False, "body": encode(one.fact)}
        for one in alike
        if isinstance(one.fact, Announced)
    ]
    upsert(connection, notice, rows)
    told = [key for one in alike if isinstance(one.fact, Sent) for key in one.fact.keys]
    for some in chunks(told):
        connection.execute(notice.update().where(notice.c.key.in_(some)).values(told=True))


def _project_inbox(connection: Connection, alike: Sequence[Entry]) -> None:
    received = [(one, one.fact) for one in alike if isinstance(one.fact, Received)]
    rows = [
        {"way": f.way, "id": f.id, "at": stamp(one.at), "heeded": False, "body": encode(f)}
        for one, f in received
    ]
    upsert(connection, inbox, rows)
    heeded = [one.fact for one in alike if isinstance(one.fact, Heeded)]
    done = [{"is_way": fact.way, "is_id": fact.id} for fact in heeded]
    if done:
        connection.execute(_SET_HEEDED, done)


def _project_agenda(connection: Connection, fresh: Sequence[Entry]) -> None:
    looks: dict[str, datetime | None] = {}
    for one in fresh:
        match one.fact:
            case Opened(duty=duty) | Revised(duty=duty):
                looks[duty.key] = one.at
            case Answered(key=key) | Handed(key=key) if not _is_callee(key):
                looks[key] = one.at
            case Ruled(key=key) | Reviewed(key=key, accepted=False):
                looks[key] = one.at
            case Withdrawn(key=key) | Waived(key=key):
                looks[key] = None
    put_looks(connection, tuple(looks.items()))


def _project_office(connection: Connection, fresh: Sequence[Entry]) -> None:
    """Keep what the office recorded: events that rules wait for, key periods opened and closed."""
    found = [(one.seq, one.fact) for one in fresh if isinstance(one.fact, Happened)]
    rows = [{"seq": seq, "rule": fact.rule, "body": encode(fact)} for seq, fact in found]
    upsert(connection, happening, rows)
    set_ = [one.fact for one in fresh if isinstance(one.fact, SeasonSet)]
    upsert(
        connection,
        season,
        [{"name": f.name, "first": f.first.isoformat(), "body": encode(f)} for f in set_],
    )


def _project_told(connection: Connection, fresh: Sequence[Entry]) -> None:
    """Count the messages about duties that each person gets; a message sent again is one."""
    rows = [
        {"code": one.fact.code, "person": person, "at": stamp(one.at)}
        for one in fresh
        if isinstance(one.fact, Sending) and one.fact.topic is Topic.DUTY
        for person in dict.fromkeys(line.person for line in one.fact.lines)
    ]
    upsert(connection, told, rows)


def _project_marks(connection: Connection, fresh: Sequence[Entry]) -> None:
    for one in fresh:
        match one.fact:
            case Planned(until=until):
                put_mark(connection, "planned_until", until.isoformat())
            case RulesChanged(accepted=True, digest=digest):
                put_mark(connection, "rules_digest", digest)


def _is_callee(key: str) -> bool:
    return key.startswith(f"{MARK}/")
