"""The clock that counts on, and a ringer whose scheduler goes by a wall clock that is set."""

import asyncio
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import cast

import pytest
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers import base
from apscheduler.triggers import interval
from hypothesis import given
from hypothesis import strategies as st

from notifier import clock as clocks
from notifier.clock import SLEW, STABLE, Clock, Ringer
from notifier.desk import Desk
from notifier.server import Server

NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATIENCE = 5.0


class Machine:
    def __init__(self) -> None:
        self.passed = timedelta()
        self.wrong = timedelta()
        self.clock = Clock(wall=self.wall, steady=self.steady)

    def wall(self) -> datetime:
        return NOON + self.passed + self.wrong

    def steady(self) -> float:
        return self.passed.total_seconds()

    def is_settled(self, passed: float) -> bool:
        self.shows(passed)
        return self.clock.is_settled

    def shows(self, passed: float) -> timedelta:
        """Give what our clock shows since noon when so many seconds have passed."""
        self.passed = timedelta(seconds=passed)
        return self.clock.now() - NOON


spans = st.floats(2.5, 1e6).map(lambda seconds: timedelta(seconds=seconds))


@given(jump=st.one_of(spans, spans.map(lambda span: -span)), moments=st.lists(st.floats(0, 1e5)))
def test_a_jump_of_any_size_moves_our_time_by_nothing(
    jump: timedelta, moments: list[float]
) -> None:
    machine = Machine()
    machine.wrong = jump
    for moment in sorted(moments):
        assert abs(machine.shows(moment) - timedelta(seconds=moment)) < timedelta(milliseconds=1)
        assert machine.clock.jump is not None


@given(st.lists(st.floats(-1.9, 1.9), max_size=40))
def test_small_corrections_are_followed_however_far_they_lead(steps: list[float]) -> None:
    machine = Machine()
    for number, step in enumerate(steps):
        machine.wrong += timedelta(seconds=step)
        machine.shows(number)
        assert machine.clock.now() == machine.wall()
        assert machine.clock.jump is None


def test_a_jump_is_ripe_when_it_has_stayed() -> None:
    machine = Machine()
    machine.wrong = -HOUR
    enough = STABLE.total_seconds()
    assert not machine.is_settled(10)
    assert not machine.is_settled(10 + enough - 1)
    machine.wrong = -2 * HOUR
    assert not machine.is_settled(10 + enough), "another jump is counted from its own beginning"
    assert machine.is_settled(10 + 2 * enough)
    assert machine.clock.adopt() == machine.wall()
    assert machine.clock.jump is None


def test_a_jump_that_is_undone_is_none() -> None:
    machine = Machine()
    machine.wrong = HOUR
    machine.shows(10)
    machine.wrong = SLEW / 4
    machine.shows(20)
    assert machine.clock.jump is None
    assert machine.clock.now() == machine.wall()


def test_a_simulated_clock_never_looks_at_the_wall() -> None:
    machine = Machine()
    clock = Clock(NOON, 60, wall=machine.wall, steady=machine.steady)
    machine.wrong = HOUR
    machine.passed = timedelta(seconds=2)
    assert clock.now() == NOON + timedelta(minutes=2)
    assert clock.jump is None


class Wall:
    """The wall clock of the scheduler itself; it may be set."""

    def __init__(self) -> None:
        self.wrong = timedelta()

    def now(self, zone: tzinfo = UTC) -> datetime:
        return datetime.now(zone) + self.wrong


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    wall = Wall()
    shown = type("Shown", (datetime,), {"now": staticmethod(wall.now)})
    for module in (base, interval):
        monkeypatch.setattr(module, "datetime", shown)
    monkeypatch.setattr(clocks, "wall_time", wall.now)
    return wall


@pytest.mark.parametrize("jump", [-HOUR, HOUR], ids=str)
def test_looks_go_on_after_the_wall_clock_was_set(wall: Wall, jump: timedelta) -> None:
    looked = threading.Semaphore(0)
    ringer = Ringer(Clock(wall=wall.now), lambda: None)
    ringer.start()
    try:
        ringer.every(0.05, looked.release)
        assert looked.acquire(timeout=PATIENCE)
        wall.wrong = jump
        ringer.arm(None)
        assert all(looked.acquire(timeout=PATIENCE) for _ in range(5))
    finally:
        ringer.stop()


class Counting(Server):
    """A server that has a step to do every 0.2 s, and tells each."""

    def count(self, clock: Clock, enough: int) -> "asyncio.Event":
        self.clock, self.left, self.enough = clock, enough, asyncio.Event()
        return self.enough

    async def step(self, *, lanes_only: bool = False) -> datetime:
        self.left -= 1
        if self.left <= 0 and not lanes_only:
            self.enough.set()
        return self.clock.now() + timedelta(seconds=0.2)


def test_the_rounds_go_on_though_the_ringer_sleeps_an_hour_too_long(wall: Wall) -> None:
    async def live() -> None:
        server = Counting(cast("Desk", None), Path(), lambda _: {}, lambda _: None)
        clock = Clock(wall=wall.now)
        enough = server.count(clock, 5)
        loop = asyncio.get_running_loop()

        def ring() -> None:
            loop.call_soon_threadsafe(server.wake)

        ringer = Ringer(clock, ring)
        ringer.start()
        running = asyncio.create_task(server.run(ringer))
        loop.call_later(0.3, setattr, wall, "wrong", -HOUR)
        try:
            await asyncio.wait_for(enough.wait(), PATIENCE)
        finally:
            ringer.stop()
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    asyncio.run(live())


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[threading.ExceptHookArgs]:
    """Give what threads died of."""
    found: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", found.append)
    return found


def test_the_scheduler_survives_being_shut_down_while_it_rings(
    monkeypatch: pytest.MonkeyPatch, broken: list[threading.ExceptHookArgs]
) -> None:
    submit, rang = ThreadPoolExecutor.submit_job, threading.Event()

    def submit_and_end(executor: ThreadPoolExecutor, *arguments: object) -> None:
        submit(executor, *arguments)
        monkeypatch.setattr(ringer._scheduler, "state", base.STATE_STOPPED)  # noqa: SLF001 its moment
        rang.set()

    monkeypatch.setattr(ThreadPoolExecutor, "submit_job", submit_and_end)
    ringer = Ringer(Clock(), lambda: None)
    ringer.start()
    assert rang.wait(PATIENCE)
    ringer._scheduler._thread.join(PATIENCE)  # noqa: SLF001 nobody else tells that it is over
    assert not ringer.is_alive
    assert not broken


def test_arming_while_the_ringer_stops_or_is_revived_breaks_no_thread(
    broken: list[threading.ExceptHookArgs],
) -> None:
    clock, over = Clock(), threading.Event()
    ringers = [Ringer(clock, lambda: None)]

    def hammer() -> None:
        while not over.is_set():
            ringers[-1].arm(clock.now())

    hammers = [threading.Thread(target=hammer) for _ in range(2)]
    ringers[-1].start()
    for thread in hammers:
        thread.start()
    try:
        for _ in range(30):
            ringers[-1].revive()
            ringers.append(Ringer(clock, lambda: None))
            ringers[-1].start()
            ringers[-2].stop()
    finally:
        over.set()
        for thread in hammers:
            thread.join(PATIENCE)
        ringers[-1].stop()
    assert not broken


def test_a_revived_ringer_rings_again() -> None:
    rang = threading.Semaphore(0)
    ringer = Ringer(Clock(), rang.release)
    ringer.start()
    try:
        assert rang.acquire(timeout=PATIENCE)
        ringer.revive()
        assert rang.acquire(timeout=PATIENCE)
        assert ringer.is_alive
    finally:
        ringer.stop()
