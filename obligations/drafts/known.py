"""The bearers that a notice names -> those that the office has; never a guess."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Self

from obligations.drafts.likeness import bare
from obligations.rules import Office

_AND = re.compile(r"以及|及其|和|及|与")
_EVERY = re.compile(r"^(?:各个?|全体|所有)")
_LIKENESS = 0.75
_LEAST = 3
_FEW = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule may call somebody by; ``by_words`` leads from bare words to the office's own."""

    words: tuple[str, ...] = ()
    by_words: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, office: Office) -> Self:
        """Give the names, posts, units and tags of an office."""
        words = [unit.name for unit in office.units]
        words += [person.name for person in office.people]
        words += [post for person in office.people for post in person.posts]
        words += [tag for unit in office.units for tag in unit.tags]
        words += [tag for person in office.people for tag in person.tags]
        words = list(dict.fromkeys(words))
        count = Counter(map(plain, words))
        return cls(
            tuple(words),
            tuple((plain(word), word) for word in words if count[plain(word)] == 1),
        )

    def named(self, bearers: Iterable[str]) -> tuple[str, ...]:
        """Give the office's own names for the bearers; who is unknown stays as the notice says.

        各村（社区） is the tag 村社区; a list such as 应急办和各村（社区） is taken apart only
        where every part is known.

        >>> terms = Terms(("应急办", "村社区"), (("应急办", "应急办"), ("村社区", "村社区")))
        >>> terms.named(["应急办和各村（社区）", "应急管理办"])
        ('应急办', '村社区', '应急管理办')
        """
        table = dict(self.by_words)
        found = (name for bearer in bearers for name in self._one(bearer, table))
        return tuple(dict.fromkeys(found))

    def _one(self, bearer: str, table: dict[str, str]) -> tuple[str, ...]:
        if bearer in self.words:
            return (bearer,)
        if plain(bearer) in table:
            return (table[plain(bearer)],)
        parts = [table.get(plain(part), "") for part in _AND.split(bearer)]
        return tuple(parts) if all(parts) else (bearer,)

    def near(self, word: str) -> tuple[str, ...]:
        """Give the known words that may be meant: longer, shorter, or with one wrong character.

        >>> Terms(("应急办", "镇安委会")).near("镇应急管理办公室")
        ('应急办',)
        """
        within = [
            known for known in self.words if _within(*sorted((bare(known), bare(word)), key=len))
        ]
        longest = max(map(len, within), default=0)
        found = [known for known in within if len(known) == longest]
        return tuple((found or get_close_matches(word[:40], self.words, 1, _LIKENESS))[:_FEW])


def _within(shorter: str, longer: str) -> bool:
    """Whether the shorter name is the longer one with characters left out."""
    rest = iter(longer)
    return len(shorter) >= _LEAST and all(char in rest for char in shorter)


def plain(word: str) -> str:
    """Give a name without brackets, blanks, marks, and without the 各 before it.

    >>> plain("各村（社区）"), plain("村、社区")
    ('村社区', '村社区')
    """
    return _EVERY.sub("", bare(word))


def unknown(bearers: Iterable[str], terms: Terms) -> Counter[str]:
    """Give how often the bearers name somebody that the office does not have."""
    known = set(terms.words)
    return Counter(word for word in bearers if word not in known)
