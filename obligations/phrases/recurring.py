"""Quotas in text: a period, its days, then how often and how much, up to a clause away."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from obligations.numerals import ARABIC
from obligations.phrases import heads
from obligations.phrases.days import Days, days
from obligations.phrases.heads import Head
from obligations.phrases.mention import Mention
from obligations.phrases.quantities import Quantity, bound_before, quantities
from obligations.phrases.tokens import ahead, unit, word
from obligations.phrases.words import LINKS, PAUSES, SEASONS, SHORT_ORDER, SHORT_UNITS, STOPS
from obligations.schedule import Amount, Bound, Coverage, Day, Edge, Period, Quota

COMMAS = STOPS | frozenset("，,：:")
_FAR = 24  # how far behind a comma a bounded count may stand (每年组织演练，次数不少于2次)


def mentions(text: str, head: Head) -> list[Mention]:
    """Give the quotas that one period rules, with those of its sisters (每2个月、每月至少1次)."""
    sisters = [_member(text, head)]
    while (more := _sister(text, sisters[-1].end)) is not None:
        sisters.append(_member(text, more))
    tail = sisters[-1].end
    read = _quantities(text, tail, head.times)
    return [found for member in sisters for found in _of(text, member, tail, read)]


_HALVES = ("上、下半年", "上下半年", "上半年、下半年", "上半年和下半年", "的上、下半年")


class _Member(NamedTuple):
    """A period with its days, and where its time words end."""

    head: Head
    when: Days | None
    end: int


def _member(text: str, head: Head) -> _Member:
    """Read the days after a period."""
    if head.times:
        return _Member(head, None, head.end)
    halves = word(text, head.end, _HALVES) if head.period is Period.YEAR else head.end
    if halves > head.end:
        return _Member(head._replace(period=Period.HALF_YEAR, end=halves), None, halves)
    when = days(text, head.end, head.period)
    return _Member(head, when, when.end if when else head.end)


def _sister(text: str, at: int) -> Head | None:
    """Read a further period joined by 、: 每2个月、每月, 每日、周、月."""
    link = word(text, at, LINKS)
    if link == at:
        return None
    if text[link : link + 1] == "每":
        return heads.every(text, link)
    if text[at] != "、":
        return None
    if (place := text.find("每", link, min(ahead(text, link, COMMAS), link + _NEXT))) > link:
        return heads.every(text, place)
    read = unit(text, link)
    if read is None or (
        text[read[1] : read[1] + 1] not in ("、", "度") and text[link] not in "周月季旬年"
    ):
        return None
    return Head(link, read[1], read[0]) if text[link : read[1]] in _SISTERS else None


_NEXT = 14  # room for another unit in 省安委会每半年、市安委会每季度至少召开1次
_OTHER_COUNTS = re.compile("次数|时间|每次|夜间")
_SISTERS = ("日", "周", "旬", "月", "季", "季度", "半年", "年", "年度")


def _quantities(text: str, tail: int, count: int) -> list[Quantity]:
    """Give the quantities that the period rules: in its clause, then one by one behind commas."""
    if count:
        return []
    limit = _next_head(text, tail)
    here = min(ahead(text, tail, COMMAS), limit)
    found = _leading(quantities(text, tail, here))
    if not found:
        if here < limit and text[here : here + 1] in ("，", ","):
            late = quantities(
                text, here + 1, min(ahead(text, here + 1, COMMAS), limit, here + _FAR)
            )
            return [q for q in late[:1] if q.bound is not Bound.EXACT]
        return []
    while here < limit and text[here : here + 1] in ("，", ","):
        end = min(ahead(text, here + 1, COMMAS), limit)
        more = _leading(quantities(text, here + 1, end))
        if not more or _OTHER_COUNTS.search(text, here, end):
            break
        if more[0].start - here > _FAR or more[0].times is not found[0].times:
            break
        found += more
        here = end
    return found


def _leading(read: list[Quantity]) -> list[Quantity]:
    """Keep what is owed: where times are counted, the sizes beside them say something else."""
    return ([q for q in read if q.times] or read) if len(read) > 1 else read


def _next_head(text: str, at: int) -> int:
    """Give where the next period begins, the sentence's end if there is none."""
    limit = ahead(text, at, STOPS)
    for found in _HEADS.finditer(text, at, limit):
        here = found.start()
        if text[here] != "每" or heads.every(text, here) is not None:
            return here
    return limit


_HEADS = re.compile("每|[，,](?:其中)?(?:逢?[单双][月周]|第?[一二三四]季度|[上下]半年)")


# 汛期每日…, 在汛期，水库管理单位每日…: the season that a period counts in. A word like 高温 may
# name a place (高温作业场所每月…), so it must stand right before the period or a comma.
_NAMES = "|".join(sorted({name for name in SEASONS if len(name) > 1}, key=len, reverse=True))
_SEASON = re.compile(
    rf"(?:(?<![^，。；：、（\t\n在])|(?<=进入))(非?(?:{_NAMES}))(?:期间|期内|以后|后|内|里|时)?(，[^，。；：、]{{2,12}})?$"
)
# 早晚各一次 is twice, 早、中、晚各1次 three times.
_EACH = re.compile("(上下午|早晚|早[、和]晚|早[、]?中[、]?晚|上午[、和]下午)各[^，。；、]{0,6}?$")
_TWO, _THREE = 2, 3


def _times(text: str, tail: int, quantity: Quantity) -> Quantity:
    """Multiply what each part of a day owes by how many parts are named."""
    each = _EACH.search(text, tail, quantity.start) if quantity.times else None
    if each is None:
        return quantity
    parts = _THREE if "中" in each[1] else _TWO
    most = quantity.most * parts if quantity.most is not None else None
    return quantity._replace(n=quantity.n * parts, most=most)


def _of(text: str, member: _Member, tail: int, read: list[Quantity]) -> Iterator[Mention]:
    """Give one mention for every quantity, or one without."""
    head, end = member.head, member.end
    bound, start = bound_before(text, head.start)
    if bound is Bound.AT_MOST and text[head.start] != "每":  # 不超过3个月一次: at least so often
        bound = Bound.AT_LEAST
    if (season := _SEASON.search(text, max(0, start - _FAR), start)) and member.when is None:
        member = member._replace(when=Days((Day(season=season[1]),), Edge.ON, end))
        start = start if season[2] else season.start(1)
    limit = ahead(text, tail, COMMAS)
    of = _covered(text, tail, limit)
    if not read:
        schedule = _schedule(member, None, bound, of)
        yield Mention(start, end, schedule, head.start, end, (end, limit))
        return
    for said in read:
        quantity = _times(text, tail, said) if head.period is Period.DAY else said
        schedule = _schedule(member, quantity, bound, of)
        span = (tail, ahead(text, quantity.end, COMMAS))
        yield Mention(start, max(end, quantity.end), schedule, head.start, end, span)


def _schedule(
    member: _Member, quantity: Quantity | None, bound: Bound, of: str
) -> Quota | Coverage:
    """Put a quota together, for each of a list where 全覆盖 is said."""
    quota = _quota(member.head, member.when, quantity, bound)
    return Coverage(quota, of) if of else quota


def _covered(text: str, start: int, end: int) -> str:
    """Give the list that 全覆盖 is said of: 挂牌企业 in 每半年检查挂牌企业全覆盖."""
    place = text.find("全覆盖", start, end)
    if place < 0:
        return ""
    said = text[start:place]
    for known in _OBJECTS_AFTER:
        said = said.rpartition(known)[2] if known in said else said
    for known in _OBJECTS_BEFORE:
        said = said.partition(known)[0] if known in said else said
    known_length = _SHORTEST <= len(said) <= _LONGEST
    return said if known_length and not set(said) & PAUSES and not set(said) & ARABIC else ""


_OBJECTS_AFTER = ("对", "检查", "巡查", "走访", "督查", "确保", "做到", "至少", "排查")
_OBJECTS_BEFORE = ("实现", "进行", "开展", "组织", "达到", "的", "予以", "实施")
_SHORTEST, _LONGEST = 2, 12


def _quota(head: Head, when: Days | None, quantity: Quantity | None, bound: Bound) -> Quota:
    """Put a quota together."""
    count, most = head.times or 1, None
    amounts: tuple[Amount, ...] = ()
    if quantity is not None:
        bound = bound if quantity.bound is Bound.EXACT else quantity.bound
        if quantity.times:
            count, most = quantity.n, quantity.most
        else:
            amounts = (Amount(quantity.n, quantity.unit, bound, quantity.most),)
    return Quota(
        head.period,
        head.interval,
        count,
        bound,
        most,
        amounts,
        head.workdays,
        when.days if when else (),
        when.edge if when else Edge.ON,
        head.phase,
        head.most,
    )


_SHORT_SIGNS = frozenset(f"{SHORT_ORDER}。")


def compound(text: str, at: int) -> list[Mention]:
    """Read “日周月” at its first sign: at least three units going upwards, or two in quotes."""
    end = at
    while (
        text[end : end + 1]
        and text[end] in SHORT_ORDER
        and (end == at or SHORT_ORDER.index(text[end]) > SHORT_ORDER.index(text[end - 1]))
    ):
        end += 1
    if set(text[end : end + 2]) < _SHORT_SIGNS:  # 日周月日周月 names nothing
        return []
    quoted = text[at - 1 : at] in ("“", '"', "‘", "「") and text[end : end + 1] in (
        "”",
        '"',
        "’",
        "」",
    )
    if end - at < (2 if quoted else 3):
        return []
    start, stop = (at - 1, end + 1) if quoted else (at, end)
    duty = (stop, ahead(text, stop, COMMAS))
    return [
        Mention(start, stop, Quota(SHORT_UNITS[sign]), start, stop, duty) for sign in text[at:end]
    ]


def plain(head: Head, bound: Bound) -> Quota:
    """Give the quota that a period without days means."""
    return _quota(head, None, None, bound)
