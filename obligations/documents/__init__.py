r"""A file -> lines and tables with their places.

source -> formats -> encoding -> lines -> tables -> text   -> assembly -> Document
                  \-> docx | pdf | xlsx | html ... -> parts -/
"""

from datetime import date
from pathlib import Path

from obligations.documents.encoding import decode
from obligations.documents.formats import TEXT, read_parts, recognise
from obligations.documents.head import is_title
from obligations.documents.model import Block, Cell, Document, Paragraph, Span, Table
from obligations.documents.numbering import Level, Number, read_number
from obligations.documents.parts import Shown, to_document
from obligations.documents.source import load
from obligations.documents.text import read_text

__all__ = [
    "Block",
    "Cell",
    "Document",
    "Level",
    "Number",
    "Paragraph",
    "Span",
    "Table",
    "is_title",
    "read",
    "read_number",
    "read_text",
]


def read(path: Path | str, issued: date | None = None) -> Document:
    """Give the document in a file; raise ``Unreadable`` with a sentence where there is none.

    ``issued`` serves where the document bears no date.
    """
    name = Path(path).name
    found = _load(Path(path))
    if isinstance(found, str):
        return read_text(name, found, issued)
    return to_document(name, found, issued)


def _load(path: Path) -> str | Shown:
    """Give the text or the parts of a file; its bytes are held no longer than that takes."""
    source = load(path)
    key = recognise(source)
    return decode(source) if key == TEXT else read_parts(source, key)
