"""The machine's clock is set while the program runs: nothing comes early, late, twice or never."""

import re
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection, select

from notifier import links
from notifier.calling import CallRequest, open_call
from notifier.calls import CallState
from notifier.cli.run import make_clock
from notifier.clock import STABLE, Clock
from notifier.events import ClockSet
from notifier.ledger import call_reads, verify
from notifier.ledger.projection import rebuild
from notifier.ledger.schema import call, callee, departure, lane, message, waiting
from notifier.ledger.store import LedgerClosed
from notifier.wall import follow_wall, take_back
from obligations.errors import Misconfigured
from tests.stories.office import RULES, Line, Office, Phone

GROUP = "安委办工作群"
PEOPLE = tuple(f"网格员{number:02}" for number in range(30))
RULE = {"编号": "QX-03", "事项": "召集会议", "责任人": "应急办主任", "频次": "每季度至少1次"}
NIGHT = "2026-07-01T02:00+08:00"
MORNING = "2026-07-01T07:30+08:00"
HOUR = timedelta(hours=1)
STRIKES = (0, 100, 200)  # seconds after the call at which 紧急 calls
LIMIT = 300


@dataclass
class Machine:
    """A machine whose wall clock anybody may set; ``true`` is what time it really is."""

    true: datetime
    wrong: timedelta = timedelta()

    def wall(self) -> datetime:
        return self.true + self.wrong

    def steady(self) -> float:
        return self.true.timestamp()


class SetClock(Clock):
    """The program's real clock on such a machine; a story lets true time pass."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(wall=machine.wall, steady=machine.steady)
        self.machine = machine

    @property
    def instant(self) -> datetime:
        return self.now()

    @instant.setter
    def instant(self, goal: datetime) -> None:
        self.machine.true += goal - self.now()


@contextmanager
def town(folder: Path, begins: str, *rules: dict[str, Any]) -> Iterator[tuple[Office, Machine]]:
    """Give an office that goes by the real clock, and its machine."""
    office = Office(folder, begins)
    machine = Machine(office.clock.instant)
    boot(office, machine)
    content = yaml.safe_load(RULES)
    content["人员"] |= {name: {"企业微信": f"u{n}"} for n, name in enumerate(PEOPLE)}
    content["办公室"]["值班室"] = "周敏"
    office.writes(*rules, base=yaml.safe_dump(content, allow_unicode=True))
    office.starts()
    try:
        yield office, machine
        flaw = office.ledger.read(verify)[1]
        assert flaw is None, flaw
    finally:
        office.stops()
        office.runner.close()


def boot(office: Office, machine: Machine) -> None:
    office.clock = SetClock(machine)  # type: ignore[assignment]  # tells the time as the other does


def restart(office: Office, machine: Machine) -> None:
    """Stop the program, and start it by what the machine then shows."""
    office.stops()
    boot(office, machine)
    office.starts()
    office.do(take_back(office.desk))


def wait(office: Office, machine: Machine, goal: datetime) -> None:
    """Let true time pass, with a look every two minutes at the least."""
    while machine.true < goal:
        step = min(goal - machine.true, timedelta(minutes=2))
        office.pass_to(office.clock.instant + step)


def call_everybody(office: Office, name: str = "C1") -> str:
    request = CallRequest("暴雨红色预警，立即转移", PEOPLE, "紧急", name, by="周敏")
    return office.do(open_call(office.desk, request))[0].id


@pytest.mark.parametrize("leap", [HOUR, -HOUR], ids=str)
@pytest.mark.parametrize("at", [0, 50, 100, 250])
def test_a_clock_that_jumps_in_the_middle_of_a_call_moves_no_rung(
    tmp_path: Path, leap: timedelta, at: int
) -> None:
    with town(tmp_path, NIGHT) as (office, machine):
        begun = machine.true
        name = call_everybody(office)
        seen: dict[int, set[str]] = {}
        near = {moment + off for moment in (*STRIKES, LIMIT, at) for off in range(-1, 3)}
        for second in sorted(near - {-1}):
            machine.true = begun + timedelta(seconds=second)
            if second == at:
                machine.wrong = leap
            office.pass_to(office.clock.instant)
            seen[second] = {
                person
                for message in office.group(GROUP)
                for person in PEOPLE
                if f"<@u{PEOPLE.index(person)}>" in message.text or "未叫醒" in message.text
            }
        assert {second for second, people in seen.items() if people} == {*STRIKES, LIMIT}
        assert all(seen[second] == set(PEOPLE) for second in (*STRIKES, LIMIT))
        found = office.ledger.read(call_reads.callees_of, name)
        assert {one.state for one in found} == {CallState.UNREACHED}
        assert {one.listed_at for one in found} == {begun + timedelta(seconds=LIMIT)}


def test_the_new_time_is_adopted_when_it_has_stayed_and_no_call_runs(tmp_path: Path) -> None:
    with town(tmp_path, NIGHT) as (office, machine):
        machine.wrong = HOUR
        call_everybody(office)
        begun = machine.true
        wait(office, machine, begun + timedelta(seconds=LIMIT - 1))
        assert office.clock.now() == machine.true
        wait(office, machine, begun + timedelta(seconds=LIMIT) + STABLE)
        assert office.clock.now() == machine.wall()
        facts = [entry.fact for entry in office.history("时钟")]
        assert [fact.by for fact in facts if isinstance(fact, ClockSet)] == [HOUR]
        assert office.clock.jump is None


def test_a_time_that_could_not_be_written_is_not_adopted(tmp_path: Path) -> None:
    with town(tmp_path, NIGHT) as (office, machine):
        begun = machine.true
        machine.wrong = HOUR
        assert office.clock.now() == begun
        machine.true += STABLE
        office.ledger.close()
        with pytest.raises(LedgerClosed):
            office.do(follow_wall(office.desk))
        assert office.clock.now() == machine.true
        office.starts()
        wait(office, machine, machine.true + 2 * STABLE)
        assert office.clock.now() == machine.wall()


def test_a_jump_that_is_taken_back_at_once_leaves_no_trace(tmp_path: Path) -> None:
    with town(tmp_path, NIGHT) as (office, machine):
        begun = machine.true
        machine.wrong = -HOUR
        wait(office, machine, begun + STABLE / 2)
        assert office.clock.jump == -HOUR
        machine.wrong = timedelta()
        wait(office, machine, begun + STABLE * 2)
        assert office.clock.now() == machine.true
        assert not office.history("时钟")


@pytest.mark.parametrize("first", [HOUR, -HOUR], ids=str)
@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("wrong_for", [10, 80])
def test_duties_are_reminded_neither_twice_nor_never(
    tmp_path: Path, first: timedelta, wrong_for: int, *, restarts: bool
) -> None:
    """The slot is 9:00; the clock is wrong from 8:00 true time on, for so many minutes."""
    with town(tmp_path, MORNING, RULE) as (office, machine):
        begins = machine.true + timedelta(minutes=30)
        wait(office, machine, begins)
        machine.wrong = first
        wait(office, machine, begins + timedelta(minutes=wrong_for))
        machine.wrong = timedelta()
        if restarts:
            restart(office, machine)
        wait(office, machine, begins + timedelta(hours=3))
        (message,) = office.group(GROUP)
        assert "召集会议" in message.text
        assert office.clock.now() == machine.true


def test_what_was_left_open_by_a_clock_ahead_is_not_stuck(tmp_path: Path) -> None:
    """The program ran an hour ahead, its messages failed, and it starts again in right time."""
    with town(tmp_path, NIGHT) as (office, machine):
        machine.wrong = HOUR
        restart(office, machine)
        name = call_everybody(office)
        office.pass_to(office.clock.instant)
        office.group(GROUP)
        wait(office, machine, machine.true + timedelta(seconds=99))
        office.line = Line.DOWN
        wait(office, machine, machine.true + timedelta(seconds=2))
        office.line = Line.UP
        machine.wrong = timedelta()
        restart(office, machine)
        begun = machine.true
        wait(office, machine, begun + timedelta(seconds=45))
        assert {m for message in office.group(GROUP) for m in named(message.text)} == set(PEOPLE)
        wait(office, machine, begun + timedelta(seconds=LIMIT - 90))
        listed = office.group(GROUP)[-1]
        assert "未叫醒" in listed.text
        found = office.ledger.read(call_reads.callees_of, name)
        assert {one.state for one in found} == {CallState.UNREACHED}


def named(text: str) -> set[str]:
    return {PEOPLE[int(number)] for number in re.findall(r"<@u(\d+)>", text)}


def test_a_robots_budget_is_not_eaten_by_messages_of_an_hour_that_never_was(
    tmp_path: Path,
) -> None:
    with town(tmp_path, NIGHT) as (office, machine):
        machine.wrong = HOUR
        restart(office, machine)
        for number in range(20):
            call_everybody(office, f"C{number}")
            office.pass_to(office.clock.instant)
        machine.wrong = timedelta()
        restart(office, machine)
        office.group(GROUP)
        wait(office, machine, machine.true + timedelta(seconds=70))
        assert office.group(GROUP)


def test_a_link_of_an_hour_that_never_was_can_be_answered(tmp_path: Path) -> None:
    with town(tmp_path, NIGHT) as (office, machine):
        machine.wrong = HOUR
        restart(office, machine)
        name = call_everybody(office)
        office.pass_to(office.clock.instant)
        (message, *_) = office.group(GROUP)
        phone = Phone.of(office, message)
        machine.wrong = timedelta()
        restart(office, machine)
        holder = links.read(office.desk.secret, phone.link.split("/a/")[1], office.clock.now())
        assert isinstance(holder, links.Pass)
        key = f"叫应/{name}/{holder.person}"
        assert phone.answers(key, "heard").status_code == 303


def test_what_a_set_clock_brought_nearer_is_brought_nearer_by_a_rebuild_too(
    tmp_path: Path,
) -> None:
    with town(tmp_path, NIGHT) as (office, machine):
        machine.wrong = HOUR
        restart(office, machine)
        name = call_everybody(office)
        office.line = Line.DOWN
        wait(office, machine, machine.true + timedelta(seconds=100))
        machine.wrong = timedelta()
        restart(office, machine)
        office.line = Line.UP
        wait(office, machine, machine.true + timedelta(seconds=30))
        office.group(GROUP)
        call_everybody(office, "C2")
        before = tables(office)
        office.ledger.write(office.clock.now(), rebuild_only).result()
        assert tables(office) == before
        assert before["callee"]
        begun = office.ledger.read(call_reads.find_call, name)
        assert begun is not None
        assert begun.begun <= machine.true


def rebuild_only(connection: Connection) -> tuple[()]:
    rebuild(connection)
    return ()


def tables(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """Give what is folded; when callees are looked at next is the rounds' own."""

    def read(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
        found = {}
        for table in (message, lane, departure, waiting, call, callee):
            columns = [column for column in table.columns if column.name != "ring_at"]
            rows = connection.execute(select(*columns).order_by(*table.primary_key.columns))
            found[table.name] = [tuple(row) for row in rows]
        return found

    return office.ledger.read(read)


@pytest.mark.parametrize(("ahead", "runs"), [(8 * HOUR, True), (13 * HOUR, False)], ids=str)
def test_a_record_that_is_ahead_by_a_zone_is_gone_on_with(ahead: timedelta, *, runs: bool) -> None:
    last = datetime.now(UTC) + ahead
    options = Namespace(at=None, speed=None)
    if runs:
        assert make_clock(options, last).is_real
    else:
        with pytest.raises(Misconfigured, match="比现在还晚"):
            make_clock(options, last)
