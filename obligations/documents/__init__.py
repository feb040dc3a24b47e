"""A file -> lines and tables with their places.

    encoding -> lines -> head | tables -> text -> Document

Only text files are read here; a reader of another format gives the same ``Document``.
"""

from datetime import date
from pathlib import Path

from obligations.documents.encoding import load
from obligations.documents.head import is_title
from obligations.documents.model import Block, Cell, Document, Paragraph, Span, Table
from obligations.documents.numbering import Level, Number, read_number
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
    return read_text(Path(path).name, load(Path(path)), issued)
