"""The text of a file -> its blocks."""

from datetime import date

from obligations.documents.assembly import assemble
from obligations.documents.lines import piece, split_lines
from obligations.documents.model import Document
from obligations.documents.tables import read_rowed, read_stacked, spans_of_tables


def read_text(name: str, text: str, issued: date | None = None) -> Document:
    """Give the document; ``issued`` serves where it bears no date."""
    raw = split_lines(text)
    tables = spans_of_tables(raw)
    inside = {n for first, last, _ in tables for n in range(first, last + 1)}
    prose = (piece(line, n + 1) for n, line in enumerate(raw) if n not in inside)
    made = (
        (a + 1, read_stacked(raw, a, b) if stacked else read_rowed(raw, a, b))
        for a, b, stacked in tables
    )
    document = Document(name=name, issued=issued, lines=raw)
    return assemble(document, tuple(prose), tuple(made))
