"""Every duty of a stretch of days, for the whole office."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache, partial
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
    by_opening: dict[datetime, list[Duty]] = defaultdict(list)
    for duty in _duties(office, days, happenings):
        by_opening[duty.opens].append(duty)
    by_key = attrgetter("key")
    return tuple(
        duty for opens in sorted(by_opening) for duty in sorted(by_opening[opens], key=by_key)
    )


def _duties(office: Office, days: Days, happenings: Sequence[Happening]) -> Iterator[Duty]:
    happened: dict[str, list[Happening]] = defaultdict(list)
    for one in happenings:
        happened[one.rule].append(one)
    meant = cache(partial(resolve, office))
    for rule in office.rules:
        if rule.draft:
            continue
        for bearing in rule.bearings:
            lines = tuple(owed(rule, bearing, days, happened.get(rule.id, ())))
            if lines:
                named = {bearer.name: bearer for term in bearing.terms for bearer in meant(term)}
                bearers = tuple(named.values())
                yield from _borne(office, rule, lines, bearers)


def _borne(
    office: Office, rule: Rule, lines: Sequence[Owed], bearers: Sequence[Bearer]
) -> Iterator[Duty]:
    """Give the duties that the lines make for all bearers, or for one bearer his objects'."""
    shared = {line.of: _objects(office, line.of, bearers) for line in lines if line.of}
    source = " ".join(part for part in (rule.source.document, _item(rule)) if part)
    for bearer in bearers:
        head = f"{rule.id}/{bearer.name}/"
        person = bearer.person.name if bearer.person else ""
        unit = _unit_name(office, bearer)
        for line in lines:
            listed = shared.get(line.of) if line.of else None
            objects = listed.get(bearer.name, ()) if listed else ()
            if listed and not objects:
                continue
            window = line.window
            yield Duty(
                head + window.label,
                rule.id,
                line.matter,
                bearer.name,
                person,
                unit,
                window.label,
                window.opens,
                window.closes,
                line.need * len(objects) if objects else line.need,
                line.words,
                line.evidence,
                source,
                rule.zero_report,
                line.amounts,
                objects,
            )


def _objects(office: Office, of: str, bearers: Sequence[Bearer]) -> dict[str, tuple[str, ...]]:
    """Give each bearer's part of the list; nothing where the office has no such list."""
    roster = find_roster(office, of)
    objects = roster.objects if roster else ()
    return {bearer.name: names for bearer, names in share(objects, bearers) if objects}


def _unit_name(office: Office, bearer: Bearer) -> str:
    """Give the unit under which the board shows the bearer: his own, else the office itself."""
    if bearer.unit:
        return bearer.unit.name
    return next((unit.name for unit in office.find_headed(bearer.name)), office.name)


def _item(rule: Rule) -> str:
    item = rule.source.item
    return f"第{item}条" if item.isdecimal() else item
