"""The one clock, and APScheduler as the thing that rings.

The clock goes by what only counts on, and is set by the wall clock, which people and servers set: a
jump of the wall neither hurries nor stops what runs by the clock. It may start elsewhere and run
faster, so that a quarter is seen in minutes. The ringer keeps nothing: one re-armed job in memory,
so losing it loses nothing.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Thread

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_RUNNING

LONGEST_SLEEP = timedelta(seconds=30)  # never trust one sleep for longer
SLEW = timedelta(seconds=2)  # what is nearer is corrected at once; what is farther is a jump
STABLE = timedelta(minutes=5)  # so long the wall must stay where it jumped to
GRACE = timedelta(seconds=0.2)  # so long after the ringer's moment one looks without it


def wall_time() -> datetime:
    """Give what the machine takes for the time."""
    return datetime.now(UTC)


def steady_time() -> float:
    """Give seconds that only count on: through the machine's sleep, and whoever sets its clock."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


@dataclass(frozen=True, slots=True)
class _Reckoning:
    """Our time: it was ``instant`` when the steady clock showed ``steady``.

    ``jump`` is how far the wall has left it, seen first when the steady clock showed ``since``.
    """

    instant: datetime
    steady: float
    jump: timedelta | None = None
    since: float = 0.0


class Clock:
    """What time it is, in UTC. Real time by default; ``start`` and ``speed`` make another."""

    def __init__(
        self,
        start: datetime | None = None,
        speed: float = 1.0,
        *,
        wall: Callable[[], datetime] = wall_time,
        steady: Callable[[], float] = steady_time,
    ) -> None:
        """Start at ``start`` (default: now) and run ``speed`` times as fast as real time."""
        self._real = start is None
        self._speed = speed
        self._wall = wall
        self._steady = steady
        self._reckoning = _Reckoning(start or wall(), steady())

    def now(self) -> datetime:
        """Give the instant that the whole program goes by, after a look at the wall clock."""
        known, steady = self._reckoning, self._steady()
        ours = known.instant + timedelta(seconds=(steady - known.steady) * self._speed)
        if not self._real:
            return ours
        wall = self._wall()
        off = wall - ours
        if abs(off) < SLEW:
            self._reckoning = _Reckoning(wall, steady)
            return wall
        if known.jump is None or abs(off - known.jump) >= SLEW:
            self._reckoning = _Reckoning(ours, steady, off, steady)
        return ours

    @property
    def jump(self) -> timedelta | None:
        """Give how far the wall clock has jumped from the time we keep, None where it has not."""
        self.now()
        return self._reckoning.jump

    @property
    def is_settled(self) -> bool:
        """Give whether the wall clock has jumped and stayed there, so that it may be adopted."""
        if self.jump is None:
            return False
        return self._steady() - self._reckoning.since >= STABLE.total_seconds()

    def adopt(self) -> datetime:
        """Go by the wall clock from now on, whatever it shows; give that instant."""
        self._reckoning = _Reckoning(self._wall(), self._steady())
        return self._reckoning.instant

    def keep(self, instant: datetime) -> None:
        """Go by our own time, which is ``instant``, after all."""
        self._reckoning = _Reckoning(instant, self._steady())

    @property
    def is_real(self) -> bool:
        """Give whether this is the wall clock."""
        return self._real

    def until(self, instant: datetime) -> timedelta:
        """Give how long to wait in real time for an instant of this clock, never below zero."""
        return max(instant - self.now(), timedelta()) / self._speed


class Ringer:
    """Rings ``ring`` at the armed instant, and every ``watch`` seconds calls ``look``.

    APScheduler waits for wall time, so a wall clock that is set back would let it oversleep: who
    arms must look again by himself when `arm` says so, and arming puts the ringer right.
    """

    def __init__(self, clock: Clock, ring: Callable[[], None]) -> None:
        """Make a ringer; nothing rings before `start`."""
        self._clock = clock
        self._ring = ring
        self._looks: list[tuple[float, Callable[[], None]]] = []
        self._lead = _wall_lead()
        self._scheduler = _scheduler()

    def start(self) -> None:
        """Begin; the first ring comes at once."""
        self._scheduler.start()
        self.arm(self._clock.now())

    def arm(self, instant: datetime | None) -> timedelta:
        """Ring next at ``instant``, and in any case before `LONGEST_SLEEP` has passed.

        Gives how long to wait for the ring before looking without it.
        """
        wait = LONGEST_SLEEP if instant is None else min(self._clock.until(instant), LONGEST_SLEEP)
        # A job that ends is removed by the scheduler's thread, which dies of it when somebody shuts
        # the scheduler down in that moment; one that comes again is only put off.
        self._scheduler.add_job(
            self._ring,
            "interval",
            seconds=LONGEST_SLEEP.total_seconds(),
            next_run_time=wall_time() + wait,
            id="round",
            replace_existing=True,
        )
        self._follow_wall()
        return wait + GRACE

    def every(self, seconds: float, look: Callable[[], None]) -> None:
        """Call ``look`` every so many real seconds."""
        self._looks.append((seconds, look))
        self._schedule(len(self._looks) - 1)

    def _schedule(self, number: int) -> None:
        seconds, look = self._looks[number]
        self._scheduler.add_job(
            look, "interval", seconds=seconds, id=f"look {number}", replace_existing=True
        )

    def _follow_wall(self) -> None:
        """Begin the looks anew where the wall clock was set since."""
        lead = _wall_lead()
        if abs(lead - self._lead) >= SLEW:
            for number in range(len(self._looks)):
                self._schedule(number)
        self._lead = lead

    @property
    def is_alive(self) -> bool:
        """Give whether the ringer's thread is still there."""
        thread = getattr(self._scheduler, "_thread", None)
        return self._scheduler.state == STATE_RUNNING and thread is not None and thread.is_alive()

    def revive(self) -> None:
        """Ring from a new thread, whatever became of the old one; the first ring comes at once."""
        before, self._scheduler = self._scheduler, _scheduler()
        Thread(target=_abandon, args=(before,), daemon=True).start()
        for number in range(len(self._looks)):
            self._schedule(number)
        self.start()

    def stop(self) -> None:
        """Stop ringing."""
        self._scheduler.shutdown(wait=False)


def _abandon(scheduler: BackgroundScheduler) -> None:
    """Stop a scheduler that may hang or refuse, in a thread that nobody waits for."""
    with suppress(Exception):
        scheduler.shutdown(wait=False)


def _scheduler() -> BackgroundScheduler:
    return BackgroundScheduler(
        timezone=UTC,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )


def _wall_lead() -> timedelta:
    """Give how far the wall clock leads the steady one; it changes only when somebody sets it."""
    return wall_time() - datetime.fromtimestamp(steady_time(), UTC)
