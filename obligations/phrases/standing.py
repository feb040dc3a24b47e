"""Words without a period: standing ones (长期坚持, 24小时值班) and vague ones (定期, 适时)."""

import re

from obligations.phrases import occasions
from obligations.phrases.mention import Found, Look, Mention, Reader
from obligations.phrases.recurring import COMMAS
from obligations.phrases.tokens import ahead, behind, word, word_back
from obligations.phrases.words import PAUSES
from obligations.schedule import Standing, Undetermined

_ALWAYS = ("长期坚持", "常态化", "常态", "长期", "常年", "全天候", "持续推进", "持续开展", "持续")
_FIXED = (
    "即查即改",
    "立查立改",
    "立行立改",
    "边查边改",
    "随查随改",
    "即知即改",
    "即查即纠",
    "立整立改",
    "昼夜值守",
    "昼夜巡逻",
    "昼夜巡查",
    "昼夜监测",
    "昼夜轮流",
    "昼夜有人",
    "日夜值班",
    "日夜值守",
    "常抓不懈",
    "长抓不懈",
    "全年无休",
    "昼夜值班",
    "不间断巡查",
    "不间断监测",
    "不间断监控",
    "不间断值守",
    "全时段",
)
_VAGUE = ("定期", "不定期", "适时", "经常性", "经常", "择机", "不定时")
_MORE = ("增加", "加密", "加大", "提高", "加强")
_DOING = (
    "坚持", "抓", "保持", "开展", "执行", "落实", "推进", "实施", "组织", "进行", "巩固", "做好",
    "坚守",
)  # fmt: skip
_ALL_DAY = ("24小时", "二十四小时", "24h")
# What is done round the clock; up to a few signs may say how (24小时动态监测).
_DUTY = (
    "(?![内后前以之制的]|降|雨|累计|连续(?:作业|工作|运行|生产))"
    "(?:[^，。；、：（）内前后热线电话雨]{0,7}?"
    "(?:值班|值守|值勤|执勤|值机|备勤|待命|在岗|在位|到岗|在线监测|在线|监控|监测|监视|监护|监管|看护|看守|"
    "盯守|驻守|巡查|巡逻|巡防|畅通|开机|不间断|接警|双人|轮班|轮值|战备|驻|带班|不离人)"
    "(?:值班|值守|备勤)?|(?:均|都|全程)?(?:有人|有专人|专人|保持|应急|通信|通讯|安排专人))"
)
_KEPT = re.compile(_DUTY)
AROUND = {
    "小时": rf"(?:(?<=24小时)|(?<=十四小时))(?={_DUTY})",
    "h": rf"(?<=24h)(?={_DUTY})",
}
_NOT_A_NOUN = ("机制", "制度", "方案", "体系", "、制度化", "、规范化", "、长效化", "格局", "长效")
_REACH = 14


def mention(text: str, start: int, end: int, schedule: Found) -> Mention:
    """Give a mention whose words are all time words."""
    return Mention(start, end, schedule, start, end, (end, ahead(text, end, COMMAS)))


def vague(text: str) -> Undetermined:
    """Give the schedule that the office must still decide."""
    return Undetermined(text, f"“{text}”没有说多久一次；请写明周期，如每季度至少1次。")


def _vague(look: Look) -> list[Mention]:
    """Read 定期, 定期或不定期, 定期与重要时段."""
    text, at = look.text, look.at
    end = word(text, at, _VAGUE)
    if text[at - 1 : at] == "不" and text.startswith("定期", at):
        at -= 1
    if text.startswith("经常", at) and text[end : end + 1] in _NOT_OFTEN:
        return []
    more = end
    if text[end : end + 1] in ("和", "或", "、", "与", "及"):
        more = word(text, end + 1, ("不定期", "经常性", "定期", "不定时"))
        more = end if more == end + 1 else more
    elif text.startswith("不定期", end):
        more = end + 3
    later = (
        occasions.chain(text, more + 1)
        if text[more : more + 1] in ("与", "和", "及", "或")
        else more
    )
    end = later if later > more + 1 else more
    return [mention(text, at, end, vague(text[at:end]))]


_NOT_OFTEN = frozenset("项费使处账户")


def _fixed(look: Look) -> list[Mention]:
    """Read 即查即改 and its like, a row of them as one."""
    text, at = look.text, look.at
    end = word(text, at, _FIXED)
    while text[end : end + 1] in ("、", "，") and (more := word(text, end + 1, _FIXED)) > end + 1:
        end = more
    return [mention(text, at, end, Standing(text[at:end]))]


def _round_the_clock(look: Look) -> list[Mention]:
    """Read 24小时值班, 24小时有专人看护; 24小时内 is a length, a 24小时 hotline no duty."""
    text = look.text
    end = look.at + len("h" if text[look.at] == "h" else "小时")
    at = word_back(text, end, _ALL_DAY)
    kept = _KEPT.match(text, end)
    if kept is None or at == end or text[at - 1 : at] in tuple("近每过后前在来0123456789"):
        return []
    return [mention(text, at, kept.end(), Standing(text[at : kept.end()]))]


def _more_often(look: Look) -> list[Mention]:
    """Read 加密检查频次 at its 频次."""
    text, at = look.text, look.at
    start = behind(text, at, PAUSES)
    places = [text.rfind(known, max(start, at - _REACH), at) for known in _MORE]
    if max(places) < 0:
        return []
    start = max(occasions.led(text, max(places)), look.done)
    stop = at + 2
    return [mention(text, start, stop, vague(text[start:stop]))]


def _always(look: Look) -> list[Mention]:
    """Read 长期坚持, 常态化开展, 常年, 全天候; what only names a mechanism is refused later."""
    text, at = look.text, look.at
    end = word(text, at, _ALWAYS)
    known = text[at:end]
    if (
        known in ("长期", "常年", "常态")
        and not text.startswith(_DOING, end)
        and not _cell(text, at, end)
    ):
        return []
    if known == "全天候" and text.startswith(_ALL_DAY, end):
        return []
    if known == "全天候" and text.startswith("、全时段", end):
        end += len("、全时段")
    if known == "长期" and text.startswith("坚持", end):
        end += 2
    if known.startswith("持续") and not _cell(text, at, end):
        return []
    if known == "常态化" and text.startswith("、长效化", end):
        return []
    return [mention(text, at, end, Standing(text[at:end]))]


def _cell(text: str, start: int, end: int) -> bool:
    """Tell whether the words stand alone in their cell."""
    return (not start or text[start - 1] in "\t\n") and (end == len(text) or text[end] in "\t\n")


def names_a_mechanism(text: str, end: int) -> bool:
    """Tell whether 常态化 belongs to the name of a mechanism, a plan or a goal."""
    limit = min(ahead(text, end, PAUSES), end + _REACH)
    stop = text.find("、", end, limit)
    near = text[end : limit if stop < 0 else stop]
    if text.startswith(("、", "。", "，", "疫情", "》", "；"), end) or any(
        name in near for name in _NOT_A_NOUN
    ):
        return True
    return not text.startswith(_MANNERS, end) and not text.endswith(_LED_BY, 0, end - len("常态化"))


_MANNERS = (
    *_DOING,
    "加强",
    "值守",
    "提示",
    "提醒",
    "入户",
    "用好",
    "宣讲",
    "发布",
    "巡护",
    "盯守",
    "训练",
    "学习",
    "看护",
    "监督",
    "检查",
    "排查",
    "督导",
    "督查",
    "服务",
    "宣传",
    "监测",
    "暗访",
    "明查",
    "管理",
    "整治",
    "执法",
    "培训",
    "演练",
    "值班",
    "调度",
    "通报",
    "曝光",
    "运行",
    "监管",
    "指导",
    "巡查",
    "深入",
    "推动",
    "做",
    "抽查",
    "研判",
    "防控",
    "联合",
    "走访",
    "巡检",
    "安全检查",
    "安全巡查",
    "强化",
    "督促",
    "化解",
    "治理",
    "管控",
    "摸排",
    "清理",
    "警示",
    "教育",
    "随机",
    "动态",
    "保障",
    "应急",
    "自查",
    "约谈",
)
_LED_BY = ("开展", "进行", "强化", "实行", "加强", "实施", "坚持", "的", "组织", "保持", "做到")


def _denser(look: Look) -> list[Mention]:
    """Read 加密巡查 at its 密 and 增加检查次数 at its 次数."""
    text = look.text
    at = look.at - 1
    if text[look.at] == "次":
        at = text.rfind("增加", max(0, look.at - _REACH), look.at)
    end = word(text, word(text, at, _DENSER), ("频次", "频率", "力度", "次数"))
    if at < 0 or end <= look.at:
        return []
    start = max(occasions.led(text, at), look.done)
    return [mention(text, start, end, vague(text[start:end]))]


_WATCHED = ("巡查", "监测", "检查", "巡护", "观测", "巡检", "会商", "调度", "巡逻", "排查", "预报")
_DENSER = (
    *(f"加密{watched}" for watched in _WATCHED),
    *(f"增加{watched}次数" for watched in _WATCHED),
)
READERS: dict[str, Reader] = {
    **dict.fromkeys((*(f"密{watched}" for watched in _WATCHED), "次数"), _denser),
    **dict.fromkeys(_VAGUE, _vague),
    **dict.fromkeys(_FIXED, _fixed),
    **dict.fromkeys(AROUND, _round_the_clock),
    **dict.fromkeys(("频次", "频率", "频度"), _more_often),
    **dict.fromkeys(_ALWAYS, _always),
    **occasions.READERS,
}
