"""Where a duty stands: a fold over its facts, oldest first."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from notifier.events import (
    Abandoned,
    Answered,
    AnswerKind,
    Fact,
    Failed,
    Handed,
    Opened,
    Proof,
    Queued,
    Revised,
    Ruled,
    Sent,
    Waived,
    Withdrawn,
)
from obligations.duties import Duty

_MEETING = (AnswerKind.DONE, AnswerKind.NOTHING)


class State(StrEnum):
    """What is left to do."""

    OPEN = "open"
    HEARD = "heard"
    POSTPONED = "postponed"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as the board shows it."""

    at: datetime
    person: str
    answer: AnswerKind
    proof: Proof
    note: str = ""
    on: date | None = None
    until: date | None = None
    by: str = ""
    orders: tuple[str, ...] = ()
    counts: bool = True
    owner: str = ""
    action: str = ""
    deadline: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A duty with what has happened to it so far.

    ``stages`` have been decided on, ``pending`` are those of them that no platform has taken yet.
    ``handed``: its person is not the rule's any more, but whoever it was handed to. ``waived`` is
    why the office let him off, ``refused_at`` when it refused the extensions asked for till then.
    """

    duty: Duty
    stages: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    withdrawn: bool = False
    told_at: datetime | None = None
    undelivered: str = ""
    handed: bool = False
    waived: str = ""
    refused_at: datetime | None = None
    granted_at: datetime | None = None

    @property
    def done(self) -> int:
        """Give how many reports of the thing done, or of nothing to report, have come in."""
        return sum(one.counts and one.answer in _MEETING for one in self.answers)

    @property
    def state(self) -> State:
        """Give what is left to do: the quota first, then what was asked for, then what was heard.

        收到 or a part of the quota does not take a postponement back.
        """
        if self.withdrawn:
            return State.WITHDRAWN
        if self.waived:
            return State.WAIVED
        if self.done >= self.duty.need:
            return State.DONE
        if self._postponements:
            return State.POSTPONED
        latest = self.answers[-1].answer if self.answers else None
        return State.HEARD if latest is AnswerKind.HEARD else State.OPEN

    @property
    def postponed_until(self) -> date | None:
        """Give the day asked for last, while the duty is postponed."""
        return self._postponements[-1].until if self.state is State.POSTPONED else None

    @property
    def is_granted(self) -> bool:
        """Give whether the office has granted the extension asked for last."""
        asked = self._postponements
        return bool(asked and self.granted_at and self.granted_at >= asked[-1].at)

    @property
    def _postponements(self) -> tuple[Answer, ...]:
        refused = self.refused_at
        asked = (one for one in self.answers if one.answer is AnswerKind.POSTPONED)
        return tuple(one for one in asked if refused is None or one.at > refused)

    @property
    def settled(self) -> bool:
        """Give whether nothing more is owed."""
        return self.state in (State.DONE, State.WITHDRAWN, State.WAIVED)


def advance(standing: Standing | None, at: datetime, fact: Fact) -> Standing | None:
    """Give the standing after one more fact; facts of other subjects leave it as it is."""
    match fact:
        case Opened(duty=duty) | Revised(duty=duty):
            return Standing(duty) if standing is None else _revise(standing, duty)
        case _ if standing is None:
            return None
        case Withdrawn():
            return replace(_take_back(standing), withdrawn=True)
        case Queued(stage=stage):
            rest = tuple(one for one in standing.stages if one != stage)
            return replace(standing, stages=(*rest, stage), pending=(stage,))
        case Sent():
            return replace(standing, told_at=at, undelivered="", pending=())
        case Failed() | Abandoned():
            return replace(standing, undelivered=fact.reason if fact.kind == "Failed" else "")
        case Answered():
            return replace(standing, answers=(*standing.answers, answer_of(at, fact)))
        case _:
            return _decided(standing, at, fact)


def _decided(standing: Standing, at: datetime, fact: Fact) -> Standing:
    """Give the standing after what the office, or the bearer, decided about whose it is."""
    match fact:
        case Waived(reason=reason):
            return replace(_take_back(standing), waived=reason)
        case Ruled(granted=True):
            return replace(standing, granted_at=at)
        case Ruled():
            return replace(standing, refused_at=at)
        case Handed(person=person):
            moved = _revise(standing, replace(standing.duty, person=person))
            return replace(moved, handed=True)
        case _:
            return standing


def fold(facts: Iterable[tuple[datetime, Fact]]) -> Standing | None:
    """Give where a duty stands after all its facts, None where it was never opened."""
    standing: Standing | None = None
    for at, fact in facts:
        standing = advance(standing, at, fact)
    return standing


def _revise(standing: Standing, duty: Duty) -> Standing:
    """Give the standing of a changed duty; a new person has been told nothing yet."""
    if duty.person != standing.duty.person:
        standing = replace(standing, stages=(), pending=(), undelivered="")
    return replace(standing, duty=duty, withdrawn=False)


def _take_back(standing: Standing) -> Standing:
    """Forget the stages that were decided on and never told, so that they can come again."""
    told = tuple(stage for stage in standing.stages if stage not in standing.pending)
    return replace(standing, stages=told, pending=())


def answer_of(at: datetime, fact: Answered) -> Answer:
    """Give an answer as standings keep it."""
    return Answer(
        at,
        fact.person,
        fact.answer,
        fact.proof,
        fact.note,
        fact.on,
        fact.until,
        fact.by,
        fact.orders,
        fact.counts,
        fact.owner,
        fact.action,
        fact.deadline,
    )
