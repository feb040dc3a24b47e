"""What waits for an instant of a time that is not any more, because the clock was set back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import Column, Connection, bindparam, select, update

from notifier.calls import CallStanding
from notifier.events import Call
from notifier.ledger.schema import (
    agenda,
    call,
    callee,
    departure,
    instant,
    lane,
    message,
    stamp,
    waiting,
)

_PUT_OFF: tuple[Column[str], ...] = (
    message.c.ready_at,
    lane.c.blocked_until,
    departure.c.at,
    waiting.c.asked_at,
)
_CALLEE: TypeAdapter[CallStanding] = TypeAdapter(CallStanding)
_CALL: TypeAdapter[Call] = TypeAdapter(Call)

_Move = Callable[[datetime], datetime]


def rewind(connection: Connection, at: datetime, by: timedelta) -> None:
    """Bring what lies after ``at`` nearer by ``by``, which is below zero.

    What is only looked at is looked at now: looking too early harms nothing.
    """

    def move(moment: datetime) -> datetime:
        return moment + by if moment > at else moment

    for column in _PUT_OFF:
        _bring_nearer(connection, column, at, move)
    soon = (agenda.c.due_at > stamp(at)) & (agenda.c.due_at <= stamp(at - by))
    connection.execute(update(agenda).where(soon).values(due_at=stamp(at)))
    running = select(callee.c.call).where(callee.c.ring_at.is_not(None)).distinct()
    for name in connection.execute(running).scalars().all():
        _move_call(connection, name, move)
    later = callee.c.ring_at > stamp(at)
    connection.execute(update(callee).where(later).values(ring_at=stamp(at)))


def _bring_nearer(connection: Connection, column: Column[str], at: datetime, move: _Move) -> None:
    keys = tuple(column.table.primary_key.columns)
    rows = connection.execute(select(*keys, column).where(column > stamp(at))).all()
    where = [key == bindparam(f"is_{number}") for number, key in enumerate(keys)]
    changed = [
        {f"is_{number}": value for number, value in enumerate(names)}
        | {"to": stamp(move(instant(put_off)))}
        for *names, put_off in rows
    ]
    if changed:
        statement = update(column.table).where(*where).values({column: bindparam("to")})
        connection.execute(statement, changed)


def _move_call(connection: Connection, name: str, move: _Move) -> None:
    body = connection.execute(select(call.c.body).where(call.c.id == name)).scalar_one()
    known = _CALL.validate_json(body)
    begun = move(known.begun)
    if begun != known.begun:
        text = _CALL.dump_json(replace(known, begun=begun)).decode()
        connection.execute(
            update(call).where(call.c.id == name).values(begun=stamp(begun), body=text)
        )
    rows = connection.execute(select(callee.c.key, callee.c.body).where(callee.c.call == name))
    for row in rows.all():
        after = _CALLEE.dump_json(_move_callee(_CALLEE.validate_json(row.body), move)).decode()
        connection.execute(update(callee).where(callee.c.key == row.key).values(body=after))


def _move_callee(standing: CallStanding, move: _Move) -> CallStanding:
    def may_move(moment: datetime | None) -> datetime | None:
        return move(moment) if moment else None

    return replace(
        standing,
        base=move(standing.base),
        told_at=may_move(standing.told_at),
        lapsed_at=may_move(standing.lapsed_at),
        listed_at=may_move(standing.listed_at),
        answers=tuple(replace(one, at=move(one.at)) for one in standing.answers),
    )
