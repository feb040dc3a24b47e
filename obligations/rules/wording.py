"""What the shape of the file got wrong, in sentences for the office."""

from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from obligations.rules.sheet import (
    ENGLISH,
    CalendarSheet,
    CallSheet,
    ChannelSheet,
    FileSheet,
    KeyPeriodSheet,
    LadderSheet,
    ListedSheet,
    OfficeSheet,
    PersonSheet,
    RuleSheet,
    RungSheet,
    SourceSheet,
    UnitSheet,
)
from obligations.rules.tree import Path, Spot, Tree
from obligations.rules.values import shown

Loc = tuple[int | str, ...]

EXPECTED = {
    "string_type": "应当写一个词或一句话",
    "dict_type": "应当是一组“名称: 内容”，每个占一行并向右缩进",
    "model_type": "应当是一组“名称: 内容”，每个占一行并向右缩进",
    "model_attributes_type": "应当是一组“名称: 内容”，每个占一行并向右缩进",
    "list_type": "应当是一个列表，每项占一行，以“- ”开头",
    "tuple_type": "应当是一个列表，每项占一行，以“- ”开头",
}
GROUPS_BY_KEY: dict[str, type[BaseModel]] = {
    "办公室": OfficeSheet,
    "单位": UnitSheet,
    "人员": PersonSheet,
    "通道": ChannelSheet,
    "日历": CalendarSheet,
    "阶梯": LadderSheet,
    "步骤": RungSheet,
    "叫应": CallSheet,
    "重点时段": KeyPeriodSheet,
    "规则": RuleSheet,
    "来源": SourceSheet,
    "名单": ListedSheet,
}
CHINESE = {name: alias for alias, names in ENGLISH.items() for name in names}
LIKENESS = 0.5


def near(word: str, known: tuple[str, ...]) -> str:
    """Give the hint at a known word much like ``word``, or nothing.

    >>> near("应急办主仼", ("应急办主任", "镇长"))
    '，是不是“应急办主任”？'
    """
    found = get_close_matches(word[:40], known, 1, LIKENESS)
    return f"，是不是{shown(found[0])}？" if found else ""


def locate(tree: Tree, loc: Loc) -> Path:
    """Give the path in the file that pydantic's ``loc`` means; steps of its own are left out."""
    path: Path = ()
    for step in loc:
        for name in (step, *ENGLISH.get(str(step), ())):
            if (*path, name) in tree.values:
                path = (*path, name)
                break
    return path


def sentence(tree: Tree, error: ErrorDetails) -> tuple[Spot, str]:
    """Give the place and the sentence for one of pydantic's errors."""
    loc, kind = error["loc"], error["type"]
    path = locate(tree, loc)
    if kind == "extra_forbidden":
        return tree.key(path), _unknown_key(str(loc[-1]), loc)
    if kind == "missing":
        return tree.key(path), f"{_named(path)}缺少“{loc[-1]}”，请补上一行“{loc[-1]}: …”"
    if "[key]" in loc:
        return tree.key(path), error["msg"]
    return tree.at(path), _wrong_value(kind, path, error)


def _wrong_value(kind: str, path: Path, error: ErrorDetails) -> str:
    field, found = _named(path), error["input"]
    if kind == "said":
        quotes = error["msg"].startswith(("“", "一", "空白"))
        return f"{field}写的{error['msg']}" if quotes else str(error["msg"])
    if kind == "literal_error":
        choices = _choices(error.get("ctx", {}))
        hint = near(str(found)[:30], choices) or "，请改成其中之一"
        return f"{field}只能写 {'、'.join(choices)}，这里是{shown(found)}{hint}"
    expected = EXPECTED.get(kind, "的写法不对，请对照样例改正")
    return f"{field}{expected}，这里是{shown(found)}"


def _choices(context: dict[str, Any]) -> tuple[str, ...]:
    words = str(context.get("expected", "")).replace(" or ", ", ").split(", ")
    return tuple(word.strip("'") for word in words if word.strip("'"))


def _named(path: Path) -> str:
    """Give the words for the thing at ``path``: its own key, or its number in the list."""
    if not path:
        return "文件"
    last = path[-1]
    if isinstance(last, int):
        above = path[-2] if len(path) > 1 else "列表"
        return f"“{above}”的第{last + 1}项"
    return shown(last)


def _unknown_key(key: str, loc: Loc) -> str:
    known = _siblings(loc)
    chinese = CHINESE.get(key, key)
    if chinese in known:
        return f"“{chinese}”写了两遍（中文和英文各一遍），请删掉其中一个"
    hint = near(key, known) or f"，这里可以写：{'、'.join(known)}"
    return f"不认识{shown(key)}{hint}"


def _siblings(loc: Loc) -> tuple[str, ...]:
    """Give the keys that may stand beside the last step of ``loc``."""
    names = [CHINESE.get(step, step) for step in loc[:-1] if isinstance(step, str)]
    group: type[BaseModel] = FileSheet
    for name in names:
        group = GROUPS_BY_KEY.get(name, group)
    return tuple(info.alias or name for name, info in group.model_fields.items())
