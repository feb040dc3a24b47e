"""A stretch of days played through on paper: who gets which messages if nobody does anything.

The decisions are the real ones; only the clock and the database are left out. Duties of the same
days are decided once for all their bearers, so that ten thousand rules cost what their dates cost.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush

from notifier.events import Queued
from notifier.hours import Hours, office_hours
from notifier.reminders import Decision, decide
from notifier.rounds import keep_budget
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
    """Play the rounds, one at each instant at which something is due.

    Reminders for one person, lane and slot are one message, as the lanes make it.
    """
    played = _Played(office, hours)
    end = hours.instant(datetime.combine(until + timedelta(days=1), time()))
    played.open(duties, hours.instant(datetime.combine(since, time())))
    while played.instants and played.instants[0] < end:
        now = heappop(played.instants)
        for (person, lane), reminders in played.round(now).items():
            yield Digest(now, person, lane, reminders)


@dataclass(slots=True)
class _Open:
    """A duty in play; ``like`` stands for every duty of the same days that was told the same."""

    duty: Duty
    lane: str
    like: Standing


class _Played:
    """The rounds of an office, with no database and nobody who answers."""

    def __init__(self, office: Office, hours: Hours) -> None:
        self.office, self.hours = office, hours
        self.instants: list[datetime] = []
        self._due: dict[datetime, list[_Open]] = {}
        self._likes: dict[Duty, Standing] = {}
        self._decisions: dict[tuple[int, datetime], tuple[Decision, Standing]] = {}
        self._spent: Counter[tuple[date, str]] = Counter()
        self._away = any(person.leaves for person in office.people)

    def open(self, duties: Iterable[Duty], first: datetime) -> None:
        """Put every duty before the round in which it begins."""
        lanes: dict[str, str] = {}
        for duty in duties:
            if duty.unit not in lanes:
                lanes[duty.unit] = find_lane(self.office, duty)
            blank = _blank(duty)
            like = self._likes.setdefault(blank, Standing(blank))
            begins = max(self.hours.instant(duty.opens), first)
            self._look(begins, _Open(duty, lanes[duty.unit], like))

    def round(self, now: datetime) -> Counter[tuple[str, str]]:
        """Decide on everything that is due; give how many reminders go to whom over which lane."""
        today, hours = self.hours.today(now), self.hours
        due = self._due.pop(now)
        found = [self._decide(one.like, now) for one in due]
        queued = [
            self._queued(one, decision, today)
            for one, (decision, _) in zip(due, found, strict=True)
        ]
        decided = [
            (one.duty.key, facts, decision.look_at)
            for one, (decision, _), facts in zip(due, found, queued, strict=True)
        ]
        week = monday_of(today)
        spent = {name: count for (monday, name), count in self._spent.items() if monday == week}
        kept = keep_budget(decided, spent, frozenset(), self.office.budget, hours.next_week(now))
        going: Counter[tuple[str, str]] = Counter()
        for n, (_, facts, look_at) in enumerate(kept):
            if facts:
                due[n].like = found[n][1]
                going[queued[n][0].person, due[n].lane] += 1
            if look_at is not None:
                self._look(look_at, due[n])
        self._spent.update((week, person) for person, _ in going)
        return going

    def _look(self, at: datetime, one: _Open) -> None:
        if at not in self._due:
            self._due[at] = []
            heappush(self.instants, at)
        self._due[at].append(one)

    def _decide(self, like: Standing, now: datetime) -> tuple[Decision, Standing]:
        """Give the decision and the standing after it, worked out once for all that are alike."""
        known = self._decisions.get((id(like), now))
        if known is not None:
            return known
        decision = decide(like, self.hours, now)
        after = like
        if decision.reminder is not None:
            told = Queued(
                key="",
                person=SOMEBODY,
                lane="",
                stage=decision.reminder.stage,
                reason=decision.reminder.reason,
            )
            after = advance(like, now, told) or like
        self._decisions[id(like), now] = decision, after
        return decision, after

    def _queued(self, one: _Open, decision: Decision, today: date) -> tuple[Queued, ...]:
        reminder = decision.reminder
        if reminder is None:
            return ()
        person = one.duty.person
        if self._away and (present := stand_in(self.office, person, today)):
            person = present.name
        return (
            Queued(
                key=one.duty.key,
                person=person,
                lane=one.lane,
                stage=reminder.stage,
                reason=reminder.reason,
            ),
        )


def _blank(duty: Duty) -> Duty:
    """Give the duty without what tells it from others of the same days."""
    told = replace(duty, key="", rule="", matter="", bearer=SOMEBODY, person=SOMEBODY, unit="")
    return replace(told, label="", words="", evidence="", source="", amounts=(), objects=())


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
