"""Drains lanes: takes what may leave now, writes it, sends it, writes what came of it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from notifier.channels.protocol import Channel, ChannelError
from notifier.desk import Desk
from notifier.events import Fact, Sending, Sent, Told
from notifier.lanes import (
    MARGIN,
    Traffic,
    choose,
    failed,
    first_sending,
    free_at,
    keys_of,
    next_sending,
    ready_at,
)
from notifier.ledger import reads
from notifier.ledger.reads import Waiting
from notifier.reminders import TODAY, due_words, progress_words, reason_words

GATHERED = 500  # more than one message of any platform can hold


async def drain(desk: Desk, lane: str) -> None:
    """Send everything of one lane that may leave now; come back when its budget is used up."""
    channel = desk.channels.get(lane)
    while channel is not None:
        sending = await _depart(desk, lane, channel)
        if sending is None:
            return
        await _send(desk, channel, sending)


def lane_ready_at(desk: Desk, lane: str, now: datetime) -> datetime | None:
    """Give when a lane can go on, None where it has nothing to do or no channel."""
    channel = desk.channels.get(lane)
    if channel is None:
        return None
    return ready_at(desk.ledger.read(_traffic, lane, channel, now), channel.limit, now)


async def _depart(desk: Desk, lane: str, channel: Channel) -> Sending | None:
    """Write that the next message is leaving; None where nothing may leave now."""
    now = desk.clock.now()

    def work(connection: Connection) -> Sequence[Fact]:
        traffic = _traffic(connection, lane, channel, now)
        if free_at(traffic, channel.limit, now) > now:
            return ()
        ready = [one for one in traffic.unsettled if one.ready_at <= now]
        if ready:
            return (next_sending(ready[0], now),)
        return _compose(desk, lane, channel, traffic.waiting, now)

    entries = await asyncio.wrap_future(desk.ledger.write(now, work))
    facts = [entry.fact for entry in entries]
    return facts[0] if facts and isinstance(facts[0], Sending) else None


def _compose(
    desk: Desk, lane: str, channel: Channel, waiting: Sequence[Waiting], now: datetime
) -> Sequence[Sending]:
    """Give one message of what waits: everybody's lines together, as many people as fit."""
    if not waiting:
        return ()
    lines = tuple(_tell(desk, one, now) for one in waiting)

    def fits(some: tuple[Told, ...]) -> bool:
        return channel.fits(desk.message(first_sending(lane, some, now, now)))

    return (first_sending(lane, choose(lines, fits), waiting[0].asked_at, now),)


def _tell(desk: Desk, one: Waiting, now: datetime) -> Told:
    """Word one line with the time that is left now, not when it was decided on."""
    standing, today = one.standing, desk.hours.today(now)
    reason = reason_words(standing, one.stage, today)
    due = "" if reason == TODAY else due_words(standing, desk.hours.calendar, today)
    matter = standing.duty.matter + progress_words(standing)
    return Told(one.key, one.person, one.stage, matter, reason, due)


async def _send(desk: Desk, channel: Channel, sending: Sending) -> None:
    try:
        receipt = await channel.send(desk.message(sending))
    except ChannelError as error:
        outcome: Fact = failed(sending, error, desk.clock.now())
    else:
        outcome = Sent(
            code=sending.code,
            lane=sending.lane,
            keys=keys_of(sending),
            reason="平台已接收" if receipt.detail == "ok" else f"平台已接收：{receipt.detail}",
        )
    await asyncio.wrap_future(desk.ledger.write(desk.clock.now(), lambda _: (outcome,)))


def _traffic(connection: Connection, lane: str, channel: Channel, now: datetime) -> Traffic:
    return Traffic(
        reads.lane_waiting(connection, lane, GATHERED),
        reads.lane_unsettled(connection, lane),
        reads.lane_departures(connection, lane, now - channel.limit.per - MARGIN),
        reads.find_blockage(connection, lane),
    )
