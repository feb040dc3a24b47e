"""The rules that a file holds, as they are written: what a notice is compared with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from obligations.errors import Place, Problem, RulesRefused

RULES = ("规则", "rules")
DRAFT = "待确认"
_ENGLISH = {
    "编号": "id",
    "事项": "matter",
    "责任人": "bearer",
    "频次": "frequency",
    "佐证": "evidence",
    "来源": "source",
    "文件": "document",
    "标题": "title",
    "条目": "item",
    "原文": "quote",
    "指纹": "mark",
    "状态": "status",
    "替代": "replaces",
    "遇休": "shift",
}
_TAKEN_ALONG = ("佐证", "遇休")


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule as the file has it; ``bearer`` and ``frequency`` may be lists and mappings."""

    id: str
    matter: str
    bearer: Any
    frequency: Any
    document: str
    title: str
    item: str
    quote: str
    mark: str
    replaces: str
    draft: bool
    rest: tuple[tuple[str, Any], ...] = ()

    @property
    def imported(self) -> bool:
        """Whether the rule was once read from a notice, not written by hand."""
        return bool(self.mark or self.quote)


def value(rule: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401 - the file may hold anything
    """Give what stands behind a key in either language, "" where there is none."""
    return rule.get(key, rule.get(_ENGLISH.get(key, key), ""))


def word(rule: Mapping[str, Any], key: str) -> str:
    """Give the words behind a key, "" where there are none."""
    found = value(rule, key)
    return found.strip() if isinstance(found, str) else ""


def keep(rule: Mapping[str, Any]) -> Kept:
    """Give a rule's mapping as a rule that is kept."""
    source = value(rule, "来源")
    source = source if isinstance(source, dict) else {}
    return Kept(
        id=word(rule, "编号"),
        matter=word(rule, "事项"),
        bearer=value(rule, "责任人"),
        frequency=value(rule, "频次"),
        document=word(source, "文件"),
        title=word(source, "标题"),
        item=word(source, "条目"),
        quote=word(source, "原文"),
        mark=word(source, "指纹"),
        replaces=word(rule, "替代"),
        draft=word(rule, "状态") == DRAFT,
        rest=tuple((key, value(rule, key)) for key in _TAKEN_ALONG if value(rule, key)),
    )


def read_kept(text: str, file: str = "rules.yaml") -> tuple[Kept, ...]:
    """Give the rules of a file, in their order.

    >>> [rule] = read_kept("规则: [{编号: A-1, 来源: {文件: 青溪〔2026〕1号, 条目: 3}}]")
    >>> rule.id, rule.document, rule.item, rule.imported
    ('A-1', '青溪〔2026〕1号', '3', False)
    """
    return tuple(keep(rule) for rule in _mappings(text, file))


def _mappings(text: str, file: str) -> Iterable[dict[str, Any]]:
    try:
        whole = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes nothing but strings
    except yaml.YAMLError as error:
        raise RulesRefused((unreadable(error, file),)) from None
    if not isinstance(whole, dict):
        return ()
    listed = next((whole[name] for name in RULES if name in whole), None)
    return tuple(r for r in listed if isinstance(r, dict)) if isinstance(listed, list) else ()


def unreadable(error: yaml.YAMLError, file: str) -> Problem:
    """Give the problem of a file that is no YAML."""
    mark = getattr(error, "problem_mark", None)
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    return Problem(place, "这里不符合 YAML 的写法，没有写入；请先运行 jiaoying check 改好再来")
