"""Where a quota may begin in running text, and what only looks like one."""

import re

from obligations import numerals
from obligations.numerals import CHINESE
from obligations.phrases import deadlines, events, heads, labels, recurring
from obligations.phrases.heads import Head
from obligations.phrases.mention import Look, Mention, Reader
from obligations.phrases.quantities import quantities
from obligations.phrases.recurring import COMMAS
from obligations.phrases.tokens import ahead, behind, word
from obligations.phrases.words import DASHES, PAUSES
from obligations.schedule import Bound, Period, Quota

_BY_UNITS = ("日", "天", "周", "旬", "月", "季", "半年", "年", "学期")
_PHASED = (
    *("双月", "单月", "双周", "单周", "隔周", "隔日", "隔天", "隔月", "隔年", "逢单", "逢双"),
)
_SHORT = ("日周", "周月", "月季")
_UNIT_SIGNS = ("年", "季度", "季", "月", "周", "天", "日", "时", "班", "旬")
_AGAIN = tuple(
    f"{sign}{count}"
    for sign in _UNIT_SIGNS
    for count in (*"一两二三四1234", "至少", "不少于", "不得少于", "不低于", *heads.DEEDS)
)
_YEARLY = ("全年", "年度", "年内至少", "年内不", "年再培训", "年培训", "年复训")
_CYCLES = ("周期", "间隔")
_PER_WORDS = ("次/", "次／", "次每")
_WORKDAY = ("工作日",)
_NEAR = 16


def _each(look: Look) -> list[Mention]:
    """Read 每…, and 每日两巡."""
    head = heads.every(look.text, look.at)
    return _of(look.text, head and (heads.deeds(look.text, head) or head))


def _by(look: Look) -> list[Mention]:
    """Read 按月, 逐月."""
    return _of(look.text, heads.by(look.text, look.at))


def _phased(look: Look) -> list[Mention]:
    """Read 双月, 隔周, 逢单周."""
    return _of(look.text, _not_each(look.text, heads.phased(look.text, look.at)))


def _labelled(look: Look) -> list[Mention]:
    """Read “日周月” and 日管控、周排查; 月检查 after a number is a date."""
    found = recurring.compound(look.text, look.at) or labels.read(look.text, look.at, look.done)
    return found or _again(look)


def _dated(look: Look) -> list[Mention]:
    """Read 年 and 月 as dates where they are no period."""
    return deadlines.read(look) if look.text[look.at] in "年月季" else []


def _per(look: Look) -> list[Mention]:
    """Read 2次/月."""
    return _of(look.text, heads.per(look.text, look.at))


def _of(text: str, head: Head | None) -> list[Mention]:
    return recurring.mentions(text, head) if head else []


def _not_each(text: str, head: Head | None) -> Head | None:
    """Refuse 双月 inside another word: 一双月…, 单月 of 简单月…."""
    if head is None or text[head.start - 1 : head.start] in tuple("简一清订菜名"):
        return None
    return head


def _again(look: Look) -> list[Mention]:
    """Read 一季度一次, 召开季度会议; 6月1日 is a date."""
    text, at = look.text, look.at
    held = _HELD.match(text, at)
    if held is not None and text.endswith(_CALLED, 0, at):
        own = "每" in text[behind(text, at, PAUSES) : at]
        return [] if own else _of(text, Head(at, held.end(1), _HELD_EVERY[held[1]]))
    return _many(text, at, look.done) or _of(text, _one_deed(text, at)) or _dated(look)


def _one_deed(text: str, at: int) -> Head | None:
    """Read 季度一通报; behind a number (第一季度一…) it is something else."""
    numbered = text[at - 1 : at] in _NUMBERS or text[at - 1 : at] in tuple("第上下")
    return None if at and numbered else heads.one_deed(text, at)


_CALLED = ("召开", "开好", "坚持", "落实", "执行")
_HELD_EVERY = {"月度": Period.MONTH, "季度": Period.QUARTER, "半年度": Period.HALF_YEAR}
_HELD = re.compile(
    f"({'|'.join(_HELD_EVERY)})[^，。；、每次]{{0,8}}?(?:例会|会议|[调推分联点研]..?会)"
)


def _many(text: str, at: int, done: int) -> list[Mention]:
    """Read 一季度一次, 半年一次, 一月一调度 at the last sign of their unit."""
    if text[at - 1 : at] == "半":
        start = at - 1
    else:
        counted = at - 1 if text[at - 1 : at] == "小" or text[at - 1 : at] == "个" else at
        back = numerals.read_back(text, counted)
        if back is None:
            return []
        start = back[1]
        if (joined := _joined(text, start)) is not None:
            start = joined
    if start < done or (
        text[start - 1 : start] in _NO_PERIOD_AFTER and not text.endswith("超过", 0, start)
    ):
        return []
    return _of(text, heads.many_a(text, start) or heads.one_by_one(text, start))


def _half(look: Look) -> list[Mention]:
    """Read 半年开展一次 at the head of its clause; other 半年 may be 半年一次 or 半年检查."""
    text, at = look.text, look.at
    if at and text[at - 1] not in "，。；：、\t\n少应当须":
        return []
    return _of(text, Head(at, at + 2, Period.HALF_YEAR))


# 每5名, 每一个环节: behind a number or 个 a unit must follow, or more of the number.
_NUMBERS = "".join(sorted((*"0123456789", *CHINESE)))
_UNIT_FOLLOWS = "[小分m时h班日天d昼周星礼旬半月季学年工晚夜]"
AROUND_EACH = {
    "每个": f"(?={_UNIT_FOLLOWS})",
    **dict.fromkeys(
        (f"每{sign}" for sign in _NUMBERS),
        f"(?=个?{_UNIT_FOLLOWS}|[{_NUMBERS}{''.join(sorted(DASHES - {'-'}))}-])",
    ),
}
# A 半年 by itself is read only where a verb and a number of times follow.
AROUND = "(?=[^，。；、每半内前后以来期度至不一两二三四0-9][^，。；、每半]{1,7}[一两二三四1-4]次)"


def _joined(text: str, at: int) -> int | None:
    """Give where the first number of a range starts whose second starts at a place: 1～2年."""
    first = numerals.read_back(text, at - 1) if text[at - 1 : at] in DASHES else None
    return first[1] if first and at > 1 else None


_NO_PERIOD_AFTER = ("第", "每", "近", "上", "下", "续", "满", "有", "过", "经", "前", "后", "达")


def _cycle(look: Look) -> list[Mention]:
    """Read 检验周期为一年 and 间隔不得超过6个月."""
    text, at = look.text, look.at
    here = word(text, at, _CYCLES)
    here = word(text, here, ("时间", "期限", "期"))
    here = word(text, here, ("原则上", "一般", "通常", "最长"))
    verb = word(text, here, _IS)
    if verb == here:
        return []
    start = verb + 1 if text[verb : verb + 1] == "每" else verb
    head = heads.bare(text, start)
    if head is None:
        return []
    longest = "不" in text[here:verb]
    bound = Bound.AT_LEAST if longest else Bound.EXACT
    stop = ahead(text, head.end, COMMAS)
    quota = recurring.plain(head, bound)
    return [Mention(at, head.end, quota, at, head.end, (head.end, stop))]


_IS = (
    "不得超过", "不应超过", "不宜超过", "不能超过", "应不超过", "不超过", "不得大于", "不应大于",
    "应不大于", "不大于", "应为", "宜为", "为", "是",
)  # fmt: skip


def _workday(look: Look) -> list[Mention]:
    """Read 检查工作日必须开展执法: working days as the time itself."""
    text, at = look.text, look.at
    end = at + len("工作日")
    before = text[at - 1 : at]
    if before in tuple("个每非数定假10一二三四五六七八九十0"):
        return []
    if end < len(text) and not text.startswith(_MUST, end):
        return []
    start = at - 2 if text.startswith(("检查", "正常"), at - 2) else at
    end = word(text, end, ("每天", "每日"))
    return _of(text, Head(start, end, Period.DAY, workdays=True))


_MUST = ("必须", "应", "要", "须", "每", "均", "都", "期间", "开展", "进行")


def _halves(look: Look) -> list[Mention]:
    """Read 上半年、下半年各组织一次 as once every half-year."""
    text, at = look.text, look.at
    end = word(text, at, _BOTH)
    each = _EACH.match(text, end)
    if each is None:
        return deadlines.read(look)
    return _of(text, Head(at, end, Period.HALF_YEAR))


_BOTH = ("上半年、下半年", "上半年和下半年", "上半年及下半年", "上下半年", "上、下半年")
_EACH = re.compile("(?:各|分别)[^，。；、]{0,10}次")


def _yearly(look: Look) -> list[Mention]:
    """Read 全年不少于2次 and 年再培训时间不得少于20学时; 年度 and 年内 may also be a date."""
    text, at = look.text, look.at
    return _of(text, _year_said(text, at)) or events.once_in(look) or _dated(look)


def _year_said(text: str, at: int) -> Head | None:
    """Read the year that a bounded number follows."""
    end = at + 2 if text.startswith("年内", at) else word(text, at, _YEARLY)
    if text[at - 1 : at] in tuple("每一两三四五六七八九十0123456789近多"):
        return None
    limit = min(ahead(text, end, COMMAS), end + _NEAR)
    if not any(q.bound is not Bound.EXACT for q in quantities(text, end, limit)):
        return None
    return Head(at, end, Period.YEAR)


# 每次, 每名, 每个环节 and 每每 are no periods: only what may become one is looked at.
_AFTER_EACH = (
    *"小分m班昼日天星礼周旬半个月季学晚夜年隔间逢满运使连累单双工hd0123456789",
    *sorted(CHINESE),
)


def is_yearly(mention: Mention) -> bool:
    """Tell whether a mention is a quota of every year."""
    schedule = mention.schedule
    return isinstance(schedule, Quota) and schedule.period is Period.YEAR


READERS: dict[str, Reader] = {
    **dict.fromkeys((f"每{sign}" for sign in _AFTER_EACH), _each),
    **dict.fromkeys((f"{sign}{unit}" for sign in "按逐" for unit in _BY_UNITS), _by),
    **dict.fromkeys(_PHASED, _phased),
    **dict.fromkeys((*_AGAIN, *_HELD_EVERY), _again),
    **dict.fromkeys((*_SHORT, *labels.WORDS), _labelled),
    **dict.fromkeys(_YEARLY, _yearly),
    "半年": _half,
    **dict.fromkeys(_BOTH, _halves),
    **dict.fromkeys(_CYCLES, _cycle),
    **dict.fromkeys(_PER_WORDS, _per),
    **dict.fromkeys(_WORKDAY, _workday),
}
