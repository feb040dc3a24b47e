"""What befalls the program itself: its plan, its rules, its troubles."""

from dataclasses import dataclass
from datetime import date
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
class Troubled:
    """One row could not be worked on; the round went on without it."""

    subject: str
    reason: str
    kind: Literal["Troubled"] = "Troubled"
