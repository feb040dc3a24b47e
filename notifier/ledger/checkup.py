"""A quick look at the database: does it open, is it whole, does it take what is written."""

from itertools import pairwise

from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from notifier.ledger.chain import link
from notifier.ledger.schema import head, ledger
from notifier.ledger.store import connect

TAIL = 1000  # rows at the end that are proved; `jiaoying ledger verify` proves them all


def look_over(url: str) -> tuple[str, int]:
    """Give what is wrong with the database, "" where nothing is, and how many rows it has."""
    try:
        engine = connect(url)
        with engine.connect() as connection:
            return _look(connection)
    except (SQLAlchemyError, OSError, ImportError, ValueError) as error:
        return f"打不开或不能写（{getattr(error, 'orig', None) or error}）", 0


def _look(connection: Connection) -> tuple[str, int]:
    if not inspect(connection).has_table(ledger.name):
        return "里面没有台账", 0
    if connection.dialect.name == "sqlite":
        if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() != "ok":
            return "文件坏了", 0
        if connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() != "wal":
            return "不能用WAL方式，可能放在网络盘上", 0
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # refused where nothing may be written
        connection.exec_driver_sql("ROLLBACK")
    count = connection.execute(select(func.max(ledger.c.seq))).scalar_one() or 0
    return ("" if _is_whole(connection, count) else "末尾的记录对不上"), count


def _is_whole(connection: Connection, count: int) -> bool:
    """Tell whether the last rows follow one another and end where every commit says they do."""
    known = connection.execute(select(head.c.seq, head.c.hash)).one_or_none()
    if known is None:
        return count == 0
    rows = connection.execute(
        select(ledger).where(ledger.c.seq >= count - TAIL).order_by(ledger.c.seq)
    ).all()
    for before, row in pairwise(rows):
        if link(before.hash, before.seq + 1, row.at, row.body) != row.hash:
            return False
    return bool(rows) and (known.seq, known.hash) == (rows[-1].seq, rows[-1].hash)
