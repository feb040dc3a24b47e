"""What waits in the lanes, and since when: the audit's question."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from notifier.ledger.schema import instant, stamp, waiting
from notifier.ledger.traffic import TOPICS
from notifier.messages import Topic


@dataclass(frozen=True, slots=True)
class Pending:
    """The oldest thing that waits in a lane for one person."""

    lane: str
    topic: Topic
    person: str
    since: datetime


def oldest_waiting(connection: Connection, before: datetime) -> tuple[Pending, ...]:
    """Give what was decided on before an instant and waits yet, by lane, topic and person."""
    names = (waiting.c.lane, waiting.c.rank, waiting.c.person)
    rows = connection.execute(
        select(*names, func.min(waiting.c.asked_at).label("at"))
        .where(waiting.c.asked_at < stamp(before))
        .group_by(*names)
    )
    return tuple(Pending(row.lane, TOPICS[row.rank], row.person, instant(row.at)) for row in rows)
