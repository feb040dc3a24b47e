"""`find`: every time obligation inside one line of running text."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from obligations.phrases import deadlines, events, periods, standing
from obligations.phrases.mention import Mention
from obligations.phrases.refusals import kept
from obligations.phrases.tokens import Compacted, compact

Reader = Callable[[str, int, int | None, int], list[Mention]]


@dataclass(frozen=True, slots=True)
class _Family:
    """The words that start a family of phrases, and who reads it."""

    words: tuple[str, ...]
    read: Reader


_FAMILIES = (
    _Family(periods.WORDS, periods.read),
    _Family(deadlines.WORDS, deadlines.read),
    _Family(events.WORDS, events.read),
    _Family(standing.WORDS, standing.read),
)
_READERS: dict[str, Reader] = {word: family.read for family in _FAMILIES for word in family.words}
# Longest first, so that a word hides the shorter one inside it; pure literals, so that the scan is fast.
_TRIGGER = re.compile("|".join(sorted(_READERS, key=lambda word: (-len(word), word))))


def find(text: str, *, year: int | None = None) -> tuple[Mention, ...]:
    """Give every time obligation that a line states, in the order of the line.

    >>> [mention.schedule.count for mention in find("每季度至少召开2次会议。")]
    [2]
    """
    read = compact(text)
    found = kept(read.text, scan(read.text, year), year)
    return tuple(_back(mention, read) for mention in found)


def scan(text: str, year: int | None) -> list[Mention]:
    """Give every candidate in compacted text; nothing is judged by what stands around it."""
    found: list[Mention] = []
    done, sentence, named = 0, 0, year
    for match in _TRIGGER.finditer(text):
        at = match.start()
        if at < done:
            continue
        if at >= sentence:
            stop = text.find("。", at)
            sentence, named = (stop if stop >= 0 else len(text)), year
        more = _READERS[match.group()](text, at, named, done)
        if more:
            found += more
            done = max(done, *(mention.tail for mention in more))
            named = deadlines.named_year(text, more[-1]) or named
    return found


def _back(mention: Mention, read: Compacted) -> Mention:
    """Give the mention in the places of the text before blanks were left out."""
    if read.places is None and not read.shift:
        return mention
    start, end = read.back(mention.start, mention.end)
    head, tail = read.back(mention.head, mention.tail)
    return Mention(start, end, mention.schedule, head, tail, read.back(*mention.duty))
