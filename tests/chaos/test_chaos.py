"""kill -9 at random instants while calls climb: nothing is lost, and what comes twice says so.

``JIAOYING_KILLS`` says how often (a few by default), ``JIAOYING_SEED`` which instants.
"""

import os
import random
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TypeVar

from notifier.calls import CallStanding, CallState
from notifier.events import Abandoned, Answered, Called, Escalated, Fact, Listed, Sending
from notifier.ledger import call_reads, verify
from notifier.ledger.chain import entries
from notifier.ledger.store import connect
from tests.chaos.program import (
    PATIENCE,
    PEOPLE,
    SPEED,
    Dead,
    Plug,
    address_of,
    answer,
    ask,
    ended,
    spawn,
    write_rules,
)
from tests.chaos.robots import Arrived, Moment, Robots

T = TypeVar("T")

KILLS = int(os.environ.get("JIAOYING_KILLS", "6"))
SEED = int(os.environ.get("JIAOYING_SEED", "1"))
LONGEST_LIFE = 4.0  # real seconds
OFF = timedelta(seconds=90)  # a machine that stays off for a while
TICK = 0.02
STAGES = tuple(f"第{number}次叫应" for number in (1, 2, 3))
QUIET = 3.0  # real seconds in which nothing came any more: two leases


@dataclass
class Office:
    """The office through all its power cuts: its calls, its phones, its own time."""

    folder: Path
    robots: Robots
    plug: Plug
    chance: random.Random
    now: datetime = field(default_factory=lambda: datetime.fromisoformat("2026-07-01T02:00+08:00"))
    calls: int = 0
    wanted: bool = False
    under_way: bool = False
    read: int = 0
    kills: Counter[Moment] = field(default_factory=Counter)
    accepted: set[tuple[str, str]] = field(default_factory=set)
    address: str = ""

    def lives(self, moment: Moment) -> None:
        """Let the program run until it is killed at such a moment."""
        if self.chance.random() < 0.1:
            self.now += OFF
        self.robots.life += 1
        process = spawn(self.folder, self.robots, self.now)
        with ended(process), suppress(Dead):
            is_timed = moment in (Moment.STARTING, Moment.ANY)
            life = self.chance.uniform(0, LONGEST_LIFE) if is_timed else LONGEST_LIFE
            if moment is Moment.STARTING:
                threading.Timer(life, process.kill).start()
            self.address = address_of(process)
            born = monotonic()
            self.plug.arm(process, moment, self.chance.randint(1, 6))
            try:
                while process.poll() is None and monotonic() < born + life:
                    self.works()
            finally:
                self.plug.disarm()
                process.kill()
                process.wait()
                self.now += timedelta(seconds=(monotonic() - born) * SPEED)
        self.kills[moment] += 1

    def lives_on(self) -> None:
        """Let the program run until everything has come to its end."""
        self.robots.life += 1
        with ended(spawn(self.folder, self.robots, self.now)) as process:
            self.address = address_of(process)
            if self.wanted and not self.under_way:
                self.make_call()
            deadline = monotonic() + PATIENCE
            quiet_since, seen = monotonic(), -1
            while monotonic() < quiet_since + QUIET:
                assert monotonic() < deadline, "calls or messages have no end"
                if self.is_running() or len(self.robots.arrived) != seen:
                    quiet_since, seen = monotonic(), len(self.robots.arrived)
                threading.Event().wait(TICK)

    def is_running(self) -> bool:
        return bool(ask(f"{self.address}/api/calls/C{self.calls}")["running"])

    def works(self) -> None:
        """Make a call where none runs; let some of those who were called answer."""
        if not self.under_way:
            self.make_call()
        elif self.chance.random() < 0.05 and not self.is_running():
            self.wanted = self.under_way = False
        fresh = self.robots.arrived[self.read :]
        self.read += len(fresh)
        for message in fresh:
            for person, link in zip(message.people, message.links, strict=False):
                if self.chance.random() < 0.15:
                    self.answer(message, person, link)
        threading.Event().wait(TICK)

    def make_call(self) -> None:
        """Ask for a call; one of which nobody knows whether it was made is asked for again."""
        self.calls += not self.wanted
        self.wanted = True
        words = f"第{self.calls}号演练"
        body = {"id": f"C{self.calls}", "name": words, "text": f"{words}，请应答"}
        threading.Timer(self.chance.uniform(0, 0.02), self.plug.at, (Moment.CALLING,)).start()
        ask(f"{self.address}/api/calls", body | {"to": ["各家"], "ladder": "演练"})
        self.under_way = True

    def answer(self, message: Arrived, person: str, link: str) -> None:
        key = f"叫应/C{message.call}/{person}"
        threading.Timer(self.chance.uniform(0, 0.02), self.plug.at, (Moment.ANSWERING,)).start()
        status = answer(self.address + link, {"key": key, "answer": "heard"})
        if status == 303:
            self.accepted.add((key, link))
        self.plug.at(Moment.ANSWERED)


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    write_rules(folder / "rules.yaml")
    plug = Plug()
    robots = Robots(SPEED, plug.at)
    thread = threading.Thread(target=robots.serve_forever, daemon=True)
    thread.start()
    try:
        yield Office(folder, robots, plug, random.Random(SEED))  # noqa: S311 a test's dice
    finally:
        robots.shutdown()
        robots.server_close()
        thread.join()


def test_kill_9_at_any_instant_loses_nothing(tmp_path: Path) -> None:
    moments = tuple(Moment)
    with office(tmp_path) as one:
        for number in range(KILLS):
            one.lives(moments[number % len(moments)])
        one.lives_on()
    judge(one)


def judge(one: Office) -> None:
    """Look at everything that arrived and at the record."""
    arrived = tuple(one.robots.arrived)
    facts, standings = ask_ledger(one)
    assert one.robots.refused == 0, "the lanes keep to the platforms' limits through every restart"
    assert len({f.call.id for _, f in of(facts, Called)}) == one.calls
    assert len(of(facts, Called)) == one.calls, "a call that was made twice is one call"
    check_answers(one, facts)
    given_up = check_strikes(arrived, facts, standings)
    check_lists(arrived, facts, standings)
    doubled = check_doubles(arrived, one.kills.total())
    where = "、".join(f"{moment} {count}" for moment, count in one.kills.items())
    print(  # noqa: T201 the figures of a long run
        f"\n{one.kills.total()} kills ({where}), {one.calls} calls, {len(arrived)} messages, "
        f"{doubled.total()} of them repeats (at most {max(doubled.values(), default=0)} a robot), "
        f"{len(one.accepted)} answers accepted, "
        f"{given_up} lines overtaken by the next strike or the limit, {len(facts)} rows"
    )


Dated = tuple[datetime, T]


def of(facts: Sequence[Dated[Fact]], kind: type[T]) -> list[Dated[T]]:
    return [(at, fact) for at, fact in facts if isinstance(fact, kind)]


def ask_ledger(one: Office) -> tuple[list[Dated[Fact]], dict[str, CallStanding]]:
    """Give every fact, and where every callee stands; the record must verify."""
    engine = connect(f"sqlite:///{one.folder / 'data' / 'jiaoying.db'}")
    try:
        with engine.connect() as connection:
            assert verify(connection)[1] is None
            facts = [(entry.at, entry.fact) for entry in entries(connection)]
            names = [f"C{number + 1}" for number in range(one.calls)]
            found = [each for name in names for each in call_reads.callees_of(connection, name)]
            return facts, {each.callee.key: each for each in found}
    finally:
        engine.dispose()


def check_answers(one: Office, facts: Sequence[Dated[Fact]]) -> None:
    """Whoever was told that his answer counts is in the record."""
    recorded = {fact.key for _, fact in of(facts, Answered)}
    assert not {key for key, _ in one.accepted} - recorded
    silent = set()
    for _, fact in facts:
        if isinstance(fact, Answered):
            silent.add(fact.key)
        elif isinstance(fact, Escalated):
            assert not silent & set(fact.keys), "who has answered is not called again"


def check_strikes(
    arrived: Sequence[Arrived],
    facts: Sequence[Dated[Fact]],
    standings: dict[str, CallStanding],
) -> int:
    """Everybody climbed his ladder until he answered, and every strike arrived.

    A strike that a power cut held up until the next one or the limit came is not made up for:
    gives how many those were.
    """
    heard = {fact.key: at for at, fact in reversed(of(facts, Answered))}
    shown = {
        (f"叫应/C{message.call}/{person}", stage)
        for message in arrived
        for person in message.people
        for stage in message.stages
    }
    struck = Counter(key for _, fact in of(facts, Escalated) for key in fact.keys)
    missing = {
        (key, fact.stage)
        for at, fact in of(facts, Escalated)
        for key in fact.keys
        if (key, fact.stage) not in shown and (key not in heard or heard[key] - at > OFF)
    }
    overtaken = {
        (key, stage)
        for key, stage in missing
        if any((key, n) in shown for n in STAGES if n > stage)
    }
    lost = missing - overtaken - abandoned(facts)
    assert not lost, f"{len(lost)} strikes came to nobody: {sorted(lost)[:5]}"
    for key, standing in standings.items():
        assert standing.state is not CallState.CALLING, f"{key}还没有叫完"
        assert key in heard or (struck[key], standing.state) == (3, CallState.UNREACHED), key
    return len(missing)


def abandoned(facts: Sequence[Dated[Fact]]) -> set[tuple[str, str]]:
    """Give what was given up with a word in the record: under way when the limit came."""
    limit = {key: at for at, fact in of(facts, Listed) for key in fact.keys}
    lines = {fact.code: fact.lines for _, fact in of(facts, Sending)}
    return {
        (line.key, line.stage)
        for at, fact in of(facts, Abandoned)
        for line in lines[fact.code]
        if line.key in limit and limit[line.key] <= at
    }


def check_lists(
    arrived: Sequence[Arrived],
    facts: Sequence[Dated[Fact]],
    standings: dict[str, CallStanding],
) -> None:
    """Whoever did not answer is on the list that the office read."""
    listed = {key for _, fact in of(facts, Listed) for key in fact.keys}
    read = {f"叫应/C{m.call}/{person}" for m in arrived if m.is_list for person in m.people}
    silent = {key for key, one in standings.items() if not one.answers}
    assert len(standings) % len(PEOPLE) == 0
    assert silent <= listed
    assert read == listed


def check_doubles(arrived: Sequence[Arrived], kills: int) -> Counter[str]:
    """What came twice says so, and never without a kill in between; give how many by robot.

    A robot has one message under way, so that is the one which a kill may double.
    """
    lives: dict[tuple[str, int, str, str], list[Arrived]] = {}
    doubled: Counter[str] = Counter()
    for message in arrived:
        told = [
            lives.setdefault((message.robot, message.call, stage, person), [])
            for stage in message.stages or {"未叫醒"}
            for person in message.people
        ]
        before = [one for known in told for one in known]
        if before:
            doubled[message.robot] += 1
            assert all(one.life < message.life for one in before), message.text
            same = {one.uuid for one in before} == {message.uuid} != {""}
            assert same or "重发" in message.text, message.text
        for known in told:
            known.append(message)
    assert all(count <= kills for count in doubled.values())
    return doubled
