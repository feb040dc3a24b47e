"""A PDF file with a text layer -> parts.

pdfplumber -> pages (lines, ruled tables) -> furniture out -> tables over pages -> paragraphs
"""

import logging
from collections.abc import Iterator
from io import BytesIO

from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber import open as open_pdf
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from obligations.documents.parts import Remark, Shown
from obligations.documents.pdf.flow import read_pages
from obligations.documents.pdf.page import Page, read_page
from obligations.documents.source import LOCKED, Source

__all__ = ["read"]

logging.getLogger("pdfminer").addHandler(logging.NullHandler())  # its remarks are for nobody here

_MOST_PAGES = 600
_FEW_SIGNS = 20  # a page of a scan may bear a number or a name of its own
_GARBLED = 0.3
_TEXT_WANTED = "请提供文字版（Word 或能选中文字的 PDF），或先用文字识别软件转换"
_SCANNED = ("PDF 没有文字层，是扫描件", _TEXT_WANTED)
_NO_TEXT = ("PDF 里没有文字", _TEXT_WANTED)
_UNMAPPED = ("PDF 的文字是乱码（没有字符对照表）", _TEXT_WANTED)


def read(source: Source) -> Shown:
    """Give the parts of a PDF file."""
    try:
        with open_pdf(BytesIO(source.data)) as file:
            pages = _pages(source, file)
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args):
            raise source.unreadable(*LOCKED) from error
        found = "PDF 不完整或已损坏，打不开"
        raise source.unreadable(found, "请重新下载或请发文单位重发") from error
    return (*read_pages(pages), *_unread(pages))


def _pages(source: Source, file: PDF) -> tuple[Page, ...]:
    if len(file.pages) > _MOST_PAGES:
        found = f"PDF 有 {len(file.pages)} 页，不像是一份通知"
        raise source.unreadable(found, "请只留下通知所在的页再试")
    pages = []
    for leaf in file.pages:
        pages.append(read_page(leaf))
        leaf.close()
    _check(source, pages)
    return tuple(pages)


def _unread(pages: tuple[Page, ...]) -> Iterator[Remark]:
    """Say which pages are pictures among others that have text."""
    numbers = [str(page.number) for page in pages if _is_scan(page)]
    if numbers:
        yield Remark(f"第{'、'.join(numbers)}页是图片，没有文字，没有读；{_TEXT_WANTED}")


def _is_scan(page: Page) -> bool:
    return page.pictured and page.signs <= _FEW_SIGNS


def _check(source: Source, pages: list[Page]) -> None:
    """Refuse what has no pages, no text, or text that no font explains."""
    if not pages:
        found = "PDF 里一页也没有，可能没有下载完"
        raise source.unreadable(found, "请重新下载或请发文单位重发")
    signs = sum(page.signs for page in pages)
    if any(map(_is_scan, pages)) and all(page.signs <= _FEW_SIGNS for page in pages):
        raise source.unreadable(*_SCANNED)
    if not signs:
        raise source.unreadable(*_NO_TEXT)
    if sum(page.garbled for page in pages) > signs * _GARBLED:
        raise source.unreadable(*_UNMAPPED)
