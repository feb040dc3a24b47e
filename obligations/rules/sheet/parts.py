"""What the keys of rules.yaml hold: words, clock times, days, spans, lists of them."""

from datetime import date, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from obligations.rules import lengths, values
from obligations.rules.model import Leave, Shift

SHIFTS = {"提前": Shift.EARLIER, "顺延": Shift.LATER, "不变": Shift.NONE}
TIERS = {
    "班": "shift",
    "日": "day",
    "周": "week",
    "旬": "ten_days",
    "半月": "half_month",
    "月": "month",
    "季度": "quarter",
    "半年": "half_year",
    "学期": "term",
    "年": "year",
}


def emptied(value: object) -> object:
    """Read a key with nothing behind it as an empty group."""
    return {} if value == "" else value


def unlisted(value: object) -> object:
    """Read a key with nothing behind it as an empty list."""
    return [] if value == "" else value


def _listed(value: object) -> object:
    """Read one word as a list of one, and a key with nothing behind it as an empty list."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    return value


def _tiered(value: object) -> object:
    """Read bearers without tiers as the tier ``''``."""
    return value if isinstance(value, dict) else {"": _listed(value)}


def _tier(key: str) -> str:
    short = key.removeprefix("每").removeprefix("工作")
    short = {"天": "日", "季": "季度", "个月": "月"}.get(short, short)
    if key and short not in TIERS:
        words = "、".join(TIERS)
        values.refuse(f"“责任人”分层时，冒号前要写 {words} 之一，这里是{values.shown(key)}")
    return short


def _phrase(value: object) -> object:
    if isinstance(value, list):
        values.refuse("几种频次请分成几条规则，每条的“频次”只写一句话，如 每季度至少1次")
    return value


TierName = Literal["班", "日", "周", "旬", "半月", "月", "季度", "半年", "学期", "年"]
Text = Annotated[str, Field(strict=True)]
Words = Annotated[
    list[Text],
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
]
Marks = Annotated[
    list[Annotated[Text, AfterValidator(values.mark)]],
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
]
Clock = Annotated[
    time,
    BeforeValidator(values.clock, json_schema_input_type=str),
]
Clocks = Annotated[
    list[Clock],
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
]
Count = Annotated[int, BeforeValidator(values.number, json_schema_input_type=int | str)]
Day = Annotated[date, BeforeValidator(values.one_day, json_schema_input_type=str)]
AnyDay = Annotated[date | None, BeforeValidator(values.one_day, json_schema_input_type=str)]
Days = Annotated[tuple[date, ...], BeforeValidator(values.days, json_schema_input_type=str)]
DayList = Annotated[list[Days], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
Leaves = Annotated[
    list[Annotated[Leave, BeforeValidator(values.leave, json_schema_input_type=str)]],
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
]
Length = Annotated[timedelta, BeforeValidator(lengths.length, json_schema_input_type=str)]
Wait = Annotated[timedelta, BeforeValidator(lengths.wait, json_schema_input_type=str)]
FollowUp = Annotated[
    timedelta | None, BeforeValidator(lengths.follow_up, json_schema_input_type=str)
]
ClockSpan = Annotated[
    tuple[time, time] | None, BeforeValidator(values.clock_span, json_schema_input_type=str)
]
YesNo = Annotated[bool, BeforeValidator(values.yes, json_schema_input_type=Literal["是", "否"])]
Mail = Annotated[Text, AfterValidator(values.mail)]
Mobile = Annotated[Text, AfterValidator(values.mobile)]
RuleId = Annotated[Text, AfterValidator(values.rule_id)]
Zone = Annotated[Text, AfterValidator(values.timezone)]
Tier = Annotated[str, AfterValidator(_tier)]
Tiers = Annotated[
    dict[Tier, Words],
    BeforeValidator(
        _tiered,
        json_schema_input_type=str | list[str] | dict[TierName, str | list[str]],
    ),
]
Phrase = Annotated[
    Any,
    BeforeValidator(_phrase, json_schema_input_type=str | dict[str, Any]),
]


def described(title: str, description: str) -> ConfigDict:
    """Give the words that an editor shows for a group of keys."""
    return ConfigDict(title=title, json_schema_extra={"description": description})


class Sheet(BaseModel):
    """A group of keys; a key that is not listed is refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        str_strip_whitespace=True,
    )
