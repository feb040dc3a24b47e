"""Periods that name a duty: 日管控、周排查、月调度, 半年述职, 月度例会."""

import re

from obligations.phrases.heads import Head
from obligations.phrases.mention import Mention
from obligations.phrases.recurring import COMMAS, plain
from obligations.phrases.tokens import ahead
from obligations.schedule import Bound, Period

_ACTS = (
    "管控", "排查", "调度", "巡查", "检查", "总结", "通报", "汇总", "例会", "研判", "报告",
    "会商", "考核", "讲评", "分析", "点评", "评估", "小结", "督查", "督导", "抽查", "自查",
    "述职", "巡检", "汇报", "晾晒", "复盘", "演练", "核查", "会议", "推进", "提醒", "清单",
    "评比", "盘点", "自评", "评价", "培训", "学习", "交接", "清查", "跟踪", "更新", "碰头",
    "审核", "巡访", "公示", "通告",
)  # fmt: skip
# Only in a list: 日巡、周查、月评.
_SHORT_ACTS = ("巡", "查", "评", "报", "结", "调", "检", "清", "会", "研", "访", "考")
# Alone these are a duty's name; the others only in a list (日巡查、周检查).
_STRONG = frozenset(
    ("例会", "调度", "通报", "会商", "研判", "讲评", "点评", "述职", "总结", "汇总", "小结")
)
_UNITS = {
    "日": Period.DAY,
    "周": Period.WEEK,
    "旬": Period.TEN_DAYS,
    "半月": Period.HALF_MONTH,
    "月": Period.MONTH,
    "月度": Period.MONTH,
    "季": Period.QUARTER,
    "季度": Period.QUARTER,
    "半年": Period.HALF_YEAR,
    "半年度": Period.HALF_YEAR,
    "年": Period.YEAR,
    "年度": Period.YEAR,
}
WORDS = (
    *(f"{unit}{act}" for unit in _UNITS for act in _ACTS),
    *(f"{unit}{act}" for unit in "日周" for act in _SHORT_ACTS),
    *(f"{unit}报制度" for unit in "日周旬月季"),
    *("日、周", "周、月", "月、季"),
)
_NOT_AFTER = frozenset(
    "每近上下本当次这该今明后前一二三四五六七八九十两0123456789第各同旬期生节假度"
)
_LEADS = frozenset("行立持展执按施善用全开实强化定抓")
_NOT_BEFORE = ("结果", "情况", "计划", "指标", "成绩", "评分", "报表", "分值", "内容", "办法")


def read(text: str, at: int, done: int) -> list[Mention]:
    """Give the quotas of the names that begin at a place, a list of them or a strong one alone."""
    members = _spaced(text, at) or _by_subject(text, at) or _list(text, at)
    if not members:
        return []
    before = text[at - 1 : at]
    alone = len(members) == 1
    if _EACH_ITS_OWN.match(text, at):
        return [_mention(text, *member) for member in members]
    if (before in _NOT_AFTER and before) or (
        before == "全" and text[at - 2 : at - 1] not in "安健"
    ):
        return []
    if alone and not _stands_alone(text, members[0], before, done):
        return []
    return [_mention(text, *member) for member in members]


def _spaced(text: str, at: int) -> list[tuple[int, int, int]]:
    """Read 日、周、月检查: units in a row before one act."""
    row = _SPACED.match(text, at)
    if row is None:
        return []
    return [(place, place + 1, row.end()) for place in range(at, row.end(1), 2)]


def _by_subject(text: str, at: int) -> list[tuple[int, int, int]]:
    """Read 班组日检、车间周检、公司月检: one act, each time another unit's."""
    row = _EACH_ITS_OWN.match(text, at)
    if row is None:
        return []
    return [
        (name.start(), name.start() + 1, name.end())
        for name in _SHORT.finditer(text, at, row.end())
    ]


_SPACED = re.compile(
    rf"((?:[日周旬月季]、){{1,3}}[周旬月季年])[”\"]?(?:{'|'.join(_ACTS)}|制度|机制|三级)"
)
_SHORT = re.compile("[日周旬月季年][检查巡评报结考](?![察测定告表果])")
_EACH_ITS_OWN = re.compile(
    "[日周旬月季年][检查巡评报结考](?:[、，][^、，。；日周旬月季年]{2,6}[日周旬月季年][检查巡评报结考]"
    "(?![察测定告表果])){1,3}"
)


def _list(text: str, at: int) -> list[tuple[int, int, int]]:
    """Give start, end of the unit and end of the act of every name in a row."""
    members: list[tuple[int, int, int]] = []
    while (member := _one(text, at)) is not None:
        members.append(member)
        at = member[2]
        # A second act on the same name (日巡查检查) is part of it.
        if text[at : at + 1] in ("、", "，", "和"):
            at += 1
            if len(members) > 1 and (last := _LAST.match(text, at)):
                members.append((at, last.end(1), last.end()))
                break
    return members


# After two names a third may do anything: 月盘点、季检查、年轮换.
_LAST = re.compile(
    f"([日周旬月季年]度?|半[月年])(?!{'|'.join(_ACTS)})[^日周月季年度内底末前后初中个第一二三四五"
    "0-9，。、；”]{2}(?=[，。、；”制机]|$)"
)


def _one(text: str, at: int) -> tuple[int, int, int] | None:
    """Read one name."""
    for size in (3, 2, 1):
        if text[at : at + size] in _UNITS and text.startswith(_ACTS, at + size):
            return at, at + size, at + size + 2
    if text[at : at + 1] in _UNITS and text.startswith(_SHORT_ACTS, at + 1):
        return at, at + 1, at + 2
    return None


def _stands_alone(text: str, member: tuple[int, int, int], before: str, done: int) -> bool:
    """Tell whether one name by itself is a duty."""
    start, unit_end, end = member
    if text.startswith("制度", end) and text.endswith(_KEPT, 0, start):  # 实行月报制度
        return True
    if text[unit_end:end] not in _STRONG or text.startswith(_NOT_BEFORE, end):
        return False
    listed = before == "、" and done > 0 and start - done < _CLOSE
    if not start and end == len(text):
        return True
    word = text[start:unit_end]
    if word in ("年", "年度", "月", "日") and not listed:
        return word == "月" and (before in _LEADS) and text[unit_end:end] != "总结"
    return not before or listed or before in _LEADS or before in "，。；：（“召织"


_CLOSE = 8
_KEPT = ("实行", "执行", "落实", "坚持", "严格", "推行", "施行")


def _mention(text: str, start: int, unit_end: int, end: int) -> Mention:
    """Give the mention of one name; 日管控 as a whole is the phrase, 日 its time word."""
    quota = plain(Head(start, unit_end, _UNITS[text[start:unit_end]]), Bound.EXACT)
    return Mention(
        start, end, quota, start, unit_end, (unit_end, max(end, ahead(text, end, COMMAS)))
    )
