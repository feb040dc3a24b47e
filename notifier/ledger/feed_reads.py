"""Questions that the calendars ask the ledger's tables."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from notifier.events import FeedSet
from notifier.ledger.reads import history, readable
from notifier.ledger.rows import chunks
from notifier.ledger.schema import instant, ledger, standing, subject
from notifier.standing import Standing

_EDITS = ("Opened", "Revised", "Withdrawn", "Answered", "Handed", "Waived", "Ruled", "Reviewed")


@dataclass(frozen=True, slots=True)
class Edition:
    """How often a duty changed for those who look at it, and when it did last."""

    number: int
    at: datetime


def feed_serial(connection: Connection, whose: str) -> int:
    """Give the serial of the one address of a calendar that is in force."""
    facts = (one.fact for one in history(connection, f"日历/{whose}"))
    return max((fact.serial for fact in facts if isinstance(fact, FeedSet)), default=0)


def origin(connection: Connection) -> str:
    """Give what no other ledger has: the hash of its first row."""
    first = select(ledger.c.hash).where(ledger.c.seq == 1)
    return connection.execute(first).scalar_one_or_none() or ""


def standings_of_person(connection: Connection, name: str, since: datetime) -> tuple[Standing, ...]:
    """Give the duties of a person that closed at ``since`` (the office's own time) or later."""
    wanted = (standing.c.person == name) & (standing.c.closes >= since.isoformat())
    query = select(standing.c.body).where(wanted).order_by(standing.c.key)
    return readable(row.body for row in connection.execute(query))


def standings_of_unit(connection: Connection, name: str, since: datetime) -> tuple[Standing, ...]:
    """Give the duties of a unit that closed at ``since`` (the office's own time) or later."""
    mark = f'"unit":{json.dumps(name, ensure_ascii=False)}'
    named = standing.c.body.contains(mark, autoescape=True)
    query = (
        select(standing.c.body)
        .where(named & (standing.c.closes >= since.isoformat()))
        .order_by(standing.c.key)
    )
    found = readable(row.body for row in connection.execute(query))
    return tuple(one for one in found if one.duty.unit == name)


def editions(connection: Connection, keys: Iterable[str]) -> dict[str, Edition]:
    """Give how often and when last each of the duties changed; the opening is number 0."""
    found = {}
    for some in chunks(keys):
        query = (
            select(subject.c.name, func.count().label("edits"), func.max(ledger.c.at).label("at"))
            .join(ledger, ledger.c.seq == subject.c.seq)
            .where(subject.c.name.in_(some) & ledger.c.kind.in_(_EDITS))
            .group_by(subject.c.name)
        )
        for row in connection.execute(query):
            found[row.name] = Edition(row.edits - 1, instant(row.at))
    return found
