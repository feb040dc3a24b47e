"""Makes calls, lets everybody climb his ladder, lists who did not answer, ends calls."""

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import Connection

from notifier import calls
from notifier.answers import Refusal, Reply, Speaker, judge_call
from notifier.calls import CallStanding, CallState, Step, Strike
from notifier.compose import call_of
from notifier.desk import Desk
from notifier.detours import failing_lanes, shut_lanes
from notifier.events import (
    Announced,
    Call,
    Called,
    Callee,
    Escalated,
    Fact,
    Listed,
    Released,
    Ring,
    Troubled,
)
from notifier.ledger import call_reads, reads
from notifier.ledger.projection import put_rings
from notifier.notices import announce
from notifier.rounds import office_today
from notifier.routes import Net, Way, find_lanes, knot
from obligations.errors import JiaoyingError
from obligations.rules import CallPlan, Ladder, Office, Role

BATCH = 2000
LONGEST_TEXT = 2000
LONGEST_ID = 64  # as the table has it
LONGEST_NAME = 60
MOST_ORDERS = 10
MOST_AT_ONCE = 1000
_LETTERS = "-_."
_SEPARATORS = re.compile(r"[、，,;；\n\t]")


class CallRefused(JiaoyingError):
    """A call that cannot be made as it was asked for, in words for the one who asked."""


@dataclass(frozen=True, slots=True)
class CallRequest:
    """A call as somebody asks for it: a person at the desk, a weather system, a roll call."""

    text: str
    to: tuple[str, ...]
    ladder: str = "紧急"
    id: str = ""
    name: str = ""
    by: str = ""
    orders: tuple[str, ...] = ()


def request_of(plan: CallPlan, by: str, name: str = "") -> CallRequest:
    """Give the request that a ready-made call stands for."""
    return CallRequest(plan.text, plan.to, plan.ladder, name, plan.name, by, plan.orders)


async def open_call(desk: Desk, request: CallRequest) -> tuple[Call, bool]:
    """Make a call; give it and whether it is new: the same id twice is one call.

    Raises `CallRefused` with what is wrong and what to do.
    """
    now = desk.clock.now()
    name = _checked_id(request.id)
    made: list[tuple[Call, bool]] = []

    def work(connection: Connection) -> Sequence[Fact]:
        known = call_reads.find_call(connection, name) if name else None
        if known:
            made.append((known, False))
            return ()
        call = _make(desk, request, name or _fresh_id(connection, desk, now), now)
        made.append((call, True))
        missing = f"，没有叫到：{'、'.join(call.unknown)}" if call.unknown else ""
        reason = f"{call.by}发起，按“{call.ladder.name}”叫{len(call.callees)}人{missing}"
        return (Called(call=call, reason=reason),)

    await asyncio.wrap_future(desk.ledger.write(now, work))
    return made[0]


def _make(desk: Desk, request: CallRequest, name: str, now: datetime) -> Call:
    text, ladder = request.text.strip(), _ladder(desk, request.ladder)
    if not text:
        message = "叫应的内容是空的，请写明出了什么事、要做什么"
        raise CallRefused(message)
    if len(text) > LONGEST_TEXT:
        message = f"叫应的内容太长：最多{LONGEST_TEXT}字，现在{len(text)}字。请只写要马上知道的"
        raise CallRefused(message)
    terms, today = split_words(request.to), desk.hours.today(now)
    callees, unknown = calls.find_callees(desk.office, name, terms, today)
    if not callees:
        words = "、".join(terms) or "（没有写）"
        message = f"“{words}”里没有叫得到的人。请写姓名、单位、职务、标签，或“全体”"
        raise CallRefused(message)
    title = _short(request.name, "名称") or "叫应"
    by = _short(request.by, "发起人") or "办公室"
    orders = _checked_orders(split_words(request.orders))
    return Call(name, title, text, ladder, callees, by, now, orders, unknown)


def split_words(written: Iterable[str]) -> tuple[str, ...]:
    """Give the words that people separate by 、 or commas or lines, each once.

    >>> split_words(["各村、应急办", "何静，何静"])
    ('各村', '应急办', '何静')
    """
    found = (word.strip() for text in written for word in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(word for word in found if word))


def _short(text: str, what: str) -> str:
    found = " ".join(text.split())
    if len(found) > LONGEST_NAME:
        message = f"{what}太长：最多{LONGEST_NAME}字，现在{len(found)}字"
        raise CallRefused(message)
    return found


def _checked_orders(orders: tuple[str, ...]) -> tuple[str, ...]:
    if len(orders) > MOST_ORDERS:
        message = f"指令太多：最多{MOST_ORDERS}条，现在{len(orders)}条"
        raise CallRefused(message)
    return tuple(_short(order, "指令") for order in orders)


def _ladder(desk: Desk, name: str) -> Ladder:
    found = next((one for one in desk.office.ladders if one.name == name), None)
    if found is None:
        known = "、".join(one.name for one in desk.office.ladders)
        message = f"没有叫“{name}”的阶梯。能用的有：{known}"
        raise CallRefused(message)
    return found


def _checked_id(name: str) -> str:
    fits = len(name) <= LONGEST_ID and all(one.isalnum() or one in _LETTERS for one in name)
    if name and not (fits and any(one.isalnum() for one in name)):
        message = f"叫应编号“{name[:20]}”不能用：最多64个字母、汉字、数字或 - _ ."
        raise CallRefused(message)
    return name


def _fresh_id(connection: Connection, desk: Desk, now: datetime) -> str:
    """Give an id that no call has, even where two are made at the same instant."""
    local = desk.hours.local(now)
    stem = f"{local:%Y%m%d-%H%M%S}-{local.microsecond // 1000:03}"
    names = (stem, *(f"{stem}-{number}" for number in range(2, MOST_AT_ONCE)))
    taken = call_reads.known_calls(connection, names)
    return next(name for name in names if name not in taken)


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
        known = {name: call_reads.find_call(connection, name) for name in {d.call for d in due}}
        found = {name: call for name, call in known.items() if call}
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


async def stop_call(desk: Desk, name: str, by: str, word: str) -> Call:
    """End a call, with a last word to everybody who was told of it; raises `CallRefused`."""
    now = desk.clock.now()
    found: list[Call] = []

    def work(connection: Connection) -> Sequence[Fact]:
        call = call_reads.find_call(connection, name)
        if call is None:
            return ()
        found.append(call)
        standings = call_reads.callees_of(connection, name)
        open_ones = tuple(one.callee.key for one in standings if not one.settled)
        if not open_ones:
            return ()
        told = [one.callee.person for one in standings if one.strikes]
        text = word.strip() or f"“{call.name}”叫应结束，不用再应答"
        about, failing = f"停叫/{call.id}", failing_lanes(connection)
        words = calls.pieces(text)
        last = announce(desk.office, desk.ways, told, about, words, avoid=failing)
        reason = f"{by}停叫：{text}"
        return (Released(call=name, keys=open_ones, by=by, reason=reason), *last)

    await asyncio.wrap_future(desk.ledger.write(now, work))
    if not found:
        message = f"没有编号为“{name}”的叫应，请从叫应页点进去"
        raise CallRefused(message)
    return found[0]


async def answer_call(desk: Desk, key: str, speaker: Speaker, reply: Reply) -> Refusal | None:
    """Take somebody's answer to a call; give why it is not taken, None where it is.

    It is judged and written in one transaction, so that of two answers that race one counts.
    """
    call = desk.ledger.read(call_reads.find_call, call_of(key))  # calls never change
    any_one = call is not None and call.ladder.any_one
    refusals: list[Refusal] = []

    def work(connection: Connection) -> Sequence[Fact]:
        standing = call_reads.find_callee(connection, key)
        verdict = judge_call(standing, speaker, reply)
        if standing is None or isinstance(verdict, Refusal):
            refusals.append(verdict if isinstance(verdict, Refusal) else Refusal(""))
            return ()
        if call is None or not any_one or not speaker.counts:
            return (verdict,)
        return (verdict, *spared(call, standing.callee, call_reads.callees_of(connection, call.id)))

    about = call.id if call and any_one else key  # where one answers for others, one by one
    await asyncio.wrap_future(desk.ledger.write(desk.clock.now(), work, about))
    return refusals[0] if refusals else None


def spared(call: Call, callee: Callee, others: Iterable[CallStanding]) -> tuple[Released, ...]:
    """Give who need not answer any more because one of theirs has (一人应即可)."""
    if not call.ladder.any_one:
        return ()
    keys = tuple(
        one.callee.key
        for one in others
        if one.callee.group == callee.group
        and one.callee.key != callee.key
        and one.state in (CallState.CALLING, CallState.UNREACHED)
    )
    reason = f"{callee.group}的{callee.person}已应答，一人应即可"
    return (Released(call=call.id, keys=keys, reason=reason),) if keys else ()
