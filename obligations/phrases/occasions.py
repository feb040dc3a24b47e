"""Key times that only the office can date: 重要时段, 重点敏感时期, 重大节假日期间."""

import re

from obligations.phrases.mention import Look, Mention, Reader
from obligations.phrases.recurring import COMMAS
from obligations.phrases.tokens import ahead, behind, word
from obligations.phrases.words import PAUSES, STOPS
from obligations.schedule import After, Undetermined

_KINDS = ("重要", "重点", "重大", "特殊", "敏感", "关键", "特别防护", "特护")
_TIMES = (
    "时段",
    "节点",
    "时期",
    "节假日",
    "时间节点",
    "节日",
    "活动",
    "敏感时期",
    "敏感时段",
    "敏感节点",
    "会议",
)
WORDS = (
    *(f"{kind}{time}" for kind in _KINDS for time in _TIMES),
    "敏感时期",
    "敏感时段",
    "节假日",
)
_MORE_TIMES = (
    *WORDS,
    "重要事项",
    "重大变化情况",
    "重大活动",
    "重大变化",
    "恶劣天气",
    "极端天气",
    "重大会议",
)
_AFTER = ("期间", "前夕", "前后", "前", "里", "中", "时", "及")
_VERBS = (
    "，", ",", "要", "应", "必须", "须", "组织", "开展", "加强", "实行", "落实", "进行", "或",
    "加密", "安排", "增加", "主动", "坚持", "严格", "做好", "每", "领导", "执行",
)  # fmt: skip
_REACH = 70


def chain(text: str, at: int) -> int:
    """Give where a row of key times ends that starts at a place."""
    end = word(text, at, _MORE_TIMES)
    if end == at:
        return at
    limit = at + _REACH
    while end < limit:
        link = word(text, end, ("以及", "、", "和", "及", "与", "或"))
        more = word(text, link, _MORE_TIMES) if link > end else end
        if more <= link:
            break
        end = more
    return end


def read(look: Look) -> list[Mention]:
    """Give the vague duty that a key time makes."""
    text, at, done = look.text, look.at, look.done
    end = _last(text, chain(text, at))
    end = word(text, end, _AFTER)
    begin = _begin(text, at, done)
    listed = text[at - 1 : at] == "、" and 0 < done == at - 1
    if begin is None and not listed:
        return []
    if end < len(text) and not (text.startswith(_VERBS, end) or _goes_on(text, end)):
        return []
    start = at if begin is None else begin
    tail = _with_frequency(text, end)
    schedule = Undetermined(
        text[start:tail], f"“{text[start:tail]}”是哪几天要由单位定；请写明日期或周期。"
    )
    duty = (tail, ahead(text, tail, COMMAS))
    events = [
        Mention(*act.span(1), After(act[1]), *act.span(1), duty)
        for act in _ACTS.finditer(text, start, tail)
    ]
    return [Mention(start, tail, schedule, start, tail, duty), *events]


# What the office itself does is an event among the key times: 、企业开复工等重要节点.
_ACTS = re.compile(
    "(?<=、)([^、，。；等和及]{0,6}(?:开复工|复工复产|复工|复产|开工|停产检修|检维修))(?=[、等和及])"
)


def _goes_on(text: str, end: int) -> bool:
    """Tell whether the row goes on with a time that no table knows: …期间以及火灾多发季节，."""
    link = word(text, end, ("以及", "、", "和", "及", "与", "或者", "或"))
    return link > end and not text.startswith(WORDS, link) and bool(_UNKNOWN.match(text, link))


_UNKNOWN = re.compile("[^，。；、]{2,12}(?:季节|时段|时期|期间|时节|期)，")


def _last(text: str, end: int) -> int:
    """Follow …等重要节点，…等重大节假日以及…等重点时段 to the last key time of the list."""
    while text[end : end + 1] in _GOES_ON:
        limit = min(ahead(text, end, STOPS), end + _REST)
        place = text.find("等", end, limit)
        while place >= 0 and not text.startswith(WORDS, place + 1):
            place = text.find("等", place + 1, limit)
        if place < 0:
            break
        end = word(text, place + 1, WORDS)
    return end


_GOES_ON = frozenset("，、和以及或")
_REST = 40


def _begin(text: str, at: int, done: int) -> int | None:
    """Give where the time words begin: at 在 or 遇, or at the clause's own start."""
    start = behind(text, at, COMMAS | frozenset("（）"))
    if start == at:
        return at
    limit = max(done, start, at - _REACH)
    for known in ("在", "每逢", "逢", "遇", "凡"):
        place = text.rfind(known, limit, at)
        if place >= 0 and text[place + 1 : place + 2] not in tuple("建岗线"):
            return place
    said = text[start:at]
    if said.endswith(("等", "和", "及", "、", "重大", "法定")) and any(
        day in said
        for day in ("春节", "国庆", "元旦", "五一", "汛期", "二十大", "中秋", "两会", "清明")
    ):
        return start
    return None


def led(text: str, at: int) -> int:
    """Give where 重点敏感时期要加密… begins, seen from its 加密; else the place itself."""
    start = behind(text, at, PAUSES)
    for name in WORDS:
        place = text.find(name, start, at)
        if place == start or (place > start and text[start] in "在遇"):
            return start
    return at


def _with_frequency(text: str, end: int) -> int:
    """Take 要加密检查频次 into the same phrase."""
    limit = min(ahead(text, end, PAUSES), end + 16)
    place = text.find("频次", end, limit)
    return place + 2 if place >= 0 else word(text, end, ("加密",))


READERS: dict[str, Reader] = dict.fromkeys(WORDS, read)
