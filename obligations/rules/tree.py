"""YAML text as plain values, every scalar as it is written, and where each of them stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from obligations.rules.values import shown

LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 12
CURLY = tuple("“”‘’„‟＂")
NUMERIC = (("手机",), ("编号",), ("mobile",), ("id",))
MARKS = ("：", ":", "，")

Value = Any  # str | list[Value] | dict[str, Value]
Path = tuple[str | int, ...]
Spot = tuple[int, int]

COMPLAINTS = (
    ("mapping values are not allowed", "这里不该再出现冒号：上一行可能缺了缩进、引号或换行"),
    ("cannot start any token", "这个符号不能这样开头，请给整个值加上英文双引号"),
    ("could not find expected ':'", "这一行缺少“: ”（半角冒号加一个空格）"),
    ("did not find expected ','", "花括号或方括号没有配对，或者中间少了半角逗号"),
    ("expected ',' or", "花括号或方括号没有配对，或者中间少了半角逗号"),
    ("did not find expected '-'", "同一列表里每一项都要以“- ”开头，并且上下对齐"),
    ("did not find expected key", "这一行没有与上面对齐，请检查行首空格或没有配对的引号"),
    ("expected <block end>", "这一行没有与上面对齐，请检查行首空格或没有配对的引号"),
    ("unexpected end of stream", "文件到这里就断了：多半是引号或括号没有配对"),
    ("unexpected document", "引号没有配对，或者多写了“---”"),
    ("node content", "这里缺内容，或者前面的括号、引号没有配对"),
    ("directive", "行首不能用“%”，请删掉或加上英文双引号"),
    ("escape", "英文双引号里的反斜杠“\\”要写成“\\\\”"),
    ("control characters", "这里有看不见的控制字符，请删掉重新输入"),
    ("special characters", "这里有看不见的控制字符，请删掉重新输入"),
)


class Snag(Exception):
    """The text is no YAML that goes on being read after ``spot``."""

    def __init__(self, spot: Spot, message: str) -> None:
        """Keep the place and the sentence."""
        super().__init__(message)
        self.spot = spot
        self.message = message


@dataclass(frozen=True, slots=True)
class Word:
    """A plain scalar that looks like a slip; ``key`` tells a mapping's key from a value."""

    spot: Spot
    text: str
    key: bool
    path: Path


@dataclass(frozen=True, slots=True)
class Tree:
    """A document: its value, the places of keys and values, and what was wrong but readable."""

    value: Value
    keys: dict[Path, Spot] = field(default_factory=dict)
    values: dict[Path, Spot] = field(default_factory=dict)
    faults: list[tuple[Spot, str]] = field(default_factory=list)
    odd: list[Word] = field(default_factory=list)
    shielded: set[int] = field(default_factory=set)

    def key(self, path: Path) -> Spot:
        """Give the place of the key that ends ``path``, else of the nearest thing above it."""
        return self.keys.get(path) or self.at(path)

    def at(self, path: Path) -> Spot:
        """Give the place of the value at ``path``, else of the nearest thing above it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (1, 1))


def compose(text: str) -> Tree:
    """Give the tree of ``text``, with every scalar as written.

    >>> compose('手机: 013800000000').value
    {'手机': '013800000000'}
    """
    try:
        return _document(yaml.parse(text, Loader=LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = complaint(error.problem or "") + _opened(error)
        raise Snag(_spot(mark) if mark else (1, 1), message) from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position] if isinstance(error.position, int) else ""
        spot = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise Snag(spot, complaint("control characters")) from None
    except (yaml.YAMLError, UnicodeError):
        raise Snag((1, 1), complaint("control characters")) from None


def complaint(problem: str) -> str:
    """Give the Chinese sentence for what the YAML reader says."""
    for words, sentence in COMPLAINTS:
        if words in problem:
            return f"读不下去了：{sentence}"
    return "读不下去了：这里的写法不合格式，请对照上下几行检查冒号、引号、括号和行首空格"


def _opened(error: yaml.MarkedYAMLError) -> str:
    """Give the words for where the bracket or quote was opened that is not closed."""
    opened = any(word in (error.context or "") for word in ("flow", "quoted"))
    if not opened or error.context_mark is None:
        return ""
    line, column = _spot(error.context_mark)
    return f"（从第{line}行第{column}列开始的这一组）"


def _spot(mark: Any) -> Spot:  # noqa: ANN401 - the C and the Python reader have no common type
    return mark.line + 1, mark.column + 1


def _tag(name: str) -> str:
    return shown(name.replace("tag:yaml.org,2002:", "!!"))


def _document(events: Iterator[Any]) -> Tree:
    tree = Tree([])
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if tree.value:
                tree.faults.append((_spot(event.start_mark), "只能有一份内容，请删掉“---”"))
            tree.value.append(_node(tree, events, next(events), ()))
    value = tree.value[0] if tree.value else ""
    return Tree(value, tree.keys, tree.values, tree.faults, tree.odd, tree.shielded)


def _node(tree: Tree, events: Iterator[Any], event: Any, path: Path) -> Value:  # noqa: ANN401
    """Give the value that begins with ``event`` and note where it stands."""
    mark = event.start_mark
    spot = tree.values[path] = (mark.line + 1, mark.column + 1)
    if event.anchor is not None:
        tree.faults.append((spot, "不能用“&”“*”引用别处的内容，请把内容原样写在这里"))
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(tree, event, path, key=False)
    if isinstance(event, yaml.AliasEvent):
        return ""
    if len(path) > DEEPEST:
        raise Snag(spot, f"括号或缩进套得太深（超过{DEEPEST}层），请检查括号是否配对")
    if event.tag:
        tree.faults.append((spot, f"不能用{_tag(event.tag)}这样的标记，请删掉"))
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(tree, events, path)
    return _mapping(tree, events, path)


def _scalar(tree: Tree, event: Any, path: Path, *, key: bool) -> str:  # noqa: ANN401
    text: str = event.value
    if event.tag:
        tree.faults.append((_spot(event.start_mark), f"不能用{_tag(event.tag)}这样的标记，请删掉"))
    first, last = event.start_mark.line, event.end_mark.line
    if not event.style:  # the C reader says '', the Python one None
        if key:
            odd = any(mark in text for mark in MARKS)
        else:
            odd = text[:1] in CURLY or (path[-1:] in NUMERIC and not text.isascii())
        if odd:
            tree.odd.append(Word(_spot(event.start_mark), text, key, path))
    elif last > first:
        tree.shielded.update(range(first + 2, last + 2))
    return text


def _sequence(tree: Tree, events: Iterator[Any], path: Path) -> list[Value]:
    items: list[Value] = []
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            break
        items.append(_node(tree, events, event, (*path, len(items))))
    return items


def _mapping(tree: Tree, events: Iterator[Any], path: Path) -> dict[str, Value]:
    entries: dict[str, Value] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        spot = _spot(event.start_mark)
        if not isinstance(event, yaml.ScalarEvent):
            tree.faults.append((spot, "冒号前面应当是一个词，这里却是括号或引用"))
            _node(tree, events, event, path)
            _node(tree, events, next(events), path)
            continue
        key = _scalar(tree, event, path, key=True)
        inner = (*path, key)
        if key in entries:
            line = tree.keys[inner][0]
            tree.faults.append((spot, f"{shown(key)}在第{line}行已经写过，请删掉其中一个"))
            _node(tree, events, next(events), inner)
            continue
        tree.keys[inner] = spot
        entries[key] = _node(tree, events, next(events), inner)
    return entries
