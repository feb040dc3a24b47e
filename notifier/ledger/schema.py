"""The tables. ``ledger`` is the record; every other table is a fold over it and can be rebuilt.

Instants are ISO 8601 text in UTC with microseconds, so that text order is time order.
"""

from datetime import UTC, datetime

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

ledger = Table(
    "ledger",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", String(64), nullable=False),
)

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)

subject = Table(
    "subject",
    metadata,
    Column("name", String(255), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
)

standing = Table(
    "standing",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("rule", String(64), nullable=False),
    Column("person", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("closes", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Index("standing_by_state", "state", "closes"),
    Index("standing_by_rule", "rule", "state"),
)

agenda = Table(
    "agenda",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("due_at", String(32), nullable=False),
    Index("agenda_by_time", "due_at"),
)

call = Table(
    "call",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("begun", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Index("call_by_time", "begun"),
)

callee = Table(
    "callee",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("call", String(128), nullable=False),
    Column("person", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("ring_at", String(32), nullable=True),
    Column("body", Text, nullable=False),
    Index("callee_by_time", "ring_at"),
    Index("callee_by_call", "call"),
)

notice = Table(
    "notice",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("at", String(32), nullable=False),
    Column("told", Boolean, nullable=False),
    Column("body", Text, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("way", String(128), primary_key=True),
    Column("id", String(255), primary_key=True),
    Column("at", String(32), nullable=False),
    Column("heeded", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Index("inbox_by_state", "heeded", "at"),
)

waiting = Table(
    "waiting",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("stage", String(64), primary_key=True),
    Column("lane", String(128), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("role", String(16), nullable=False),
    Column("part", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_at", String(32), nullable=False),
    Column("alone", Boolean, nullable=False),
    Index("waiting_by_lane", "lane", "rank", "asked_at"),
)

message = Table(
    "message",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("lane", String(128), nullable=False),
    Column("rank", Integer, nullable=False, server_default="2"),
    Column("ready_at", String(32), nullable=False),
    Column("doubtful", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Index("message_by_lane", "lane", "ready_at"),
)

departure = Table(
    "departure",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("lane", String(128), nullable=False),
    Column("at", String(32), nullable=False),
    Column("person", String(64), nullable=False, server_default=""),
    Index("departure_by_lane", "lane", "at"),
)

lane = Table(
    "lane",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("blocked_until", String(32), nullable=False),
    Column("reason", Text, nullable=False),
)

happening = Table(
    "happening",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("rule", String(64), nullable=False),
    Column("body", Text, nullable=False),
)

season = Table(
    "season",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("first", String(16), primary_key=True),
    Column("body", Text, nullable=False),
)

told = Table(
    "told",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("at", String(32), nullable=False),
    Index("told_by_person", "person", "at"),
)

mark = Table(
    "mark",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

DERIVED = (
    head,
    subject,
    standing,
    agenda,
    call,
    callee,
    notice,
    inbox,
    waiting,
    message,
    departure,
    lane,
    happening,
    season,
    told,
    mark,
)


def stamp(instant: datetime) -> str:
    """Give an instant as it is stored.

    >>> stamp(datetime(2026, 7, 1, 1, tzinfo=UTC))
    '2026-07-01T01:00:00.000000Z'
    """
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def instant(text: str) -> datetime:
    """Give back what `stamp` wrote."""
    return datetime.fromisoformat(text)
