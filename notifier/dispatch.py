"""Empties lanes: takes what may leave now, writes it, sends it, writes what came of it."""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from notifier.calls import named
from notifier.channels.protocol import Channel, ChannelError, FailureKind, Receipt
from notifier.compose import Composer, call_of
from notifier.desk import Desk
from notifier.detours import (
    clear,
    failed_lately,
    failing_lanes,
    how_many,
    reroute,
    shut_lanes,
    stranded,
)
from notifier.events import (
    Announced,
    Call,
    Fact,
    Failed,
    Queued,
    Sending,
    Sent,
)
from notifier.lanes import (
    MARGIN,
    Traffic,
    aside_of,
    failed,
    free_at,
    gives_way,
    is_dead,
    keys_of,
)
from notifier.ledger import traffic as lane_reads
from notifier.ledger.call_reads import find_calls
from notifier.ledger.outbox import RANKS
from notifier.ledger.traffic import LaneHead
from notifier.messages import Topic
from notifier.notices import announce, is_known
from notifier.routes import Way
from obligations.rules import Office

LOG = logging.getLogger("jiaoying")


def width_of(desk: Desk, lane: str) -> int:
    """Give how many messages of a lane may be under way at once."""
    channel = desk.channels.get(lane)
    return channel.width if channel else 0


def urgency(head: LaneHead) -> int:
    """Give a lane's place where not all can leave at once: calls, then notices, then duties."""
    topics = (*head.waiting, *(topic for topic, _ in head.unsettled))
    return min(RANKS[topic] for topic in topics)


def ready_at(desk: Desk, head: LaneHead, now: datetime) -> datetime | None:
    """Give when a lane has something that may leave, None where it has no channel.

    Duties keep to the office's hours: what could not leave in time waits for the next slot.
    """
    if head.lane not in desk.channels:
        return None

    def hour_of(topic: Topic, moment: datetime) -> datetime:
        if topic is not Topic.DUTY or desk.hours.is_open(moment):
            return moment
        return desk.hours.next_slot(moment)

    moments = [hour_of(topic, now) for topic in head.waiting]
    moments += [hour_of(topic, max(at, now)) for topic, at in head.unsettled]
    return max(min(moments), head.blocked_until or now) if moments else None


def free_moment(desk: Desk, lane: str, now: datetime) -> datetime:
    """Give when a lane's budget has room again."""
    channel = desk.channels[lane]
    gathered = desk.ledger.read(_traffic, {lane: channel}, now)
    return free_at(gathered[lane], channel.limit, now)


async def depart(desk: Desk, slots: Mapping[str, int]) -> tuple[Sending, ...]:
    """Write what leaves now on each lane, at most so many messages; give what was written."""
    now = desk.clock.now()
    channels = {lane: desk.channels[lane] for lane in slots if lane in desk.channels}

    def work(connection: Connection) -> Sequence[Fact]:
        gathered = _traffic(connection, channels, now)
        calls = _calls(connection, gathered.values())
        composer = Composer(connection, desk.hours, now, desk.office, calls, desk.message)
        return [
            fact
            for lane, channel in channels.items()
            for fact in composer.depart(lane, channel, gathered[lane], slots[lane])
        ]

    entries = await asyncio.wrap_future(desk.ledger.write(now, work))
    return tuple(entry.fact for entry in entries if isinstance(entry.fact, Sending))


async def detour(desk: Desk, heads: Sequence[LaneHead]) -> bool:
    """Let the calls and notices in shut lanes go over others; tell whether any did."""
    now = desk.clock.now()
    lanes = stranded(heads, now)
    if not lanes:
        return False

    def work(connection: Connection) -> Sequence[Fact]:
        shut = shut_lanes(connection, now)
        ways = tuple(way for way in desk.ways if way.lane not in shut)
        return tuple(clear(connection, desk.office, ways, lanes))

    if not desk.ledger.read(work):
        return False
    entries = await asyncio.wrap_future(desk.ledger.write(now, work))
    return bool(entries)


async def deliver(desk: Desk, sending: Sending) -> None:
    """Send one message that was written as leaving, and write what came of it."""
    channel = desk.channels.get(sending.lane)
    if channel is None:
        return  # its channel went while it was leaving: the lane's move takes care of it
    try:
        receipt = await channel.send(desk.message(sending))
    except ChannelError as error:
        LOG.warning("通道“%s”：%s", sending.lane, error)
        await _record_failure(desk, sending, error)
    else:
        await _record_receipt(desk, sending, receipt)


async def _record_receipt(desk: Desk, sending: Sending, receipt: Receipt) -> None:
    words = "平台已接收" if receipt.detail in ("", "ok") else f"平台已接收：{receipt.detail}"
    sent = Sent(
        code=sending.code,
        lane=sending.lane,
        keys=keys_of(sending),
        aside=aside_of(sending),
        unreached=receipt.unreached,
        reason=words,
    )
    missed = [line for line in sending.lines if line.person in receipt.unreached]
    now = desk.clock.now()
    if not missed or sending.topic is Topic.DUTY:
        await asyncio.wrap_future(desk.ledger.record(now, (sent,)))
        return

    def work(connection: Connection) -> Sequence[Fact]:
        shut, failing = shut_lanes(connection, now), failing_lanes(connection)
        ways = _other_ways(desk, sending.lane, shut)
        reason = f"{words}，改走别的通道"
        return (sent, *reroute(desk.office, ways, missed, reason, avoid=failing))

    await asyncio.wrap_future(desk.ledger.write(now, work))


async def _record_failure(desk: Desk, sending: Sending, error: ChannelError) -> None:
    now = desk.clock.now()

    def work(connection: Connection) -> Sequence[Fact]:
        shut = shut_lanes(connection, now)
        told = _tell_office(connection, desk, sending.lane, error, shut) if error.closed else ()
        outcome = failed(sending, error, now)
        if error.kind is FailureKind.PERMANENT and not error.closed and len(sending.lines) > 1:
            return (outcome, *_alone(sending), *told)
        ways, failing = _other_ways(desk, sending.lane, shut), failing_lanes(connection)
        dead = [sending.lane] if is_dead(sending, outcome, now, failing) else []
        others = clear(connection, desk.office, ways, dead)
        if not gives_way(sending, outcome, now):
            return (outcome, *others, *told)
        lately = failed_lately(connection, now) if outcome.retry_at else frozenset()
        ways = tuple(way for way in ways if way.lane not in lately)
        return (*_give_way(desk.office, ways, sending, outcome, failing), *others, *told)

    await asyncio.wrap_future(desk.ledger.write(now, work))


def _give_way(
    office: Office,
    ways: Sequence[Way],
    sending: Sending,
    outcome: Failed,
    failing: frozenset[str],
) -> tuple[Fact, ...]:
    """Give the failure with another way for each line; what has none is tried here again."""
    reason = f"通道“{sending.lane}”发不出去，改走别的通道"
    moved = tuple(reroute(office, ways, sending.lines, reason, avoid=failing))
    if how_many(moved) == len(sending.lines):
        return (replace(outcome, retry_at=None), *moved)
    return (outcome, *moved)


def _alone(sending: Sending) -> Iterator[Queued]:
    for line in sending.lines:
        yield Queued(
            key=line.key,
            person=line.person,
            lane=sending.lane,
            stage=line.stage,
            reason="合在一起没有发成，单独再发",
            alone=True,
            role=line.role,
        )


def _other_ways(desk: Desk, lane: str, shut: frozenset[str]) -> tuple[Way, ...]:
    return tuple(way for way in desk.ways if way.lane not in {*shut, lane})


def _tell_office(
    connection: Connection,
    desk: Desk,
    lane: str,
    error: ChannelError,
    shut: frozenset[str],
) -> tuple[Announced, ...]:
    """Tell the office once a day, over another channel, that somebody must mend this one."""
    day = desk.hours.today(desk.clock.now())
    people = named(desk.office, desk.office.duty_room)
    ways = _other_ways(desk, lane, shut)
    notices = announce(desk.office, ways, people, f"通道{lane}/{day}", (str(error),))
    return tuple(one for one in notices if not is_known(connection, one.key))


def _calls(connection: Connection, gathered: Iterable[Traffic]) -> Mapping[str, Call]:
    """Give every call that anything in the lanes speaks of."""
    keys = {one.key for traffic in gathered for one in traffic.waiting}
    keys |= {
        line.key for traffic in gathered for one in traffic.unsettled for line in one.sending.lines
    }
    return find_calls(connection, (name for name in map(call_of, keys) if name))


def _traffic(
    connection: Connection, channels: Mapping[str, Channel], now: datetime
) -> Mapping[str, Traffic]:
    spans = [limit.per for one in channels.values() for limit in (one.limit, *one.member_limits)]
    since = now - max(spans, default=timedelta()) - MARGIN
    waiting = lane_reads.lanes_waiting(connection, channels)
    unsettled = lane_reads.lanes_unsettled(connection, channels)
    departures = lane_reads.lanes_departures(connection, channels, since)
    shut = {one.lane: one.until for one in lane_reads.blockages(connection)}
    return {
        lane: Traffic(
            waiting.get(lane, ()),
            unsettled.get(lane, ()),
            departures.get(lane, ()),
            shut.get(lane),
        )
        for lane in channels
    }
