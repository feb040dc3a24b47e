"""Duties as a calendar that phones subscribe to: pure, with now as an argument.

A duty stands in it twice: as a task (VTODO) for programs that know tasks, and on its due day as an
event of the whole day, because phones show no tasks of a subscribed calendar.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event, Todo, vText

from notifier.events import ANSWER_WORDS
from notifier.hours import Hours
from notifier.ledger.feed_reads import Edition
from notifier.reminders import progress_words
from notifier.standing import Standing, State

KEPT = timedelta(days=30)  # how long what is over stays in the calendar
_FORM = 1  # raised when the same record is written in another way
REFRESH = timedelta(hours=1)
_GONE = (State.WITHDRAWN, State.WAIVED)
_HIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_MARKS = {State.DONE: "✓ 已办结 ", State.WITHDRAWN: "不再要求 ", State.WAIVED: "免办 "}


@dataclass(frozen=True, slots=True)
class Feed:
    """One calendar: whose it is, what stands in it, and how often each duty was edited."""

    title: str
    standings: Sequence[Standing]
    editions: Mapping[str, Edition]
    origin: str  # of the ledger: two offices with the same rules keep their entries apart


def make_feed(feed: Feed, hours: Hours, now: datetime) -> bytes:
    """Give the calendar as a file (RFC 5545); the same record gives the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//jiaoying//calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    title = vText(_clean(feed.title))  # the library takes NAME for no text and escapes nothing
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", hours.zone.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for standing in shown(feed, hours, now):
        edition = feed.editions.get(standing.duty.key, _unopened(standing, hours))
        calendar.add_component(_task(feed, standing, edition, hours))
        calendar.add_component(_day(feed, standing, edition))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def feed_mark(feed: Feed, hours: Hours, now: datetime) -> str:
    """Give what changes when the calendar does; it costs much less than the calendar."""
    held = tuple(
        (standing, feed.editions.get(standing.duty.key)) for standing in shown(feed, hours, now)
    )
    seen = repr((_FORM, feed.title, feed.origin, hours.zone.key, held))
    return sha256(seen.encode()).hexdigest()[:32]


def shown(feed: Feed, hours: Hours, now: datetime) -> Iterable[Standing]:
    """Give what stands in the calendar: all that is owed, and for 30 days what is over."""
    for standing in feed.standings:
        edition = feed.editions.get(standing.duty.key)
        if not standing.settled or _ended(standing, edition, hours) >= now - KEPT:
            yield standing


def _ended(standing: Standing, edition: Edition | None, hours: Hours) -> datetime:
    """Give when it was over: taken back then, or done and its period past."""
    at = edition.at if edition else hours.instant(standing.duty.opens)
    return at if standing.state in _GONE else max(at, hours.instant(standing.duty.closes))


def _unopened(standing: Standing, hours: Hours) -> Edition:
    """Give the edition of what is only planned: it looks the same at every request."""
    return Edition(0, min(hours.instant(standing.duty.opens), datetime(2000, 1, 1, tzinfo=UTC)))


def uid(feed: Feed, key: str) -> str:
    """Give the name under which phones know a duty: it outlives every edit.

    >>> feed = Feed("周敏", (), {}, "9f86d0")
    >>> uid(feed, "QX-03/周敏/2026Q3") == uid(feed, "QX-03/周敏/2026Q3")
    True
    """
    return sha256(f"{feed.origin}\n{key}".encode()).hexdigest()[:40]


def _task(feed: Feed, standing: Standing, edition: Edition, hours: Hours) -> Todo:
    duty = standing.duty
    task = Todo()
    task.add("uid", f"{uid(feed, duty.key)}@jiaoying")
    _describe(task, standing, edition)
    task.add("dtstart", duty.opens.replace(tzinfo=hours.zone))
    task.add("due", _due(standing).replace(tzinfo=hours.zone))
    done = min(100 * standing.done // max(duty.need, 1), 100)
    task.add("percent-complete", done)
    match standing.state:
        case State.DONE:
            task.add("status", "COMPLETED")
            task.add("completed", standing.answers[-1].at)
        case State.WITHDRAWN | State.WAIVED:
            task.add("status", "CANCELLED")
        case _:
            task.add("status", "IN-PROCESS" if standing.answers else "NEEDS-ACTION")
    return task


def _day(feed: Feed, standing: Standing, edition: Edition) -> Event:
    event = Event()
    event.add("uid", f"{uid(feed, standing.duty.key)}-due@jiaoying")
    _describe(event, standing, edition)
    day = _due(standing).date()
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")  # nobody is busy the whole day because something is due
    event.add("status", "CANCELLED" if standing.state in _GONE else "CONFIRMED")
    return event


def _due(standing: Standing) -> datetime:
    """Give the last minute in which it is in time, as the office's clock shows it."""
    asked = standing.postponed_until
    if asked:
        return datetime.combine(asked, datetime.max.time()).replace(second=0, microsecond=0)
    return standing.duty.closes - timedelta(minutes=1)


def _describe(component: Todo | Event, standing: Standing, edition: Edition) -> None:
    duty = standing.duty
    stand = progress_words(standing)
    component.add("summary", _clean(f"{_MARKS.get(standing.state, '')}{duty.matter}{stand}"))
    component.add("description", _clean("\n".join(_lines(standing))))
    component.add("class", "PRIVATE")
    component.add("sequence", edition.number)
    component.add("dtstamp", edition.at)
    component.add("last-modified", edition.at)


def _lines(standing: Standing) -> Iterable[str]:
    duty = standing.duty
    yield f"责任人：{duty.bearer}" + (f"（{duty.person}）" if duty.person != duty.bearer else "")
    yield f"频次：{duty.words}"
    if duty.evidence:
        yield f"佐证：{duty.evidence}"
    if duty.source:
        yield f"来源：{duty.source}"
    if standing.waived:
        yield standing.waived
    for answer in standing.answers:
        yield f"{answer.person}：{ANSWER_WORDS[answer.answer]}"
    yield f"编号：{duty.key}"


def _clean(text: str) -> str:
    """Give text without what no calendar may hold or show: controls, marks that turn a line."""
    return _HIDDEN.sub(" ", text)
