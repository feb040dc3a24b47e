"""Questions that the rounds and the pages ask the ledger's tables."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import Connection, bindparam, func, or_, select

from notifier.events import Happened, SeasonSet, Sending, decode
from notifier.ledger.chain import Entry, entry
from notifier.ledger.projection import load_standing, standings_by_key
from notifier.ledger.rows import chunks
from notifier.ledger.schema import (
    agenda,
    happening,
    instant,
    ledger,
    mark,
    season,
    stamp,
    standing,
    subject,
    told,
    waiting,
)
from notifier.standing import Standing, State

# Made once: answers that arrive together ask them thousands of times a second.
_STANDING = select(standing.c.body).where(standing.c.key == bindparam("key"))
_SENDINGS = (
    select(subject.c.name, ledger.c.body)
    .join(subject, subject.c.seq == ledger.c.seq)
    .where(subject.c.name.in_(bindparam("codes", expanding=True)) & (ledger.c.kind == "Sending"))
    .order_by(subject.c.seq.desc())  # of several, the first is what counts
)

SETTLED = (State.DONE.value, State.WITHDRAWN.value, State.WAIVED.value)


def find_standing(connection: Connection, key: str) -> Standing | None:
    """Give where a duty stands, None where the ledger does not know it."""
    body = connection.execute(_STANDING, {"key": key}).scalar_one_or_none()
    return load_standing(body) if body else None


def find_standings(connection: Connection, keys: Iterable[str]) -> tuple[Standing, ...]:
    """Give the standings of several duties, in the order of the keys."""
    found = (find_standing(connection, key) for key in dict.fromkeys(keys))
    return tuple(one for one in found if one is not None)


def known_states(connection: Connection, keys: Iterable[str]) -> dict[str, State]:
    """Give the state of those of the keys that the ledger has opened already."""
    known: dict[str, State] = {}
    for chunk in chunks(keys):
        query = select(standing.c.key, standing.c.state).where(standing.c.key.in_(chunk))
        known.update((row.key, State(row.state)) for row in connection.execute(query))
    return known


def open_standings(connection: Connection) -> tuple[Standing, ...]:
    """Give every duty that is not settled; rows that cannot be read are left to the rounds."""
    rows = connection.execute(select(standing.c.body).where(standing.c.state.not_in(SETTLED)))
    return readable(row.body for row in rows)


def readable(bodies: Iterable[str]) -> tuple[Standing, ...]:
    """Give the duties of some rows; a row that cannot be read is left out."""
    found = []
    for body in bodies:
        with suppress(ValidationError):
            found.append(load_standing(body))
    return tuple(found)


def board_standings(connection: Connection, since: datetime) -> tuple[tuple[Standing, ...], int]:
    """Give every duty that is open, and every settled one whose period ended at ``since`` or later.

    ``since`` is the office's own local time, as the periods are. The number says how many stored
    standings cannot be read: the board must not hide them.
    """
    recent = standing.c.closes >= since.isoformat()
    rows = connection.execute(
        select(standing.c.body)
        .where(or_(standing.c.state.not_in(SETTLED), recent))
        .order_by(standing.c.key)
    )
    bodies = [row.body for row in rows]
    found = readable(bodies)
    return found, len(bodies) - len(found)


def due_standings(connection: Connection, now: datetime, limit: int) -> tuple[tuple[str, str], ...]:
    """Give (key, stored standing) of what must be looked at now, the longest waiting first."""
    rows = connection.execute(
        select(agenda.c.key, standing.c.body)
        .join(standing, standing.c.key == agenda.c.key, isouter=True)
        .where(agenda.c.due_at <= stamp(now))
        .order_by(agenda.c.due_at, agenda.c.key)
        .limit(limit)
    )
    return tuple((row.key, row.body) for row in rows)


def next_look(connection: Connection) -> datetime | None:
    """Give the instant at which something must be looked at next."""
    return _earliest(connection.execute(select(func.min(agenda.c.due_at))).scalar_one())


def find_mark(connection: Connection, name: str) -> str | None:
    """Give a remembered value."""
    return connection.execute(select(mark.c.value).where(mark.c.name == name)).scalar_one_or_none()


def happenings(connection: Connection) -> tuple[Happened, ...]:
    """Give every event that the office recorded, oldest first."""
    rows = connection.execute(select(happening.c.body).order_by(happening.c.seq))
    found = (decode(row.body) for row in rows)
    return tuple(one for one in found if isinstance(one, Happened))


def seasons(connection: Connection) -> tuple[SeasonSet, ...]:
    """Give the key periods that the office opened, each as it stands now."""
    rows = connection.execute(select(season.c.body).order_by(season.c.name, season.c.first))
    found = (decode(row.body) for row in rows)
    return tuple(one for one in found if isinstance(one, SeasonSet))


def told_since(connection: Connection, since: datetime) -> Mapping[str, int]:
    """Give how many messages about duties each person got since an instant."""
    rows = connection.execute(
        select(told.c.person, func.count()).where(told.c.at >= stamp(since)).group_by(told.c.person)
    )
    return {row.person: row[1] for row in rows}


def people_waiting(connection: Connection) -> frozenset[str]:
    """Give everybody for whom something waits to leave."""
    return frozenset(connection.execute(select(waiting.c.person).distinct()).scalars())


def find_sending(connection: Connection, code: str) -> Sending | None:
    """Give the message that left under a code."""
    return sendings_by_code(connection, (code,)).get(code)


def sendings_by_code(connection: Connection, codes: Iterable[str]) -> Mapping[str, Sending]:
    """Give the messages that left under those of the codes that the ledger knows."""
    found: dict[str, Sending] = {}
    for some in chunks(codes):
        bodies = {row.name: row.body for row in connection.execute(_SENDINGS, {"codes": some})}
        facts = ((name, decode(body)) for name, body in bodies.items())
        found.update((name, fact) for name, fact in facts if isinstance(fact, Sending))
    return found


def told_standings(
    connection: Connection, asked: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], tuple[Sending | None, Standing | None]]:
    """Give message and standing by the code of the one and the key of the other."""
    wanted = tuple(asked)
    sendings = sendings_by_code(connection, (code for code, _ in wanted))
    standings = standings_by_key(connection, (key for _, key in wanted))
    return {(code, key): (sendings.get(code), standings.get(key)) for code, key in wanted}


def history(connection: Connection, name: str, limit: int = 1000) -> tuple[Entry, ...]:
    """Give the entries of one subject (a duty key, a message code, 规则, 计划), oldest first."""
    rows = connection.execute(
        select(ledger)
        .join(subject, subject.c.seq == ledger.c.seq)
        .where(subject.c.name == name)
        .order_by(ledger.c.seq)
        .limit(limit)
    )
    return tuple(entry(row) for row in rows)


def latest(connection: Connection, limit: int, before: int | None = None) -> tuple[Entry, ...]:
    """Give the newest entries, newest first; ``before`` pages on from a row number."""
    query = select(ledger).order_by(ledger.c.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(ledger.c.seq < before)
    return tuple(entry(row) for row in connection.execute(query))


def last_instant(connection: Connection) -> datetime | None:
    """Give the instant of the newest entry."""
    newest = select(ledger.c.at).order_by(ledger.c.seq.desc()).limit(1)
    return _earliest(connection.execute(newest).scalar_one_or_none())


def first_instant(connection: Connection) -> datetime | None:
    """Give the instant of the oldest entry."""
    oldest = select(ledger.c.at).order_by(ledger.c.seq).limit(1)
    return _earliest(connection.execute(oldest).scalar_one_or_none())


def _earliest(text: str | None) -> datetime | None:
    return instant(text) if text else None
