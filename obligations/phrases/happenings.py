"""The event in front of a length: 自收到申请之日起, 结案后, 期满前, 发现险情的."""

from typing import NamedTuple

from obligations.phrases.tokens import behind, word_back
from obligations.phrases.words import PAUSES

_STARTS = (
    "之日起", "之时起", "当日起", "次日起", "当天起", "日起", "之日", "起", "时起",
)  # fmt: skip
_AFTERS = ("以后", "之后", "后")
_JOINTS = (
    "，", ",", "应当在", "应当于", "应在", "应于", "应当", "必须在", "必须于", "必须", "须在",
    "须于", "最迟", "一般于", "一般", "最晚", "不得迟于", "不迟于", "要在", "要于", "在", "于",
    "的", "应", "须", "要", "并", "至迟", "内",
)  # fmt: skip
_MODALS = ("应当", "必须", "应", "须", "要", "需", "可以")
# 应急, 要求, 需求, 相应 and the like are no demands.
_NO_MODAL_AFTER = frozenset("急求素对用点道件害闻答理变")
_NO_MODAL_BEFORE = frozenset("相反响供效适主重需必不对呼感许")
_FROM_BEFORE = frozenset("各亲")
_FROM_AFTER = frozenset("业属众严轻宽快行查然治主动身我救建改评愿来觉测检纠控备营由")
_PLACE_AFTER = frozenset("建岗用校场线编册职营")
_TELLING = ("接到", "收到", "接报", "得知", "知道", "知悉")
_SUDDEN = ("发生", "遇有", "遇到", "出现", "突发", "一旦")
_SEEN = (*_SUDDEN, "发现", "接到", "收到", "接报", "得知", "因故")
_LONGEST = 60
_NUMBERING = 4
_SHORTEST = 2


class Happening(NamedTuple):
    """An event in words, and where its words start."""

    start: int
    event: str
    before: bool


def before_length(text: str, at: int) -> Happening | None:
    """Give the event that a length is counted from, None if there is none before it."""
    stop = at
    for _ in range(4):
        found = _marked(text, stop)
        if found is not None:
            return found
        back = word_back(text, stop, _JOINTS)
        if back == stop:
            return None
        if text[back:stop] == "的" and (led := _led(text, back)) is not None:
            return led
        stop = back
    return None


def _marked(text: str, stop: int) -> Happening | None:
    """Read an event that a word like 之日起, 后, 前 ends."""
    back = word_back(text, stop, _STARTS)
    if back < stop:
        return _since(text, back)
    back = word_back(text, stop, _AFTERS)
    if back < stop:
        return tail_of(text, back, before=False)
    for known in ("届满前", "期满前", "到期前", "前"):
        if text.endswith(known, 0, stop) and known != "前":
            return tail_of(text, stop - 1, before=True)
    if text.endswith("前", 0, stop):
        found = tail_of(text, stop - 1, before=True)
        return (
            found if found and found.event[-1] not in "日月底旬号年季周末度目以此提当先" else None
        )
    if (
        text.endswith("时", 0, stop)
        and stop
        and text[stop - 2 : stop - 1] not in ("小", "及", "同", "随")
    ):
        return _led(text, stop - 1)
    return None


def _since(text: str, stop: int) -> Happening | None:
    """Read 自…(之日起) back to its 自."""
    start = behind(text, stop, PAUSES)
    place = stop
    while (place := max(text.rfind("自", start, place), text.rfind("从", start, place))) >= start:
        if (
            text[place - 1 : place] not in _FROM_BEFORE
            and text[place + 1 : place + 2] not in _FROM_AFTER
        ):
            event = text[place + 1 : stop]
            return Happening(place, event, before=False) if event else None
    return tail_of(text, stop, before=False)


def tail_of(text: str, stop: int, *, before: bool) -> Happening | None:
    """Give the event whose words end at a place, cut free of subject, 应当 and 在."""
    start = max(behind(text, stop, PAUSES), stop - _LONGEST)
    if text[start - 1 : start] == "）" and start == stop:
        return None
    start = _after_modal(text, start, stop)
    for telling in _TELLING:
        place = text.find(telling, start, stop)
        if place > start:
            start = place
            break
    begin = start
    while text[start : start + 1] in ("在", "于", "自", "从") and text[
        start + 1 : start + 2
    ] not in (_PLACE_AFTER if text[start] in "在于" else _FROM_AFTER):
        start += 1
    place = text.rfind("在", start, stop)
    if (
        place > start
        and text[place + 1 : place + 2] not in _PLACE_AFTER
        and text[place - 1] not in "存所正"
    ):
        begin, start = place, place + 1
    either = text.rfind("前或者", start, stop)
    event = text[either + 3 if either > start else start : stop]
    return Happening(begin, event, before) if len(event) > 1 else None


def _after_modal(text: str, start: int, stop: int) -> int:
    """Give the place behind the last 应当 or 必须."""
    place = start
    for modal in _MODALS:
        found = text.rfind(modal, start, stop)
        if found < start:
            continue
        end = found + len(modal)
        free = text[end : end + 1] not in _NO_MODAL_AFTER
        if free and (found == 0 or text[found - 1] not in _NO_MODAL_BEFORE):
            place = max(place, end)
    return place if place < stop else start


def _led(text: str, stop: int) -> Happening | None:
    """Read an event that opens with 发生, 发现, 接到 up to a place."""
    return clause_before(text, stop, behind(text, stop, PAUSES), sudden=False)


def clause_before(
    text: str, stop: int, start: int, *, sudden: bool, whole: bool = False
) -> Happening | None:
    """Read the event that 发生, 发现, 接到 … opens in a clause; ``whole``: 对…的, …后, …时 too."""
    number = max(text.find(sign, start, start + _NUMBERING) for sign in ".．、")
    opening = number + 1 if number >= 0 and text[start : start + 1].isdecimal() else start
    start = max(start, stop - _LONGEST)
    places = [
        place
        for known in (_SUDDEN if sudden else _SEEN)
        if (place := text.find(known, start, stop)) >= 0
    ]
    end = word_back(text, stop, (*_AFTERS, "的", "时"))
    told = [place for known in _TELLING if (place := text.find(known, start, stop)) >= 0]
    if places or (told and not sudden):
        place = min(told or places)
        end = _before_modal(text, place, end)
        event = text[place:end]
        if len(event) > _SHORTEST:
            return Happening(place, event, before=False)
        return tail_of(text, end, before=False) if end < stop and whole else None
    if whole and not sudden and end < stop and text[opening : opening + 1] == "对":
        return Happening(opening, text[opening + 1 : end], before=False)
    if whole and not sudden and end < stop and "未" not in text[start:end]:
        return tail_of(text, end, before=False)
    return None


def _before_modal(text: str, start: int, stop: int) -> int:
    """Cut 发现险情应当 before its 应当."""
    for modal in ("应当", "必须", "应", "须", "要", "都"):
        if text.endswith(modal, start, stop):
            stop -= len(modal)
    return stop
