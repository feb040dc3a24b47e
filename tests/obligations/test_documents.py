"""Files -> documents: encodings, heads, tables, broken lines, and what is no notice."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obligations.documents import Document, Paragraph, Table, read, read_text
from obligations.errors import Unreadable

NOTICES = Path(__file__).parents[1] / "notices"


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


@pytest.mark.parametrize(
    ("name", "number", "issuer", "issued", "title"),
    [
        (
            "四列任务表.txt",
            "长河府发〔2026〕12号",
            "长河镇人民政府",
            date(2026, 3, 16),
            "关于印发《长河镇防汛和安全重点任务清单》的通知",
        ),
        (
            "整篇断行加附表.txt",
            "云溪安委〔2025〕8号",
            "云溪市安全生产委员会",
            date(2025, 6, 3),
            "关于加强仓储场所安全管理的实施办法",
        ),
        (
            "段末括号.txt",
            "",
            "河东县柳林街道办事处",
            None,
            "关于做好校园周边安全常态监管工作的通知",
        ),
        (
            "方案加六列表.txt",
            "平川府〔2026〕5号",
            "平川镇人民政府",
            date(2026, 2, 9),
            "关于印发《平川镇燃气安全整治实施方案（2026—2027年）》的通知",
        ),
        (
            "责任单位另起一行.txt",
            "",
            "中共东原区委办公室东原区人民政府办公室",
            date(2026, 1, 12),
            "关于印发《东原区工贸企业安全提升方案》的通知",
        ),
    ],
)
def test_a_notice_says_who_issued_it_and_when(
    name: str, number: str, issuer: str, issued: date | None, title: str
) -> None:
    document = read(NOTICES / name)
    assert (document.number, document.issuer) == (number, issuer)
    assert (document.issued, document.title) == (issued, title)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_of_an_office_gives_the_same_document(tmp_path: Path, encoding: str) -> None:
    text = (NOTICES / "段末括号.txt").read_text("utf-8")
    path = tmp_path / "段末括号.txt"
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert read(path) == read(NOTICES / "段末括号.txt")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "是空的"),
        (b" \n\t\r\n", "是空的"),
        ("\u3000\n".encode(), "只有空白"),
        (b"\x00\x01\x02\xff" * 50, "不是文字文件"),
        (b"\xff" * 100, "不是文字文件"),
        (b"\x89PNG\r\n", "图片"),
    ],
)
def test_a_file_that_is_no_text_is_told_in_a_sentence(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    path = tmp_path / "通知.txt"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=expected) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert str(caught.value).endswith("。")


@pytest.mark.parametrize(("name", "expected"), [("没有.txt", "没有这个文件"), ("", "是文件夹")])
def test_a_missing_file_and_a_folder_are_told_in_a_sentence(
    tmp_path: Path, name: str, expected: str
) -> None:
    with pytest.raises(Unreadable, match=expected):
        read(tmp_path / name)


def test_a_name_that_no_file_can_have_is_told_in_a_sentence() -> None:
    with pytest.raises(Unreadable, match="读不了这个文件"):
        read("通知\0.txt")


def test_a_line_broken_inside_a_word_is_joined_and_still_knows_its_place() -> None:
    document = read(NOTICES / "整篇断行加附表.txt")
    joined = next(
        block
        for block in document.blocks
        if isinstance(block, Paragraph) and "主要负责人每半年" in block.text
    )
    at = joined.text.index("每半年")
    line, column = joined.place(at)
    assert document.lines[line - 1][column:].startswith("每半年至少带队检查")


def test_a_heading_is_not_joined_with_the_text_under_it() -> None:
    words = paragraphs(read(NOTICES / "段末括号.txt"))
    assert "二、检查到位——三级“日周月”" in words


def test_head_and_signature_are_no_paragraphs() -> None:
    words = "".join(paragraphs(read(NOTICES / "责任单位另起一行.txt")))
    assert "2026年1月12日" not in words
    assert "各镇党委和人民政府，区直各单位" not in words


@pytest.mark.parametrize(
    ("name", "rows", "width"),
    [("四列任务表.txt", 3, 4), ("整篇断行加附表.txt", 4, 4), ("方案加六列表.txt", 3, 6)],
)
def test_a_flattened_table_gets_its_rows_back(name: str, rows: int, width: int) -> None:
    (table,) = tables(read(NOTICES / name))
    assert len(table.rows) == rows
    assert {len(row) for row in table.rows} == {width}


def test_a_repeated_header_is_no_row() -> None:
    (table,) = tables(read(NOTICES / "整篇断行加附表.txt"))
    assert table.header == ("措施", "重点任务", "责任单位", "完成时限")
    assert all(row[3].text != "完成时限" for row in table.rows)


def test_markup_in_a_cell_is_no_text_but_keeps_the_columns() -> None:
    document = read(NOTICES / "整篇断行加附表.txt")
    (table,) = tables(document)
    two = table.rows[2][1].paragraphs
    assert [p.text for p in two] == ["3 仓储企业建立巡查台账。", "4 规范叉车充电管理。"]
    assert document.quote(two[1], 2, 4) == "规范"


def test_a_tab_that_only_indents_makes_no_table() -> None:
    document = read_text("通知.txt", "\t各单位每月自查一次。\n\t各村每季度报送一次。\n")
    assert not tables(document)
    assert paragraphs(document) == ["各单位每月自查一次。", "各村每季度报送一次。"]


def test_the_date_given_serves_only_where_the_notice_bears_none() -> None:
    given_date = date(2020, 1, 1)
    assert read(NOTICES / "段末括号.txt", given_date).issued == given_date
    assert read(NOTICES / "方案加六列表.txt", given_date).issued == date(2026, 2, 9)


@given(
    st.text(
        alphabet=st.sampled_from(
            "各单位要每月检查1次，。；：、（）“”《》\t\n\r 一二.<p>附件责任任务"
        )
    )
)
def test_any_text_is_read_and_every_paragraph_knows_its_place(text: str) -> None:
    document = read_text("通知.txt", text)
    for block in document.blocks:
        cells = [c for row in block.rows for c in row] if isinstance(block, Table) else []
        alone = [block] if isinstance(block, Paragraph) else []
        for paragraph in [*alone, *(p for cell in cells for p in cell.paragraphs)]:
            for span in paragraph.spans:
                stretch = paragraph.text[span.offset : paragraph.reach(span.offset)]
                printed = document.lines[span.line - 1][span.column :]
                assert len(printed) >= len(stretch)
                assert (
                    printed[: len(stretch.split("<")[0].rstrip())] == stretch.split("<")[0].rstrip()
                )


@settings(deadline=None)  # the first bytes that look like a PDF load its library
@given(st.binary(max_size=400))
def test_any_bytes_are_a_document_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "通知.txt"
    path.write_bytes(data)
    with suppress(Unreadable):
        assert read(path).lines
