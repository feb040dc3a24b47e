"""Where the sentences of a passage and the clauses of a sentence begin and end."""

from dataclasses import dataclass

_OPEN = "（(“《【〔"
_CLOSE = "）)”》】〕"
_FULL = "。！？!?"
_HALF = "，；：,;:"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of characters: ``text[start:end]``, and the mark that closes it."""

    start: int
    end: int
    mark: str = ""


def split_sentences(text: str) -> tuple[Stretch, ...]:
    """Give the sentences; a full stop inside quotation marks closes none.

    >>> [s.mark for s in split_sentences("一是检查。二是“看。听”")]
    ['。', '']
    """
    return _split(text, 0, len(text), _FULL)


def split_clauses(text: str, sentence: Stretch) -> tuple[Stretch, ...]:
    """Give the clauses of a sentence: the words between ，；： outside brackets.

    >>> whole = "各单位要自查（每月，至少一次），上报"
    >>> [whole[c.start:c.end] for c in split_clauses(whole, Stretch(0, len(whole)))]
    ['各单位要自查（每月，至少一次）', '上报']
    """
    return _split(text, sentence.start, sentence.end, _HALF)


def _split(text: str, start: int, end: int, marks: str) -> tuple[Stretch, ...]:
    closing = _last_closing(text, start, end)
    found: list[Stretch] = []
    depth = 0
    begun = start
    for index in range(start, end):
        char = text[index]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(depth - 1, 0)
        elif char in marks and (not depth or index > closing):
            found.append(Stretch(begun, index, char))
            begun = index + 1
    if text[begun:end].strip():
        found.append(Stretch(begun, end))
    return tuple(found)


def _last_closing(text: str, start: int, end: int) -> int:
    """After the last closing bracket an open one cannot hold anything together any more."""
    return max(text.rfind(char, start, end) for char in _CLOSE)
