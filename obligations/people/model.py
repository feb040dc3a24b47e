"""What a phone book says, and what it would change in rules.yaml, as frozen values."""

from dataclasses import dataclass

from openpyxl.utils import get_column_letter


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A cell or a row of a phone book; row and column count from 1, 0 means the whole."""

    sheet: str
    row: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Give the place as a clerk finds it in the sheet.

        >>> str(Spot("机关", 5, 4))
        '工作表“机关”第5行D列'
        """
        row = f"第{self.row}行" if self.row else ""
        column = f"{get_column_letter(self.column)}列" if self.column else ""
        return f"工作表“{self.sheet}”{row}{column}"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know about a place; ``left`` where what stands there was left out."""

    spot: Spot
    message: str
    left: bool = False

    def __str__(self) -> str:
        """Give the line that is printed."""
        return f"{self.spot}：{self.message}"


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its cells as text, what merged cells show put into each of them.

    ``banners`` are the rows (from 1) that one cell spans: titles and headings between. ``joined``
    are the cells (row and column from 1) that show what a merged cell in a row above holds.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    banners: frozenset[int] = frozenset()
    joined: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Listed:
    """One person as one row of the book has him; ``columns``: where each of his values stands.

    ``continues``: his name is one cell with that of the row above.
    """

    spot: Spot
    name: str
    posts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    mobile: str = ""
    wecom: str = ""
    dingtalk: str = ""
    feishu: str = ""
    mail: str = ""
    deputy: str = ""
    unit: str = ""
    columns: tuple[tuple[str, int], ...] = ()
    continues: bool = False

    def at(self, name: str) -> Spot:
        """Give the cell in which one of his values stands."""
        return Spot(self.spot.sheet, self.spot.row, dict(self.columns).get(name, 0))


@dataclass(frozen=True, slots=True)
class Head:
    """A row that says who heads a unit."""

    spot: Spot
    unit: str
    person: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a sheet's headings stand, and which columns were not used."""

    sheet: str
    row: int
    used: tuple[tuple[str, int], ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that was read of a phone book."""

    people: tuple[Listed, ...] = ()
    heads: tuple[Head, ...] = ()
    layouts: tuple[Layout, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a person or unit: what the file has, and what it will have.

    ``many`` keys are lists to which something is added; the others have one value.
    """

    key: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    many: bool = False

    @property
    def added(self) -> tuple[str, ...]:
        """Give what the file does not have yet."""
        return tuple(value for value in self.new if value not in self.old)


@dataclass(frozen=True, slots=True)
class Change:
    """A person (人员) or unit (单位) that is new, or whose fields change."""

    group: str
    name: str
    fields: tuple[Field, ...]
    new: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the book would change; ``unlisted`` are in rules.yaml and not in the book."""

    changes: tuple[Change, ...] = ()
    same: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
