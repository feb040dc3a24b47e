"""The record: chained, append-only, and everything else can be rebuilt from it."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from notifier.answers import Refusal, Reply, judge
from notifier.events import (
    Abandoned,
    Answered,
    AnswerKind,
    Dropped,
    Fact,
    Failed,
    Opened,
    Proof,
    Queued,
    Sending,
    Sent,
    Told,
    Withdrawn,
    decode,
    encode,
)
from notifier.ledger import Ledger, open_ledger, reads, verify
from notifier.ledger.projection import rebuild
from notifier.ledger.schema import DERIVED, agenda
from notifier.ledger.store import LedgerBroken, LedgerClosed
from obligations.duties import Duty

NOW = datetime(2026, 7, 1, 1, tzinfo=UTC)


def duty(number: int = 1, need: int = 1) -> Duty:
    return Duty(
        key=f"QX-{number}/周敏/2026Q3",
        rule=f"QX-{number}",
        matter="召集会议",
        bearer="周敏",
        person="周敏",
        unit="应急办",
        label="2026Q3",
        opens=datetime(2026, 7, 1),
        closes=datetime(2026, 10, 1),
        need=need,
        words="每季度至少1次",
    )


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(database: Path) -> Iterator[Ledger]:
    opened = open_ledger(f"sqlite:///{database}")
    yield opened
    opened.close()


def record(ledger: Ledger, *facts: Fact, at: datetime = NOW) -> None:
    ledger.write(at, lambda _: facts).result()


def a_life(ledger: Ledger) -> None:
    told = Told("QX-1/周敏/2026Q3", "周敏", "first", "召集会议", "新任务", "9月30日前")
    sending = Sending(
        code="K7M2", lane="群", lines=(told,), asked_at=NOW, attempt=1, reason="新任务"
    )
    record(ledger, Opened(duty=duty(), reason="本期开始"))
    record(ledger, Queued(key=told.key, person="周敏", lane="群", stage="first", reason="新任务"))
    record(ledger, sending)
    record(ledger, Sent(code="K7M2", lane="群", keys=(told.key,), reason="平台已接收"))
    record(ledger, answered())


def answered(number: int = 1) -> Answered:
    return Answered(
        key=f"QX-{number}/周敏/2026Q3",
        person="周敏",
        answer=AnswerKind.DONE,
        proof=Proof.LINK,
        reason="周敏答复",
        on=NOW.date(),
    )


def check(ledger: Ledger) -> str:
    count, flaw = ledger.read(verify)
    return flaw.message if flaw else f"{count}条完好"


def test_an_untouched_record_verifies(ledger: Ledger) -> None:
    a_life(ledger)
    assert check(ledger) == "5条完好"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE ledger SET body = replace(body, '召集', '召开') WHERE seq = 1", "第1条记录与"),
        ("UPDATE ledger SET body = replace(body, '答复', '答覆') WHERE seq = 5", "第5条记录与"),
        ("UPDATE ledger SET at = replace(at, '2026', '2025') WHERE seq = 2", "第2条记录与"),
        ("UPDATE ledger SET hash = 'a' || substr(hash, 2) WHERE seq = 4", "第4条记录与"),
        ("UPDATE ledger SET kind = 'Failed' WHERE seq = 4", "第4条记录的类别"),
        ("DELETE FROM ledger WHERE seq = 3", "第3条记录不见了"),
        ("DELETE FROM ledger WHERE seq = 5", "末尾记录对不上"),
        ("UPDATE ledger SET seq = 9 WHERE seq = 5", "第5条记录不见了"),
    ],
)
def test_one_changed_byte_is_found(ledger: Ledger, database: Path, change: str, words: str) -> None:
    a_life(ledger)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(change)
        connection.commit()
    assert check(ledger).startswith(words)


def test_everything_but_the_ledger_can_be_rebuilt(ledger: Ledger) -> None:
    a_life(ledger)
    before = dump(ledger)
    empty_and_rebuild(ledger)
    assert dump(ledger) == before


keys = st.integers(1, 4)
codes = st.sampled_from(["K1", "K2", "K3"])
lane = st.just("群")


def _key(number: int) -> str:
    return duty(number).key


def _told(number: int) -> Told:
    return Told(_key(number), "周敏", "half", "召集会议")


some_facts = st.one_of(
    st.builds(lambda n, need: Opened(duty=duty(n, need), reason="开始"), keys, st.integers(1, 3)),
    st.builds(lambda n: Withdrawn(key=_key(n), reason="撤下"), keys),
    st.builds(answered, keys),
    st.builds(
        lambda n, stage: Queued(key=_key(n), person="周敏", lane="群", stage=stage, reason="过半"),
        keys,
        st.sampled_from(["first", "half"]),
    ),
    st.builds(
        lambda code, n: Abandoned(code=code, lane="群", keys=(_key(n),), reason="已答复"),
        codes,
        keys,
    ),
    st.builds(lambda n: Dropped(key=_key(n), stage="first", reason="过时"), keys),
    st.builds(
        lambda code, ns: Sending(
            code=code,
            lane="群",
            lines=tuple(map(_told, ns)),
            asked_at=NOW,
            attempt=1,
            reason="过半",
        ),
        codes,
        st.lists(keys, min_size=1, max_size=3, unique=True),
    ),
    st.builds(
        lambda code, n: Sent(code=code, lane="群", keys=(_key(n),), reason="好"), codes, keys
    ),
    st.builds(
        lambda code, n, again: Failed(
            code=code,
            lane="群",
            keys=(_key(n),),
            reason="断线",
            retry_at=NOW + timedelta(minutes=again) if again else None,
            blocked_until=NOW + timedelta(minutes=again) if again else None,
        ),
        codes,
        keys,
        st.integers(0, 3),
    ),
)


@given(st.lists(some_facts, max_size=30))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_history_can_be_rebuilt(tmp_path: Path, facts: Sequence[Fact]) -> None:
    ledger = open_ledger("sqlite:///" + str(tmp_path / f"{abs(hash(tuple(facts)))}.db"))
    try:
        for step, fact in enumerate(facts):
            record(ledger, fact, at=NOW + timedelta(seconds=step))
        before = dump(ledger)
        empty_and_rebuild(ledger)
        assert dump(ledger) == before
        assert check(ledger) == f"{len(facts)}条完好"
    finally:
        ledger.close()


@given(some_facts)
def test_every_fact_survives_its_writing(fact: Fact) -> None:
    assert decode(encode(fact)) == fact


def dump(ledger: Ledger) -> dict[str, list[tuple[object, ...]]]:
    """Give every derived table; the agenda's hours are decided anew by the next round."""

    def rows(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
        tables = [table for table in DERIVED if table is not agenda]
        found = {
            table.name: sorted(tuple(row) for row in connection.execute(select(table)))
            for table in tables
        }
        due = connection.execute(select(agenda.c.key))
        return {**found, "agenda": sorted(tuple(row) for row in due)}

    return ledger.read(rows)


def empty_and_rebuild(ledger: Ledger) -> None:
    def work(connection: Connection) -> Sequence[Fact]:
        rebuild(connection)
        return ()

    ledger.write(NOW, work).result()


def test_of_answers_that_race_only_one_counts(ledger: Ledger) -> None:
    record(ledger, Opened(duty=duty(), reason="本期开始"))

    def work(connection: Connection) -> Sequence[Fact]:
        standing = reads.find_standing(connection, duty().key)
        verdict = judge(standing, "周敏", Reply(AnswerKind.DONE), Proof.LINK, NOW.date())
        return () if isinstance(verdict, Refusal) else (verdict,)

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: ledger.write(NOW, work).result(), range(40)))
    assert sum(len(entries) for entries in results) == 1
    assert check(ledger) == "2条完好"


def test_one_failing_write_does_not_take_the_others_along(ledger: Ledger) -> None:
    def fails(connection: Connection) -> Sequence[Fact]:
        connection.execute(text("DELETE FROM head"))
        message = "写到一半"
        raise ValueError(message)

    futures = [
        ledger.write(NOW, fails if number == 2 else partial(_opening, number))
        for number in range(5)
    ]
    outcomes = [type(future.exception()) for future in futures]
    assert outcomes.count(ValueError) == 1
    assert check(ledger) == "4条完好"


def _opened(number: int) -> Opened:
    return Opened(duty=duty(number), reason="开始")


def _opening(number: int, _: Connection) -> Sequence[Fact]:
    return (_opened(number),)


def test_a_database_that_cannot_be_written_says_so_and_loses_nothing(
    ledger: Ledger, database: Path
) -> None:
    record(ledger, Opened(duty=duty(), reason="本期开始"))
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON ledger "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        failure = ledger.write(NOW, lambda _: (answered(),)).exception()
        assert isinstance(failure, LedgerBroken)
        assert "没有记下来" in str(failure)
        assert "周敏" not in str(failure)
        connection.execute("DROP TRIGGER full")
    record(ledger, answered())
    assert check(ledger) == "2条完好"


def test_a_folder_that_does_not_exist_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(LedgerBroken, match="数据库写不进去"):
        open_ledger(f"sqlite:///{tmp_path / 'nowhere' / 'ledger.db'}")


def test_after_closing_nothing_is_taken(database: Path) -> None:
    closed = open_ledger(f"sqlite:///{database}")
    closed.close()
    assert isinstance(closed.write(NOW, lambda _: ()).exception(), LedgerClosed)


def test_writes_may_be_awaited(ledger: Ledger) -> None:
    async def write() -> int:
        entries = await asyncio.wrap_future(ledger.write(NOW, lambda _: (_opened(1),)))
        return entries[0].seq

    assert asyncio.run(write()) == 1
