"""Questions about calls and those who are called."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from notifier.calls import CallStanding
from notifier.events import Call
from notifier.ledger.projection import load_call, load_callee
from notifier.ledger.rows import chunks
from notifier.ledger.schema import call, callee, instant, stamp

# Made once: answers that arrive together ask them thousands of times a second.
_CALL = select(call.c.body).where(call.c.id == bindparam("id"))
_CALLEE = select(callee.c.body).where(callee.c.key == bindparam("key"))
_CALLEES = select(callee.c.key, callee.c.body).where(
    callee.c.key.in_(bindparam("keys", expanding=True))
)


def find_call(connection: Connection, name: str) -> Call | None:
    """Give a call by its id."""
    body = connection.execute(_CALL, {"id": name}).scalar_one_or_none()
    return load_call(body) if body else None


def find_calls(connection: Connection, names: Iterable[str]) -> Mapping[str, Call]:
    """Give those of the ids that are calls, with the calls."""
    found = {name: find_call(connection, name) for name in dict.fromkeys(names)}
    return {name: one for name, one in found.items() if one}


def latest_calls(connection: Connection, limit: int) -> tuple[Call, ...]:
    """Give the newest calls, newest first."""
    rows = connection.execute(select(call.c.body).order_by(call.c.begun.desc()).limit(limit))
    return tuple(load_call(row.body) for row in rows)


def known_calls(connection: Connection, names: Iterable[str]) -> frozenset[str]:
    """Give those of the ids that are taken."""
    found: set[str] = set()
    for some in chunks(names):
        found.update(connection.execute(select(call.c.id).where(call.c.id.in_(some))).scalars())
    return frozenset(found)


def callees_of(connection: Connection, name: str) -> tuple[CallStanding, ...]:
    """Give where every callee of a call stands."""
    rows = connection.execute(
        select(callee.c.body).where(callee.c.call == name).order_by(callee.c.key)
    )
    return tuple(load_callee(row.body) for row in rows)


def find_callee(connection: Connection, key: str) -> CallStanding | None:
    """Give where a callee stands."""
    body = connection.execute(_CALLEE, {"key": key}).scalar_one_or_none()
    return load_callee(body) if body else None


def find_callees(connection: Connection, keys: Iterable[str]) -> tuple[CallStanding, ...]:
    """Give where several callees stand, in the order of the keys."""
    wanted = tuple(dict.fromkeys(keys))
    found = callees_by_key(connection, wanted)
    return tuple(found[key] for key in wanted if key in found)


def callees_by_key(connection: Connection, keys: Iterable[str]) -> Mapping[str, CallStanding]:
    """Give where those of the keys stand that the ledger knows."""
    found: dict[str, CallStanding] = {}
    for some in chunks(keys):
        rows = connection.execute(_CALLEES, {"keys": some})
        found.update((row.key, load_callee(row.body)) for row in rows)
    return found


def due_callees(connection: Connection, now: datetime, limit: int) -> tuple[CallStanding, ...]:
    """Give those whose ladders must be looked at now, the longest waiting first."""
    rows = connection.execute(
        select(callee.c.body)
        .where(callee.c.ring_at <= stamp(now))
        .order_by(callee.c.ring_at, callee.c.key)
        .limit(limit)
    )
    return tuple(load_callee(row.body) for row in rows)


def next_ring(connection: Connection) -> datetime | None:
    """Give when the next ladder must be looked at."""
    text = connection.execute(select(func.min(callee.c.ring_at))).scalar_one()
    return instant(text) if text else None


def overdue_rings(connection: Connection, before: datetime) -> int:
    """Give how many ladders should have been looked at before an instant."""
    late = select(func.count()).where(callee.c.ring_at < stamp(before))
    return int(connection.execute(late).scalar_one())
