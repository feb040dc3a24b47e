"""Where a callee stands: a fold over what befell him, oldest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from notifier.events import (
    Abandoned,
    Answered,
    AnswerKind,
    Call,
    Callee,
    Escalated,
    Fact,
    Failed,
    Listed,
    Proof,
    Released,
    Rerouted,
    Ring,
    Sent,
)
from notifier.standing import Answer, answer_of


class CallState(StrEnum):
    """What is left to do for a callee."""

    CALLING = "calling"
    HEARD = "heard"
    DONE = "done"
    UNREACHED = "unreached"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class CallStanding:
    """A callee with what has befallen him so far.

    ``base`` is the instant from which his ladder counts, ``strikes`` how many of it were taken.
    ``told_at`` is when a platform first took a message to him, ``unreached`` why none may reach
    him. ``lapsed_at``: what he had answered before does not stop the calling any more. ``ways`` are
    the lanes over which the last strike goes to him, ``reached`` the last strike that a platform
    took, counted from 1.
    """

    callee: Callee
    call: str
    base: datetime
    orders: tuple[str, ...] = ()
    strikes: int = 0
    told_at: datetime | None = None
    answers: tuple[Answer, ...] = ()
    lapsed_at: datetime | None = None
    listed_at: datetime | None = None
    released: str = ""
    undelivered: str = ""
    ways: tuple[str, ...] = ()
    reached: int = 0

    @property
    def state(self) -> CallState:
        """Give what is left to do; only answers that count are looked at."""
        if self.is_done:
            return CallState.DONE
        if self.released:
            return CallState.RELEASED
        if self.heard_at is not None:
            return CallState.HEARD
        return CallState.UNREACHED if self.listed_at else CallState.CALLING

    @property
    def heard_at(self) -> datetime | None:
        """Give when he last answered, None where he has not since it was asked again."""
        heard = [one.at for one in self.answers if one.counts]
        latest = heard[-1] if heard else None
        return None if self.lapsed_at and latest and latest <= self.lapsed_at else latest

    @property
    def first_heard_at(self) -> datetime | None:
        """Give when he first answered himself, for the response times."""
        return next((one.at for one in self.answers if one.counts), None)

    @property
    def measures(self) -> tuple[str, str, str]:
        """Give who does what by when, as far as any answer that counts has said it."""
        counted = [one for one in self.answers if one.counts]
        parts = ((one.owner, one.action, one.deadline) for one in reversed(counted))
        said = tuple(zip(*parts, strict=True)) or ((), (), ())
        owner, action, deadline = (next(filter(None, words), "") for words in said)
        return owner, action, deadline

    @property
    def carried_out(self) -> tuple[str, ...]:
        """Give the orders that were reported as carried out, in the call's order."""
        said = {order for one in self.answers if one.counts for order in one.orders}
        return tuple(order for order in self.orders if order in said)

    @property
    def is_done(self) -> bool:
        """Give whether everything was reported as done: of a call with orders, each of them."""
        if self.orders:
            return self.carried_out == self.orders
        return any(one.counts and one.answer is AnswerKind.DONE for one in self.answers)

    @property
    def is_closed(self) -> bool:
        """Give whether the office itself has entered what it knows (上门叫醒): that ends it."""
        return any(one.counts and one.proof is Proof.OFFICE for one in self.answers)

    @property
    def settled(self) -> bool:
        """Give whether nobody waits for him any more."""
        return self.state in (CallState.DONE, CallState.RELEASED)


def begin(call: Call, callee: Callee) -> CallStanding:
    """Give where a callee stands when his call begins."""
    return CallStanding(callee, call.id, call.begun, call.orders)


def advance_callee(standing: CallStanding, at: datetime, fact: Fact) -> CallStanding:
    """Give the standing after one more fact; facts of other kinds leave it as it is."""
    match fact:
        case Escalated():
            return _struck(standing, at, fact)
        case Rerouted(rings=rings):
            ways = dict.fromkeys((*standing.ways, *_lanes(standing, rings)))
            return replace(standing, ways=tuple(one for one in ways if one != fact.gone))
        case Listed():
            return replace(standing, listed_at=at)
        case Released(reason=reason):
            return replace(standing, released=reason)
        case Answered():
            return replace(standing, answers=(*standing.answers, answer_of(at, fact)))
        case Sent():
            return _told(standing, at, fact)
        case Failed(reason=reason):
            return replace(standing, undelivered=reason)
        case Abandoned():
            return replace(standing, undelivered="")
        case _:
            return standing


def _struck(standing: CallStanding, at: datetime, fact: Escalated) -> CallStanding:
    if fact.lapsed:
        standing = replace(standing, lapsed_at=at, listed_at=None, reached=0)
    silent = standing.callee.key in fact.silent
    trouble = "没有能叫到他的通道" if silent else standing.undelivered
    base = fact.base or standing.base
    ways = _lanes(standing, fact.rings)
    return replace(
        standing, strikes=fact.strike + 1, base=base, undelivered=trouble, ways=tuple(ways)
    )


def _lanes(standing: CallStanding, rings: Iterable[Ring]) -> Mapping[str, None]:
    """Give the lanes over which he is called himself, in their order."""
    key, person = standing.callee.key, standing.callee.person
    own = (ring.lane for ring in rings if ring.key == key and ring.person == person)
    return dict.fromkeys(own)


def _told(standing: CallStanding, at: datetime, fact: Sent) -> CallStanding:
    """Note that a platform took the message; it may say at once that it does not reach him."""
    if standing.callee.person in fact.unreached:
        return replace(standing, undelivered=fact.reason)
    told_at = standing.told_at or at
    return replace(standing, told_at=told_at, undelivered="", reached=standing.strikes)
