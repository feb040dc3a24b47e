"""The structured form of a schedule: the mapping that rules.yaml may have instead of a phrase."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from obligations.schedule import (
    After,
    Amount,
    Bound,
    Compound,
    Coverage,
    Day,
    Edge,
    Once,
    Period,
    Phase,
    Quota,
    Schedule,
    Standing,
    Undetermined,
)

Word = TypeVar("Word", bound=StrEnum)
PERIODS = {
    "分钟": Period.MINUTE,
    "小时": Period.HOUR,
    "班": Period.SHIFT,
    "日": Period.DAY,
    "周": Period.WEEK,
    "旬": Period.TEN_DAYS,
    "半月": Period.HALF_MONTH,
    "月": Period.MONTH,
    "季度": Period.QUARTER,
    "半年": Period.HALF_YEAR,
    "学期": Period.TERM,
    "年": Period.YEAR,
}
BOUNDS = {"正好": Bound.EXACT, "至少": Bound.AT_LEAST, "至多": Bound.AT_MOST}
EDGES = {"当日": Edge.ON, "之前": Edge.BY}
PHASES = {"全": Phase.ALL, "单": Phase.ODD, "双": Phase.EVEN}
QUOTA_KEYS = {
    "周期": "period",
    "间隔": "interval",
    "间隔上限": "interval_most",
    "次数": "count",
    "界": "bound",
    "上限": "most",
    "数量": "amounts",
    "工作日": "workdays",
    "日子": "days",
    "时点": "edge",
    "单双": "phase",
}
AMOUNT_KEYS = {"数": "n", "单位": "unit", "界": "bound", "上限": "most"}
DAY_KEYS = {
    "月": "month",
    "日": "day",
    "星期": "weekday",
    "第几": "nth",
    "工作日": "workday",
    "次期": "following",
    "时段": "part",
    "时节": "season",
}
ONCE_KEYS = {"开始": "start", "截止": "end", "至": "end_event"}
AFTER_KEYS = {"事件": "event", "期限": "within", "工作日": "workdays", "提前": "before"}
LENGTH_KEYS = {"数": "n", "单位": "unit"}
COVERAGE_KEYS = {"全覆盖": "of", "频次": "quota"}
STANDING_KEYS = {"常态": "manner"}
OPEN_KEYS = {"待定": "text", "原因": "reason"}
COMPOUND_KEYS = {"各项": "members"}
KINDS = (
    ("members", COMPOUND_KEYS),
    ("of", COVERAGE_KEYS),
    ("manner", STANDING_KEYS),
    ("text", OPEN_KEYS),
    ("event", AFTER_KEYS),
    ("period", QUOTA_KEYS),
    ("start", ONCE_KEYS),
    ("end", ONCE_KEYS),
    ("end_event", ONCE_KEYS),
)


def dump(schedule: Schedule) -> dict[str, object]:
    """Give the structured form, with what is usual left out.

    >>> dump(Quota(Period.QUARTER, bound=Bound.AT_LEAST))
    {'周期': '季度', '次数': 1, '界': '至少'}
    """
    if isinstance(schedule, Quota):
        return _dump_quota(schedule)
    if isinstance(schedule, Compound):
        return {"各项": [dump(member) for member in schedule.members]}
    if isinstance(schedule, Coverage):
        return {"全覆盖": schedule.of, "频次": _dump_quota(schedule.quota)}
    if isinstance(schedule, Standing):
        return {"常态": schedule.manner}
    if isinstance(schedule, Undetermined):
        return {"待定": schedule.text, "原因": schedule.reason}
    return _dump_after(schedule) if isinstance(schedule, After) else _dump_once(schedule)


def _dump_quota(quota: Quota) -> dict[str, object]:
    """Give a quota's form; period and count are always said."""
    form: dict[str, object] = {"周期": _name(PERIODS, quota.period)}
    if quota.interval != 1:
        form["间隔"] = quota.interval
    if quota.interval_most is not None:
        form["间隔上限"] = quota.interval_most
    form["次数"] = quota.count
    if quota.bound is not Bound.EXACT:
        form["界"] = _name(BOUNDS, quota.bound)
    if quota.most is not None:
        form["上限"] = quota.most
    if quota.amounts:
        form["数量"] = [_dump_amount(amount) for amount in quota.amounts]
    if quota.workdays:
        form["工作日"] = "是"
    if quota.days:
        form["日子"] = [_dump_day(day) for day in quota.days]
    if quota.edge is not Edge.ON:
        form["时点"] = _name(EDGES, quota.edge)
    if quota.phase is not Phase.ALL:
        form["单双"] = _name(PHASES, quota.phase)
    return form


def _dump_amount(amount: Amount) -> dict[str, object]:
    """Give an amount's form."""
    form: dict[str, object] = {"数": amount.n, "单位": amount.unit}
    if amount.bound is not Bound.EXACT:
        form["界"] = _name(BOUNDS, amount.bound)
    if amount.most is not None:
        form["上限"] = amount.most
    return form


def _dump_day(day: Day) -> dict[str, object]:
    """Give a day's form: only what differs from nothing."""
    form: dict[str, object] = {}
    for key, field in DAY_KEYS.items():
        value: object = getattr(day, field)
        if value:
            form[key] = "是" if value is True else value
    return form


def _dump_once(once: Once) -> dict[str, object]:
    """Give a window's form; dates as ISO text."""
    form: dict[str, object] = {}
    if once.start is not None:
        form["开始"] = once.start.isoformat()
    if once.end is not None:
        form["截止"] = once.end.isoformat()
    if once.end_event or not form:
        form["至"] = once.end_event
    return form


def _dump_after(after: After) -> dict[str, object]:
    """Give an event duty's form."""
    form: dict[str, object] = {"事件": after.event}
    if after.within is not None:
        form["期限"] = {"数": after.within.n, "单位": _name(PERIODS, after.within.unit)}
    if after.workdays:
        form["工作日"] = "是"
    if after.before:
        form["提前"] = "是"
    return form


def _name(words: Mapping[str, Word], value: Word) -> str:
    """Give the Chinese word for an enum's member."""
    return next(word for word, member in words.items() if member is value)
