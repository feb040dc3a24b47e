"""What `find` gives back: a schedule and the place in the line that says it."""

from dataclasses import dataclass

from obligations.schedule import After, Coverage, Once, Quota, Standing, Undetermined

Found = Quota | Once | After | Coverage | Standing | Undetermined


@dataclass(frozen=True, slots=True)
class Mention:
    """One time obligation inside one line.

    ``text[start:end]`` is the whole phrase (每季度至少组织召开1次), ``text[head:tail]`` its bare time
    words (每季度), and ``duty`` the span in which the words of the duty stand: from the time words
    to the end of what they rule.
    """

    start: int
    end: int
    schedule: Found
    head: int
    tail: int
    duty: tuple[int, int]
