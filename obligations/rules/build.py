"""The form as the frozen office, with the words about what the rules leave open."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from obligations.errors import Place, Problem
from obligations.rules.call_build import build_calls, build_ladders
from obligations.rules.form import Form
from obligations.rules.model import (
    Bearing,
    ChannelSpec,
    DayPlan,
    KeyPeriod,
    Office,
    Pacing,
    Person,
    Rule,
    Source,
    Unit,
)
from obligations.rules.owing import materials, rosters, tightenings
from obligations.rules.sheet import (
    SHIFTS,
    TIERS,
    CalendarSheet,
    ChannelSheet,
    KeyPeriodSheet,
    PersonSheet,
    RuleSheet,
)
from obligations.rules.timing import Timing, issued, read_timing
from obligations.rules.values import SANDBOX, setting
from obligations.schedule import Compound, Period
from obligations.workdays import named_holidays

DRAFT = "待确认"


def build(form: Form) -> tuple[Office, tuple[Problem, ...]]:
    """Give the office, and a problem or a question for each 频次 that is not clear."""
    sheet, times = form.sheet, timings(form)
    told = tuple(
        form.problem(time.message, "规则", n, "频次", warning=time.warning or drafted(rule))
        for n, (rule, time) in enumerate(zip(sheet.rules, times, strict=True))
        if time.message and not (time.warning and rule.question)
        if not form.told("规则", n, "频次")
    )
    office = Office(
        name=sheet.office.name,
        units=tuple(
            Unit(name.strip(), u.head, u.group, u.superior, tuple(u.tags))
            for name, u in sheet.units.items()
        ),
        people=tuple(_person(name.strip(), person) for name, person in sheet.people.items()),
        channels=tuple(_channel(name.strip(), c) for name, c in sheet.channels.items()),
        rules=tuple(
            _rule(form, n, rule, time)
            for n, (rule, time) in enumerate(zip(sheet.rules, times, strict=True))
        ),
        timezone=sheet.office.timezone,
        opens=sheet.office.opens,
        closes=sheet.office.closes,
        slots=tuple(sorted(set(sheet.office.slots))),
        budget=sheet.office.budget,
        days=_days(sheet.calendar),
        ladders=build_ladders(sheet),
        calls=build_calls(sheet),
        duty_room=tuple(sheet.office.duty_room),
        backup=tuple(sheet.office.backup),
        lists=rosters(sheet),
        pacing=tuple(Pacing(span, tuple(marks)) for span, marks in sheet.pacing.items()),
    )
    return office, told


def _person(name: str, sheet: PersonSheet) -> Person:
    return Person(
        name=name,
        posts=tuple(sheet.posts),
        tags=tuple(sheet.tags),
        mobile=sheet.mobile,
        wecom=sheet.wecom,
        dingtalk=sheet.dingtalk,
        deputy=sheet.deputy,
        feishu=sheet.feishu,
        mail=sheet.mail,
        leaves=tuple(sheet.leaves),
    )


def _channel(name: str, sheet: ChannelSheet) -> ChannelSpec:
    return ChannelSpec(
        name=name,
        platform=sheet.platform,
        address=address(sheet.address),
        secret=setting(sheet.secret),
        account=setting(sheet.account) or sheet.account,
        app=setting(sheet.app) or sheet.app,
        token=setting(sheet.token),
        aes_key=setting(sheet.aes_key),
    )


def address(text: str) -> str:
    """Give the address as the model has it: 沙箱, ``$NAME``, or nothing."""
    return SANDBOX[0] if text in SANDBOX else setting(text)


def drafted(rule: RuleSheet) -> bool:
    """Say whether the rule waits for somebody's yes."""
    return rule.status == DRAFT


def timings(form: Form) -> tuple[Timing, ...]:
    """Give what each rule's 频次 means; equal words are read once."""
    seen: dict[tuple[str, int | None], Timing] = {}
    return tuple(
        Timing(Compound(()), "按材料的日子")
        if rule.materials and rule.frequency == ""
        else _timing(seen, rule.frequency, issued(rule.source.document))
        for rule in form.sheet.rules
    )


def _timing(
    seen: dict[tuple[str, int | None], Timing],
    written: Any,  # noqa: ANN401 - words or a mapping
    year: int | None,
) -> Timing:
    if isinstance(written, dict):
        return read_timing(written, year)
    if (written, year) not in seen:
        seen[written, year] = read_timing(written, year)
    return seen[written, year]


def _rule(form: Form, n: int, rule: RuleSheet, time: Timing) -> Rule:
    return Rule(
        id=rule.id,
        matter=rule.matter,
        bearings=tuple(
            Bearing(tuple(terms), Period(TIERS[tier]) if tier else None)
            for tier, terms in rule.bearer.items()
            if terms
        ),
        schedule=time.schedule,
        phrase=time.phrase,
        evidence=rule.evidence,
        source=Source(rule.source.document, rule.source.item, rule.source.quote),
        shift=SHIFTS[rule.shift],
        draft=drafted(rule),
        question=rule.question,
        place=Place(form.file, *form.tree.at(form.path("规则", n))),
        replaces=rule.replaces,
        zero_report=rule.zero_report,
        tightenings=tightenings(rule) if rule.denser else (),
        season=rule.season,
        materials=materials(rule) if rule.materials else (),
        confirm=Period(TIERS[rule.confirm]) if rule.confirm else None,
        in_person=rule.in_person,
        copy_to=tuple(rule.copy_to),
    )


def _days(calendar: CalendarSheet) -> DayPlan:
    return DayPlan(
        holidays=_sorted(calendar.holidays),
        workdays=_sorted(calendar.workdays),
        key_periods=tuple(
            KeyPeriod(one.name, first, last)
            for one in calendar.key_periods
            for first, last in _dates(one)
        ),
    )


def _dates(one: KeyPeriodSheet) -> tuple[tuple[date, date], ...]:
    """Give the days that are written, else those of the national holiday of that name."""
    return ((one.first, one.last),) if one.first and one.last else named_holidays(one.name)


def _sorted(spans: Iterable[Iterable[date]]) -> tuple[date, ...]:
    return tuple(sorted({day for span in spans for day in span}))
