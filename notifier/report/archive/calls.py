"""The calls of a year, each folded from the ledger's rows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from notifier.calls import CallStanding, advance_callee, begin
from notifier.events import MARK, PROOF_WORDS, Call, Called, Joined
from notifier.hours import Hours
from notifier.ledger.chain import Entry
from notifier.report.archive.look import Look
from notifier.report.calls import state_of
from notifier.report.paper import Cell, Column, Table
from obligations.rules.lengths import spoken


def call_table(look: Look) -> Table:
    """Give the calls that began in the year and how they were answered."""
    columns = (
        Column("发起时间", 16),
        Column("叫应", 12),
        Column("内容", 28),
        Column("叫谁", 9),
        Column("叫了几次", 8),
        Column("应答时间", 16),
        Column("用时", 9),
        Column("结果", 10),
        Column("凭据", 11),
        Column("说明和措施", 22),
        Column("编号", 18),
    )
    first, after = datetime(look.year, 1, 1), datetime(look.year + 1, 1, 1)  # noqa: DTZ001 local
    rows = [
        _call_row(call, standing, look.hours)
        for call, standing in _folded_calls(look)
        if first <= look.hours.local(call.begun) < after
    ]
    return Table("叫应", columns, tuple(sorted(rows, key=lambda row: (str(row[0]), str(row[3])))))


def _folded_calls(look: Look) -> Iterator[tuple[Call, CallStanding]]:
    calls = {
        one.fact.call.id: one.fact.call
        for one in look.record.entries
        if isinstance(one.fact, Called)
    }
    for key, entries in look.by_key.items():
        if key.startswith(f"{MARK}/"):
            standing, call = _fold_callee(key, entries, calls)
            if standing and call:
                yield call, standing


def _fold_callee(
    key: str, entries: Sequence[Entry], calls: dict[str, Call]
) -> tuple[CallStanding | None, Call | None]:
    standing: CallStanding | None = None
    call: Call | None = None
    for one in entries:
        match one.fact:
            case Called():
                call = one.fact.call
                callee = next(each for each in call.callees if each.key == key)
                standing = begin(call, callee)
            case Joined(callee=callee, call=name) if callee.key == key and name in calls:
                call = calls[name]
                standing = replace(begin(call, callee), base=one.at)
            case _ if standing:
                standing = advance_callee(standing, one.at, one.fact)
    return standing, call


def _call_row(call: Call, one: CallStanding, hours: Hours) -> tuple[Cell, ...]:
    first = one.first_heard_at
    counted = [answer for answer in one.answers if answer.counts]
    notes = (*(answer.note for answer in one.answers), *one.measures, *one.carried_out)
    return (
        hours.local(call.begun),
        call.name,
        call.text,
        one.callee.person,
        one.strikes,
        hours.local(first) if first else "",
        spoken(first - call.begun) if first else "",
        state_of(call, one)[0],
        PROOF_WORDS[counted[0].proof] if counted else "",
        "；".join(dict.fromkeys(note for note in notes if note)),
        call.id,
    )
