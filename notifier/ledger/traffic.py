"""Questions about lanes: what waits, what is under way, how much a robot may still send."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from notifier.calls import CallStanding
from notifier.events import Announced, Sending, decode
from notifier.ledger.outbox import RANKS
from notifier.ledger.projection import load_callee, load_standing
from notifier.ledger.rows import chunks
from notifier.ledger.schema import (
    callee,
    departure,
    instant,
    lane,
    message,
    notice,
    stamp,
    standing,
    waiting,
)
from notifier.messages import Topic
from notifier.standing import Standing

TOPICS = {rank: topic for topic, rank in RANKS.items()}
GATHERED = 2000  # lines looked at for one departure: more than all lanes can take at once
LEAST_SHARE = 600  # lines of one lane where others are full: everybody of a county, once


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that was decided on and has not left yet; ``subject`` is what it speaks of."""

    key: str
    stage: str
    lane: str
    person: str
    reason: str
    asked_at: datetime
    alone: bool
    topic: Topic
    role: str
    part: int
    subject: Standing | CallStanding | Announced


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


@dataclass(frozen=True, slots=True)
class Departure:
    """A message that left, and for whom if it was for one person only."""

    at: datetime
    person: str = ""


@dataclass(frozen=True, slots=True)
class LaneHead:
    """What a lane has in front of it: the topics that wait, and when tries are due again."""

    lane: str
    waiting: frozenset[Topic] = frozenset()
    unsettled: tuple[tuple[Topic, datetime], ...] = ()
    blocked_until: datetime | None = None


def lane_heads(connection: Connection) -> tuple[LaneHead, ...]:
    """Give every lane that has something to send or to send again, in three questions."""
    topics: dict[str, set[Topic]] = {}
    for row in connection.execute(select(waiting.c.lane, waiting.c.rank).distinct()):
        topics.setdefault(row.lane, set()).add(TOPICS[row.rank])
    tries: dict[str, list[tuple[Topic, datetime]]] = {}
    earliest = select(message.c.lane, message.c.rank, func.min(message.c.ready_at).label("at"))
    for name, rank, at in connection.execute(earliest.group_by(message.c.lane, message.c.rank)):
        tries.setdefault(name, []).append((TOPICS[rank], instant(at)))
    shut = {one.lane: one.until for one in blockages(connection)}
    return tuple(
        LaneHead(name, frozenset(topics.get(name, ())), tuple(tries.get(name, ())), shut.get(name))
        for name in sorted({*topics, *tries})
    )


def lanes_waiting(
    connection: Connection, names: Iterable[str], limit: int = GATHERED
) -> Mapping[str, tuple[Waiting, ...]]:
    """Give what waits for each of the lanes: calls, then notices, then duties, oldest first.

    Where more waits than ``limit`` in all, each lane has its share: no full one starves others.
    """
    found: dict[str, list[Waiting]] = {}
    for some in chunks(names):
        rows = connection.execute(_waiting(some).limit(limit)).all()
        if len(rows) == limit:
            share = max(limit // len(some), LEAST_SHARE)
            each = (connection.execute(_waiting([name]).limit(share)) for name in some)
            rows = [row for lines in each for row in lines]
        for row in rows:
            subject = _subject(row.duty_body, row.callee_body, row.notice_body)
            if subject is not None:
                found.setdefault(row.lane, []).append(_line(row, subject))
    return {name: tuple(rows) for name, rows in found.items()}


def _waiting(names: Sequence[str]) -> Select[Any]:
    return (
        select(
            waiting,
            standing.c.body.label("duty_body"),
            callee.c.body.label("callee_body"),
            notice.c.body.label("notice_body"),
        )
        .join(standing, standing.c.key == waiting.c.key, isouter=True)
        .join(callee, callee.c.key == waiting.c.key, isouter=True)
        .join(notice, notice.c.key == waiting.c.key, isouter=True)
        .where(waiting.c.lane.in_(names))
        .order_by(waiting.c.rank, waiting.c.asked_at, waiting.c.person, waiting.c.key)
    )


def _line(row: Row[Any], subject: Standing | CallStanding | Announced) -> Waiting:
    return Waiting(
        row.key,
        row.stage,
        row.lane,
        row.person,
        row.reason,
        instant(row.asked_at),
        row.alone,
        TOPICS[row.rank],
        row.role,
        row.part,
        subject,
    )


def _subject(
    duty: str | None, called: str | None, told: str | None
) -> Standing | CallStanding | Announced | None:
    if duty:
        return load_standing(duty)
    if called:
        return load_callee(called)
    found = decode(told) if told else None
    return found if isinstance(found, Announced) else None


def lanes_unsettled(
    connection: Connection, names: Iterable[str]
) -> Mapping[str, tuple[Unsettled, ...]]:
    """Give the messages of each lane without a good end, the readiest first."""
    found: dict[str, list[Unsettled]] = {}
    for some in chunks(names):
        rows = connection.execute(
            select(message.c.lane, message.c.body, message.c.ready_at, message.c.doubtful)
            .where(message.c.lane.in_(some))
            .order_by(message.c.ready_at)
        )
        for row in rows:
            sending = decode(row.body)
            if isinstance(sending, Sending):
                one = Unsettled(sending, instant(row.ready_at), row.doubtful)
                found.setdefault(row.lane, []).append(one)
    return {name: tuple(rows) for name, rows in found.items()}


def lanes_departures(
    connection: Connection, names: Iterable[str], since: datetime
) -> Mapping[str, tuple[Departure, ...]]:
    """Give what left on each lane after ``since``, oldest first."""
    found: dict[str, list[Departure]] = {}
    for some in chunks(names):
        rows = connection.execute(
            select(departure.c.lane, departure.c.at, departure.c.person)
            .where(departure.c.lane.in_(some) & (departure.c.at > stamp(since)))
            .order_by(departure.c.at)
        )
        for row in rows:
            found.setdefault(row.lane, []).append(Departure(instant(row.at), row.person))
    return {name: tuple(rows) for name, rows in found.items()}


def blockages(connection: Connection) -> tuple[Blockage, ...]:
    """Give every lane that is shut, or was when it last failed and has not sent since."""
    rows = connection.execute(select(lane).order_by(lane.c.name))
    return tuple(Blockage(row.name, instant(row.blocked_until), row.reason) for row in rows)
