"""The members of an office archive, opened without trusting what it says about itself."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from lxml import etree

from obligations.documents.source import LOCKED, Source

LARGEST_MEMBER = 32_000_000
LARGEST_WHOLE = 160_000_000
STEEPEST = 200  # text and markup are packed to a tenth, hardly ever to a hundredth
_SMALL = 4_000_000
_ENCRYPTED = 0x1
_DECLARED = (b"<!DOCTYPE", b"<!ENTITY")
_TORN = ("文件不完整或已损坏，解不开", "请重新下载或请发文单位重发")
_ODD = ("文件用了 Word 和 WPS 都不用的压缩方式，没有打开", "请用 Word 或 WPS 打开后另存一份再试")


@contextmanager
def opened(source: Source) -> Iterator[ZipFile]:
    """Open the archive if it is whole and unpacks to no more than a notice could need."""
    try:
        with ZipFile(BytesIO(source.data)) as archive:
            _check(source, archive)
            yield archive
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise source.unreadable(*_TORN) from error


def _check(source: Source, archive: ZipFile) -> None:
    whole = 0
    for info in archive.infolist():
        if info.flag_bits & _ENCRYPTED:
            raise source.unreadable(*LOCKED)
        steep = info.file_size > _SMALL and info.file_size > STEEPEST * info.compress_size
        markup = info.filename.endswith((".xml", ".rels"))
        whole += info.file_size
        if steep or whole > LARGEST_WHOLE or (markup and info.file_size > LARGEST_MEMBER):
            size = max(info.file_size, whole) // 1_000_000
            found = f"解开后超过 {size} MB，不像是一份通知，没有打开"
            raise source.unreadable(found, "请核对来源；如果确是通知，请另存为 .docx 再试")
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise source.unreadable(*_ODD)


def member(archive: ZipFile, name: str) -> bytes | None:
    """Give the bytes of a member, None where there is none.

    It is unpacked no further than the size that was checked; a false size is a ``BadZipFile``.
    """
    if name not in archive.namelist():
        return None
    with archive.open(name) as file:
        return file.read(archive.getinfo(name).file_size + 1)


def tree(data: bytes) -> etree._Element:
    """Give the root of a document that declares nothing of its own: no entities, no network."""
    refuse_declarations(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(data, parser)


def refuse_declarations(data: bytes) -> None:
    """Raise ``ValueError`` where markup declares entities: no office program writes any."""
    if any(word in data or _wide(word) in data for word in _DECLARED):
        message = "an office file declares no document type"
        raise ValueError(message)


def _wide(word: bytes) -> bytes:
    """The word as UTF-16 writes it, without its last blank byte."""
    return word.decode().encode("utf-16-le")[:-1]


def local(element: etree._Element) -> str:
    """Give the name of an element without its namespace, which differs by Word's dialect."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, name: str) -> str | None:
    """Give an attribute whatever its namespace."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """Give the first child of that name, and so on down the names."""
    found = element
    for name in names:
        if found is None:
            return None
        found = next((inner for inner in found if local(inner) == name), None)
    return found


def number(words: str | None, default: int = 0) -> int:
    """Give the whole number that an attribute holds."""
    try:
        return int(words) if words and len(words) < len("1000000000") else default
    except ValueError:
        return default
