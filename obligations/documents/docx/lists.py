"""The numbers that Word prints itself: from ``numbering.xml`` and a count of the paragraphs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lxml import etree

from obligations.documents.archive import attribute, child, local, number
from obligations.documents.docx.styles import switched
from obligations.documents.figures import write

_LEVELS = 9


@dataclass(frozen=True, slots=True)
class ListLevel:
    """How one level of a list is printed."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    style: str = ""
    restart: int | None = None
    legal: bool = False


@dataclass(frozen=True, slots=True)
class List:
    """A list: which count it shares, its levels, and where it starts anew."""

    shared: str
    levels: Mapping[int, ListLevel]
    starts: Mapping[int, int]

    def level_of(self, style: str) -> int:
        """Give the level that a paragraph style stands for."""
        return next((n for n, level in self.levels.items() if level.style == style), 0)


@dataclass(slots=True)
class Lists:
    """The lists of a file and how far each is counted; lives while one file is read."""

    named: Mapping[int, List] = field(default_factory=lambda: MappingProxyType({}))
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[int, int]] = field(default_factory=set)

    def count(self, list_id: int, depth: int) -> str:
        """Count one paragraph and give the number that Word prints before it."""
        found = self.named.get(list_id)
        if found is None or depth not in found.levels:
            return ""
        counts = self.counts.setdefault(found.shared, {})
        self._begin(found, list_id, depth, counts)
        level = found.levels[depth]
        counts[depth] = counts[depth] + 1 if depth in counts else level.start
        for deeper in [n for n in counts if n > depth]:
            restart = found.levels[deeper].restart if deeper in found.levels else None
            if restart is None or depth < restart:
                del counts[deeper]
        return _print(found, depth, counts)

    def _begin(self, found: List, list_id: int, depth: int, counts: dict[int, int]) -> None:
        if depth in found.starts and (list_id, depth) not in self.begun:
            counts[depth] = found.starts[depth] - 1
        self.begun.add((list_id, depth))


def _print(found: List, depth: int, counts: Mapping[int, int]) -> str:
    level = found.levels[depth]
    if level.form in {"bullet", "none"}:
        return ""
    text = level.text
    for n in range(_LEVELS):
        if f"%{n + 1}" in text:
            other = found.levels.get(n, level)
            form = "decimal" if level.legal else other.form
            text = text.replace(f"%{n + 1}", write(counts.get(n, other.start), form))
    return text


def read_lists(root: etree._Element) -> Lists:
    """Give the lists of ``numbering.xml``."""
    shapes = {
        attribute(element, "abstractNumId") or "": _levels(element)
        for element in root
        if local(element) == "abstractNum"
    }
    found = {}
    for element in root:
        if local(element) == "num":
            shape = attribute(child(element, "abstractNumId"), "val") or ""
            found[number(attribute(element, "numId"))] = _list(
                element, shape, shapes.get(shape, {})
            )
    return Lists(MappingProxyType(found))


def _list(element: etree._Element, shape: str, levels: Mapping[int, ListLevel]) -> List:
    starts: dict[int, int] = {}
    own: dict[int, ListLevel] = {}
    for override in element:
        if local(override) != "lvlOverride":
            continue
        depth = number(attribute(override, "ilvl"))
        start = attribute(child(override, "startOverride"), "val")
        if start is not None:
            starts[depth] = number(start, 1)
        redefined = child(override, "lvl")
        if redefined is not None:
            own[depth] = _level(redefined)
    return List(shape, MappingProxyType({**levels, **own}), MappingProxyType(starts))


def _levels(element: etree._Element) -> dict[int, ListLevel]:
    return {
        number(attribute(level, "ilvl")): _level(level)
        for level in element
        if local(level) == "lvl"
    }


def _level(element: etree._Element) -> ListLevel:
    restart = attribute(child(element, "lvlRestart"), "val")
    return ListLevel(
        start=number(attribute(child(element, "start"), "val"), 1),
        form=attribute(child(element, "numFmt"), "val") or "decimal",
        text=attribute(child(element, "lvlText"), "val") or "",
        style=attribute(child(element, "pStyle"), "val") or "",
        restart=number(restart) if restart is not None else None,
        legal=bool(switched(element, "isLgl")),
    )
