"""What a file shows, in its order: lines of text and grids of cells -> a document."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from obligations.documents.assembly import assemble
from obligations.documents.lines import Line, piece
from obligations.documents.model import Cell, Document, Paragraph, Span, Table
from obligations.documents.tables import is_heading

_MOST_CELLS = 1_000_000
_TITLE_ROWS = 6  # so many rows may stand above the one that heads the columns


@dataclass(frozen=True, slots=True)
class Text:
    """One line or paragraph, and where the file shows it."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Slot:
    """What one cell shows, and over how many columns it reaches."""

    lines: tuple[Text, ...] = ()
    across: int = 1

    @property
    def text(self) -> str:
        """All of it in one string, without blanks."""
        return "".join("".join(line.text.split()) for line in self.lines)


Row = tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells. A cell merged with the one above it is empty."""

    rows: tuple[Row, ...]


Part = Text | Grid


@dataclass(frozen=True, slots=True)
class Remark:
    """What of the file was not read, in a sentence without its full stop."""

    text: str


Shown = tuple[Part | Remark, ...]


def to_document(name: str, parts: Shown, issued: date | None = None) -> Document:
    """Give the document that shows these parts.

    >>> cells = (Slot((Text("1.清点物资。", "表1第1行"),)), Slot((Text("6月底前", "表1第1行"),)))
    >>> document = to_document("分工.docx", (Text("任务如下。", "第1段"), Grid((cells, cells))))
    >>> document.lines, document.place(3)
    (('任务如下。', '1.清点物资。', '6月底前', '1.清点物资。', '6月底前'), '表1第1行')
    """
    shown: list[Text] = []
    prose: list[Line] = []
    tables: list[tuple[int, Table]] = []
    remarks = tuple(part.text for part in parts if isinstance(part, Remark))
    for part in _joined(_told(part for part in parts if not isinstance(part, Remark))):
        first = len(shown) + 1
        if isinstance(part, Text):
            shown.append(part)
            prose.append(piece(part.text, first))
        else:
            tables.append((first, _table(part, shown)))
    document = Document(
        name=name,
        issued=issued,
        lines=tuple(text.text for text in shown),
        places=tuple(text.place for text in shown),
        remarks=remarks,
    )
    return assemble(document, prose, tables)


def _told(parts: Iterable[Part]) -> Iterator[Part]:
    """Give the parts, what is laid out as a grid but is no table turned into lines."""
    for part in parts:
        if isinstance(part, Grid):
            yield from _opened(part)
        elif part.text.strip():
            yield part


def _opened(grid: Grid) -> Iterator[Part]:
    rows = [row for row in grid.rows if any(slot.lines for slot in row)]
    head = next((n for n, row in enumerate(rows[:_TITLE_ROWS]) if heads(row)), None)
    above = rows[: head or 0]
    below = rows[len(above) :]
    single = head is None and (len(below) <= 1 or all(_filled(row) <= 1 for row in below))
    for row in rows if single else above:
        yield from (line for slot in row for line in slot.lines if line.text.strip())
    if below and not single:
        yield Grid(tuple(below))


def heads(row: Row) -> bool:
    """Whether a row heads the columns of a table."""
    return is_heading([slot.text for slot in row if slot.lines])


def _filled(row: Row) -> int:
    return sum(bool(slot.lines) for slot in row)


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Give the parts, grids put together that follow each other under the same header."""
    held: Grid | None = None
    for part in parts:
        if isinstance(part, Grid) and held is not None and _goes_on(held, part):
            held = Grid((*held.rows, *part.rows))
            continue
        if held is not None:
            yield held
        held = part if isinstance(part, Grid) else None
        if isinstance(part, Text):
            yield part
    if held is not None:
        yield held


def _goes_on(above: Grid, below: Grid) -> bool:
    head, first = above.rows[0], below.rows[0]
    if heads(first):
        return [slot.text for slot in first] == [slot.text for slot in head]
    return heads(head) and _width(above.rows) == _width(below.rows)


def _width(rows: Sequence[Row]) -> int:
    return max(sum(slot.across for slot in row) for row in rows)


def _table(grid: Grid, shown: list[Text]) -> Table:
    """Give the table; what its cells say is put behind the lines ``shown`` before."""
    deep = _header_depth(grid.rows)
    names = [_names(row) for row in grid.rows[:deep]]
    header = tuple(lower or upper for upper, lower in _pairs(names))
    body = (row for row in grid.rows[deep:] if _names(row) not in names)
    return Table(header, tuple(tuple(_cells(row, shown)) for row in body))


def _header_depth(rows: Sequence[Row]) -> int:
    """A header has one row, or two where a heading stands over several others."""
    if not heads(rows[0]):
        return 0
    over = any(slot.across > 1 for slot in rows[0])
    return 2 if over and len(rows) > 1 and _completes(rows[0], rows[1]) else 1


def _completes(upper: Row, lower: Row) -> bool:
    """Whether the lower row only names the columns under the merged headings."""
    names = [slot.text for slot in lower]
    under = [slot.across > 1 for slot in upper for _ in range(slot.across)]
    spread = [name for slot, name in zip(lower, names, strict=True) for _ in range(slot.across)]
    return any(names) and all(
        bool(name) == merged and not any(mark in name for mark in "。；，")
        for merged, name in zip(under, spread, strict=False)
    )


def _names(row: Row) -> tuple[str, ...]:
    return tuple(slot.text for slot in row for _ in range(slot.across))


def _pairs(names: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    if not names:
        return
    lower = names[1] if len(names) > 1 else ()
    for column, name in enumerate(names[0]):
        yield name, lower[column] if column < len(lower) else ""


def _cells(row: Row, shown: list[Text]) -> Iterator[Cell]:
    for slot in row:
        paragraphs = []
        for line in slot.lines:
            shown.append(line)
            found = piece(line.text, len(shown))
            if found.text:
                paragraphs.append(Paragraph(found.text, (Span(0, found.number, found.column),)))
        yield Cell(tuple(paragraphs))
        yield from (Cell() for _ in range(slot.across - 1))


def texts(words: str, place: str) -> tuple[Text, ...]:
    """Give the lines of a cell or paragraph that are not empty."""
    return tuple(Text(line.strip(), place) for line in words.split("\n") if line.strip())


def led(number: str, words: str) -> str:
    """Give a line with the number that the program prints before it.

    A blank keeps a figure apart from the number, as on the page.

    >>> led("3.", "各村每月巡查。"), led("3.", "24小时值班。")
    ('3.各村每月巡查。', '3. 24小时值班。')
    """
    said = words.lstrip()
    return f"{number}{' ' if number and said[:1].isascii() else ''}{said}"


def lay_out(rows: Sequence[Sequence[tuple[Slot, int]]]) -> tuple[Row, ...]:
    """Give the rows with an empty cell wherever one from above reaches down into the row.

    Every cell comes with the number of rows that it reaches over.

    >>> name, a, b = (Slot((Text(word, ""),)) for word in "名甲乙")
    >>> [[slot.text for slot in row] for row in lay_out([[(name, 2), (a, 1)], [(b, 1)]])]
    [['名', '甲'], ['', '乙']]
    """
    made: list[Row] = []
    busy: dict[int, int] = {}
    laid = 0
    for cells in rows:
        row: list[Slot] = []
        column = 0
        waiting = list(reversed(cells))
        while waiting or busy.get(column):
            if busy.get(column):
                row.append(Slot())
                busy[column] -= 1
                column += 1
                continue
            slot, down = waiting.pop()
            row.append(slot)
            for _ in range(slot.across):
                busy[column] = down - 1
                column += 1
        busy = {left: down - (left >= column and down > 0) for left, down in busy.items()}
        made.append(tuple(row))
        laid += column
        if laid > _MOST_CELLS:
            message = "the cells of a table reach over more than there is"
            raise ValueError(message)
    return tuple(made)
