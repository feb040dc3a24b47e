"""The hash chain: every row carries a hash over itself and the row before it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from pydantic import ValidationError
from sqlalchemy import Connection, Row, select

from notifier.events import Closed, Fact, decode
from notifier.ledger.schema import head, instant, ledger

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger."""

    seq: int
    at: datetime
    fact: Fact
    hash: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first place where the record does not fit together."""

    seq: int
    message: str


def link(before: str, seq: int, at: str, body: str) -> str:
    """Give the hash of a row that follows the row with hash ``before``."""
    return sha256(f"{before}\n{seq}\n{at}\n{body}".encode()).hexdigest()


def entry(row: Row[tuple[int, str, str, str, str]]) -> Entry:
    """Give a stored row as an entry."""
    return Entry(row.seq, instant(row.at), decode(row.body), row.hash)


def entries(connection: Connection) -> Iterator[Entry]:
    """Give the whole ledger, oldest first, without holding it in memory."""
    rows = connection.execution_options(yield_per=1000).execute(
        select(ledger).order_by(ledger.c.seq)
    )
    return map(entry, rows)


def verify(
    connection: Connection, printed: Iterable[tuple[int, str]] = ()
) -> tuple[int, Flaw | None]:
    """Give how many rows were read and the first flaw, None where every row fits.

    A changed, missing, added or reordered row breaks the chain at that row; rows cut off the end
    differ from the ``head`` that every commit moves. Who changes a row and then all hashes behind
    it is found by the closings in the ledger, or by those that are ``printed`` in an archive.
    """
    promises = _promises(connection, printed)
    wanted = {one.seq for one in promises}
    found: dict[int, str] = {}
    before, expected = GENESIS, 0
    rows = connection.execution_options(yield_per=1000).execute(
        select(ledger).order_by(ledger.c.seq)
    )
    for row in rows:
        expected += 1
        flaw = _flaw(row, before, expected)
        if flaw:
            proven = [one for one in promises if one.held_by < expected and one.seq < expected]
            return expected, _unsealed(proven, found) or flaw
        before = row.hash
        if expected in wanted:
            found[expected] = before
    return expected, _unsealed(promises, found) or _cut_off(connection, expected, before)


@dataclass(frozen=True, slots=True)
class _Promise:
    """What a closing says the hash of a row is; ``held_by`` is its own row, 0 where on paper."""

    seq: int
    hash: str
    name: str
    held_by: int = 0


def _promises(connection: Connection, printed: Iterable[tuple[int, str]]) -> list[_Promise]:
    """Give every closing by the row it speaks of; a printed one may be cut short."""
    found = [_Promise(seq, digest, "印在档案上的封存值") for seq, digest in printed]
    query = select(ledger.c.seq, ledger.c.body).where(ledger.c.kind == "Closed")
    for row in connection.execute(query):
        with suppress(ValidationError):  # the chain names the row that cannot be read
            fact = decode(row.body)
            if isinstance(fact, Closed):
                found.append(_Promise(fact.seq, fact.hash, f"{fact.period}的封存值", row.seq))
    return sorted(found, key=lambda one: one.seq)


def _unsealed(promises: Iterable[_Promise], found: Mapping[int, str]) -> Flaw | None:
    """Give the stretch before the first closing that does not fit."""
    fitting = 0
    for one in promises:
        if not one.hash or not found.get(one.seq, "").startswith(one.hash):
            words = f"第{one.seq}条记录与{one.name}对不上，第{fitting + 1}至第{one.seq}条里有改动"
            return Flaw(fitting + 1, words)
        fitting = one.seq
    return None


def _flaw(row: Row[tuple[int, str, str, str, str]], before: str, expected: int) -> Flaw | None:
    if row.seq != expected:
        return Flaw(expected, f"第{expected}条记录不见了")
    if link(before, row.seq, row.at, row.body) != row.hash:
        return Flaw(row.seq, f"第{row.seq}条记录与校验值不符，内容、时间或前一条被改动过")
    try:
        kind = decode(row.body).kind
    except ValidationError:
        return Flaw(row.seq, f"第{row.seq}条记录读不出来")
    if kind != row.kind:
        return Flaw(row.seq, f"第{row.seq}条记录的类别被改动过")
    return None


def _cut_off(connection: Connection, count: int, last: str) -> Flaw | None:
    known = connection.execute(select(head.c.seq, head.c.hash)).one_or_none()
    seen = (known.seq, known.hash) if known else (0, GENESIS)
    if seen == (count, last):
        return None
    return Flaw(count + 1, f"末尾记录对不上：应有{seen[0]}条，读到{count}条")
