"""What a notice looks like once it is read: paragraphs and tables that know where they stand."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """From ``offset`` on, a paragraph's text stands in ``line`` (from 1) at ``column`` (from 0)."""

    offset: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, its broken lines joined; ``spans`` lead back to the lines of the file."""

    text: str
    spans: tuple[Span, ...]

    def place(self, offset: int) -> tuple[int, int]:
        """Give line and column of a character.

        >>> Paragraph("各单位每月检查", (Span(0, 3, 2), Span(3, 4, 0))).place(4)
        (4, 1)
        """
        span = self.spans[max(bisect_right(self.spans, offset, key=lambda s: s.offset) - 1, 0)]
        return span.line, span.column + offset - span.offset

    def origin(self, offset: int) -> int:
        """Give the offset at which the line of this character begins inside the paragraph."""
        later = bisect_right(self.spans, offset, key=lambda s: s.offset)
        return self.spans[max(later - 1, 0)].offset

    def reach(self, offset: int) -> int:
        """Give the offset at which the line of this character ends inside the paragraph."""
        later = bisect_right(self.spans, offset, key=lambda s: s.offset)
        return self.spans[later].offset if later < len(self.spans) else len(self.text)

    @property
    def line(self) -> int:
        """The line on which the paragraph begins."""
        return self.spans[0].line


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: none, one or several paragraphs."""

    paragraphs: tuple[Paragraph, ...] = ()

    @property
    def text(self) -> str:
        """All of it in one string, without blanks."""
        return "".join("".join(p.text.split()) for p in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a header; rows that only repeat the header are left out.

    ``header`` is empty where the table has none. A merged cell is empty in all rows but its first.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A notice: what its head and foot say, its lines as printed, and its blocks in order.

    ``places`` says for every line where the file shows it; it is empty where the lines are the
    file's own. ``remarks`` say what of the file could not be read.
    """

    name: str
    title: str = ""
    number: str = ""
    issuer: str = ""
    issued: date | None = None
    lines: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    places: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def place(self, line: int) -> str:
        """Say where a line stands: page, table and row, or its number where lines are printed.

        >>> Document("通知.docx", places=("第1段", "表1第2行")).place(2)
        '表1第2行'
        """
        known = 0 < line <= len(self.places)
        return self.places[line - 1] if known else f"第{line}行"

    @property
    def year(self) -> int | None:
        """The year that dates without one belong to, as far as the notice tells."""
        if self.issued is not None:
            return self.issued.year
        digits = "".join(ch for ch in self.number.partition("〔")[2][:4] if ch.isdigit())
        return int(digits) if len(digits) == len("2022") else None

    def quote(self, paragraph: Paragraph, start: int, end: int) -> str:
        """Give the words as the file prints them; a quote never runs over the end of its line."""
        line, column = paragraph.place(start)
        return self.lines[line - 1][column : column + min(end, paragraph.reach(start)) - start]
