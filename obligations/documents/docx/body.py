"""The body of a Word file -> parts: paragraphs with their numbers, tables with merged cells."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from obligations.documents.archive import attribute, child, local, number
from obligations.documents.docx.lists import Lists
from obligations.documents.docx.runs import Words, read_words, shown
from obligations.documents.docx.styles import Styles, switched
from obligations.documents.parts import Grid, Part, Row, Slot, Text, led, texts

_WIDEST = 64


@dataclass(slots=True)
class _Reading:
    """How far one file is read; lives only inside ``read_body``."""

    styles: Styles
    lists: Lists
    paragraphs: int = 0
    tables: int = 0
    carried: str = ""


def read_body(root: etree._Element, styles: Styles, lists: Lists) -> Iterator[Part]:
    """Give what the body shows."""
    body = child(root, "body")
    if body is not None:
        yield from _blocks(body, _Reading(styles, lists))


def _blocks(parent: etree._Element, state: _Reading) -> Iterator[Part]:
    for element in shown(parent):
        if local(element) == "p":
            state.paragraphs += 1
            yield from _paragraph(element, state, f"第{state.paragraphs}段")
        elif local(element) == "tbl":
            yield from _table(element, state)


def _paragraph(element: etree._Element, state: _Reading, place: str) -> Iterator[Part]:
    """Give the lines of a paragraph, then those of the text boxes that hang on it."""
    properties = child(element, "pPr")
    style = attribute(child(properties, "pStyle"), "val")
    if any(s.contents for s in state.styles.line(style)):
        return
    words = read_words(element, state.styles, hidden=state.styles.hides(style))
    if _is_deleted(properties):
        state.carried += words.text
    else:
        text = state.carried + words.text
        state.carried = ""
        yield from texts(_numbered(text, properties, style, state), place)
    yield from _boxes(words, state, place)


def _boxes(words: Words, state: _Reading, place: str) -> Iterator[Part]:
    for box in words.boxes:
        for part in _blocks(box, state):
            yield Text(part.text, f"{place}的文本框") if isinstance(part, Text) else part


def _is_deleted(properties: etree._Element | None) -> bool:
    """Whether the end of the paragraph is a tracked deletion: it runs on into the next."""
    mark = child(properties, "rPr")
    return child(mark, "del") is not None or child(mark, "moveFrom") is not None


def _numbered(
    text: str, properties: etree._Element | None, style: str | None, state: _Reading
) -> str:
    if not text.strip():
        return ""
    listed, depth = _list_of(properties, style, state)
    printed = state.lists.count(listed, depth) if listed else ""
    return led(printed, text)


def _list_of(
    properties: etree._Element | None, style: str | None, state: _Reading
) -> tuple[int, int]:
    """Give the list of a paragraph, its own or its style's, and the level in it."""
    own = child(properties, "numPr")
    own_id = attribute(child(own, "numId"), "val")
    own_level = attribute(child(own, "ilvl"), "val")
    inherited = state.styles.line(style)
    listed = number(own_id) if own_id is not None else _first(s.list_id for s in inherited)
    if listed is None:
        return 0, 0
    if own_level is not None:
        return listed, number(own_level)
    level = _first(s.level for s in inherited)
    known = state.lists.named.get(listed)
    return listed, level or (known.level_of(style or "") if known else 0)


def _first(values: Iterable[int | None]) -> int | None:
    return next((value for value in values if value is not None), None)


def _table(element: etree._Element, state: _Reading) -> Iterator[Part]:
    rows = [row for row in shown(element) if local(row) == "tr" and not _is_gone(row)]
    cells = [[cell for cell in shown(row) if local(cell) == "tc"] for row in rows]
    if all(len(row) <= 1 for row in cells):
        for row in cells:
            for cell in row:
                yield from _blocks(cell, state)
        return
    state.tables += 1
    table = state.tables
    yield Grid(
        tuple(
            _row(row, inner, state, f"表{table}第{n}行")
            for n, (row, inner) in enumerate(zip(rows, cells, strict=True), 1)
        )
    )


def _is_gone(row: etree._Element) -> bool:
    """Whether the row is a tracked deletion or hidden."""
    properties = child(row, "trPr")
    return child(properties, "del") is not None or bool(switched(properties, "hidden"))


def _row(row: etree._Element, cells: list[etree._Element], state: _Reading, place: str) -> Row:
    before = min(number(attribute(child(row, "trPr", "gridBefore"), "val")), _WIDEST)
    slots = [Slot() for _ in range(before)]
    for cell in cells:
        properties = child(cell, "tcPr")
        if child(properties, "cellDel") is not None:
            continue
        across = max(1, min(number(attribute(child(properties, "gridSpan"), "val"), 1), _WIDEST))
        merged = _is_merged(properties)
        slots.append(Slot(() if merged else tuple(_cell_lines(cell, state, place)), across))
    return tuple(slots)


def _is_merged(properties: etree._Element | None) -> bool:
    """Whether the cell goes on with the one above or to its left."""
    for name in ("vMerge", "hMerge"):
        merge = child(properties, name)
        if merge is not None and attribute(merge, "val") != "restart":
            return True
    return False


def _cell_lines(cell: etree._Element, state: _Reading, place: str) -> Iterator[Text]:
    for element in shown(cell):
        if local(element) == "p":
            for part in _paragraph(element, state, place):
                if isinstance(part, Text):
                    yield part
        elif local(element) == "tbl":
            for row in shown(element):
                for inner in shown(row):
                    yield from _cell_lines(inner, state, place)
