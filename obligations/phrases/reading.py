"""`parse`: one whole phrase, as rules.yaml has it; what is not read is said, not skipped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from obligations.phrases.besides import amount_at_end
from obligations.phrases.finding import scan
from obligations.phrases.mention import Mention
from obligations.phrases.quantities import quantities
from obligations.phrases.refusals import without_doubles
from obligations.phrases.tokens import compact
from obligations.schedule import Bound, Compound, Period, Quota, Schedule, Undetermined, parts_of

_WHOLE = {
    "月度": Period.MONTH,
    "季度": Period.QUARTER,
    "年度": Period.YEAR,
    "半年度": Period.HALF_YEAR,
    "半年": Period.HALF_YEAR,
    "周度": Period.WEEK,
}
# Words that change the meaning or name a time: where one is left over, the phrase is not read.
_TELLING = re.compile(
    r"[0-9]+|[〇零二三四五六七八九十两百千廿几]+|左右|大概|大约|约|若干|多次|数次|前后|上下|或者|或|除外|"
    r"除|如果|若|另|其中|但|不|每|逢|隔|第|小时|分钟|工作日|[日周旬月季年时天班]|星期|学期|"
    r"[前后内起底初末]|早晚|早中晚|汛|雨季|防火期|采暖|供暖|节假日|春节|国庆|假期|至少|最多|最少|以上|以下|次|视情|适当|尽量|争取|可以|有时|偶尔"
)
_DAY = re.compile(r"([0-9]+)月([0-9]+)日")
_MONTHS = 12
_LONGEST = 80  # signs of a phrase that may end with amounts
_HINTS = dict.fromkeys(("左右", "大概", "大约", "约", "前后", "上下"), "只是约数") | {
    "几": "没有说几次",
    "若干": "没有说几次",
    "多次": "没有说几次",
    "数次": "没有说几次",
    "初": "没有说到哪一天",
    "或": "两种说法只能选一种",
    "或者": "两种说法只能选一种",
    "不": "没有说不少于还是不超过几次",
    "至少": "没有说多久一次",
    "次": "没有说多久一次",
}
_EXAMPLES = "如 每季度至少1次、每月5日前、2026年9月底前、长期坚持"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What could not be read: the place in the phrase, the signs there, and the reason.

    ``understood`` is what the rest of the phrase would mean, None if nothing.
    """

    position: int
    found: str
    reason: str
    understood: Schedule | None = None


def parse(phrase: str, *, year: int | None = None) -> Schedule:
    """Give what a phrase means; what it leaves open is `Undetermined` with the reason.

    >>> schedule = parse("每季度至少召开两次")
    >>> isinstance(schedule, Quota) and (str(schedule.period), schedule.count, str(schedule.bound))
    ('quarter', 2, 'at_least')
    >>> parse("每季度大概2次").reason.partition("；")[0]
    '第4个字“大概”不明确：只是约数'
    """
    schedule, trouble = _read(phrase, year)
    if trouble is not None:
        return Undetermined(phrase, trouble.reason)
    assert schedule is not None  # noqa: S101 - one of the two is always there
    return schedule


def diagnose(phrase: str, *, year: int | None = None) -> Diagnosis | None:
    """Give where and why a phrase cannot be read, None if it can.

    >>> diagnose("每季度大概2次").position
    3
    """
    schedule, trouble = _read(phrase, year)
    if trouble is not None:
        return trouble
    for member in parts_of(schedule) if schedule else ():
        if isinstance(member, Undetermined):
            place = max(phrase.find(member.text), 0)
            understood = schedule if isinstance(schedule, Compound) else None
            return Diagnosis(place, member.text, member.reason, understood)
    return None


def _read(phrase: str, year: int | None) -> tuple[Schedule | None, Diagnosis | None]:
    """Give the schedule, or what stands in its way."""
    read = compact(phrase)
    whole = _WHOLE.get(read.text)
    if whole is not None:
        return Quota(whole), None
    found = without_doubles(read.text, scan(read.text, year))
    members: tuple[Schedule, ...] = tuple(dict.fromkeys(mention.schedule for mention in found))
    schedule = None if not members else members[0] if len(members) == 1 else Compound(members)
    for start, end in _unread(read.text, found):
        telling = _TELLING.search(read.text, start, end)
        if telling:
            also = _with_amount(read.text, year)
            if also is not None:
                return also, None
            place = read.back(*telling.span())[0]
            return None, _trouble(phrase, place, telling[0], schedule)
    if schedule is None:
        reason = f"“{phrase}”里没有认得的时间说法；请写明多久一次或哪天以前，{_EXAMPLES}。"
        return None, Diagnosis(0, phrase[:1], reason)
    return schedule, None


def _with_amount(text: str, year: int | None) -> Quota | None:
    """Give the quota of 每季度检查1次，发现2个问题, None where the words are no such thing."""
    parts = amount_at_end(text) if len(text) <= _LONGEST else None
    quota, trouble = _read(parts[0], year) if parts else (None, None)
    if not parts or trouble is not None or not isinstance(quota, Quota):
        return None
    if not parts[0].endswith("次") and not quota.amounts:
        return None
    amount = parts[1]
    if amount.bound is Bound.EXACT:
        amount = replace(amount, bound=quota.bound)
    return replace(quota, amounts=(*quota.amounts, amount))


def _trouble(phrase: str, place: int, found: str, understood: Schedule | None) -> Diagnosis:
    """Say which sign was not understood, and why if that is known."""
    why = _HINTS.get(found, "")
    if found == "每":
        why = "“每”后面没有认得的周期"
    day = _DAY.match(phrase, place)
    if day and int(day[1]) <= _MONTHS and found.isdigit():
        why = f"{day[1]}月没有{day[2]}日"
    said = f"第{place + 1}个字“{found}”{'看不懂' if not why else f'不明确：{why}'}"
    reason = f"{said}；请改成明确的说法，{_EXAMPLES}。"
    return Diagnosis(place, found, reason, understood)


def _unread(text: str, found: list[Mention]) -> Iterator[tuple[int, int]]:
    """Give the stretches of text that no mention has read."""
    known = sorted(span for mention in found for span in _spans(text, mention))
    at = 0
    for start, end in known:
        if start > at:
            yield at, start
        at = max(at, end)
    if at < len(text):
        yield at, len(text)


def _spans(text: str, mention: Mention) -> Iterator[tuple[int, int]]:
    """Give what a mention has read: its time words, and each number with its bound."""
    yield min(mention.start, mention.head), mention.tail
    since = mention.tail
    for quantity in quantities(text, mention.tail, mention.end):
        yield quantity.start, quantity.end
        place = _BOUND.search(text, since, quantity.start)
        if place:
            yield place.span()
        since = quantity.end
    if mention.tail < mention.end and not quantities(text, mention.tail, mention.end):
        yield mention.tail, mention.end


_BOUND = re.compile(
    r"(?:上下午|早晚|早[、和]晚|早[、]?中[、]?晚|上午[、和]下午)各|至少|最少|起码|至多|最多|不[得应能宜可]?(?:超过|[多大高]于|[少低小]于)"
)
