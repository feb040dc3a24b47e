"""The ledger's rows as the sheets of an archive."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from notifier.events import (
    ANSWER_WORDS,
    KIND_WORDS,
    PROOF_WORDS,
    Abandoned,
    Answered,
    Closed,
    Dropped,
    EvidenceGiven,
    Fact,
    Failed,
    Heeded,
    Inspected,
    Opened,
    Queued,
    Reviewed,
    Sending,
    Sent,
    Told,
)
from notifier.hours import Hours
from notifier.ledger.chain import Entry
from notifier.messages import Topic
from notifier.report.archive.calls import call_table
from notifier.report.archive.gather import Record, Subject
from notifier.report.archive.look import Look, look_at
from notifier.report.paper import Cell, Column, Table
from notifier.standing import Standing, State

STATE_WORDS = {
    State.OPEN: "未办",
    State.HEARD: "已收到，未办结",
    State.POSTPONED: "申请延期",
    State.DONE: "已办结",
    State.WITHDRAWN: "不再要求",
    State.WAIVED: "免办",
}
_PLAIN = (
    Opened,
    Queued,
    Dropped,
    Sending,
    Sent,
    Failed,
    Abandoned,
    Answered,
    Heeded,
    EvidenceGiven,
    Inspected,
)


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything about a subject in a year, as sheets; ``sums`` are the numbers of the summary."""

    subject: Subject
    year: int
    made: datetime
    duties: Table
    reminders: Table
    answers: Table
    proofs: Table
    calls: Table
    decisions: Table
    closings: Table
    sums: tuple[tuple[str, int], ...]
    unfit: tuple[int, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Give the sheets in the order in which one reads them."""
        found = (self.duties, self.reminders, self.answers, self.proofs)
        return (*found, self.calls, self.decisions, self.closings)


def make_archive(record: Record, hours: Hours, year: int, now: datetime) -> Archive:
    """Give the archive of a year: the duties whose window touches it, the calls begun in it."""
    look = look_at(record, hours, year)
    duties, reminders, answers = _duties(look), _reminders(look), _answers(look)
    calls, states = call_table(look), [one.state for one in look.standings.values()]
    return Archive(
        record.subject,
        year,
        hours.local(now),
        duties,
        reminders,
        answers,
        _proofs(look),
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


def _overdue(look: Look, today: date) -> int:
    late = (one for one in look.standings.values() if not one.settled)
    return sum((one.postponed_until or one.duty.due) < today for one in late)


def _duties(look: Look) -> Table:
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


def _reminders(look: Look) -> Table:
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


def _answers(look: Look) -> Table:
    columns = (
        Column("时间", 16),
        Column("任务", 26),
        Column("答复人", 9),
        Column("答复", 9),
        Column("办理日", 11),
        Column("说明", 26),
        Column("凭据", 12),
        Column("审核", 14),
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
            _reviewed(look.standings[key], number),
            one.seq,
        )
        for key, number, one in _numbered(look)
        if isinstance(one.fact, Answered)
    )
    return Table("答复", columns, rows)


def _said(fact: Answered) -> str:
    measures = "，".join(part for part in (fact.owner, fact.action, fact.deadline) if part)
    return "；".join(part for part in (fact.note, measures) if part)


def _proof(fact: Answered) -> str:
    return PROOF_WORDS[fact.proof] + (f"（{fact.by}）" if fact.by else "")


def _numbered(look: Look) -> Iterator[tuple[str, int, Entry]]:
    """Give the answers to the year's duties, each with its number among those to its duty."""
    counts: Counter[str] = Counter()
    for key, one in look.entries():
        if isinstance(one.fact, Answered):
            yield key, counts[key], one
            counts[key] += 1


def _reviewed(standing: Standing, number: int) -> str:
    """Give what the office made of an answer, "" where it has not looked at it."""
    answer = standing.answers[number]
    if answer.accepted is None:
        return ""
    return "通过" if answer.accepted else f"退回：{answer.review}"


def _proofs(look: Look) -> Table:
    columns = (
        Column("时间", 16),
        Column("任务", 24),
        Column("交来人", 9),
        Column("佐证", 24),
        Column("内容", 34),
        Column("校验值", 24),
        Column("台账行", 8),
    )
    rows = tuple(
        (look.local(one), look.matter(key), one.fact.person, *_proof_cells(one.fact), one.seq)
        for key, one in look.entries()
        if isinstance(one.fact, EvidenceGiven | Inspected)
    )
    return Table("佐证", columns, rows)


def _proof_cells(fact: EvidenceGiven | Inspected) -> tuple[str, str, str]:
    """Give what was handed in: its name, what it says, and the hash that proves a file."""
    if isinstance(fact, EvidenceGiven):
        place = f"北纬{fact.position[0]:.5f}、东经{fact.position[1]:.5f}" if fact.position else ""
        taken = f"拍摄于{fact.taken_at:%Y-%m-%d %H:%M}" if fact.taken_at else ""
        size = f"{fact.type}，{fact.size}字节"
        return fact.name, "；".join(part for part in (size, taken, place) if part), fact.digest
    said = (
        ("地点", fact.place),
        ("时间", fact.time),
        ("发现", fact.findings),
        ("要求", fact.demands),
        ("复查", fact.recheck),
        ("检查人", fact.inspector),
        ("被检查人", fact.inspected),
    )
    return "检查记录", "；".join(f"{name}：{words}" for name, words in said if words), ""


def _decisions(look: Look) -> Table:
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
            _kind_words(one.fact),
            one.fact.reason,
            str(getattr(one.fact, "by", "")),
            one.seq,
        )
        for key, one in look.entries()
        if not isinstance(one.fact, _PLAIN)
    )
    return Table("审定", columns, rows)


def _kind_words(fact: Fact) -> str:
    if isinstance(fact, Reviewed):
        return "审核通过" if fact.accepted else "审核退回"
    return KIND_WORDS[fact.kind]


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
