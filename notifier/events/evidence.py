"""What proves that a duty was done, and what the office made of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceGiven:
    """A person handed in a file, which lay on the disk before this was written.

    ``digest`` (SHA-256) is its place and its proof. ``position`` (latitude, longitude) and
    ``taken_at``, the camera's own time, are what a picture says of itself.
    """

    key: str
    person: str
    digest: str
    name: str
    size: int
    type: str
    reason: str
    position: tuple[float, float] | None = None
    taken_at: datetime | None = None
    kind: Literal["EvidenceGiven"] = "EvidenceGiven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """The minutes of an inspection, as far as somebody filled them in, in his own words."""

    key: str
    person: str
    reason: str
    place: str = ""
    time: str = ""
    findings: str = ""
    demands: str = ""
    recheck: str = ""
    inspector: str = ""
    inspected: str = ""
    kind: Literal["Inspected"] = "Inspected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """The office accepts an answer, or sends it back, so that the duty opens again.

    ``nth`` counts the duty's answers from 0.
    """

    key: str
    nth: int
    accepted: bool
    by: str
    reason: str
    kind: Literal["Reviewed"] = "Reviewed"
