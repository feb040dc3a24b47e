"""The clauses of a notice as a table that people read."""

import sys

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from obligations.clauses import Clause, Kind, Notice
from obligations.documents import Document
from obligations.phrases import explain

WIDTH = 100
AROUND = 24
WORDS = {
    Kind.RECURRING: "周期性",
    Kind.DEADLINE: "有期限",
    Kind.EVENT: "遇事即办",
    Kind.STANDING: "长期",
    Kind.VAGUE: "时间待定",
}
COLUMNS = (("条目", 10), ("谁", 20), ("做什么", 24), ("什么时候", 14), ("原句", 24))


def print_table(notice: Notice) -> None:
    """Print what the notice says of itself, its clauses, and how many of which sort."""
    console = Console(file=sys.stdout, width=WIDTH, highlight=False)
    console.print(heading(notice.document), style="bold")
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 1, 0), expand=False)
    for name, width in COLUMNS:
        table.add_column(name, width=width, overflow="fold")
    above: tuple[str, ...] = ()
    for clause in notice.clauses:
        table.add_row(*cells(clause, above))
        above = clause.units
    if notice.clauses:
        console.print(table)
    console.print(summary(notice))


def heading(document: Document) -> str:
    """Give the title with number, issuer and date."""
    issued = f"{document.issued:%Y年%-m月%-d日}" if document.issued else ""
    parts = (document.number, document.issuer, issued)
    return "\n".join(
        filter(None, (document.title or document.name, "  ".join(filter(None, parts))))
    )


def cells(clause: Clause, above: tuple[str, ...]) -> tuple[Text, ...]:
    """Give the row of a clause; ``above`` are the units of the row before."""
    who = Text(clause.actor or "（原文没有写明）")
    if clause.units:
        units = "同上" if clause.units == above else "、".join(clause.units)
        who.append(f"\n责任单位：{units}", style="dim")
    return (
        Text(f"{clause.item}\n第{clause.line}行".strip()),
        who,
        Text(clause.action),
        Text(explain(clause.schedule), style="yellow" if clause.kind is Kind.VAGUE else "cyan"),
        excerpt(clause),
    )


def excerpt(clause: Clause) -> Text:
    """Give the words around the time phrase, the phrase in 【】."""
    sentence, start, end = clause.sentence, clause.mark, clause.mark_end
    before = sentence[max(start - AROUND, 0) : start]
    after = sentence[end : end + AROUND]
    text = Text("…" if start > AROUND else "")
    text.append(before)
    text.append(f"【{sentence[start:end]}】", style="bold")
    text.append(after)
    return text.append("…" if end + AROUND < len(sentence) else "")


def summary(notice: Notice) -> str:
    """Give how many duties of which sort the notice holds."""
    kinds = [clause.kind for clause in notice.clauses]
    if not kinds:
        return "没有读出带时间要求的任务。"
    counts = "，".join(
        f"{word} {kinds.count(kind)}" for kind, word in WORDS.items() if kind in kinds
    )
    return f"共 {len(kinds)} 项：{counts}。"
