"""What a paper is made of."""

from dataclasses import dataclass
from datetime import date, datetime

Cell = str | int | float | date | datetime


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``share`` is its part of the width, in no particular unit."""

    name: str
    share: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is 一、 and level 2 is （一）."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text; ``small`` is a remark under a table or a picture."""

    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``name`` is what its sheet is called. ``fills``: RRGGBB behind each row."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    fills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with the words for who cannot see it; ``width`` is in millimetres."""

    png: bytes
    words: str
    width: int
    name: str = ""


Block = Heading | Paragraph | Table | Picture


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole: title, to whom, what follows, who signs and when."""

    title: str
    blocks: tuple[Block, ...]
    addressee: str = ""
    signer: str = ""
    signed: date | None = None


def words_of(cell: Cell) -> str:
    """Give a cell as text: days and instants as 2026-07-01 and 2026-07-01 09:00.

    >>> words_of(datetime(2026, 7, 1, 9)), words_of(date(2026, 7, 1)), words_of(3)
    ('2026-07-01 09:00', '2026-07-01', '3')
    """
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def day_words(day: date) -> str:
    """Give a day as official documents write it.

    >>> day_words(date(2026, 7, 1))
    '2026年7月1日'
    """
    return f"{day.year}年{day.month}月{day.day}日"
