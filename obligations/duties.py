"""Rules × bearers × periods → duties: what exactly is owed, by whom, from when until when."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain

from obligations.phrases import explain
from obligations.rules import Bearer, Bearing, Office, Rule, resolve
from obligations.schedule import Bound, Compound, Coverage, Quota, Schedule, Window, periods
from obligations.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing owed by one bearer in one period.

    ``key`` is ``rule/bearer/period`` and outlives every wording. ``bearer`` is the unit or person
    that owes; ``person`` is who is told. ``opens`` and ``closes`` (exclusive) are the office's own
    local time; ``need`` is how many reports meet the duty.
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

    @property
    def due(self) -> date:
        """Give the last day on which the duty is in time."""
        return (self.closes - datetime.resolution).date()


def office_calendar(office: Office) -> Calendar:
    """Give the calendar with the office's own days put first."""
    return Calendar(frozenset(office.days.holidays), frozenset(office.days.workdays))


def plan(office: Office, since: date, until: date) -> tuple[Duty, ...]:
    """Give every duty whose period touches ``since`` … ``until``, by opening day, then by key.

    Drafts (待确认) make no duty; nor does a schedule that waits for an event or a decision.
    """
    calendar = office_calendar(office)
    found = chain.from_iterable(
        _duties(office, rule, calendar, since, until) for rule in office.rules if not rule.draft
    )
    return tuple(sorted(found, key=lambda duty: (duty.opens, duty.key)))


def _duties(
    office: Office, rule: Rule, calendar: Calendar, since: date, until: date
) -> Iterator[Duty]:
    seasons = tuple((k.name, k.first, k.last) for k in office.days.key_periods)
    for bearing in rule.bearings:
        schedule = _tier(rule.schedule, bearing)
        bearers = _bearers(office, bearing)
        for window in periods(schedule, calendar, since, until, shift=rule.shift, seasons=seasons):
            member = _member(schedule, window)
            if _need(member):
                named = replace(window, label=_label(schedule, window))
                yield from (_duty(office, rule, member, named, bearer) for bearer in bearers)


def _tier(schedule: Schedule, bearing: Bearing) -> Schedule:
    """Give the members of a compound that fall to this bearing (“日周月” has one for each tier)."""
    if bearing.period is None or not isinstance(schedule, Compound):
        return schedule
    return Compound(
        tuple(
            member
            for member in schedule.members
            if isinstance(member, Quota) and member.period is bearing.period
        )
    )


def _bearers(office: Office, bearing: Bearing) -> tuple[Bearer, ...]:
    """Give everybody whom the bearing names, once each, in the order of rules.yaml."""
    found = {bearer.name: bearer for term in bearing.terms for bearer in resolve(office, term)}
    return tuple(found.values())


def _duty(office: Office, rule: Rule, member: Schedule, window: Window, bearer: Bearer) -> Duty:
    return Duty(
        key=f"{rule.id}/{bearer.name}/{window.label}",
        rule=rule.id,
        matter=rule.matter,
        bearer=bearer.name,
        person=bearer.person.name if bearer.person else "",
        unit=_unit_name(office, bearer),
        label=window.label,
        opens=window.opens,
        closes=window.closes,
        need=_need(member),
        words=explain(member),
        evidence=rule.evidence,
        source=" ".join(part for part in (rule.source.document, _item(rule)) if part),
        zero_report=rule.zero_report,
    )


def _unit_name(office: Office, bearer: Bearer) -> str:
    """Give the unit under which the board shows the bearer: his own, else the office itself."""
    if bearer.unit:
        return bearer.unit.name
    return next((unit.name for unit in office.units if unit.head == bearer.name), office.name)


def _item(rule: Rule) -> str:
    item = rule.source.item
    return f"第{item}条" if item.isdecimal() else item


def _member(schedule: Schedule, window: Window) -> Schedule:
    return schedule.members[window.member] if isinstance(schedule, Compound) else schedule


def _label(schedule: Schedule, window: Window) -> str:
    """Give the period's part of the key: the second quota of one period is 2026-07.2."""
    member = _member(schedule, window)
    if not isinstance(schedule, Compound) or not isinstance(member, Quota):
        return window.label
    before = schedule.members[: window.member]
    same = sum(isinstance(one, Quota) and one.period is member.period for one in before)
    return f"{window.label}.{same + 1}" if same else window.label


def _need(schedule: Schedule) -> int:
    """Give how many reports meet the schedule; an upper bound (不超过2次) demands none."""
    if isinstance(schedule, Coverage):
        return _need(schedule.quota)
    if not isinstance(schedule, Quota):
        return 1
    return 0 if schedule.bound is Bound.AT_MOST else schedule.count
