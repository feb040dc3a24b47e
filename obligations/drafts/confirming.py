"""Drafts -> rules in force: the mark 待确认 taken out of the file, every other byte kept."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import yaml

from obligations.drafts.kept import DRAFT, RULES, unreadable
from obligations.drafts.sheet import leaf_end, line_end
from obligations.errors import Misconfigured, Place, RulesRefused

Cut = tuple[int, int, str]

CONFIRMED = "已确认"
_PLAIN = re.compile(r"[\w（）]+")
_NAMES = {
    "id": "编号",
    "matter": "事项",
    "bearer": "责任人",
    "status": "状态",
    "replaces": "替代",
    "question": "待定",
}


class Span(NamedTuple):
    """Where a key begins, where its colon stands, and where its value ends."""

    start: int
    colon: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as it lies in the file: its lines, and where each key and value begins and ends."""

    id: str
    start: int
    end: int
    flow: bool
    keys: Mapping[str, Span]
    words: Mapping[str, str]

    @property
    def draft(self) -> bool:
        """Whether the rule waits for a yes."""
        return self.words.get("状态") == DRAFT


def read_entries(text: str, file: str = "rules.yaml") -> tuple[Entry, ...]:
    r"""Give the rules of a file with their places.

    >>> [entry] = read_entries("规则:\n- 编号: A-1\n  状态: 待确认\n")
    >>> entry.id, entry.draft, entry.start, entry.end
    ('A-1', True, 4, 24)
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise RulesRefused((unreadable(error, file),)) from None
    pairs = root.value if isinstance(root, yaml.MappingNode) else ()
    rules = next((node for key, node in pairs if key.value in RULES), None)
    if not isinstance(rules, yaml.SequenceNode):
        return ()
    if rules.flow_style and rules.value:
        where = Place(file, rules.start_mark.line + 1)
        message = f"{where}：“规则”写成了方括号里的一行，没有改动；请改成每条以“- 编号:”开头。"
        raise Misconfigured(message)
    nodes = (node for node in rules.value if isinstance(node, yaml.MappingNode))
    return tuple(_entry(text, node) for node in nodes)


def _entry(text: str, node: yaml.MappingNode) -> Entry:
    keys, words = {}, {}
    for key, inner in node.value:
        name = _NAMES.get(str(key.value), str(key.value))
        end = len(text[: leaf_end(inner)].rstrip())
        keys[name] = Span(key.start_mark.index, key.end_mark.index, end)
        words[name] = inner.value.strip() if isinstance(inner, yaml.ScalarNode) else ""
    start = text.rfind("\n", 0, node.start_mark.index) + 1
    end = line_end(text, leaf_end(node))
    return Entry(words.get("编号", ""), start, end, bool(node.flow_style), keys, words)


def confirm(
    text: str,
    entries: Sequence[Entry],
    ids: Collection[str],
    bearer: str = "",
    answered: Collection[str] = (),
) -> str:
    """Give the file with these drafts in force, and without the rules whose place they take.

    ``bearer`` is who bears them from now on, "" where that stays; ``answered`` are those whose 待定
    is answered by it.
    """
    chosen = [entry for entry in entries if entry.draft and entry.id in ids]
    over = replaced(entries, ids)
    cuts = [(entry.start, entry.end, "") for entry in entries if entry.id in over]
    for entry in chosen:
        if entry.id not in over:
            cuts += _settle(text, entry, bearer, answered=entry.id in answered)
    for start, end, words in sorted(cuts, reverse=True):
        text = text[:start] + words + text[end:]
    return text


def replaced(entries: Iterable[Entry], ids: Collection[str]) -> frozenset[str]:
    r"""Give the ids of the rules whose place these drafts take, and those that wait for theirs.

    >>> text = "规则:\n- {编号: A}\n- {编号: B, 状态: 待确认, 替代: A}"
    >>> sorted(replaced(read_entries(text), ["B"]))
    ['A']
    """
    over = {e.id: e.words["替代"] for e in entries if e.draft and e.words.get("替代")}
    found: set[str] = set()
    left = [over[name] for name in ids if name in over]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [over[name]] if name in over else []
    return frozenset(found)


def _settle(text: str, entry: Entry, bearer: str, *, answered: bool) -> Iterator[Cut]:
    """Give the stretches that make a draft a rule, each with the words that take its place."""
    yield _without(text, entry, "状态", CONFIRMED)
    if "替代" in entry.keys:
        yield _without(text, entry, "替代", '""')
    if answered and "待定" in entry.keys:
        yield _without(text, entry, "待定", '""')
    if bearer and "责任人" in entry.keys:
        span = entry.keys["责任人"]
        yield span.colon, max(span.colon, span.end), f": {_scalar(bearer)}"
    elif bearer:
        yield _added(text, entry, f"责任人: {_scalar(bearer)}")


def _added(text: str, entry: Entry, words: str) -> Cut:
    """Give the place behind 编号 and the words that go there."""
    span = entry.keys["编号"]
    if entry.flow:
        return span.end, span.end, f", {words}"
    at = line_end(text, span.end)
    margin = " " * (span.start - text.rfind("\n", 0, span.start) - 1)
    return at, at, margin + words + ("\r\n" if "\r\n" in text else "\n")


def _scalar(word: str) -> str:
    plain = _PLAIN.fullmatch(word) and not word.isascii()
    return word if plain else json.dumps(word, ensure_ascii=False)


def _without(text: str, entry: Entry, key: str, otherwise: str) -> Cut:
    """Give the stretch of a key that goes; where it opens the rule, only its value changes."""
    span = entry.keys[key]
    if entry.flow:
        before = len(text[: span.start].rstrip())
        parted = text[before - 1] == ","
        return (before - 1, span.end, "") if parted else (span.colon, span.end, f": {otherwise}")
    opening = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    if opening.strip():
        return span.colon, span.end, f": {otherwise}"
    after = line_end(text, span.end)
    rest = text[span.end : after]
    if rest.strip():
        return span.start, span.end + len(rest) - len(rest.lstrip(" ")), ""
    return span.start - len(opening), after, ""
