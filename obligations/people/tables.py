"""A phone book's file -> tables of text: numbers with all their digits, merged cells filled."""

import csv
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from obligations.documents.archive import member, opened
from obligations.documents.encoding import decode
from obligations.documents.formats import recognise
from obligations.documents.source import Source, load
from obligations.documents.xlsx import load_book
from obligations.errors import Unreadable
from obligations.people.model import Remark, Spot, Table
from obligations.people.values import clean

_ZEROS = re.compile(r'"?(0{2,20})"?')
_TRICK = re.compile(r'="?([^"]*)"?')  # ="0421" keeps Excel from dropping the zero
_EXACT = 10**15  # a spreadsheet keeps fifteen digits of a number
_MOST_ROWS = 50_000
_WIDEST = 200


def read_tables(path: Path) -> tuple[tuple[Table, ...], tuple[Remark, ...]]:
    """Give the sheets of an .xlsx or .csv file, and what of it was not read."""
    source = load(path)
    match recognise(source):
        case "xlsx":
            return _sheets(source)
        case "txt":
            return (_csv(source),), ()
    found = "不是 .xlsx 表格，也不是 .csv 文字"
    raise source.unreadable(found, "请用 Excel 或 WPS 打开后另存为 .xlsx 再导入")


def _csv(source: Source) -> Table:
    text = decode(source)
    head = text[:4000]
    mark = max(",\t;", key=head.count)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=mark))
    except csv.Error as error:
        found = "这个 .csv 文件的引号没有配对，分不出格子"
        raise source.unreadable(found, "请用 Excel 或 WPS 打开后另存为 .xlsx 再试") from error
    return Table(source.path.stem, _even([list(map(_field, row)) for row in rows]))


def _field(text: str) -> str:
    return clean(_TRICK.sub(r"\1", text) if text.startswith("=") else text)


def _sheets(source: Source) -> tuple[tuple[Table, ...], tuple[Remark, ...]]:
    try:
        book = load_book(source)
    except Unreadable:
        raise
    except Exception as error:
        found = "这个 Excel 文件打不开，多半是损坏了"
        raise source.unreadable(found, "请用 Excel 或 WPS 打开后另存一份再试") from error
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    remarks = [Remark(Spot(title), "是隐藏的工作表，没有读", left=True) for title in hidden]
    remarks += _uncounted(source, shown)
    return tuple(_table(source, sheet) for sheet in shown), tuple(remarks)


def _uncounted(source: Source, shown: Sequence[Worksheet]) -> Iterator[Remark]:
    """Tell of formulas whose results no program has written into the file."""
    with opened(source) as archive:
        sheets = (name for name in archive.namelist() if name.startswith("xl/worksheets/"))
        if not any(b"<f" in (member(archive, name) or b"") for name in sheets):
            return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        formulas = load_workbook(BytesIO(source.data), keep_links=False)
    for sheet in shown:
        values = _cells(sheet)
        for at, cell in sorted(_cells(formulas[sheet.title]).items()):
            if cell.data_type == "f" and (at not in values or values[at].value is None):
                message = "是公式，文件里没有它的结果；请用 Excel 或 WPS 打开，保存后再导入"
                yield Remark(Spot(sheet.title, *at), message, left=True)


def _cells(sheet: Worksheet) -> Mapping[tuple[int, int], Any]:
    """Give the cells that exist; the public ways make all others too."""
    there: Mapping[tuple[int, int], Any] = sheet._cells  # noqa: SLF001 - see above
    return there


def _table(source: Source, sheet: Worksheet) -> Table:
    cells = {at: text for at, cell in _cells(sheet).items() if (text := _text(cell))}
    width = min(max((column for _, column in cells), default=0), _WIDEST)
    height = max((row for row, _ in cells), default=0)
    if height > _MOST_ROWS:
        found = f"工作表“{sheet.title}”有 {height} 行，不像是通讯录"
        raise source.unreadable(found, "请删掉后面多余的内容再试")
    rows = [
        [cells.get((row, column), "") for column in range(1, width + 1)]
        for row in range(1, height + 1)
    ]
    areas = [area.bounds for area in sheet.merged_cells.ranges]
    banners = {row for area in areas for row in _spread(rows, area)}
    joined = {
        (row, column)
        for left, top, right, bottom in areas
        for row in range(top + 1, min(bottom, height) + 1)
        for column in range(left, min(right, width) + 1)
    }
    return Table(sheet.title, _even(rows), frozenset(banners), frozenset(joined))


def _spread(rows: list[list[str]], area: tuple[int, int, int, int]) -> Iterator[int]:
    """Put what a merged cell shows into all that it covers; give the rows that it fills alone."""
    left, top, right, bottom = area
    if top > len(rows) or left > len(rows[0]):
        return
    text = rows[top - 1][left - 1]
    for number, row in enumerate(rows[top - 1 : bottom], top):
        width = len(row[left - 1 : right])
        row[left - 1 : right] = [text] * width
        if text and width > 1 and set(row) <= {text, ""}:
            yield number


def _text(cell: Any) -> str:  # noqa: ANN401 - openpyxl is not typed
    """Give what a cell holds as a clerk would read it aloud.

    A number whose last digits the sheet has lost stays abbreviated, so that it is not believed.
    """
    value = cell.value
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return _digits(value, str(cell.number_format))
    return clean(str(value))


def _digits(value: float, form: str) -> str:
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    if abs(value) >= _EXACT:
        return f"{value:.14E}"
    zeros = _ZEROS.fullmatch(form)
    return str(int(value)).zfill(len(zeros[1]) if zeros else 0)


def _even(rows: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    width = max(map(len, rows), default=0)
    return tuple(tuple(row) + ("",) * (width - len(row)) for row in rows)
