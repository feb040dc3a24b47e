"""Broken and hostile files: a sentence each, quickly, whatever the bytes and the name."""

import random
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obligations.clauses import read
from obligations.errors import JiaoyingError, Unreadable
from tests.obligations.office.writing import archive, bomb, docx, levels, listed, odt, p, pdf, tbl
from tests.obligations.test_office_files import PAGE, sheet

SHARED = Path(__file__).parents[2] / ".." / "shared" / "documents" / "office"
NAMES = tuple(
    f"通知.{ending}"
    for ending in (
        *("txt", "docx", "doc", "wps", "pdf", "xlsx", "xls", "html", "htm", "md", "odt", "ods"),
        *("rtf", "zip", "exe", ""),
    )
)
WORD = docx(
    p("应急办每月检查。") + listed("每周巡查。", 1) + tbl(("任务", "单位"), ("清沟", "水利站")),
    numbering=levels(("decimal", "%1.")),
)
PRINTED = ([(90, 90, "应急办每月检查。")], [(72, 72, 90, 30), (162, 72, 90, 30)])
PDF = pdf([PRINTED, PRINTED])
REAL = (WORD, sheet(), odt("<text:p>应急办每月检查。</text:p>"), PDF, PAGE.encode())
ENTITIES = (
    '<!DOCTYPE d [<!ENTITY a "每月"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
    '<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&c;</w:t></w:r></w:p></w:body></w:document>'
)
OUTSIDE = (
    '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    '<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'
)


def refused(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    with pytest.raises(Unreadable) as told:
        read(path)
    return str(told.value).removeprefix(f"{path}：")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("空.docx", b"", "文件是空的"),
        ("空白.pdf", b" \r\n", "文件是空的"),
        ("截断.docx", WORD[: len(WORD) // 2], "文件不完整"),
        ("截断.pdf", PDF[:300], "PDF 不完整或已损坏"),
        ("没有正文.docx", archive({"word/styles.xml": "<a/>"}), "Word 文件里没有正文"),
        ("空文档.docx", docx(""), "里面没有文字"),
        ("压缩包.docx", archive({"说明.txt": "每月"}), "压缩包"),
        ("版式.ofd", archive({"OFD.xml": "<a/>"}), "OFD 版式文件"),
        ("演示.pptx", archive({"ppt/presentation.xml": "<a/>"}), "演示文稿"),
        ("噪声.docx", bytes(range(256)) * 4, "不是文字文件"),
        ("图片.pdf", b"\x89PNG\r\n\x1a\n0000", "图片"),
        ("归档.doc", b"MIME-Version: 1.0\r\n\r\n", "单个文件的网页"),
        ("实体.docx", archive({"word/document.xml": ENTITIES}), "不完整或已损坏"),
        ("外部.docx", archive({"word/document.xml": OUTSIDE}), "不完整或已损坏"),
        ("实体.xlsx", archive({"xl/workbook.xml": ENTITIES}), "不完整或已损坏"),
        ("宽字实体.docx", archive({"word/document.xml": ENTITIES.encode("utf-16")}), "损坏"),
        ("加密.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0"
         b"k\0a\0g\0e\0", "有密码"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "找不到"),
    ],
)  # fmt: skip
def test_a_broken_file_says_what_it_is_and_what_to_do(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    told = refused(tmp_path, name, data)
    assert words in told
    assert "；请" in told
    assert told.endswith("。")
    assert "\n" not in told


@pytest.mark.skipif(
    not SHARED.exists(), reason="the real files stand beside the project at its home"
)
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("002-scanned.pdf", "没有文字层，是扫描件；请提供"),
        ("broken-0byte.txt", "文件是空的"),
        ("broken-empty.docx", "里面没有文字"),
        ("broken-nodocument.docx", "压缩包"),
        ("broken-noise.txt", "不是文字文件"),
        ("broken-password.xlsx", "有密码"),
        ("broken-truncated.pdf", "PDF 不完整或已损坏"),
        ("broken-bomb.docx", "305 MB"),
        ("broken-bomb-deflate.docx", "305 MB"),
    ],
)
def test_the_broken_files_of_an_office_are_told_apart(name: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(SHARED / name)


@pytest.mark.parametrize("says", [None, 3_000_000])
@pytest.mark.parametrize("name", ["word/document.xml", "xl/workbook.xml", "content.xml"])
def test_a_file_that_unpacks_without_end_takes_no_memory(
    tmp_path: Path, name: str, says: int | None
) -> None:
    data = bomb(name, says=says)
    tracemalloc.start()
    told = refused(tmp_path, "大.docx", data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert ("60 MB" if says is None else "不完整或已损坏") in told
    assert peak < 20_000_000


def test_merging_a_whole_sheet_takes_no_memory(tmp_path: Path) -> None:
    whole = archive(
        {
            "xl/workbook.xml": "<workbook/>",
            "xl/worksheets/sheet1.xml": '<worksheet><mergeCells><mergeCell ref="A1:XFD1048576"/>'
            "</mergeCells></worksheet>",
        }
    )
    assert "合并了上百万个单元格" in refused(tmp_path, "合并.xlsx", whole)


def test_a_table_cell_cannot_reach_over_more_than_there_is(tmp_path: Path) -> None:
    row = "<tr><td colspan=9999 rowspan=9999>责任单位</td><td>每月</td></tr>"
    assert "已损坏" in refused(tmp_path, "表.html", f"<table>{row * 2000}</table>".encode())


@settings(deadline=None, max_examples=200)
@given(data=st.binary(max_size=300), name=st.sampled_from(NAMES))
def test_any_bytes_under_any_name_are_a_notice_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    with suppress(JiaoyingError):
        read(path)


@settings(deadline=None, max_examples=150)
@given(
    whole=st.sampled_from(REAL),
    name=st.sampled_from(NAMES),
    cut=st.just(1.0) | st.floats(0, 1),
    flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=20),
)
def test_a_damaged_office_file_is_a_notice_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory,
    whole: bytes,
    name: str,
    cut: float,
    flips: list[tuple[float, int]],
) -> None:
    data = bytearray(whole[: int(cut * len(whole))])
    for where, byte in flips:
        if data:
            data[int(where * len(data))] = byte
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    with suppress(JiaoyingError):
        read(path)


@pytest.mark.skipif(
    not SHARED.exists(), reason="the real files stand beside the project at its home"
)
@pytest.mark.parametrize("name", ["001.docx", "003.xlsx", "000.pdf", "000.html"])
def test_real_files_damaged_are_a_notice_or_a_sentence(tmp_path: Path, name: str) -> None:
    chance = random.Random(name)  # noqa: S311 - the same damage every time
    whole = (SHARED / name).read_bytes()
    for _ in range(6):
        data = bytearray(whole[: chance.randrange(len(whole) // 2, len(whole))])
        for _ in range(chance.choice((1, 30))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path = tmp_path / name
        path.write_bytes(data)
        with suppress(JiaoyingError):
            read(path)
