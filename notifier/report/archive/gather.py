"""The ledger's rows about one person or unit, read from the ledger itself and proved by hash."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import Connection, or_, select

from notifier.events import (
    Answered,
    Called,
    Callee,
    Closed,
    Fact,
    Handed,
    Joined,
    Opened,
    Revised,
    decode,
)
from notifier.ledger.chain import GENESIS, Entry, entry, link
from notifier.ledger.closings import closings
from notifier.ledger.rows import chunks
from notifier.ledger.schema import ledger, subject
from obligations.duties import Duty

_NAMING = ("Opened", "Revised", "Handed", "Answered", "Called", "Joined")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose archive it is."""

    name: str
    is_unit: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """What the ledger holds about a subject; ``unfit`` are rows that their hash does not prove."""

    subject: Subject
    keys: frozenset[str]
    entries: tuple[Entry, ...]
    unfit: tuple[int, ...]
    closings: tuple[tuple[int, Closed], ...]


def gather(connection: Connection, wanted: Subject) -> Record:
    """Give everything about the subject, oldest first, in one look at the ledger."""
    keys = frozenset(_keys(connection, wanted))
    before = ledger.alias("before")
    found: dict[int, Entry] = {}
    unfit: set[int] = set()
    for some in chunks(sorted(keys)):
        rows = connection.execute(
            select(ledger, before.c.hash.label("previous"))
            .join(subject, subject.c.seq == ledger.c.seq)
            .join(before, before.c.seq == ledger.c.seq - 1, isouter=True)
            .where(subject.c.name.in_(some))
        )
        for row in rows:
            if link(row.previous or GENESIS, row.seq, row.at, row.body) != row.hash:
                unfit.add(row.seq)
            try:
                found[row.seq] = entry(row)
            except ValidationError:
                unfit.add(row.seq)
    entries = tuple(found[seq] for seq in sorted(found))
    return Record(wanted, keys, entries, tuple(sorted(unfit)), closings(connection))


def _keys(connection: Connection, wanted: Subject) -> Iterable[str]:
    """Give the keys of the duties and calls of the subject, by the rows that name it."""
    quoted = json.dumps(wanted.name, ensure_ascii=False)
    rows = connection.execute(
        select(ledger.c.body)
        .where(or_(*(ledger.c.kind == kind for kind in _NAMING)))
        .where(ledger.c.body.contains(quoted, autoescape=True))
    )
    for body in rows.scalars():
        try:
            yield from _named(decode(body), wanted)
        except ValidationError:
            continue  # `jiaoying ledger verify` names it; its neighbours are still found


def _named(fact: Fact, wanted: Subject) -> Iterable[str]:
    match fact:
        case Opened(duty=duty) | Revised(duty=duty):
            return (duty.key,) if _owes(duty, wanted) else ()
        case Handed() | Answered():
            is_his = not wanted.is_unit and fact.person == wanted.name
            return (fact.key,) if is_his else ()
        case Called(call=call):
            return (one.key for one in call.callees if _is_called(one, wanted))
        case Joined(callee=callee):
            return (callee.key,) if _is_called(callee, wanted) else ()
        case _:
            return ()


def _owes(duty: Duty, wanted: Subject) -> bool:
    names = (duty.unit, duty.bearer) if wanted.is_unit else (duty.person, duty.bearer)
    return wanted.name in names


def _is_called(callee: Callee, wanted: Subject) -> bool:
    return wanted.name == (callee.group if wanted.is_unit else callee.person)
