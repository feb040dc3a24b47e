"""Tables of a .docx, as XML: thousands of rows are written at once."""

import re
from collections.abc import Iterable, Iterator
from html import escape

from notifier.report.paper.model import Cell, Table, words_of

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WIDTH = 8845  # twentieths of a point: 156 mm, what the margins leave of A4
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHORT = 10  # characters: a column of such cells reads better centred
_CENTRED = '<w:jc w:val="center"/>'
_EDGES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_HEAD = (
    '<w:tbl xmlns:w="{namespace}"><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/>'
    '<w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders>'
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/>'
    '<w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>'
)


def table_xml(table: Table) -> str:
    """Give the table; its first row comes again on every page, and no row is torn apart."""
    widths = _widths(table)
    return "".join(
        (
            _HEAD.format(width=WIDTH, edges=_EDGES, namespace=NAMESPACE),
            *(f'<w:gridCol w:w="{width}"/>' for width in widths),
            "</w:tblGrid>",
            *_rows(table, widths),
            "</w:tbl>",
        )
    )


def clean(text: str) -> str:
    r"""Give text without the characters that no XML may hold.

    >>> clean("会议\x08纪要")
    '会议纪要'
    """
    return _FORBIDDEN.sub("", text)


def _widths(table: Table) -> tuple[int, ...]:
    total = sum(column.share for column in table.columns)
    return tuple(WIDTH * column.share // total for column in table.columns)


def _rows(table: Table, widths: tuple[int, ...]) -> Iterator[str]:
    head = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
    names = tuple(column.name for column in table.columns)
    centred = (True,) * len(names)
    yield _row(head, tuple(zip(names, widths, centred, strict=True)), "TableHead", "")
    centred = tuple(all(map(_is_short, cells)) for cells in _turned(table))
    fills = table.fills or ("",) * len(table.rows)
    for row, fill in zip(table.rows, fills, strict=True):
        cells = tuple(zip(row, widths, centred, strict=True))
        yield _row("<w:trPr><w:cantSplit/></w:trPr>", cells, "TableBody", fill)


def _is_short(cell: Cell) -> bool:
    return len(words_of(cell)) <= _SHORT


def _turned(table: Table) -> tuple[tuple[Cell, ...], ...]:
    return tuple(zip(*table.rows, strict=True)) or ((),) * len(table.columns)


def _row(head: str, cells: Iterable[tuple[Cell, int, bool]], style: str, fill: str) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    parts = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/>'
        f'</w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>{_CENTRED if is_centred else ""}</w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(clean(words_of(cell)), quote=False)}</w:t></w:r>'
        "</w:p></w:tc>"
        for cell, width, is_centred in cells
    ]
    return f"<w:tr>{head}{''.join(parts)}</w:tr>"
