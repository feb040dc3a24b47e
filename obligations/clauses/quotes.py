"""The words that quote a time phrase so that nobody takes it for another one on the same line."""

from collections import Counter
from collections.abc import Iterable

from obligations.clauses.sentences import Sentence
from obligations.phrases import Mention

_BEFORE = 12
_BEHIND = 6
_FEWEST = 2


def count_words(text: str, mentions: Iterable[Mention]) -> Counter[str]:
    """Give how often the mentions of a passage use the same words, members of one phrase once."""
    return Counter(text[start:end] for start, end in {(m.start, m.end) for m in mentions})


def exact_quote(sentence: Sentence, mention: Mention, said: Counter[str]) -> tuple[int, int]:
    """Give where the quote of a mention begins and ends in its sentence.

    A phrase that the passage says more than once takes along the words around it: of two 每月 in
    主要负责人每月研究……，分管负责人每月检查…… neither could be found again by itself.
    """
    words = sentence.text[mention.start : mention.end]
    if said[words] <= 1:
        return mention.start, mention.end
    clause = sentence.clauses[sentence.index(mention.start)]
    return _first(sentence, mention, clause.start), _last(sentence, mention)


def _first(sentence: Sentence, mention: Mention, start: int) -> int:
    """Where the words before the phrase begin, if they are few."""
    near = sentence.mentions_near(mention.start)
    ended = max((m.end for m in near if m.end <= mention.start), default=0)
    begin = max(start, ended, sentence.text.rfind("、", start, mention.start) + 1)
    return begin if mention.start - begin <= _BEFORE else mention.start


def _last(sentence: Sentence, mention: Mention) -> int:
    """Where the words behind the phrase end: at the next mark or phrase, or when enough."""
    end = sentence.clauses[sentence.index(max(mention.end - 1, 0))].end
    following = sentence.next_start(mention.end, len(sentence.text))
    stop = sentence.text.find("、", mention.end, end)
    if end - mention.end < _FEWEST:
        end = len(sentence.text)
    bounds = [mention.end + _BEHIND, end, following, *([stop] if stop >= 0 else [])]
    return max(min(bounds), mention.end)
