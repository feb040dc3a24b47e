"""Pages -> parts: headers and footers out, rows over two pages whole, broken lines joined."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from obligations.documents.numbering import Level, read_number
from obligations.documents.parts import Grid, Part, Row, Slot, Text
from obligations.documents.pdf.page import Field, Fields, Page, Printed, Ruling
from obligations.documents.tables import is_heading

_PAGE_NUMBER = re.compile(
    r"[-—–―·•.\s]*第?\s*(?:\d{1,4}|[ivx]{1,6})\s*页?(?:\s*[,，/／]?\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–―·•.\s]*"
)
_EDGE = 0.14  # headers and footers stand in this share of the page at its top and foot
_REPEATED = 0.4
_PADDING = 6.0
_SLACK = 0.7
_INDENT = 1.5
_SET_IN = 4  # a line that begins further in is a date or a name set to the right
_APART = 1.7
_SENTENCE_END = "。；：！？"


@dataclass(frozen=True, slots=True)
class _Margins:
    """Where the lines of the running text begin and end, and how far they stand apart."""

    left: float
    right: float
    pitch: float


def read_pages(pages: Sequence[Page]) -> Iterator[Part]:
    """Give what the pages show in order, as if they were one."""
    pages = without_furniture(pages)
    margins = _margins(pages)
    items = [item for page in pages for item in _in_order(page)]
    for printed, group in groupby(items, lambda item: isinstance(item, Printed)):
        if printed:
            yield from _prose([i for i in group if isinstance(i, Printed)], margins)
        else:
            yield from _grids([i for i in group if isinstance(i, Ruling)])


def _in_order(page: Page) -> list[Printed | Ruling]:
    return sorted([*page.lines, *page.tables], key=lambda item: item.top)


def without_furniture(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Give the pages without page numbers and what is printed on most of them alike."""
    said = Counter(key for page in pages for key in {_key(line) for line in _at_edges(page)})
    often = max(len(pages) * _REPEATED, 1)
    repeated = {key for key, times in said.items() if times > often and not key.startswith("附")}
    return tuple(
        replace(page, lines=tuple(line for line in page.lines if not _is_out(line, page, repeated)))
        for page in pages
    )


def _at_edges(page: Page) -> Iterator[Printed]:
    return (line for line in page.lines if _is_at_edge(line, page))


def _is_at_edge(line: Printed, page: Page) -> bool:
    return line.top < page.height * _EDGE or line.top > page.height * (1 - _EDGE)


def _key(line: Printed) -> str:
    return re.sub(r"\d+", "#", "".join(line.text.split()))


def _is_out(line: Printed, page: Page, repeated: set[str]) -> bool:
    if not _is_at_edge(line, page):
        return False
    return _key(line) in repeated or bool(_PAGE_NUMBER.fullmatch(line.text))


def _margins(pages: Sequence[Page]) -> dict[int, _Margins]:
    """Give the margins of every page, those of one size taken together."""
    sizes: dict[tuple[int, int], list[Page]] = {}
    for page in pages:
        sizes.setdefault((round(page.width), round(page.height)), []).append(page)
    return {
        page.number: found for alike in sizes.values() for found in [_of(alike)] for page in alike
    }


def _of(pages: Sequence[Page]) -> _Margins:
    lines = [line for page in pages for line in page.lines]
    if not lines:
        return _Margins(0, 0, 0)
    starts = Counter(round(line.x0) for line in lines)
    left = min((x for x, times in starts.items() if times > 1), default=min(starts))
    ends = sorted((line.x1 for line in lines), reverse=True)
    gaps = [below.top - above.top for page in pages for above, below in pairwise(page.lines)]
    return _Margins(left, ends[min(len(ends) // 10, 2)], median(gaps) if gaps else 0)


def _prose(lines: Sequence[Printed], margins: dict[int, _Margins]) -> Iterator[Part]:
    held: list[Printed] = []
    for line in lines:
        if held and not _runs_on(held[-1], line, margins):
            yield _text(held)
            held = []
        held.append(line)
    if held:
        yield _text(held)


def _runs_on(above: Printed, line: Printed, margins: dict[int, _Margins]) -> bool:
    """Whether a line goes on with the one above: that one is full, this one not set in."""
    own, its = margins[line.page], margins[above.page]
    full = above.x1 + line.lead > its.right - _SLACK * line.size
    full = full and above.x0 < its.left + _SET_IN * above.size
    indented = line.x0 > own.left + _INDENT * line.size
    apart = line.page == above.page and line.top - above.top > _APART * max(own.pitch, line.size)
    grown = abs(line.size - above.size) > line.size / 6
    begins = read_number(line.text) is not None and above.text[-1] in _SENTENCE_END
    return full and not (indented or apart or grown or begins)


def _text(lines: Sequence[Printed]) -> Text:
    first, last = lines[0].page, lines[-1].page
    place = f"第{first}页" if first == last else f"第{first}—{last}页"
    return Text("".join(line.text for line in lines), place)


def _grids(rulings: Sequence[Ruling]) -> Iterator[Part]:
    """Give tables; one that goes on over the next page is put together again."""
    held: list[tuple[str, Fields]] = []
    page = 0
    for ruling in rulings:
        rows = [(f"第{ruling.page}页表格第{n}行", fields) for n, fields in ruling.rows]
        if held and ruling.page == page + 1 and _same_columns(held[-1][1], rows[0][1]):
            held = _continue(held, rows)
        else:
            yield from _grid(held)
            held = rows
        page = ruling.page
    yield from _grid(held)


def _same_columns(above: Fields, below: Fields) -> bool:
    return _width(above) == _width(below)


def _width(fields: Fields) -> int:
    return sum(field.across for field in fields)


def _continue(
    held: list[tuple[str, Fields]], rows: list[tuple[str, Fields]]
) -> list[tuple[str, Fields]]:
    head = _said(held[0][1])
    while rows and is_heading([word for word in head if word]) and _said(rows[0][1]) == head:
        rows = rows[1:]
    if not rows or not _is_rest(held[-1][1], rows[0][1]):
        return [*held, *rows]
    place, above = held[-1]
    whole = tuple(_joined(a, b) for a, b in zip(above, rows[0][1], strict=True))
    return [*held[:-1], (place, whole), *rows[1:]]


def _said(fields: Fields) -> list[str]:
    return ["".join(line.text for line in field.lines) for field in fields]


def _is_rest(above: Fields, below: Fields) -> bool:
    """Whether the first row of a page is the rest of the last row on the page before."""
    if [f.across for f in above] != [f.across for f in below]:
        return False
    pairs = list(zip(_said(above), _said(below), strict=True))
    if any(low and not high for high, low in pairs[1:]) or any(_opens(low) for _, low in pairs):
        return False
    missing = any(high and not low for high, low in pairs[1:])
    longest = max((high for high, _ in pairs), key=len, default="")
    return missing or longest[-1:] not in _SENTENCE_END


def _opens(words: str) -> bool:
    """Whether a cell opens a row of its own: a serial number, or an item with its number."""
    if words.isdigit():
        return True
    found = read_number(words, bare=True)
    return found is not None and found.level <= Level.TASK


def _joined(above: Field, below: Field) -> Field:
    return replace(above, lines=(*above.lines, *below.lines))


def _grid(rows: Iterable[tuple[str, Fields]]) -> Iterator[Part]:
    made = tuple(_row(place, fields) for place, fields in rows)
    if made:
        yield Grid(made)


def _row(place: str, fields: Fields) -> Row:
    return tuple(
        Slot(tuple(Text(words, place) for words in _paragraphs(field)), field.across)
        for field in fields
    )


def _paragraphs(field: Field) -> Iterator[str]:
    """Give the paragraphs of a cell, the lines put together that its width has parted."""
    room = field.width - 2 * _PADDING
    held = ""
    for above, line in pairwise((None, *field.lines)):
        if line is None:
            continue
        if above is None or not _fills(above, line, room):
            if held:
                yield held
            held = ""
        held += line.text
    if held:
        yield held


def _fills(above: Printed, line: Printed, room: float) -> bool:
    if read_number(line.text) is not None and above.text[-1] in _SENTENCE_END:
        return False
    return above.x1 - above.x0 + line.lead > room - _SLACK * line.size
