"""An office's phone book (.xlsx, .csv) -> the people of rules.yaml.

words, values: cells; tables: a file -> text; headings: which column holds what
reading: tables -> Book; comparing: Book beside Office -> Comparison; writing: into the text
"""

from obligations.people.comparing import compare
from obligations.people.model import (
    Book,
    Change,
    Comparison,
    Field,
    Head,
    Layout,
    Listed,
    Remark,
    Spot,
    Table,
)
from obligations.people.reading import read_book
from obligations.people.settling import settle
from obligations.people.tables import read_tables
from obligations.people.writing import write_changes

__all__ = [
    "Book",
    "Change",
    "Comparison",
    "Field",
    "Head",
    "Layout",
    "Listed",
    "Remark",
    "Spot",
    "Table",
    "compare",
    "read_book",
    "read_tables",
    "settle",
    "write_changes",
]
