"""Whether every file that the record names is there and holds what it held."""

from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path

from sqlalchemy import Connection, select

from notifier.events import EvidenceGiven, decode
from notifier.evidence.store import place
from notifier.ledger.chain import Flaw
from notifier.ledger.schema import ledger, subject


def given(connection: Connection) -> Iterator[tuple[int, EvidenceGiven]]:
    """Give (row, fact) of everything that was handed in, oldest first."""
    query = select(ledger.c.seq, ledger.c.body).where(ledger.c.kind == "EvidenceGiven")
    rows = connection.execution_options(yield_per=1000).execute(query.order_by(ledger.c.seq))
    for row in rows:
        fact = decode(row.body)
        if isinstance(fact, EvidenceGiven):
            yield row.seq, fact


def names(connection: Connection, digest: str) -> bool:
    """Tell whether any fact names a file."""
    query = select(subject.c.seq).where(subject.c.name == f"证据/{digest}").limit(1)
    return connection.execute(query).scalar_one_or_none() is not None


def check(connection: Connection, folder: Path) -> tuple[int, Flaw | None]:
    """Give how many files the record names, and the first that is missing or was changed."""
    seen: set[str] = set()
    for seq, fact in given(connection):
        if fact.digest in seen:
            continue
        seen.add(fact.digest)
        trouble = _trouble(place(folder, fact.digest), fact)
        if trouble:
            return len(seen), Flaw(seq, f"第{seq}条记录的证据“{fact.name}”{trouble}")
    return len(seen), None


def _trouble(path: Path, fact: EvidenceGiven) -> str:
    try:
        with path.open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return "不见了"
    except OSError:
        return "读不出来"
    return "" if found == fact.digest else "被改动过"
