"""A duty, and what the office says has happened."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing owed by one bearer in one period.

    ``key`` is ``rule/bearer/period`` and outlives every wording. ``bearer`` is the unit or person
    that owes; ``person`` is who is told. ``opens`` and ``closes`` (exclusive) are the office's own
    local time; ``need`` is how many reports meet the duty. ``amounts`` are owed besides (2, "家");
    ``objects`` are those of a list that are to be reached, each ``need / len(objects)`` times.
    ``in_person``: what another answers for ``person`` does not count.
    """

    key: str
    rule: str
    matter: str
    bearer: str
    person: str
    unit: str
    label: str
    opens: datetime
    closes: datetime
    need: int
    words: str
    evidence: str = ""
    source: str = ""
    zero_report: bool = False
    amounts: tuple[tuple[int, str], ...] = ()
    objects: tuple[str, ...] = ()
    in_person: bool = False

    @property
    def due(self) -> date:
        """Give the last day on which the duty is in time."""
        return (self.closes - datetime.resolution).date()


@dataclass(frozen=True, slots=True)
class Happening:
    """What the office says has happened: 结案 on a day, which sets off the duties of a rule.

    ``event`` is the rule's own word for it; without one every event of the rule is meant. ``note``
    tells one case from another.
    """

    rule: str
    event: str
    on: date
    note: str = ""
