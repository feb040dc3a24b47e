"""The one clock, and APScheduler as the thing that rings.

The clock may start elsewhere and run faster, so that a quarter is seen in minutes. The ringer keeps
nothing: one re-armed job in memory, so losing it loses nothing.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_RUNNING

LONGEST_SLEEP = timedelta(seconds=30)  # wall clocks jump: never trust one sleep for longer


class Clock:
    """What time it is, in UTC. Real time by default; ``start`` and ``speed`` make another."""

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        """Start at ``start`` (default: now) and run ``speed`` times as fast as real time."""
        self._start = start
        self._speed = speed
        self._began = monotonic()

    def now(self) -> datetime:
        """Give the instant that the whole program goes by."""
        if self._start is None:
            return datetime.now(UTC)
        elapsed = (monotonic() - self._began) * self._speed
        return self._start + timedelta(seconds=elapsed)

    @property
    def is_real(self) -> bool:
        """Give whether this is the wall clock."""
        return self._start is None

    def until(self, instant: datetime) -> timedelta:
        """Give how long to wait in real time for an instant of this clock, never below zero."""
        return max(instant - self.now(), timedelta()) / self._speed


class Ringer:
    """Rings ``ring`` at the armed instant, and every ``watch`` seconds calls ``look``."""

    def __init__(self, clock: Clock, ring: Callable[[], None]) -> None:
        """Make a ringer; nothing rings before `start`."""
        self._clock = clock
        self._ring = ring
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Begin; the first ring comes at once."""
        self._scheduler.start()
        self.arm(self._clock.now())

    def arm(self, instant: datetime | None) -> None:
        """Ring next at ``instant``, and in any case before `LONGEST_SLEEP` has passed."""
        wait = LONGEST_SLEEP if instant is None else min(self._clock.until(instant), LONGEST_SLEEP)
        self._scheduler.add_job(
            self._ring,
            "date",
            run_date=datetime.now(UTC) + wait,
            id="round",
            replace_existing=True,
        )

    def every(self, seconds: float, look: Callable[[], None]) -> None:
        """Call ``look`` every so many real seconds."""
        self._scheduler.add_job(look, "interval", seconds=seconds)

    @property
    def is_alive(self) -> bool:
        """Give whether the ringer's thread is still there."""
        thread = getattr(self._scheduler, "_thread", None)
        return self._scheduler.state == STATE_RUNNING and thread is not None and thread.is_alive()

    def stop(self) -> None:
        """Stop ringing."""
        self._scheduler.shutdown(wait=False)
