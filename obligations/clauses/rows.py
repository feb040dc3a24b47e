"""A table -> passages: which column says what, and which item a row belongs to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from obligations.clauses.passage import Passage
from obligations.clauses.units import column_units, is_unit_column
from obligations.documents import Cell, Paragraph, Table, read_number

_TIME = re.compile(r"时限|时间|期限|频次|频率|周期|进度")
_TASK = re.compile(r"任务|措施|内容|要点|事项|项目|要求")
_WHO = re.compile(r"^(?:责任|检查|工作|值班)?岗位(?:名称)?$|(?:检查|巡查)主体$|^职务$")
_NO_TEXT = re.compile(r"序号|编号|备注|责任人|领导|联系|电话")


class Role(Enum):
    """What a column says."""

    TEXT = auto()
    POINTS = auto()
    TIME = auto()
    UNITS = auto()
    INDEX = auto()
    WHO = auto()


@dataclass(frozen=True, slots=True)
class _Row:
    """What one row says, what it inherits from merged cells included."""

    number: str
    units: tuple[str, ...]
    cells: tuple[Cell, ...]
    tasks: tuple[Cell, ...]
    who: str = ""


def read_table(table: Table) -> Iterator[Passage]:
    """Give the passages of a table, row by row."""
    width = max((len(row) for row in table.rows), default=0)
    roles = read_roles(table.header, width)
    label = "" if Role.POINTS in roles else "表"
    above = _Row("", (), (), ())
    for cells in table.rows:
        above = _read_row(cells, roles, above)
        yield from _passages(above, roles, label)


def read_roles(header: Sequence[str], width: int) -> tuple[Role, ...]:
    """Give the role of every column; a heading merged over several columns stands for them all.

    >>> [role.name for role in read_roles(("行动", "重点任务", "完成时间", "责任部门"), 5)]
    ['TEXT', 'TEXT', 'TEXT', 'TIME', 'UNITS']
    """
    names = list(header)
    spare = width - len(names)
    if spare > 0 and names:
        merged = next((n for n, name in enumerate(names) if _TASK.search(name)), 0)
        names[merged:merged] = [names[merged]] * spare
    return tuple(_role(names[n] if n < len(names) else "") for n in range(width))


def _role(name: str) -> Role:
    if _WHO.search(name):
        return Role.WHO
    if is_unit_column(name):
        return Role.UNITS
    if _TIME.search(name):
        return Role.TIME
    if _NO_TEXT.search(name):
        return Role.INDEX
    return Role.POINTS if "要点" in name else Role.TEXT


def _read_row(cells: tuple[Cell, ...], roles: Sequence[Role], above: _Row) -> _Row:
    paired = list(zip(cells, roles, strict=False))
    units = column_units(
        ["、".join(p.text for p in cell.paragraphs) for cell, role in paired if role is Role.UNITS]
    )
    number = next((n for n in (_number(c, r) for c, r in paired) if n), above.number)
    tasks = tuple(c for c, r in paired if r in {Role.TEXT, Role.POINTS} and c.paragraphs)
    who = "".join(cell.text for cell, role in paired if role is Role.WHO) or above.who
    return _Row(number, units or above.units, cells, tasks or _last(above.tasks), who)


def _last(tasks: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """What a row without words goes on with: the last task of the row above."""
    return tuple(Cell(cell.paragraphs[-1:]) for cell in tasks[-1:])


def _number(cell: Cell, role: Role) -> str:
    if role is Role.INDEX:
        return cell.text if cell.text.isdigit() else ""
    if role is not Role.TEXT or not cell.paragraphs:
        return ""
    found = read_number(cell.paragraphs[0].text, bare=True)
    return found.text if found and found.text.isdigit() else ""


def _passages(row: _Row, roles: Sequence[Role], label: str) -> Iterator[Passage]:
    paired = list(zip(row.cells, roles, strict=False))
    for cell, role in paired:
        if role is Role.TEXT:
            yield from _texts(cell, row, label)
        elif role is Role.POINTS:
            yield from _points(cell, row)
        elif role is Role.TIME:
            yield from _times(cell, row, label)


def _texts(cell: Cell, row: _Row, label: str) -> Iterator[Passage]:
    number = row.number
    for paragraph in cell.paragraphs:
        found = read_number(paragraph.text, bare=True)
        if found and found.text.isdigit():
            number = found.text
        yield Passage(
            paragraph=paragraph,
            start=found.end if found else 0,
            end=len(paragraph.text),
            item=f"{label}{number}" if number else "",
            units=row.units,
            who=row.who,
        )


def _points(cell: Cell, row: _Row) -> Iterator[Passage]:
    point = ""
    for paragraph in cell.paragraphs:
        found = read_number(paragraph.text)
        if found:
            point = f"({found.text.strip('（）()')})"
        yield Passage(
            paragraph=paragraph,
            start=found.end if found else 0,
            end=len(paragraph.text),
            item=f"操作要点{row.number}{point}",
            units=row.units,
            who=row.who,
        )


def _times(cell: Cell, row: _Row, label: str) -> Iterator[Passage]:
    """The cells that say when.

    Each time goes with the task of its own paragraph, if there are as many tasks as times, else
    with the row as a whole.
    """
    words = row.tasks[-1].paragraphs if row.tasks else ()
    for index, paragraph in enumerate(cell.paragraphs):
        task = words[index if len(words) == len(cell.paragraphs) else 0] if words else None
        found = read_number(task.text, bare=True) if task else None
        number = found.text if found and found.text.isdigit() else row.number
        yield Passage(
            paragraph=paragraph,
            start=0,
            end=len(paragraph.text),
            item=f"{label}{number}" if number else "",
            units=row.units,
            who=row.who,
            task=_words(task, found.end if found else 0),
            heading=_heading(row.tasks),
        )


def _words(task: Paragraph | None, start: int) -> str:
    return task.text[start:].strip() if task else ""


def _heading(tasks: Sequence[Cell]) -> str:
    """The task's own title, where it stands in a column before the words."""
    if len(tasks) < 2 or not tasks[-2].paragraphs:  # noqa: PLR2004 - a title and the words
        return ""
    title = tasks[-2].paragraphs[0].text
    found = read_number(title, bare=True)
    return title[found.end :].strip(" 。") if found and found.text.isdigit() else ""
