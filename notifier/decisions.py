"""What the office decides by hand: waived, granted, handed over, entered, happened, opened, closed.

Each is judged and written in one transaction; what is refused says why in words for a clerk.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection

from notifier.answers import Refusal, Reply, judge
from notifier.desk import Desk
from notifier.events import (
    Fact,
    Handed,
    Happened,
    Proof,
    Ruled,
    SeasonSet,
    Waived,
)
from notifier.ledger import reads
from notifier.rounds import openings, planned_office, revisions
from notifier.standing import Standing, State
from obligations.duties import Happening, plan
from obligations.errors import JiaoyingError
from obligations.rules import find_person
from obligations.schedule import After

LONGEST_REASON = 200
FURTHEST = timedelta(days=3660)  # ten years after the event


class NotDecided(JiaoyingError):
    """What was to be decided cannot be, in words for whoever asked."""


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who decides, and why."""

    by: str
    reason: str


async def waive(desk: Desk, key: str, clerk: Clerk) -> None:
    """Let somebody off a duty; raises `NotDecided` where there is nothing to let off."""
    _check(clerk)

    def decide(standing: Standing) -> Sequence[Fact]:
        if standing.settled:
            message = "这件事已经办结或不再要求，不用免办"
            raise NotDecided(message)
        return (Waived(key=key, by=clerk.by, reason=f"{clerk.by}免办：{clerk.reason}"),)

    await _decide(desk, key, decide)


async def rule_on(desk: Desk, key: str, clerk: Clerk, *, granted: bool) -> None:
    """Grant the extension that was asked for, or refuse it so that the old day counts again."""

    def decide(standing: Standing) -> Sequence[Fact]:
        if standing.state is not State.POSTPONED:
            message = "这件事现在没有申请延期"
            raise NotDecided(message)
        words = f"{clerk.by}{'同意' if granted else '不同意'}延到{standing.postponed_until}"
        reason = f"{words}：{clerk.reason}" if clerk.reason else words
        return (Ruled(key=key, granted=granted, by=clerk.by, reason=reason),)

    await _decide(desk, key, decide)


async def hand_over(desk: Desk, key: str, person: str, clerk: Clerk) -> None:
    """Let another person bear what is left of a duty; the answers given so far stay."""
    _check(clerk)
    if find_person(desk.office, person) is None:
        message = f"“{person}”不在通讯录里，请写全名"
        raise NotDecided(message)

    def decide(standing: Standing) -> Sequence[Fact]:
        if standing.settled:
            message = "这件事已经办结或不再要求，不用转"
            raise NotDecided(message)
        reason = f"{clerk.by}转给{person}：{clerk.reason}"
        return (Handed(key=key, person=person, by=clerk.by, reason=reason),)

    await _decide(desk, key, decide)


async def enter(desk: Desk, key: str, reply: Reply, clerk: Clerk) -> None:
    """Enter by hand what the bearer answered by telephone or on paper."""
    today = desk.hours.today(desk.clock.now())

    def decide(standing: Standing) -> Sequence[Fact]:
        verdict = judge(standing, standing.duty.person, reply, Proof.OFFICE, today)
        if isinstance(verdict, Refusal):
            raise NotDecided(verdict.sentence)
        reason = f"{clerk.by}代录：{verdict.reason.rpartition('：')[2]}"
        return (replace(verdict, by=clerk.by, reason=reason),)

    await _decide(desk, key, decide)


async def record_event(
    desk: Desk, rule: str, event: str, on: date, clerk: Clerk
) -> tuple[str, ...]:
    """Record what a rule waits for; give the keys of the duties that follow from it."""
    found = next((one for one in desk.office.rules if one.id == rule), None)
    if found is None or found.draft:
        message = f"没有编号为“{rule}”、已经确认的规则"
        raise NotDecided(message)
    if not isinstance(found.schedule, After):
        message = f"规则{rule}写的是“{found.phrase}”，不等事件发生，不用登记"
        raise NotDecided(message)
    now = desk.clock.now()
    happening = Happening(rule, event or found.schedule.event, on, clerk.reason)
    made: list[str] = []

    def work(connection: Connection) -> Sequence[Fact]:
        if any(_same(one, happening) for one in reads.happenings(connection)):
            return ()
        fact = Happened(
            rule=rule,
            event=happening.event,
            on=on,
            by=clerk.by,
            note=clerk.reason,
            reason=f"{clerk.by}登记：{on}{happening.event}",
        )
        office = planned_office(connection, desk.office)
        following = replace(office, rules=(found,))
        duties = plan(following, on, on + FURTHEST, (happening,))
        made.extend(duty.key for duty in duties)
        return (fact, *openings(connection, duties))

    await asyncio.wrap_future(desk.ledger.write(now, work))
    return tuple(made)


async def set_season(desk: Desk, name: str, first: date, last: date | None, clerk: Clerk) -> None:
    """Open a key period, or close the one that is open; quotas that say 加密 follow at once."""
    if not name.strip():
        message = "请写重点时段的名称，如 高温汛期"
        raise NotDecided(message)
    if last is not None and last < first:
        message = f"结束的日子{last}早于开始的{first}"
        raise NotDecided(message)
    now = desk.clock.now()
    until = f"到{last}" if last else "起"
    reason = f"{clerk.by}设重点时段“{name}”：{first}{until}"
    fact = SeasonSet(name=name.strip(), first=first, last=last, by=clerk.by, reason=reason)

    def follow(connection: Connection) -> Sequence[Fact]:
        office = planned_office(connection, desk.office)
        return revisions(connection, office, desk.hours.today(now))

    await asyncio.wrap_future(desk.ledger.record(now, (fact,)))
    await asyncio.wrap_future(desk.ledger.write(now, follow))


def _same(one: Happened, other: Happening) -> bool:
    return (one.rule, one.event, one.on) == (other.rule, other.event, other.on)


def _check(clerk: Clerk) -> None:
    if not clerk.reason.strip():
        message = "请写明原因，以后查得到"
        raise NotDecided(message)
    if len(clerk.reason) > LONGEST_REASON:
        message = f"原因太长：最多{LONGEST_REASON}字"
        raise NotDecided(message)


async def _decide(desk: Desk, key: str, decide: Callable[[Standing], Sequence[Fact]]) -> None:
    def work(connection: Connection) -> Sequence[Fact]:
        standing = reads.find_standing(connection, key)
        if standing is None:
            message = "台账里没有这件事，请从看板点进去"
            raise NotDecided(message)
        return decide(standing)

    await asyncio.wrap_future(desk.ledger.write(desk.clock.now(), work))
