"""A structured form -> the schedule; a wrong key or value is refused with a sentence."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NoReturn

from obligations.errors import JiaoyingError
from obligations.phrases.form import (
    AMOUNT_KEYS,
    BOUNDS,
    DAY_KEYS,
    EDGES,
    KINDS,
    LENGTH_KEYS,
    PERIODS,
    PHASES,
    QUOTA_KEYS,
    Word,
)
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
    Phase,
    Quota,
    Schedule,
    Standing,
    Undetermined,
)

_TRUE, _FALSE = ("是", "true", "yes", "1"), ("否", "false", "no", "0")


class PhraseError(JiaoyingError):
    """A structured frequency has a key or a value that means nothing; the sentence names it."""


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
    for mark, keys in KINDS:
        if mark in names:
            fields = _fields(mapping, keys, mark)
            return _LOADERS[mark](fields)
    raise PhraseError(_kindless(mapping))


def _kindless(mapping: Mapping[str, object]) -> str:
    """Say that no key tells the kind."""
    found = "、".join(str(key) for key in mapping) or "没有任何键"
    return (
        f"看不出这是哪种频次：{found}；应有“周期”“截止”“事件”“常态”“全覆盖”“各项”之一，"
        "例如 {周期: 季度, 次数: 1, 界: 至少}。"
    )


def _english(key: str) -> str:
    """Give the field that a key of any kind names; the key itself if it names none."""
    for _, keys in KINDS:
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
    for _, keys in KINDS:
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
            f"频次的“{key}”应是{f'不小于{least}的' if least > -1 else ''}整数，这里是“{value}”。"
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
    words: Mapping[str, Word],
    default: Word | None,
) -> Word:
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
    fields = _fields(item, AMOUNT_KEYS, "amounts")
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
    fields = _fields(item, DAY_KEYS, "days")
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
        parts = _fields(fields["within"], LENGTH_KEYS, "within")
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
        _load_quota(_fields(fields.get("quota"), QUOTA_KEYS, "quota")),
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
