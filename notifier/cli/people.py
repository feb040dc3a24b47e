"""``jiaoying people import``: an office's phone book beside rules.yaml, and into it."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from openpyxl.utils import get_column_letter

from notifier.cli.rules_file import read_rules, write_rules_file
from notifier.config import environment, settings
from obligations.people import (
    Book,
    Change,
    Comparison,
    Field,
    Layout,
    compare,
    read_book,
    read_tables,
    settle,
)
from obligations.rules import load

_SHOWN = 200
NEW_FILE = "人员: {}\n"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command understands."""
    parser.add_argument("action", choices=("import",), help="import：从通讯录里读人员")
    parser.add_argument("book", type=Path, metavar="通讯录.xlsx", help="通讯录，.xlsx 或 .csv")
    parser.add_argument("--rules", help="规则文件，默认 JIAOYING_RULES 或 rules.yaml")
    parser.add_argument("--write", action="store_true", help="写进规则文件；不写这一项只看会改什么")


def run(options: argparse.Namespace) -> int:
    """Say what the book changes, write it if told to; 1 where something was left out."""
    path = settings(environment(options.rules), options.rules).rules
    old = read_rules(path)
    text = old if old and old.strip() else NEW_FILE
    office = load(text, str(path))
    book = read_book(*read_tables(options.book))
    found = compare(book, office)
    new = settle(text, found.changes, str(path)) if found.changes else old or ""
    sys.stdout.writelines(f"{line}\n" for line in told(options.book, book, found))
    sys.stdout.write(f"{ending(path, old, new, write=options.write)}\n")
    return int(any(remark.left for remark in (*book.remarks, *found.remarks)))


def ending(path: Path, old: str | None, new: str, *, write: bool) -> str:
    """Write the file if told to and anything is new, and say so."""
    if new == (old or ""):
        return f"{path} 没有要改的"
    if not write:
        return f"以上是试算，{path} 没有改动；核对无误后加 --write 再运行一次"
    backup = write_rules_file(path, old, new)
    return f"已写进 {path}" + (f"，原文件另存为 {backup}" if backup else "")


def told(path: Path, book: Book, found: Comparison) -> Iterator[str]:
    """Give everything that the office should know, changes first."""
    yield f"{path.name}：读到 {len(book.people)} 人"
    yield from map(layout_words, book.layouts)
    new = [change for change in found.changes if change.new]
    changed = [change for change in found.changes if not change.new]
    yield from listed("新增", new)
    yield from listed("改动", changed)
    if found.same:
        yield f"没有变：{len(found.same)} 人"
    if found.unlisted:
        names = "、".join(found.unlisted[:_SHOWN])
        yield f"规则文件里有、通讯录里没有，照旧留着：{len(found.unlisted)} 人（{names}）"
    remarks = sorted((*book.remarks, *found.remarks), key=lambda remark: not remark.left)
    left = sum(remark.left for remark in remarks)
    if remarks:
        yield f"请核对 {len(remarks)} 处，其中 {left} 处没有写进去："
        yield from (f"  {remark}" for remark in remarks)


def layout_words(layout: Layout) -> str:
    """Give which columns of a sheet were used.

    >>> layout_words(Layout("机关", 3, (("姓名", 2), ("手机", 4)), ("序号",)))
    '  工作表“机关”标题在第3行：B列是姓名，D列是手机；没有用的栏：序号'
    """
    used = "，".join(f"{get_column_letter(number)}列是{name}" for name, number in layout.used)
    unused = f"；没有用的栏：{'、'.join(layout.unused)}" if layout.unused else ""
    return f"  工作表“{layout.sheet}”标题在第{layout.row}行：{used}{unused}"


def listed(title: str, changes: Iterable[Change]) -> Iterator[str]:
    """Give the changes of one kind, one a line."""
    lines = [f"  {change.group} {change.name}：{words(change)}" for change in changes]
    if lines:
        yield f"{title} {len(lines)} 项："
        yield from lines


def words(change: Change) -> str:
    """Give what changes: 手机 13800000001 → 13900000002."""
    return "，".join(map(field_words, change.fields)) or "只有姓名"


def field_words(field: Field) -> str:
    """Give one field before and after.

    >>> field_words(Field("手机", (), ("13800000001",)))
    '手机 13800000001'
    """
    old, new = "、".join(field.old), "、".join(field.new)
    return f"{field.key} {old} → {new}" if old else f"{field.key} {new}"
