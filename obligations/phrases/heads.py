"""The period of a quota: 每季度, 每2个月, 每隔3天, 按月, 双月, 一季度一次, 半年述职."""

import re
from typing import NamedTuple

from obligations import numerals
from obligations.phrases.tokens import dash, span_of_numbers, unit, word
from obligations.phrases.words import AT_LEAST, TIMES
from obligations.schedule import Period, Phase


class Head(NamedTuple):
    """A period read at a place; ``times`` where the head itself says it (一年两次)."""

    start: int
    end: int
    period: Period
    interval: int = 1
    most: int | None = None
    phase: Phase = Phase.ALL
    workdays: bool = False
    times: int = 0


def every(text: str, at: int) -> Head | None:
    """Read 每… at its 每: 每日, 每2个月, 每三至五年, 每半年, 每隔3天, 每双周, 每个工作日."""
    here = at + 1
    simple = unit(text, here)
    if simple is not None:
        return Head(at, simple[1], simple[0])
    skipped = text[here : here + 1] in ("隔", "间")
    if skipped:
        here += 2 if text.startswith("间隔", here) else 1
    elif text[here : here + 1] in ("逢", "满"):
        here += 1
    elif (ran := _RAN.match(text, here)) is not None:
        here = ran.end()
    return _phased(text, at, here) or _workday(text, at, here) or _numbered(text, at, here, skipped)


_RAN = re.compile("(?:运行|使用|连续运行|累计运行)满?")


def _phased(text: str, at: int, here: int) -> Head | None:
    """Read 双月, 单周, 半年, 半月 after 每."""
    phase = {"单": Phase.ODD, "双": Phase.EVEN}.get(text[here : here + 1])
    if phase:
        read = unit(text, here + 1)
        return Head(at, read[1], read[0], phase=phase) if read else None
    if text[here : here + 1] != "半":
        return None
    if text.startswith(("半小时", "半个小时"), here):
        return Head(at, text.index("时", here) + 1, Period.MINUTE, 30)
    if text.startswith("半个学期", here):
        return None
    read = unit(text, here)
    return Head(at, read[1], *read[:1]) if read else None


def _workday(text: str, at: int, here: int) -> Head | None:
    """Read 每个工作日 and 每5个工作日."""
    many = numerals.read(text, here)
    after = many[1] if many else here
    if text[after : after + 1] == "个":
        after += 1
    if not text.startswith("工作日", after):
        return None
    return Head(at, after + 3, Period.DAY, many[0] if many else 1, workdays=True)


def _numbered(text: str, at: int, here: int, skipped: bool) -> Head | None:  # noqa: FBT001 - private
    """Read 每2个月, 每三至五年, 每隔一周 (every second week), 每个季度."""
    many = span_of_numbers(text, here)
    after = many[2] if many else here
    if text[after : after + 1] == "个" and not text.startswith("个月", after):
        after += 1
    read = unit(text, after)
    if read is None or (many and many[0] == 0):
        return None
    period, end = read
    if period is Period.MONTH and text[end : end + 1] == "份":
        end += 1
    first, most = (many[0], many[1]) if many else (1, None)
    if many and most is None:
        most, end = _up_to(text, end, period, first)
    if skipped and first == 1 and period is not Period.HOUR:
        first = 2
    return Head(at, end, period, first, most)


def _up_to(text: str, end: int, period: Period, first: int) -> tuple[int | None, int]:
    """Read the 6年 of 每3年至6年."""
    after = dash(text, end)
    more = numerals.read(text, after) if after > end else None
    if more is None or more[0] <= first:
        return None, end
    here = more[1] + 1 if text.startswith("个", more[1]) and period is not Period.MONTH else more[1]
    read = unit(text, here)
    return (more[0], read[1]) if read and read[0] is period else (None, end)


def by(text: str, at: int) -> Head | None:
    """Read 按月, 按季度, 逐月 at its first sign; 按日计罚 and 按年度计划 are no periods."""
    read = unit(text, at + 1)
    if read is None:
        return None
    period, end = read
    after = text[end : end + 2]
    if text[at] == "逐" and (period is Period.YEAR or after[:1] in tuple("减递增降下上提")):
        return None
    if after[:1] in tuple("计连加处罚薪份期龄均数度") or after in _NOT_BY:
        return None
    return Head(at, end, period)


_NOT_BY = (
    "工资",
    "标准",
    "计划",
    "安排",
    "目标",
    "任务",
    "折算",
    "支付",
    "收取",
    "缴纳",
    "实施连"[:2],
)


def many_a(text: str, at: int) -> Head | None:
    """Read 一季度一次, 半年一次, 一年两次, 两年一次 at the number or the 半."""
    if text[at] == "半":
        here, first, most = at, 1, None
    else:
        many = span_of_numbers(text, at)
        if many is None or not 0 < many[0] < _A_YEAR:
            return None
        first, most, here = many
        if text[here : here + 1] == "个" and not text.startswith("个月", here):
            here += 1
    read = unit(text, here)
    if read is None:
        return None
    period, end = read
    if period is Period.MONTH and text[here] == "月" and text[at] not in "一两":
        return None
    done = _DONE.match(text, end)
    bounded = word(text, end, AT_LEAST)
    times = numerals.read(text, done.end() if done else bounded)
    if times is None or text[times[1] : times[1] + 1] not in TIMES:
        return None
    if bounded > end or done:
        return Head(at, end, period, first, most)
    return Head(at, times[1] + 1, period, first, most, times=times[0])


# What may stand between 一年 and 一次 without any 每.
DEEDS = (
    "开展", "组织", "召开", "进行", "检查", "检测", "评估", "修订", "检验", "培训", "演练", "考核",
    "通报", "轮训", "更新", "校验", "检定", "调度", "研究", "巡查", "排查", "清洗", "复审", "体检",
)  # fmt: skip
_DONE = re.compile(
    rf"(?:{'|'.join(DEEDS)})[^，。；、每]{{0,6}}?(?=[0-9一两二三四五六]{{1,2}}次(?![性数]))"
)
_A_YEAR = 100


def per(text: str, at: int) -> Head | None:
    """Read 2次/月 and 1次/2年 at its 次."""
    times = numerals.read_back(text, at)
    if times is None or text[at + 1 : at + 2] not in ("/", "／", "∕", "每"):
        return None
    first = numerals.read(text, at + 2)
    here = first[1] if first else at + 2
    if text[here : here + 1] == "半":
        read = unit(text, here)
    else:
        if text[here : here + 1] == "个" and not text.startswith("个月", here):
            here += 1
        read = unit(text, here)
    if read is None:
        return None
    return Head(times[1], read[1], read[0], first[0] if first else 1, times=times[0])


def phased(text: str, at: int) -> Head | None:
    """Read 双月, 单月, 隔周, 隔日, 逢单周 at the first sign."""
    here = at + 1 if text[at] == "逢" else at
    sign = text[here : here + 1]
    read = unit(text, here + 1)
    if read is None or text[read[1] : read[1] + 1] in tuple("刊向降"):
        return None
    period, end = read
    if sign == "隔":
        return Head(at, end, period, 2)
    if here == at and period is Period.WEEK and sign == "双":  # 双周调度 is every two weeks
        return Head(at, end, period, 2)
    if here == at and period is not Period.MONTH and period is not Period.WEEK:
        return None
    return Head(at, end, period, phase=Phase.ODD if sign == "单" else Phase.EVEN)


def one_by_one(text: str, at: int) -> Head | None:
    """Read 一月一调度, 一季一通报 at the first 一."""
    if (said := one_deed(text, at)) is not None:
        return said
    many = numerals.read(text, at)
    read = unit(text, many[1]) if many else None
    if many is None or read is None or many[0] == 0:
        return None
    if many[0] == 1 and text[read[1] : read[1] + 1] == "一":
        after = text[read[1] + 1 : read[1] + 2]
        known = after and after not in "度次个天日周月季年起样直些下定致企"
        return Head(at, read[1], read[0], times=1) if known else None
    return deeds(text, Head(at, read[1], read[0], many[0]))


def one_deed(text: str, at: int) -> Head | None:
    """Read 半年一评估, 季度一通报 at the unit."""
    said, read = _ONE_DEED.match(text, at), unit(text, at)
    if said is None:
        return None
    period = read[0] if read else Period.MONTH  # 月度
    return Head(at, said.end(1), period, times=1)


_ONE_DEED = re.compile(
    "(半年度?|半月|季度?|月度|年度)一[^度次个天日周月季年起样直些下定致企般线步]"
)


def deeds(text: str, head: Head) -> Head | None:
    """Read the number of deeds behind a period: 一日三查, 每日两巡."""
    times = numerals.read(text, head.end)
    if times is None or not _SEVERAL <= times[0] < _A_FEW or not _DEED.match(text, times[1]):
        return None
    return head._replace(end=times[1], times=times[0])


_SEVERAL, _A_FEW = 2, 10
_DEED = re.compile(rf"(?:{'|'.join(DEEDS)}|[查检巡评报研](?![察定点到价告究单样]))")


def bare(text: str, at: int) -> Head | None:
    """Read a length as a period: 一年, 6个月, 3至5年."""
    if text[at : at + 1] == "半":
        read = unit(text, at)
        return Head(at, read[1], read[0]) if read else None
    many = span_of_numbers(text, at)
    if many is None or many[0] == 0:
        return None
    first, most, here = many
    if text[here : here + 1] == "个" and not text.startswith("个月", here):
        here += 1
    read = unit(text, here)
    return Head(at, read[1], read[0], first, most) if read else None
