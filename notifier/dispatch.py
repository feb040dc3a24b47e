"""Drains lanes: takes what may leave now, writes it, sends it, writes what came of it."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from notifier.channels.protocol import Channel, ChannelError, FailureKind
from notifier.desk import Desk
from notifier.events import Abandoned, Dropped, Fact, Queued, Sending, Sent, Told
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
from notifier.ledger.reads import Unsettled, Waiting
from notifier.reminders import TODAY, due_words, has_point, progress_words, reason_words
from notifier.standing import Standing

GATHERED = 500  # more than one message of any platform can hold
LOG = logging.getLogger("jiaoying")


async def drain(desk: Desk, lane: str) -> None:
    """Send everything of one lane that may leave now; come back when its budget is used up."""
    channel = desk.channels.get(lane)
    while channel is not None:
        facts = await _depart(desk, lane, channel)
        for sending in (fact for fact in facts if isinstance(fact, Sending)):
            await _send(desk, channel, sending)
        if not facts:
            return


def lane_ready_at(desk: Desk, lane: str, now: datetime) -> datetime | None:
    """Give when a lane can go on, None where it has nothing to do or no channel.

    Duties keep to the office's hours: what could not leave in time waits for the next slot.
    """
    channel = desk.channels.get(lane)
    if channel is None:
        return None
    moment = ready_at(desk.ledger.read(_traffic, lane, channel, now), channel.limit, now)
    if moment is None or desk.hours.is_open(moment):
        return moment
    return desk.hours.next_slot(moment)


async def _depart(desk: Desk, lane: str, channel: Channel) -> tuple[Fact, ...]:
    """Write that the next message is leaving; nothing is written where nothing may leave now."""
    now = desk.clock.now()

    def work(connection: Connection) -> Sequence[Fact]:
        traffic = _traffic(connection, lane, channel, now)
        if free_at(traffic, channel.limit, now) > now or not desk.hours.is_open(now):
            return ()
        ready = [one for one in traffic.unsettled if one.ready_at <= now]
        if ready:
            return _repeat(connection, desk, channel, ready[0], now)
        return _compose(desk, lane, channel, traffic.waiting, now)

    entries = await asyncio.wrap_future(desk.ledger.write(now, work))
    return tuple(entry.fact for entry in entries)


def _repeat(
    connection: Connection, desk: Desk, channel: Channel, unsettled: Unsettled, now: datetime
) -> tuple[Fact, ...]:
    """Give the next try of a message, with those of its lines that still have a point."""
    before = unsettled.sending
    lines = tuple(_retell(connection, desk, before, now))
    if lines:
        may_double = not channel.deduplicates
        return (next_sending(unsettled, lines, now, may_double=may_double),)
    reason = "里面的事都已答复或不再要求，不再发"
    return (Abandoned(code=before.code, lane=before.lane, keys=keys_of(before), reason=reason),)


def _retell(connection: Connection, desk: Desk, before: Sending, now: datetime) -> Iterator[Told]:
    today = desk.hours.today(now)
    for line in before.lines:
        standing = reads.find_standing(connection, line.key)
        if standing is None or not has_point(standing, line.stage, line.person, today):
            continue
        if not any(answer.at >= before.asked_at for answer in standing.answers):
            yield _tell(desk, standing, line.stage, now)


def _compose(
    desk: Desk, lane: str, channel: Channel, waiting: Sequence[Waiting], now: datetime
) -> tuple[Fact, ...]:
    """Give one message of what waits: everybody's lines together, as many people as fit."""
    today = desk.hours.today(now)
    alive = [one for one in waiting if has_point(one.standing, one.stage, one.person, today)]
    reason = "要说的那一天已经过去，或者已换了人，不再发"
    dropped = (
        Dropped(key=one.key, stage=one.stage, reason=reason) for one in waiting if one not in alive
    )
    if not alive:
        return tuple(dropped)
    together = [one for one in alive if not one.alone] or alive[:1]
    lines = tuple(_tell(desk, one.standing, one.stage, now) for one in together)

    def fits(some: tuple[Told, ...]) -> bool:
        return channel.fits(desk.message(first_sending(lane, some, now, now)))

    chosen = choose(lines, fits)
    asked_at = min(one.asked_at for one in together if any(one.key == told.key for told in chosen))
    return (*dropped, first_sending(lane, chosen, asked_at, now))


def _tell(desk: Desk, standing: Standing, stage: str, now: datetime) -> Told:
    """Word one line with the time that is left now, not when it was decided on."""
    today = desk.hours.today(now)
    reason = reason_words(standing, stage, today)
    due = "" if reason == TODAY else due_words(standing, desk.hours.calendar, today)
    matter = standing.duty.matter + progress_words(standing)
    return Told(standing.duty.key, standing.duty.person, stage, matter, reason, due)


async def _send(desk: Desk, channel: Channel, sending: Sending) -> None:
    try:
        receipt = await channel.send(desk.message(sending))
    except ChannelError as error:
        LOG.warning("通道“%s”：%s", sending.lane, error)
        outcome = _after_failure(sending, error, desk.clock.now())
    else:
        words = "平台已接收" if receipt.detail == "ok" else f"平台已接收：{receipt.detail}"
        keys = keys_of(sending)
        outcome = (Sent(code=sending.code, lane=sending.lane, keys=keys, reason=words),)
    await asyncio.wrap_future(desk.ledger.write(desk.clock.now(), lambda _: outcome))


def _after_failure(sending: Sending, error: ChannelError, now: datetime) -> tuple[Fact, ...]:
    """Give what follows; a refused message of several lines is tried again line by line."""
    outcome = failed(sending, error, now)
    refused = error.kind is FailureKind.PERMANENT and not error.closed
    if not refused or len(sending.lines) == 1:
        return (outcome,)
    alone = (
        Queued(
            key=line.key,
            person=line.person,
            lane=sending.lane,
            stage=line.stage,
            reason="合在一起没有发成，单独再发",
            alone=True,
        )
        for line in sending.lines
    )
    return (outcome, *alone)


def _traffic(connection: Connection, lane: str, channel: Channel, now: datetime) -> Traffic:
    return Traffic(
        reads.lane_waiting(connection, lane, GATHERED),
        reads.lane_unsettled(connection, lane),
        reads.lane_departures(connection, lane, now - channel.limit.per - MARGIN),
        reads.find_blockage(connection, lane),
    )
