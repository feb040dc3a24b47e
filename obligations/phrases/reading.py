"""`parse`: one whole phrase, as rules.yaml has it under 频次."""

from dataclasses import dataclass

from obligations.phrases.finding import scan
from obligations.phrases.tokens import compact
from obligations.schedule import Compound, Schedule, Undetermined


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What could not be read: the place in the phrase, the signs there, and the reason."""

    position: int
    found: str
    reason: str
    understood: Schedule | None = None


def parse(phrase: str, *, year: int | None = None) -> Schedule:
    """Give what a phrase means; what it leaves open is `Undetermined` with the reason.

    >>> parse("每季度至少1次").count
    1
    """
    read = compact(phrase)
    found = scan(read.text, year)
    if not found:
        return Undetermined(phrase, f"看不懂“{phrase}”：里面没有认得的时间说法。")
    members: tuple[Schedule, ...] = tuple(dict.fromkeys(mention.schedule for mention in found))
    return members[0] if len(members) == 1 else Compound(members)


def diagnose(phrase: str, *, year: int | None = None) -> Diagnosis | None:
    """Give where and why a phrase cannot be read, None if it can."""
    schedule = parse(phrase, year=year)
    if not isinstance(schedule, Undetermined):
        return None
    return Diagnosis(0, phrase[:1], schedule.reason)
