"""One lane per robot: what leaves next, when it may leave, and what follows from a failure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from notifier.channels.protocol import ChannelError, FailureKind, Limit
from notifier.events import Failed, Sending, Told
from notifier.ledger.reads import Blockage, Unsettled, Waiting

MARGIN = timedelta(seconds=1)
LATE_AFTER = timedelta(hours=1)
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=10)
CLOSED_PAUSE = timedelta(minutes=5)  # a robot that was removed: somebody must mend it first
LONGEST_CLOSED = timedelta(hours=1)
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is misread aloud


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a lane has in front of it and behind it."""

    waiting: tuple[Waiting, ...]
    unsettled: tuple[Unsettled, ...]
    departures: tuple[datetime, ...]
    blockage: Blockage | None


def free_at(traffic: Traffic, limit: Limit, now: datetime) -> datetime:
    """Give the instant from which the robot may send: its budget slides over ``limit.per``.

    A second is added, because what counts for the platform is when a message arrives.
    """
    span = limit.per + MARGIN
    recent = [at for at in traffic.departures if at > now - span]
    free = recent[-limit.count] + span if len(recent) >= limit.count else now
    blocked = traffic.blockage.until if traffic.blockage else now
    return max(free, blocked, now)


def ready_at(traffic: Traffic, limit: Limit, now: datetime) -> datetime | None:
    """Give when the lane has something to do, None where nothing is left to send."""
    free = free_at(traffic, limit, now)
    if traffic.waiting:
        return free
    if traffic.unsettled:
        return max(free, min(one.ready_at for one in traffic.unsettled))
    return None


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


def code_for(lane: str, lines: Iterable[Told], now: datetime) -> str:
    """Give the code of a message: eight letters that can be read aloud, new for new content."""
    text = "\n".join((lane, now.isoformat(), *(f"{line.key} {line.stage}" for line in lines)))
    number = int.from_bytes(sha256(text.encode()).digest()[:5])
    return "".join(_LETTERS[number >> shift & 31] for shift in range(35, -1, -5))


def first_sending(lane: str, lines: tuple[Told, ...], asked_at: datetime, now: datetime) -> Sending:
    """Give the fact that a new message is about to leave."""
    late = now - asked_at > LATE_AFTER
    return Sending(
        code=code_for(lane, lines, now),
        lane=lane,
        lines=lines,
        asked_at=asked_at,
        attempt=1,
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
    return replace(
        unsettled.sending,
        lines=lines,
        attempt=unsettled.sending.attempt + 1,
        repeated=may_double and (unsettled.sending.repeated or unsettled.doubtful),
        late=now - unsettled.sending.asked_at > LATE_AFTER,
        reason="上次发出后没有得到结果，再发一次"
        if unsettled.doubtful
        else "上次没有发成，再发一次",
    )


def failed(sending: Sending, error: ChannelError, now: datetime) -> Failed:
    """Give what follows from a failure: try again later, wait with the lane, or give up.

    What may have arrived is sent again once; after that somebody looks into the group.
    """
    gives_up = error.uncertain and sending.repeated
    pause = None if gives_up else _pause(sending.attempt, error)
    retry_at = now + pause if pause else None
    doubt = "。已经发过两次，可能已到群里，请到群里看一眼" if gives_up else ""
    return Failed(
        code=sending.code,
        lane=sending.lane,
        keys=keys_of(sending),
        reason=f"{error}{doubt}",
        uncertain=error.uncertain,
        retry_at=retry_at,
        blocked_until=retry_at if error.closed or error.kind is FailureKind.THROTTLED else None,
    )


def keys_of(sending: Sending) -> tuple[str, ...]:
    """Give the duties that a message speaks of, once each."""
    return tuple(dict.fromkeys(line.key for line in sending.lines))


def _why(lines: tuple[Told, ...]) -> str:
    return "、".join(dict.fromkeys(line.reason for line in lines if line.reason))


def _pause(attempt: int, error: ChannelError) -> timedelta | None:
    """Give how long to wait before the next try, None where trying again is no use.

    A closed channel keeps its messages: they are not at fault.
    """
    if error.closed:
        return min(CLOSED_PAUSE * (1 << min(attempt - 1, 10)), LONGEST_CLOSED)
    if error.kind is FailureKind.PERMANENT:
        return None
    growing = min(FIRST_PAUSE * (1 << min(attempt - 1, 10)), LONGEST_PAUSE)
    return max(error.retry_after or growing, growing)
