"""Lines and tables -> the blocks of a document, and what its head and foot say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from obligations.documents.head import is_title, read_head
from obligations.documents.lines import Line
from obligations.documents.model import Block, Document, Paragraph, Span, Table
from obligations.documents.numbering import Level, read_number

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


def assemble(
    document: Document, prose: Sequence[Line], tables: Sequence[tuple[int, Table]]
) -> Document:
    """Give the document with its blocks and its head; ``tables`` go with their first line.

    The document's own date serves where head and foot say none.
    """
    spoken = [line for line in prose if line.text]
    head = read_head(spoken)
    paragraphs = _join(line for line in spoken if line.number not in head.furniture)
    return replace(
        document,
        title=head.title,
        number=head.number,
        issuer=head.issuer,
        issued=head.issued or document.issued,
        blocks=_in_order(paragraphs, tables),
    )


def _in_order(
    paragraphs: Iterable[Paragraph], tables: Sequence[tuple[int, Table]]
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
