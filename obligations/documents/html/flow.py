"""The elements of a page -> lines and grids, list items with the numbers that a browser prints."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from obligations.documents.figures import write
from obligations.documents.numbering import read_number
from obligations.documents.parts import Grid, Part, Slot, Text, lay_out, led, texts
from obligations.documents.tables import is_heading

_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "dfn", "em", "font", "i", "img", "ins",
     "kbd", "label", "mark", "q", "rb", "ruby", "s", "samp", "small", "span", "strong", "sub",
     "sup", "time", "tt", "u", "var", "wbr", "o:p", "acronym")
)  # fmt: skip
_DROPPED = frozenset(("del", "strike", "rt", "rp"))
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_BODIES = frozenset(("thead", "tbody", "tfoot"))
_TITLE_ROWS = 6
_WIDEST = 64
_DIGITS = 4
LINE = "data-line"


@dataclass(slots=True)
class _Reading:
    """How far the page is read; lives only inside ``read_flow``."""

    held: list[str] = field(default_factory=list)
    lead: str = ""
    line: str = ""
    paragraphs: int = 0
    tables: int = 0


def read_flow(root: HtmlElement) -> Iterator[Part]:
    """Give what an element shows, in order."""
    state = _Reading()
    yield from _block(root, state)
    yield from _flush(state)


def _block(element: HtmlElement, state: _Reading) -> Iterator[Part]:
    if element.tag == "table" and not _is_layout(element):
        yield _grid(element, state)
        return
    if element.tag == "ol":
        yield from _numbered(element, state)
        return
    state.line = element.get(LINE) or state.line
    _hold(state, element.text)
    for inner in element:
        yield from _child(inner, state)
        _hold(state, inner.tail)


def _child(inner: HtmlElement, state: _Reading) -> Iterator[Part]:
    tag = inner.tag
    if not isinstance(tag, str) or tag in _DROPPED:
        return
    if tag == "br":
        state.held.append("\n")
    elif tag in _INLINE and not _has_block(inner):
        yield from _block(inner, state)
    else:
        yield from _flush(state)
        yield from _block(inner, state)
        yield from _flush(state)


def _has_block(element: HtmlElement) -> bool:
    return next(element.iter("p", "div", "table", "ol", "ul"), None) is not None


def _hold(state: _Reading, words: str | None) -> None:
    if words:
        state.held.append(_closed(words))


def _closed(words: str) -> str:
    r"""Give the words without the line ends of the source, which a page does not show.

    >>> _closed("每月检\n  查 一次")
    '每月检查 一次'
    """
    lines = words.replace("\r", "\n").split("\n")
    first, last = lines[0], lines[-1]
    if len(lines) == 1:
        return words
    return first.rstrip() + "".join(line.strip() for line in lines[1:-1]) + last.lstrip()


def _flush(state: _Reading) -> Iterator[Part]:
    words = "".join(state.held).replace("\xa0", " ")
    state.held = []
    if not words.strip():
        return
    lead, state.lead = state.lead, ""
    if lead and read_number(words) is None:
        words = led(lead, words)
    state.paragraphs += 1
    yield from texts(words, f"第{state.line or state.paragraphs}{'行' if state.line else '段'}")


def _numbered(element: HtmlElement, state: _Reading) -> Iterator[Part]:
    """Give the items of a list, each with its number unless its words bring one."""
    n = _whole(element.get("start"), 1)
    form = _FORMS.get(element.get("type") or "", "decimal")
    bare = "none" in (element.get("style") or "").partition("list-style")[2]
    for item in element:
        if item.tag == "li":
            n = _whole(item.get("value"), n)
            state.lead = "" if bare else f"{write(n, form)}."
            n += 1
        yield from _child(item, state)
    state.lead = ""


def _whole(words: str | None, default: int) -> int:
    known = words and words.isascii() and words.isdigit() and len(words) <= _DIGITS
    return int(words) if words and known else default


def _is_layout(table: HtmlElement) -> bool:
    """Whether a table only places things on the page: a single cell, or others in a few cells."""
    rows = _rows(table)
    widest = max((len(_cells(row)) for row in rows), default=0)
    if widest <= 1:
        return True
    if next(table.iterdescendants("table"), None) is None:
        return False
    headed = any(is_heading([_said(cell) for cell in _cells(row)]) for row in rows[:_TITLE_ROWS])
    return not headed


def _rows(table: HtmlElement) -> list[HtmlElement]:
    """Give the table's own rows, not those of a table inside it."""
    return [
        row
        for part in table
        for row in ([part] if part.tag == "tr" else part if part.tag in _BODIES else ())
        if row.tag == "tr"
    ]


def _cells(row: HtmlElement) -> list[HtmlElement]:
    return [cell for cell in row if cell.tag in {"td", "th"}]


def _said(element: HtmlElement) -> str:
    return "".join("".join(element.itertext()).split())


def _grid(table: HtmlElement, state: _Reading) -> Grid:
    state.tables += 1
    rows = _rows(table)
    laid = []
    for n, row in enumerate(rows):
        place = f"表{state.tables}第{n + 1}行"
        laid.append([_slot(cell, place, len(rows) - n) for cell in _cells(row)])
    return Grid(lay_out(laid))


def _slot(cell: HtmlElement, place: str, down: int) -> tuple[Slot, int]:
    lines = tuple(Text(words, place) for part in read_flow(cell) for words in _lines(part))
    across = max(1, min(_whole(cell.get("colspan"), 1), _WIDEST))
    reach = _whole(cell.get("rowspan"), 1) or down
    return Slot(lines, across), max(1, min(reach, down))


def _lines(part: Part) -> Iterator[str]:
    """Give the lines of a part inside a cell; a number in a cell of its own joins its words."""
    if isinstance(part, Text):
        yield part.text
        return
    for row in part.rows:
        lead = ""
        for line in (line.text for slot in row for line in slot.lines):
            found = read_number(line)
            if found and found.end == len(line):
                lead += line
            else:
                yield lead + line
                lead = ""
        if lead:
            yield lead
