"""Duties that an event sets off: 结案后一个月内, 期满前3个月, 接到报告后立即."""

import re

from obligations.phrases import deadlines
from obligations.phrases.happenings import Happening, before_length, clause_before, tail_of
from obligations.phrases.heads import Head
from obligations.phrases.lengths import Stretch, length_ahead, length_back
from obligations.phrases.mention import Look, Mention, Reader
from obligations.phrases.recurring import COMMAS, mentions
from obligations.phrases.tokens import ahead, behind, word, word_back
from obligations.phrases.words import PAUSES
from obligations.schedule import After, Day, Edge, Period, Quota

_AT_ONCE = ("立即", "马上", "第一时间", "即刻", "立刻")
_OCCASIONS = ("举办", "举行")
_WHEN = ("时，", "时,")
_INSIDES = ("之内", "以内", "内")
_MUST = ("应当", "应", "必须", "须", "要", "需")
_BANS = (
    "不得", "未", "累计", "有两", "有下列", "发生", "两次", "再次", "又", "无", "没有", "降",
    "雨", "风", "达", "可能", "平均", "受到", "受过", "被", "连续", "最大", "有效", "禁止",
    "不能", "因", "出现", "存在", "将达", "将有", "将出现", "多次", "生产安全事故", "事故",
    "第二次", "拒不", "不予", "不再", "首次", "任职", "曾", "已", "共发生", "全国", "全市",
    "全省", "使用期",
)  # fmt: skip
_NOT_BEFORE = frozenset("近去过来同每隔连续期不低少多超")


def _kept(look: Look, mention: Mention | None) -> list[Mention]:
    """Give a mention that begins after what is read already; else 年 and 月 may be a date."""
    if mention is not None and mention.head >= look.done:
        return [mention]
    return deadlines.read(look) if look.text[look.at] in "年月季" else []


def _inside(look: Look) -> list[Mention]:
    """Read 日内, 月内, 之内, and 三年内至少一次."""
    if look.text[look.at] in "年月" and (found := once_in(look)):
        return found
    return _kept(look, _within(look.text, look.text.index("内", look.at)))


def once_in(look: Look) -> list[Mention]:
    """Read 三年内至少组织一次 as a quota of three years."""
    text, at = look.text, look.at
    least = _LEAST_IN.match(text, at)
    length = length_back(text, at + 1) if least else None
    if length is None or length.start < look.done or before_length(text, length.start):
        return []
    if text[length.start - 1 : length.start] in _NOT_BEFORE and length.start:
        return []
    head = Head(length.start, at + 2, length.length.unit, length.length.n)
    return mentions(text, head)


_LEAST_IN = re.compile(
    "[年月]内[^，。；、的]{0,8}?(?:至少|不[得应]?少于|不低于)[^，。；、]{0,10}?次"
)


def _ahead(look: Look) -> list[Mention]:
    """Read 日前, 月前, and 前3日."""
    at = look.text.index("前", look.at)
    return _kept(look, _length_before(look.text, at) or _before(look.text, at))


def _acts(look: Look) -> list[Mention]:
    """Read 上岗前 and 投入使用前, with a length (作业前30分钟) or without."""
    text, at = look.text, look.at
    known = _before(text, at)
    if known is None and not text.endswith(_ACTS, 0, at):
        return []
    happening = tail_of(text, at, before=True)
    if known is None and happening is not None and text[at + 1 : at + 2] not in _NO_TIME_AFTER:
        known = _mention(text, happening, None, at + 1)
    return _kept(look, known)


_ACTS = (
    "上岗", "作业", "使用", "开工", "施工", "复工", "复产", "动火", "启用", "投产", "营业", "开业",
    "入井", "下井", "进场", "出厂", "出车", "发车", "交付", "启动", "起吊", "吊装", "拆除", "爆破",
    "点火", "充装", "装卸", "检修", "开学", "运营", "试运行", "运行", "实施", "开车", "入场",
    "入汛", "汛期来临", "汛期到来", "雨季来临", "冬季来临", "高温来临", "台风来临",
)  # fmt: skip
# Nobody need look at a 前 before which no such act can stand.
AROUND = f"(?<=[{''.join(sorted({act[-1] for act in _ACTS}))}].)"
_NO_TIME_AFTER = tuple("后期提述款列置的、和及与或")


def _early(look: Look) -> list[Mention]:
    """Read 提前3日."""
    return _kept(look, _ahead_of_time(look.text, look.at))


def _occasions(look: Look) -> list[Mention]:
    """Read 举办…活动，应当…."""
    return _kept(look, _occasion(look.text, look.at))


def _when(look: Look) -> list[Mention]:
    """Read …时，应当…."""
    return _kept(look, _whenever(look.text, look.at, look.done))


def _now(look: Look) -> list[Mention]:
    """Read …，立即…."""
    return _kept(look, _at_once(look.text, look.at, look.done))


def _within(text: str, at: int) -> Mention | None:
    """Read …后N日内 at its 内."""
    end = at + 1
    stop = at - 1 if text[at - 1 : at] in ("之", "以") else at
    length = length_back(text, stop)
    if length is None or text.startswith(_BANS, end):
        return None
    limited = text.endswith("限期", 0, length.start)
    if text[length.start - 1 : length.start] in _NOT_BEFORE and length.start and not limited:
        return None
    happening = before_length(text, length.start)
    if happening is None:
        happening = _clause_earlier(text, length)
    if happening is None:
        if not _demanded(text, length) or text[end : end + 1] == "的":
            return None
        happening = Happening(length.start, "", before=False)
    return _period_over(text, happening, length, end) or _mention(text, happening, length, end)


def _clause_earlier(text: str, length: Stretch) -> Happening | None:
    """Read the event of the clause before: 事故发生后，值班室半小时内报告."""
    start = behind(text, length.start, PAUSES)
    if text[start - 1 : start] not in ("，", ",") or length.length.unit not in _SOON_UNITS:
        return None
    if text[start - 2 : start - 1] != "后" or length.start - start > _A_SUBJECT:
        return None
    event = tail_of(text, start - 2, before=False)
    return Happening(length.start, event.event, before=False) if event else None


_A_SUBJECT = 16
_SOON_UNITS = (Period.MINUTE, Period.HOUR, Period.DAY)


_ACTED = re.compile(
    "(?:必须|应当?|要|须|将|立即|迅速|电话|书面|口头|如实|向|首报|叫应|报|上报|通知|通报|反馈|核实|核查|响应|处置|"
    "到|赶|抵达|出动|派|转移|发布|联系|组织|启动|完成|调度|撤|疏散|集结|回应|处理|受理|签收|拨打)"
)
_ABLE = ("能在", "能够在", "可在", "可以在", "能于", "能")


def _period_over(text: str, happening: Happening, length: Stretch, end: int) -> Mention | None:
    """Read 季度结束后15日内 and 年度终了后3个月内: days of the period after, not an event."""
    period = next((p for word, p in _OVER.items() if happening.event.endswith(word)), None)
    n, unit_of = length.length.n, length.length.unit
    if period is None or happening.before or n > _MONTH_DAYS:
        return None
    month = 0 if period is Period.MONTH else 1
    if unit_of is Period.DAY:
        day = Day(month, n, workday=length.workdays, following=True)
    elif unit_of is Period.MONTH and period is Period.YEAR:
        day = Day(n, -1, following=True)
    else:
        return None
    quota = Quota(period, days=(day,), edge=Edge.BY)
    duty = (end, ahead(text, end, COMMAS))
    return Mention(happening.start, end, quota, happening.start, end, duty)


_MONTH_DAYS = 31
_OVER = {
    f"{name}{over}": period
    for name, period in (
        ("半年", Period.HALF_YEAR),
        ("半年度", Period.HALF_YEAR),
        ("季度", Period.QUARTER),
        ("季", Period.QUARTER),
        ("年度", Period.YEAR),
        ("月", Period.MONTH),
        ("月度", Period.MONTH),
    )
    for over in ("结束", "终了", "")
    if over or name == "季"
}


def _demanded(text: str, length: Stretch) -> bool:
    """Tell whether a length without an event is a limit: 应当在24小时内, 限3日内."""
    if not length.start and length.end + 1 >= len(text):
        return True
    if length.length.unit in (Period.YEAR, Period.HALF_YEAR):
        return False
    # Minutes without an event are what machines take, unless somebody acts in them.
    if length.length.unit is Period.MINUTE and not _ACTED.match(text, length.end + 1):
        return not text[length.end + 1 :]
    if text.endswith(_ABLE, 0, length.start):  # 能在10分钟内反风 is what a machine can do
        return False
    before = text[length.start - 1 : length.start]
    return (
        text.endswith("限期", 0, length.start)
        or not before
        or before in "在于限应当须必后即并要，。；：、起至迟（\n\t "
    )


def _before(text: str, at: int) -> Mention | None:
    """Read 期满前3个月 at its 前."""
    length = length_ahead(text, at + 1)
    if length is None:
        return None
    stop = at - 1 if text[at - 1 : at] in ("之", "以") else at
    happening = tail_of(text, stop, before=True)
    if happening is None or happening.event[-1] in _NO_EVENT_END:
        return None
    return _mention(text, happening, length, word(text, length.end, _INSIDES))


_NO_EVENT_END = frozenset("日月底旬号年季周末度目以此提当先往生眼之节")


def _length_before(text: str, at: int) -> Mention | None:
    """Read 届满30日前 and 举办日的20日前 at the 前."""
    if text.startswith(("期", "提条件", "提下"), at + 1):
        return None
    length = length_back(text, at - 1 if text[at - 1 : at] in ("之", "以") else at)
    if length is None:
        return None
    stop = length.start - 1 if text[length.start - 1 : length.start] == "的" else length.start
    stop = word_back(text, stop, ("至少", "不少于", "应当", "应", "提前", "的"))
    if text[length.start - 1 : length.start] in ("在", "于") and _TOLD.match(text, at + 1):
        return _mention(text, Happening(length.start - 1, "", before=True), length, at + 1)
    if not (text.endswith(_ENDINGS, 0, stop) or _named_act(text, stop, length)):
        return None
    happening = tail_of(text, stop, before=True)
    return _mention(text, happening, length, at + 1) if happening else None


def _named_act(text: str, stop: int, length: Stretch) -> bool:
    """Tell whether an act is named that the length counts back from: 在举行听证的七日前."""
    start = behind(text, stop, PAUSES)
    if not text.startswith("的", stop) or length.length.unit is Period.YEAR:
        return False
    return any(text.rfind(sign, start, stop) >= 0 for sign in ("在", "于", "应当"))


_TOLD = re.compile("[，,]?(?:向|报|通知|告知|书面|提出|以书面|公告|公示|送达|提交)")
_ENDINGS = (
    "届满", "期满", "满", "到期", "之日", "举办日", "举办", "召开", "举行", "开工", "施工",
    "使用", "实施", "开始", "有效期", "期限", "开业", "投产", "活动", "会议", "作业", "生产",
    "运行", "起爆", "爆破", "开幕", "报废", "失效", "停用", "启用", "日期", "竣工", "验收",
)  # fmt: skip


def _ahead_of_time(text: str, at: int) -> Mention | None:
    """Read 提前3日 and 提前至少15日."""
    here = word(text, at + 2, ("至少", "不少于", "不得少于"))
    length = length_ahead(text, here)
    if length is None or text.startswith(
        ("完成", "实现", "结束", "达", "竣工", "释放"), length.end
    ):
        return None
    start = word_back(text, at, ("至少", "应当至少"))
    event = tail_of(text, start, before=True) if text.endswith(("前", "时"), 0, start) else None
    happening = event or Happening(start, "", before=True)
    return _mention(text, happening, length, word(text, length.end, ("前", "以上")))


def _mention(text: str, happening: Happening, length: Stretch | None, end: int) -> Mention:
    """Put an event duty together."""
    within = length.length if length else None
    workdays = length.workdays if length else False
    after = After(happening.event, within, workdays, happening.before)
    duty = (end, ahead(text, end, COMMAS))
    return Mention(happening.start, end, after, happening.start, end, duty)


def _occasion(text: str, at: int) -> Mention | None:
    """Read 举办大型活动，主办单位应当提前检查."""
    end = ahead(text, at, PAUSES)
    said = text[at:end]
    if not any(kind in said for kind in ("活动", "赛事", "展会", "展览", "演出", "庙会", "灯会")):
        return None
    if text[end : end + 1] not in ("，", ",") or behind(text, at, PAUSES) < at - 4:
        return None
    if said.endswith("的") or not _must_soon(text, end + 1):
        return None
    return _mention(text, Happening(at, said, before=False), None, end)


def _must_soon(text: str, at: int) -> bool:
    """Tell whether the clause that starts at a place demands something."""
    clause = text[at : min(ahead(text, at, PAUSES), at + 24)]
    return any(must in clause for must in _MUST)


def _whenever(text: str, at: int, done: int) -> Mention | None:
    """Read 出现新情况时，要作出安排 at its 时."""
    if not _must_soon(text, at + 2):
        return None
    happening = clause_before(text, at, behind(text, at, PAUSES), sudden=True)
    if happening is None or happening.start < done:
        return None
    return _mention(text, happening, None, at + 1)


def _at_once(text: str, at: int, done: int) -> Mention | None:
    """Read 发现…，应当立即… at its 立即; 及时 counts only where it leads to a report."""
    soon = text.startswith("及时", at)
    end = at + 2 if soon else word(text, at, _AT_ONCE)
    if text[at - 1 : at] in ("不", "未", "能", "可", "够") or text.startswith(
        ("开展", "行动", "组织开展"), end
    ):
        return None
    start = behind(text, at, PAUSES)
    happening = clause_before(text, at, start, sudden=soon)
    if happening is None and not soon and text.endswith("后", start, at):
        happening = tail_of(text, at - 1, before=False)
    if happening is None and text[start - 1 : start] in ("，", ","):
        stop = start - 1
        happening = clause_before(text, stop, behind(text, stop, PAUSES), sudden=soon, whole=True)
    if happening is None or happening.start < done:
        return None
    return _mention(text, happening, None, end)


_SOON = ("及时报", "及时上报", "及时如实报", "及时、如实报", "及时向")
_UNIT_SIGNS = ("日", "天", "时", "分钟", "min", "月", "年", "周", "h", "之", "以", "工作日", "季度")
_NUMERALS = "0123456789一二两三四五六七八九十百廿半"
READERS: dict[str, Reader] = {
    **dict.fromkeys((f"{sign}内" for sign in _UNIT_SIGNS), _inside),
    **dict.fromkeys((f"{sign}前" for sign in _UNIT_SIGNS), _ahead),
    **dict.fromkeys((f"前{sign}" for sign in _NUMERALS), _ahead),
    "前": _acts,
    "提前": _early,
    **dict.fromkeys(_OCCASIONS, _occasions),
    **dict.fromkeys(_WHEN, _when),
    **dict.fromkeys((*_AT_ONCE, *_SOON), _now),
}
