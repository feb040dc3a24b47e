"""What is wrong with the running program, told from what it should have done by now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from notifier.channels.protocol import Channel
from notifier.hours import Hours
from notifier.lanes import member_free_at
from notifier.ledger.pending import Pending
from notifier.ledger.traffic import Departure, LaneHead
from notifier.messages import Topic

OVERDUE = timedelta(seconds=60)  # a rung is taken within a second, if all is well
SILENT = timedelta(minutes=2)  # a lane with something to send leaves it at rest no longer
STUCK = timedelta(minutes=2)  # a claim is tried again when its 30 seconds are over
JUMPED = timedelta(seconds=30)
FULL = 500 * 1024 * 1024  # bytes: room for the record of some weeks, and to tidy up in
MEGABYTE = 1024 * 1024
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; ``subject`` is what it is called, ``lane`` whose matter it is."""

    subject: str
    words: str
    lane: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything an audit looks at; ``pace`` is how much faster than real time its clock runs."""

    now: datetime
    overdue: int = 0
    heads: tuple[LaneHead, ...] = ()
    pending: tuple[Pending, ...] = ()
    departures: Mapping[str, Sequence[Departure]] = field(default_factory=dict)
    free: int | None = None
    jump: timedelta | None = None
    is_ringing: bool = True
    pace: float = 1.0


def examine(sight: Sight, channels: Mapping[str, Channel], hours: Hours) -> tuple[Finding, ...]:
    """Give everything that is wrong, the same things always under the same subject."""
    return (
        *_machine(sight),
        *_rungs(sight),
        *_stuck(sight, channels, hours),
        *_silent(sight, channels, hours),
    )


def _machine(sight: Sight) -> Iterator[Finding]:
    if not sight.is_ringing:
        yield Finding("时钟线程", "时钟线程停过，程序已经重新启动它")
    if sight.free is not None and sight.free < FULL:
        left = sight.free // MEGABYTE
        yield Finding(
            "磁盘", f"存放台账的磁盘快满了，只剩{left}MB。请清理磁盘，满了就什么都记不下来"
        )
    if sight.jump is not None and abs(sight.jump) > JUMPED:
        way = "快" if sight.jump > timedelta() else "慢"
        span = round(abs(sight.jump).total_seconds())
        yield Finding(
            "本机时钟", f"本机时钟忽然{way}了{span}秒，程序仍按原来的时间走。请校准本机时钟"
        )


def _rungs(sight: Sight) -> Iterator[Finding]:
    if sight.overdue:
        words = f"有{sight.overdue}人到了该叫的时候，过了1分钟还没有叫。请打开叫应页，用电话先叫"
        yield Finding("叫应误时", words)


def _stuck(sight: Sight, channels: Mapping[str, Channel], hours: Hours) -> Iterator[Finding]:
    """Give every lane in which a message that left, or failed, is not taken up again."""
    for head in _moving(sight, channels):
        due = [
            max(at, head.blocked_until or at)
            for topic, at in head.unsettled
            if _may(sight, topic, hours)
        ]
        if due and min(due) < sight.now - STUCK * sight.pace:
            words = f"通道“{head.lane}”有消息发出以后没有结果，也没有再发。请到群里看一眼是否收到"
            yield Finding(f"通道{head.lane}/没有结果", words, head.lane)


def _silent(sight: Sight, channels: Mapping[str, Channel], hours: Hours) -> Iterator[Finding]:
    """Give every lane that has something to send, could send it, and does not."""
    for head in _moving(sight, channels):
        channel = channels[head.lane]
        patience = (SILENT + channel.limit.per) * sight.pace
        left = sight.departures.get(head.lane, ())
        rested = max((one.at for one in left), default=LONG_AGO)
        waiting = [
            max(one.since, rested, head.blocked_until or one.since)
            for one in sight.pending
            if one.lane == head.lane
            and _may(sight, one.topic, hours)
            and member_free_at(left, channel.member_limits, one.person, sight.now) <= sight.now
        ]
        if waiting and min(waiting) < sight.now - patience:
            minutes = int((sight.now - min(waiting)) / sight.pace / timedelta(minutes=1))
            words = f"通道“{head.lane}”有消息要发，{minutes}分钟没有发出去一条。请查看通道和网络"
            yield Finding(f"通道{head.lane}/不动", words, head.lane)


def _moving(sight: Sight, channels: Mapping[str, Channel]) -> Iterator[LaneHead]:
    """Give the lanes that should move: those of a channel in force that is not shut."""
    for head in sight.heads:
        is_shut = head.blocked_until is not None and head.blocked_until > sight.now
        if head.lane in channels and not is_shut:
            yield head


def _may(sight: Sight, topic: Topic, hours: Hours) -> bool:
    """Tell whether it could have left by now: duties keep to the office's hours."""
    before = sight.now - (SILENT + STUCK) * sight.pace
    return topic is not Topic.DUTY or (hours.is_open(sight.now) and hours.is_open(before))
