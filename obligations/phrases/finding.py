"""`find`: every time obligation inside one line of running text."""

import re
from collections.abc import Iterable

from obligations.phrases import deadlines, events, periods, standing
from obligations.phrases.mention import Look, Mention, Reader
from obligations.phrases.refusals import kept
from obligations.phrases.tokens import ODD, Compacted, ahead, bare, compact
from obligations.phrases.words import STOPS

_READERS: dict[str, Reader] = {
    **deadlines.READERS,
    **standing.READERS,
    **events.READERS,
    **periods.READERS,
}


# What must stand around a sign that is a word by itself; else nobody need look at it.
_AROUND = {
    "年": deadlines.AROUND,
    "月": deadlines.AROUND,
    "半年": periods.AROUND,
    "前": events.AROUND,
    **periods.AROUND_EACH,
    **standing.AROUND,
}


def _pattern(words: Iterable[str], read: str = "") -> str:
    """Give a pattern that finds the longest of the words, each sign said once (日(?:管控|调度)).

    Every branch opens with a literal, so the scan skips to the signs that can begin a word.
    """
    tree: dict[str, list[str]] = {}
    for word in words:
        tree.setdefault(word[:1], []).append(word[1:])
    last = tree.pop("", None)
    branches = [
        re.escape(sign) + _pattern(rests, read + sign) for sign, rests in sorted(tree.items())
    ]
    if last is not None:
        branches.append(_AROUND.get(read, ""))
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _openings(words: Iterable[str]) -> str:
    """Give a pattern for the first two signs of the words: much less to try than the words."""
    seconds: dict[str, set[str]] = {}
    for word in words:
        seconds.setdefault(word[0], set()).add(word[1:2])
    return "|".join(
        f"{sign}(?:{_AROUND[sign]}|[{''.join(sorted(nexts))}])"
        if "" in nexts
        else f"{sign}[{''.join(sorted(nexts))}]"
        for sign, nexts in sorted(seconds.items())
    )


_TRIGGER = re.compile(_pattern(_READERS))
_OPENING = re.compile(_openings(_READERS))


def find(text: str, *, year: int | None = None) -> tuple[Mention, ...]:
    """Give every time obligation that a line states, in the order of the line.

    >>> [mention.schedule.count for mention in find("每季度至少召开2次会议。")]
    [2]
    """
    if not ODD.search(text):
        first = _OPENING.search(text)
        return tuple(kept(text, scan(text, year, first.start()), year)) if first else ()
    if not _OPENING.search(bare(text)):
        return ()
    read = compact(text)
    found = kept(read.text, scan(read.text, year), year)
    return tuple([_back(mention, read) for mention in found])


def scan(text: str, year: int | None, begin: int = 0) -> list[Mention]:
    """Give every candidate from a place on; nothing is judged by what stands around it."""
    found: list[Mention] = []
    done, sentence, named, yearly = 0, 0, year, 0
    for match in _TRIGGER.finditer(text, begin):
        at = match.start()
        if at < done:
            continue
        if at >= sentence:
            stop = text.find("。", at)
            sentence, named = (stop if stop >= 0 else len(text)), year
        more = _READERS[match.group()](Look(text, at, named, done))
        if more and at < yearly:
            more = deadlines.returning(text, more)
        if more:
            found += more
            for mention in more:
                done = max(done, mention.tail)
            named = deadlines.named_year(text, more[-1]) or named
            if periods.is_yearly(more[-1]):
                yearly = ahead(text, at, STOPS)
    return found


def _back(mention: Mention, read: Compacted) -> Mention:
    """Give the mention in the places of the text before blanks were left out."""
    start, end, schedule, head, tail, duty = mention
    whole = read.back(start, end)
    words = whole if (head, tail) == (start, end) else read.back(head, tail)
    return Mention(*whole, schedule, *words, read.back(*duty))
