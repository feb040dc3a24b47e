"""Which part of a web page is the notice: what is hidden or leads elsewhere is taken out."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

_NEVER = frozenset(
    ("script", "style", "noscript", "template", "nav", "footer", "aside", "button", "select",
     "input", "textarea", "iframe", "object", "svg", "head", "title", "audio", "video", "map",
     "dialog")
)  # fmt: skip
_PRINTED_AROUND = ("header", "footer")  # so LibreOffice names them
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_NONE = re.compile(r"display\s*:\s*none")
_SELECTOR = re.compile(r"(?:^|,)\s*[a-z]*([.#][\w-]{1,80})\s*(?=,|$)")
_AROUND = re.compile(
    r"(?:^|[-_.#])(?:nav|navbar|menu|breadcrumbs?|position|location|crumbs?|footer|sidebar|share"
    r"|related|toolbar|tools|pagination|comments?)(?:$|[-_])",
    re.IGNORECASE,
)
_MAIN = frozenset(
    ("zoom", "zoomcon", "trs_editor", "trs_uedit_pub_editor", "ucap-content", "pages_content",
     "article-content", "article_content", "articlecontent", "news_content", "view", "vsb_content",
     "xxgk_content", "info-content", "detail-content", "content", "article", "main")
)  # fmt: skip
_ENOUGH = 0.5
_LINKED = 0.5
_LONG = 200  # a block with more words than this is no list of links, however many it has


def find_content(root: HtmlElement) -> HtmlElement:
    """Give the element that holds the notice, everything else taken out of the tree."""
    hidden = _hidden_names(root)
    for element in list(root.iter()):
        if element is not root and isinstance(element.tag, str) and _is_out(element, hidden):
            element.drop_tree()
    for element in list(root.iter("ul", "div", "td", "p", "table", "header")):
        if element.getparent() is not None and _leads_elsewhere(element):
            element.drop_tree()
    return _main(root)


def _is_out(element: HtmlElement, hidden: frozenset[str]) -> bool:
    if element.getparent() is None:
        return False
    names = _names(element)
    return (
        element.tag in _NEVER
        or "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or element.get("title") in _PRINTED_AROUND
        or bool(_HIDDEN.search((element.get("style") or "").lower()))
        or not hidden.isdisjoint(names)
        or (element.tag not in {"html", "body"} and any(_AROUND.search(name) for name in names))
    )


def _names(element: HtmlElement) -> tuple[str, ...]:
    """Give the classes and the id as selectors name them."""
    classes = (f".{name}" for name in (element.get("class") or "").split())
    own = element.get("id")
    return (*classes, *((f"#{own}",) if own else ()))


def _hidden_names(root: HtmlElement) -> frozenset[str]:
    """Give the classes and ids that the page's own style sheets never show."""
    return frozenset(name for style in root.iter("style") for name in _selectors(style.text or ""))


def _selectors(sheet: str) -> Iterator[str]:
    for rule in sheet.split("}"):
        selector, _, body = rule.partition("{")
        if _NONE.search(body):
            yield from _SELECTOR.findall(selector.strip())


def _leads_elsewhere(element: HtmlElement) -> bool:
    """Whether a block is mostly links, as menus and lists of other pages are."""
    links = list(element.iter("a"))
    if len(links) <= 1:
        return False
    whole = len(_said(element))
    linked = sum(len(_said(link)) for link in links)
    return whole <= _LONG * len(links) and linked > whole * _LINKED


def _said(element: HtmlElement) -> str:
    return "".join("".join(element.itertext()).split())


def _main(root: HtmlElement) -> HtmlElement:
    """Give the smallest element known to hold the content that has most of the page's words."""
    whole = len(_said(root))
    found = root
    for element in root.iter():
        names = {name[1:].lower() for name in _names(element)} | {str(element.tag)}
        if not _MAIN.isdisjoint(names) and len(_said(element)) > whole * _ENOUGH:
            found = element
    return found
