"""Tables as the sheets of an .xlsx: frozen header, widths, real dates."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.properties import PageSetupProperties

from notifier.report.paper.model import Cell, Table, words_of
from notifier.report.paper.tables import clean

_HEAD = PatternFill("solid", fgColor="D9E2EC")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_A4 = 9  # as the format counts sizes of paper
_WIDTH, _LINE, _MOST_LINES = 160, 15, 27  # characters, points; a row is 409 points at most
_LONGEST = 32_767  # characters that a cell can hold
_SHEET = re.compile(r"[\[\]:*?/\\]")


def write_xlsx(tables: Sequence[Table]) -> bytes:
    """Give the tables as the bytes of an .xlsx."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(_SHEET.sub("", table.name)[:31])
        _fill(sheet, table)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(sheet: WriteOnlyWorksheet, table: Table) -> None:
    total = sum(column.share for column in table.columns)
    widths = [max(8, _WIDTH * column.share // total) for column in table.columns]
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    _set_up(sheet, f"A1:{get_column_letter(len(widths))}{len(table.rows) + 1}")
    sheet.append([_head(sheet, column.name) for column in table.columns])
    for number, row in enumerate(table.rows, start=2):
        sheet.row_dimensions[number].height = _LINE * _lines(row, widths)
        sheet.append(list(_cells(sheet, row)))


def _set_up(sheet: WriteOnlyWorksheet, area: str) -> None:
    """Keep the header in sight on the screen and on every printed page, as wide as the paper."""
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = area
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _lines(row: Sequence[Cell], widths: Sequence[int]) -> int:
    """Give how many lines the row takes; not every program finds that out by itself."""
    needed = (-(-_width(words_of(cell)) // width) for cell, width in zip(row, widths, strict=True))
    return min(max(1, *needed), _MOST_LINES)


def _width(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)


def _head(sheet: WriteOnlyWorksheet, name: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, name)
    cell.font, cell.fill = Font(bold=True), _HEAD
    return cell


def _cells(sheet: WriteOnlyWorksheet, row: Sequence[Cell]) -> Iterator[WriteOnlyCell]:
    for value in row:
        shown = clean(value)[:_LONGEST] if isinstance(value, str) else value
        cell = WriteOnlyCell(sheet, shown)
        cell.alignment = _WRAPPED
        if isinstance(value, str):
            cell.data_type = "s"  # a note that begins with = is a note, no formula
        elif isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd hh:mm"
        elif isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
        yield cell
