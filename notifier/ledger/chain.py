"""The hash chain: every row carries a hash over itself and the row before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from pydantic import ValidationError
from sqlalchemy import Connection, Row, select

from notifier.events import Fact, decode
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


def verify(connection: Connection) -> tuple[int, Flaw | None]:
    """Give how many rows were read and the first flaw, None where every row fits.

    A changed, missing, added or reordered row breaks the chain at that row; rows cut off the end
    differ from the ``head`` that every commit moves.
    """
    before, expected = GENESIS, 0
    rows = connection.execution_options(yield_per=1000).execute(
        select(ledger).order_by(ledger.c.seq)
    )
    for row in rows:
        expected += 1
        flaw = _flaw(row, before, expected)
        if flaw:
            return expected, flaw
        before = row.hash
    return expected, _cut_off(connection, expected, before)


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
