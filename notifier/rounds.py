"""One pass: gather what is due, decide, record. Nothing is sent here; lanes do that."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeGuard

from pydantic import ValidationError
from sqlalchemy import Connection

from notifier.calls import named, pieces
from notifier.channels import Channel
from notifier.desk import Desk
from notifier.detours import EVERYTHING, line_of, reroute
from notifier.events import (
    Abandoned,
    Announced,
    Answered,
    Dropped,
    Fact,
    Opened,
    Planned,
    Queued,
    Revised,
    RulesChanged,
    Troubled,
    Withdrawn,
)
from notifier.hours import Hours
from notifier.lanes import aside_of, keys_of
from notifier.ledger import reads
from notifier.ledger import traffic as lane_reads
from notifier.ledger.projection import load_standing, put_looks
from notifier.ledger.traffic import Waiting
from notifier.messages import Topic
from notifier.notices import announce, is_known
from notifier.reminders import Decision, decide, is_gentle
from notifier.routes import Way, find_lane, find_ways
from notifier.standing import Answer, Standing, State
from obligations.duties import Duty, Happening, plan
from obligations.rules import KeyPeriod, Office, Rule, stand_in
from obligations.schedule import Undetermined, parts_of

BATCH = 200
AFTER_TROUBLE = timedelta(hours=1)

_Decided = tuple[str, Sequence[Fact], datetime | None]


async def run_round(desk: Desk) -> None:
    """Open what begins, then decide on everything that is due now."""
    await open_duties(desk)
    await ask_undetermined(desk)
    while await _decide_batch(desk) == BATCH:
        pass


async def open_duties(desk: Desk) -> None:
    """Open every duty whose period has begun; days on which the program was off are made up for."""
    now = desk.clock.now()
    today = desk.hours.today(now)
    planned = desk.ledger.read(reads.find_mark, "planned_until")
    if planned and date.fromisoformat(planned) >= today:
        return
    since = date.fromisoformat(planned) + timedelta(days=1) if planned else today
    office = office_today(desk)
    happened = desk.ledger.read(happenings)
    duties = plan(office, since, today, happened)

    def work(connection: Connection) -> Sequence[Fact]:
        facts = openings(connection, duties)
        reason = f"排定{since}至{today}的任务" if since < today else f"排定{today}的任务"
        return (*facts, Planned(until=today, opened=len(facts), reason=reason))

    await asyncio.wrap_future(desk.ledger.write(now, work))


async def ask_undetermined(desk: Desk) -> None:
    """Ask the office once a month, in a slot, for what its rules leave open, until it decides."""
    now = desk.clock.now()
    notices = _questions(desk, now) if desk.hours.in_slot(now) else ()
    if notices:
        await asyncio.wrap_future(desk.ledger.record(now, notices))


def next_question(desk: Desk) -> datetime | None:
    """Give the slot in which the office is asked for what its rules leave open."""
    now = desk.clock.now()
    return desk.hours.next_slot(now) if _questions(desk, now) else None


def _questions(desk: Desk, now: datetime) -> tuple[Announced, ...]:
    open_rules = [rule for rule in desk.office.rules if is_undetermined(rule)]
    if not open_rules:
        return ()
    people = named(desk.office, desk.office.duty_room)
    names = "、".join(f"{rule.id}“{rule.phrase}”" for rule in open_rules)
    text = f"有{len(open_rules)}条规则没有定多久一次，请在 rules.yaml 里定下来：{names}"
    month = f"{desk.hours.today(now):%Y-%m}"
    notices = announce(desk.office, desk.ways, people, f"待定/{month}", pieces(text))
    asked = bool(notices) and desk.ledger.read(is_known, notices[0].key)
    return () if asked else notices


def is_undetermined(rule: Rule) -> bool:
    """Tell whether a rule that runs says nothing of when."""
    parts = parts_of(rule.schedule)
    return not rule.draft and any(isinstance(one, Undetermined) for one in parts)


def happenings(connection: Connection) -> tuple[Happening, ...]:
    """Give the events that the office recorded, as planning takes them."""
    found = reads.happenings(connection)
    return tuple(Happening(one.rule, one.event, one.on, one.note) for one in found)


def planned_office(connection: Connection, office: Office) -> Office:
    """Give the office with the key periods that it opened by hand added to those of its rules."""
    opened = tuple(
        KeyPeriod(one.name, one.first, one.last or date.max) for one in reads.seasons(connection)
    )
    days = replace(office.days, key_periods=(*office.days.key_periods, *opened))
    return replace(office, days=days) if opened else office


def office_today(desk: Desk) -> Office:
    """Give the office in force with the key periods that it opened by hand."""
    return desk.ledger.read(planned_office, desk.office)


def openings(connection: Connection, duties: Sequence[Duty]) -> tuple[Opened | Revised, ...]:
    """Give the facts that open the duties which the ledger does not know, or take them up again."""
    known = reads.known_states(connection, (duty.key for duty in duties))
    facts = (_opening(duty, known.get(duty.key)) for duty in duties)
    return tuple(fact for fact in facts if fact is not None)


def _opening(duty: Duty, known: State | None) -> Opened | Revised | None:
    if known is None:
        return Opened(duty=duty, reason=f"{duty.words}，本期自{duty.opens.date()}起")
    if known is State.WITHDRAWN:
        return Revised(duty=duty, reason="规则恢复，接着办")
    return None


async def adopt_rules(
    desk: Desk, office: Office, channels: Mapping[str, Channel], digest: str
) -> None:
    """Put new rules in force: open what is new, revise what changed, withdraw what is gone."""
    now = desk.clock.now()
    today = desk.hours.today(now)

    def work(connection: Connection) -> Sequence[Fact]:
        changed = revisions(connection, planned_office(connection, office), today)
        opened = sum(isinstance(fact, Opened) for fact in changed)
        moved = rerouted(connection, office, find_ways(office, channels))
        reason = f"规则更新：新增{opened}件，调整或撤下{len(changed) - opened}件"
        changed_rules = RulesChanged(digest=digest, accepted=True, reason=reason)
        return (changed_rules, *moved, *changed)

    await asyncio.wrap_future(desk.ledger.write(now, work))
    desk.office, desk.channels = office, channels
    desk.rules_digest, desk.rules_trouble = digest, ""


def revisions(connection: Connection, office: Office, today: date) -> tuple[Fact, ...]:
    """Give what rules or key periods that have changed mean for what is open, and what is new."""
    duties = plan(office, today, today, happenings(connection))
    before = reads.open_standings(connection)
    changed = changes(before, duties, office, today)
    opened = openings(connection, duties)
    return (*changed, *opened, *inherited(before, changed, opened))


def inherited(
    before: Sequence[Standing], changed: Sequence[Fact], opened: Sequence[Opened | Revised]
) -> Iterator[Answered]:
    """Give what predecessors have done to whoever took over their post in the middle of a period.

    Only where one duty took the place of one other of the same rule and period: else nobody can say
    whose it is, and the record of the duty that was withdrawn still holds it.
    """
    gone = {fact.key for fact in changed if isinstance(fact, Withdrawn)}
    leavers = [one for one in before if one.duty.key in gone]
    for left in leavers:
        place = (left.duty.rule, left.duty.label)
        heirs = [f.duty for f in opened if (f.duty.rule, f.duty.label) == place]
        rivals = [one for one in leavers if (one.duty.rule, one.duty.label) == place]
        if len(heirs) == len(rivals) == 1:
            yield from (_inherit(heirs[0], answer) for answer in left.answers if answer.counts)


def _inherit(heir: Duty, answer: Answer) -> Answered:
    return Answered(
        key=heir.key,
        person=answer.person,
        answer=answer.answer,
        proof=answer.proof,
        reason=f"{answer.person}交接前办的，一并计入",
        note=answer.note,
        on=answer.on,
        until=answer.until,
        by=answer.by,
        amounts=answer.amounts,
        objects=answer.objects,
    )


def rerouted(connection: Connection, office: Office, ways: Sequence[Way]) -> tuple[Fact, ...]:
    """Give new lanes to what waits for a channel that is gone, so that nothing is forgotten."""
    names = {spec.name for spec in office.channels}
    gone = [head.lane for head in lane_reads.lane_heads(connection) if head.lane not in names]
    return tuple(fact for lane in gone for fact in _leave_lane(connection, office, ways, lane))


def _leave_lane(
    connection: Connection, office: Office, ways: Sequence[Way], lane: str
) -> Iterator[Fact]:
    reason = f"通道“{lane}”已不在规则里，改走别的通道"
    for unsettled in lane_reads.lanes_unsettled(connection, [lane]).get(lane, ()):
        sending = unsettled.sending
        keys, aside = keys_of(sending), aside_of(sending)
        yield Abandoned(code=sending.code, lane=lane, keys=keys, aside=aside, reason=reason)
        if sending.topic is not Topic.DUTY:
            yield from reroute(office, ways, sending.lines, reason)
        for line in sending.lines:
            standing = reads.find_standing(connection, line.key)
            if standing and not standing.settled:
                yield _moved(standing, line.stage, office, reason)
    for waiting in lane_reads.lanes_waiting(connection, [lane], EVERYTHING).get(lane, ()):
        yield from _take_along(waiting, office, ways, reason)


def _take_along(
    waiting: Waiting, office: Office, ways: Sequence[Way], reason: str
) -> Iterator[Fact]:
    if isinstance(waiting.subject, Standing):
        yield _moved(waiting.subject, waiting.stage, office, reason)
        return
    yield Dropped(key=waiting.key, stage=waiting.stage, reason=reason, lane=waiting.lane)
    yield from reroute(office, ways, (line_of(waiting),), reason)


def _moved(standing: Standing, stage: str, office: Office, reason: str) -> Queued:
    duty = standing.duty
    lane = find_lane(office, duty)
    return Queued(key=duty.key, person=duty.person, lane=lane, stage=stage, reason=reason)


def changes(
    before: Sequence[Standing], duties: Sequence[Duty], office: Office, today: date
) -> tuple[Fact, ...]:
    """Give what new rules mean for the duties that are open: revised, withdrawn, or left alone."""
    current = {duty.key: duty for duty in duties}
    rules = {rule.id for rule in office.rules if not rule.draft}
    facts = (_change(standing, current, rules, today) for standing in before)
    return tuple(fact for fact in facts if fact is not None)


def _change(
    standing: Standing, current: dict[str, Duty], rules: set[str], today: date
) -> Revised | Withdrawn | None:
    duty = standing.duty
    if duty.key in current:
        new = current[duty.key]
        if standing.handed:
            new = replace(new, person=duty.person)
        return None if new == duty else Revised(duty=new, reason="规则改了内容，已作的答复不变")
    if duty.rule not in rules:
        return Withdrawn(key=duty.key, reason=f"规则{duty.rule}已经删去或退回待确认")
    if duty.due >= today:
        return Withdrawn(key=duty.key, reason=f"规则{duty.rule}改了责任人或频次")
    return None


async def _decide_batch(desk: Desk) -> int:
    """Decide on one batch of what is due; give how many there were."""
    now, hours, office = desk.clock.now(), desk.hours, desk.office
    count = 0

    def work(connection: Connection) -> Sequence[Fact]:
        nonlocal count
        rows = reads.due_standings(connection, now, BATCH)
        count = len(rows)
        decided = [(key, *decide_row(key, body, office, hours, now)) for key, body in rows]
        spent = reads.told_since(connection, hours.week_begin(now)) if rows else {}
        waiting = reads.people_waiting(connection) if rows else frozenset()
        kept = keep_budget(decided, spent, waiting, office.budget, hours.next_week(now))
        put_looks(connection, [(key, look_at) for key, _, look_at in kept])
        return [fact for _, facts, _ in kept for fact in facts]

    await asyncio.wrap_future(desk.ledger.write(now, work))
    return count


def keep_budget(
    decided: Sequence[_Decided],
    spent: Mapping[str, int],
    waiting: frozenset[str],
    budget: int,
    next_week: datetime,
) -> list[_Decided]:
    """Put off gentle words to those whose messages of the week are used up; nothing is dropped.

    What goes out anyway takes them along: a digest of more lines is no message more. What is put
    off is looked at again next week, when a later stage may have taken its place.
    """
    going = set(waiting)
    going.update(fact.person for _, facts, _ in decided for fact in facts if _is_firm(fact))
    kept: list[_Decided] = []
    for key, facts, look_at in decided:
        queued = next((fact for fact in facts if isinstance(fact, Queued)), None)
        if queued and queued.person not in going and spent.get(queued.person, 0) >= budget:
            kept.append((key, (), next_week))
            continue
        if queued:
            going.add(queued.person)
        kept.append((key, facts, look_at))
    return kept


def _is_firm(fact: Fact) -> TypeGuard[Queued]:
    return isinstance(fact, Queued) and not is_gentle(fact.stage)


def decide_row(
    key: str, body: str, office: Office, hours: Hours, now: datetime
) -> tuple[Sequence[Fact], datetime | None]:
    """Decide on one duty; one bad row becomes an event and does not stop the others."""
    try:
        standing = load_standing(body)
        decision = decide(standing, hours, now)
    except (ValidationError, ValueError, LookupError, ArithmeticError) as error:
        reason = f"这件任务处理出错，一小时后再试：{type(error).__name__}"
        return (Troubled(subject=key, reason=reason),), now + AFTER_TROUBLE
    return _queued(standing, decision, office, hours.today(now)), decision.look_at


def _queued(standing: Standing, decision: Decision, office: Office, today: date) -> Sequence[Fact]:
    reminder = decision.reminder
    lane = find_lane(office, standing.duty)
    if reminder is None or not reminder.person or not lane:
        return ()
    present = stand_in(office, reminder.person, today)
    return (
        Queued(
            key=reminder.key,
            person=present.name if present else reminder.person,
            lane=lane,
            stage=reminder.stage,
            reason=reminder.reason,
        ),
    )
