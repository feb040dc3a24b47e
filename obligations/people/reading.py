"""Tables -> the people they list, row by row, and everything that could not be used."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from obligations.people.headings import Column, Headings, find_headings
from obligations.people.model import Book, Head, Layout, Listed, Remark, Spot, Table
from obligations.people.values import (
    Numbers,
    clean,
    is_cut,
    read_account,
    read_list,
    read_name,
    read_numbers,
    read_tags,
)
from obligations.people.words import (
    DEPUTY,
    DINGTALK,
    FEISHU,
    HEAD,
    LANDLINE,
    MAIL,
    MOBILE,
    NAME,
    NOTHING,
    POSTS,
    SHOWN,
    TAGS,
    UNIT,
    WECOM,
    YES,
)
from obligations.rules.values import MAIL as ADDRESS

_ACCOUNTS = (WECOM, DINGTALK, FEISHU)
_LANDLINE = "座机规则文件里没有地方写，没有写进去"


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of one person in one row."""

    table: Table
    number: int
    cells: Sequence[str]
    columns: Sequence[Column]

    def texts(self, name: str) -> Iterator[tuple[Column, str]]:
        """Give the cells that hold one thing, with their columns, unless blank."""
        for column in self.columns:
            text = self.cells[column.number - 1]
            if column.field == name and clean(text) not in NOTHING:
                yield column, text

    def spot(self, column: Column | None = None) -> Spot:
        return Spot(self.table.name, self.number, column.number if column else 0)


def read_book(tables: Iterable[Table], remarks: Iterable[Remark] = ()) -> Book:
    """Give everybody whom the tables list.

    >>> table = Table("机关", (("姓名", "手机号码"), ("张 三", "138 0000 0001")))
    >>> [(one.name, one.mobile) for one in read_book([table]).people]
    [('张三', '13800000001')]
    """
    books = [_sheet(table) for table in tables]
    return Book(
        tuple(one for book in books for one in book.people),
        tuple(one for book in books for one in book.heads),
        tuple(one for book in books for one in book.layouts),
        (*remarks, *(one for book in books for one in book.remarks)),
    )


def _sheet(table: Table) -> Book:
    headings = find_headings(table)
    if headings is None:
        found = any(any(row) for row in table.rows)
        message = "没有找到“姓名”和“手机”这样的标题行，这张表没有读；请补上标题行"
        return Book(remarks=(Remark(Spot(table.name), message, left=True),) if found else ())
    people: list[Listed] = []
    heads: list[Head] = []
    layouts: list[Layout] = []
    remarks: list[Remark] = []
    while headings is not None:
        layouts.append(_layout(table, headings))
        following = find_headings(table, headings.last)
        end = following.first - 1 if following else len(table.rows)
        for index in range(headings.last, end):
            for one in _read_row(table, index, headings):
                match one:
                    case Listed():
                        people.append(one)
                    case Head():
                        heads.append(one)
                    case Remark():
                        remarks.append(one)
        headings = following
    return Book(tuple(people), tuple(heads), tuple(layouts), tuple(remarks))


def _layout(table: Table, headings: Headings) -> Layout:
    used = tuple((SHOWN[one.field], one.number) for group in headings.groups for one in group)
    return Layout(
        table.name,
        headings.first,
        tuple(dict.fromkeys(used)),
        tuple(dict.fromkeys(one.heading for one in headings.unused)),
    )


def _read_row(table: Table, index: int, headings: Headings) -> Iterator[Listed | Head | Remark]:
    cells, number = table.rows[index], index + 1
    if number in table.banners or not any(cells):
        return
    groups = [_Row(table, number, cells, group) for group in headings.groups]
    taken = set()
    for row in groups:
        for one in _person(row):
            yield one
            if isinstance(one, Listed):
                taken.add(one.mobile)
    for column in headings.unused:
        yield from _beside(groups[0], column, taken)


def _beside(row: _Row, column: Column, taken: set[str]) -> Iterator[Remark]:
    """Tell of mobiles that stand where nobody looks for them: 备注."""
    for mobile in read_numbers(row.cells[column.number - 1]).mobiles:
        if mobile not in taken:
            message = f"“{column.heading}”里写着手机号 {mobile}，没有用；是要用的请写到手机一栏"
            yield Remark(row.spot(column), message, left=True)


def _person(row: _Row) -> Iterator[Listed | Head | Remark]:
    named = [column for column in row.columns if column.field == NAME]
    named = named or [column for column in row.columns if column.field == HEAD]
    column = named[0]
    written = row.cells[column.number - 1]
    name = read_name(written)
    if not name.text:
        yield from _nobody(row, column, name.wrong)
        return
    if name.aside:
        message = f"姓名后面写着“{name.aside}”，没有写进去；姓名记作 {name.text}"
        yield Remark(row.spot(column), message)
    values: dict[str, str] = {}
    columns: dict[str, int] = {NAME: column.number}
    for part in (_mobile(row, name.text), _accounts(row), _mail(row), _deputy(row)):
        for one in part:
            if isinstance(one, Remark):
                yield one
            else:
                field, at, value = one
                values[field], columns[field] = value, at.number
    unit = next((_unit(text) for _, text in row.texts(UNIT)), "")
    posts = _words(row, POSTS, columns, read_list)
    tags = _words(row, TAGS, columns, read_tags)
    yield from _heads(row, column, name.text, unit)
    yield Listed(
        row.spot(column),
        name.text,
        posts,
        tags,
        unit=unit,
        columns=tuple(columns.items()),
        continues=(row.number, column.number) in row.table.joined,
        **values,
    )


def _nobody(row: _Row, column: Column, wrong: str) -> Iterator[Remark]:
    """Tell of a row without a name, unless it holds nothing of anybody."""
    texts = [
        " ".join(text.split())
        for one in row.columns
        if one.field not in (UNIT, LANDLINE)
        for text in (row.cells[one.number - 1],)
        if clean(text) not in NOTHING
    ]
    if wrong:
        message = f"{wrong}（{'，'.join(texts)}），这一行没有写进去；请一人一行，只写姓名"
        yield Remark(row.spot(column), message, left=True)
    elif any(read_numbers(row.cells[one.number - 1]).mobiles for one in row.columns):
        message = f"有号码没有姓名（{'，'.join(texts)}），这一行没有写进去；请补上姓名"
        yield Remark(row.spot(column), message, left=True)
    elif texts:
        yield Remark(row.spot(), f"没有姓名（{'，'.join(texts)}），这一行没有写进去")


Found = tuple[str, Column, str]
Read = Callable[[str], tuple[str, ...]]


def _mobile(row: _Row, name: str) -> Iterator[Found | Remark]:
    first = ""
    for column, text in row.texts(MOBILE):
        numbers = read_numbers(text)
        for mobile in numbers.mobiles:
            if not first:
                first = mobile
                yield MOBILE, column, mobile
            elif mobile != first:
                message = f"{name}不止一个手机号，写进去的是 {first}，没有写 {mobile}"
                yield Remark(row.spot(column), message)
        yield from _other_numbers(row, column, numbers, text)
    for column, text in row.texts(LANDLINE):
        numbers = read_numbers(text)
        for mobile in numbers.mobiles:
            if not first:
                message = f"“{column.heading}”里写着手机号 {mobile}，没有当手机写进去；请核对"
                yield Remark(row.spot(column), message, left=True)
        rest = Numbers((), (*numbers.landlines, *numbers.wrong))
        yield from _other_numbers(row, column, rest, text)


def _other_numbers(row: _Row, column: Column, numbers: Numbers, text: str) -> Iterator[Remark]:
    for landline in numbers.landlines:
        yield Remark(row.spot(column), f"{landline} 是座机，{_LANDLINE.removeprefix('座机')}")
    for wrong in numbers.wrong:
        if is_cut(wrong):
            message = f"{wrong} 被表格软件缩写了，后几位已经丢失；请把这一格设成文本重新填"
        else:
            digits = sum(character.isdigit() for character in wrong)
            message = f"{wrong} 不是手机号（{digits}位，应当是1开头的11位），没有写进去；请核对"
        yield Remark(row.spot(column), message, left=True)
    if numbers.words and not (numbers.mobiles or numbers.landlines or numbers.wrong):
        message = f"“{' '.join(text.split())}”不是手机号，没有写进去；请核对"
        yield Remark(row.spot(column), message, left=True)
    elif numbers.words:
        yield Remark(row.spot(column), f"号码旁边写着“{numbers.words}”，没有写进去")


def _accounts(row: _Row) -> Iterator[Found | Remark]:
    for name in _ACCOUNTS:
        first = ""
        for column, text in _named_first(row.texts(name), SHOWN[name]):
            account = read_account(text)
            if is_cut(account):
                message = f"{account} 被表格软件缩写了，后几位已经丢失；请把这一格设成文本重新填"
                yield Remark(row.spot(column), message, left=True)
            elif not first and account:
                first = account
                yield name, column, account
            elif account and account != first:
                message = f"“{column.heading}”的 {account} 没有写进去，{SHOWN[name]}写的是 {first}"
                yield Remark(row.spot(column), message)


def _named_first(texts: Iterable[tuple[Column, str]], name: str) -> Sequence[tuple[Column, str]]:
    """Put 钉钉 before 工号: a column that bears the very name is surer."""
    return sorted(texts, key=lambda one: name not in one[0].heading)


def _mail(row: _Row) -> Iterator[Found | Remark]:
    for column, text in row.texts(MAIL):
        address = "".join(clean(text).split())
        if ADDRESS.fullmatch(address):
            yield MAIL, column, address
        else:
            message = f"“{address}”不是邮箱地址，没有写进去；应当像 zhou@example.cn，请核对"
            yield Remark(row.spot(column), message, left=True)


def _deputy(row: _Row) -> Iterator[Found | Remark]:
    for column, text in row.texts(DEPUTY):
        name = read_name(text)
        if name.text:
            yield DEPUTY, column, name.text
        elif name.wrong:
            message = f"“{' '.join(text.split())}”{name.wrong}，代理没有写进去；请只写一个人"
            yield Remark(row.spot(column), message, left=True)


def _words(row: _Row, name: str, columns: dict[str, int], read: Read) -> tuple[str, ...]:
    words: list[str] = []
    for column, text in row.texts(name):
        words += read(text)
        columns.setdefault(name, column.number)
    return tuple(dict.fromkeys(words))


def _unit(text: str) -> str:
    return "".join(clean(text).split())


def _heads(row: _Row, column: Column, name: str, unit: str) -> Iterator[Head | Remark]:
    """Give who heads the unit of the row: the one named there, or the one beside a tick."""
    for at, text in row.texts(HEAD):
        said = clean(text)
        head = name if at is column or said in YES else read_name(said).text
        if said in ("否", "×", "X", "x") or not head:
            continue
        if unit:
            yield Head(row.spot(at), unit, head)
        else:
            message = f"{head}是哪个单位的负责人没有写，没有写进“单位”"
            yield Remark(row.spot(at), message, left=True)
