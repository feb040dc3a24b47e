"""One page: its printed lines, and its ruled tables with the lines in their cells."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pdfplumber.page import Page as Leaf
from pdfplumber.table import Table as Ruled

Char = dict[str, Any]
Box = tuple[float, float, float, float]

_MOST_EDGES = 4000  # a drawing, a map: looking for tables in it would take minutes
_SAME_LINE = 0.45
_GAP = 0.8
_RARE = 0.15
_FEWEST_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed line; ``lead`` is the width of what could not have been parted at its head."""

    text: str
    page: int
    x0: float
    x1: float
    top: float
    size: float
    lead: float


@dataclass(frozen=True, slots=True)
class Field:
    """One cell: its lines and its width; ``across`` counts the columns."""

    lines: tuple[Printed, ...] = ()
    width: float = 0.0
    across: int = 1


Fields = tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A ruled table on one page; each row comes with its number on that page."""

    top: float
    page: int
    rows: tuple[tuple[int, Fields], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as read, its lines and tables each from top to bottom."""

    number: int
    width: float
    height: float
    lines: tuple[Printed, ...]
    tables: tuple[Ruling, ...]
    signs: int
    garbled: int
    pictured: bool


def read_page(leaf: Leaf) -> Page:
    """Give a page as read; rotated words (watermarks) are left out."""
    chars = [c for c in leaf.dedupe_chars().chars if c["upright"] and c["size"] > 0]
    ruled = _find_tables(leaf)
    tables = []
    for found in ruled:
        inside = [c for c in chars if _within(c, found.bbox)]
        chars = [c for c in chars if not _within(c, found.bbox)]
        tables.append(_ruling(found, inside, leaf.page_number))
    return Page(
        number=leaf.page_number,
        width=float(leaf.width),
        height=float(leaf.height),
        lines=tuple(_lines(chars, leaf.page_number)),
        tables=tuple(tables),
        signs=sum(not c["text"].isspace() for c in leaf.chars),
        garbled=sum(c["text"].startswith("(cid:") for c in leaf.chars),
        pictured=_pictured(leaf),
    )


def _pictured(leaf: Leaf) -> bool:
    """Whether pictures cover most of the page, as a scan does."""
    covered = sum(abs(image["width"] * image["height"]) for image in leaf.images)
    return bool(covered > leaf.width * leaf.height / 2)


def _find_tables(leaf: Leaf) -> list[Ruled]:
    if len(leaf.edges) > _MOST_EDGES:
        return []
    found = [table for table in leaf.find_tables() if _is_table(table)]
    return sorted(found, key=lambda table: table.bbox[1])


def _is_table(table: Ruled) -> bool:
    return max(len([c for c in row.cells if c]) for row in table.rows) >= _FEWEST_COLUMNS


def _within(char: Char, box: Box) -> bool:
    x = (char["x0"] + char["x1"]) / 2
    y = (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _ruling(table: Ruled, chars: Sequence[Char], page: int) -> Ruling:
    lefts = sorted({cell[0] for cell in table.cells})
    rows = []
    for n, row in enumerate(table.rows, 1):
        inside = [c for c in chars if any(_within(c, cell) for cell in row.cells if cell)]
        rows.append((n, tuple(_fields(row.cells, lefts, inside, page))))
    return Ruling(table.bbox[1], page, tuple(rows))


def _fields(
    cells: Sequence[Box | None], lefts: Sequence[float], chars: Sequence[Char], page: int
) -> Iterator[Field]:
    covered = 0
    for cell in cells:
        covered -= 1
        if cell is not None:
            covered = sum(cell[0] <= left < cell[2] - 1 for left in lefts)
            own = [c for c in chars if _within(c, cell)]
            yield Field(tuple(_lines(own, page)), cell[2] - cell[0], max(covered, 1))
        elif covered <= 0:
            yield Field()


def _lines(chars: Iterable[Char], page: int) -> Iterator[Printed]:
    """Give the printed lines of these characters, from top to bottom."""
    held: list[Char] = []
    middle = 0.0
    for char in sorted(chars, key=_middle):
        if held and _middle(char) - middle > _SAME_LINE * max(c["size"] for c in held[:9]):
            yield from _line(held, page)
            held = []
        held.append(char)
        middle = _middle(char)
    yield from _line(held, page)


def _middle(char: Char) -> float:
    return float(char["top"] + char["bottom"]) / 2


def _line(chars: list[Char], page: int) -> Iterator[Printed]:
    written = sorted((c for c in chars if not c["text"].isspace()), key=lambda c: float(c["x0"]))
    if not written:
        return
    blanks = sorted(float(c["x0"]) for c in chars if c["text"].isspace())
    yield Printed(
        text=_words(written, blanks),
        page=page,
        x0=float(written[0]["x0"]),
        x1=float(written[-1]["x1"]),
        top=float(min(c["top"] for c in written)),
        size=float(max(c["size"] for c in written)),
        lead=_lead(written),
    )


def _words(written: Sequence[Char], blanks: Sequence[float]) -> str:
    """Give the words. No blank between Chinese and figures, nor where every sign has one."""
    words = [str(written[0]["text"])]
    at = 0
    rare = len(blanks) <= len(written) * _RARE
    for before, char in pairwise(written):
        while at < len(blanks) and blanks[at] < before["x0"]:
            at += 1
        spaced = at < len(blanks) and blanks[at] < char["x0"]
        latin = str(before["text"]).isascii()
        alike = latin == str(char["text"]).isascii()
        wide = char["x0"] - before["x1"] > _GAP * char["size"]
        if wide or (spaced and alike and (latin or rare)):
            words.append(" ")
        words.append(str(char["text"]))
    return "".join(words)


def _lead(written: Sequence[Char]) -> float:
    """How wide the head of the line is that cannot stand on two lines: a word, a sign and 。."""
    end = 1
    while end < len(written) and (
        (_sticks(written[end - 1]) and _sticks(written[end]))
        or written[end]["text"] in "，。；：、）”》"
    ):
        end += 1
    return float(written[end - 1]["x1"] - written[0]["x0"])


def _sticks(char: Char) -> bool:
    return str(char["text"]).isascii() and str(char["text"]).isalnum()
