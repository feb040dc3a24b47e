"""The lists (名单) of rules.yaml, and the keys of a rule that say what is owed besides."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from obligations.rules import values
from obligations.rules.sheet.parts import TIERS, Sheet, Text, Words, described, unlisted

TOGETHER = "/"  # keys of duties are written rule/bearer/period


class ListedSheet(Sheet):
    """One object of a list, and who looks after it."""

    model_config = described("名单", "名单里的一家，和由谁负责")

    name: Text = Field(alias="名称", description="名称", examples=["青溪化工厂"])
    bearer: Text = Field(
        default="",
        alias="负责",
        description="由规则的哪个责任人负责；不写就轮流分",
        examples=["罗兰"],
    )


def _entry(value: object) -> object:
    return {"名称": value} if isinstance(value, str) else value


def _everywhere(value: object) -> object:
    """Read what is said of no key period as said of all of them."""
    if isinstance(value, str):
        return {"": value} if value.strip() else {}
    return value


def _nothing(value: object) -> object:
    return {} if value == "" else value


def _material(name: str) -> str:
    if not name or TOGETHER in name:
        values.refuse(f"材料的名称{values.shown(name)}不能空着，也不能有“{TOGETHER}”，如 方案")
    return name


def _confirmed(text: str) -> str:
    short = text.removeprefix("每").removeprefix("个").removesuffix("一次").removesuffix("1次")
    short = {"天": "日", "季": "季度", "个月": "月"}.get(short, short)
    if short and (short not in TIERS or short in {"班", "学期"}):
        values.refuse(f"{values.shown(text)}不是多久确认一次，请写成 每月、每季度、每半年 或 每年")
    return short


Listing = Annotated[
    list[Annotated[ListedSheet, BeforeValidator(_entry, json_schema_input_type=str | ListedSheet)]],
    BeforeValidator(unlisted),
]
Denser = Annotated[
    dict[Text, Text],
    BeforeValidator(_everywhere, json_schema_input_type=str | dict[str, str]),
]
Materials = Annotated[
    dict[Annotated[Text, AfterValidator(_material)], Words], BeforeValidator(_nothing)
]
Confirm = Annotated[Text, AfterValidator(_confirmed)]
