"""The row of headings of a sheet -> which column holds what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from obligations.people.model import Table
from obligations.people.values import clean
from obligations.people.words import (
    ANOTHERS,
    DEPUTY,
    HEAD,
    HEADINGS,
    LONGEST_HEADING,
    MOBILE,
    NAME,
    UNIT,
    WHOLE,
)

_ASIDE = re.compile(r"\([^()]{0,40}\)|\[[^\[\]]{0,40}\]|【[^【】]{0,40}】")
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column whose heading is known."""

    field: str
    number: int
    heading: str


@dataclass(frozen=True, slots=True)
class Headings:
    """What the columns from here on hold.

    ``groups`` are the columns of one person each: books that are printed have two or three people
    side by side. ``last`` is the row (from 1) of the last heading.
    """

    first: int
    last: int
    groups: tuple[tuple[Column, ...], ...]
    unused: tuple[Column, ...]


def field_of(heading: str) -> str:
    """Give what a column with this heading holds, "" for what no rule needs.

    >>> field_of("手机号码（必填）"), field_of("姓  名"), field_of("办公电话"), field_of("序号")
    ('mobile', 'name', 'landline', '')
    """
    bare = _bare(heading)
    if not bare or len(bare) > LONGEST_HEADING or any(word in bare for word in ANOTHERS):
        return ""
    if bare in WHOLE:
        return WHOLE[bare]
    found = [name for name, words in HEADINGS if any(word in bare for word in words)]
    if DEPUTY in found and MOBILE in found:  # 代理人电话 is not his own
        return ""
    return found[0] if found else ""


def _bare(heading: str) -> str:
    text = "".join(clean(heading).lower().split())
    return _ASIDE.sub("", text).strip(":*") or text.strip("()[]【】:*")


def find_headings(table: Table, start: int = 0) -> Headings | None:
    """Give the first headings from a row (counted from 0) on, None where there are none."""
    for index in range(start, len(table.rows)):
        if _is_heading(table.rows[index]):
            return _read(table, index)
    return None


def _is_heading(row: Sequence[str]) -> bool:
    """Tell whether a row names its columns: a name and at least one other thing."""
    fields = {field_of(text) for text in set(row) if text} - {""}
    words = {text for text in row if text and field_of(text)}
    return bool(fields & {NAME, HEAD}) and min(len(fields), len(words)) >= _FEWEST


def _read(table: Table, index: int) -> Headings:
    rows = [table.rows[index]]
    if index + 1 < len(table.rows) and _goes_on(rows[0], table.rows[index + 1]):
        rows.append(table.rows[index + 1])
    columns = tuple(_columns(rows))
    known = [column for column in columns if column.field]
    unused = tuple(column for column in columns if not column.field)
    return Headings(index + 1, index + len(rows), _groups(known), unused)


def _goes_on(above: Sequence[str], below: Sequence[str]) -> bool:
    """Tell whether the next row divides headings of this one: 联系方式 into 手机 and 座机."""
    pairs = [(one, two) for one, two in zip(above, below, strict=True) if two]
    divided = [two for one, two in pairs if one != two]
    return bool(divided) and all(one == two or field_of(two) for one, two in pairs)


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[Column]:
    for number, texts in enumerate(zip(*rows, strict=True), 1):
        lowest = next((text for text in reversed(texts) if text), "")
        if lowest:
            named = next((one for text in reversed(texts) if (one := field_of(text))), "")
            yield Column(named, number, "".join(clean(lowest).split()))


def _groups(columns: Sequence[Column]) -> tuple[tuple[Column, ...], ...]:
    """Part the columns where the next person begins: at each further name.

    What stands before the first name (职务, 姓名) may stand before the others too.
    """
    at = [n for n, column in enumerate(columns) if _is_name(columns, n)]
    lead = at[0]
    before = [column.field for column in columns[:lead]]
    repeated = lead > 0 and all(
        [column.field for column in columns[n - lead : n]] == before for n in at[1:]
    )
    starts = [n - lead if repeated else n for n in at[1:]]
    edges = [0, *starts, len(columns)]
    parts = [tuple(columns[one:two]) for one, two in pairwise(edges)]
    units = tuple(column for column in parts[0] if column.field == UNIT)
    return (parts[0], *(_with_unit(part, units) for part in parts[1:]))


def _is_name(columns: Sequence[Column], at: int) -> bool:
    field = columns[at].field
    return field == NAME or (field == HEAD and _has_number(columns, at))


def _has_number(columns: Sequence[Column], at: int) -> bool:
    """Tell whether 负责人 is a person of his own, not a remark about the one in 姓名.

    He is if the next number is his: it stands before the next name, and the name before him has
    its number already.
    """
    after = [one.field for one in columns[at + 1 :] if one.field in (NAME, MOBILE)]
    before = [one.field for one in columns[:at] if one.field in (NAME, MOBILE)]
    alone = NAME not in before and NAME not in after
    return alone or (after[:1] == [MOBILE] and before[-1:] != [NAME])


def _with_unit(part: tuple[Column, ...], units: tuple[Column, ...]) -> tuple[Column, ...]:
    return part if any(column.field == UNIT for column in part) else (*units, *part)
