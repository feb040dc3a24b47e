"""What a file really is, by what it holds and never by its name."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from obligations.errors import JiaoyingError

MOST_PIXELS = 24_000_000  # a bomb of a few KB unfolds to billions
MOST_OF_A_PHOTO = 64_000_000  # a JPEG is read small, so that as much as phones make is taken
MOST_PARTS = 5000  # of an office file
_HEAD = 16
_TOO_MANY = "的尺寸太大（照片最多6400万像素，图片最多2400万）。请缩小后再交"
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class NotTaken(JiaoyingError):
    """A file is not taken, in words for whoever chose it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken: what it is served as, and how it is called."""

    type: str
    ending: str
    words: str

    @property
    def is_picture(self) -> bool:
        """Give whether a copy of it can be shown."""
        return self.type.startswith("image/")


_OFFICE = "application/vnd.openxmlformats-officedocument"
JPEG = Kind("image/jpeg", "jpg", "照片")
PNG = Kind("image/png", "png", "图片")
WEBP = Kind("image/webp", "webp", "图片")
PDF = Kind("application/pdf", "pdf", "PDF 文件")
DOCX = Kind(f"{_OFFICE}.wordprocessingml.document", "docx", "Word 文件")
XLSX = Kind(f"{_OFFICE}.spreadsheetml.sheet", "xlsx", "Excel 表格")
OFD = Kind("application/ofd", "ofd", "OFD 文件")
KINDS = {kind.type: kind for kind in (JPEG, PNG, WEBP, PDF, DOCX, XLSX, OFD)}
TAKEN = "照片（JPG、PNG、WebP）、PDF、Word（.docx）、Excel（.xlsx）、OFD"
_FORMATS = {"JPEG": JPEG, "PNG": PNG, "WEBP": WEBP}
_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "OFD.xml": OFD}


def kind_of(path: Path, name: str) -> Kind:
    """Give what the file is; raises `NotTaken` in words where it is nothing that is taken."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise _refused(name, "是空的")
    for mark, look in _LOOKS:
        if head.startswith(mark):
            return look(path, name)
    if head[4:8] == b"ftyp":
        reason = "是手机的 HEIC 照片或视频，这里打不开。请在相机设置里选“兼容性最佳”，或截图后再交"
        raise _refused(name, reason)
    raise _refused(name, f"不是能收的文件。能收：{TAKEN}")


def _picture(path: Path, name: str) -> Kind:
    try:
        with Image.open(path, formats=tuple(_FORMATS)) as image:
            found = _FORMATS[str(image.format)]
            pixels = image.width * image.height
            image.verify()
    except _BOMBS:
        raise _refused(name, _TOO_MANY) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError):
        raise _refused(name, "打不开，可能没有传完整。请重新选一次") from None
    if pixels > (MOST_OF_A_PHOTO if found is JPEG else MOST_PIXELS):
        raise _refused(name, _TOO_MANY)
    return found


def _pdf(_path: Path, _name: str) -> Kind:
    return PDF


def _package(path: Path, name: str) -> Kind:
    """Look at the list of parts only: nothing is unpacked."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _refused(name, "打不开，可能没有传完整。请重新选一次") from None
    found = next((kind for part, kind in _PARTS.items() if part in parts), None)
    if found is None or len(parts) > MOST_PARTS:
        raise _refused(name, f"不是能收的文件（压缩包请解开后再交）。能收：{TAKEN}")
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise _refused(name, "里面有宏，不能收。请另存为不带宏的文件")
    return found


_LOOKS: tuple[tuple[bytes, Callable[[Path, str], Kind]], ...] = (
    (b"\xff\xd8\xff", _picture),
    (b"\x89PNG\r\n\x1a\n", _picture),
    (b"RIFF", _picture),
    (b"%PDF-", _pdf),
    (b"PK\x03\x04", _package),
)


def _refused(name: str, reason: str) -> NotTaken:
    return NotTaken(f"“{name}”{reason}")
