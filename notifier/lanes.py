"""One lane per robot: what leaves next, when it may leave, and what follows from a failure."""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from notifier.channels.protocol import ChannelError, FailureKind, Limit
from notifier.events import Failed, Sending, Told
from notifier.ledger.traffic import Departure, Unsettled, Waiting
from notifier.messages import Topic

MARGIN = timedelta(seconds=1)
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=10)
CALL_PAUSE = timedelta(seconds=5)
LONGEST_CALL_PAUSE = timedelta(seconds=30)
CLOSED_PAUSE = timedelta(minutes=5)  # a robot that was removed: somebody must mend it first
LONGEST_CLOSED = timedelta(hours=1)
LATE_AFTER = {
    Topic.CALL: timedelta(minutes=1),
    Topic.NOTICE: timedelta(minutes=5),
    Topic.DUTY: timedelta(hours=1),
}
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is misread aloud


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a lane has in front of it and behind it."""

    waiting: tuple[Waiting, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()
    departures: tuple[Departure, ...] = ()
    blocked_until: datetime | None = None


def room(traffic: Traffic, limit: Limit, now: datetime) -> int:
    """Give how many messages the robot may send now: its budget slides over ``limit.per``.

    A second is added, because what counts for the platform is when a message arrives.
    """
    if traffic.blocked_until and traffic.blocked_until > now:
        return 0
    recent = sum(one.at > now - limit.per - MARGIN for one in traffic.departures)
    return max(limit.count - recent, 0)


def free_at(traffic: Traffic, limit: Limit, now: datetime) -> datetime:
    """Give the instant from which the robot may send."""
    span = limit.per + MARGIN
    recent = [one.at for one in traffic.departures if one.at > now - span]
    free = recent[-limit.count] + span if len(recent) >= limit.count else now
    return max(free, traffic.blocked_until or now, now)


def member_free_at(
    departures: Sequence[Departure], limits: Sequence[Limit], person: str, now: datetime
) -> datetime:
    """Give the instant from which one person may be sent a message on this lane."""
    moments = [now]
    for limit in limits:
        span = limit.per + MARGIN
        recent = [one.at for one in departures if one.person == person and one.at > now - span]
        if len(recent) >= limit.count:
            moments.append(recent[-limit.count] + span)
    return max(moments)


def choose(lines: Sequence[Told], fits: Callable[[tuple[Told, ...]], bool]) -> tuple[Told, ...]:
    """Give the lines of the next message: whole people, in their order, as many as fit.

    The first person always goes; what is too long for one message is shortened by the channel.
    """
    taken: tuple[Told, ...] = ()
    for person in dict.fromkeys(line.person for line in lines):
        more = (*taken, *(line for line in lines if line.person == person))
        if taken and not fits(more):
            break
        taken = more
    return taken


def choose_lines(
    lines: Sequence[Told], fits: Callable[[tuple[Told, ...]], bool]
) -> tuple[Told, ...]:
    """Give the lines of the next message of a call: of nobody's lines one is cut or hidden.

    Where even the first person's do not fit together, as many of his as fit; the rest follows.
    """
    if len(lines) == 1:
        return tuple(lines)
    taken = choose(lines, fits)
    if fits(taken):
        return taken
    shorter = tuple(line for line in taken if line.person == taken[0].person)
    while len(shorter) > 1 and not fits(shorter):
        shorter = shorter[:-1]
    return shorter


def code_for(lane: str, lines: Iterable[Told], now: datetime) -> str:
    """Give the code of a message: eight letters that can be read aloud, new for new content."""
    parts = (f"{line.key} {line.stage} {line.person}" for line in lines)
    number = int.from_bytes(
        sha256("\n".join((lane, now.isoformat(), *parts)).encode()).digest()[:5]
    )
    return "".join(_LETTERS[number >> shift & 31] for shift in range(35, -1, -5))


def first_sending(
    lane: str,
    lines: tuple[Told, ...],
    asked_at: datetime,
    now: datetime,
    topic: Topic = Topic.DUTY,
) -> Sending:
    """Give the fact that a new message is about to leave."""
    late = now - asked_at > LATE_AFTER[topic]
    return Sending(
        code=code_for(lane, lines, now),
        lane=lane,
        lines=lines,
        asked_at=asked_at,
        attempt=1,
        topic=topic,
        reason="应发时没有发成，迟发" if late else _why(lines),
        late=late,
    )


def next_sending(
    unsettled: Unsettled, lines: tuple[Told, ...], now: datetime, *, may_double: bool = True
) -> Sending:
    """Give the fact that a message without a good end leaves again under the same code.

    ``lines`` are those that still have a point, in the words of now. ``may_double`` is False where
    the platform itself drops what it has seen, so that nobody reads 重发 who sees it first.
    """
    before = unsettled.sending
    return replace(
        before,
        lines=lines,
        attempt=before.attempt + 1,
        repeated=may_double and (before.repeated or unsettled.doubtful),
        late=now - before.asked_at > LATE_AFTER[before.topic],
        reason="上次发出后没有得到结果，再发一次"
        if unsettled.doubtful
        else "上次没有发成，再发一次",
    )


def failed(sending: Sending, error: ChannelError, now: datetime) -> Failed:
    """Give what follows from a failure: try again later, wait with the lane, or give up.

    What may have arrived is sent again once; after that somebody looks into the group.
    """
    gives_up = error.uncertain and sending.repeated
    pause = None if gives_up else _pause(sending, error)
    retry_at = now + pause if pause else None
    doubt = "。已经发过两次，可能已到群里，请到群里看一眼" if gives_up else ""
    keys, aside = keys_of(sending), aside_of(sending)
    return Failed(
        code=sending.code,
        lane=sending.lane,
        keys=keys,
        aside=aside,
        reason=f"{error}{doubt}",
        uncertain=error.uncertain,
        retry_at=retry_at,
        blocked_until=retry_at if error.closed or error.kind is FailureKind.THROTTLED else None,
    )


def gives_way(sending: Sending, outcome: Failed, now: datetime) -> bool:
    """Tell whether a call must not wait for this lane any longer and goes over another."""
    if sending.topic is Topic.DUTY:
        return False
    is_shut = outcome.blocked_until is not None and outcome.blocked_until > now + FIRST_PAUSE
    return outcome.retry_at is None or is_shut or sending.attempt > 1


def is_dead(sending: Sending, outcome: Failed, now: datetime, failing: Container[str]) -> bool:
    """Tell whether what waits in a lane must not wait for it: it is shut, or failed twice."""
    if outcome.blocked_until:
        return outcome.blocked_until > now + FIRST_PAUSE
    is_lanes_fault = outcome.retry_at is not None or outcome.uncertain
    return is_lanes_fault and sending.attempt > 1 and sending.lane in failing


def keys_of(sending: Sending) -> tuple[str, ...]:
    """Give what a message tells those whom it concerns, once each."""
    return tuple(dict.fromkeys(line.key for line in sending.lines if not line.aside))


def aside_of(sending: Sending) -> tuple[str, ...]:
    """Give what a message tells to others only, once each."""
    told = keys_of(sending)
    return tuple(dict.fromkeys(line.key for line in sending.lines if line.key not in told))


def _why(lines: tuple[Told, ...]) -> str:
    return "、".join(dict.fromkeys(line.reason for line in lines if line.reason))


def _pause(sending: Sending, error: ChannelError) -> timedelta | None:
    """Give how long to wait before the next try, None where trying again is no use.

    A closed channel keeps its messages: they are not at fault.
    """
    doubled = 1 << min(sending.attempt - 1, 10)
    if error.closed:
        return min(CLOSED_PAUSE * doubled, LONGEST_CLOSED)
    if error.kind is FailureKind.PERMANENT:
        return None
    is_duty = sending.topic is Topic.DUTY
    first, longest = (FIRST_PAUSE, LONGEST_PAUSE) if is_duty else (CALL_PAUSE, LONGEST_CALL_PAUSE)
    growing = min(first * doubled, longest)
    return max(error.retry_after or growing, growing)
