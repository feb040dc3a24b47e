"""Takes answers to calls, and ends calls with a last word."""

import asyncio
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from notifier import calls
from notifier.answers import Refusal, Reply, Speaker, judge_call
from notifier.calling.opening import CallRefused
from notifier.calls import CallStanding, CallState
from notifier.compose import call_of
from notifier.desk import Desk
from notifier.detours import failing_lanes
from notifier.events import (
    Call,
    Callee,
    Fact,
    Released,
)
from notifier.ledger import call_reads
from notifier.notices import announce


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
