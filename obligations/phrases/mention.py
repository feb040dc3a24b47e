"""What `find` gives back: a schedule and the place in the line that says it."""

from collections.abc import Callable
from typing import NamedTuple

from obligations.schedule import After, Coverage, Once, Quota, Standing, Undetermined

Found = Quota | Once | After | Coverage | Standing | Undetermined


class Mention(NamedTuple):
    """One time obligation inside one line.

    ``text[start:end]`` is the whole phrase (每季度至少召开1次), ``text[head:tail]`` its bare time
    words (每季度), and ``duty`` the span in which the words of the duty stand: from the time words
    to the end of what they rule.
    """

    start: int
    end: int
    schedule: Found
    head: int
    tail: int
    duty: tuple[int, int]


class Look(NamedTuple):
    """A place to read at: the text, where its first word stands, the year to inherit.

    ``done`` is how far the text is read already; nothing may begin before it.
    """

    text: str
    at: int
    year: int | None
    done: int


Reader = Callable[[Look], list[Mention]]
