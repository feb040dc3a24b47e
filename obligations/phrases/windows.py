"""Which dates in running text are somebody's window: no history, issue dates, names of plans."""

import re
from collections.abc import Callable

from obligations.phrases.mention import Mention
from obligations.phrases.tokens import ahead, behind
from obligations.phrases.words import PAUSES, STOPS
from obligations.schedule import Once

_BORDERS = frozenset("\t\n")


def is_somebodys(text: str, mention: Mention, year: int | None) -> bool:
    """Tell whether a window is a duty's: no history, no issue date, no date that only names."""
    once = mention.schedule
    assert isinstance(once, Once)  # noqa: S101 - only windows are asked for
    last = once.end or once.start
    if year is not None and last is not None and last.year < year:
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
    "不迟于", "最迟于", "不晚于", "不得晚于", "不得迟于", "最晚于", "最迟", "最晚", "至迟",
    "至迟于",
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
    "督导", "通报", "上报", "报送", "召开", "制定", "培训", "演练", "宣传", "整改", "回头看",
    "巩固", "提升", "动员", "摸清", "摸底", "编制", "梳理", "清理", "改造", "更新", "销号",
    "清零", "收官", "进行", "进入", "抽查", "复查", "核查", "迎接", "落实", "举办", "试点", "推广",
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
