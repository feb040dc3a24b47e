"""What the next messages of a lane say: whose lines go together, which have lost their point."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from notifier.calls import CallStanding, CallState, call_words, current_stage
from notifier.channels.protocol import Channel
from notifier.events import MARK, Abandoned, Announced, Call, Dropped, Fact, Sending, Told
from notifier.hours import Hours
from notifier.lanes import (
    Traffic,
    aside_of,
    choose,
    choose_lines,
    first_sending,
    keys_of,
    member_free_at,
    next_sending,
    room,
)
from notifier.ledger import reads
from notifier.ledger.call_reads import find_callee
from notifier.ledger.outbox import PART_MARK, RANKS
from notifier.ledger.traffic import Unsettled, Waiting
from notifier.messages import Message, Topic
from notifier.reminders import TODAY, due_words, has_point, progress_words, reason_words
from notifier.standing import Standing
from obligations.rules import Office, Role, stand_in

_NEVER = datetime.min.replace(tzinfo=UTC)
STALE_NOTICE = timedelta(days=1)
_LOST = {
    Topic.CALL: "已经应答、停叫或过了时效，不再发",
    Topic.NOTICE: "通知已过一天，不再发",
    Topic.DUTY: "要说的那一天已经过去，或者已换了人，不再发",
}


@dataclass(frozen=True, slots=True)
class Composer:
    """What composing goes by: the office's time, the calls, how a message is made of a sending."""

    connection: Connection
    hours: Hours
    now: datetime
    office: Office
    calls: Mapping[str, Call]
    message: Callable[[Sending], Message]

    def depart(self, lane: str, channel: Channel, traffic: Traffic, slots: int) -> Iterator[Fact]:
        """Give the facts of what leaves now: at most so many messages, tries again before news."""
        slots = min(slots, room(traffic, channel.limit, self.now))
        for unsettled in traffic.unsettled:
            if (
                slots
                and unsettled.ready_at <= self.now
                and self._may_leave(unsettled.sending.topic)
            ):
                fact = self._repeat(channel, unsettled)
                slots -= isinstance(fact, Sending)
                yield fact
        if slots:
            yield from self._compose(lane, channel, traffic, slots)

    def _compose(self, lane: str, channel: Channel, traffic: Traffic, slots: int) -> Iterator[Fact]:
        alive, gone = [], set()
        for one in traffic.waiting:
            if self._has_point(one):
                alive.append(one)
            else:
                gone.add((one.key, one.stage, one.topic))
        alive.sort(key=_turn)
        for key, stage, topic in sorted(gone):
            yield Dropped(key=key, stage=stage, reason=_LOST[topic])
        pool = [
            one
            for one in alive
            if self._may_leave(one.topic) and self._member_is_free(channel, traffic, one.person)
        ]
        while pool and slots:
            sending = self._next(lane, channel, pool)
            taken = {(line.key, line.stage, line.person) for line in sending.lines}
            pool = [one for one in pool if (one.key, one.stage, one.person) not in taken]
            slots -= 1
            yield sending

    def _next(self, lane: str, channel: Channel, pool: Sequence[Waiting]) -> Sending:
        topic = pool[0].topic
        alike = [one for one in pool if one.topic is topic]
        together = [one for one in alike if not one.alone] or alike[:1]
        together.sort(key=_pressing)
        lines = tuple(self._tell(one) for one in together)

        def fits(some: tuple[Told, ...]) -> bool:
            sending = first_sending(lane, some, self.now, self.now, topic)
            return channel.fits(self.message(sending))

        chosen = choose(lines, fits) if topic is Topic.DUTY else choose_lines(lines, fits)
        keys = {line.key for line in chosen}
        asked_at = min(one.asked_at for one in together if one.key in keys)
        return first_sending(lane, chosen, asked_at, self.now, topic)

    def _repeat(self, channel: Channel, unsettled: Unsettled) -> Sending | Abandoned:
        """Give the next try of a message, with those of its lines that still have a point."""
        before = unsettled.sending
        lines = tuple(self._retell(before))
        if lines:
            may_double = not channel.deduplicates
            return next_sending(unsettled, lines, self.now, may_double=may_double)
        return Abandoned(
            code=before.code,
            lane=before.lane,
            keys=keys_of(before),
            aside=aside_of(before),
            reason="里面的事都已答复或不再要求，不再发",
        )

    def _retell(self, before: Sending) -> Iterator[Told]:
        for line in before.lines:
            if before.topic is Topic.NOTICE:
                if self.now < before.asked_at + STALE_NOTICE:
                    yield line
            elif before.topic is Topic.CALL:
                callee = find_callee(self.connection, line.key)
                stage = line.stage.partition(PART_MARK)[0]
                if callee and self._is_called(callee) and stage == current_stage(callee):
                    yield line
            else:
                yield from self._retell_duty(before, line)

    def _retell_duty(self, before: Sending, line: Told) -> Iterator[Told]:
        standing = reads.find_standing(self.connection, line.key)
        today = self.hours.today(self.now)
        if standing is None or not has_point(standing, line.stage, today):
            return
        if line.person != self._present(standing):
            return
        if not any(answer.at >= before.asked_at for answer in standing.answers):
            yield self._tell_duty(standing, line.stage, line.person)

    def _has_point(self, one: Waiting) -> bool:
        match one.subject:
            case Standing() as standing:
                present = one.person == self._present(standing)
                return present and has_point(standing, one.stage, self.hours.today(self.now))
            case CallStanding() as standing:
                return self._is_called(standing)
            case Announced():
                return self.now < one.asked_at + STALE_NOTICE

    def _is_called(self, standing: CallStanding) -> bool:
        """Tell whether somebody is still being called, by a call that has not lost its point."""
        call = self.calls.get(standing.call)
        begun = max(standing.lapsed_at or standing.base, standing.base)
        in_time = call is not None and self.now < begun + max(call.ladder.valid, call.ladder.limit)
        return in_time and standing.state is CallState.CALLING

    def _may_leave(self, topic: Topic) -> bool:
        """Tell whether it is an hour for it: duties keep to the office's, a call to none."""
        return topic is not Topic.DUTY or self.hours.is_open(self.now)

    def _member_is_free(self, channel: Channel, traffic: Traffic, person: str) -> bool:
        limits = channel.member_limits
        return member_free_at(traffic.departures, limits, person, self.now) <= self.now

    def _tell(self, one: Waiting) -> Told:
        """Word one line with the time that is left now, not when it was decided on."""
        match one.subject:
            case Standing() as standing:
                return self._tell_duty(standing, one.stage, one.person)
            case CallStanding() as standing:
                role = Role(one.role)
                text = call_words(self.calls[standing.call], standing.callee, role, one.part)
                stage = one.stage.partition(PART_MARK)[0]
                return Told(one.key, one.person, one.stage, text, stage, role=one.role)
            case Announced(text=text, account=account):
                return Told(one.key, one.person, one.stage, text, account=account)

    def _present(self, standing: Standing) -> str:
        """Give who is told of a duty today: its person, or who stands in for him on leave."""
        name = standing.duty.person
        present = stand_in(self.office, name, self.hours.today(self.now))
        return present.name if present else name

    def _tell_duty(self, standing: Standing, stage: str, person: str) -> Told:
        today = self.hours.today(self.now)
        reason = reason_words(standing, stage, today)
        due = "" if reason == TODAY else due_words(standing, self.hours.calendar, today)
        bearer = standing.duty.person
        instead = f"（{bearer}请假，由您代办）" if person != bearer else ""
        matter = standing.duty.matter + progress_words(standing) + instead
        return Told(standing.duty.key, person, stage, matter, reason, due)


def _pressing(one: Waiting) -> date:
    """Give by when a line's matter is due: what matters today stands first in a digest."""
    standing = one.subject
    if isinstance(standing, Standing):
        return standing.postponed_until or standing.duty.due
    return date.min


def _turn(one: Waiting) -> tuple[int, bool, bool, int, datetime]:
    """Give the order in which things leave: who has not heard of his call goes before who has.

    A lane that cannot bring a whole strike before the next one would otherwise begin with the same
    people each time, and never come to the rest. Among those who have heard before, whom this
    strike has not reached yet goes first, and of these who is called over the fewest other lanes.
    """
    rank = RANKS[one.topic]
    if not isinstance(one.subject, CallStanding):
        return rank, False, False, 0, _NEVER
    callee = one.subject
    others = sum(lane != one.lane for lane in callee.ways)
    is_reached = callee.reached >= callee.strikes
    return rank, callee.told_at is not None, is_reached, others, callee.told_at or _NEVER


def call_of(key: str) -> str:
    """Give the id of the call that a callee's key belongs to, "" for any other key.

    >>> call_of("叫应/C7F3/周敏"), call_of("BSY-03/周敏/2026年第3季度")
    ('C7F3', '')
    """
    mark, _, rest = key.partition("/")
    return rest.partition("/")[0] if mark == MARK else ""
