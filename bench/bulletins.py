"""A monthly bulletin over 100,000 duties, and a year's archive of 5,000 events as .docx.

    PYTHONPATH=. python bench/bulletins.py [DUTIES]

Duties are put into the tables as the program leaves them, without their ledger.
"""

import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from notifier.events import AnswerKind, Proof
from notifier.hours import Hours
from notifier.ledger.projection import _standing_row
from notifier.ledger.readonly import read_only
from notifier.ledger.schema import standing
from notifier.ledger.store import connect, migrate
from notifier.report.bulletin import Draft, Kind, draft
from notifier.report.paper import Column, Paper, Table, write_docx
from notifier.standing import Answer, Standing
from obligations.duties import Duty
from obligations.workdays import Calendar

DUTIES = 100_000
EVENTS = 5_000
UNITS = 40
HOURS = Hours(ZoneInfo("Asia/Shanghai"), Calendar(), ())
ON = date(2026, 10, 8)
PORTION = 5_000


def stand(number: int) -> Standing:
    """Give one of a month's duties; four of five are done."""
    month, who = number % 9 + 1, f"责任人{number % 400}"
    unit, rule = f"单位{number % UNITS}", f"BSY-{number // 3600}"
    duty = Duty(
        key=f"{rule}/{who}/2026-{month:02}.{number}",
        rule=rule,
        matter="到企业、工地、村社区实地调研检查",
        bearer=who,
        person=who,
        unit=unit,
        label=f"2026-{month:02}",
        opens=datetime(2026, month, 1),  # noqa: DTZ001 the office's own time
        closes=datetime(2026, month + 1, 1),  # noqa: DTZ001 as above
        need=1,
        words="每月1次",
        evidence="检查记录",
        source="白市驿府发〔2022〕44号 第3条",
    )
    at = datetime(2026, month, 15, 1, tzinfo=UTC) + timedelta(minutes=number % 1000)
    answer = Answer(at, who, AnswerKind.DONE, Proof.LINK, "已检查，隐患2处，已整改", at.date())
    answers = () if number % 5 == 0 else (answer,)
    return Standing(duty, ("first", "half"), (), answers, told_at=at)


def write(kind: Kind, url: str) -> tuple[float, float, int, int]:
    """Give the seconds that a bulletin takes and works, its size, and the most memory, in MiB."""
    begun, worked = time.perf_counter(), time.process_time()
    made = read_only(url, partial(_draft, kind))
    spent, work = time.perf_counter() - begun, time.process_time() - worked
    return spent, work, len(made.file), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def archive(_: object) -> tuple[float, float, int, int]:
    """Give the same of a year's archive."""
    begun, worked = time.perf_counter(), time.process_time()
    names = ("时间", "任务", "答复人", "说明", "凭据", "行")
    columns = tuple(Column(name, 10) for name in names)
    events = tuple(
        (datetime(2026, 7, 1, 9, tzinfo=UTC), "研判风险", "周敏", "已办", "专用链接", n)
        for n in range(EVENTS)
    )
    file = write_docx(Paper("周敏2026年度安全履职档案", (Table("答复", columns, events),)))
    spent, work = time.perf_counter() - begun, time.process_time() - worked
    return spent, work, len(file), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def _draft(kind: Kind, connection: Connection) -> Draft:
    return draft(connection, kind, "青溪镇安委办", HOURS, ON)


def fill(url: str, count: int) -> None:
    """Put the duties into the tables."""
    engine = connect(url)
    migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        for start in range(0, count, PORTION):
            rows = [_standing_row(stand(n)) for n in range(start, start + PORTION)]
            connection.execute(insert(standing), rows)
        connection.exec_driver_sql("COMMIT")
    engine.dispose()


def main() -> None:
    """Print the seconds and the most memory, each measured in a process of its own."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DUTIES
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'ledger.db'}"
        fill(url, count)
        fresh = ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1)
        with fresh as pool:
            for kind in Kind:
                report(f"{kind}, {count} duties", pool.submit(write, kind, url).result())
            report(f"archive, {EVENTS} events", pool.submit(archive, None).result())


def report(what: str, measured: tuple[float, float, int, int]) -> None:
    """Print one line."""
    spent, work, size, memory = measured
    print(f"{what:<28} {spent:.2f} s ({work:.2f} s of work), .docx {size >> 10} KiB, {memory} MiB")


if __name__ == "__main__":
    main()
