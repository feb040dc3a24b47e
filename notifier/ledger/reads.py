"""Questions that the rounds and the pages ask the ledger's tables."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import Connection, func, or_, select

from notifier.events import Sending, decode
from notifier.ledger.chain import Entry, entry
from notifier.ledger.projection import load_standing
from notifier.ledger.schema import (
    agenda,
    departure,
    instant,
    lane,
    ledger,
    mark,
    message,
    stamp,
    standing,
    subject,
    waiting,
)
from notifier.standing import Standing, State

SETTLED = (State.DONE.value, State.WITHDRAWN.value)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reminder that was decided on and has not left yet."""

    key: str
    stage: str
    person: str
    reason: str
    asked_at: datetime
    alone: bool
    standing: Standing


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A message that was written as leaving and has no good end yet."""

    sending: Sending
    ready_at: datetime
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Blockage:
    """A lane that the platform, or a broken setting, keeps shut for a while."""

    lane: str
    until: datetime
    reason: str


def find_standing(connection: Connection, key: str) -> Standing | None:
    """Give where a duty stands, None where the ledger does not know it."""
    row = connection.execute(select(standing.c.body).where(standing.c.key == key)).one_or_none()
    return load_standing(row.body) if row else None


def find_standings(connection: Connection, keys: Iterable[str]) -> tuple[Standing, ...]:
    """Give the standings of several duties, in the order of the keys."""
    found = (find_standing(connection, key) for key in dict.fromkeys(keys))
    return tuple(one for one in found if one is not None)


def known_states(connection: Connection, keys: Iterable[str]) -> dict[str, State]:
    """Give the state of those of the keys that the ledger has opened already."""
    wanted = list(keys)
    known: dict[str, State] = {}
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        query = select(standing.c.key, standing.c.state).where(standing.c.key.in_(chunk))
        known.update((row.key, State(row.state)) for row in connection.execute(query))
    return known


def open_standings(connection: Connection) -> tuple[Standing, ...]:
    """Give every duty that is not settled; rows that cannot be read are left to the rounds."""
    rows = connection.execute(select(standing.c.body).where(standing.c.state.not_in(SETTLED)))
    return _readable(row.body for row in rows)


def _readable(bodies: Iterable[str]) -> tuple[Standing, ...]:
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
    found = _readable(bodies)
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


def busy_lanes(connection: Connection) -> tuple[str, ...]:
    """Give the lanes that have something to send or to send again."""
    rows = connection.execute(select(waiting.c.lane).union(select(message.c.lane)))
    return tuple(sorted(row.lane for row in rows))


def lane_waiting(connection: Connection, name: str, limit: int) -> tuple[Waiting, ...]:
    """Give what waits for a lane, oldest first."""
    rows = connection.execute(
        select(waiting, standing.c.body)
        .join(standing, standing.c.key == waiting.c.key)
        .where(waiting.c.lane == name)
        .order_by(waiting.c.asked_at, waiting.c.person, waiting.c.key)
        .limit(limit)
    )
    return tuple(
        Waiting(
            row.key,
            row.stage,
            row.person,
            row.reason,
            instant(row.asked_at),
            row.alone,
            load_standing(row.body),
        )
        for row in rows
    )


def lane_unsettled(connection: Connection, name: str) -> tuple[Unsettled, ...]:
    """Give the messages of a lane without a good end, the readiest first."""
    rows = connection.execute(
        select(message.c.body, message.c.ready_at, message.c.doubtful)
        .where(message.c.lane == name)
        .order_by(message.c.ready_at)
    )
    found = ((decode(row.body), instant(row.ready_at), row.doubtful) for row in rows)
    return tuple(
        Unsettled(fact, at, doubt) for fact, at, doubt in found if isinstance(fact, Sending)
    )


def lane_departures(connection: Connection, name: str, since: datetime) -> tuple[datetime, ...]:
    """Give when messages left on a lane after ``since``, oldest first."""
    rows = connection.execute(
        select(departure.c.at)
        .where((departure.c.lane == name) & (departure.c.at > stamp(since)))
        .order_by(departure.c.at)
    )
    return tuple(instant(row.at) for row in rows)


def blockages(connection: Connection) -> tuple[Blockage, ...]:
    """Give every lane that is shut, or was when it last failed and has not sent since."""
    rows = connection.execute(select(lane).order_by(lane.c.name))
    return tuple(Blockage(row.name, instant(row.blocked_until), row.reason) for row in rows)


def find_blockage(connection: Connection, name: str) -> Blockage | None:
    """Give why and until when a lane is shut, None where it is not."""
    return next((one for one in blockages(connection) if one.lane == name), None)


def find_mark(connection: Connection, name: str) -> str | None:
    """Give a remembered value."""
    return connection.execute(select(mark.c.value).where(mark.c.name == name)).scalar_one_or_none()


def find_sending(connection: Connection, code: str) -> Sending | None:
    """Give the message that left under a code."""
    facts = (one.fact for one in history(connection, code))
    return next((fact for fact in facts if isinstance(fact, Sending)), None)


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


def _earliest(text: str | None) -> datetime | None:
    return instant(text) if text else None
