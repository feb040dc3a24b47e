"""What comes round by itself: periods that are over are closed, bulletins are drafted."""

import asyncio
from datetime import datetime

from sqlalchemy import Connection

from notifier.calls import named
from notifier.desk import Desk
from notifier.events import Announced, Closed
from notifier.ledger import reads
from notifier.ledger.closings import due_closings
from notifier.notices import announce, is_known
from notifier.report.bulletin import KIND_TITLES
from notifier.report.bulletin.spans import kinds_due, span_of


async def close_periods(desk: Desk) -> None:
    """Put a seal on every month and quarter that is over and has none yet."""
    now, hours = desk.clock.now(), desk.hours

    def work(connection: Connection) -> tuple[Closed, ...]:
        return due_closings(connection, hours, now)

    await asyncio.wrap_future(desk.ledger.write(now, work))


async def offer_drafts(desk: Desk) -> None:
    """Tell the duty room, in a slot, that bulletins wait for its yes."""
    now = desk.clock.now()
    fresh = _drafts(desk, now) if desk.hours.in_slot(now) else ()
    if fresh:
        await asyncio.wrap_future(desk.ledger.record(now, fresh))


def next_offer(desk: Desk) -> datetime | None:
    """Give the slot in which the duty room is told of drafts."""
    now = desk.clock.now()
    return desk.hours.next_slot(now) if _drafts(desk, now) else None


def _drafts(desk: Desk, now: datetime) -> tuple[Announced, ...]:
    today, began = desk.hours.today(now), desk.ledger.read(reads.first_instant)
    if began is None:
        return ()
    first = desk.hours.today(began)  # of what was before the record there is nothing to tell
    due = kinds_due(today, desk.hours.calendar)
    kinds = [kind for kind in due if span_of(kind, today).last >= first]
    if not kinds:
        return ()
    titles = "、".join(KIND_TITLES[kind] for kind in kinds)
    links = "；".join(f"{desk.public_url}/bulletin?kind={kind}&on={today}" for kind in kinds)
    text = f"{titles}已起草，请看过以后发出：{links}"
    people = named(desk.office, desk.office.duty_room)
    notices = announce(desk.office, desk.ways, people, f"起草/{today}", (text,))
    known = bool(notices) and desk.ledger.read(is_known, notices[0].key)
    return () if known else notices
