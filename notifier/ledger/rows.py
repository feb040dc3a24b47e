"""Many rows at once: one statement for all rows that are treated alike."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Delete, Insert, Table, and_, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite

CHUNK = 500  # names in one question: every database takes so many

Row = Mapping[str, Any]


def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Write rows, each replacing the one with the same primary key; all name the same columns."""
    if rows:
        names = tuple(rows[0])
        connection.execute(_upsert(table, names, connection.dialect.name), rows)


def remove(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Delete every row that equals one of ``rows`` in the columns that it names."""
    if rows:
        names = tuple(rows[0])
        bound = [{f"is_{name}": row[name] for name in names} for row in rows]
        connection.execute(_delete(table, names), bound)


def chunks(names: Iterable[str]) -> Iterable[Sequence[str]]:
    """Give the names, each once, in portions that one question can hold."""
    wanted = list(dict.fromkeys(names))
    return (wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK))


@cache
def _upsert(table: Table, names: tuple[str, ...], dialect: str) -> Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    keys = [column.name for column in table.primary_key]
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


@cache
def _delete(table: Table, names: tuple[str, ...]) -> Delete:
    return delete(table).where(and_(*(table.c[name] == bindparam(f"is_{name}") for name in names)))
