"""Phone books as offices keep them: what is read, what is told, what is written."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from obligations.errors import JiaoyingError, RulesRefused, Unreadable
from obligations.people import (
    Change,
    Comparison,
    Listed,
    Remark,
    Table,
    compare,
    read_book,
    read_tables,
    settle,
)
from obligations.people.headings import field_of
from obligations.people.values import read_name, read_numbers
from obligations.rules import Office, load

ROOT = Path(__file__).parents[2]
CASES: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("phone_book.yaml").read_text("utf-8")
)
SAMPLE = (ROOT / "rules.yaml").read_text("utf-8")


def book_file(folder: Path, *sheets: Sequence[Sequence[Any]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for n, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"表{n}")
        for row in rows:
            sheet.append(list(row))
    path = folder / "通讯录.xlsx"
    book.save(path)
    return path


def people_of(*rows: Sequence[str]) -> tuple[Listed, ...]:
    return read_book([Table("表1", tuple(map(tuple, rows)))]).people


def remarks_of(*rows: Sequence[str], office: Office | None = None) -> str:
    book = read_book([Table("表1", tuple(map(tuple, rows)))])
    found = compare(book, office or Office("青溪镇"))
    return "\n".join(map(str, (*book.remarks, *found.remarks)))


@pytest.mark.parametrize("case", CASES["姓名"], ids=lambda case: repr(case["写的"]))
def test_names_are_read_as_people_mean_them(case: dict[str, str]) -> None:
    name = read_name(case["写的"])
    expected = (case.get("读成", ""), case.get("旁边", ""), case.get("不行", ""))
    assert (name.text, name.aside, name.wrong) == expected


@pytest.mark.parametrize("case", CASES["号码"], ids=lambda case: repr(case["写的"]))
def test_numbers_are_repaired_where_that_is_sure_and_told_otherwise(case: dict[str, Any]) -> None:
    found = read_numbers(case["写的"])
    assert list(found.mobiles) == case.get("手机", [])
    assert list(found.landlines) == case.get("座机", [])
    assert list(found.wrong) == case.get("不对", [])
    assert found.words == case.get("旁边", "")


@pytest.mark.parametrize("heading", CASES["标题"])
def test_headings_say_what_their_columns_hold(heading: str) -> None:
    assert field_of(heading) == CASES["标题"][heading]


def test_a_printed_book_is_read_with_its_titles_merged_cells_and_two_rows_of_headings(
    tmp_path: Path,
) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "机关"
    for row in (
        ["青溪镇机关工作人员通讯录"],
        ["序号", "单位", "姓 名", "职务", "联系方式", None, "工号"],
        [None, None, None, None, "手机号码", "座机", None],
        ["一、机关科室"],
        [1, "应急办", "周 敏", "应急办主任、党委委员", 13800000004.0, "65701234", "0421"],
        [2, None, "冯磊", "干部", "138 0000 0009", None, 109],
        [3, "党政办", "郑洁", "党政办主任", 1.3800000005e10, None, "0105"],
    ):
        sheet.append(row)
    for area in ("A1:G1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:F2", "G2:G3", "A4:G4", "B5:B6"):
        sheet.merge_cells(area)
    sheet["G6"].number_format = "0000"
    path = tmp_path / "通讯录.xlsx"
    book.save(path)
    found = read_book(*read_tables(path))
    read = [(one.name, one.unit, one.posts, one.mobile, one.dingtalk) for one in found.people]
    assert read == [
        ("周敏", "应急办", ("应急办主任", "党委委员"), "13800000004", "0421"),
        ("冯磊", "应急办", ("干部",), "13800000009", "0109"),
        ("郑洁", "党政办", ("党政办主任",), "13800000005", "0105"),
    ]
    assert [str(remark) for remark in found.remarks] == [
        "工作表“机关”第5行F列：65701234 是座机，规则文件里没有地方写，没有写进去"
    ]


def test_several_sheets_and_hidden_ones(tmp_path: Path) -> None:
    path = book_file(
        tmp_path,
        [["姓名", "手机"], ["周敏", "13800000004"]],
        [["值班安排"], ["今天", "明天"]],
        [["村名", "负责人", "电话"], ["青溪社区", "唐秀", "13800000010"]],
    )
    found = read_book(*read_tables(path))
    assert [one.name for one in found.people] == ["周敏", "唐秀"]
    assert [str(one) for one in found.remarks] == [
        "工作表“表2”：没有找到“姓名”和“手机”这样的标题行，这张表没有读；请补上标题行",
        "工作表“表3”第2行B列：唐秀是哪个单位的负责人没有写，没有写进“单位”",
    ]


def test_formulas_without_a_result_are_told(tmp_path: Path) -> None:
    path = book_file(tmp_path, [["姓名", "手机"], ["周敏", '="138"&"00000004"']])
    found = read_book(*read_tables(path))
    assert [(one.name, one.mobile) for one in found.people] == [("周敏", "")]
    assert [str(one)[:16] for one in found.remarks] == ["工作表“表1”第2行B列：是公式"]


def test_two_people_side_by_side_and_headings_repeated_further_down() -> None:
    found = people_of(
        ("职务", "姓名", "电话", "职务", "姓名", "电话"),
        ("主任", "周敏", "13800000004", "干部", "冯磊", "13800000009"),
        ("", "", "", "", "", ""),
        ("姓名", "电话", "工号", "", "", ""),
        ("郑洁", "13800000005", "0105", "", "", ""),
    )
    assert [(one.name, one.posts, one.mobile, one.dingtalk) for one in found] == [
        ("周敏", ("主任",), "13800000004", ""),
        ("冯磊", ("干部",), "13800000009", ""),
        ("郑洁", (), "13800000005", "0105"),
    ]


def test_heads_and_their_helpers_are_two_people_of_one_unit() -> None:
    book = read_book([Table("表1", (
        ("单位", "负责人", "手机", "联系人", "手机"),
        ("青溪社区", "唐秀", "13800000010", "谢芳", "13800000011"),
    ))])  # fmt: skip
    assert [(one.name, one.unit, one.mobile) for one in book.people] == [
        ("唐秀", "青溪社区", "13800000010"),
        ("谢芳", "青溪社区", "13800000011"),
    ]
    assert [(head.unit, head.person) for head in book.heads] == [("青溪社区", "唐秀")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_files_in_every_encoding_of_an_office(
    tmp_path: Path, encoding: str, mark: str
) -> None:
    rows = [["姓名", "手机", "工号"], ["周敏", "13800000004", '="0421"'], ["冯磊", "", "0109"]]
    path = tmp_path / "通讯录.csv"
    path.write_bytes("\r\n".join(mark.join(row) for row in rows).encode(encoding))
    found = read_book(*read_tables(path)).people
    assert [(one.name, one.mobile, one.dingtalk) for one in found] == [
        ("周敏", "13800000004", "0421"),
        ("冯磊", "", "0109"),
    ]


def test_digits_that_a_spreadsheet_lost_are_told_not_believed(tmp_path: Path) -> None:
    path = book_file(
        tmp_path, [["姓名", "手机", "企业微信"], ["周敏", "1.38E+10", 14625465183947412]]
    )
    found = read_book(*read_tables(path))
    assert (found.people[0].mobile, found.people[0].wecom) == ("", "")
    assert [str(remark)[:14] for remark in found.remarks if remark.left] == [
        "工作表“表1”第2行B列：1",
        "工作表“表1”第2行C列：1",
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("周敏", "1380000004", "")], "第2行B列：1380000004 不是手机号（10位"),
        ([("周敏", "13800000004", ""), ("周敏", "13800000005", "")], "同名，分不清是不是一个人"),
        ([("周敏", "13800000004", ""), ("冯磊", "13800000004", "")], "和周敏的一样，没有写"),
        ([("", "13800000004", "")], "有号码没有姓名（13800000004）"),
        ([("张三、李四", "13800000004", "")], "一格里写了几个人（张三、李四，13800000004）"),
        ([("周敏", "13800000004", "吴刚")], "代理“吴刚”不在通讯录，也不在规则文件里"),
        ([("周敏", "13800000004", "周敏")], "代理“周敏”就是本人"),
        ([("周敏", "13800000004/13900000004", "")], "写进去的是 13800000004，没有写 13900000004"),
        ([("周敏", "13800000001", "")], "和规则文件里的林国安的一样"),
    ],
)
def test_what_is_not_sure_is_told_with_its_place(
    rows: list[tuple[str, str, str]], told: str
) -> None:
    assert told in remarks_of(("姓名", "手机", "代理"), *rows, office=load(SAMPLE))


def test_a_number_that_two_people_have_goes_to_neither() -> None:
    book = read_book([Table("表1", (("姓名", "手机"), ("甲某", "13700000001"),
                                    ("乙某", "13700000001")))])  # fmt: skip
    found = compare(book, Office("青溪镇"))
    assert [(change.name, change.fields) for change in found.changes] == [
        ("甲某", ()),
        ("乙某", ()),
    ]


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        ((("甲", "2"), ("乙", "1")), {"甲": "2", "乙": "1"}),  # they changed telephones
        ((("甲", ""), ("乙", "1")), {"甲": "1", "乙": "2"}),  # it is still 甲's
        ((("甲", "3"), ("乙", "1"), ("丙", "3")), {"甲": "1", "乙": "2", "丙": ""}),
    ],
)
def test_nobody_gets_a_number_that_somebody_keeps(
    rows: Sequence[tuple[str, str]], numbers: dict[str, str]
) -> None:
    text = "人员:\n  甲: {手机: 13800000001}\n  乙: {手机: 13800000002}\n"
    full = [(name, f"1380000000{number}" if number else "") for name, number in rows]
    new = settle(text, compared(text, ("姓名", "手机"), *full).changes)
    found = {person.name: person.mobile[-1:] for person in load(new or text).people}
    assert found == numbers


def test_one_person_on_two_sheets_with_one_number_is_one_person() -> None:
    sheets = [
        Table("机关", (("姓名", "手机", "职务"), ("周敏", "13800000004", "主任"))),
        Table("值班", (("姓名", "手机", "职务"), ("周敏", "13800000004", "带班领导"))),
    ]
    found = compare(read_book(sheets), Office("青溪镇"))
    [change] = found.changes
    assert [(field.key, field.new) for field in change.fields] == [
        ("职务", ("主任", "带班领导")),
        ("手机", ("13800000004",)),
    ]


def test_a_name_that_spans_two_rows_is_one_person_with_two_numbers(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["姓名", "手机"], ["周敏", "13800000004"], [None, "13900000004"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    path = tmp_path / "通讯录.xlsx"
    book.save(path)
    found = compare(read_book(*read_tables(path)), Office("青溪镇"))
    [change] = found.changes
    assert [field.new for field in change.fields] == [("13800000004",)]
    assert [str(remark) for remark in found.remarks] == [
        "工作表“Sheet”第3行B列：周敏的手机两处不一样，写进去的是 13800000004，没有写 13900000004"
    ]


SHAPES = {
    "a line of each": (
        "人员:\n  周敏: {手机: 13800000004}  # 主任\n规则: []\n",
        (
            '人员:\n  周敏: {手机: 13900000004, 钉钉: "0421"}  # 主任\n'
            "  冯磊: {手机: 13800000009}\n规则: []\n"
        ),
    ),
    "keys below each other": (
        "人员:\n    周敏:\n        手机: 13800000004   # 换过\n\n# 以下是规则\n规则: []\n",
        (
            '人员:\n    周敏:\n        手机: 13900000004   # 换过\n        钉钉: "0421"\n'
            "    冯磊: {手机: 13800000009}\n\n# 以下是规则\n规则: []\n"
        ),
    ),
    "English names": (
        "people:\n  周敏: {mobile: '13800000004', dingtalk: '1'}\n",
        'people:\n  周敏: {mobile: 13900000004, dingtalk: "0421"}\n  冯磊: {手机: 13800000009}\n',
    ),
    "everything in braces": (
        "人员: {周敏: {手机: 13800000004}}\n规则: []\n",
        '人员: {周敏: {手机: 13900000004, 钉钉: "0421"}, 冯磊: {手机: 13800000009}}\n规则: []\n',
    ),
    "nobody yet": (
        "人员: {}  # 待填\n规则: []\n",
        (
            '人员:  # 待填\n  周敏: {手机: 13900000004, 钉钉: "0421"}\n'
            "  冯磊: {手机: 13800000009}\n规则: []\n"
        ),
    ),
    "no such group": (
        "规则: []",
        '规则: []\n人员:\n  周敏: {手机: 13900000004, 钉钉: "0421"}\n  冯磊: {手机: 13800000009}',
    ),
    "a name with nothing behind it": (
        "人员:\n  周敏:\n规则: []\n",
        '人员:\n  周敏: {手机: 13900000004, 钉钉: "0421"}\n  冯磊: {手机: 13800000009}\n规则: []\n',
    ),
    "a key with nothing behind it": (
        "人员:\n  周敏:\n    手机:\n    钉钉: '0421'",
        "人员:\n  周敏:\n    手机: 13900000004\n    钉钉: '0421'\n  冯磊: {手机: 13800000009}",
    ),
    "Windows line ends": (
        "人员:\r\n  周敏: {}\r\n规则: []\r\n",
        (
            '人员:\r\n  周敏: {手机: 13900000004, 钉钉: "0421"}\r\n'
            "  冯磊: {手机: 13800000009}\r\n规则: []\r\n"
        ),
    ),
}


def compared(text: str, *rows: Sequence[str]) -> Comparison:
    return compare(read_book([Table("表1", tuple(map(tuple, rows)))]), load(text))


@pytest.mark.parametrize("shape", SHAPES)
def test_only_what_changes_is_written(shape: str) -> None:
    text, expected = SHAPES[shape]
    rows = (("姓名", "手机", "工号"), ("周敏", "13900000004", "0421"), ("冯磊", "13800000009", ""))
    found = compared(text, *rows)
    assert settle(text, found.changes) == expected
    assert compared(expected, *rows).changes == ()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("职务: 应急办主任", "职务: [应急办主任, 党委委员]"),
        ("职务: [应急办主任]", "职务: [应急办主任, 党委委员]"),
        ("职务: []", "职务: 党委委员"),
        (
            "职务:\n      - 应急办主任  # 起\n",
            "职务:\n      - 应急办主任  # 起\n      - 党委委员\n",
        ),
        ("职务:\n    - 应急办主任", "职务:\n    - 应急办主任\n    - 党委委员"),
    ],
)
def test_posts_are_added_and_those_of_the_rules_stay(written: str, expected: str) -> None:
    text = f"人员:\n  周敏:\n    {written}"
    found = compared(text, ("姓名", "职务"), ("周敏", "党委委员"))
    assert settle(text, found.changes) == f"人员:\n  周敏:\n    {expected}"


def test_heads_are_written_into_units_and_shown_before() -> None:
    rows = (("单位", "负责人", "电话"), ("应急办", "冯磊", "13800000009"), ("农业办", "周敏", ""))
    found = compared(SAMPLE, *rows)
    units = [(one.name, one.fields[0].old, one.fields[0].new, one.new) for one in found.changes]
    assert units == [
        ("应急办", ("周敏",), ("冯磊",), False),
        ("农业办", (), ("周敏",), True),
    ]
    office = load(settle(SAMPLE, found.changes))
    heads = {unit.name: unit.head for unit in office.units}
    assert (heads["应急办"], heads["农业办"]) == ("冯磊", "周敏")


def test_a_file_that_would_not_check_is_not_written() -> None:
    change = Change("人员", "张三: 主任", (), new=True)
    text = "人员:\n  周敏: {代理: 冯磊}\n"
    with pytest.raises(RulesRefused):
        settle(text, [change])


def test_people_written_in_a_way_that_cannot_be_edited_are_left_alone() -> None:
    text = "{人员: {周敏: {手机: 13800000004}}}\n"
    found = compared(text, ("姓名", "手机"), ("周敏", "13900000004"))
    with pytest.raises(JiaoyingError, match="没有写入"):
        settle(text, found.changes)


@pytest.mark.parametrize("data", [b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"PK\x03\x04broken", b""])
def test_what_is_no_phone_book_is_refused_in_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "通讯录.xlsx"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=r"通讯录\.xlsx：.+；.+。"):
        read_tables(path)


BLANKS = st.sampled_from(["", " ", "　", "\n", "\u200b"])
HAN = st.sampled_from("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨")
PIECES = st.sampled_from(
    ["13800000001", "139 0000 0002", "1370000003", "023-65701234", "65705678", "88888",
     "/", "、", " ", "\n", "办", "（", "）", "1.38E+10", "8613600000004",
     "-", "转", "无", "Ａ", "０"]
)  # fmt: skip


@st.composite
def names(draw: st.DrawFn) -> str:
    """Draw a name with blanks between its characters, as forms are filled in."""
    return draw(HAN) + "".join(draw(BLANKS) + draw(HAN) for _ in range(draw(st.integers(1, 2))))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(names(), st.lists(PIECES, max_size=6).map("".join)), max_size=6))
def test_no_name_and_no_number_is_lost(rows: list[tuple[str, str]]) -> None:
    """Every name and every long run of digits is written or told of."""
    book = read_book([Table("表1", (("姓名", "手机"), *rows))])
    found = compare(book, Office("青溪镇"))
    said = [str(one) for one in (*book.remarks, *found.remarks)]
    said += [f"{one.name} {' '.join(field.new)}" for one in found.changes for field in one.fields]
    said += [one.name for one in found.changes]
    whole = "\n".join(said)
    for name, numbers in rows:
        assert "".join(name.replace("\u200b", "").split()) in whole
        read = read_numbers(numbers)
        for number in (*read.mobiles, *read.landlines, *read.wrong):
            assert number in whole
        lines = [re.sub(r"\D", "", line) for line in said]
        for run in re.findall(r"[0-9]{5,}", numbers.translate({0xFF10: "0"})):
            assert any(run.removeprefix("86") in line for line in lines)


CELL = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("：:,[]{}#&*!|>'\"%@`-"),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(names(), CELL, CELL, CELL), max_size=5))
def test_whatever_the_cells_hold_is_written_so_that_it_reads_back(
    rows: list[tuple[str, str, str, str]],
) -> None:
    table = Table("表1", (("姓名", "职务", "工号", "标签"), *rows))
    office = load(SAMPLE)
    changes = compare(read_book([table]), office).changes
    new = settle(SAMPLE, changes)
    assert load(new).rules == office.rules or len(load(new).rules) == len(office.rules)
    assert compare(read_book([table]), load(new)).changes == ()


def test_a_remark_says_sheet_row_and_column() -> None:
    [remark] = read_book([Table("机关", (("姓名", "手机"), ("周敏", "123456")))]).remarks
    assert isinstance(remark, Remark)
    assert str(remark).startswith("工作表“机关”第2行B列：123456 不是手机号（6位")


def test_pathological_cells_cost_little() -> None:
    table = Table("表1", (("姓名", "手机"), ("周敏", "1-" * 50_000), ("冯磊", "(" * 100_000)))
    assert [one.name for one in read_book([table]).people] == ["周敏", "冯磊"]
