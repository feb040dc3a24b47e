"""The structured form of a schedule: the mapping that rules.yaml may have instead of a phrase."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import NoReturn, TypeVar

from obligations.errors import JiaoyingError
from obligations.schedule import (
    After,
    Amount,
    Bound,
    Compound,
    Coverage,
    Day,
    Edge,
    Length,
    Once,
    Period,
    Phase,
    Quota,
    Schedule,
    Standing,
    Undetermined,
)

_Word = TypeVar("_Word", bound=StrEnum)
PERIODS = {
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
_TRUE, _FALSE = ("是", "true", "yes", "1"), ("否", "false", "no", "0")
_QUOTA_KEYS = {
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
_AMOUNT_KEYS = {"数": "n", "单位": "unit", "界": "bound", "上限": "most"}
_DAY_KEYS = {
    "月": "month",
    "日": "day",
    "星期": "weekday",
    "第几": "nth",
    "工作日": "workday",
    "次期": "following",
    "时段": "part",
    "时节": "season",
}
_ONCE_KEYS = {"开始": "start", "截止": "end", "至": "end_event"}
_AFTER_KEYS = {"事件": "event", "期限": "within", "工作日": "workdays", "提前": "before"}
_LENGTH_KEYS = {"数": "n", "单位": "unit"}
_COVERAGE_KEYS = {"全覆盖": "of", "频次": "quota"}
_STANDING_KEYS = {"常态": "manner"}
_OPEN_KEYS = {"待定": "text", "原因": "reason"}
_COMPOUND_KEYS = {"各项": "members"}
_KINDS = (
    ("members", _COMPOUND_KEYS),
    ("of", _COVERAGE_KEYS),
    ("manner", _STANDING_KEYS),
    ("text", _OPEN_KEYS),
    ("event", _AFTER_KEYS),
    ("period", _QUOTA_KEYS),
    ("start", _ONCE_KEYS),
    ("end", _ONCE_KEYS),
    ("end_event", _ONCE_KEYS),
)


class PhraseError(JiaoyingError):
    """A structured frequency has a key or a value that means nothing; the sentence names it."""


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
    for key, field in _DAY_KEYS.items():
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


def _name(words: Mapping[str, _Word], value: _Word) -> str:
    """Give the Chinese word for an enum's member."""
    return next(word for word, member in words.items() if member is value)


def load(mapping: Mapping[str, object]) -> Schedule:
    """Give the schedule that a structured form means; values may all be text.

    >>> load({"周期": "季度", "次数": "1", "界": "至少"}).bound
    <Bound.AT_LEAST: 'at_least'>
    """
    if not isinstance(mapping, Mapping):
        _refuse(
            f"频次应是一组“键: 值”，这里是“{mapping}”；例如 {{周期: 季度, 次数: 1, 界: 至少}}。"
        )
    names = {_english(str(key)) for key in mapping}
    for mark, keys in _KINDS:
        if mark in names:
            fields = _fields(mapping, keys, mark)
            return _LOADERS[mark](fields)
    found = "、".join(str(key) for key in mapping) or "没有任何键"
    _refuse(
        f"看不出这是哪种频次：{found}；应有“周期”“截止”“事件”“常态”“全覆盖”“各项”之一，"
        "例如 {周期: 季度, 次数: 1, 界: 至少}。"
    )


def _english(key: str) -> str:
    """Give the field that a key of any kind names; the key itself if it names none."""
    for _, keys in _KINDS:
        if key in keys:
            return keys[key]
    return key


def _refuse(message: str) -> NoReturn:
    raise PhraseError(message)


def _fields(mapping: object, keys: Mapping[str, str], where: str) -> dict[str, object]:
    """Give a mapping's values by field, refusing keys that mean nothing here."""
    if not isinstance(mapping, Mapping):
        _refuse(
            f"“{_chinese(where)}”应是一组“键: 值”，这里是“{mapping}”；可用的键：{'、'.join(keys)}。"
        )
    fields: dict[str, object] = {}
    for key, value in mapping.items():
        field = keys.get(str(key), str(key))
        if field not in keys.values():
            _refuse(f"频次里有不认识的键“{key}”；这里可用的键：{'、'.join(keys)}。")
        if field in fields:
            _refuse(f"频次里的键“{key}”写了两次；请只留一个。")
        fields[field] = value
    return fields


def _chinese(field: str) -> str:
    """Give the Chinese key of a field."""
    for _, keys in _KINDS:
        for key, name in keys.items():
            if name == field:
                return key
    return field


def _number(
    fields: Mapping[str, object], field: str, key: str, default: int, least: int = 1
) -> int:
    """Give a whole number."""
    value = fields.get(field, default)
    text = str(value).strip()
    digits = text[1:] if text[:1] == "-" else text
    if isinstance(value, bool) or not (digits.isascii() and digits.isdigit()) or int(text) < least:
        _refuse(
            f"频次的“{key}”应是{'不小于' + str(least) + '的' if least > -1 else ''}整数，这里是“{value}”。"
        )
    return int(text)


def _maybe(fields: Mapping[str, object], field: str, key: str) -> int | None:
    """Give a whole number or None."""
    return None if fields.get(field) in (None, "") else _number(fields, field, key, 1)


def _flag(fields: Mapping[str, object], field: str, key: str) -> bool:
    """Give yes or no."""
    value = fields.get(field, False)
    text = str(value).strip().lower()
    if text not in (*_TRUE, *_FALSE):
        _refuse(f"频次的“{key}”应是“是”或“否”，这里是“{value}”。")
    return text in _TRUE


def _text(fields: Mapping[str, object], field: str, key: str) -> str:
    """Give a text."""
    value = fields.get(field, "")
    if isinstance(value, (Mapping, list, tuple)):
        _refuse(f"频次的“{key}”应是一句话，这里是“{value}”。")
    return "" if value is None else str(value)


def _one_of(
    fields: Mapping[str, object],
    field: str,
    key: str,
    words: Mapping[str, _Word],
    default: _Word | None,
) -> _Word:
    """Give the member that a Chinese or English word names."""
    value = fields.get(field)
    if value in (None, "") and default is not None:
        return default
    text = str(value).strip()
    for known, member in words.items():
        if text in (known, member.value):
            return member
    _refuse(f"频次的“{key}”应是{'、'.join(words)}之一，这里是“{value}”。")


def _list(fields: Mapping[str, object], field: str, key: str) -> list[object]:
    """Give a list."""
    value = fields.get(field, ())
    if isinstance(value, Mapping):
        return [value]
    if not isinstance(value, (list, tuple)):
        _refuse(f"频次的“{key}”应是一个列表（每项前加“- ”），这里是“{value}”。")
    return list(value)


def _date(fields: Mapping[str, object], field: str, key: str) -> date | None:
    """Give a date written 2022-06-30."""
    value = fields.get(field)
    if value in (None, ""):
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        _refuse(f"频次的“{key}”应是一个日期，如 2022-06-30，这里是“{value}”。")


def _load_quota(fields: Mapping[str, object]) -> Quota:
    """Read a quota."""
    return Quota(
        _one_of(fields, "period", "周期", PERIODS, None),
        _number(fields, "interval", "间隔", 1),
        _number(fields, "count", "次数", 1),
        _one_of(fields, "bound", "界", BOUNDS, Bound.EXACT),
        _maybe(fields, "most", "上限"),
        tuple(_load_amount(item) for item in _list(fields, "amounts", "数量")),
        _flag(fields, "workdays", "工作日"),
        tuple(_load_day(item) for item in _list(fields, "days", "日子")),
        _one_of(fields, "edge", "时点", EDGES, Edge.ON),
        _one_of(fields, "phase", "单双", PHASES, Phase.ALL),
        _maybe(fields, "interval_most", "间隔上限"),
    )


def _load_amount(item: object) -> Amount:
    """Read an amount."""
    fields = _fields(item, _AMOUNT_KEYS, "amounts")
    unit = _text(fields, "unit", "数量的单位")
    if not unit:
        _refuse("“数量”缺少“单位”；例如 {数: 2, 单位: 家, 界: 至少}。")
    return Amount(
        _number(fields, "n", "数量的数", 0),
        unit,
        _one_of(fields, "bound", "数量的界", BOUNDS, Bound.EXACT),
        _maybe(fields, "most", "数量的上限"),
    )


def _load_day(item: object) -> Day:
    """Read a day in a period."""
    fields = _fields(item, _DAY_KEYS, "days")
    return Day(
        _number(fields, "month", "月", 0, -1),
        _number(fields, "day", "日", 0, -1),
        _number(fields, "weekday", "星期", 0, 0),
        _number(fields, "nth", "第几", 0, -1),
        _flag(fields, "workday", "工作日"),
        _flag(fields, "following", "次期"),
        _text(fields, "part", "时段"),
        _text(fields, "season", "时节"),
    )


def _load_once(fields: Mapping[str, object]) -> Once:
    """Read a window."""
    return Once(
        _date(fields, "start", "开始"),
        _date(fields, "end", "截止"),
        _text(fields, "end_event", "至"),
    )


def _load_after(fields: Mapping[str, object]) -> After:
    """Read an event duty."""
    length = None
    if fields.get("within") not in (None, ""):
        parts = _fields(fields["within"], _LENGTH_KEYS, "within")
        length = Length(
            _number(parts, "n", "期限的数", 0), _one_of(parts, "unit", "期限的单位", PERIODS, None)
        )
    return After(
        _text(fields, "event", "事件"),
        length,
        _flag(fields, "workdays", "工作日"),
        _flag(fields, "before", "提前"),
    )


def _load_coverage(fields: Mapping[str, object]) -> Coverage:
    """Read a quota for each object of a list."""
    return Coverage(
        _load_quota(_fields(fields.get("quota"), _QUOTA_KEYS, "quota")),
        _text(fields, "of", "全覆盖"),
    )


def _load_compound(fields: Mapping[str, object]) -> Compound:
    """Read several schedules."""
    members: list[Schedule] = []
    for item in _list(fields, "members", "各项"):
        if not isinstance(item, Mapping):
            _refuse(f"“各项”里每一项应是一组“键: 值”，这里是“{item}”。")
        members.append(load(item))
    return Compound(tuple(members))


def _load_standing(fields: Mapping[str, object]) -> Standing:
    """Read a standing duty."""
    return Standing(_text(fields, "manner", "常态"))


def _load_open(fields: Mapping[str, object]) -> Undetermined:
    """Read what the office has still to decide."""
    return Undetermined(_text(fields, "text", "待定"), _text(fields, "reason", "原因"))


_LOADERS: Mapping[str, Callable[[Mapping[str, object]], Schedule]] = {
    "members": _load_compound,
    "of": _load_coverage,
    "manner": _load_standing,
    "text": _load_open,
    "event": _load_after,
    "period": _load_quota,
    "start": _load_once,
    "end": _load_once,
    "end_event": _load_once,
}
