"""``jiaoying export``: the whole ledger and all rules in formats that everything can read."""

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from sqlalchemy import Connection, Row, select

from notifier.cli.records import reading
from notifier.cli.rules_file import read_rules
from notifier.config import environment, settings
from notifier.events import KIND_WORDS
from notifier.ledger.schema import instant, ledger
from obligations.errors import Misconfigured
from obligations.rules import Office, Rule, load
from obligations.rules.tree import compose

LEDGER_LINES = "ledger.jsonl"
RULES_LINES = "rules.jsonl"
BOOK = "jiaoying.xlsx"
ROWS = 1_000_000  # a sheet holds 1,048,576
CELL = 32_000  # characters; a cell holds 32,767

Record = Row[tuple[int, str, str, str, str]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "--out", required=True, type=Path, help="写到哪里：一个文件夹，或 .jsonl、.xlsx 文件"
    )
    parser.add_argument("--format", choices=("jsonl", "xlsx"), help="只要一种格式，默认两种都写")
    parser.add_argument("--rules", help="规则文件，默认 rules.yaml")
    parser.add_argument("--data", help="存放台账的文件夹，默认 data")


def run(options: argparse.Namespace) -> int:
    """Write everything as it stood at one instant, beside the running program if there is one."""
    chosen = settings(environment(options.rules), options.rules, options.data)
    text = read_rules(chosen.rules) or ""
    office = load(text, str(chosen.rules))
    targets = _targets(options.out, options.format)
    try:
        with reading(chosen) as connection:
            for name, path in targets.items():
                path.touch(mode=0o600)  # names and telephone numbers are nobody else's business
                count = _WRITERS[name](path, connection, text, office)
                print(f"{path}：{count}行")
    except OSError as error:
        message = f"{options.out} 写不进去（{error.strerror}）。请换一个文件夹，或看看磁盘是否已满"
        raise Misconfigured(message) from error
    return 0


def _targets(out: Path, wanted: str | None) -> Mapping[str, Path]:
    """Give which writer writes to which file."""
    ending = out.suffix.lower().removeprefix(".")
    if ending in ("jsonl", "xlsx"):
        if wanted not in (None, ending):
            message = f"--format {wanted} 与文件名 {out.name} 不一致，请改一个"
            raise Misconfigured(message)
        return {"all" if ending == "jsonl" else "book": out}
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{out} 不是能写的文件夹（{error.strerror}）。请换一个"
        raise Misconfigured(message) from error
    lines = {"ledger": out / LEDGER_LINES, "rules": out / RULES_LINES}
    book = {"book": out / BOOK}
    return {"jsonl": lines, "xlsx": book, None: {**lines, **book}}[wanted]


def _records(connection: Connection) -> Iterator[Record]:
    query = select(ledger).order_by(ledger.c.seq)
    yield from connection.execution_options(yield_per=1000).execute(query)


def ledger_line(row: Record) -> str:
    """Give a row as a line; the fact stands in it letter by letter as the hash was made over it."""
    try:
        json.loads(row.body)
        body = row.body
    except ValueError:
        body = json.dumps(row.body, ensure_ascii=False)  # somebody spoiled it: shown as it is
    head = json.dumps({"seq": row.seq, "at": row.at, "kind": row.kind}, ensure_ascii=False)
    return f'{head[:-1]}, "fact": {body}, "hash": {json.dumps(row.hash)}}}'


def rules_lines(text: str) -> Iterator[str]:
    """Give everything that rules.yaml says, one thing a line, in its own words.

    >>> next(rules_lines("单位: {应急办: {负责人: 周敏}}"))
    '{"table": "单位", "name": "应急办", "value": {"负责人": "周敏"}}'
    """
    tree: object = compose(text).value
    for table, content in (tree if isinstance(tree, dict) else {}).items():
        if isinstance(content, dict):
            items = [{"table": table, "name": name, "value": it} for name, it in content.items()]
        else:
            found = content if isinstance(content, list) else [content]
            items = [{"table": table, "value": item} for item in found]
        yield from (json.dumps(item, ensure_ascii=False) for item in items)


def _write_lines(path: Path, lines: Iterable[str]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(f"{line}\n")
            count += 1
    return count


def _write_ledger(path: Path, connection: Connection, _text: str, _office: Office) -> int:
    return _write_lines(path, map(ledger_line, _records(connection)))


def _write_rules(path: Path, _connection: Connection, text: str, _office: Office) -> int:
    return _write_lines(path, rules_lines(text))


def _write_all(path: Path, connection: Connection, text: str, _office: Office) -> int:
    """Write both into one file: a line of the rules has "table", one of the ledger has "seq"."""
    return _write_lines(path, chain(rules_lines(text), map(ledger_line, _records(connection))))


def _write_book(path: Path, connection: Connection, _text: str, office: Office) -> int:
    book = Workbook(write_only=True)
    zone = ZoneInfo(office.timezone)
    rules = (_rule_row(rule) for rule in office.rules)
    count = _fill(book, "规则", RULE_HEAD, rules)
    count += _fill(book, "台账", LEDGER_HEAD, (_row(one, zone) for one in _records(connection)))
    book.save(path)
    return count


RULE_HEAD = ("编号", "事项", "责任人", "频次", "佐证", "来源", "状态")
LEDGER_HEAD = ("序号", "时间", "类别", "说明", "记录时刻(UTC)", "校验值", "内容(JSON)")


def _rule_row(rule: Rule) -> tuple[str, ...]:
    source = " ".join(part for part in (rule.source.document, rule.source.item) if part)
    bearers = "、".join(term for bearing in rule.bearings for term in bearing.terms)
    state = "待确认" if rule.draft else "执行中"
    return rule.id, rule.matter, bearers, rule.phrase, rule.evidence, source, state


def _row(one: Record, zone: ZoneInfo) -> tuple[str | int, ...]:
    local = f"{_local(one.at, zone):%Y-%m-%d %H:%M:%S}"
    pieces = (one.body[start : start + CELL] for start in range(0, len(one.body), CELL))
    kind = KIND_WORDS.get(one.kind, one.kind)
    return (one.seq, local, kind, _reason(one.body), one.at, one.hash, *pieces)


def _local(text: str, zone: ZoneInfo) -> datetime:
    return instant(text).astimezone(zone)


def _reason(body: str) -> str:
    try:
        found = json.loads(body)
    except ValueError:
        return "读不出来"
    return str(found.get("reason", ""))[:CELL] if isinstance(found, dict) else "读不出来"


def _fill(
    book: Workbook, title: str, head: tuple[str, ...], rows: Iterable[tuple[str | int, ...]]
) -> int:
    """Write rows into as many sheets as they need; give how many there were."""
    count = 0
    sheet = None
    for row in rows:
        if sheet is None or count % ROWS == 0:
            sheet = _sheet(book, f"{title}{count // ROWS + 1}" if count else title, head)
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    if sheet is None:
        _sheet(book, title, head)
    return count


def _sheet(book: Workbook, title: str, head: tuple[str, ...]) -> WriteOnlyWorksheet:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFG", (10, 20, 14, 50, 28, 20, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(head)
    return sheet


def _cell(sheet: WriteOnlyWorksheet, value: str | int) -> WriteOnlyCell:
    """Give a cell that holds its words as words: what begins with = is no formula."""
    if isinstance(value, int):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("�", value))
    cell.data_type = "s"
    return cell


_WRITERS = {
    "ledger": _write_ledger,
    "rules": _write_rules,
    "all": _write_all,
    "book": _write_book,
}
