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

from notifier.report.paper.model import Cell, Table
from notifier.report.paper.tables import clean

_HEAD = PatternFill("solid", fgColor="D9E2EC")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
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
    for number, column in enumerate(table.columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = max(8, 130 * column.share // total)
    sheet.freeze_panes = "A2"
    last = get_column_letter(len(table.columns))
    sheet.auto_filter.ref = f"A1:{last}{len(table.rows) + 1}"
    sheet.append([_head(sheet, column.name) for column in table.columns])
    for row in table.rows:
        sheet.append(list(_cells(sheet, row)))


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
