"""Tables that were flattened to tabs, put together again.

Two forms occur. *Stacked*: every cell on a line of its own, led by a tab, its further paragraphs on
the lines below without one. *Rowed*: one row a line, tabs between the cells.
"""

from collections.abc import Iterator, Sequence

from obligations.documents.lines import Line, piece, pieces
from obligations.documents.model import Cell, Paragraph, Span, Table

_HEADINGS = (
    "序号", "任务", "措施", "内容", "要点", "事项", "项目", "行动", "目标", "要求", "类别",
    "单位", "部门", "科室", "责任", "牵头", "领导", "时限", "时间", "期限", "频次", "备注",
)  # fmt: skip
_LONGEST_HEADING = 20
_FEWEST_COLUMNS = 2
_SHORT_TAIL = 15
_SPARE = 4  # a row may have a few cells more than any group that no blank line has torn apart


def is_rowed(raw: str) -> bool:
    """Whether the line holds several cells."""
    return "\t" in raw.strip() or raw.startswith("\t\t")


def is_stacked(raw: str) -> bool:
    """Whether the line opens one cell."""
    return raw.startswith("\t") and not is_rowed(raw)


def is_heading(cells: Sequence[str]) -> bool:
    """Whether these cells head the columns of a table.

    >>> is_heading(["重点任务", "责任单位", "完成时限"])
    True
    >>> is_heading(["每月检查一次。", "应急办"])
    False
    """
    words = ["".join(cell.split()) for cell in cells]
    return (
        len(words) >= _FEWEST_COLUMNS
        and all(word and len(word) <= _LONGEST_HEADING for word in words)
        and not any(mark in word for word in words for mark in "。；，：")
        and sum(any(name in word for name in _HEADINGS) for word in words) * 2 >= len(words)
    )


def read_rowed(lines: Sequence[str], first: int, last: int) -> Table:
    """Give the table on the lines ``first`` to ``last`` (from 0), one row a line."""
    rows: list[tuple[Cell, ...]] = []
    for index in range(first, last + 1):
        raw = lines[index]
        if is_rowed(raw):
            rows.append(tuple(_row(raw, index + 1)))
        elif raw.strip() and rows:
            rows[-1] = (*rows[-1][:-1], _extend(rows[-1][-1], [piece(raw, index + 1)]))
    return _table(rows)


def _row(raw: str, number: int) -> Iterator[Cell]:
    start = 0
    for text in raw.split("\t"):
        end = start + len(text)
        yield _extend(Cell(), pieces(raw, number, start, end))
        start = end + 1


def read_stacked(lines: Sequence[str], first: int, last: int) -> Table:
    """Give the table on the lines ``first`` to ``last`` (from 0), one cell a line or more."""
    groups: list[list[Cell]] = []
    after_blank = True
    for index in range(first, last + 1):
        raw = lines[index]
        parts = pieces(raw, index + 1, 0, len(raw))
        if raw.startswith("\t"):
            if after_blank:
                groups.append([])
            groups[-1].append(_extend(Cell(), parts))
        elif parts and groups:
            groups[-1][-1] = _extend(groups[-1][-1], parts)
        after_blank = not raw.strip() and not raw.startswith("\t")
    return _table(_regroup(groups))


def _regroup(groups: list[list[Cell]]) -> list[tuple[Cell, ...]]:
    """Join groups that a blank line inside a cell has torn apart."""
    widest = max(len(group) for group in groups)
    tries = (_join(groups, width) for width in range(widest, widest + _SPARE))
    return max(tries, key=_evenness)


def _evenness(rows: list[tuple[Cell, ...]]) -> float:
    """The share of the rows under the header that are as wide as the widest of them."""
    widths = [len(row) for row in rows[1:]]
    return widths.count(max(widths)) / len(widths) if widths else 0.0


def _join(groups: list[list[Cell]], width: int) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for group in groups:
        if rows and len(rows[-1]) + len(group) <= width and len(rows) > 1:
            rows[-1] = (*rows[-1], *group)
        else:
            rows.append(tuple(group))
    return rows


def _table(rows: list[tuple[Cell, ...]]) -> Table:
    texts = [tuple(cell.text for cell in row) for row in rows]
    header = texts[0] if texts and is_heading(texts[0]) else ()
    body = tuple(row for row, text in zip(rows, texts, strict=True) if text != header)
    return Table(header, body)


def _extend(cell: Cell, parts: Sequence[Line]) -> Cell:
    made = (Paragraph(part.text, (Span(0, part.number, part.column),)) for part in parts)
    return Cell((*cell.paragraphs, *made))


def spans_of_tables(lines: Sequence[str]) -> tuple[tuple[int, int, bool], ...]:
    """Give first and last line (from 0) of every table, and whether it is stacked."""
    found: list[tuple[int, int, bool]] = []
    index = 0
    while index < len(lines):
        last = _end_of_stacked(lines, index) if _opens_stacked(lines, index) else None
        if last is not None:
            found.append((index, last, True))
        elif is_rowed(lines[index]):
            last = _end_of_rowed(lines, index)
            found.append((index, last, False))
        index = index + 1 if last is None else last + 1
    return tuple(found)


def _opens_stacked(lines: Sequence[str], index: int) -> bool:
    if not is_stacked(lines[index]) or (index and is_stacked(lines[index - 1])):
        return False
    head = []
    for raw in lines[index : index + 12]:
        if not is_stacked(raw):
            break
        head.append(raw)
    return is_heading(head)


def _end_of_stacked(lines: Sequence[str], first: int) -> int:
    """A stacked table reaches to the last cell, and to what still belongs to that cell."""
    last = first
    for index in range(first, len(lines)):
        if _closes(lines[index]):
            break
        if lines[index].startswith("\t"):
            last = index
    for index in range(last + 1, len(lines)):
        if not lines[index].strip():
            continue
        if _closes(lines[index]) or not _continues(lines, index):
            break
        last = index
    return last


def _continues(lines: Sequence[str], index: int) -> bool:
    """Whether a line still belongs to the last cell: it follows at once, or is just a name."""
    word = lines[index].strip()
    name = len(word) <= _SHORT_TAIL and not any(char in "。；：，0123456789" for char in word)
    return bool(lines[index - 1].strip()) or name


def _end_of_rowed(lines: Sequence[str], first: int) -> int:
    last = first
    for index in range(first, len(lines)):
        if is_rowed(lines[index]):
            last = index
        elif lines[index].strip() and not _is_torn(lines, index):
            break
    return last


def _is_torn(lines: Sequence[str], index: int) -> bool:
    """Whether a line without tabs is the torn rest of a row: short, with rows on both sides."""
    after = lines[index + 1] if index + 1 < len(lines) else ""
    return is_rowed(after) and len(lines[index].strip()) <= _SHORT_TAIL


def _closes(raw: str) -> bool:
    word = raw.strip()
    return word.startswith(("附件", "附表", "附：", "注：")) and len(word) <= _LONGEST_HEADING
