"""The clauses of a notice as a table that people read."""

import sys
from shutil import get_terminal_size

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.containers import Lines
from rich.table import Table
from rich.text import Text

from obligations.clauses import Clause, Kind, Notice
from obligations.documents import Document
from obligations.phrases import explain

USUAL, LEAST, MOST = 100, 60, 160
WIDE = 120
AROUND = 24
WORDS = {
    Kind.RECURRING: "周期性",
    Kind.DEADLINE: "有期限",
    Kind.EVENT: "遇事即办",
    Kind.STANDING: "长期",
    Kind.VAGUE: "时间待定",
}
UNITS = "责任单位"
COLUMNS = (("谁", 8), ("做什么", 11), ("什么时候", 7), (UNITS, 8), ("原句", 12))
ITEM, NARROW_ITEM = 13, 10
NO_START = "，。、；：！？）》”】…,.;:!?)"
NO_END = "（《“【("
BREAKS = "，；。：！？,;"


def print_table(notice: Notice) -> None:
    """Print what the notice says of itself, its clauses, and how many of which sort."""
    width = min(max(get_terminal_size((USUAL, 24)).columns, LEAST), MOST)
    console = Console(file=sys.stdout, width=width, highlight=False)
    console.print(heading(notice.document), style="bold")
    if notice.clauses:
        console.print(clause_table(notice, width))
    console.print(summary(notice))


def clause_table(notice: Notice, width: int) -> Table:
    """Give a row a clause; the units have a column of their own where there is room."""
    wide = width >= WIDE
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 1, 0))
    columns = [column for column in COLUMNS if wide or column[0] != UNITS]
    item = ITEM if width >= USUAL else NARROW_ITEM
    room = width - item - 2 * (len(columns) + 1)
    widths = [item, *(room * share // sum(part for _, part in columns) for _, share in columns)]
    for name, size in zip(("条目", *(name for name, _ in columns)), widths, strict=True):
        table.add_column(name, width=size, no_wrap=True)
    above: tuple[str, ...] = ()
    for clause in notice.clauses:
        row = cells(clause, notice.document.place(clause.line), above, wide=wide)
        table.add_row(*(fold(text, size) for text, size in zip(row, widths, strict=True)))
        above = clause.units
    return table


def fold(text: Text, width: int) -> Text:
    r"""Give the text in lines of a width; no line begins with a mark that closes.

    >>> fold(Text("每月检查，并通报"), 8).plain
    '每月检\n查，并通\n报'
    """
    parts = (_fold_line(line, width) for line in text.split("\n", allow_blank=True))
    return Text("\n").join(line for part in parts for line in part)


def _fold_line(line: Text, width: int) -> Lines:
    cuts: list[int] = []
    used = start = 0
    for at, char in enumerate(line.plain):
        used += cell_len(char)
        if used > width:
            start = _cut(line.plain, start, at, width)
            cuts.append(start)
            used = cell_len(line.plain[start : at + 1])
    return line.divide(cuts)


def _cut(words: str, start: int, at: int, width: int) -> int:
    """Give where a line ends: before a marked phrase that fits on the next, and before no mark."""
    opened = words.rfind("【", start + 1, at)
    closed = words.find("】", opened)
    if opened > start and closed >= at and cell_len(words[opened : closed + 1]) <= width:
        return opened
    cut = at
    while cut - 1 > start and (words[cut] in NO_START or words[cut - 1] in NO_END):
        cut -= 1
    return cut


def heading(document: Document) -> str:
    """Give the title with number, issuer and date."""
    issued = f"{document.issued:%Y年%-m月%-d日}" if document.issued else ""
    parts = (document.number, document.issuer, issued)
    return "\n".join(
        filter(None, (document.title or document.name, "  ".join(filter(None, parts))))
    )


def cells(clause: Clause, place: str, above: tuple[str, ...], *, wide: bool) -> tuple[Text, ...]:
    """Give the row of a clause; ``above`` are the units of the row before."""
    who = Text(clause.actor) if clause.actor else Text("（没有写明）", style="dim")
    units = "同上" if clause.units and clause.units == above else "、".join(clause.units)
    if units and not wide:
        who.append(f"\n责任单位：{units}", style="dim")
    item = Text(clause.item)
    item.append(f"\n{place}" if clause.item else place, style="dim")
    when = Text(explain(clause.schedule), style="yellow" if clause.kind is Kind.VAGUE else "cyan")
    row = (item, who, Text(clause.action), when)
    return (*row, Text(units), excerpt(clause)) if wide else (*row, excerpt(clause))


def excerpt(clause: Clause) -> Text:
    """Give the words around the time phrase, the phrase in 【】."""
    sentence, start, end = clause.sentence, clause.mark, clause.mark_end
    first, last = opening(sentence, start), closing(sentence, end)
    text = Text("…" if first else "")
    text.append(sentence[first:start])
    text.append(f"【{sentence[start:end]}】", style="bold")
    text.append(sentence[end:last])
    return text.append("…" if last < len(sentence) else "")


def opening(sentence: str, start: int) -> int:
    """Give where the words before a phrase begin: with their clause, unless that is long.

    >>> opening("一是加强值守，应急办每月", 10)
    7
    """
    least = max(start - AROUND, 0)
    return max(sentence.rfind(mark, least, max(start - 1, 0)) + 1 for mark in BREAKS) or least


def closing(sentence: str, end: int) -> int:
    """Give where the words behind a phrase end: with their clause, unless that is long.

    >>> closing("每月检查物资，并通报", 2)
    6
    """
    most = min(end + AROUND, len(sentence))
    ends = (sentence.find(mark, end + 2, most) for mark in BREAKS)
    return min((at for at in ends if at >= 0), default=most)


def summary(notice: Notice) -> str:
    """Give how many duties of which sort the notice holds."""
    kinds = [clause.kind for clause in notice.clauses]
    if not kinds:
        return "没有读出带时间要求的任务。"
    counts = "，".join(
        f"{word} {kinds.count(kind)}" for kind, word in WORDS.items() if kind in kinds
    )
    return f"共 {len(kinds)} 项：{counts}。"
