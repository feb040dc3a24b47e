"""The smallest things read: blanks left out, a unit, a bound, a word from a table."""

import re
from typing import NamedTuple

from obligations import numerals
from obligations.phrases.words import DASHES, NOT_A_UNIT_BEFORE, UNITS_BY_SIGN
from obligations.schedule import Period

REACH = 160  # no phrase is longer; keeps every look linear in the length of the line
_ODD = re.compile(r"[\s０-９．ａ-ｚＡ-Ｚ<\xa0\u3000\u200b]")
_GAPS = re.compile(
    r"[ \xa0\u3000\u200b\r]*\n[ \xa0\u3000\u200b\r\n]*|[ \xa0\u3000\u200b\r]+|<[^<>]{0,40}>"
)
_NARROW = {0xFF10 + n: 0x30 + n for n in range(10)}
_NARROW |= {0xFF21 + n: 0x41 + n for n in range(26)} | {0xFF41 + n: 0x61 + n for n in range(26)}
_NARROW[0xFF0E] = 0x2E


class Compacted(NamedTuple):
    """Text without blanks; ``places`` has the old offset of every sign, or None for no change."""

    text: str
    shift: int
    places: tuple[int, ...] | None

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Give a span of the compacted text as a span of the text it came from."""
        if self.places is None:
            return start + self.shift, end + self.shift
        if start == end:
            place = self.places[start] if start < len(self.places) else self.places[-1] + 1
            return place, place
        return self.places[start], self.places[end - 1] + 1


def compact(text: str) -> Compacted:
    """Give the text without the blanks inside words, digits narrow, tags as cell borders."""
    body = text.strip()
    shift = len(text) - len(text.lstrip())
    if not _ODD.search(body):
        return Compacted(body, shift, None)
    narrow = body.translate(_NARROW)
    signs: list[str] = []
    places: list[int] = []
    last = 0
    for gap in _GAPS.finditer(narrow):
        signs.append(narrow[last : gap.start()])
        places.extend(range(last, gap.start()))
        last = gap.end()
        border = _border(narrow, gap)
        if border:
            signs.append(border)
            places.append(gap.start())
    signs.append(narrow[last:])
    places.extend(range(last, len(narrow)))
    return Compacted("".join(signs), shift, tuple(place + shift for place in places))


def _border(text: str, gap: re.Match[str]) -> str:
    """Give what stays of a gap: a border for a tag or an empty line, a blank between digits."""
    if text[gap.start()] == "<" or gap.group().count("\n") > 1:
        return "\n"
    before, after = text[gap.start() - 1 : gap.start()], text[gap.end() : gap.end() + 1]
    return (
        " " if before.isascii() and before.isalnum() and after.isascii() and after.isalnum() else ""
    )


def unit(text: str, at: int) -> tuple[Period, int] | None:
    """Give the unit of time that starts at a place, and where it ends."""
    for word, period in UNITS_BY_SIGN.get(text[at : at + 1], ()):
        if text.startswith(word, at):
            end = at + len(word)
            after = text[end : end + 1]
            if after and after in NOT_A_UNIT_BEFORE.get(word, ""):
                return None
            return period, end
    return None


def dash(text: str, at: int) -> int:
    """Give where a dash or 至 ends that starts at a place; the place itself if there is none."""
    while text[at : at + 1] in DASHES and at < len(text):
        at += 1
    return at


def span_of_numbers(text: str, at: int) -> tuple[int, int | None, int] | None:
    """Read 3 or 3至5; give the first, the last if there is one, and where it ends."""
    first = numerals.read(text, at)
    if first is None:
        return None
    after = dash(text, first[1])
    if after > first[1]:
        second = numerals.read(text, after)
        if second is not None and second[0] > first[0]:
            return first[0], second[0], second[1]
    return first[0], None, first[1]


def word(text: str, at: int, words: tuple[str, ...]) -> int:
    """Give where the first fitting word ends; the place itself if none fits."""
    for known in words:
        if text.startswith(known, at):
            return at + len(known)
    return at


def word_back(text: str, end: int, words: tuple[str, ...]) -> int:
    """Give where the first fitting word starts that ends at a place; the place if none fits."""
    for known in words:
        if text.endswith(known, 0, end):
            return end - len(known)
    return end


def ahead(text: str, at: int, ends: frozenset[str]) -> int:
    """Give the next place with one of the signs, the end of the text, or the end of the reach."""
    limit = min(len(text), at + REACH)
    while at < limit and text[at] not in ends:
        at += 1
    return at


def behind(text: str, at: int, ends: frozenset[str]) -> int:
    """Give the place after the last of the signs before, within reach."""
    limit = max(0, at - REACH)
    while at > limit and text[at - 1] not in ends:
        at -= 1
    return at
