"""The record as a command reads it: beside the running program, all of one instant."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from notifier.config import Settings
from notifier.ledger.store import connect
from obligations.errors import Misconfigured


@contextmanager
def reading(chosen: Settings) -> Iterator[Connection]:
    """Give the ledger as it stands now: what is written meanwhile is not seen."""
    if chosen.database_file and not chosen.database_file.exists():
        raise missing(chosen.data)
    engine = connect(chosen.database_url)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(_SNAPSHOT[connection.dialect.name])
            yield connection
            connection.exec_driver_sql("ROLLBACK")
    except SQLAlchemyError as error:
        message = f"台账打不开：{getattr(error, 'orig', error)}"
        raise Misconfigured(message) from error
    finally:
        engine.dispose()


_SNAPSHOT = {
    "sqlite": "BEGIN",
    "postgresql": "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


def missing(data: Path) -> Misconfigured:
    """Give the error for a folder that holds no ledger."""
    return Misconfigured(f"{data} 里没有台账。请用 --data 指明存放台账的文件夹")
