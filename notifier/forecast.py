"""How long a call takes: its ladder played through the lanes, their limits and their packing.

Nobody answers in a forecast, so everybody is called at every strike: it is the longest a call can
take while the platforms keep their word.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from notifier.calls import Strike, call_words, find_role, pieces, stage_words, strikes
from notifier.channels.protocol import Channel
from notifier.desk import make_message
from notifier.events import Call, Callee, Told
from notifier.lanes import Traffic, choose_lines, first_sending, free_at, member_free_at
from notifier.ledger.outbox import PART_MARK
from notifier.ledger.traffic import Departure
from notifier.messages import Topic
from notifier.routes import Way, find_lanes
from obligations.rules import Office, Role

ROUND_TRIP = timedelta(seconds=0.3)  # what a platform usually takes to answer
PROMPT = timedelta(minutes=3)  # everybody is to be called within this: 3分钟叫应
LONG_AGO = datetime.min.replace(tzinfo=UTC)
FAR = datetime.max.replace(tzinfo=UTC)

Fits = Callable[[tuple[Told, ...]], bool]


@dataclass(frozen=True, slots=True)
class Question:
    """What a forecast is asked about; ``link`` makes a real answer address from (code, name)."""

    office: Office
    ways: tuple[Way, ...]
    call: Call
    today: date
    link: Callable[[str, str], str]
    round_trip: timedelta = ROUND_TRIP


@dataclass(frozen=True, slots=True)
class LaneLoad:
    """What one strike puts on one lane; ``done`` counts from the strike, ``singly`` if not merged.

    ``missed`` are those whose turn did not come before the next strike took their place.
    """

    lane: str
    people: int
    messages: int
    done: timedelta
    singly: timedelta
    missed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StrikeLoad:
    """One strike: ``span`` until the next one, or the limit; ``done`` when all have heard of it.

    ``late`` are the callees who hear nothing of it in its span.
    """

    number: int
    after: timedelta
    span: timedelta
    done: timedelta
    lanes: tuple[LaneLoad, ...]
    late: tuple[str, ...]

    @property
    def in_time(self) -> bool:
        """Give whether everybody was called before the next strike, or the limit."""
        return not self.late


@dataclass(frozen=True, slots=True)
class Forecast:
    """How a call would go. ``told_in``: everybody was called once, None where somebody never is.

    ``silent`` are reached by no lane at all; ``untold`` could be, but their turn does not come.
    """

    people: int
    limit: timedelta
    strikes: tuple[StrikeLoad, ...]
    told_in: timedelta | None
    silent: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    @property
    def prompt(self) -> bool:
        """Give whether everybody who can be reached is called within three minutes."""
        return self.told_in is not None and self.told_in <= PROMPT

    @property
    def is_met(self) -> bool:
        """Give whether the ladder can be climbed as it is written."""
        return not self.untold and all(one.in_time for one in self.strikes)


@dataclass(frozen=True, slots=True)
class _Burst:
    """What one strike asks of one lane."""

    number: int
    at: datetime
    lines: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class _Shipment:
    """One message: of which strike, what it says, when the platform has it."""

    number: int
    lines: tuple[Told, ...]
    arrives: datetime


@dataclass(frozen=True, slots=True)
class _Lane:
    """One lane with what is asked of it and what left on it."""

    name: str
    channel: Channel
    bursts: tuple[_Burst, ...]
    shipped: tuple[_Shipment, ...]


def foresee(question: Question) -> Forecast:
    """Give how a call would go over its lanes if nobody answered."""
    lanes = tuple(_lanes(question))
    call, planned = question.call, strikes(question.call.ladder)
    heard = _heard(lanes)
    loads = tuple(
        _strike(question, planned, number, lanes, heard) for number in range(len(planned))
    )
    first: dict[str, datetime] = {}
    for (key, _), at in heard.items():
        first[key] = min(first.get(key, at), at)
    end = call.begun + max(call.ladder.limit, planned[-1].after)
    reachable = {line.key for lane in lanes for burst in lane.bursts for line in _direct(burst)}
    silent = tuple(one.person for one in call.callees if one.key not in reachable)
    untold = tuple(
        one.person for one in call.callees if one.key in reachable and first.get(one.key, FAR) > end
    )
    told_in = None if untold or not first else max(first.values()) - call.begun
    return Forecast(len(call.callees), call.ladder.limit, loads, told_in, silent, untold)


def _lanes(question: Question) -> Iterator[_Lane]:
    call, bursts = question.call, dict[str, list[_Burst]]()
    end = call.begun + max(call.ladder.valid, call.ladder.limit)
    for number, strike in enumerate(strikes(call.ladder)):
        lines: dict[str, list[Told]] = {}
        for callee in call.callees:
            for lane, told in _rings(question, strike, number, callee):
                lines.setdefault(lane, []).append(told)
        at = call.begun + strike.after
        for lane, some in lines.items():
            ordered = tuple(sorted(some, key=lambda told: (told.person, told.key, told.stage)))
            bursts.setdefault(lane, []).append(_Burst(number, at, ordered))
    for way in question.ways:
        if way.lane in bursts:
            fits = _fits(question, way)
            shipped = tuple(_ship(question, way.channel, bursts[way.lane], fits, end))
            yield _Lane(way.lane, way.channel, tuple(bursts[way.lane]), shipped)


def _rings(
    question: Question, strike: Strike, number: int, callee: Callee
) -> Iterator[tuple[str, Told]]:
    """Give (lane, line) of everything that one strike says because of one callee."""
    office, call = question.office, question.call
    told: set[str] = set()
    for whom in strike.whom:
        role = Role(whom) if whom in tuple(Role) else Role.DUTY_ROOM
        for person in find_role(office, callee, whom, question.today):
            if person in told:
                continue
            told.add(person)
            unit = callee.group if role is Role.SELF else ""
            lanes = find_lanes(office, question.ways, person, unit=unit, means=strike.means)
            for part in range(len(pieces(call.text))):
                words = stage_words(number)
                stage = f"{words}{PART_MARK}{part + 1}" if part else words
                text = call_words(call, callee, role, part)
                line = Told(callee.key, person, stage, text, words, role=role.value)
                yield from ((lane, line) for lane in lanes)


def _fits(question: Question, way: Way) -> Fits:
    """Give what tells whether lines go into one message of a lane, as the lane itself asks."""

    def fits(lines: tuple[Told, ...]) -> bool:
        begun = question.call.begun
        sending = first_sending(way.lane, lines, begun, begun, Topic.CALL)
        return way.channel.fits(make_message(question.office, sending, question.link))

    return fits


def _is_one(lines: tuple[Told, ...]) -> bool:
    return len({line.person for line in lines}) == 1


def _ship(
    question: Question, channel: Channel, bursts: Sequence[_Burst], fits: Fits, end: datetime = FAR
) -> Iterator[_Shipment]:
    """Give every message of a lane; a strike takes the place of what still waits from before."""
    now = question.call.begun
    coming, queue = list(bursts), _Queue(channel)
    while (coming or queue.lines) and now < end:
        if coming and (coming[0].at <= now or not queue.lines):
            burst = coming.pop(0)
            now, queue.number, queue.lines = max(now, burst.at), burst.number, burst.lines
            continue
        moment = queue.free_at(now)
        if moment <= now:
            lines = choose_lines(queue.ready(now), fits)
            yield _Shipment(queue.number, lines, now + question.round_trip)
            queue.send(lines, now, now + question.round_trip)
        else:
            now = min(moment, coming[0].at) if coming else moment


@dataclass(slots=True)
class _Queue:
    """What waits in a lane, what is under way and what its limits still count."""

    channel: Channel
    number: int = 0
    lines: tuple[Told, ...] = ()
    flying: list[datetime] = field(default_factory=list)
    left: list[Departure] = field(default_factory=list)
    own: dict[str, list[Departure]] = field(default_factory=dict)
    told: dict[str, datetime] = field(default_factory=dict)

    def free_at(self, now: datetime) -> datetime:
        """Give when the next message may leave."""
        self.flying = [at for at in self.flying if at > now]
        width = min(self.flying) if len(self.flying) >= self.channel.width else now
        limit = self.channel.limit
        budget = free_at(Traffic(departures=tuple(self.left[-limit.count :])), limit, now)
        if not self.channel.member_limits:
            return max(width, budget)
        people = dict.fromkeys(line.person for line in self.lines)
        return max(width, budget, min(self._member_free_at(person, now) for person in people))

    def ready(self, now: datetime) -> tuple[Told, ...]:
        """Give the lines of those who may be sent something, first of those who heard nothing."""
        lines = sorted(self.lines, key=lambda line: self.told.get(line.key, LONG_AGO))
        if not self.channel.member_limits:
            return tuple(lines)
        people = dict.fromkeys(line.person for line in self.lines)
        free = {person for person in people if self._member_free_at(person, now) <= now}
        return tuple(line for line in lines if line.person in free)

    def send(self, lines: tuple[Told, ...], now: datetime, arrives: datetime) -> None:
        """Take lines out of the queue and count the message."""
        gone = set(lines)
        self.lines = tuple(line for line in self.lines if line not in gone)
        self.flying.append(arrives)
        for line in lines:
            if not line.aside:
                self.told.setdefault(line.key, arrives)
        person = lines[0].person if _is_one(lines) else ""
        departure = Departure(now, person)
        self.left.append(departure)
        self.own.setdefault(person, []).append(departure)

    def _member_free_at(self, person: str, now: datetime) -> datetime:
        sent = self.own.get(person, ())
        return member_free_at(sent, self.channel.member_limits, person, now) if sent else now


def _direct(burst: _Burst) -> Iterator[Told]:
    """Give the lines that speak to a callee himself or to whoever answers for him."""
    return (line for line in burst.lines if not line.aside)


def _heard(lanes: Sequence[_Lane]) -> Mapping[tuple[str, int], datetime]:
    """Give when each callee first hears of each strike, by (key, number)."""
    heard: dict[tuple[str, int], datetime] = {}
    for shipment in (one for lane in lanes for one in lane.shipped):
        for line in shipment.lines:
            if not line.aside:
                name = (line.key, shipment.number)
                heard[name] = min(heard.get(name, shipment.arrives), shipment.arrives)
    return heard


def _strike(
    question: Question,
    planned: Sequence[Strike],
    number: int,
    lanes: Sequence[_Lane],
    heard: Mapping[tuple[str, int], datetime],
) -> StrikeLoad:
    call, after = question.call, planned[number].after
    is_last = number + 1 == len(planned)
    following = max(call.ladder.limit, after) if is_last else planned[number + 1].after
    bursts = [(lane, one) for lane in lanes for one in lane.bursts if one.number == number]
    called = {line.key for _, burst in bursts for line in _direct(burst)}
    begins, until = call.begun + after, call.begun + following
    moments = {key: heard.get((key, number), FAR) for key in called}
    loads = tuple(_load(question, lane, burst) for lane, burst in bursts)
    return StrikeLoad(
        number,
        after,
        following - after,
        max((at - begins for at in moments.values() if at <= until), default=timedelta()),
        loads,
        tuple(one.person for one in call.callees if moments.get(one.key, until) > until),
    )


def _load(question: Question, lane: _Lane, burst: _Burst) -> LaneLoad:
    out = [one for one in lane.shipped if one.number == burst.number]
    gone = {line for one in out for line in one.lines}
    alone = tuple(_ship(question, lane.channel, (burst,), _is_one))
    missed = (line.person for line in burst.lines if line not in gone)
    return LaneLoad(
        lane.name,
        len({line.person for line in burst.lines}),
        len(out),
        _last(out, burst),
        _last(alone, burst),
        tuple(dict.fromkeys(missed)),
    )


def _last(out: Sequence[_Shipment], burst: _Burst) -> timedelta:
    return max((one.arrives for one in out), default=burst.at) - burst.at
