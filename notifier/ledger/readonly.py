"""A look at the record beside the running program: one moment of it, and nothing is written."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from notifier.ledger.store import connect
from obligations.errors import Misconfigured

T = TypeVar("T")
_SQLITE = "sqlite:///"


def read_only(url: str, question: Callable[[Connection], T]) -> T:
    """Give the answer to a question put to one moment of the database."""
    if url.startswith(_SQLITE) and not Path(url.removeprefix(_SQLITE)).exists():
        folder = Path(url.removeprefix(_SQLITE)).parent
        message = f"{folder} 里没有台账。请用 --data 指明存放台账的文件夹"
        raise Misconfigured(message)
    engine = connect(url)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA query_only=ON")
                connection.exec_driver_sql("BEGIN")
            else:
                connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                return question(connection)
            finally:
                connection.exec_driver_sql("ROLLBACK")
    except SQLAlchemyError as error:
        message = f"台账打不开：{getattr(error, 'orig', error)}"
        raise Misconfigured(message) from error
    finally:
        engine.dispose()
