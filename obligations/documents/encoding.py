"""Bytes of a text file -> its characters, or a sentence that says why not."""

import codecs
from pathlib import Path

from obligations.errors import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KNOWN = (
    (b"%PDF", "PDF 文件"),
    (b"PK\x03\x04", "Word、Excel 或压缩文件"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word 或 Excel 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
)
_ENCODINGS = ("utf-8", "gb18030")
_CONTROLS = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f\v\x1a\x1c\x1d\x1e")


def load(path: Path) -> str:
    """Give the text of a file in UTF-8 or GB18030; raise ``Unreadable`` with a sentence if none."""
    data = _bytes(path)
    if not data.strip():
        message = f"{path}：文件是空的，没有可读的文字；请检查是否选错了文件。"
        raise Unreadable(message)
    for magic, kind in _KNOWN:
        if data.startswith(magic):
            message = f"{path}：这是{kind}，不是纯文本；请把通知另存为纯文本（.txt）后再试。"
            raise Unreadable(message)
    text = _decode(data)
    if text is None:
        message = (
            f"{path}：不是文字文件（按 UTF-8 和 GB18030 都读不通）；"
            "请把通知另存为纯文本（.txt）后再试。"
        )
        raise Unreadable(message)
    if not text.strip():
        message = f"{path}：文件里只有空白，没有文字；请检查是否选错了文件。"
        raise Unreadable(message)
    return text


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        message = f"{path}：没有这个文件；请检查文件名和所在文件夹。"
    except IsADirectoryError:
        message = f"{path}：这是文件夹，不是文件；请写出通知文件的名字。"
    except PermissionError:
        message = f"{path}：没有读取这个文件的权限；请检查文件的权限设置。"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"{path}：读不了这个文件（{reason}）；请换一个位置或重新拷贝后再试。"
    raise Unreadable(message)


def _decode(data: bytes) -> str | None:
    marked = [name for mark, name in _MARKS if data.startswith(mark)]
    for encoding in marked or _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROLS.intersection(text) else text
    return None
