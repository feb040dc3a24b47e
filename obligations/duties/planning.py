"""Every duty of a stretch of days, for the whole office."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, partial
from itertools import chain
from operator import attrgetter

from obligations.duties.lines import Days, Owed, owed
from obligations.duties.model import Duty, Happening
from obligations.duties.seasons import seasons_of
from obligations.duties.sharing import share
from obligations.rules import Bearer, Office, Rule, find_roster, resolve
from obligations.workdays import Calendar


def office_calendar(office: Office) -> Calendar:
    """Give the calendar with the office's own days put first."""
    return Calendar(frozenset(office.days.holidays), frozenset(office.days.workdays))


def plan(
    office: Office, since: date, until: date, happenings: Sequence[Happening] = ()
) -> tuple[Duty, ...]:
    """Give every duty whose period touches ``since`` … ``until``, by opening day, then by key.

    Drafts (待确认) make no duty; nor does a schedule that waits for a decision, or for an event
    that is none of the happenings.
    """
    days = Days(since, until, office_calendar(office), seasons_of(office))
    happened: dict[str, list[Happening]] = defaultdict(list)
    for one in happenings:
        happened[one.rule].append(one)
    posts = _Posts(office)
    by_opening: dict[datetime, list[Duty]] = defaultdict(list)
    for rule in office.rules:
        for bearing in () if rule.draft else rule.bearings:
            for line in owed(rule, bearing, days, happened.get(rule.id, ())):
                by_opening[line.window.opens] += _duties(rule, line, bearing.terms, posts)
    by_key = attrgetter("key")
    for together in by_opening.values():
        together.sort(key=by_key)
    return tuple(chain.from_iterable(by_opening[opens] for opens in sorted(by_opening)))


class _Posts:
    """Who is meant by the words of rules, and what part of a list is whose: looked up once."""

    def __init__(self, office: Office) -> None:
        self.bearers = cache(partial(_bearers, office))
        self.shares = cache(partial(_shares, office))


def _duties(rule: Rule, line: Owed, terms: tuple[str, ...], posts: _Posts) -> Sequence[Duty]:
    """Give the duties that the line makes, of a list only for those who have a part of it."""
    shares = posts.shares(line.of, terms) if line.of else {}
    source = " ".join(part for part in (rule.source.document, _item(rule)) if part)
    opens, closes, label = line.window.opens, line.window.closes, line.window.label
    # By place: a year of a county is a million of these.
    return [
        Duty(
            f"{rule.id}/{name}/{label}",
            rule.id,
            line.matter,
            name,
            person,
            unit,
            label,
            opens,
            closes,
            line.need * len(shares[name]) if shares else line.need,
            line.words,
            line.evidence,
            source,
            rule.zero_report,
            line.amounts,
            shares[name] if shares else (),
            rule.in_person,
        )
        for name, person, unit in posts.bearers(terms)
        if not shares or shares[name]
    ]


def _bearers(office: Office, terms: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    """Give everybody whom the words mean: name, the person told, the unit on the board."""
    return tuple(
        (
            bearer.name,
            bearer.person.name if bearer.person else "",
            _unit_name(office, bearer),
        )
        for bearer in _named(office, terms)
    )


def _named(office: Office, terms: tuple[str, ...]) -> tuple[Bearer, ...]:
    """Give everybody whom the words mean, once each, in the order of rules.yaml."""
    found = {bearer.name: bearer for term in terms for bearer in resolve(office, term)}
    return tuple(found.values())


def _shares(office: Office, of: str, terms: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Give each bearer's part of the list; nothing where the office has no such list."""
    roster = find_roster(office, of)
    objects = roster.objects if roster else ()
    found = share(objects, _named(office, terms)) if objects else ()
    return {bearer.name: names for bearer, names in found}


def _unit_name(office: Office, bearer: Bearer) -> str:
    """Give the unit under which the board shows the bearer: his own, else the office itself."""
    if bearer.unit:
        return bearer.unit.name
    return next((unit.name for unit in office.find_headed(bearer.name)), office.name)


def _item(rule: Rule) -> str:
    item = rule.source.item
    return f"第{item}条" if item.isdecimal() else item
