"""The words of one paragraph: insertions in, deletions, hidden words and field codes out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from obligations.documents.archive import attribute, child, local
from obligations.documents.docx.styles import Styles, switched

_THROUGH = frozenset(
    ("ins", "moveTo", "customXml", "smartTag", "sdtContent", "hyperlink", "fldSimple", "dir", "bdo",
     "rubyBase", "Choice")
)  # fmt: skip
_MARKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_INSIDE = frozenset(("drawing", "pict", "object"))
_BOX = "txbxContent"


@dataclass(slots=True)
class Words:
    """The text of a paragraph, its line breaks as such, and the text boxes that hang on it."""

    text: str = ""
    boxes: list[etree._Element] = field(default_factory=list)


def shown(parent: etree._Element) -> Iterator[etree._Element]:
    """Give the children as they stand when all changes are accepted, wrappers opened."""
    for element in parent:
        name = local(element)
        if name in _THROUGH:
            yield from shown(element)
        elif name == "sdt":
            yield from _content(element)
        elif name == "AlternateContent":
            yield from _chosen(element)
        elif name == "ruby":
            base = child(element, "rubyBase")
            yield from shown(base) if base is not None else ()
        else:
            yield element


def _content(element: etree._Element) -> Iterator[etree._Element]:
    """The content of a control, unless Word made it: a table of contents, 单击此处输入文字."""
    gallery = attribute(child(element, "sdtPr", "docPartObj", "docPartGallery"), "val")
    asked = child(element, "sdtPr", "showingPlcHdr") is not None
    content = child(element, "sdtContent")
    if content is not None and gallery != "Table of Contents" and not asked:
        yield from shown(content)


def _chosen(element: etree._Element) -> Iterator[etree._Element]:
    """The first of the forms in which the same thing is stored, so that it is read once."""
    for form in ("Choice", "Fallback"):
        found = child(element, form)
        if found is not None:
            yield from shown(found)
            return


def read_words(paragraph: etree._Element, styles: Styles, *, hidden: bool) -> Words:
    """Give what a paragraph shows; ``hidden`` says whether its style hides it."""
    words = Words()
    pieces: list[str] = []
    for element in shown(paragraph):
        if local(element) == "r":
            _read_run(element, styles, words, pieces, hidden=hidden)
    words.text = "".join(pieces)
    return words


def _read_run(
    run: etree._Element, styles: Styles, words: Words, pieces: list[str], *, hidden: bool
) -> None:
    properties = child(run, "rPr")
    own = switched(properties, "vanish")
    style = attribute(child(properties, "rStyle"), "val")
    if own if own is not None else hidden or styles.hides(style):
        return
    for element in shown(run):
        name = local(element)
        if name == "t":
            pieces.append((element.text or "").replace("\n", " "))
        elif name in _INSIDE:
            words.boxes.extend(_boxes(element))
        elif name == "r":
            _read_run(element, styles, words, pieces, hidden=hidden)
        elif name in _MARKS and attribute(element, "type") not in {"page", "column"}:
            pieces.append(_MARKS[name])


def _boxes(drawing: etree._Element) -> Iterator[etree._Element]:
    """The text boxes in a drawing; those inside another box are read with that one."""
    for element in shown(drawing):
        if local(element) == _BOX:
            yield element
        else:
            yield from _boxes(element)
