"""Where a quota may begin in running text, and what only looks like one."""

from obligations import numerals
from obligations.phrases import deadlines, heads, labels, recurring
from obligations.phrases.heads import Head
from obligations.phrases.mention import Mention
from obligations.phrases.quantities import quantities
from obligations.phrases.recurring import COMMAS
from obligations.phrases.tokens import ahead, word
from obligations.schedule import Bound, Period

_BY_UNITS = ("日", "天", "周", "旬", "月", "季", "半年", "年", "学期")
_PHASED = (
    *("双月", "单月", "双周", "单周", "隔周", "隔日", "隔天", "隔月", "隔年", "逢单", "逢双"),
)
_SHORT = ("日周", "周月", "月季")
_UNIT_SIGNS = ("年", "季度", "季", "月", "周", "天", "日", "时", "班")
_AGAIN = tuple(f"{sign}{count}" for sign in _UNIT_SIGNS for count in "一两二三四1234")
_YEARLY = ("全年", "年度", "年内至少", "年内不", "年再培训", "年培训", "年复训")
_CYCLES = ("周期", "间隔")
_PER = ("次/", "次／", "次每")
_WORKDAY = ("工作日",)
WORDS = (
    "每",
    *(f"{sign}{unit}" for sign in "按逐" for unit in _BY_UNITS),
    *_PHASED,
    *_SHORT,
    *_AGAIN,
    *_YEARLY,
    *_CYCLES,
    *_PER,
    *_WORKDAY,
    *labels.WORDS,
)
_NEAR = 16


def read(text: str, at: int, year: int | None, done: int) -> list[Mention]:
    """Give the quotas that begin at a place."""
    sign = text[at]
    if sign == "每":
        return _of(text, heads.every(text, at))
    if sign in "按逐":
        return _of(text, heads.by(text, at))
    if sign in "双单隔逢":
        return _of(text, _not_each(text, heads.phased(text, at)))
    return _labelled(text, at, done) or _other(text, at, done) or _dated(text, at, year, done)


def _labelled(text: str, at: int, done: int) -> list[Mention]:
    """Read “日周月” and 日管控、周排查."""
    return recurring.compound(text, at) or labels.read(text, at, done)


def _dated(text: str, at: int, year: int | None, done: int) -> list[Mention]:
    """Read 年 and 月 as dates where they are no period."""
    return deadlines.read(text, at, year, done) if text[at] in "年月" else []


def _other(text: str, at: int, done: int) -> list[Mention]:
    """Read the rarer ways: 一年两次, 周期为一年, 2次/月, 检查工作日, 全年不少于2次."""
    if text.startswith(_CYCLES, at):
        return _cycle(text, at)
    if text[at] == "次":
        return _of(text, heads.per(text, at))
    if text.startswith(_WORKDAY, at):
        return _workday(text, at)
    if text.startswith(_YEARLY, at):
        return _yearly(text, at)
    return _many(text, at, done)


def _of(text: str, head: Head | None) -> list[Mention]:
    return recurring.mentions(text, head) if head else []


def _not_each(text: str, head: Head | None) -> Head | None:
    """Refuse 双月 inside another word: 一双月…, 单月 of 简单月…."""
    if head is None or text[head.start - 1 : head.start] in tuple("简一清订菜名"):
        return None
    return head


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
    if start < done or text[start - 1 : start] in ("第", "每", "近", "上", "下"):
        return []
    return _of(text, heads.many_a(text, start) or heads.one_by_one(text, start))


def _cycle(text: str, at: int) -> list[Mention]:
    """Read 检验周期为一年 and 间隔不得超过6个月."""
    here = word(text, at, _CYCLES)
    here = word(text, here, ("时间", "期限", "期"))
    here = word(text, here, ("原则上", "一般", "通常"))
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


def _workday(text: str, at: int) -> list[Mention]:
    """Read 检查工作日必须开展执法: working days as the time itself."""
    end = at + len("工作日")
    before = text[at - 1 : at]
    if before in tuple("个每非数定假10一二三四五六七八九十0"):
        return []
    if end < len(text) and not text.startswith(_MUST, end):
        return []
    start = at - 2 if text.startswith(("检查", "正常"), at - 2) else at
    return _of(text, Head(start, end, Period.DAY, workdays=True))


_MUST = ("必须", "应", "要", "须", "每", "均", "都", "期间", "开展", "进行")


def _yearly(text: str, at: int) -> list[Mention]:
    """Read 全年不少于2次 and 年再培训时间不得少于20学时."""
    end = at + 2 if text.startswith("年内", at) else word(text, at, _YEARLY)
    if text[at - 1 : at] in tuple("每一两三四五六七八九十0123456789近多"):
        return []
    limit = min(ahead(text, end, COMMAS), end + _NEAR)
    if not any(q.bound is not Bound.EXACT for q in quantities(text, end, limit)):
        return []
    return _of(text, Head(at, end, Period.YEAR))
