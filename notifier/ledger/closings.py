"""Closings: what the last row of a month or quarter was, kept so that a later edit shows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection, func, select

from notifier.events import Closed, decode
from notifier.hours import Hours
from notifier.ledger.schema import instant, ledger, stamp

_NAME = re.compile(r"(\d{4})(?:-(\d{2})|Q([1-4]))")
_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """A month or quarter by its name, its first day and the day after its last."""

    name: str
    first: date
    after: date


def read_stretch(name: str) -> Stretch | None:
    """Give the month (2026-07) or quarter (2026Q3) of that name, None where it is neither.

    >>> read_stretch("2026Q3")
    Stretch(name='2026Q3', first=datetime.date(2026, 7, 1), after=datetime.date(2026, 10, 1))
    """
    found = _NAME.fullmatch(name)
    if not found or not 1 <= int(found[1]) <= date.max.year - 1:
        return None
    year, length = int(found[1]), 1 if found[2] else _QUARTER
    month = int(found[2]) if found[2] else int(found[3]) * _QUARTER - 2
    return _stretch(year, month, length) if 1 <= month <= 12 else None  # noqa: PLR2004 months


def seal(connection: Connection, stretch: Stretch, hours: Hours) -> Closed | None:
    """Give the closing of a stretch as the ledger stands, None where nothing is recorded yet."""
    end = stamp(hours.instant(datetime.combine(stretch.after, time())))
    beyond = connection.execute(select(func.min(ledger.c.seq)).where(ledger.c.at >= end)).scalar()
    query = select(ledger.c.seq, ledger.c.hash).order_by(ledger.c.seq.desc()).limit(1)
    query = query.where(ledger.c.seq < beyond) if beyond else query
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    reason = f"{stretch.name}结束，封存到第{row.seq}条"
    return Closed(period=stretch.name, seq=row.seq, hash=row.hash, reason=reason)


def closings(connection: Connection) -> tuple[tuple[int, Closed], ...]:
    """Give every closing with the row that holds it, oldest first."""
    rows = connection.execute(
        select(ledger.c.seq, ledger.c.body).where(ledger.c.kind == "Closed").order_by(ledger.c.seq)
    )
    found = ((row.seq, decode(row.body)) for row in rows)
    return tuple((seq, fact) for seq, fact in found if isinstance(fact, Closed))


def due_closings(connection: Connection, hours: Hours, now: datetime) -> tuple[Closed, ...]:
    """Give the closings of all months and quarters that are over and not yet closed."""
    known = {fact.period for _, fact in closings(connection)}
    first = connection.execute(select(func.min(ledger.c.at))).scalar()
    if first is None:
        return ()
    wanted = _stretches(hours.today(instant(first)), hours.today(now))
    found = (seal(connection, one, hours) for one in wanted if one.name not in known)
    return tuple(one for one in found if one)


def _stretches(since: date, today: date) -> Iterator[Stretch]:
    """Give the months and quarters that ended after ``since`` and before ``today`` begins."""
    for year in range(since.year, today.year + 1):
        for month in range(1, 13):
            for length in (1, _QUARTER) if month % _QUARTER == 0 else (1,):
                one = _stretch(year, month - length + 1, length)
                if since < one.after <= today:
                    yield one


def _stretch(year: int, month: int, length: int) -> Stretch:
    over = month + length
    after = date(year + (over > 12), over - 12 if over > 12 else over, 1)  # noqa: PLR2004 months
    name = f"{year}-{month:02}" if length == 1 else f"{year}Q{(month + 2) // _QUARTER}"
    return Stretch(name, date(year, month, 1), after)
