"""A paper as .docx, laid out as an official document: GB/T 9704—2012.

A4, margins 37/35/28/26 mm, 22 lines a page of 28 characters; the fonts are those of the standard,
each with the names under which other systems have the same face.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Opened
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as Written

from notifier.report.paper.model import (
    Block,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Table,
    day_words,
)
from notifier.report.paper.tables import NAMESPACE, clean, table_xml

TITLE, SONG, FANG, HEI, KAI = "方正小标宋简体", "宋体", "仿宋_GB2312", "黑体", "楷体_GB2312"
_OTHER_NAMES = {
    TITLE: "方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,宋体,Noto Serif CJK SC",
    SONG: "SimSun,Noto Serif CJK SC,Source Han Serif SC",
    FANG: "仿宋,FangSong,华文仿宋,Noto Serif CJK SC",
    HEI: "SimHei,Noto Sans CJK SC,Source Han Sans SC",
    KAI: "楷体,KaiTi,华文楷体,Noto Serif CJK SC",
}
_LINE = Pt(28)
_STYLES = (  # name, font, size, centred, line
    ("Gongwen Title", TITLE, 22, True, Pt(34)),
    ("Gongwen Heading 1", HEI, 16, False, _LINE),
    ("Gongwen Heading 2", KAI, 16, False, _LINE),
    ("Gongwen Small", FANG, 12, False, Pt(20)),
    ("Gongwen Gap", FANG, 6, False, Pt(8)),
    ("TableHead", HEI, 9, True, Pt(14)),
    ("TableBody", FANG, 9, False, Pt(14)),
)
_INDENTED = ("Gongwen Heading 1", "Gongwen Heading 2", "Gongwen Small")
_FONT_TABLE = "word/fontTable.xml"
_BODY = "word/document.xml"
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the same paper gives the same file


def write_docx(paper: Paper) -> bytes:
    """Give the paper as the bytes of a .docx."""
    document = Document()
    _set_up(document)
    _write(document, paper.title, "Gongwen Title")
    document.add_paragraph()
    if paper.addressee:
        _write(document, f"{paper.addressee}：", "Normal").paragraph_format.first_line_indent = None
    tables: list[Table] = []
    for block in paper.blocks:
        _add(document, block, tables)
    _sign(document, paper)
    document.core_properties.title = clean(paper.title)
    document.core_properties.author = clean(paper.signer)
    document.core_properties.comments = ""
    signed = paper.signed or datetime(1980, 1, 1, tzinfo=UTC)
    document.core_properties.created = datetime(signed.year, signed.month, signed.day, tzinfo=UTC)
    written = BytesIO()
    document.save(written)
    return _finish(written.getvalue(), tables)


def _add(document: Opened, block: Block, tables: list[Table]) -> None:
    match block:
        case Heading(text=text, level=level):
            heading = _write(document, text, f"Gongwen Heading {level}")
            heading.paragraph_format.keep_with_next = True
        case Paragraph(text=text, small=small):
            paragraph = _write(document, text, "Gongwen Small" if small else "Normal")
            if not small:
                _indent(paragraph)
        case Table():
            place = parse_xml(_place(len(tables), f' xmlns:w="{NAMESPACE}"'))
            document.element.body.insert_element_before(place, "w:sectPr")
            tables.append(block)
            _write(document, "", "Gongwen Gap")
        case Picture(png=png, width=width):
            holder = _write(document, "", "Gongwen Small")
            holder.alignment = WD_ALIGN_PARAGRAPH.CENTER
            holder.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            holder.paragraph_format.first_line_indent = Mm(0)
            shape = holder.add_run().add_picture(BytesIO(png), width=Mm(width))
            properties = shape._inline.docPr  # noqa: SLF001 there is no public way to describe it
            properties.set("descr", clean(block.words))


def _sign(document: Opened, paper: Paper) -> None:
    """Put who signs and the day at the right, the day four characters from the margin."""
    lines = (paper.signer, day_words(paper.signed) if paper.signed else "")
    for line in ("", *(line for line in lines if line)):
        signed = _write(document, line, "Normal")
        signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        signed.paragraph_format.right_indent = Pt(16 * 4)
        signed.paragraph_format.keep_together = True


def _write(document: Opened, text: str, style: str) -> Written:
    return document.add_paragraph(clean(text), style)


def _indent(paragraph: Written) -> None:
    paragraph.paragraph_format.first_line_indent = Pt(32)
    indent = paragraph._p.get_or_add_pPr().find(qn("w:ind"))  # noqa: SLF001 no public way
    indent.set(qn("w:firstLineChars"), "200")


def _set_up(document: Opened) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    styles = document.styles
    normal = styles["Normal"]
    assert isinstance(normal, ParagraphStyle)  # noqa: S101 tells the type checker what it is
    _shape(normal, FANG, 16, _LINE)
    spoken = f'<w:lang xmlns:w="{NAMESPACE}" w:val="zh-CN" w:eastAsia="zh-CN"/>'
    normal.element.get_or_add_rPr().append(parse_xml(spoken))  # else Japanese shapes are taken
    for name, font, size, centred, line in _STYLES:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle)  # noqa: S101 as above
        style.base_style = normal
        _shape(style, font, size, line)
        if centred:
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if name in _INDENTED:
            style.paragraph_format.first_line_indent = Pt(size * 2)
    _number_pages(document)


def _shape(style: ParagraphStyle, font: str, size: float, line: Length) -> None:
    style.font.name = font
    style.font.size = Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:cs"):
        fonts.set(qn(script), font)
    spacing = style.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    spacing.line_spacing = line
    spacing.widow_control = True


def _number_pages(document: Opened) -> None:
    """Put — 1 — at the outer edge: right on odd pages, left on even ones."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    sides = (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    )
    for footer, side in sides:
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.right_indent = Pt(14)
        paragraph.paragraph_format.left_indent = Pt(14)
        for run in (_run("— "), _field(), _run(" —")):
            paragraph._p.append(parse_xml(run))  # noqa: SLF001 fields have no public way


def _run(text: str) -> str:
    look = (
        f'<w:rPr><w:rFonts w:ascii="{SONG}" w:hAnsi="{SONG}" w:eastAsia="{SONG}"/>'
        '<w:sz w:val="28"/></w:rPr>'
    )
    return f'<w:r xmlns:w="{NAMESPACE}">{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _field() -> str:
    inner = _run("1")
    return f'<w:fldSimple xmlns:w="{NAMESPACE}" w:instr=" PAGE ">{inner}</w:fldSimple>'


def _place(number: int, namespace: str = "") -> str:
    """Give what stands in a table's place until it is written: a large one is never a tree."""
    return f'<w:tbl{namespace}><w:tblPr><w:tblCaption w:val="table {number}"/></w:tblPr></w:tbl>'


def _finish(file: bytes, tables: Sequence[Table]) -> bytes:
    """Put in the tables, and the other names of the fonts for systems that lack the standard's."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in _OTHER_NAMES.items()
    )
    written = BytesIO()
    with ZipFile(BytesIO(file)) as before, ZipFile(written, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == _FONT_TABLE:
                content = re.sub(rb"</w:fonts>\s*$", fonts.encode() + b"</w:fonts>", content)
            elif name == _BODY:
                for number, table in enumerate(tables):
                    place = _place(number).encode()
                    content = content.replace(place, table_xml(table).encode(), 1)
            after.writestr(ZipInfo(name, _BEGINNING), content, ZIP_DEFLATED)
    return written.getvalue()
