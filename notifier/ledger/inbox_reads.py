"""Questions about what came in, and about what is open for whoever sent it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from notifier.calls import CallStanding
from notifier.events import Received, decode
from notifier.ledger.projection import load_callee, load_standing
from notifier.ledger.reads import SETTLED
from notifier.ledger.schema import callee, inbox, notice, stamp, standing
from notifier.standing import Standing

WAITING = ("calling", "heard", "unreached")


def is_received(connection: Connection, way: str, name: str) -> bool:
    """Tell whether a platform has brought this before."""
    known = select(inbox.c.id).where((inbox.c.way == way) & (inbox.c.id == name))
    return connection.execute(known).scalar_one_or_none() is not None


def unheeded(connection: Connection, limit: int) -> tuple[Received, ...]:
    """Give what came in and has not been read, oldest first."""
    rows = connection.execute(
        select(inbox.c.body)
        .where(inbox.c.heeded.is_(False))
        .order_by(inbox.c.at, inbox.c.way, inbox.c.id)
        .limit(limit)
    )
    found = (decode(row.body) for row in rows)
    return tuple(one for one in found if isinstance(one, Received))


def calls_for(connection: Connection, people: Sequence[str]) -> tuple[CallStanding, ...]:
    """Give every callee among the people for whom somebody still waits, the newest call first."""
    rows = connection.execute(
        select(callee.c.body)
        .where(callee.c.person.in_(people) & callee.c.state.in_(WAITING))
        .order_by(callee.c.call.desc(), callee.c.key)
    )
    return tuple(load_callee(row.body) for row in rows)


def duties_for(connection: Connection, person: str, limit: int) -> tuple[Standing, ...]:
    """Give the open duties that a person was told of, those due first first."""
    rows = connection.execute(
        select(standing.c.body)
        .where((standing.c.person == person) & standing.c.state.not_in(SETTLED))
        .order_by(standing.c.closes, standing.c.key)
        .limit(limit)
    )
    found = (load_standing(row.body) for row in rows)
    return tuple(one for one in found if one.told_at is not None)


def count_notices(connection: Connection, prefix: str, since: datetime) -> int:
    """Give how many notices whose key begins so were made after an instant."""
    begins = notice.c.key.startswith(prefix, autoescape=True)
    query = select(func.count()).where(begins & (notice.c.at > stamp(since)))
    return int(connection.execute(query).scalar_one())


def latest_received(connection: Connection, limit: int) -> tuple[tuple[datetime, Received], ...]:
    """Give the newest of what came in, newest first."""
    rows = connection.execute(
        select(inbox.c.at, inbox.c.body).order_by(inbox.c.at.desc()).limit(limit)
    )
    found = ((datetime.fromisoformat(row.at), decode(row.body)) for row in rows)
    return tuple((at, one) for at, one in found if isinstance(one, Received))
