"""A paper as Markdown, for a chat, a mail or the eye."""

from collections.abc import Iterator

from notifier.report.paper.model import (
    Block,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Table,
    day_words,
    words_of,
)


def write_markdown(paper: Paper) -> str:
    """Give the paper as Markdown; pictures are told in words."""
    lines = [f"# {paper.title}", ""]
    if paper.addressee:
        lines += [f"{paper.addressee}：", ""]
    for block in paper.blocks:
        lines += [*_lines(block), ""]
    lines += [
        line for line in (paper.signer, day_words(paper.signed) if paper.signed else "") if line
    ]
    return "\n".join(lines).rstrip() + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text, level=level):
            yield f"{'#' * (level + 1)} {text}"
        case Paragraph(text=text):
            yield text
        case Picture(words=words):
            yield f"（图：{words}）"
        case Table(columns=columns, rows=rows):
            yield _row(tuple(column.name for column in columns))
            yield _row(("---",) * len(columns))
            yield from (_row(tuple(words_of(cell) for cell in row)) for row in rows)


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
