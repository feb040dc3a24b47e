"""A web page -> the notice on it, without navigation, scripts and hidden elements.

decode -> tree -> content (what of it is the notice) -> flow -> parts
"""

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from obligations.documents.encoding import decode
from obligations.documents.html.content import find_content
from obligations.documents.html.flow import read_flow
from obligations.documents.parts import Part
from obligations.documents.source import Source

__all__ = ["read", "read_page"]


def read(source: Source) -> tuple[Part, ...]:
    """Give the parts of a web page."""
    return read_page(decode(source))


def read_page(text: str) -> tuple[Part, ...]:
    """Give the parts of a page.

    >>> page = "<nav>首页</nav><p>各单位每月检查。</p><p style='display: none'>每年</p>"
    >>> [part.text for part in read_page(page)]
    ['各单位每月检查。']
    """
    try:
        root = _tree(text)
    except etree.ParserError:
        return ()
    return tuple(read_flow(find_content(root)))


def _tree(text: str) -> HtmlElement:
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    return document_fromstring(text.encode("utf-8", "replace"), parser)
