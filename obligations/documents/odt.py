"""An OpenDocument text or sheet -> what it shows when all changes are accepted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lxml import etree

from obligations.documents.archive import attribute, child, local, member, number, opened, tree
from obligations.documents.figures import write
from obligations.documents.parts import Grid, Part, Row, Slot, Text, led, texts
from obligations.documents.source import LOCKED, Source

_SKIPPED = frozenset(
    ("tracked-changes", "annotation", "annotation-end", "note", "sequence-decls", "forms",
     "table-of-content", "hidden-text", "ruby-text", "settings", "calculation-settings")
)  # fmt: skip
_MARKS = {"line-break": "\n", "tab": " ", "s": " "}
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_NO_BODY = ("这个文件里没有正文", "请打开后另存为 .docx 再试")
_WIDEST = 64
_MOST_REPEATED = 200
_HIDDEN = ("collapse", "filter")


_Level = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Form:
    """How one level of a list is printed; ``levels`` says how many numbers stand in it."""

    before: str = ""
    figure: str = ""
    behind: str = ""
    levels: int = 1


@dataclass(slots=True)
class _Reading:
    """How far the file is read; lives only inside ``read``."""

    lists: Mapping[_Level, _Form]
    hidden: frozenset[str]
    paragraphs: int = 0
    tables: int = 0
    counts: dict[_Level, int] = field(default_factory=dict)
    lead: str = ""


def read(source: Source) -> tuple[Part, ...]:
    """Give the parts of an OpenDocument file."""
    with opened(source) as archive:
        manifest = member(archive, "META-INF/manifest.xml") or b""
        if b"encryption-data" in manifest:
            raise source.unreadable(*LOCKED)
        content = member(archive, "content.xml")
        styles = member(archive, "styles.xml")
    if content is None:
        raise source.unreadable(*_NO_BODY)
    root = tree(content)
    roots = [root] if styles is None else [tree(styles), root]
    state = _Reading(_list_forms(roots), _hidden_styles(roots))
    body = child(root, "body")
    kinds = () if body is None else body
    return tuple(part for kind in kinds for part in _blocks(kind, state))


def _list_forms(roots: list[etree._Element]) -> Mapping[_Level, _Form]:
    """Give for each list style and level what is printed before, as and behind the number."""
    styles = (e for root in roots for e in root.iter() if local(e) == "list-style")
    return MappingProxyType(
        {
            (attribute(style, "name") or "", number(attribute(level, "level"), 1)): _form(level)
            for style in styles
            for level in style
            if local(level) == "list-level-style-number"
        }
    )


def _form(level: etree._Element) -> _Form:
    return _Form(
        before=attribute(level, "num-prefix") or "",
        figure=attribute(level, "num-format") or "",
        behind=attribute(level, "num-suffix") or "",
        levels=number(attribute(level, "display-levels"), 1),
    )


def _hidden_styles(roots: list[etree._Element]) -> frozenset[str]:
    """Give the styles of hidden words, columns, rows and sheets."""
    styles = (e for root in roots for e in root.iter() if local(e) == "style")
    return frozenset(
        attribute(style, "name") or ""
        for style in styles
        if attribute(child(style, "text-properties"), "display") == "none"
        or attribute(child(style, "table-properties"), "display") == "false"
    )


def _blocks(parent: etree._Element, state: _Reading) -> Iterator[Part]:
    for element in parent:
        name = local(element)
        if name in {"p", "h"}:
            state.paragraphs += 1
            yield from _paragraph(element, state, f"第{state.paragraphs}段")
        elif name == "list":
            yield from _list(element, state, "", 1)
        elif name == "table":
            yield from _table(element, state)
        elif name not in _SKIPPED and attribute(element, "display") != "none":
            yield from _blocks(element, state)


def _list(element: etree._Element, state: _Reading, style: str, depth: int) -> Iterator[Part]:
    style = attribute(element, "style-name") or style
    key = (style, depth)
    if depth == 1 and not _continues(element):
        state.counts.pop(key, None)
    for item in element:
        _count(item, state, key)
        for part in item:
            if local(part) == "list":
                yield from _list(part, state, style, depth + 1)
            elif local(part) in {"p", "h"}:
                state.paragraphs += 1
                yield from _paragraph(part, state, f"第{state.paragraphs}段")
    state.lead = ""


def _continues(element: etree._Element) -> bool:
    whole = attribute(element, "continue-list") is not None
    return whole or attribute(element, "continue-numbering") == "true"


def _count(item: etree._Element, state: _Reading, key: _Level) -> None:
    """Count an item that has words of its own; one that only holds a deeper list prints none."""
    if local(item) != "list-item" or not any(local(part) in {"p", "h"} for part in item):
        return
    style, depth = key
    start = attribute(item, "start-value")
    state.counts[key] = number(start, 1) if start else state.counts.get(key, 0) + 1
    state.counts.pop((style, depth + 1), None)
    state.lead = _printed(state, key)


def _printed(state: _Reading, key: _Level) -> str:
    form = state.lists.get(key)
    if form is None or not form.figure:
        return ""
    style, depth = key
    shown = range(max(1, depth - form.levels + 1), depth + 1)
    figures = (_figure(state, (style, level)) for level in shown)
    return f"{form.before}{'.'.join(figures)}{form.behind}"


def _figure(state: _Reading, key: _Level) -> str:
    form = state.lists.get(key, _Form()).figure
    known = "chineseCounting" if form.startswith("一") else _FORMS.get(form, "decimal")
    return write(state.counts.get(key, 1), known)


def _paragraph(element: etree._Element, state: _Reading, place: str) -> Iterator[Part]:
    boxes: list[etree._Element] = []
    words = "".join(_words(element, state, boxes))
    if attribute(element, "style-name") not in state.hidden and words.strip():
        lead, state.lead = state.lead, ""
        yield from texts(led(lead, words), place)
    for box in boxes:
        for part in _blocks(box, state):
            yield Text(part.text, f"{place}的文本框") if isinstance(part, Text) else part


def _words(element: etree._Element, state: _Reading, boxes: list[etree._Element]) -> Iterator[str]:
    yield _flat(element.text)
    for inner in element:
        name = local(inner)
        if name in _MARKS:
            yield _MARKS[name]
        elif name == "text-box":
            boxes.append(inner)
        elif name not in _SKIPPED and attribute(inner, "style-name") not in state.hidden:
            yield from _words(inner, state, boxes)
        yield _flat(inner.tail)


def _flat(words: str | None) -> str:
    return (words or "").replace("\n", " ")


def _table(element: etree._Element, state: _Reading) -> Iterator[Part]:
    if attribute(element, "style-name") in state.hidden:
        return
    state.tables += 1
    table = state.tables
    hidden = tuple(_hidden_columns(element))
    rows = []
    for n, row in enumerate(_rows(element), 1):
        if attribute(row, "visibility") not in _HIDDEN:
            rows.append(_row(row, hidden, state, f"表{table}第{n}行"))
    if rows:
        yield Grid(tuple(rows))


def _rows(element: etree._Element) -> Iterator[etree._Element]:
    for inner in element:
        if local(inner) == "table-row":
            yield inner
        elif local(inner) in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(inner)


def _hidden_columns(element: etree._Element) -> Iterator[bool]:
    for inner in element:
        if local(inner) == "table-column":
            for _ in range(_times(inner, "number-columns-repeated")):
                yield attribute(inner, "visibility") in _HIDDEN
        elif local(inner) in {"table-columns", "table-header-columns", "table-column-group"}:
            yield from _hidden_columns(inner)


def _times(element: etree._Element, name: str) -> int:
    return max(1, min(number(attribute(element, name), 1), _MOST_REPEATED))


def _row(row: etree._Element, hidden: tuple[bool, ...], state: _Reading, place: str) -> Row:
    slots: list[Slot] = []
    column = 0
    for cell in row:
        for _ in range(_times(cell, "number-columns-repeated")):
            if not (column < len(hidden) and hidden[column]):
                slots.append(_slot(cell, hidden[column:], state, place))
            column += 1
    while slots and not slots[-1].lines and len(slots) > len(hidden):
        slots.pop()
    return _without_covered(slots)


def _slot(cell: etree._Element, hidden: tuple[bool, ...], state: _Reading, place: str) -> Slot:
    if local(cell) != "table-cell":
        return Slot()
    lines = tuple(Text(part.text, place) for part in _flat_parts(cell, state))
    spanned = max(1, min(number(attribute(cell, "number-columns-spanned"), 1), _WIDEST))
    return Slot(lines, max(1, spanned - sum(hidden[:spanned])))


def _flat_parts(cell: etree._Element, state: _Reading) -> Iterator[Text]:
    for part in _blocks(cell, state):
        if isinstance(part, Text):
            yield part
        else:
            yield from (line for row in part.rows for slot in row for line in slot.lines)


def _without_covered(slots: list[Slot]) -> Row:
    """Leave out the cells that one to their left reaches over."""
    made: list[Slot] = []
    covered = 0
    for slot in slots:
        if covered > 0 and not slot.lines:
            covered -= 1
            continue
        made.append(slot)
        covered = slot.across - 1
    return tuple(made)
