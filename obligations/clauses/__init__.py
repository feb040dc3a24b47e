"""Lines -> clauses: item, who, what, units, time phrase.

layout | rows -> passages -> phrases.find -> subjects, actors | actions | units -> Clause
"""

from datetime import date
from pathlib import Path

from obligations.clauses.model import Clause, Kind, Notice, kind_of, undated_clauses
from obligations.clauses.reading import read_clauses
from obligations.clauses.record import Record, records
from obligations.clauses.units import split_units
from obligations.documents import Document
from obligations.documents import read as read_document

__all__ = [
    "Clause",
    "Kind",
    "Notice",
    "Record",
    "kind_of",
    "read",
    "read_clauses",
    "read_notice",
    "records",
    "split_units",
    "undated_clauses",
]


def read(path: Path | str, issued: date | None = None) -> Notice:
    """Give the notice in a file with its clauses; raise ``Unreadable`` where there is no text.

    ``issued`` serves where the notice bears no date: dates without a year belong to its year.
    """
    return read_notice(read_document(path, issued))


def read_notice(document: Document) -> Notice:
    """Give a document with its clauses.

    >>> from obligations.documents import read_text
    >>> notice = read_notice(read_text("通知.txt", "1.各村（社区）每月至少检查1次消防设施。"))
    >>> [(c.item, c.actor, c.action, c.quote) for c in notice.clauses]
    [('1', '各村（社区）', '检查消防设施', '每月至少检查1次')]
    """
    return Notice(document, read_clauses(document))
