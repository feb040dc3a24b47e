"""The smallest things read: blanks left out, a unit, a bound, a word from a table."""

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from obligations import numerals
from obligations.phrases.words import BEFORE, DASHES, NOT_A_UNIT_BEFORE, UNITS_BY_SIGN
from obligations.schedule import Period

REACH = 160  # no phrase is longer; keeps every look linear in the length of the line
ODD = re.compile(
    "[ \n\r\f\v０-９．ａ-ｚＡ-Ｚ<\xa0\u3000\u200b]"
)  # a tab stays: it is a cell's border
_GAPS = re.compile(
    r"[ \xa0\u3000\u200b\r]*\n[ \xa0\u3000\u200b\r\n]*|[ \xa0\u3000\u200b\r]+|<[^<>]{0,40}>"
)
_WIDE = re.compile(r"[０-９．ａ-ｚＡ-Ｚ]")
_NARROW = {0xFF10 + n: 0x30 + n for n in range(10)}
_NARROW |= {0xFF21 + n: 0x41 + n for n in range(26)} | {0xFF41 + n: 0x61 + n for n in range(26)}
_NARROW[0xFF0E] = 0x2E


class Compacted(NamedTuple):
    """Text without blanks; ``starts`` and ``places`` say where its pieces begin now and before."""

    text: str
    starts: tuple[int, ...]
    places: tuple[int, ...]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Give a span of the compacted text as a span of the text it came from."""
        if start == end:
            place = self._place(start)
            return place, place
        return self._place(start), self._place(end - 1) + 1

    def _place(self, at: int) -> int:
        """Give where a sign stood."""
        piece = bisect_right(self.starts, at) - 1
        return at - self.starts[piece] + self.places[piece]


def bare(text: str) -> str:
    """Give the text without any blanks: fast, to see whether it holds any time word at all.

    >>> bare("每 季 度")
    '每季度'
    """
    narrow = text.translate(_NARROW) if _WIDE.search(text) else text
    return "".join(narrow.split()).replace("\u200b", "")


def compact(text: str) -> Compacted:
    """Give the text without the blanks inside words, digits narrow, tags as cell borders."""
    if not ODD.search(text):
        return Compacted(text, (0,), (0,))
    body = text.strip(" \n\r\f\v\xa0\u3000\u200b")
    shift = text.find(body[0]) if body else 0
    narrow = body.translate(_NARROW) if _WIDE.search(body) else body
    pieces: list[str] = []
    starts, places = [0], [shift]
    size = last = 0
    for gap in _GAPS.finditer(narrow):
        start, end = gap.span()
        border = _border(narrow, start, end)
        pieces += (narrow[last:start], border)
        size += start - last + len(border)
        last = end
        if border:
            starts.append(size - 1)
            places.append(start + shift)
        starts.append(size)
        places.append(end + shift)
    pieces.append(narrow[last:])
    return Compacted("".join(pieces), tuple(starts), tuple(places))


def _border(text: str, start: int, end: int) -> str:
    """Give what stays of a gap: a border for a tag or an empty line, a blank between numbers."""
    if text[start] == "<" or text.count("\n", start, end) > 1:
        return "\n"
    before, after = text[start - 1 : start], text[end : end + 1]
    digits, letters = before.isdigit() and after.isdigit(), before.isalpha() and after.isalpha()
    apart = before.isascii() and after.isascii() and (digits or letters)
    return " " if apart else ""


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
    if text.startswith(words, at):
        for known in words:
            if text.startswith(known, at):
                return at + len(known)
    return at


def word_back(text: str, end: int, words: tuple[str, ...]) -> int:
    """Give where the first fitting word starts that ends at a place; the place if none fits."""
    if text.endswith(words, 0, end):
        for known in words:
            if text.endswith(known, 0, end):
                return end - len(known)
    return end


# 9月29日18时前, 17:00前, 下午5点前: an hour that stands between a day and its 前.
_CLOCK = re.compile(
    "(?:[（(](?:星期|周)[一二三四五六日天][）)])?(?:下班|(?:[上下中]午|早上|晚上|傍晚)?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
    "(?:[:：][0-9]{2}|[时点](?:[0-9]{1,2}分|整|半|钟)?))"
    "|[（(](?:星期|周)[一二三四五六日天][）)](?=前|之前|以前)"
)


def clock(text: str, at: int) -> int:
    """Give where an hour of the day ends that starts at a place; the place if there is none.

    >>> clock("29日18时前", 3)
    6
    """
    read = _CLOCK.match(text, at)
    return read.end() if read else at


def before(text: str, at: int) -> int:
    """Give where 前, 之前 or 以前 ends that starts at a place; 前后 is no limit.

    >>> before("5日前", 2), before("5日前后", 2)
    (3, 2)
    """
    end = word(text, at, BEFORE)
    return at if text.startswith("后", end) else end


def ahead(text: str, at: int, ends: frozenset[str]) -> int:
    """Give the next place with one of the signs, the end of the text, or the end of the reach."""
    found = _any_of(ends)(text, at, at + REACH)
    return found.start() if found else min(len(text), at + REACH)


@cache
def _any_of(signs: frozenset[str]) -> Callable[[str, int, int], re.Match[str] | None]:
    return re.compile(f"[{re.escape(''.join(sorted(signs)))}]").search


def behind(text: str, at: int, ends: frozenset[str]) -> int:
    """Give the place after the last of the signs before, within reach."""
    limit = max(0, at - REACH)
    while at > limit and text[at - 1] not in ends:
        at -= 1
    return at
