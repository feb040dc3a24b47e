"""Office files -> the duties that their text gives, and the place where each stands."""

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from obligations.clauses import read, records
from obligations.documents import Document, Paragraph, Table, legacy
from obligations.documents import read as read_document
from obligations.errors import Unreadable
from tests.obligations.office.writing import (
    PICTURE,
    Ruled,
    Said,
    docx,
    levels,
    listed,
    odt,
    p,
    pdf,
    run,
    tbl,
    tc,
)

ROOT = Path(__file__).parents[2]
SHARED = ROOT / ".." / "shared" / "documents"
REAL = sorted(
    path
    for path in SHARED.glob("office/[0-9]*")
    if path.suffix in {".docx", ".pdf", ".html", ".xlsx", ".txt"} and "scanned" not in path.name
)
HEADER = ("重点任务", "完成时限", "责任单位")


def opened(folder: Path, name: str, data: bytes | str) -> Document:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_document(path)


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def rows(document: Document) -> list[list[str]]:
    """The rows of all tables, each with the table's header before it."""
    found: list[list[str]] = []
    for block in document.blocks:
        if isinstance(block, Table):
            found.append(list(block.header))
            found.extend([cell.text for cell in row] for row in block.rows)
    return found


def duties(path: Path) -> Iterator[tuple[str, ...]]:
    for clause in read(path).clauses:
        for record in records(clause):
            said = "".join(str(record.pop("quote")).split())
            for field in ("line", "item", "actor", "action", "units"):
                record.pop(field)
            yield said, str(record), clause.item


@pytest.mark.skipif(not REAL, reason="the real notices stand beside the project only at its home")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_an_office_file_gives_the_duties_that_its_text_gives(path: Path) -> None:
    text = next(SHARED.glob(f"{path.name[:3]}_*.txt"))
    annex = path.suffix == ".xlsx"  # the sheet holds the annex alone
    wanted = Counter(d[:2] for d in duties(text) if not annex or d[2].startswith("表"))
    found = Counter(d[:2] for d in duties(path))
    alike = (wanted & found).total()
    assert alike >= 0.97 * wanted.total() > 0
    assert alike >= 0.97 * found.total()


def test_words_own_numbers_are_printed(tmp_path: Path) -> None:
    forms = levels(("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    body = (
        listed("总体要求", 1)
        + listed("排查隐患", 1, 1)
        + listed("应急办每月检查仓库。", 1, 2)
        + listed("2026年底前换完软管。", 1, 2)
        + listed("宣传教育", 1, 1)
        + listed("各村（社区）每季度入户宣传。", 1, 2)
        + listed("另一份清单", 2)
    )
    document = opened(tmp_path, "方案.docx", docx(body, numbering=forms))
    assert document.lines == (
        "一、总体要求",
        "（一）排查隐患",
        "1.应急办每月检查仓库。",
        "2. 2026年底前换完软管。",
        "（二）宣传教育",
        "1.各村（社区）每季度入户宣传。",
        "一、另一份清单",
    )
    assert document.place(3) == "第3段"


def test_a_style_may_carry_the_number(tmp_path: Path) -> None:
    styles = (
        '<w:style w:styleId="A"><w:name w:val="条"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        '</w:pPr></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    )
    styled = p("派出所每周巡查一次。", properties='<w:pStyle w:val="B"/>')
    data = docx(styled * 2, numbering=levels(("decimal", "第%1条")), styles=styles)
    assert opened(tmp_path, "办法.docx", data).lines == (
        "第1条派出所每周巡查一次。",
        "第2条派出所每周巡查一次。",
    )


def test_tracked_changes_are_read_as_accepted(tmp_path: Path) -> None:
    changed = p(
        "应急办",
        f"<w:del>{run('每月')}</w:del>",
        f"<w:ins>{run('每季度')}</w:ins>",
        f"<w:moveFrom>{run('随时')}</w:moveFrom>",
        f"<w:moveTo>{run('至少')}</w:moveTo>",
        "检查一次",
    )
    joined = p("仓库，", properties="<w:rPr><w:del/></w:rPr>") + p("并通报结果。")
    gone = tbl((*HEADER,), ("清库存", "6月底前", "供销社"), ("扫院子", "每周", "物业"))
    gone = gone.replace("<w:tr><w:tc><w:tcPr></w:tcPr><w:p><w:pPr></w:pPr><w:r><w:rPr></w:rPr>"
                        "<w:t>扫", "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:tcPr></w:tcPr><w:p>"
                        "<w:pPr></w:pPr><w:r><w:rPr></w:rPr><w:t>扫")  # fmt: skip
    document = opened(tmp_path, "修订.docx", docx(changed + joined + gone))
    assert document.lines[:2] == ("应急办每季度至少检查一次", "仓库，并通报结果。")
    assert rows(document) == [[*HEADER], ["清库存", "6月底前", "供销社"]]


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p('值班员每日交接班。')}</w:txbxContent>"
    twice = (
        "<w:r><mc:AlternateContent>"
        f"<mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    document = opened(tmp_path, "文本框.docx", docx(p("各班组注意。", twice)))
    assert document.lines == ("各班组注意。", "值班员每日交接班。")
    assert document.place(2) == "第1段的文本框"


def test_what_word_does_not_print_is_left_out(tmp_path: Path) -> None:
    body = p(
        "应急办每月检查。",
        run("内部掌握：每年一次", "<w:vanish/>"),
        '<w:r><w:instrText>PAGE 每日</w:instrText></w:r><w:r><w:commentReference w:id="1"/></w:r>',
    )
    comments = p("批注：每周一次")
    data = docx(body, comments=comments, header1=p("页眉每天"), footnotes=p("脚注每年"))
    assert opened(tmp_path, "通知.docx", data).lines == ("应急办每月检查。",)


def test_merged_cells_of_word_stand_for_their_first_row(tmp_path: Path) -> None:
    start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = tbl(
        ("行动", tc("重点任务", properties='<w:gridSpan w:val="2"/>'), "责任单位"),
        (tc("一、治隐患", properties=start), "1.查燃气", "每月查一次。", "城管办"),
        (tc("", properties=on), "2.查电线", "每季度查一次。", tc("物业", properties=start)),
        (tc("", properties=on), "3.查电梯", "每半年查一次。", tc("", properties=on)),
    )
    path = tmp_path / "分工.docx"
    path.write_bytes(docx(p("任务如下。") + table))
    assert rows(read_document(path))[0] == ["行动", "重点任务", "重点任务", "责任单位"]
    found = [(c.item, c.quote, c.units) for c in read(path).clauses]
    assert found == [
        ("表1", "每月查一次", ("城管办",)),
        ("表2", "每季度查一次", ("物业",)),
        ("表3", "每半年查一次", ("物业",)),
    ]
    document = read_document(path)
    assert document.place(read(path).clauses[2].line) == "表1第4行"


def test_tables_that_follow_under_one_header_are_one(tmp_path: Path) -> None:
    first = tbl(HEADER, ("1.查仓库", "每月", "应急办"))
    second = tbl(HEADER, ("", "每季度", ""))
    document = opened(tmp_path, "附表.docx", docx(first + p("") + second))
    assert rows(document) == [[*HEADER], ["1.查仓库", "每月", "应急办"], ["", "每季度", ""]]


def sheet() -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "任务"
    page["A1"] = "长河镇防汛任务清单"
    page.append([])
    page.append(["重点任务", "责任单位", "内部备注", "完成时限"])
    page.append(["1.巡堤", "水利站", "每天都要盯", "汛期每日"])
    page.append(["2.清沟", None, None, date(2026, 5, 31)])
    page.append(["3.演练", "应急办", None, "每年一次"])
    page.append(["4.作废的一项", "应急办", None, "每周"])
    page["D5"].number_format = 'm"月"d"日"'
    page["D4"].comment = Comment("每小时", "某人")
    page.merge_cells("B4:B5")
    page.column_dimensions["C"].hidden = True
    page.row_dimensions[7].hidden = True
    hidden = book.create_sheet("底稿")
    hidden.append(["每月一次"])
    hidden.sheet_state = "hidden"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_sheet_shows_no_hidden_rows_columns_sheets_and_comments(tmp_path: Path) -> None:
    document = opened(tmp_path, "清单.xlsx", sheet())
    assert paragraphs(document) == ["长河镇防汛任务清单"]
    assert rows(document) == [
        ["重点任务", "责任单位", "完成时限"],
        ["1.巡堤", "水利站", "汛期每日"],
        ["2.清沟", "", "5月31日"],
        ["3.演练", "应急办", "每年一次"],
    ]
    assert document.place(document.lines.index("5月31日") + 1) == "工作表“任务”第5行"
    assert document.remarks == ("隐藏的工作表“底稿”没有读",)


PAGE = """<html><head><style>.gone, #ad {display: none}</style><script>"每月"</script></head>
<body><ul class="nav"><li><a href="/">首页</a></li><li><a href="/a">每日要闻</a></li></ul>
<div id="ad">每小时播报</div><form><div class="TRS_Editor">
<p>各村（社区）：</p><p hidden>每年</p><p>&nbsp;&nbsp;应急办每月
检查一次。</p><ol><li>每周巡查河堤。</li><li>2026年底前修好闸门。</li></ol>
<table><tr><th rowspan="2">任务</th><th colspan="2">责任单位</th></tr>
<tr><th>牵头单位</th><th>配合单位</th></tr>
<tr><td>1.每季度演练</td><td>应急办</td>
<td><table><tr><td>武装部</td></tr></table></td></tr></table>
</div></form><div><a href="1">上一篇：每年总结</a><a href="2">下一篇：每月调度</a></div>
</body></html>"""


@pytest.mark.parametrize("name", ["页面.html", "页面.doc", "页面.txt"])
def test_a_page_shows_the_notice_and_no_navigation(tmp_path: Path, name: str) -> None:
    document = opened(tmp_path, name, PAGE)
    assert paragraphs(document) == [
        "各村（社区）：",
        "应急办每月检查一次。",
        "1.每周巡查河堤。",
        "2. 2026年底前修好闸门。",
    ]
    assert rows(document) == [
        ["任务", "牵头单位", "配合单位"],
        ["1.每季度演练", "应急办", "武装部"],
    ]


def test_markdown_keeps_the_lines_of_the_file(tmp_path: Path) -> None:
    text = (
        "---\ntitle: 每日\n---\n# 值班安排\n\n3. 值班员**每日**交接班。\n4. 队长每周查岗。\n\n"
        "| 重点任务 | 责任单位 |\n|---|---|\n| 每月清点物资 | 应急办 |\n"
    )
    path = tmp_path / "值班.md"
    path.write_text(text, encoding="utf-8")
    notice = read(path)
    assert [(c.quote, notice.document.place(c.line)) for c in notice.clauses] == [
        ("每日", "第6行"),
        ("每周", "第7行"),
        ("每月", "表1第2行"),
    ]
    assert notice.document.lines[1].startswith("3.值班员")


def test_an_open_document_is_read_as_accepted(tmp_path: Path) -> None:
    styles = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
        'style:num-format="一, 二, 三, ..." style:num-suffix="、"/></text:list-style>'
        '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
    )
    item = "<text:list-item><text:p>{}</text:p></text:list-item>"
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    body = (
        "<text:tracked-changes><text:p>每年</text:p></text:tracked-changes>"
        f'<text:list text:style-name="L">{item.format("应急办每月检查。")}'
        f"{item.format('物业每周清扫。')}</text:list>"
        '<text:p>村委会<text:span text:style-name="H">每天</text:span>每季度开会。</text:p>'
        f"<table:table><table:table-row>{''.join(map(cell.format, HEADER))}</table:table-row>"
        f"<table:table-row>{''.join(map(cell.format, ('清沟', '5月底前', '水利站')))}"
        "</table:table-row></table:table>"
    )
    document = opened(tmp_path, "通知.odt", odt(body, styles))
    assert paragraphs(document) == [
        "一、应急办每月检查。",
        "二、物业每周清扫。",
        "村委会每季度开会。",
    ]
    assert rows(document) == [[*HEADER], ["清沟", "5月底前", "水利站"]]


def printed_page(
    number: int, *said: Said, ruled: tuple[Ruled, ...] = ()
) -> tuple[list[Said], tuple[Ruled, ...]]:
    return [(230, 50, "长河镇人民政府"), *said, (280, 800, f"— {number} —")], ruled


def boxes(top: float, *heights: float) -> tuple[Ruled, ...]:
    made: list[Ruled] = []
    for height in heights:
        made += [(72, top, 130, height), (202, top, 260, height), (462, top, 61, height)]
        top += height
    return tuple(made)


def test_a_pdf_is_read_over_its_pages(tmp_path: Path) -> None:
    full = "检查人员对辖区内的企业逐一登记造册，明确专人负责，发现问题当场"
    head = ((77, 115, "重点任务"), (207, 115, "工作要求"), (467, 115, "责任单位"))
    document = opened(
        tmp_path,
        "通知.pdf",
        pdf(
            (
                printed_page(
                    1, (96, 100, "一、总体要求"), (96, 130, full[:28]), (72, 160, "登记。"),
                ),
                printed_page(2, (96, 100, full[:28]), (72, 130, full[-30:])),
                printed_page(3, (72, 100, "交办，每月复查一次。")),
                printed_page(
                    4, *head, (77, 145, "1.查仓库"), (207, 145, "仓库保管员每月清点一次物资，把清"),
                    (207, 161, "点结果张贴在"), (467, 145, "供销社"),
                    ruled=boxes(100, 25, 50),
                ),
                printed_page(
                    5, *head, (207, 145, "门口。"), (77, 175, "2.查渠道"),
                    (207, 175, "每周巡查。"), (467, 175, "水利站"),
                    ruled=boxes(100, 25, 25, 30),
                ),
            )
        ),
    )  # fmt: skip
    assert paragraphs(document) == [
        "一、总体要求",
        f"{full[:28]}登记。",
        f"{full[:28]}{full[-30:]}交办，每月复查一次。",
    ]
    assert rows(document) == [
        ["重点任务", "工作要求", "责任单位"],
        ["1.查仓库", "仓库保管员每月清点一次物资，把清点结果张贴在门口。", "供销社"],
        ["2.查渠道", "每周巡查。", "水利站"],
    ]
    assert [document.place(n) for n in (1, 3, 7)] == ["第1页", "第2—3页", "第4页表格第2行"]


def test_a_pdf_says_which_pages_are_pictures(tmp_path: Path) -> None:
    said = "应急办每月检查一次消防器材，并把结果报镇政府。"
    spoken: tuple[list[Said], tuple[Ruled, ...]] = ([(96, 100, said)], ())
    scanned: tuple[list[Said], tuple[Ruled, ...]] = ([(0, 0, PICTURE)], ())
    document = opened(tmp_path, "通知.pdf", pdf((spoken, scanned, scanned)))
    assert document.lines == (said,)
    assert document.remarks[0].startswith("第2、3页是图片，没有文字，没有读；请提供文字版")
    with pytest.raises(Unreadable, match="没有文字层，是扫描件；请提供文字版"):
        opened(tmp_path, "通知.pdf", pdf((scanned, scanned)))


@pytest.mark.parametrize("name", ["通知.doc", "通知.wps", "通知.txt"])
def test_an_old_file_without_libre_office_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")
    with pytest.raises(Unreadable, match=r"LibreOffice.*另存为 \.docx"):
        opened(tmp_path, name, old)


def test_a_libre_office_that_hangs_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nsleep 60 &\nwait\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(legacy, "_SECONDS", 0.2)
    with pytest.raises(Unreadable, match="已停止；请用 Word 或 WPS 打开后另存"):
        opened(tmp_path, "通知.rtf", "{\\rtf1 }")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_old_file_is_read_by_way_of_libre_office(tmp_path: Path) -> None:
    words = "".join(f"\\u{ord(char)}?" for char in "应急办每月检查一次。")
    document = opened(tmp_path, "通知.doc", f"{{\\rtf1\\ansi {words}\\par}}")
    assert document.lines == ("应急办每月检查一次。",)


def test_a_text_is_read_without_loading_the_libraries_of_other_formats(tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_text("1.应急办每月检查一次。", encoding="utf-8")
    program = (
        "import sys; from obligations.clauses import read; print(len(read(sys.argv[1]).clauses),"
        " {'lxml', 'openpyxl', 'pdfplumber', 'markdown_it'} & set(sys.modules))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "1 set()\n"
