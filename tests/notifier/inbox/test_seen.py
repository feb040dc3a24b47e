"""What is remembered of letters: for two hours, and never without end."""

from datetime import timedelta

from notifier.inbox.seen import MEMORY, Seen
from tests.notifier.inbox.letterbox import NOW

JUST = timedelta(seconds=1)


def test_a_letter_is_remembered_for_two_hours() -> None:
    seen = Seen()
    seen.add("a", NOW)
    assert seen.holds("a", NOW + MEMORY - JUST)
    assert not seen.holds("a", NOW + MEMORY)
    assert not seen.holds("b", NOW)


def test_what_is_too_old_is_dropped_with_the_next_letter() -> None:
    seen = Seen()
    seen.add("a", NOW)
    seen.add("b", NOW + JUST)
    seen.add("c", NOW + MEMORY)
    assert list(seen.marks) == ["b", "c"]


def test_the_oldest_goes_where_there_are_too_many() -> None:
    seen = Seen(most=3)
    for mark in ("a", "b", "c", "a", "d"):
        seen.add(mark, NOW)
    assert list(seen.marks) == ["c", "a", "d"]


def test_a_clock_set_back_forgets_nothing() -> None:
    seen = Seen()
    seen.add("a", NOW)
    seen.add("b", NOW - MEMORY)
    assert seen.holds("a", NOW - MEMORY)
