"""How often and how much: 至少召开1次, 不得少于两次, 2家以上, 1至3件."""

import re
from typing import NamedTuple

from obligations import numerals
from obligations.phrases.tokens import word
from obligations.phrases.words import AT_LEAST, AT_MOST, MEASURES, OR_LESS, OR_MORE, TIMES
from obligations.schedule import Bound

# The first sign by itself: the search then skips to it.
_NUMBER = r"[0-9一二两三四五六七八九十百廿][0-9一二两三四五六七八九十百廿]*"
_QUANTITY = re.compile(
    rf"({_NUMBER})(?:[至到\-—~～－–]({_NUMBER}))?个?({'|'.join((*TIMES, *MEASURES))})"
)
_LEAST = re.compile(r"至少|最少|起码|不[得应能宜可]?[少低小]于")
_MOST = re.compile(r"至多|最多|不[得应能宜可]?(?:超过|[多大高]于)")
_LEADING = (*AT_LEAST, *AT_MOST, "原则上", "一般")
_SIZES = frozenset(("人", "名", "个", "天", "小时", "项", "类", "批", "期", "起", "部"))


class Quantity(NamedTuple):
    """A number of times (``unit`` 次) or of things, and where it stands."""

    start: int
    end: int
    n: int
    most: int | None
    unit: str
    bound: Bound

    @property
    def times(self) -> bool:
        """Tell whether it counts times."""
        return self.unit in TIMES


def bound_in(gap: str) -> Bound:
    """Give how the words before a number bind it."""
    if _LEAST.search(gap):
        return Bound.AT_LEAST
    return Bound.AT_MOST if _MOST.search(gap) else Bound.EXACT


def bound_before(text: str, at: int) -> tuple[Bound, int]:
    """Give the bound that ends right before a place (至少 in 至少每月), and where it starts."""
    here = at
    if at and text[at - 1] in "在于按应要须" and not text.endswith(_LEADING, 0, at):
        here = at - 1
    if not text.endswith(_LEADING, 0, here):
        return Bound.EXACT, at
    for words, bound in ((AT_LEAST, Bound.AT_LEAST), (AT_MOST, Bound.AT_MOST)):
        for known in words:
            if text.endswith(known, 0, here):
                return bound, here - len(known)
    for known in ("原则上", "一般"):
        if text.endswith(known, 0, here):
            return Bound.EXACT, here - len(known)
    return Bound.EXACT, at


def quantities(text: str, start: int, end: int) -> list[Quantity]:
    """Give every quantity between two places, each with the bound said since the one before.

    >>> [(q.n, q.unit, str(q.bound)) for q in quantities("至少检查2家以上", 0, 8)]
    [(2, '家', 'at_least')]
    """
    found: list[Quantity] = []
    since = start
    for match in _QUANTITY.finditer(text, start, end):
        quantity = _quantity(text, match, since)
        if quantity is not None:
            found.append(quantity)
        since = match.end()
    return found


def _quantity(text: str, match: re.Match[str], since: int) -> Quantity | None:
    """Judge one number with its measure: 第1次, 一次性 and 30人以下的 are no quantities."""
    start, end = match.span()
    n = numerals.number(match[1])
    most = numerals.number(match[2]) if match[2] else None
    if not n or (start > since and text[start - 1] in _NOT_BEFORE):
        return None
    bound = bound_in(text[since:start])
    after = word(text, end, OR_MORE)
    if after > end:
        bound = Bound.AT_LEAST
    elif (less := word(text, end, OR_LESS)) > end:
        bound, after = Bound.AT_MOST, less
    counted = match[3] in TIMES
    if _no_times(text, match, end) if counted else not _stated(text, match, since, after, bound):
        return None
    return Quantity(start, after, n, most, match[3], bound)


def _no_times(text: str, match: re.Match[str], end: int) -> bool:
    """Tell whether N次 counts nothing: 一次性, 二次供水, 一次次生灾害."""
    if text.startswith(("次性能", "次性质"), end - 1):
        return False
    if text.startswith(_NO_TIMES, end - 1) or text.startswith(_PER, end):
        return True
    return match[1] == "二" and text.startswith(_SECOND, end)


_NOT_BEFORE = frozenset("第每首再近前上下满")
_PER = ("/", "／", "∕")
_NO_TIMES = ("次性", "次数")
_SECOND = tuple("供伤灾污利加装能事")


def _stated(text: str, match: re.Match[str], since: int, after: int, bound: Bound) -> bool:
    """Tell whether a number of things is owed, and not part of a name (三项岗位, 一件事)."""
    if bound is not Bound.EXACT and bound_in(text[since : match.start()]) is bound:
        return True
    if after > match.end():  # 2家以上, but not 300人以上的企业
        return text[after : after + 1] != "的" and match[3] not in ("人", "名", "小时", "天")
    if match[2]:
        return True
    return match[1].isdecimal() and match[3] not in _SIZES
