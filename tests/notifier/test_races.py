"""Answers that arrive together are folded together, and each finds what came before it."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from notifier.answers import Refusal, Reply, Speaker
from notifier.calling import answer_call
from notifier.clock import Clock
from notifier.desk import Desk
from notifier.events import Answered, AnswerKind, Call, Called, Callee, Fact, Proof, Troubled
from notifier.ledger import Ledger, call_reads, open_ledger, reads, verify
from notifier.ledger.chain import Entry
from obligations.rules import Ladder, Office

NOW = datetime(2026, 7, 1, 1, tzinfo=UTC)
THREADS, EACH = 8, 25
UNWRITABLE = "\ud800"  # half a character: no text for a database
PEOPLE = ("周敏", "何静", "吴刚", "郑涛")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield opened
    opened.close()


def key(person: str) -> str:
    return f"叫应/C1/{person}"


def race(ledger: Ledger, *, any_one: bool) -> list[Refusal | None]:
    """Call everybody, and let all answer at once over and over."""
    ladder = Ladder("紧急", (), timedelta(minutes=30), any_one=any_one)
    callees = tuple(Callee(key(person), person, "应急办") for person in PEOPLE)
    call = Call("C1", "叫应", "请转移沿河住户", ladder, callees, "办公室", NOW)
    ledger.record(NOW, (Called(call=call, reason="办公室发起"),)).result()
    desk = Desk(Clock(NOW), ledger, Office("青溪镇"), {}, "秘密", "http://127.0.0.1")
    start = threading.Barrier(THREADS)

    async def answer_often() -> list[Refusal | None]:
        turns = [PEOPLE[number % len(PEOPLE)] for number in range(EACH)]
        return await asyncio.gather(*(answer(person) for person in turns))

    async def answer(person: str) -> Refusal | None:
        speaker = Speaker(person, Proof.LINK)
        return await answer_call(desk, key(person), speaker, Reply(AnswerKind.HEARD))

    def take_part(_: int) -> list[Refusal | None]:
        start.wait()
        return asyncio.run(answer_often())

    with ThreadPoolExecutor(THREADS) as pool:
        return [one for some in pool.map(take_part, range(THREADS)) for one in some]


def answers(ledger: Ledger, person: str) -> int:
    entries = ledger.read(reads.history, key(person))
    return sum(isinstance(one.fact, Answered) for one in entries)


def test_of_200_answers_that_race_one_a_person_and_call_counts(ledger: Ledger) -> None:
    outcomes = race(ledger, any_one=False)
    assert len(outcomes) == THREADS * EACH
    assert outcomes.count(None) == len(PEOPLE)
    assert [answers(ledger, person) for person in PEOPLE] == [1] * len(PEOPLE)
    assert ledger.read(verify)[1] is None


def test_where_one_is_enough_one_of_all_who_race_counts(ledger: Ledger) -> None:
    outcomes = race(ledger, any_one=True)
    assert outcomes.count(None) == 1
    assert sum(answers(ledger, person) for person in PEOPLE) == 1
    standings = ledger.read(call_reads.callees_of, "C1")
    assert sum(one.released != "" for one in standings) == len(PEOPLE) - 1


def trouble(subject: str, reason: str) -> Fact:
    return Troubled(subject=subject, reason=reason)


def held(ledger: Ledger, put: Callable[[], None]) -> None:
    """Let everything that is put arrive while the writer is busy, so that it comes together."""
    go = threading.Event()

    def wait(_: Connection) -> Sequence[Fact]:
        go.wait()
        return ()

    ledger.write(NOW, wait)
    put()
    go.set()


def count(connection: Connection, names: Sequence[str]) -> Mapping[str, int]:
    return {name: len(reads.history(connection, name)) for name in names}


jobs = st.lists(st.tuples(st.sampled_from("甲乙丙丁"), st.sampled_from(("记", "错", "坏"))))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(jobs=jobs)
def test_each_sees_what_the_one_before_wrote_and_fails_alone(
    ledger: Ledger, jobs: list[tuple[str, str]]
) -> None:
    before = ledger.read(count, "甲乙丙丁")
    futures: list[Future[tuple[Entry, ...]]] = []

    def decide(kind: str, name: str, seen: int) -> Sequence[Fact]:
        if kind == "错":
            raise ValueError(name)
        return (trouble(name, str(seen) if kind == "记" else UNWRITABLE),)

    def put() -> None:
        futures.extend(
            ledger.judge(NOW, name, count, name, partial(decide, kind, name)) for name, kind in jobs
        )

    held(ledger, put)
    due = dict(before)
    for (name, kind), future in zip(jobs, futures, strict=True):
        if kind == "记":
            (entry,) = future.result()
            assert entry.fact == trouble(name, str(due[name]))
            due[name] += 1
        else:
            assert isinstance(future.exception(), ValueError)
    assert ledger.read(count, "甲乙丙丁") == due
    assert ledger.read(verify)[1] is None
