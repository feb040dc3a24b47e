"""A stretch of days played through on paper: who gets which messages if nobody does anything.

The decisions are the real ones; only the clock and the database are left out. Duties of the same
days are decided once for all their bearers, so that ten thousand rules cost what their dates cost.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from notifier.events import Queued
from notifier.hours import Hours, office_hours
from notifier.reminders import decide
from notifier.routes import find_lane
from notifier.standing import Standing, advance
from obligations.duties import Duty, plan
from obligations.rules import Office, stand_in

_WEEK = timedelta(days=7)
_WORKING = 5
SOMEBODY = "某人"


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """One message to one person: how many reminders one slot brings him over one lane."""

    at: datetime
    person: str
    lane: str
    reminders: int


@dataclass(frozen=True, slots=True, order=True)
class Late:
    """A duty that is overdue from a day on, because nobody did anything."""

    on: date
    person: str
    key: str
    matter: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What the rules of an office would have brought from ``since`` to ``until``."""

    since: date
    until: date
    budget: int
    digests: tuple[Digest, ...]
    late: tuple[Late, ...]
    loads: tuple["Load", ...]
    ordinary: frozenset[date]

    @property
    def reminders(self) -> int:
        """Give how many messages there would be if each reminder were one."""
        return sum(digest.reminders for digest in self.digests)

    @property
    def departures(self) -> int:
        """Give how many messages leave: what a group gets in one slot is one for all its people."""
        return len({(digest.at, digest.lane) for digest in self.digests})


@dataclass(frozen=True, slots=True)
class Load:
    """One person's messages by week (its Monday); ``days_above`` came on top of the budget."""

    person: str
    weeks: tuple[tuple[date, int], ...]
    days_above: tuple[date, ...]

    @property
    def total(self) -> int:
        """Give all messages."""
        return sum(count for _, count in self.weeks)

    @property
    def mean(self) -> float:
        """Give the messages of a week on the average."""
        return self.total / len(self.weeks)

    @property
    def fullest(self) -> tuple[date, int]:
        """Give the week with the most messages, the first of several."""
        return max(self.weeks, key=lambda week: week[1])


def replay(office: Office, since: date, until: date) -> Replay:
    """Give what the office's rules bring from the first day to the last, both included."""
    hours = office_hours(office)
    duties = [duty for duty in plan(office, since, until) if duty.person]
    digests = tuple(sorted(_digests(office, duties, hours, since, until)))
    return Replay(
        since,
        until,
        office.budget,
        digests,
        tuple(sorted(_late(duties, since, until))),
        tuple(_loads(digests, hours, office.budget, (since, until))),
        frozenset(_ordinary(office, hours, since, until)),
    )


def above_budget(found: Replay) -> tuple[tuple[str, date, int], ...]:
    """Give who gets more than the budget in an ordinary week, with his fullest one."""
    fullest = (
        (load.person, *max(weeks, key=lambda week: week[1]))
        for load in found.loads
        if (weeks := [week for week in load.weeks if week[0] in found.ordinary])
    )
    return tuple(one for one in fullest if one[2] > found.budget)


def week_words(monday: date) -> str:
    """Give the name of a week.

    >>> week_words(date(2025, 9, 1))
    '2025年第36周'
    """
    year, week, _ = monday.isocalendar()
    return f"{year}年第{week}周"


def monday_of(day: date) -> date:
    """Give the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _digests(
    office: Office, duties: Iterable[Duty], hours: Hours, since: date, until: date
) -> Iterator[Digest]:
    """Put the reminders for one person, lane and slot together, as the lanes do."""
    away = {person.name for person in office.people if person.leaves}
    lanes: dict[str, str] = {}
    moments: dict[tuple[Duty, datetime], tuple[datetime, ...]] = {}
    counts: Counter[tuple[datetime, str, str]] = Counter()
    end = hours.instant(datetime.combine(until + timedelta(days=1), time()))
    first = hours.instant(datetime.combine(since, time()))
    for duty in duties:
        begin = max(hours.instant(duty.opens), first)
        like = _blank(duty), begin
        if like not in moments:
            moments[like] = tuple(_moments(like[0], hours, begin, end))
        if duty.unit not in lanes:
            lanes[duty.unit] = find_lane(office, duty)
        for at in moments[like]:
            person = _present(office, duty.person, hours, at) if away else duty.person
            counts[at, person, lanes[duty.unit]] += 1
    for (at, person, lane), reminders in counts.items():
        yield Digest(at, person, lane, reminders)


def _blank(duty: Duty) -> Duty:
    """Give the duty without what tells it from others of the same days."""
    told = replace(duty, key="", rule="", matter="", bearer=SOMEBODY, person=SOMEBODY, unit="")
    return replace(told, label="", words="", evidence="", source="")


def _present(office: Office, person: str, hours: Hours, at: datetime) -> str:
    standing_in = stand_in(office, person, hours.today(at))
    return standing_in.name if standing_in else person


def _moments(duty: Duty, hours: Hours, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Give the instants at which a duty that nobody answers is reminded of."""
    standing: Standing | None = Standing(duty)
    now: datetime | None = begin
    while standing is not None and now is not None and now < end:
        decision = decide(standing, hours, now)
        reminder = decision.reminder
        if reminder is not None and reminder.person:
            yield now
            fact = Queued(
                key=duty.key,
                person=reminder.person,
                lane="",
                stage=reminder.stage,
                reason=reminder.reason,
            )
            standing = advance(standing, now, fact)
        now = decision.look_at


def _late(duties: Iterable[Duty], since: date, until: date) -> Iterator[Late]:
    for duty in duties:
        on = duty.due + timedelta(days=1)
        if since <= on <= until:
            yield Late(on, duty.person, duty.key, duty.matter)


def _loads(
    digests: Iterable[Digest], hours: Hours, budget: int, span: tuple[date, date]
) -> Iterator[Load]:
    days: dict[str, list[date]] = {}
    for digest in digests:
        days.setdefault(digest.person, []).append(hours.today(digest.at))
    first, last = map(monday_of, span)
    mondays = [first + _WEEK * n for n in range((last - first) // _WEEK + 1)]
    for person in sorted(days, key=lambda name: (-len(days[name]), name)):
        counts = Counter(map(monday_of, days[person]))
        weeks = tuple((monday, counts[monday]) for monday in mondays)
        yield Load(person, weeks, tuple(_days_above(days[person], budget)))


def _days_above(days: Iterable[date], budget: int) -> Iterator[date]:
    """Give the days that bring more than what the week has left."""
    before: Counter[date] = Counter()
    above = []
    for day in days:
        before[monday_of(day)] += 1
        if before[monday_of(day)] > budget:
            above.append(day)
    yield from dict.fromkeys(above)


def _ordinary(office: Office, hours: Hours, since: date, until: date) -> Iterator[date]:
    """Give the Mondays of weeks with their five working days, outside of key periods."""
    monday = monday_of(since)
    while monday <= until:
        sunday = monday + timedelta(days=6)
        works = hours.calendar.workdays_between(monday, sunday) == _WORKING
        busy = any(key.first <= sunday and monday <= key.last for key in office.days.key_periods)
        if works and not busy:
            yield monday
        monday += _WEEK
