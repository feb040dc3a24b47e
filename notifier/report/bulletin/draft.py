"""A bulletin's template filled: title, chat text, paper and file.

A template is text. A line is a paragraph; ``# `` before it makes it the title, ``> `` whom it
is to, ``## `` and ``### `` headings, ``- `` a remark; ``[[表 排名]]`` and ``[[图 办结矩阵]]`` are
a table and a picture by name.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlalchemy import Connection

from notifier.hours import Hours
from notifier.report.bulletin.contents import Contents, fill
from notifier.report.bulletin.figures import MONTHS_LOOKED, Figure
from notifier.report.bulletin.gather import gather
from notifier.report.bulletin.spans import Kind, span_of
from notifier.report.paper import (
    Block,
    Heading,
    Paper,
    Paragraph,
    Table,
    words_of,
    write_docx,
)
from obligations.errors import Misconfigured

_BUILT_IN = Path(__file__).parent / "templates"
_INSERT = re.compile(r"\[\[(表|图) ([^\]\s]+)\]\]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A bulletin before the office's yes; ``drawings`` are the pictures as SVG for a page."""

    title: str
    text: str
    paper: Paper
    file: bytes
    figures: tuple[Figure, ...]
    drawings: Mapping[str, str]


def draft(  # noqa: PLR0913 -- from what, which, whose, when, and whose words
    connection: Connection,
    kind: Kind,
    office: str,
    hours: Hours,
    on: date,
    *,
    templates: Path | None = None,
) -> Draft:
    """Give the bulletin of a day; ``templates`` is the office's own folder, if it has one."""
    span = span_of(kind, on)
    looked = on.year * 12 + on.month - MONTHS_LOOKED
    since = min(date(span.last.year, 1, 1), span.first, date(looked // 12, looked % 12 + 1, 1))
    made = fill(kind, gather(connection, hours, since, on), span, office, hours)
    folders = [folder for folder in (templates, _BUILT_IN) if folder]
    paper = _paper(_fill_in(folders, f"{kind}.jinja", made), made, f"{kind}.jinja")
    paper = replace(paper, signer=office, signed=on)
    own = templates / f"{kind}.docx" if templates else None
    file = _own_docx(own, made) if own and own.exists() else write_docx(paper)
    lines = map(str.strip, _fill_in(folders, f"{kind}.chat.jinja", made).splitlines())
    text = "\n".join(line for line in lines if line)
    return Draft(paper.title, text, paper, file, tuple(made.figures), made.drawings)


def _fill_in(folders: list[Path], name: str, made: Contents) -> str:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        autoescape=False,
    )
    try:
        return environment.get_template(name).render(made.words)
    except (TemplateError, ArithmeticError, TypeError, ValueError, UnicodeDecodeError) as error:
        place = f"第{error.lineno}行" if isinstance(error, TemplateSyntaxError) else ""
        known = "、".join(made.words)
        message = f"模板 {name}{place}填不出来：{error}。能用的名称有：{known}"
        raise Misconfigured(message) from None


def _paper(text: str, made: Contents, name: str) -> Paper:
    title = addressee = ""
    blocks: list[Block] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("# "):
            title = line[2:].strip()
        elif line.startswith("> "):
            addressee = line[2:].strip().rstrip("：:")
        else:
            blocks += _blocks(line, made, name)
    return Paper(title or str(made.words["标题"]), tuple(blocks), addressee)


def _blocks(line: str, made: Contents, name: str) -> Iterator[Block]:
    insert = _INSERT.fullmatch(line)
    if line.startswith("### "):
        yield Heading(line[4:], 2)
    elif line.startswith("## "):
        yield Heading(line[3:], 1)
    elif line.startswith("- "):
        yield Paragraph(line[2:], small=True)
    elif insert is None:
        yield Paragraph(line)
    elif insert[1] == "图" and insert[2] in made.pictures:
        yield made.pictures[insert[2]]
    elif insert[1] == "表" and insert[2] in made.tables:
        yield made.tables[insert[2]]
    elif insert[2] not in ("办结矩阵", "应答用时", "述职"):  # those may be absent this time
        known = "、".join((*made.tables, *made.pictures))
        message = f"模板 {name} 里的“{line}”没有这个表或图。能用的有：{known}"
        raise Misconfigured(message)


def _own_docx(path: Path, made: Contents) -> bytes:
    """Fill the office's own Word file: {{ 应办 }}, and {%tr for 行 in 排名 %} for rows."""
    rows = {name: _rows(table) for name, table in made.tables.items()}
    try:
        document = DocxTemplate(path)
        environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
        document.render({**rows, **made.words}, environment)
        written = BytesIO()
        document.save(written)
    except Exception as error:  # noqa: BLE001 whatever a Word file can hold, the office is told
        known = "、".join({**rows, **made.words})
        message = f"模板 {path} 填不出来：{error}。能用的名称有：{known}"
        raise Misconfigured(message) from None
    return written.getvalue()


def _rows(table: Table) -> list[dict[str, str]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, map(words_of, row), strict=True)) for row in table.rows]
