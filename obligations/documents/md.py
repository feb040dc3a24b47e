"""A Markdown file -> the page that it stands for, each part with the line of the file."""

from markdown_it import MarkdownIt

from obligations.documents.encoding import decode
from obligations.documents.html import read_page
from obligations.documents.html.flow import LINE
from obligations.documents.parts import Part
from obligations.documents.source import Source


def read(source: Source) -> tuple[Part, ...]:
    """Give the parts of a Markdown file."""
    return read_page(_page(_without_front_matter(decode(source))))


def _page(text: str) -> str:
    r"""Give the page, every element marked with its line.

    >>> _page("各单位\n**每月**检查。").strip()
    '<p data-line="1">各单位\n<strong>每月</strong>检查。</p>'
    """
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = parser.parse(text)
    for token in tokens:
        if token.map and token.nesting >= 0:
            token.attrSet(LINE, str(token.map[0] + 1))
    return str(parser.renderer.render(tokens, parser.options, {}))


def _without_front_matter(text: str) -> str:
    """Blank out what stands between two lines of --- at the head, the lines kept."""
    lines = text.split("\n")
    if lines[0].strip() != "---":
        return text
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0)
    return "\n" * (end + 1) + "\n".join(lines[end + 1 :]) if end else text
