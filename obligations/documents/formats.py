"""Which format a file has, by its content first and by its name second, and who reads it.

Only the reader of the format at hand is loaded: a text file waits for no PDF library.
"""

from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from types import MappingProxyType
from zipfile import BadZipFile, ZipFile

from obligations.documents.parts import Remark, Shown
from obligations.documents.source import Source
from obligations.errors import Unreadable

Reader = Callable[[Source], Shown]

READERS = MappingProxyType(
    {
        "docx": "obligations.documents.docx",
        "xlsx": "obligations.documents.xlsx",
        "odt": "obligations.documents.odt",
        "pdf": "obligations.documents.pdf",
        "html": "obligations.documents.html",
        "md": "obligations.documents.md",
        "legacy": "obligations.documents.legacy",
    }
)
TEXT = "txt"
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OPENINGS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "legacy"),
    (b"{\\rtf", "legacy"),
)
_FOREIGN = (
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"Rar!", "压缩文件"),
    (b"7z\xbc\xaf\x27\x1c", "压缩文件"),
    (b"\x1f\x8b", "压缩文件"),
)
_PDF_WITHIN = 1024
_HTML_WITHIN = 2048
_WRAPPED = (
    (b"mime-version:", "单个文件的网页（.mht）或邮件"),
    (b'progid="word.document"', "Word 2003 的 XML 文件"),
    (b"schemas.microsoft.com/office/word/2003", "Word 2003 的 XML 文件"),
)
_NAMES = MappingProxyType(
    {".html": "html", ".htm": "html", ".xhtml": "html", ".md": "md", ".markdown": "md"}
)
_SEALED = (("OFD.xml", "OFD 版式文件"), ("ppt/", "演示文稿"))
_DAMAGED = ("文件已损坏，读不下去", "请打开后另存一份再试，打不开就请发文单位重发")
_MEMBERS = (("word/", "docx"), ("xl/", "xlsx"), ("content.xml", "odt"))


def recognise(source: Source) -> str:
    """Give the key of the format; raise ``Unreadable`` for what no reader takes.

    >>> from pathlib import Path
    >>> recognise(Source(Path("通知.doc"), b"%PDF-1.7")), recognise(Source(Path("说明.md"), b"#"))
    ('pdf', 'md')
    """
    data = source.data
    if data.startswith(_ARCHIVES):
        return _in_archive(source)
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    for magic, key in _OPENINGS:
        if data.startswith(magic):
            return key
    for magic, words in _FOREIGN:
        if data.startswith(magic) and (len(magic) > len(b"BM") or b"\0" in data):
            found = f"这是{words}，里面没有可读的文字"
            raise source.unreadable(found, "请提供 Word、PDF、Excel、网页或纯文本格式的通知")
    return _in_text(source)


def _in_archive(source: Source) -> str:
    try:
        with ZipFile(BytesIO(source.data)) as archive:
            names = archive.namelist()
    except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        found = "文件不完整（可能没有下载完或拷贝中断），打不开"
        raise source.unreadable(found, "请重新下载或请发文单位重发") from None
    for opening, key in _MEMBERS:
        if any(name.startswith(opening) for name in names):
            return key
    for opening, words in _SEALED:
        if any(name.startswith(opening) for name in names):
            found = f"这是{words}，读不了"
            raise source.unreadable(found, "请打开后另存为 PDF 或 Word 文件再试")
    found = "这是压缩包，里面没有 Word、Excel 或 WPS 的正文"
    raise source.unreadable(found, "请解压后选择其中的通知文件，或重新另存为 .docx")


def _in_text(source: Source) -> str:
    opening = source.data[:_HTML_WITHIN].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for mark, words in _WRAPPED:
        if mark in opening:
            found = f"这是{words}，读不了"
            raise source.unreadable(found, "请用 Word 或 WPS 打开后另存为 .docx 再试")
    if opening.startswith((b"<!doctype html", b"<html")) or (
        opening.startswith((b"<?xml", b"<!--")) and b"<html" in opening
    ):
        return "html"
    return _NAMES.get(source.path.suffix.lower(), TEXT)


def read_parts(source: Source, key: str) -> Shown:
    """Give what a file shows, in its order; raise ``Unreadable`` whatever is wrong with it."""
    reader: Reader = import_module(READERS[key]).read
    try:
        parts = reader(source)
    except Unreadable:
        raise
    except Exception as error:
        raise source.unreadable(*_DAMAGED) from error
    if all(isinstance(part, Remark) for part in parts):
        found = "文件打得开，但里面没有文字"
        raise source.unreadable(found, "请检查是否选错了文件；如果内容是图片，请提供文字版")
    return parts
