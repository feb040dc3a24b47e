"""The ledger's rows as the sheets of an archive."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from notifier.calls import CallStanding, advance_callee, begin
from notifier.events import (
    ANSWER_WORDS,
    KIND_WORDS,
    MARK,
    PROOF_WORDS,
    Abandoned,
    Answered,
    Call,
    Called,
    Closed,
    Dropped,
    Failed,
    Heeded,
    Joined,
    Opened,
    Queued,
    Sending,
    Sent,
    Told,
    subjects,
)
from notifier.hours import Hours
from notifier.ledger.chain import Entry
from notifier.messages import Topic
from notifier.report.archive.gather import Record, Subject
from notifier.report.calls import span_of, state_of
from notifier.report.paper import Cell, Column, Table
from notifier.standing import Standing, State, fold

STATE_WORDS = {
    State.OPEN: "未办",
    State.HEARD: "已收到，未办结",
    State.POSTPONED: "申请延期",
    State.DONE: "已办结",
    State.WITHDRAWN: "不再要求",
    State.WAIVED: "免办",
}
_PLAIN = (Opened, Queued, Dropped, Sending, Sent, Failed, Abandoned, Answered, Heeded)


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything about a subject in a year, as sheets; ``sums`` are the numbers of the summary."""

    subject: Subject
    year: int
    made: datetime
    duties: Table
    reminders: Table
    answers: Table
    calls: Table
    decisions: Table
    closings: Table
    sums: tuple[tuple[str, int], ...]
    unfit: tuple[int, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Give the sheets in the order in which one reads them."""
        found = (self.duties, self.reminders, self.answers, self.calls, self.decisions)
        return (*found, self.closings)


@dataclass(frozen=True, slots=True)
class _Year:
    """A year's look at a record: by key the entries, and what stands now."""

    record: Record
    hours: Hours
    year: int
    standings: dict[str, Standing]
    by_key: dict[str, list[Entry]]

    def local(self, one: Entry) -> datetime:
        return self.hours.local(one.at)

    def matter(self, key: str) -> str:
        return self.standings[key].duty.matter

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Give what befell the year's duties, oldest first."""
        found = [(key, one) for key in self.standings for one in self.by_key[key]]
        return iter(sorted(found, key=lambda each: each[1].seq))


def make_archive(record: Record, hours: Hours, year: int, now: datetime) -> Archive:
    """Give the archive of a year: the duties whose window touches it, the calls begun in it."""
    look = _look(record, hours, year)
    duties, reminders, answers = _duties(look), _reminders(look), _answers(look)
    calls, states = _calls(look), [one.state for one in look.standings.values()]
    return Archive(
        record.subject,
        year,
        hours.local(now),
        duties,
        reminders,
        answers,
        calls,
        _decisions(look),
        _closings(record, year),
        (
            ("任务", len(duties.rows)),
            ("已办结", states.count(State.DONE)),
            ("逾期未办", _overdue(look, hours.today(now))),
            ("提醒", len(reminders.rows)),
            ("答复", len(answers.rows)),
            ("叫应", len(calls.rows)),
            ("应答", sum(row[5] != "" for row in calls.rows)),
        ),
        record.unfit,
    )


def _look(record: Record, hours: Hours, year: int) -> _Year:
    by_key: dict[str, list[Entry]] = defaultdict(list)
    for one in record.entries:
        for key in dict.fromkeys(subjects(one.fact)):
            if key in record.keys:
                by_key[key].append(one)
    folded = {
        key: fold((one.at, one.fact) for one in by_key[key])
        for key in sorted(record.keys)
        if not key.startswith(f"{MARK}/")
    }
    standings = {
        key: one
        for key, one in folded.items()
        if one and one.duty.opens.year <= year <= one.duty.due.year
    }
    return _Year(record, hours, year, standings, by_key)


def _overdue(look: _Year, today: date) -> int:
    late = (one for one in look.standings.values() if not one.settled)
    return sum((one.postponed_until or one.duty.due) < today for one in late)


def _duties(look: _Year) -> Table:
    columns = (
        Column("序号", 5),
        Column("任务", 26),
        Column("来源条款", 17),
        Column("责任人", 9),
        Column("频次", 12),
        Column("开始", 11),
        Column("期限", 11),
        Column("办结", 11),
        Column("状态", 9),
        Column("佐证要求", 12),
        Column("编号", 20),
    )
    ordered = sorted(look.standings.values(), key=lambda one: (one.duty.due, one.duty.key))
    rows = tuple(
        (
            number,
            one.duty.matter,
            one.duty.source,
            _bearer(one),
            one.duty.words,
            one.duty.opens.date(),
            one.duty.due,
            _finished(one, look.hours),
            STATE_WORDS[one.state],
            one.duty.evidence,
            one.duty.key,
        )
        for number, one in enumerate(ordered, start=1)
    )
    return Table("任务", columns, rows)


def _bearer(one: Standing) -> str:
    duty = one.duty
    return duty.bearer if duty.person in ("", duty.bearer) else f"{duty.bearer}（{duty.person}）"


def _finished(one: Standing, hours: Hours) -> Cell:
    if one.state is not State.DONE:
        return ""
    answers = [each for each in one.answers if each.counts]
    return answers[-1].on or hours.today(answers[-1].at) if answers else ""


def _reminders(look: _Year) -> Table:
    columns = (
        Column("时间", 16),
        Column("任务", 28),
        Column("提醒谁", 9),
        Column("缘由", 11),
        Column("通道", 14),
        Column("结果", 20),
        Column("编码", 11),
        Column("台账行", 8),
    )
    ends = {one.fact.code: one for one in look.record.entries if isinstance(one.fact, Sent)}
    failed = {one.fact.code: one for one in look.record.entries if isinstance(one.fact, Failed)}
    rows: list[tuple[Cell, ...]] = []
    for one in look.record.entries:
        if not isinstance(one.fact, Sending) or one.fact.topic is not Topic.DUTY:
            continue
        code = one.fact.code
        outcome = _outcome(ends.get(code) or failed.get(code), look.hours)
        rows.extend(
            (
                look.local(one),
                line.text,
                line.person,
                line.reason,
                one.fact.lane,
                outcome,
                code,
                one.seq,
            )
            for line in one.fact.lines
            if line.key in look.standings and _is_told(line, look.record.subject)
        )
    return Table("提醒", columns, tuple(rows))


def _is_told(line: Told, wanted: Subject) -> bool:
    return wanted.is_unit or line.person == wanted.name


def _outcome(end: Entry | None, hours: Hours) -> str:
    if end is None:
        return "没有结果"
    if isinstance(end.fact, Sent):
        return f"{hours.local(end.at):%m-%d %H:%M}平台收下"
    return f"没有发成：{end.fact.reason}"


def _answers(look: _Year) -> Table:
    columns = (
        Column("时间", 16),
        Column("任务", 26),
        Column("答复人", 9),
        Column("答复", 9),
        Column("办理日", 11),
        Column("说明", 26),
        Column("凭据", 12),
        Column("佐证", 14),
        Column("台账行", 8),
    )
    rows = tuple(
        (
            look.local(one),
            look.matter(key),
            one.fact.person,
            ANSWER_WORDS[one.fact.answer] + ("" if one.fact.counts else "（不算数）"),
            one.fact.on or one.fact.until or "",
            _said(one.fact),
            _proof(one.fact),
            _files(one.fact),
            one.seq,
        )
        for key, one in look.entries()
        if isinstance(one.fact, Answered)
    )
    return Table("答复", columns, rows)


def _said(fact: Answered) -> str:
    measures = "，".join(part for part in (fact.owner, fact.action, fact.deadline) if part)
    return "；".join(part for part in (fact.note, measures) if part)


def _proof(fact: Answered) -> str:
    return PROOF_WORDS[fact.proof] + (f"（{fact.by}）" if fact.by else "")


def _files(fact: Answered) -> str:
    """Give the names of what was handed in with the answer, where answers carry files."""
    files = getattr(fact, "files", ())
    return "、".join(str(getattr(one, "name", one)) for one in files)


def _calls(look: _Year) -> Table:
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


def _folded_calls(look: _Year) -> Iterator[tuple[Call, CallStanding]]:
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
        span_of(first - call.begun) if first else "",
        state_of(call, one)[0],
        PROOF_WORDS[counted[0].proof] if counted else "",
        "；".join(dict.fromkeys(note for note in notes if note)),
        call.id,
    )


def _decisions(look: _Year) -> Table:
    """Give whatever changed the year's duties or was decided about them."""
    columns = (
        Column("时间", 16),
        Column("任务", 32),
        Column("事由", 12),
        Column("说明", 40),
        Column("经办", 10),
        Column("台账行", 8),
    )
    rows = tuple(
        (
            look.local(one),
            look.matter(key),
            KIND_WORDS[one.fact.kind],
            one.fact.reason,
            str(getattr(one.fact, "by", "")),
            one.seq,
        )
        for key, one in look.entries()
        if not isinstance(one.fact, _PLAIN)
    )
    return Table("审定", columns, rows)


def _closings(record: Record, year: int) -> Table:
    columns = (
        Column("期间", 10),
        Column("封存到第几条", 10),
        Column("校验值", 50),
        Column("封存时记在第几条", 12),
    )
    rows = tuple(
        (fact.period, fact.seq, fact.hash, seq)
        for seq, fact in record.closings
        if _in_year(fact, year)
    )
    return Table("封存", columns, rows)


def _in_year(fact: Closed, year: int) -> bool:
    return fact.period.startswith(str(year))
