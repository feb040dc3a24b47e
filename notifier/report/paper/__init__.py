"""Papers: headings, paragraphs, tables and pictures, written as .docx, .xlsx or Markdown.

model     what a paper is made of
docx      laid out as an official document (GB/T 9704)
tables    the tables of a .docx as XML
xlsx      the tables as sheets with real dates
markdown  text for a chat or a mail
"""

from notifier.report.paper.docx import write_docx
from notifier.report.paper.markdown import write_markdown
from notifier.report.paper.model import (
    Block,
    Cell,
    Column,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Table,
    day_words,
    words_of,
)
from notifier.report.paper.xlsx import write_xlsx

__all__ = [
    "Block",
    "Cell",
    "Column",
    "Heading",
    "Paper",
    "Paragraph",
    "Picture",
    "Table",
    "day_words",
    "words_of",
    "write_docx",
    "write_markdown",
    "write_xlsx",
]
