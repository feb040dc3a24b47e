"""The lines of a text file, with remnants of markup blanked out but every column kept."""

import re
from dataclasses import dataclass
from itertools import pairwise

_REMNANT = re.compile(
    r"</?[A-Za-z][A-Za-z0-9]{0,9}(?: [^<>]{0,200})?/?>|&nbsp;|\[bookmark:[^\]]{0,80}\]"
)
_BREAK = re.compile(r"</p>|<br ?/?>", re.IGNORECASE)
_SENTENCE_END = "。；：！？!?;:"


@dataclass(frozen=True, slots=True)
class Line:
    """One line or a piece of one: ``text`` without blanks at its ends, ``column`` its first."""

    text: str
    number: int
    column: int

    @property
    def ends_sentence(self) -> bool:
        """Whether the line closes a sentence, so that the next one is no continuation."""
        return self.text.rstrip("”）)")[-1:] in _SENTENCE_END


def split_lines(text: str) -> tuple[str, ...]:
    """Give the lines as printed, without their ends."""
    return tuple(line.rstrip("\r") for line in text.split("\n"))


def piece(raw: str, number: int, start: int = 0, end: int | None = None) -> Line:
    """Give a stretch of a line, markup blanked out, ends trimmed.

    >>> piece("<p>各单位每月检查。</p>", 7)
    Line(text='各单位每月检查。', number=7, column=3)
    """
    part = _REMNANT.sub(lambda found: " " * len(found.group()), raw[start:end])
    column = start + len(part) - len(part.lstrip())
    return Line(part.strip(), number, column)


def pieces(raw: str, number: int, start: int, end: int) -> tuple[Line, ...]:
    """Give the paragraphs that markup still separates inside one cell, empty ones left out."""
    cuts = [start, *(found.end() for found in _BREAK.finditer(raw, start, end)), end]
    parts = (piece(raw, number, a, b) for a, b in pairwise(cuts))
    return tuple(part for part in parts if part.text)
