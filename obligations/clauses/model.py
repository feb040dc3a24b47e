"""What a notice demands: clauses, each with its words, its bearer and its schedule."""

from dataclasses import dataclass
from enum import StrEnum

from obligations.documents import Document
from obligations.phrases import parse
from obligations.schedule import (
    After,
    Compound,
    Coverage,
    Once,
    Quota,
    Schedule,
    Standing,
    Undetermined,
)

_SOME_YEAR = 2000


class Kind(StrEnum):
    """The five sorts of time obligation."""

    RECURRING = "recurring"
    DEADLINE = "deadline"
    EVENT = "event"
    STANDING = "standing"
    VAGUE = "vague"


@dataclass(frozen=True, slots=True)
class Clause:
    """One duty with one schedule, as one stretch of the notice states it.

    ``quote`` is the time phrase as printed on ``line``; ``sentence`` holds it, from ``mark`` to
    ``mark_end``.
    """

    line: int
    item: str
    quote: str
    schedule: Schedule
    actor: str
    action: str
    units: tuple[str, ...]
    sentence: str = ""
    mark: int = 0
    mark_end: int = 0

    @property
    def kind(self) -> Kind:
        """The sort of obligation that the schedule is."""
        return kind_of(self.schedule)


@dataclass(frozen=True, slots=True)
class Notice:
    """A document and what it demands, in the order of its lines."""

    document: Document
    clauses: tuple[Clause, ...]


def kind_of(schedule: Schedule) -> Kind:
    """Give the sort of obligation that a schedule is.

    >>> kind_of(Standing("长期坚持")).value
    'standing'
    """
    match schedule:
        case Quota() | Coverage():
            return Kind.RECURRING
        case Once():
            return Kind.DEADLINE
        case After():
            return Kind.EVENT
        case Standing():
            return Kind.STANDING
        case Undetermined():
            return Kind.VAGUE
        case Compound(members):
            return kind_of(members[0]) if members else Kind.VAGUE


def undated_clauses(notice: Notice) -> tuple[Clause, ...]:
    """Give the deadlines whose year the notice does not tell."""
    return tuple(clause for clause in notice.clauses if _lacks_year(clause.schedule))


def _lacks_year(schedule: Schedule) -> bool:
    return isinstance(schedule, Undetermined) and isinstance(
        parse(schedule.text, year=_SOME_YEAR), Once
    )
