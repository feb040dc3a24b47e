"""When two stretches of words say the same."""

from collections import Counter
from functools import lru_cache
from itertools import pairwise

_LEAST = 4
_HALF = 2


@lru_cache(maxsize=4096)
def bare(words: str) -> str:
    """Give the words without blanks and punctuation.

    >>> bare("组织召开会议， 研究 解决（重大）问题。")
    '组织召开会议研究解决重大问题'
    """
    return "".join(char for char in words if char.isalnum())


def same_or_contained(one: str, two: str) -> bool:
    """Whether both say the same, or the shorter is a stretch of at least half of the longer.

    >>> same_or_contained("开展消防检查", "组织开展消防检查")
    True
    >>> same_or_contained("检查", "检查燃气安全")
    False
    """
    shorter, longer = sorted((bare(one), bare(two)), key=len)
    if shorter == longer:
        return bool(shorter)
    return len(shorter) >= max(_LEAST, len(longer) / _HALF) and shorter in longer


def likeness(one: str, two: str) -> float:
    """Give which share of their pairs of neighbouring characters two stretches have in common.

    >>> likeness("组织消防检查", "组织消防演练"), likeness("甲", "甲")
    (0.6, 1.0)
    """
    first, second = bare(one), bare(two)
    if first == second:
        return 1.0
    here, there = _pairs(first), _pairs(second)
    total = here.total() + there.total()
    return 2 * (here & there).total() / total if total else 0.0


@lru_cache(maxsize=4096)
def _pairs(words: str) -> Counter[str]:
    return Counter(a + b for a, b in pairwise(words))
