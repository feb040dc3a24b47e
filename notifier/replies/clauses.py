"""A reply in clauses, and what each clause says by itself."""

import re
from dataclasses import dataclass
from enum import IntEnum

from notifier.replies import words
from notifier.replies.model import Context
from notifier.replies.owners import hands_over
from notifier.replies.times import find_time

_CLAUSE = re.compile(
    r"(?:[^,.;:!?\n ()\"~、-]|(?<=\d)[.:-](?=\d)|(?<=[A-Za-z]) (?=[A-Za-z])|(?<=[\d点前后月日周]) ?(?=[\d点上下前])|(?<=[\u4e00-\u9fff])、(?=[\u4e00-\u9fff]{2,4}(?:负责|去|办|处理|带队)))+\??"
)


class Says(IntEnum):
    """What one clause says."""

    FILLER = 0
    FRAGMENT = 1
    TALK = 2
    QUESTION = 3
    NEGATED = 4
    HEDGED = 5
    ACK = 6
    PLAN = 7
    UNFINISHED = 8
    NOTHING = 9
    DONE = 10
    POSTPONED = 11
    DELEGATED = 12
    REFUSED = 13


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with its place in the reply."""

    text: str
    start: int
    says: Says


def split(text: str) -> list[tuple[str, int]]:
    """Give the clauses with their places, the question mark kept.

    >>> split("收到,几点开会?")
    [('收到', 0), ('几点开会?', 3)]
    """
    return [(found[0], found.start()) for found in _CLAUSE.finditer(text)]


def judge(text: str, context: Context) -> Says:
    """Say what a clause says, looking at nothing else."""
    asks = text.endswith("?")
    bare = text.rstrip("?")
    if not bare:
        return Says.QUESTION
    if words.FILLER.fullmatch(bare):
        return Says.FILLER
    if words.POSTPONE.search(bare) and not words.NO_POSTPONE.search(bare):
        return _put_off(bare, asks=asks)
    if asks or words.QUESTION.search(bare):
        if asks or not words.NO_QUESTION.search(bare):
            return Says.QUESTION
    if words.DIRECTIVE.search(bare) or words.OTHERS.search(bare):
        return Says.TALK
    if words.HEDGE.search(bare) and not words.FIRM.fullmatch(bare):
        return _hedged(bare)
    return _stated(bare, context)


def _put_off(text: str, *, asks: bool) -> Says:
    """Tell asking for time from asking about a date."""
    questions = asks or words.QUESTION.search(text)
    if questions and words.ASKING_OTHERS.search(text):
        return Says.QUESTION
    if words.OTHERS.search(text):
        return Says.TALK
    return Says.POSTPONED


def _hedged(text: str) -> Says:
    """A hedge before a promise with a time is a promise; any other is hearsay."""
    if words.CAN.search(text) and not text.endswith("吧") and (find_time(text) or "没问题" in text):
        return Says.PLAN
    return Says.HEDGED


def _stated(text: str, context: Context) -> Says:
    """Say what a plain statement says."""
    if words.NOTHING.fullmatch(text):
        return Says.NOTHING
    if context is Context.DUTY and words.NOTHING_DUTY.fullmatch(text):
        return Says.NOTHING
    if words.REFUSE.search(text):
        return Says.REFUSED
    if hands_over(text, context):
        return Says.DELEGATED
    if words.NEGATED.search(text) and not words.ACK.fullmatch(text):
        return Says.NEGATED
    if _acknowledges(text):
        return Says.ACK
    if words.UNFINISHED.search(text):
        return Says.UNFINISHED
    if words.DONE.search(text) and not words.NOT_DONE.search(text):
        return Says.DONE
    if words.PROMISE.search(text):
        return Says.PLAN
    return Says.FRAGMENT


def _acknowledges(text: str) -> bool:
    found = words.ACK.fullmatch(text)
    if not found:
        return bool(words.EMOJI_ACK.fullmatch(text))
    return True
