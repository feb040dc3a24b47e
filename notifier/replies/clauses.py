"""A reply in clauses, and what each clause says by itself."""

import re
from enum import IntEnum
from typing import NamedTuple

from notifier.replies.model import Context
from notifier.replies.owners import find_owner, hands_over
from notifier.replies.quotes import LINKED
from notifier.replies.signs import NODS
from notifier.replies.times import find_time, is_past
from notifier.replies.words import agreeing, asking, declining, handing, marks, working

_CLAUSE = re.compile(
    r"\U0001f44c+|\?+|(?:[^,.;:!?\n ()\"~、\x01\[\]👌-]|(?<=\d)[.:-](?=\d)|(?<=人):"
    r"|(?<=[A-Za-z]) (?=[A-Za-z])|(?<=[\d点前后月日周]) ?(?=[\d点上下前])"
    r"|(?<=[\u4e00-\u9fff])、(?=[\u4e00-\u9fff]{2,4}(?:负责|去|办|处理|带队)))+\??"
)


_NOTHING = frozenset(
    "零无没未冇莫木么暂正平安稳良太静不照恙虞好nNoO0并尚冒一"
)  # one is in 无异常, 平安 …


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


class Clause(NamedTuple):
    """A clause with its place in the reply."""

    text: str
    start: int
    says: Says


def split(text: str) -> list[tuple[str, int]]:
    """Give the clauses with their places, the question mark kept.

    >>> split("收到,几点开会?")
    [('收到', 0), ('几点开会?', 3)]
    """
    clauses = []
    for found in _CLAUSE.finditer(text):
        start = found.start()
        for seam in marks.SEAM.finditer(text, start + 1, found.end()):
            clauses.append((text[start : seam.start()], start))
            start = seam.start()
        clauses.append((text[start : found.end()], start))
    return clauses


def judge(text: str, context: Context) -> Says:
    """Say what a clause says, looking at nothing else.

    >>> judge("推到周五", Context.DUTY).name, judge("收到了吗", Context.DUTY).name
    ('POSTPONED', 'QUESTION')
    """
    asks = text.endswith("?")
    text = text.rstrip("?").strip(LINKED)
    if not text:
        return Says.QUESTION if asks else Says.FILLER
    said = None if asks else _plainly(text)
    if said is None:
        said = _asked_or_told(text, asks=asks)
    return _stated(text, context) if said is None else said


def _plainly(text: str) -> Says | None:
    """Say what the whole clause says by itself: 收到, 不行; None for any other."""
    if text[0] == NODS or _acknowledges(text):
        return Says.ACK
    return Says.REFUSED if declining.REFUSE_WHOLE.fullmatch(text) else None


def _asked_or_told(text: str, *, asks: bool) -> Says | None:
    """Tell courtesies, hearsay, requests, questions and words to others from statements."""
    if agreeing.FILLER.fullmatch(text):
        return Says.FILLER
    if asking.HEARSAY.search(text):
        return Says.QUESTION if asks or asking.ASKS_WHAT.search(text) else Says.HEDGED
    if declining.POSTPONE.search(text) and not declining.NO_POSTPONE.search(text):
        return _put_off(text, asks=asks)
    if (
        text.endswith("吧")
        and find_time(text)
        and asking.RATHER.search(text)
        and not asking.HEDGE.search(text)
    ):
        return Says.POSTPONED
    if asks or (asking.QUESTION.search(text) and not asking.NO_QUESTION.search(text)):
        return _asked(text)
    if asking.DIRECTIVE.search(text) or asking.OTHERS.search(text):
        return Says.TALK
    return _hedged(text) if asking.HEDGE.search(text) else None


def _acknowledges(text: str) -> bool:
    """Say whether a clause is 收到 in one of its forms, said by the writer of himself."""
    if agreeing.ACK_WEAK.fullmatch(text):
        return True
    found = agreeing.ACK.fullmatch(text)
    if not found and agreeing.INSTEAD.search(text):
        return True
    if not found:
        return False
    who = found["who"]
    if working.DONE.search(who):
        return False
    return not who or not any(
        words_of.search(text)
        for words_of in (asking.HEDGE, asking.OTHERS, asking.HEARSAY, asking.QUESTION)
    )


def _put_off(text: str, *, asks: bool) -> Says:
    """Tell asking for time from asking about a date."""
    worded = asking.QUESTION.search(text)
    if (asks or worded) and asking.ASKING_OTHERS.search(text):
        return Says.QUESTION
    if worded and not asking.ASKING.search(text):
        return Says.QUESTION
    if asking.OTHERS.search(text) or asking.CONDITION.search(text):
        return Says.TALK
    return Says.POSTPONED


def _asked(text: str) -> Says:
    """A question that asks for a later time (明天交行吗) asks to put it off."""
    if asking.MAY_I.search(text) and find_time(text) and not asking.ASKING_OTHERS.search(text):
        return Says.TALK if asking.OTHERS.search(text) else Says.POSTPONED
    return Says.QUESTION


def _hedged(text: str) -> Says:
    """A hedge before a promise with a time is a promise; any other is hearsay."""
    if (
        asking.CAN.search(text)
        and not text.endswith("吧")
        and (find_time(text) or "没问题" in text)
    ):
        return Says.PLAN
    return Says.HEDGED


def _stated(text: str, context: Context) -> Says:
    """Say what a plain statement says."""
    if declining.NOT_YET.fullmatch(text):
        return Says.NEGATED
    if not _NOTHING.isdisjoint(text) and (
        agreeing.NOTHING.fullmatch(text)
        or (context is Context.DUTY and agreeing.NOTHING_DUTY.fullmatch(text))
    ):
        return Says.NOTHING
    if not declining.AWAY.search(text) and hands_over(text, context):
        return Says.DELEGATED
    if declining.REFUSE.search(text):
        late = find_time(text) and declining.CANNOT_IN_TIME.search(text)
        return Says.POSTPONED if late else Says.REFUSED
    if working.LEFTOVER.search(text):
        return Says.UNFINISHED
    if declining.NEGATED.search(text):
        return Says.NEGATED
    owner = find_owner(text, context)
    if owner and owner.sent:
        return Says.UNFINISHED
    return _worked(text)


def _worked(text: str) -> Says:
    """Tell what is done from what is under way and what is promised."""
    when = find_time(text)
    time = text[when[0] : when[1]] if when else ""
    past = bool(time) and (is_past(time) or bool(working.AGO.search(text)))
    if working.UNFINISHED.search(text) and not past:
        return Says.UNFINISHED
    ahead = working.FUTURE_TIME.search(time) and not working.PAST_MARK.search(text)
    if working.SURELY_DONE.search(text) and not ahead and not working.COMING.search(time):
        return Says.DONE
    if working.DONE.search(text) and not _is_coming(text, time, past=past):
        return Says.DONE
    if (
        working.PROMISE.search(text)
        or handing.RESPONSIBLE.search(text)
        or (time and working.WORK.search(text))
    ):
        return Says.PLAN
    return Says.FRAGMENT


def _is_coming(text: str, time: str, *, past: bool) -> bool:
    """Say whether what sounds finished (下午3点前完成) is still to come."""
    if past:
        return False
    if working.NOT_DONE.search(text) or working.FUTURE_TIME.search(time):
        return True
    return bool(time) and not working.PAST_MARK.search(text)
