"""What `forecast` and `check` share: a question about a call, and its answer in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from notifier import links
from notifier.calls import find_callees
from notifier.channels import SANDBOX, Sandbox, build
from notifier.clock import Clock
from notifier.events import Call
from notifier.forecast import Forecast, LaneLoad, Question, StrikeLoad
from notifier.hours import office_hours
from notifier.routes import Way, find_ways
from obligations.errors import Misconfigured
from obligations.rules import Ladder, Office
from obligations.rules.lengths import spoken

URGENT = timedelta(minutes=5)  # a ladder with a longer limit may take more than three minutes
SHOWN = 5  # names in a sentence before it says 等
LOCAL = "http://127.0.0.1:8000"  # where no public address is set, links begin like this
_CODE = "ABCDEFGH"  # as long as every message's code


def ask_for(
    office: Office, ladder: Ladder, to: Sequence[str], text: str, public_url: str
) -> Question:
    """Give what a forecast is asked about; raises Misconfigured for words that name nobody."""
    clock = Clock()
    now = clock.now()
    today = office_hours(office).today(now)
    callees, unknown = find_callees(office, "预测", to, today)
    if unknown or not callees:
        words = "、".join(unknown) or "（没有写）"
        message = f"“{words}”里没有叫得到的人。请写姓名、单位、职务、标签，或“全体”"
        raise Misconfigured(message)
    call = Call("预测", "预测", text, ladder, callees, "预测", now)

    def link(_code: str, person: str) -> str:
        return f"{public_url}/a/{_token(person, now)}"

    return Question(office, sandbox_ways(office, clock), call, today, link)


def sandbox_ways(office: Office, clock: Clock) -> tuple[Way, ...]:
    """Give the office's channels, made in the sandbox: their limits need no secrets."""
    sandbox = Sandbox(clock)
    specs = [replace(spec, address=SANDBOX) for spec in office.channels]
    made = {spec.name: build(spec, {}, sandbox.client, sandbox, clock) for spec in specs}
    return find_ways(office, made)


@cache
def _token(person: str, now: datetime) -> str:
    """Give a token as long as a real one; it opens nothing."""
    return links.sign("", links.Pass(_CODE, person), now)


def strike_words(strike: StrikeLoad, *, is_last: bool) -> str:
    """Give how one strike goes, in one sentence."""
    when = f"开始后{span(strike.after)}" if strike.after else "开始时"
    following = "到限" if is_last else "下一次"
    head = f"第{strike.number + 1}次叫应（{when}，离{following}{span(strike.span)}）"
    if not strike.lanes:
        return f"{head}：没有通道能发"
    if strike.late:
        return f"{head}：来不及，{len(strike.late)}人轮不到（{names(strike.late)}）"
    return f"{head}：叫完要{span(strike.done)}，来得及"


def lane_words(load: LaneLoad, limits: Mapping[str, str]) -> str:
    """Give what one lane has to bring."""
    head = f"通道“{load.lane}”（{limits.get(load.lane, '')}）：{load.people}人"
    merged = f"合成{load.messages}条" if load.messages < load.people else f"{load.messages}条"
    singly = f"；一人一条要{span(load.singly)}" if load.singly > load.done else ""
    missed = f"；{len(load.missed)}人轮不到就到了下一次" if load.missed else ""
    return f"{head}，{merged}，要{span(load.done)}{singly}{missed}"


def shortcomings(found: Forecast) -> Iterator[str]:
    """Give in words whatever of the ladder cannot be met over the lanes."""
    if found.silent:
        yield f"{len(found.silent)}人没有能叫到的通道（{names(found.silent)}）"
    if found.untold:
        yield f"{len(found.untold)}人到限也轮不到（{names(found.untold)}）"
    for strike in found.strikes:
        if strike.late:
            yield f"第{strike.number + 1}次叫应有{len(strike.late)}人轮不到"
    if found.told_in is not None and found.limit <= URGENT and not found.prompt:
        yield f"全部叫到一遍要{span(found.told_in)}，超过3分钟"


def limit_words(question: Question) -> dict[str, str]:
    """Give every channel's limit in words, by its name.

    The forecast goes by these, so they are shown with it.
    """
    platforms = {spec.name: spec.platform for spec in question.office.channels}
    return {
        way.lane: f"{platforms[way.lane]}，{span(way.channel.limit.per)}{way.channel.limit.count}条"
        for way in question.ways
    }


def names(people: Sequence[str]) -> str:
    """Give the first few of the names.

    >>> names(["周敏", "陈立"]), names(["甲", "乙", "丙", "丁", "戊", "己"])
    ('周敏、陈立', '甲、乙、丙、丁、戊等6人')
    """
    more = f"等{len(people)}人" if len(people) > SHOWN else ""
    return "、".join(people[:SHOWN]) + more


def span(length: timedelta) -> str:
    """Give a length of time as one says it, seconds rounded up.

    >>> span(timedelta(seconds=64.6)), span(timedelta(minutes=3)), span(timedelta(seconds=0.3))
    ('1分5秒', '3分钟', '1秒')
    """
    return spoken(timedelta(seconds=-(-length // timedelta(seconds=1))))
