"""An Excel file -> the tables of its visible sheets, without hidden rows, columns and comments."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO, StringIO
from types import MappingProxyType

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from obligations.documents.archive import (
    attribute,
    local,
    member,
    opened,
    refuse_declarations,
    tree,
)
from obligations.documents.parts import Grid, Part, Remark, Row, Shown, Slot, texts
from obligations.documents.source import Source

_DATE_MARKS = (("y", "{0.year}年"), ("m", "{0.month}月"), ("d", "{0.day}日"))
_MOST_MERGED = 1_000_000
_WIDEST = 64

_At = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What one sheet shows: its cells, and those that a merged one covers."""

    name: str
    cells: Mapping[_At, Cell | MergedCell]
    columns: tuple[int, ...]
    across: Mapping[_At, int]
    moved: Mapping[_At, _At]


def read(source: Source) -> Shown:
    """Give the parts of an Excel file, sheet by sheet."""
    book = load_book(source)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    remarks = (Remark(f"隐藏的工作表“{title}”没有读") for title in hidden)
    return (*(part for sheet in visible for part in _grids(_sheet(sheet))), *remarks)


def load_book(source: Source) -> Workbook:
    """Give the workbook with the values that its formulas had last; refuse what is no workbook."""
    _check(source)
    with warnings.catch_warnings(), redirect_stdout(StringIO()):  # it prints some of its remarks
        warnings.simplefilter("ignore")  # of what it leaves out: charts, validations
        return load_workbook(BytesIO(source.data), data_only=True, keep_links=False)


def _check(source: Source) -> None:
    """Refuse what the library would unfold without end: entities, false sizes, merged sheets."""
    with opened(source) as archive:
        for name in archive.namelist():
            data = member(archive, name) or b""
            if not name.endswith((".xml", ".rels")):
                continue
            refuse_declarations(data)
            if b"mergeCell" in data and _merged(data) > _MOST_MERGED:
                found = "表格里合并了上百万个单元格，不像是一份通知"
                raise source.unreadable(found, "请取消多余的合并后另存再试")


def _merged(data: bytes) -> int:
    refs = (attribute(e, "ref") or "" for e in tree(data).iter() if local(e) == "mergeCell")
    return sum(_area(ref) for ref in refs)


def _area(ref: str) -> int:
    left, top, right, bottom = (int(edge or _MOST_MERGED) for edge in range_boundaries(ref))
    return (abs(right - left) + 1) * (abs(bottom - top) + 1)


def _sheet(sheet: Worksheet) -> _Sheet:
    cells = _visible(sheet)
    across: dict[_At, int] = {}
    moved: dict[_At, _At] = {}
    for merge in sheet.merged_cells.ranges:
        inside = [at for row in merge.rows for at in row if at in cells]
        if not inside:
            continue
        first = min(inside)
        across[first] = min(sum(row == first[0] for row, _ in inside), _WIDEST)
        moved |= dict.fromkeys(inside, (0, 0))
        moved[first] = (merge.min_row, merge.min_col)
    columns = tuple(sorted({column for _, column in cells}))
    return _Sheet(sheet.title, _with_anchors(sheet, cells, moved), columns, across, moved)


def _visible(sheet: Worksheet) -> dict[_At, Cell | MergedCell]:
    """Give the cells that stand in no hidden row or column."""
    hidden = [
        (column.min or 0, column.max or 0)
        for column in sheet.column_dimensions.values()
        if column.hidden
    ]
    rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    cells = sheet._cells  # noqa: SLF001 - the cells that exist; the public ways make all others too
    return {
        (row, column): cell
        for (row, column), cell in cells.items()
        if row not in rows and not any(first <= column <= last for first, last in hidden)
    }


def _with_anchors(
    sheet: Worksheet, cells: dict[_At, Cell | MergedCell], moved: Mapping[_At, _At]
) -> Mapping[_At, Cell | MergedCell]:
    """Put the words of a merged cell, which may begin in a hidden row, where it is seen first."""
    shown = dict(cells)
    for at, anchor in moved.items():
        if anchor != (0, 0):
            shown[at] = sheet.cell(*anchor)
    return MappingProxyType(shown)


def _grids(sheet: _Sheet) -> Iterator[Part]:
    numbers = sorted({row for row, _ in sheet.cells})
    rows = tuple(row for row in (_row(sheet, number) for number in numbers) if any(_said(row)))
    if rows:
        yield Grid(rows)


def _said(row: Row) -> Iterator[bool]:
    return (bool(slot.lines) for slot in row)


def _row(sheet: _Sheet, number: int) -> Row:
    slots = []
    left = 0
    for column in sheet.columns:
        left -= 1
        if left > 0:
            continue
        at = (number, column)
        cell = sheet.cells.get(at)
        hides = cell is None or sheet.moved.get(at) == (0, 0)
        words = "" if cell is None or hides else _words(cell)
        left = sheet.across.get(at, 1)
        slots.append(Slot(texts(words, f"工作表“{sheet.name}”第{number}行"), left))
    return tuple(slots)


def _words(cell: Cell | MergedCell) -> str:
    """Give what the cell shows: dates and numbers as an office writes them."""
    value = cell.value
    if value is None or isinstance(value, bool | time):
        return ""
    if isinstance(value, datetime | date):
        return _day(value, str(cell.number_format))
    if isinstance(value, float) and "%" in str(cell.number_format):
        return f"{round(value * 100, 6):g}%"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _day(value: date, form: str) -> str:
    """Give a date with the parts that the sheet shows of it.

    >>> _day(date(2026, 6, 30), 'm"月"d"日"'), _day(date(2026, 6, 30), "yyyy/m/d")
    ('6月30日', '2026年6月30日')
    """
    shown = "".join(words.format(value) for mark, words in _DATE_MARKS if mark in form.lower())
    return shown or f"{value.year}年{value.month}月{value.day}日"
