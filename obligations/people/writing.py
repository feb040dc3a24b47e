"""Changes -> the text of rules.yaml: lines put in, values replaced, every other byte kept."""

import json
import re
from collections.abc import Iterator, Sequence

import yaml

from obligations.drafts.kept import unreadable
from obligations.drafts.sheet import leaf_end, line_end
from obligations.errors import Misconfigured, RulesRefused
from obligations.people.comparing import PEOPLE, UNITS
from obligations.people.model import Change, Field
from obligations.rules.sheet import ENGLISH
from obligations.rules.tree import LOADER

Cut = tuple[int, int, str]

_PLAIN = re.compile(r"[^\W\d][\w（）.·\-]+|[\u4e00-\u9fff]")
_MARGIN = 2


def write_changes(text: str, changes: Sequence[Change], file: str = "rules.yaml") -> str:
    r"""Give the file with the changes in it; comments and everything else stay as they are.

    >>> number = Field("手机", ("13800000001",), ("13900000002",))
    >>> change = Change("人员", "周敏", (number,))
    >>> write_changes("人员:\n  周敏: {手机: 13800000001}  # 主任\n", [change])
    '人员:\n  周敏: {手机: 13900000002}  # 主任\n'
    """
    pairs = _pairs(text, file)
    cuts: list[Cut] = []
    for group in (PEOPLE, UNITS):
        mine = [change for change in changes if change.group == group]
        if mine:
            cuts += _group_cuts(text, group, _find(pairs, group), mine)
    return _apply(text, cuts)


def _pairs(text: str, file: str) -> Sequence[tuple[yaml.Node, yaml.Node]]:
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        raise RulesRefused((unreadable(error, file),)) from None
    if root is not None and (not isinstance(root, yaml.MappingNode) or root.flow_style):
        message = f"{file}：里面不是单位、人员、通道、规则这几项，没有写入；请检查是否选错了文件。"
        raise Misconfigured(message)
    return root.value if root is not None else ()


def _find(
    pairs: Sequence[tuple[yaml.Node, yaml.Node]], name: str
) -> tuple[yaml.Node, yaml.Node] | None:
    """Give the key and value of a name in either language."""
    names = (name, *ENGLISH.get(name, ()))
    return next((pair for pair in pairs if str(pair[0].value).strip() in names), None)


def _apply(text: str, cuts: Sequence[Cut]) -> str:
    """Put the words in their places; of those for one place the first stands first."""
    newline = "\r\n" if "\r\n" in text else "\n"
    order = sorted(range(len(cuts)), key=lambda n: (cuts[n][0], n), reverse=True)
    for start, end, words in (cuts[n] for n in order):
        text = text[:start] + words.replace("\n", newline) + text[end:]
    return text


def _group_cuts(
    text: str,
    group: str,
    found: tuple[yaml.Node, yaml.Node] | None,
    changes: Sequence[Change],
) -> Iterator[Cut]:
    key, node = found or (None, None)
    inner = node.value if isinstance(node, yaml.MappingNode) else []
    there = {str(name.value).strip(): (name, value) for name, value in inner}
    for change in changes:
        if not change.new:
            yield from _entry_cuts(text, *there[change.name], change.fields)
    entries = [_entry(change) for change in changes if change.new]
    if entries:
        yield from _new_entries(text, group, key, node, entries)


def _entry(change: Change) -> str:
    fields = ", ".join(f"{field.key}: {_value(field)}" for field in change.fields)
    return f"{scalar(change.name)}: {{{fields}}}"


def _value(field: Field) -> str:
    words = [scalar(word) for word in field.new]
    return words[0] if len(words) == 1 else f"[{', '.join(words)}]"


def scalar(word: str) -> str:
    """Give a word as YAML writes it: in quotes where another reader could take it for a number.

    >>> scalar("应急办主任"), scalar("0888"), scalar("13800000001"), scalar("张 三: 主任")
    ('应急办主任', '"0888"', '13800000001', '"张 三: 主任"')
    """
    plain = _PLAIN.fullmatch(word) is not None and yaml.safe_load(word) == word
    is_mobile = word.isascii() and word.isdigit() and not word.startswith("0")
    return (
        word
        if plain or (is_mobile and len(word) == len("13800000001"))
        else json.dumps(word, ensure_ascii=False)
    )


def _new_entries(
    text: str,
    group: str,
    key: yaml.Node | None,
    node: yaml.Node | None,
    entries: Sequence[str],
) -> Iterator[Cut]:
    if key is None or node is None:
        lines = "".join(f"{' ' * _MARGIN}{entry}\n" for entry in entries)
        yield _line(text, len(text), f"{group}:\n{lines}")
    elif node.value and isinstance(node, yaml.MappingNode):
        if node.flow_style:
            at = len(text[: leaf_end(node.value[-1][1])].rstrip())
            yield at, at, "".join(f", {entry}" for entry in entries)
        else:
            margin = " " * node.value[0][0].start_mark.column
            lines = "".join(f"{margin}{entry}\n" for entry in entries)
            yield _line(text, line_end(text, leaf_end(node)), lines)
    else:
        colon = text.index(":", key.end_mark.index) + 1
        yield colon, max(colon, node.end_mark.index), ""
        lines = "".join(f"{' ' * _MARGIN}{entry}\n" for entry in entries)
        yield _line(text, line_end(text, max(colon, node.end_mark.index)), lines)


def _line(text: str, at: int, lines: str) -> Cut:
    """Give lines for a place, which may be the end of a file without a last line end."""
    if at and text[at - 1] != "\n":
        return at, at, "\n" + lines.removesuffix("\n")
    return at, at, lines


def _entry_cuts(
    text: str, key: yaml.Node, value: yaml.Node, fields: Sequence[Field]
) -> Iterator[Cut]:
    inner = value.value if isinstance(value, yaml.MappingNode) else []
    absent = []
    for field in fields:
        found = _find(inner, field.key)
        if found is None:
            absent.append(f"{field.key}: {_value(field)}")
        else:
            yield from _field_cuts(text, found[0], found[1], field)
    if absent:
        yield from _absent(text, key, value, absent)


def _absent(text: str, key: yaml.Node, value: yaml.Node, absent: Sequence[str]) -> Iterator[Cut]:
    """Give the places of keys that an entry does not have yet."""
    if not isinstance(value, yaml.MappingNode):
        colon = text.index(":", key.end_mark.index) + 1
        yield colon, max(colon, value.end_mark.index), f" {{{', '.join(absent)}}}"
    elif not value.value:
        yield value.start_mark.index + 1, value.end_mark.index - 1, ", ".join(absent)
    elif value.flow_style:
        at = len(text[: leaf_end(value.value[-1][1])].rstrip())
        yield at, at, "".join(f", {one}" for one in absent)
    else:
        margin = " " * value.value[0][0].start_mark.column
        lines = "".join(f"{margin}{one}\n" for one in absent)
        yield _line(text, line_end(text, leaf_end(value)), lines)


def _field_cuts(text: str, key: yaml.Node, node: yaml.Node, field: Field) -> Iterator[Cut]:
    if field.many and isinstance(node, yaml.SequenceNode) and node.value:
        yield _items(text, node, [scalar(word) for word in field.added])
        return
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    written = text[start:end]
    tail = written[len(written.rstrip()) :]
    if start == end:  # 手机: with nothing behind it
        start = end = text.index(":", key.end_mark.index) + 1
        yield start, end, f" {_value(field)}"
    else:
        yield start, end, _value(field) + tail


def _items(text: str, node: yaml.SequenceNode, words: Sequence[str]) -> Cut:
    if node.flow_style:
        at = len(text[: leaf_end(node.value[-1])].rstrip())
        return at, at, "".join(f", {word}" for word in words)
    margin = " " * int(node.start_mark.column)
    lines = "".join(f"{margin}- {word}\n" for word in words)
    return _line(text, line_end(text, leaf_end(node)), lines)
