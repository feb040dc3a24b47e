"""The text of a file -> its blocks."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from obligations.documents.head import is_title, read_head
from obligations.documents.lines import Line, piece, split_lines
from obligations.documents.model import Block, Document, Paragraph, Span
from obligations.documents.numbering import Level, read_number
from obligations.documents.tables import read_rowed, read_stacked, spans_of_tables

_OPENERS = (
    "责任单位",
    "牵头单位",
    "责任部门",
    "牵头部门",
    "配合单位",
    "附件",
    "附表",
    "（牵头",
    "（责任",
)
_BROKEN_FROM = 24  # a line this long without a full stop was broken, not ended


def read_text(name: str, text: str, issued: date | None = None) -> Document:
    """Give the document; ``issued`` serves where it bears no date."""
    raw = split_lines(text)
    tables = spans_of_tables(raw)
    inside = {n for first, last, _ in tables for n in range(first, last + 1)}
    prose = [piece(line, n + 1) for n, line in enumerate(raw) if n not in inside]
    spoken = [line for line in prose if line.text]
    head = read_head(spoken)
    paragraphs = _join(line for line in spoken if line.number not in head.furniture)
    made = (
        read_stacked(raw, a, b) if stacked else read_rowed(raw, a, b) for a, b, stacked in tables
    )
    starts = (first + 1 for first, _, _ in tables)
    return Document(
        name=name,
        title=head.title,
        number=head.number,
        issuer=head.issuer,
        issued=head.issued or issued,
        lines=raw,
        blocks=_in_order(paragraphs, list(zip(starts, made, strict=True))),
    )


def _in_order(
    paragraphs: Iterable[Paragraph], tables: list[tuple[int, Block]]
) -> tuple[Block, ...]:
    placed: list[tuple[int, Block]] = [(p.line, p) for p in paragraphs]
    return tuple(block for _, block in sorted([*placed, *tables], key=lambda pair: pair[0]))


def _join(lines: Iterable[Line]) -> Iterator[Paragraph]:
    """Give the paragraphs, lines that were broken inside a sentence put together."""
    held: list[Line] = []
    for line in lines:
        if held and not _goes_on(held, line):
            yield _paragraph(held)
            held = []
        held.append(line)
    if held:
        yield _paragraph(held)


def _goes_on(held: Sequence[Line], line: Line) -> bool:
    last = held[-1]
    if last.ends_sentence or read_number(line.text) or line.text.startswith(_OPENERS):
        return False
    if last.text.startswith(_OPENERS) or is_title(last.text):
        return False
    number = read_number(held[0].text)
    heading = number and number.level is Level.CHAPTER and len(held) == 1
    spoken = any(mark in last.text for mark in "，；。")
    return spoken or (len(last.text) >= _BROKEN_FROM and not heading)


def _paragraph(lines: Sequence[Line]) -> Paragraph:
    spans = []
    offset = 0
    for line in lines:
        spans.append(Span(offset, line.number, line.column))
        offset += len(line.text)
    return Paragraph("".join(line.text for line in lines), tuple(spans))
