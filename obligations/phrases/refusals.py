"""What is left alone: book titles, history, penalties, and words next to their own frequency."""

import re
from collections.abc import Callable
from typing import NamedTuple

from obligations.phrases import standing
from obligations.phrases.mention import Mention
from obligations.phrases.recurring import COMMAS
from obligations.phrases.tokens import ahead, behind
from obligations.phrases.words import PAUSES, STOPS
from obligations.schedule import After, Coverage, Once, Period, Quota, Standing, Undetermined

_TITLE = 60
_BORDERS = frozenset("\t\n")


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
        ):
            return True
    return False


def _quota(case: Case) -> bool:
    """Refuse rates, penalties, growth and days of remembrance."""
    text, mention = case.text, case.mention
    end = mention.tail
    if _denied(text, mention.head) or text.startswith((*_NOT_A_QUOTA, *_ALL_DAY), end):
        return False
    if text[mention.head] in '“"' or text[mention.head] in "日周月季旬年":
        return not text.startswith(("要求", "开展情况", "落实情况", "促"), mention.end)
    if text[end : end + 1] == "的" and mention.end == end:  # 每天的用电量
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


# A ban on hours of the day (凌晨2时至上午8时不得…), and what is measured (电费, 人数, 工作八小时).
_REMEMBERED = re.compile("[为是][^，。]{0,14}[日周月]")  # 每年11月9日为全国消防日
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
_STATISTICS = re.compile("死亡|罚款|滞纳金|加处|丧生|亿|造成|事故率|％|百分之")
_STAFFED = re.compile(r"(?:不[得应]?[少低]于|至少|配备|应有|应当有|安排)[0-9一二两三四五六]+[人名]")
_RATES = ("公里", "千米", "毫米", "立方", "升", "米", "吨", "千克", "度", "㎜", "mm", "km", "m")


def _speed(text: str, end: int) -> bool:
    """Tell whether 每小时 is a rate: 每小时四十公里."""
    clause = text[end : min(ahead(text, end, COMMAS), end + 14)]
    return any(rate in clause for rate in _RATES) and "次" not in clause


def _once(case: Case) -> bool:
    """Refuse history, issue dates and dates that only name something."""
    text, mention = case.text, case.mention
    once = mention.schedule
    assert isinstance(once, Once)  # noqa: S101 - the table of judges says so
    last = once.end or once.start
    if case.year is not None and last is not None and last.year < case.year:
        return False
    shape = _shape(text, mention)
    if _history(text, mention) or (shape != "by" and _reported(text, mention)):
        return False
    return _PLACED[shape](text, mention)


def _shape(text: str, mention: Mention) -> str:
    """Name the shape of a date's words."""
    words = text[mention.head : mention.tail]
    if words.endswith("前"):
        return "by"
    if words.endswith(("起", "开始")):
        return "opened"
    if any(sign in words for sign in "至-—－–~～到"):
        return "range"
    if words.endswith(("底", "末", "旬", "初", "内")):
        return "close"
    if any(sign in words for sign in "、和及"):
        return "list"
    return "day" if words.endswith(("日", "号")) else "bare"


def _history(text: str, mention: Mention) -> bool:
    """Tell whether the words look back."""
    start, end = mention.head, mention.tail
    if text[start - 1 : start] in tuple("去上较比同往每") and start:
        return True
    if text.endswith(_FORECAST, 0, start):
        return True
    if text.startswith("截至", start - 2) and not text.endswith("前", 0, end):
        return not text.endswith(_CLOSES, 0, start - 2)
    named = text[start - 1 : start] in ("（", "(") and text[end : end + 1] in ("）", ")", "版")
    return text.startswith(_PAST, end) or (named and "月" not in text[start:end])


_CLOSES = ("时间", "期限", "日期", "报名", "申报", "自查", "征集", "受理", "报送")  # 报名截至6月3日
_FORECAST = ("预计", "预计到", "预计至", "预测到")
_PAST = (
    "以来", "以前", "及以前", "已", "期间", "发生", "印发", "发布", "通过", "修订", "修正",
    "公布", "施行", "颁布", "成立", "同比", "召开的", "排查发现", "版", "建成", "投产", "的数据",
    "统计", "生产安全事故", "事故", "第十", "第九", "行动", "度工作", "度安全", "第一次修",
    "第二次修", "左右", "起施行", "出台", "下发", "制定的",
)  # fmt: skip


def _reported(text: str, mention: Mention) -> bool:
    """Tell whether the sentence tells what has happened: 2024年，全市共发生事故3起."""
    end = mention.tail
    clause = text[end : min(ahead(text, end, STOPS), end + _FAR)]
    return any(sign in clause for sign in _REPORTED)


def _anywhere(_text: str, _mention: Mention) -> bool:
    return True


def _opened(text: str, mention: Mention) -> bool:
    """Refuse 自2021年9月1日起施行."""
    return not text.startswith(
        ("施行", "执行", "实施", "生效", "试行", "废止", "正式", "同时"), mention.tail
    )


def _range(text: str, mention: Mention) -> bool:
    """Take a window that stands by itself or begins its clause, not the name of a plan."""
    before = text[mention.head - 1 : mention.head]
    led = text[mention.head] in "自从"
    return led or not before or before in "\t\n，。；：、,;在于从自）)（(是即将到由”"


def _named(text: str, mention: Mention) -> bool:
    """Take a bare day where the clause demands something: 定于6月16日."""
    start = mention.head
    if text[start - 1 : start] in ("至", "到"):
        return "效期" not in text[max(0, start - 4) : start]
    if text.endswith(_AT_LATEST, 0, start) or text.startswith(("截止", "为止"), mention.tail):
        return True
    led = start - 1 if text[start - 1 : start] in ("：", ":", "为", "是") else start
    if text.endswith(_LIMITS, 0, led) and (led < start or text.endswith("止", 0, start)):
        return True
    clause = text[behind(text, start, PAUSES) : ahead(text, mention.tail, PAUSES)]
    return any(must in clause for must in ("应", "须", "要", "请", "定于", "务必", "将于", "拟于"))


_AT_LATEST = (
    "不迟于", "最迟于", "不晚于", "不得晚于", "不得迟于", "最晚于", "最迟", "最晚", "至迟", "至迟于",
)  # fmt: skip
_LIMITS = ("时限", "期限", "完成时间", "办结时间", "截止时间", "截止日期", "完成日期", "截止")


def _bare(text: str, mention: Mention) -> bool:
    """Take a bare year or month as a cell, or at the head of a clause that does something."""
    start, end = mention.head, mention.tail
    before, after = text[start - 1 : start], text[end : end + 1]
    opens = not before or before in _BORDERS
    if opens and (not after or after in _BORDERS):
        return True
    if before and before not in "。；\t\n，）):：、到（(":
        return False
    if before not in ("（", "(") and after in ("，", ",") and after:
        return True
    if f"{before}{after}" in ("（）", "()") and _STAGE.search(text, max(0, start - 9), start - 1):
        return True
    return text.startswith(_DONE, end) and before != "、"


_FAR = 60
_REPORTED = (
    "以来",
    "发生",
    "死亡",
    "同比",
    "已经",
    "召开了",
    "通过了",
    "共有",
    "总书记",
    "印发",
    "修订",
    "我国",
)
_DONE = (
    "完成", "实现", "启动", "全面", "基本", "组织", "建立", "建成", "力争", "开展", "底", "集中",
    "验收", "总结", "整治", "部署", "攻坚", "推进", "考核", "评估", "自查", "检查", "排查", "督查",
    "督导", "通报", "上报", "报送", "召开", "制定", "培训", "演练", "宣传", "整改", "回头看", "巩固",
    "提升", "动员", "摸清", "摸底", "编制", "梳理", "清理", "改造", "更新", "销号", "清零", "收官", "进行", "进入", "抽查", "复查", "核查", "迎接", "落实", "举办", "试点", "推广",
)  # fmt: skip
_STAGE = re.compile(
    "(?:阶段|部署|动员|自查|排查|整治|整改|验收|总结|提升|巩固|攻坚|宣传|准备|实施|检查|培训|督查|"
    "评估|推进|启动|演练|考核|抽查|回头看”?)$"
)


def _listed(text: str, mention: Mention) -> bool:
    """Take 按6月、9月、12月推进."""
    before = text[mention.head - 1 : mention.head]
    return not before or before in "按于在分。；，\t\n）"


_PLACED: dict[str, Callable[[str, Mention], bool]] = {
    "by": _anywhere,
    "close": _anywhere,
    "opened": _opened,
    "range": _range,
    "day": _named,
    "bare": _bare,
    "list": _listed,
}


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
    Once: _once,
    After: _after,
    Standing: _standing,
    Undetermined: _open,
}
