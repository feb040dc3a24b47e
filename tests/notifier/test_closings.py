"""Closings: what somebody changed in a closed period is found, whichever row it was."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, insert, select, update

from notifier.events import KIND_WORDS, Closed, Fact, encode
from notifier.hours import Hours
from notifier.ledger.chain import GENESIS, link, verify
from notifier.ledger.closings import due_closings, read_stretch, seal
from notifier.ledger.schema import head, ledger, stamp
from notifier.ledger.store import connect, migrate
from obligations.workdays import Calendar

BEGIN = datetime(2026, 7, 1, 1, tzinfo=UTC)
HOURS = Hours(ZoneInfo("Asia/Shanghai"), Calendar(), ())
KINDS = {one.__name__: one for one in get_args(get_args(Fact)[0])}


def closing(digest: str) -> Closed:
    """Give the closing of a period that ended with the first row."""
    return Closed(period="2026-07", seq=1, hash=digest, reason="封存")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = connect(f"sqlite:///{tmp_path / 'ledger.db'}")
    migrate(made)
    yield made
    made.dispose()


def write(connection: Connection, facts: list[tuple[datetime, Any]]) -> None:
    """Write rows as the program chains them, without anything that follows from them."""
    known = connection.execute(select(head.c.seq, head.c.hash)).one_or_none()
    seq, before = known or (0, GENESIS)
    for at, fact in facts:
        seq += 1
        body = encode(fact)
        before = link(before, seq, stamp(at), body)
        row = {"seq": seq, "at": stamp(at), "kind": fact.kind, "body": body, "hash": before}
        connection.execute(insert(ledger), [row])
    connection.execute(delete(head))
    connection.execute(insert(head), [{"id": 0, "seq": seq, "hash": before}])


def forge(connection: Connection, changed: int) -> None:
    """Change a row, and then every hash behind it and the head, as a clever hand would."""
    rows = connection.execute(select(ledger).order_by(ledger.c.seq)).all()
    before = GENESIS
    for row in rows:
        body = row.body.replace("原话", "改话") if row.seq == changed else row.body
        before = link(before, row.seq, row.at, body)
        values = {"body": body, "hash": before}
        connection.execute(update(ledger).where(ledger.c.seq == row.seq).values(**values))
    connection.execute(update(head).values(hash=before))


def a_quarter(connection: Connection, days: int = 120) -> None:
    trouble = KINDS["Troubled"]
    write(
        connection,
        [(BEGIN + timedelta(days=n), trouble(subject="群", reason="原话")) for n in range(days)],
    )


def test_every_kind_of_row_has_a_word() -> None:
    assert set(KINDS) == set(KIND_WORDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(data=st.data())
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_changed_byte_of_any_kind_of_row_is_found(
    engine: Engine, kind: str, data: st.DataObject
) -> None:
    trouble = KINDS["Troubled"](subject="群", reason="原话")
    subject = data.draw(st.from_type(KINDS[kind]).filter(encodable))
    with engine.connect() as connection:
        connection.execute(delete(ledger))
        connection.execute(delete(head))
        write(connection, [(BEGIN, trouble)])
        first = connection.execute(select(head.c.hash)).scalar_one()
        subject = closing(first) if kind == "Closed" else subject
        write(connection, [(BEGIN, subject), (BEGIN, trouble)])
        assert verify(connection)[1] is None
        column = data.draw(st.sampled_from(["at", "kind", "body", "hash"]))
        query = select(ledger.c[column]).where(ledger.c.seq == 2)
        text = connection.execute(query).scalar_one()
        place = data.draw(st.integers(0, len(text) - 1))
        changed = text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]
        connection.execute(update(ledger).where(ledger.c.seq == 2).values({column: changed}))
        flaw = verify(connection)[1]
        assert flaw is not None
        assert flaw.seq == 2


def encodable(fact: Any) -> bool:  # noqa: ANN401 whichever fact it is
    """Tell whether the fact can stand in a ledger at all: its text is text."""
    try:
        encode(fact).encode()
    except ValueError:
        return False
    return True


def test_a_closing_that_lies_is_found(engine: Engine) -> None:
    with engine.connect() as connection:
        a_quarter(connection, 3)
        write(connection, [(BEGIN + timedelta(days=40), closing("0" * 64))])
        flaw = verify(connection)[1]
        assert flaw is not None
        assert flaw.seq == 1
        assert "2026-07的封存值" in flaw.message


def test_months_and_quarters_are_closed_when_they_are_over(engine: Engine) -> None:
    with engine.connect() as connection:
        a_quarter(connection)
        found = due_closings(connection, HOURS, datetime(2026, 10, 2, tzinfo=UTC))
        assert [one.period for one in found] == ["2026-07", "2026-08", "2026-09", "2026Q3"]
        assert [one.seq for one in found] == [31, 62, 92, 92]
        write(connection, [(datetime(2026, 10, 2, tzinfo=UTC), one) for one in found])
        assert due_closings(connection, HOURS, datetime(2026, 10, 2, tzinfo=UTC)) == ()
        assert verify(connection)[1] is None


def test_a_forged_chain_breaks_at_its_closing(engine: Engine) -> None:
    with engine.connect() as connection:
        a_quarter(connection)
        now = datetime(2026, 11, 2, tzinfo=UTC)
        write(connection, [(now, one) for one in due_closings(connection, HOURS, now)])
        forge(connection, 40)
        flaw = verify(connection)[1]
        assert flaw is not None
        assert flaw.seq == 32
        assert "第32至第62条里有改动" in flaw.message


def test_a_printed_closing_finds_what_no_row_of_the_ledger_shows(engine: Engine) -> None:
    with engine.connect() as connection:
        a_quarter(connection)
        stretch = read_stretch("2026-07")
        assert stretch
        printed = seal(connection, stretch, HOURS)
        assert printed
        on_paper = (printed.seq, printed.hash[:16])
        assert verify(connection, [on_paper])[1] is None
        forge(connection, 5)
        assert verify(connection)[1] is None
        flaw = verify(connection, [on_paper])[1]
        assert flaw is not None
        assert "印在档案上的封存值" in flaw.message


def test_rows_cut_off_behind_a_closing_are_missed(engine: Engine) -> None:
    with engine.connect() as connection:
        a_quarter(connection, 10)
        assert verify(connection, [(11, "ab" * 8)])[1] is not None


@pytest.mark.parametrize("name", ["2026", "2026-13", "2026-00", "2026Q5", "0000Q1", "九月"])
def test_what_is_no_month_or_quarter_is_none(name: str) -> None:
    assert read_stretch(name) is None


def test_december_ends_with_the_year() -> None:
    stretch = read_stretch("2026Q4")
    assert stretch
    assert stretch.after == date(2027, 1, 1)
