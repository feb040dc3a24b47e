"""What is left alone: book titles, history, penalties, and words next to their own frequency."""

import re
from collections.abc import Callable
from typing import NamedTuple

from obligations.phrases import standing
from obligations.phrases.mention import Mention
from obligations.phrases.recurring import COMMAS
from obligations.phrases.tokens import ahead, behind
from obligations.phrases.windows import is_somebodys
from obligations.phrases.words import PAUSES, STOPS
from obligations.schedule import After, Coverage, Once, Period, Quota, Standing, Undetermined

_TITLE = 60


class Case(NamedTuple):
    """A mention to be judged, with the text, and its place among all that was found."""

    text: str
    mention: Mention
    found: list[Mention]
    place: int
    year: int | None


def kept(text: str, found: list[Mention], year: int | None) -> list[Mention]:
    """Give the mentions that are duties."""
    if not found:
        return found
    titled = "《" in text
    return [
        mention
        for place, mention in enumerate(found)
        if not (titled and _in_a_title(text, mention.start))
        and _JUDGES[type(mention.schedule)](Case(text, mention, found, place, year))
    ]


def _around(found: list[Mention], place: int) -> list[Mention]:
    """Give the mentions beside one."""
    return found[max(0, place - _BESIDE) : place + _BESIDE + 1]


_BESIDE = 4


def _in_a_title(text: str, at: int) -> bool:
    """Tell whether a place stands inside 《…》."""
    low = max(0, at - _TITLE)
    opened = text.rfind("《", low, at)
    return opened >= 0 and text.rfind("》", low, at) < opened


def _denied(text: str, at: int) -> bool:
    """Tell whether the clause says that something was not done: 未按规定定期检测."""
    near = text[max(0, at - _TITLE) : at]
    if "未" not in near and "不按" not in near and "没有" not in near and "拒不" not in near:
        return False
    start = behind(text, at, PAUSES)
    for known in ("未", "不按", "没有", "拒不"):
        place = text.rfind(known, start, at)
        if (
            place >= 0
            and text[place : place + 2] not in ("未来", "未成")
            and "的" not in text[place:at]
            and not _STILL.search(text, place, at)
        ):
            return True
    return False


_STILL = re.compile("应当|也应|也要|必须|仍")  # 未发现问题也应当每月报告


def _quota(case: Case) -> bool:
    """Refuse rates, penalties, growth and days of remembrance."""
    text, mention = case.text, case.mention
    end = mention.tail
    if _denied(text, mention.head) or text.startswith((*_NOT_A_QUOTA, *_ALL_DAY), end):
        return False
    if text[mention.head] in '“"' or text[mention.head] in "日周月季旬年":
        if text[mention.head] in '“"' and text.startswith("要求", mention.end):
            return False
        return not text.startswith(("开展情况", "落实情况", "促"), mention.end)
    if _OF.match(text, end) and mention.end == end:  # 每天的用电量
        return False
    clause = text[end : min(ahead(text, end, COMMAS), end + 30)]
    if text[mention.head : end] == "每班" and _STAFFED.match(clause):
        return False
    if _STATISTICS.search(clause) or (mention.end == end and _rated(text, mention, clause)):
        return False
    quota = mention.schedule.quota if isinstance(mention.schedule, Coverage) else mention.schedule
    assert isinstance(quota, Quota)  # noqa: S101 - the table of judges says so
    if quota.period is Period.YEAR and quota.days and _REMEMBERED.match(clause):
        return False
    if text.startswith("每分钟", mention.head):  # 每分钟90转: so often only rates are said
        return False
    return not (quota.period in _SHORT and _speed(text, end))


_SHORT = (Period.MINUTE, Period.HOUR)


def _rated(text: str, mention: Mention, clause: str) -> bool:
    """Tell whether a period without a number rules a ban or a rate: 每人每班…, 每月电费…."""
    if "满" in text[mention.head : mention.tail] or _BANNED.match(clause) or _RATED.match(clause):
        return True
    return text.endswith(("每人", "每户", "人均", "每台"), 0, mention.head)


_OF = re.compile(
    "的(?!第.{1,3}[周月日]|安全|防火|例会|检查|巡查|会议|[0-9一二三四五六七八九十]+[月日])"
)
_REMEMBERED = re.compile("[为是][^，。]{0,14}[日周月]")  # 每年11月9日为全国消防日
# A ban on hours of the day (凌晨2时至上午8时不得…), and what is measured (电费, 人数, 工作八小时).
_BANNED = re.compile(
    r"[凌晨早上中下午晚夜间0-9一二三四五六七八九十时点分:：至到\-—次日的]*(?:不得|不准|禁止|严禁)"
)
_RATED = re.compile(
    r"的?(?:连续接触|工作(?:时间)?[^，]{0,3}[0-9一二三四五六七八九十]+个?小时|"
    r"(?!应|须|要|对|将|至少|组织|开展|监测|记录|统计|检查|公布|报|核|上报|清点|分析|测|观测|抽查|公示)"
    r"[^，、]{0,6}(?:电费|水费|租金|津贴|补贴|劳动强度|人数|流量|产量|用量|电量|水量|限值|限额|定额|"
    r"费用(?:结余|超支|支出|总额|标准)))"
)
_ALL_DAY = ("24小时", "二十四小时")
_NOT_A_QUOTA = (
    "递增", "增长", "下降", "递减", "减少", "为“", "的这",
    "工作时间不", "工资", "收入", "产量", "定为", "被定为", "是“", "一度", "因",
)  # fmt: skip
_STATISTICS = re.compile(
    "死亡|罚款|滞纳金|加处|丧生|亿|造成|事故率|[增降减涨升提][^，]{0,4}(?:[0-9]％|百分之)"
)
_STAFFED = re.compile(r"(?:不[得应]?[少低]于|至少|配备|应有|应当有|安排)[0-9一二两三四五六]+[人名]")
_RATES = ("公里", "千米", "毫米", "立方", "升", "米", "吨", "千克", "度", "㎜", "mm", "km", "m")


def _speed(text: str, end: int) -> bool:
    """Tell whether 每小时 is a rate: 每小时四十公里."""
    clause = text[end : min(ahead(text, end, COMMAS), end + 14)]
    return any(rate in clause for rate in _RATES) and "次" not in clause


def _window(case: Case) -> bool:
    """Refuse dates that are nobody's."""
    return is_somebodys(case.text, case.mention, case.year)


def _after(case: Case) -> bool:
    """Refuse what was not done in time."""
    text, mention = case.text, case.mention
    start = behind(text, mention.head, PAUSES)
    if _DEFINED.search(text, mention.head, mention.tail):
        return False
    after = mention.schedule
    if isinstance(after, After) and after.before and after.within is None:
        return _owed_before(text, start, mention)
    return not _denied(text, mention.tail) and "可以" not in text[start : mention.tail]


def _owed_before(text: str, start: int, mention: Mention) -> bool:
    """Tell whether something must be done before an event: 上岗前必须培训, 应当在开工前备案."""
    tail = mention.tail
    end = ahead(text, tail + text.startswith(("，", ","), tail), PAUSES)
    led, clause = text[start : mention.head], text[tail:end]
    if _EACH_OR_NOT.search(text, start, tail) or clause.startswith("不得"):
        return False
    return led.endswith(("应当", "应", "必须", "须", "要")) or bool(_MUST.search(clause))


_EACH_OR_NOT = re.compile("每(?!次)|未|没有|不")
_MUST = re.compile("应当|必须|应(?!急|用|对)|须|务必|一律|(?<!重|需|主|必)要(?!求|素|点|害)")
_DEFINED = re.compile("标准[为是]|是指|系指|指的是|定义为")  # 临近保质期的标准为到期前20天


def _standing(case: Case) -> bool:
    """Refuse 常态化 in the name of a mechanism, and 24小时 hotlines."""
    text, mention = case.text, case.mention
    if text.startswith("常态", mention.head):
        return not standing.names_a_mechanism(text, mention.tail) and not _denied(
            text, mention.head
        )
    return not text.startswith(("得不到", "存在", "以来", "性"), mention.tail)


def _open(case: Case) -> bool:
    """Refuse 定期 next to its own frequency, in names and where it was not done."""
    text, mention = case.text, case.mention
    if _denied(text, mention.head):
        return False
    if not text.startswith(_VAGUE, mention.head):
        return True
    if text.startswith(("存款", "账户", "刊", "限", "航班", "班列"), mention.tail):
        return False
    if text[mention.head - 1 : mention.head] == "固" or _PERIODIC.match(text, mention.tail):
        return False
    if text.startswith("检验", mention.tail) and (
        text.startswith(_TERMS, mention.tail + 2) or text.endswith("首次", 0, mention.head)
    ):
        return False
    return not any(
        _own_frequency(text, mention, other) for other in _around(case.found, case.place)
    )


def without_doubles(text: str, found: list[Mention]) -> list[Mention]:
    """Give the mentions without a 定期 that has its own frequency beside it."""
    return [
        mention
        for place, mention in enumerate(found)
        if not isinstance(mention.schedule, Undetermined)
        or not text.startswith(_VAGUE, mention.head)
        or not any(_own_frequency(text, mention, other) for other in _around(found, place))
    ]


_VAGUE = ("定期", "不定期", "经常", "适时")
_TERMS = (
    "要求",
    "合格",
    "标志",
    "周期",
    "机构",
    "结果",
    "报告",
    "资料",
    "不合格",
    "日期",
    "或者",
    "率",
    "有效",
)
_PERIODIC = re.compile("[^，。；、]{0,6}(?:周期|间隔)")  # 定期检查周期不得超过三年 says how often
_NEAR = 40


def _own_frequency(text: str, vague: Mention, other: Mention) -> bool:
    """Tell whether another mention says how often the vague one is meant: 定期……每年不少于一次."""
    if not isinstance(other.schedule, Quota) or abs(other.head - vague.head) > _NEAR:
        return False
    low, high = sorted((vague.head, other.head))
    if any(sign in STOPS for sign in text[low:high]):
        return False
    if other.head < vague.head:
        return (
            not any(sign in PAUSES for sign in text[other.tail : vague.head])
            and vague.head - other.tail < _CLOSE_BEHIND
        )
    same = not any(sign in "，," for sign in text[low:high])
    rest = text[other.end : ahead(text, other.end, PAUSES)]
    return (same and other.head - vague.tail < _CLOSE_AHEAD) or len(rest) <= _SHORT_REST


_SHORT_REST = 3
_CLOSE_BEHIND, _CLOSE_AHEAD = 6, 4
_JUDGES: dict[type, Callable[[Case], bool]] = {
    Quota: _quota,
    Coverage: _quota,
    Once: _window,
    After: _after,
    Standing: _standing,
    Undetermined: _open,
}
