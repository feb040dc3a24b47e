"""What befalls the program itself: its plan, its rules, its troubles."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """All duties up to a day were opened."""

    until: date
    opened: int
    reason: str
    kind: Literal["Planned"] = "Planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesChanged:
    """A new rules.yaml came into force, or was refused while the old one stays in force."""

    digest: str
    accepted: bool
    reason: str
    kind: Literal["RulesChanged"] = "RulesChanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSet:
    """The program's time was moved by ``by`` to what the machine's clock shows since its jump.

    Below zero: what was put off to an instant of the time before is put off by so much less.
    """

    by: timedelta
    reason: str
    kind: Literal["ClockSet"] = "ClockSet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubled:
    """One row could not be worked on; the round went on without it."""

    subject: str
    reason: str
    kind: Literal["Troubled"] = "Troubled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """The office records what rules wait for: 结案 on a day makes the duties that follow it."""

    rule: str
    event: str
    on: date
    by: str
    reason: str
    note: str = ""
    kind: Literal["Happened"] = "Happened"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonSet:
    """The office opens a key period, or closes it: ``last`` is None while it is open."""

    name: str
    first: date
    last: date | None
    by: str
    reason: str
    kind: Literal["SeasonSet"] = "SeasonSet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A month or quarter is sealed: ``seq`` is the last row inside it, ``hash`` that row's."""

    period: str
    seq: int
    hash: str
    reason: str
    kind: Literal["Closed"] = "Closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSet:
    """The private address of a calendar was renewed: those with an older serial open nothing.

    ``whose`` is 人员/周敏 or 单位/应急办.
    """

    whose: str
    serial: int
    by: str
    reason: str
    kind: Literal["FeedSet"] = "FeedSet"
