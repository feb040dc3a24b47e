"""Lets everybody climb his ladder, makes roll calls, lists who did not answer."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import Connection

from notifier import calls
from notifier.calling.opening import CallRefused, open_call, request_of
from notifier.calls import CallStanding, Step, Strike
from notifier.desk import Desk
from notifier.detours import failing_lanes, shut_lanes
from notifier.events import (
    Announced,
    Call,
    Callee,
    Escalated,
    Fact,
    Listed,
    Ring,
    Troubled,
)
from notifier.ledger import call_reads, reads
from notifier.ledger.projection import put_rings
from notifier.notices import announce
from notifier.rounds import office_today
from notifier.routes import Net, Way, find_lanes, knot
from obligations.rules import CallPlan, Office, Role

BATCH = 2000


async def run_calls(desk: Desk) -> None:
    """Make the roll calls whose moment has come, then take every step that is due."""
    await _open_roll_calls(desk)
    while await _climb_batch(desk) == BATCH:
        pass


def next_moment(desk: Desk) -> datetime | None:
    """Give when a ladder or a roll call is due next."""
    now = desk.clock.now()
    due_calls = calls.next_roll_call(office_today(desk), desk.hours, desk.secret, now)
    moments = [moment for _, _, moment in due_calls if moment > now]
    ring = desk.ledger.read(call_reads.next_ring)
    return min((*moments, *((ring,) if ring else ())), default=None)


async def _open_roll_calls(desk: Desk) -> None:
    now = desk.clock.now()
    due_calls = calls.next_roll_call(office_today(desk), desk.hours, desk.secret, now)
    due = [(plan, name) for plan, name, moment in due_calls if moment <= now]
    known = desk.ledger.read(call_reads.known_calls, [name for _, name in due]) if due else ()
    for plan, name in due:
        if name not in known:
            await _open_roll_call(desk, plan, name)


async def _open_roll_call(desk: Desk, plan: CallPlan, name: str) -> None:
    """Make a roll call; one that cannot be made is told to the office once."""
    try:
        await open_call(desk, request_of(plan, "值班查岗", name))
    except CallRefused as error:
        now, words = desk.clock.now(), f"“{plan.name}”没有叫成：{error}"
        if desk.ledger.read(reads.history, name, 1):
            return
        notices = announce(
            desk.office,
            desk.ways,
            calls.named(desk.office, desk.office.duty_room),
            f"查岗/{name}",
            (words,),
        )
        facts: tuple[Fact, ...] = (Troubled(subject=name, reason=words), *notices)
        await asyncio.wrap_future(desk.ledger.record(now, facts))


async def _climb_batch(desk: Desk) -> int:
    """Take one batch of due steps; give how many callees were looked at."""
    now = desk.clock.now()
    count = 0

    def work(connection: Connection) -> Sequence[Fact]:
        nonlocal count
        due = call_reads.due_callees(connection, now, BATCH)
        count = len(due)
        found = call_reads.find_calls(connection, (one.call for one in due))
        steps = [
            (one, calls.climb(one, found[one.call].ladder, found[one.call].begun, now))
            for one in due
            if one.call in found
        ]
        put_rings(connection, [(one.callee.key, step.look_at) for one, step in steps])
        shut = shut_lanes(connection, now)
        ways = desk.ways
        sound = knot(way for way in ways if way.lane not in shut)
        today, failing = desk.hours.today(now), failing_lanes(connection)
        reach = _Reach(desk.office, ways, sound, knot(ways), today, failing)
        return list(_facts(reach, found, steps))

    await asyncio.wrap_future(desk.ledger.write(now, work))
    return count


@dataclass(frozen=True, slots=True)
class _Reach:
    """By what people can be reached now, and who is there today."""

    office: Office
    ways: Sequence[Way]
    sound: Net
    every: Net
    today: date
    failing: frozenset[str]

    def lanes(self, person: str, unit: str, means: Sequence[str]) -> tuple[str, ...]:
        """Give the lanes to a person; one that is shut only where there is no other."""
        for net in (self.sound, self.every):
            near = net.near(self.office, person, unit)
            lanes = find_lanes(self.office, near, person, unit=unit, means=means)
            if lanes:
                return lanes
        return ()


def _facts(
    reach: _Reach, known: Mapping[str, Call], steps: Sequence[tuple[CallStanding, Step]]
) -> Iterator[Fact]:
    """Give one fact for all callees of a call who take the same step."""
    acting = [(one, step) for one, step in steps if step.strike is not None or step.listed]
    acting.sort(key=lambda pair: _alike(*pair))
    for _, group in groupby(acting, key=lambda pair: _alike(*pair)):
        pairs = tuple(group)
        call, step = known[pairs[0][0].call], pairs[0][1]
        if step.strike is not None:
            yield _escalate(reach, call, step, tuple(one.callee for one, _ in pairs))
        else:
            yield from _list(reach, call, [one for one, _ in pairs], stale=step.stale)


def _alike(standing: CallStanding, step: Step) -> tuple[str, int, str, bool, bool]:
    strike = -1 if step.strike is None else step.strike
    base = step.base.isoformat() if step.base else ""
    return standing.call, strike, base, step.lapsed, step.stale


def _escalate(reach: _Reach, call: Call, step: Step, callees: Sequence[Callee]) -> Escalated:
    number = step.strike or 0
    strike = calls.strikes(call.ladder)[number]
    parts = len(calls.pieces(call.text))
    rings: list[Ring] = []
    silent = []
    for callee in callees:
        found = tuple(_rings(reach, strike, callee))
        rings += (replace(ring, part=part) for ring in found for part in range(parts))
        if not any(ring.role in (Role.SELF, Role.DEPUTY) for ring in found):
            silent.append(callee.key)
    stage = calls.stage_words(number, lapsed=step.lapsed)
    return Escalated(
        call=call.id,
        keys=tuple(callee.key for callee in callees),
        strike=number,
        stage=stage,
        rings=tuple(rings),
        silent=tuple(silent),
        base=step.base,
        asked_at=step.asked_at,
        lapsed=step.lapsed,
        reason=f"{stage}，{len(callees)}人" + (f"，{len(silent)}人叫不到" if silent else ""),
    )


def _rings(reach: _Reach, strike: Strike, callee: Callee) -> Iterator[Ring]:
    told: set[str] = set()
    for whom in strike.whom:
        role = Role(whom) if whom in tuple(Role) else Role.DUTY_ROOM
        for person in calls.find_role(reach.office, callee, whom, reach.today):
            if person not in told:
                told.add(person)
                unit = callee.group if role is Role.SELF else ""
                lanes = reach.lanes(person, unit, strike.means)
                yield from (Ring(callee.key, person, lane, role) for lane in lanes)


def _list(
    reach: _Reach, call: Call, unreached: Sequence[CallStanding], *, stale: bool
) -> Iterator[Listed | Announced]:
    keys = tuple(one.callee.key for one in unreached)
    why = "程序停过，叫应已过时效" if stale else "到限没有应答"
    reports = calls.make_reports(reach.office, call, unreached, stale=stale)
    lost = "" if reports else "。没有写上级和值班室，名单没有人收，请马上看叫应页"
    yield Listed(call=call.id, keys=keys, reason=f"{why}，{len(keys)}人列入未叫醒名单{lost}")
    first = unreached[0]
    for report in reports:
        about = f"未叫醒/{call.id}/{first.base:%d%H%M%S}-{first.callee.person}"
        people = (report.person,)
        yield from announce(
            reach.office, reach.ways, people, about, report.texts, avoid=reach.failing
        )
