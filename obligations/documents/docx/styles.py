"""What a Word file's styles say: which words are hidden, numbered, or only a table of contents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lxml import etree

from obligations.documents.archive import attribute, child, local, number

_OFF = ("0", "false", "off", "none")
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What one style says of its own."""

    based_on: str = ""
    hidden: bool | None = None
    contents: bool = False
    list_id: int | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Styles:
    """All styles by their ids."""

    named: Mapping[str, Style] = field(default_factory=lambda: MappingProxyType({}))

    def line(self, name: str | None) -> tuple[Style, ...]:
        """Give a style and those that it is based on."""
        found: list[Style] = []
        while name and name in self.named and len(found) < _DEEPEST:
            found.append(self.named[name])
            name = found[-1].based_on
        return tuple(found)

    def hides(self, name: str | None) -> bool:
        """Whether words of this style are hidden."""
        return bool(next((s.hidden for s in self.line(name) if s.hidden is not None), False))


def read_styles(root: etree._Element) -> Styles:
    """Give the styles of ``styles.xml``."""
    found = {
        attribute(style, "styleId") or "": _style(style)
        for style in root
        if local(style) == "style"
    }
    return Styles(MappingProxyType(found))


def _style(element: etree._Element) -> Style:
    name = (attribute(child(element, "name"), "val") or "").lower()
    numbered = child(element, "pPr", "numPr")
    listed = attribute(child(numbered, "numId"), "val")
    level = attribute(child(numbered, "ilvl"), "val")
    return Style(
        based_on=attribute(child(element, "basedOn"), "val") or "",
        hidden=switched(child(element, "rPr"), "vanish"),
        contents=name.startswith("toc ") and name[4:].isdigit(),
        list_id=number(listed) if listed is not None else None,
        level=number(level) if level is not None else None,
    )


def switched(properties: etree._Element | None, name: str) -> bool | None:
    """Give whether a property is on or off, None where nothing is said."""
    found = child(properties, name)
    if found is None:
        return None
    return (attribute(found, "val") or "1").lower() not in _OFF
