"""Where a duty stands: a fold over its facts, oldest first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from notifier.events import (
    Abandoned,
    Answered,
    AnswerKind,
    EvidenceGiven,
    Fact,
    Failed,
    Handed,
    Opened,
    Proof,
    Queued,
    Reviewed,
    Revised,
    Ruled,
    Sent,
    Waived,
    Withdrawn,
)
from obligations.duties import Duty

MEETING = (AnswerKind.DONE, AnswerKind.NOTHING)


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
    accepted: bool | None = None
    review: str = ""
    amounts: tuple[int, ...] = ()
    objects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One file that was handed in; ``digest`` finds it."""

    at: datetime
    person: str
    digest: str
    name: str
    type: str


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
    evidence: tuple[Evidence, ...] = ()

    @property
    def done(self) -> int:
        """Give how many reports of the thing done, or of nothing to report, have come in.

        Where objects are to be reached it is how many of those that are owed have been.
        """
        if not self.duty.objects:
            return len(self._reports)
        if self._is_nothing:
            return self.duty.need
        visits = self._visits
        return sum(min(visits[name], self._each) for name in self.duty.objects)

    @property
    def amounts(self) -> tuple[int, ...]:
        """Give how much has been done of each amount of the duty."""
        return tuple(
            sum(one.amounts[n] for one in self._reports if n < len(one.amounts))
            for n in range(len(self.duty.amounts))
        )

    @property
    def amounts_left(self) -> tuple[int, ...]:
        """Give how much is still owed of each amount; whoever has nothing to report owes none."""
        pairs = zip(self.duty.amounts, self.amounts, strict=True)
        return tuple(0 if self._is_nothing else max(n - done, 0) for (n, _), done in pairs)

    @property
    def missing(self) -> tuple[str, ...]:
        """Give the objects of the duty's list that have not been reached often enough."""
        visits = self._visits
        left = (name for name in self.duty.objects if visits[name] < self._each)
        return () if self._is_nothing else tuple(left)

    @property
    def reached(self) -> tuple[str, ...]:
        """Give the objects of the duty's list that have been reached."""
        missing = self.missing
        return tuple(name for name in self.duty.objects if name not in missing)

    @property
    def _reports(self) -> tuple[Answer, ...]:
        return tuple(one for one in self.answers if one.counts and one.answer in MEETING)

    @property
    def _is_nothing(self) -> bool:
        return any(one.answer is AnswerKind.NOTHING for one in self._reports)

    @property
    def _visits(self) -> Counter[str]:
        """Give how often each object was reached; what has left the list is not asked for."""
        return Counter(name for one in self._reports for name in one.objects)

    @property
    def _each(self) -> int:
        return max(self.duty.need // len(self.duty.objects), 1)

    @property
    def state(self) -> State:
        """Give what is left to do: the quota first, then what was asked for, then what was heard.

        收到 or a part of the quota does not take a postponement back.
        """
        if self.withdrawn:
            return State.WITHDRAWN
        if self.waived:
            return State.WAIVED
        if self.done >= self.duty.need and not any(self.amounts_left):
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
        case EvidenceGiven(person=person, digest=digest, name=name, type=kind):
            given = Evidence(at, person, digest, name, kind)
            return replace(standing, evidence=(*standing.evidence, given))
        case Reviewed():
            return _review(standing, fact)
        case _:
            return standing


def _review(standing: Standing, fact: Reviewed) -> Standing:
    """Give the standing with one answer accepted, or sent back and not counted any more."""
    if not 0 <= fact.nth < len(standing.answers):
        return standing
    found = standing.answers[fact.nth]
    counts = found.counts and fact.accepted
    seen = replace(found, accepted=fact.accepted, review=fact.reason, counts=counts)
    before, after = standing.answers[: fact.nth], standing.answers[fact.nth + 1 :]
    return replace(standing, answers=(*before, seen, *after))


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
    if duty.amounts != standing.duty.amounts:
        answers = tuple(_moved(one, standing.duty, duty) for one in standing.answers)
        standing = replace(standing, answers=answers)
    return replace(standing, duty=duty, withdrawn=False)


def _moved(answer: Answer, old: Duty, new: Duty) -> Answer:
    """Give the answer with its amounts where the changed rule has their units now."""
    said = {unit: n for (_, unit), n in zip(old.amounts, answer.amounts, strict=False)}
    if not said:
        return answer
    return replace(answer, amounts=tuple(said.get(unit, 0) for _, unit in new.amounts))


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
        amounts=fact.amounts,
        objects=fact.objects,
    )
