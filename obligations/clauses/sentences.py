"""The sentences of a passage, their clauses, and the time phrases in them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from obligations.phrases import Mention

_OPEN = "（(“《【〔"
_CLOSE = "）)”》】〕"
_FULL = "。！？!?"
_HALF = "，；：,;:"
_SIGNS = {marks: re.compile(f"[{marks}{_OPEN}{_CLOSE}]") for marks in (_FULL, _HALF)}
_LONG, _LONGEST = 600, 800  # longer sentences are cut at a comma, so that the time stays linear
_NEAR = 12  # so many time phrases before a place can have to do with it


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of characters: ``text[start:end]``, and the mark that closes it."""

    start: int
    end: int
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; the places of its clauses and mentions count from its own first character."""

    text: str
    offset: int
    mark: str
    clauses: tuple[Stretch, ...]
    mentions: tuple[Mention, ...]

    def words(self, clause: Stretch) -> str:
        """Give the words of a clause."""
        return self.text[clause.start : clause.end]

    def index(self, at: int) -> int:
        """Give which clause a character stands in; a mark belongs to the clause it closes."""
        found = bisect_left(self.clauses, at, key=_end)
        return min(found, max(len(self.clauses) - 1, 0))

    def next_start(self, at: int, end: int) -> int:
        """Give where the first time phrase begins from ``at`` on, ``end`` if none is before it."""
        number = bisect_left(self.mentions, at, key=_start)
        return min(self.mentions[number].start, end) if number < len(self.mentions) else end

    def mentions_near(self, at: int) -> tuple[Mention, ...]:
        """Give the last time phrases that begin before ``at``."""
        last = bisect_left(self.mentions, at, key=_start)
        return self.mentions[max(last - _NEAR, 0) : last]

    def mentions_from(self, start: int, end: int) -> tuple[Mention, ...]:
        """Give the time phrases that begin from ``start`` on and before ``end``."""
        first = bisect_left(self.mentions, start, key=_start)
        return self.mentions[first : bisect_left(self.mentions, end, key=_start)]


def _end(clause: Stretch) -> int:
    return clause.end


def _start(mention: Mention) -> int:
    return mention.start


def read_sentences(text: str, mentions: Sequence[Mention] = ()) -> Iterator[Sentence]:
    """Give the sentences of a text with the mentions that begin in them.

    >>> [s.text for s in read_sentences("一是检查。二是“看。听”")]
    ['一是检查', '二是“看。听”']
    """
    starts = [mention.start for mention in mentions]
    done = 0
    for found in _split(text, _FULL):
        last = bisect_right(starts, found.end)
        own = text[found.start : found.end]
        yield Sentence(
            text=own,
            offset=found.start,
            mark=found.mark,
            clauses=_split(own, _HALF),
            mentions=tuple(_moved(m, found.start) for m in mentions[done:last]),
        )
        done = last


def _moved(mention: Mention, by: int) -> Mention:
    first, last = mention.duty
    return Mention(
        schedule=mention.schedule,
        start=mention.start - by,
        end=mention.end - by,
        head=mention.head - by,
        tail=mention.tail - by,
        duty=(first - by, last - by),
    )


def _split(text: str, marks: str) -> tuple[Stretch, ...]:
    """Cut at the marks outside brackets; after the last closing bracket an open one is ignored."""
    closing = max(text.rfind(char) for char in _CLOSE)
    found: list[Stretch] = []
    depth = begun = 0
    for index, char in _signs(text, marks):
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(depth - 1, 0)
        if (char in marks and (not depth or index > closing)) or _too_long(char, index - begun):
            found.append(Stretch(begun, index, char if char in marks else ""))
            begun = index + 1 if char in marks else index
            depth = 0
    if text[begun:].strip() or not found:
        found.append(Stretch(begun, len(text)))
    return tuple(found)


def _signs(text: str, marks: str) -> Iterable[tuple[int, str]]:
    """Give the signs that may end a stretch; in a long text every one, as length ends it too."""
    if len(text) >= _LONG:
        return enumerate(text)
    return ((found.start(), found[0]) for found in _SIGNS[marks].finditer(text))


def _too_long(char: str, length: int) -> bool:
    return length >= _LONGEST or (length >= _LONG and char in _HALF)
