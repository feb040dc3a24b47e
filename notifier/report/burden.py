"""What the rules cost people: how many messages each person gets a week if nobody answers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from notifier.hours import Hours
from notifier.reminders import stages
from notifier.standing import Standing
from obligations.duties import Duty


@dataclass(frozen=True, slots=True)
class Burden:
    """One person's messages: the mean of the weeks looked at, and the fullest of them."""

    person: str
    mean: float
    most: int
    fullest: str


def burdens(duties: Iterable[Duty], hours: Hours, since: date, until: date) -> tuple[Burden, ...]:
    """Give the burden of everybody, the heaviest first.

    Everything that falls into one slot is one message, as it will be; a week is Monday to Sunday,
    and nobody is taken to answer, so this is the most that can come.
    """
    slots = {
        (duty.person, stage.at)
        for duty in duties
        if duty.person
        for stage in stages(Standing(duty), hours)
        if since <= hours.today(stage.at) <= until
    }
    weeks = Counter((person, _week(hours.today(at))) for person, at in slots)
    names = _weeks(since, until)
    people = sorted({person for person, _ in slots})
    found = (_burden(person, {week: weeks[person, week] for week in names}) for person in people)
    return tuple(sorted(found, key=lambda one: (-one.mean, one.person)))


def _burden(person: str, counts: dict[str, int]) -> Burden:
    fullest = max(counts, key=lambda week: counts[week])
    return Burden(person, sum(counts.values()) / len(counts), counts[fullest], fullest)


def _weeks(since: date, until: date) -> tuple[str, ...]:
    span = range(since.toordinal(), until.toordinal() + 1)
    return tuple(dict.fromkeys(_week(date.fromordinal(number)) for number in span))


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}年第{week}周"
