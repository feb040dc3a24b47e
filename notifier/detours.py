"""Detours: what a lane cannot bring, or waits where nothing leaves, goes over another lane."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from notifier.compose import call_of
from notifier.events import Announced, Fact, Failed, Rerouted, Ring, Told
from notifier.lanes import aside_of, keys_of
from notifier.ledger import traffic as lane_reads
from notifier.ledger.outbox import PART_MARK
from notifier.ledger.traffic import LaneHead, Unsettled, Waiting
from notifier.messages import Topic
from notifier.routes import Net, Way, find_lanes, knot
from obligations.rules import Office, Role

SHUT_FOR = timedelta(seconds=20)  # what is shut for longer is no way for a call
LATELY = timedelta(minutes=1)
EVERYTHING = 1_000_000  # of one lane
_WAITED = "在通道“{lane}”里等不出去，改走别的通道"


@dataclass(frozen=True, slots=True)
class Detour:
    """By which ways lines go that a lane does not bring; ``gone``: where they waited till now.

    ``sound`` are the ways that did not fail last, ``every`` those that may be tried at all.
    """

    office: Office
    sound: Net
    every: Net
    reason: str
    gone: str = ""

    def lane(self, person: str) -> str:
        """Give the lane that reaches a person, "" where none does."""
        for net in (self.sound, self.every):
            near = net.near(self.office, person)
            for lane in find_lanes(self.office, near, person):
                return lane
        return ""


def reroute(
    office: Office,
    ways: Sequence[Way],
    lines: Sequence[Told],
    reason: str,
    *,
    avoid: frozenset[str] = frozenset(),
) -> Iterator[Rerouted | Announced]:
    """Give every line of a call or notice that one of the ways can bring, over that way.

    A lane to ``avoid``, which failed last, is taken only where there is no other.
    """
    sound = knot(way for way in ways if way.lane not in avoid)
    return take(Detour(office, sound, knot(ways), reason), lines)


def take(detour: Detour, lines: Iterable[Told]) -> Iterator[Rerouted | Announced]:
    """Give the lines over the detour's lanes: one fact for all of a call that are alike.

    Only his own platform knows a stranger: what is said to him has no other way.
    """
    rings: dict[tuple[str, str], list[Ring]] = {}
    for line in lines:
        lane, call = "" if line.account else detour.lane(line.person), call_of(line.key)
        if lane and call:
            stage, _, part = line.stage.partition(PART_MARK)
            ring = Ring(line.key, line.person, lane, Role(line.role), int(part or 1) - 1)
            rings.setdefault((call, stage), []).append(ring)
        elif lane:
            yield Announced(
                key=line.key, person=line.person, lane=lane, text=line.text, reason=detour.reason
            )
    for (call, stage), some in rings.items():
        keys = tuple(dict.fromkeys(ring.key for ring in some))
        yield Rerouted(
            call=call,
            keys=keys,
            stage=stage,
            rings=tuple(some),
            reason=detour.reason,
            gone=detour.gone,
        )


def how_many(moved: Iterable[Rerouted | Announced]) -> int:
    """Give how many lines were given another way."""
    return sum(len(one.rings) if isinstance(one, Rerouted) else 1 for one in moved)


def shut_lanes(connection: Connection, now: datetime) -> frozenset[str]:
    """Give every lane that is shut for so long that it is no way for a call."""
    blocked = lane_reads.blockages(connection)
    return frozenset(one.lane for one in blocked if one.until > now + SHUT_FOR)


def failing_lanes(connection: Connection) -> frozenset[str]:
    """Give every lane that failed and has brought nothing since."""
    return frozenset(one.lane for one in lane_reads.blockages(connection))


def failed_lately(connection: Connection, now: datetime) -> frozenset[str]:
    """Give the lanes that failed within the last minute: another try there is no better."""
    blocked = lane_reads.blockages(connection)
    return frozenset(one.lane for one in blocked if one.until > now - LATELY)


def stranded(heads: Iterable[LaneHead], now: datetime) -> tuple[str, ...]:
    """Give the lanes that are shut while calls or notices wait in them."""
    return tuple(
        head.lane
        for head in heads
        if head.blocked_until
        and head.blocked_until > now + SHUT_FOR
        and {*head.waiting, *(topic for topic, _ in head.unsettled)} - {Topic.DUTY}
    )


def clear(
    connection: Connection, office: Office, ways: Sequence[Way], lanes: Iterable[str]
) -> Iterator[Fact]:
    """Give the calls and notices that wait in some lanes over others, which did not fail last.

    What no other lane brings stays where it is; so does what may be under way.
    """
    names = tuple(lanes)
    failing = failing_lanes(connection) | {*names}
    sound = knot(way for way in ways if way.lane not in failing)
    waiting = lane_reads.lanes_waiting(connection, names, EVERYTHING)
    unsettled = lane_reads.lanes_unsettled(connection, names)
    for lane in names:
        reason = _WAITED.format(lane=lane)
        detour = Detour(office, sound, knot(()), reason, lane)
        yield from take(detour, _lines(waiting.get(lane, ())))
        yield from _withdraw(detour, unsettled.get(lane, ()))


def line_of(waiting: Waiting) -> Told:
    """Give what waits as a line; a notice keeps its words, a stranger stays with his platform."""
    one, told = waiting, waiting.subject
    text, account = (told.text, told.account) if isinstance(told, Announced) else ("", "")
    return Told(one.key, one.person, one.stage, text, role=one.role, account=account)


def _lines(waiting: Iterable[Waiting]) -> Iterator[Told]:
    for one in waiting:
        if one.topic is not Topic.DUTY:
            yield line_of(one)


def _withdraw(detour: Detour, unsettled: Iterable[Unsettled]) -> Iterator[Fact]:
    """Give what failed here and would wait for its next try, where all of it has another way."""
    for one in unsettled:
        sending = one.sending
        if one.doubtful or sending.topic is Topic.DUTY:
            continue
        moved = tuple(take(detour, sending.lines))
        if how_many(moved) == len(sending.lines):
            yield Failed(
                code=sending.code,
                lane=sending.lane,
                keys=keys_of(sending),
                aside=aside_of(sending),
                reason=detour.reason,
            )
            yield from moved
