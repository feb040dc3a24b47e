"""``jiaoying archive``: a person's or unit's year as a document; and closing what is over."""

import argparse
import json
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from notifier.cli.files import write_file
from notifier.clock import Clock
from notifier.config import Settings, environment, settings
from notifier.events import Closed
from notifier.hours import office_hours
from notifier.ledger import open_ledger
from notifier.ledger.closings import due_closings, read_stretch, seal
from notifier.ledger.readonly import read_only
from notifier.report.archive import Archive, Subject, gather, lay_out_archive, make_archive
from notifier.report.paper import words_of, write_docx, write_markdown, write_xlsx
from obligations.errors import Misconfigured
from obligations.rules import Office, read

_YEARS = range(1950, 2150)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("what", nargs="?", choices=("close",), help="close：封存已结束的月和季度")
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--person", metavar="姓名", help="谁的档案")
    whose.add_argument("--unit", metavar="单位", help="哪个单位的档案")
    parser.add_argument("--year", type=_year, help="哪一年，默认今年")
    parser.add_argument("--period", help="封存哪个月或季度，如 2026-09、2026Q3；默认所有已结束的")
    parser.add_argument("--out", metavar="文件", help="写到哪里：.docx、.xlsx 或 .md")
    parser.add_argument("--rules", help="规则文件，默认 rules.yaml")
    parser.add_argument("--data", help="存放台账的文件夹，默认 data")
    parser.add_argument("--format", choices=("words", "jsonl"), default="words", help="输出格式")


def run(options: argparse.Namespace) -> int:
    """Write the archive, or close periods; 1 where rows do not fit their hashes."""
    chosen = settings(environment(options.rules), options.rules, options.data)
    office = read(chosen.rules)
    if options.what == "close":
        return _close(chosen, office, options.period)
    name = options.person or options.unit
    if not name:
        message = "要写明谁的档案：jiaoying archive --person 周敏 或 --unit 应急办"
        raise Misconfigured(message)
    subject = Subject(name, is_unit=options.unit is not None)
    archive = _archive(chosen, office, subject, options.year)
    if options.format == "jsonl":
        _print_rows(archive)
    if options.out:
        write_file(Path(options.out), _written(archive, office.name, Path(options.out).suffix))
    if options.format == "words":
        sums = "，".join(f"{words}{count}" for words, count in archive.sums)
        print(f"{name}{archive.year}年：{sums}")
        print(f"写好了：{options.out}" if options.out else "加上 --out 周敏.docx 就写成文件")
    return _warn(archive)


def _warn(archive: Archive) -> int:
    if archive.unfit:
        shown = "、".join(map(str, archive.unfit[:20]))
        print(f"注意：台账第{shown}条与校验值不符，请运行 jiaoying ledger verify")
    return 1 if archive.unfit else 0


def _archive(chosen: Settings, office: Office, subject: Subject, year: int | None) -> Archive:
    hours, now = office_hours(office), Clock().now()

    def make(connection: Connection) -> Archive:
        record = gather(connection, subject)
        return make_archive(record, hours, year or hours.today(now).year, now)

    archive = read_only(chosen.database_url, make)
    known = office.find_unit if subject.is_unit else office.find_person
    if not known(subject.name) and not any(table.rows for table in archive.tables[:4]):
        message = (
            f"规则和台账里都没有“{subject.name}”，请核对名字（单位用 --unit，个人用 --person）"
        )
        raise Misconfigured(message)
    return archive


def _written(archive: Archive, office: str, suffix: str) -> bytes:
    match suffix.lower():
        case ".xlsx":
            return write_xlsx(archive.tables)
        case ".docx":
            return write_docx(lay_out_archive(archive, office))
        case ".md":
            return write_markdown(lay_out_archive(archive, office)).encode()
        case _:
            message = f"--out 的文件名应以 .docx、.xlsx 或 .md 结尾，现在是“{suffix}”"
            raise Misconfigured(message)


def _print_rows(archive: Archive) -> None:
    for table in archive.tables:
        names = [column.name for column in table.columns]
        for row in table.rows:
            cells = (cell if isinstance(cell, int | str) else words_of(cell) for cell in row)
            shown = {"表": table.name, **dict(zip(names, cells, strict=True))}
            print(json.dumps(shown, ensure_ascii=False))


def _close(chosen: Settings, office: Office, period: str | None) -> int:
    if chosen.database_file and not chosen.database_file.exists():
        message = f"{chosen.data} 里没有台账。请用 --data 指明存放台账的文件夹"
        raise Misconfigured(message)
    hours, now = office_hours(office), Clock().now()
    stretch = read_stretch(period) if period else None
    if period and stretch is None:
        message = f"“{period}”不是一个月或季度，请写成 2026-09 或 2026Q3"
        raise Misconfigured(message)
    if stretch and stretch.after > hours.today(now):
        message = f"{period}还没有结束，要到{stretch.after}才能封存"
        raise Misconfigured(message)

    def decide(connection: Connection) -> tuple[Closed, ...]:
        if stretch is None:
            return due_closings(connection, hours, now)
        found = seal(connection, stretch, hours)
        return (found,) if found else ()

    ledger = open_ledger(chosen.database_url)
    try:
        facts = [one.fact for one in ledger.write(now, decide).result()]
    except SQLAlchemyError as error:
        message = f"台账写不进去：{getattr(error, 'orig', error)}"
        raise Misconfigured(message) from error
    finally:
        ledger.close()
    for fact in facts:
        if isinstance(fact, Closed):
            print(f"{fact.period}：封存到第{fact.seq}条，校验值 {fact.hash}")
    if not facts:
        print("没有要封存的期间")
    return 0


def _year(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) in _YEARS:
        return int(text)
    message = f"年份“{text}”看不懂，请写成 2026 的样子"
    raise argparse.ArgumentTypeError(message)
