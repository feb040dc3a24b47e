"""Bytes of a text file -> its characters, or a sentence that says why not."""

import codecs

from obligations.documents.source import Source

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENCODINGS = ("utf-8", "gb18030")
_CONTROLS = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f\v\x1a\x1c\x1d\x1e")


def decode(source: Source) -> str:
    """Give the text of a file in UTF-8 or GB18030; raise ``Unreadable`` with a sentence if none."""
    text = _decode(source.data)
    if text is None:
        found = "不是文字文件（按 UTF-8 和 GB18030 都读不通）"
        raise source.unreadable(found, "请提供 Word、PDF、Excel、网页或纯文本（.txt）格式的通知")
    if not text.strip():
        found = "文件里只有空白，没有文字"
        raise source.unreadable(found, "请检查是否选错了文件")
    return text


def _decode(data: bytes) -> str | None:
    marked = [name for mark, name in _MARKS if data.startswith(mark)]
    for encoding in marked or _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROLS.intersection(text) else text
    return None
