"""A Word file -> what it shows when all changes are accepted.

    archive -> styles, lists -> body | runs -> parts

Headers, footers, notes, comments, hidden and deleted words are no part of it.
"""

from posixpath import basename, dirname, join, normpath
from zipfile import ZipFile

from obligations.documents.archive import attribute, local, member, opened, tree
from obligations.documents.docx.body import read_body
from obligations.documents.docx.lists import Lists, read_lists
from obligations.documents.docx.styles import Styles, read_styles
from obligations.documents.parts import Part
from obligations.documents.source import Source

__all__ = ["read"]

_MAIN = "word/document.xml"


def read(source: Source) -> tuple[Part, ...]:
    """Give the parts of a Word file."""
    with opened(source) as archive:
        name = _target(archive, "_rels/.rels", "officeDocument") or _MAIN
        data = member(archive, name)
        if data is None:
            found = "这个 Word 文件里没有正文"
            raise source.unreadable(found, "请用 Word 或 WPS 打开后另存一份再试")
        styles = _styles(archive, name)
        lists = _lists(archive, name)
        return tuple(read_body(tree(data), styles, lists))


def _styles(archive: ZipFile, main: str) -> Styles:
    data = member(archive, _beside(archive, main, "styles"))
    return read_styles(tree(data)) if data else Styles()


def _lists(archive: ZipFile, main: str) -> Lists:
    data = member(archive, _beside(archive, main, "numbering"))
    return read_lists(tree(data)) if data else Lists()


def _beside(archive: ZipFile, main: str, kind: str) -> str:
    """Give the name of the part that the main part refers to as its styles or numbering."""
    folder = dirname(main)
    relations = join(folder, "_rels", f"{basename(main)}.rels")
    return _target(archive, relations, kind, folder) or join(folder, f"{kind}.xml")


def _target(archive: ZipFile, relations: str, kind: str, folder: str = "") -> str | None:
    data = member(archive, relations)
    if not data:
        return None
    for relation in tree(data):
        if local(relation) == "Relationship" and str(attribute(relation, "Type")).endswith(
            f"/{kind}"
        ):
            target = attribute(relation, "Target") or ""
            return normpath(join("/", folder, target)).lstrip("/")
    return None
