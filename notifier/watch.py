"""Watches the running program from outside its clock: audit, heartbeat, the last word.

An asyncio task looks every few seconds, so it sees the clock's thread die; the clock's thread beats
here, so that one that is alive but does nothing is seen too. `/healthz` looks at the watch itself:
when its last audit is too old, somebody outside hears of it.
"""

import asyncio
import logging
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
from sqlalchemy import Connection

from notifier.audit import OVERDUE, SILENT, Finding, Sight, examine
from notifier.calls import named
from notifier.channels.protocol import Channel, ChannelError, Line, Message, Section
from notifier.clock import Ringer, steady_time, wall_time
from notifier.desk import Desk
from notifier.events import Fact, Troubled
from notifier.ledger import reads
from notifier.ledger.call_reads import overdue_rings
from notifier.ledger.pending import oldest_waiting
from notifier.ledger.traffic import lane_heads, lanes_departures
from notifier.messages import Topic
from notifier.notices import announce
from notifier.routes import Way, address, find_lanes
from obligations.errors import JiaoyingError

LOG = logging.getLogger("jiaoying")
LOOK = 10.0  # real seconds between two looks at what keeps the program alive
AUDIT = 60.0
TOO_OLD = 180.0  # an audit that was so long ago is a trouble of its own
HEARTBEAT_TIMEOUT = 10.0
PATIENCE = 10.0  # one commit takes milliseconds
UNWRITABLE = 120.0  # a disk may be full for a moment, a server may restart
BEAT_LOST = 90.0  # the clock's thread beats every `LOOK` seconds
REVIVALS = 3
WORD_PAUSE = 3600.0  # a program that dies again and again says so once an hour
_LAST_WORD = "last-word"


@dataclass(slots=True)
class Watch:
    """What the watch goes by, and what it has seen; `leave` ends the program and never returns."""

    desk: Desk
    ringer: Ringer
    client: httpx.AsyncClient
    folder: Path
    say: Callable[[str], None]
    wake: Callable[[], None]
    leave: Callable[[], None]
    heartbeat: str = field(default="", repr=False)
    pace: float = 1.0
    steady: Callable[[], float] = steady_time
    _found: tuple[Finding, ...] = ()
    _audited: float = 0.0
    _beaten: float = 0.0
    _revivals: int = 0
    _was_ringing: bool = True
    _unwritable_since: float | None = None
    _trouble: str = ""

    def __post_init__(self) -> None:
        """Begin with a clean slate: the program has only just started."""
        self._audited = self._beaten = self.steady()

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK)

    def beat(self) -> None:
        """Note that the clock's thread is at work; called from that thread."""
        self._beaten = self.steady()
        self._revivals = 0

    def troubles(self) -> tuple[str, ...]:
        """Give what is wrong in words, the watch's own failure too."""
        found = [one.words for one in self._found]
        age = self.steady() - self._audited
        if age > TOO_OLD:
            found.append(f"自查已有{int(age // 60)}分钟没有做成{self._trouble}")
        return tuple(found)

    async def look(self) -> None:
        """See whether the program can live on, and audit it when a minute has passed."""
        why = await self._mortal_trouble()
        if why:
            await self._die(why)
            return
        if self.steady() - self._audited >= AUDIT:
            await self._audit_safely()

    async def _mortal_trouble(self) -> str:
        """Give why the program cannot live on, "" while it can."""
        if not self.desk.ledger.is_alive:
            return "台账的写入线程停了"
        if await self._can_write():
            self._unwritable_since = None
        elif self._unwritable_since is None:
            self._unwritable_since = self.steady()
        elif self.steady() - self._unwritable_since >= UNWRITABLE:
            return "数据库已有2分钟写不进去"
        return self._care_for_clock()

    def _care_for_clock(self) -> str:
        is_late = self.steady() - self._beaten > BEAT_LOST
        if self.ringer.is_alive and not is_late:
            return ""
        self._was_ringing = False
        if self._revivals >= REVIVALS:
            return "时钟线程停了，重新启动不成"
        self._revivals += 1
        self._beaten = self.steady()
        try:
            self.ringer.revive()
        except Exception as error:  # noqa: BLE001 whatever it was, there are tries left
            LOG.warning("时钟线程没有重新启动：%s", type(error).__name__)
        return ""

    async def _can_write(self) -> bool:
        """Give whether the ledger's writer commits and its disk takes what is written."""
        written = asyncio.wrap_future(self.desk.ledger.record(self.desk.clock.now(), ()))
        try:
            # Shielded, because a future that is cancelled would break the writer that answers it.
            await asyncio.wait_for(asyncio.shield(written), PATIENCE)
            await asyncio.to_thread(_touch, self.folder)
        except (TimeoutError, JiaoyingError, OSError):
            return False
        return True

    async def _audit_safely(self) -> None:
        try:
            await self._audit()
        except Exception as error:
            LOG.debug("audit", exc_info=True)
            words = str(error) if isinstance(error, JiaoyingError) else type(error).__name__
            self._trouble = f"（{words}）"
        else:
            self._trouble = ""

    async def _audit(self) -> None:
        """Look at everything, tell what is new, and let the outside know if nothing is wrong."""
        sight = await asyncio.to_thread(self._see)
        self._was_ringing = True
        self._found = examine(sight, self.desk.channels, self.desk.hours)
        for finding in self._found:
            await self._tell(finding)
        self._audited = self.steady()
        if self.heartbeat and not self._found:
            await self._beat_outside()

    def _see(self) -> Sight:
        desk, pace = self.desk, self.pace
        now, ledger = desk.clock.now(), desk.ledger
        pending = ledger.read(oldest_waiting, now - SILENT * pace)
        lanes = {one.lane for one in pending} & set(desk.channels)
        since = now - max((_memory(desk.channels[one]) for one in lanes), default=SILENT) * pace
        return Sight(
            now,
            overdue=ledger.read(overdue_rings, now - OVERDUE * pace),
            heads=ledger.read(lane_heads),
            pending=pending,
            departures=ledger.read(lanes_departures, lanes, since),
            free=shutil.disk_usage(self.folder).free,
            jump=desk.clock.jump,
            is_ringing=self._was_ringing,
            pace=pace,
        )

    async def _tell(self, finding: Finding) -> None:
        """Write a finding down and tell the office, once a day and over a channel that works."""
        desk, now = self.desk, self.desk.clock.now()
        about = f"自查/{finding.subject}/{desk.hours.today(now)}"
        people = named(desk.office, desk.office.duty_room)
        ways = [way for way in desk.ways if way.lane != finding.lane]

        def work(connection: Connection) -> Sequence[Fact]:
            if reads.history(connection, about, 1):
                return ()
            told = announce(desk.office, ways, people, about, (f"叫应程序自查：{finding.words}",))
            return (Troubled(subject=about, reason=finding.words), *told)

        entries = await asyncio.wrap_future(desk.ledger.write(now, work))
        if entries:
            self.say(finding.words)
            self.wake()

    async def _beat_outside(self) -> None:
        try:
            response = await self.client.get(self.heartbeat, timeout=HEARTBEAT_TIMEOUT)
            response.raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # The error's own words would show the address, which is a secret.
            LOG.warning("心跳没有送到（%s）", type(error).__name__)

    async def _die(self, why: str) -> None:
        """Say a last word to the second person and end: whoever supervises starts us again."""
        self.say(f"{why}，程序退出，等待重新启动")
        if _may_speak(self.folder):
            with suppress(Exception):  # nothing may keep a dying program from ending
                await speak_last(self.desk, why)
        self.leave()


async def speak_last(desk: Desk, why: str) -> bool:
    """Tell the backup that the program is dying; give whether a platform took the message.

    It is sent without being written first, against the rule for all other messages: the ledger is
    what died, and a word that may come twice is better than none.
    """
    text = (
        f"叫应程序坏了：{why}。程序退出了，设了自动重启的会再启动；"
        "请马上到机器上看一眼，要紧的事先打电话叫"
    )
    outcomes = [
        await _speak_to(desk, person, text) for person in named(desk.office, desk.office.backup)
    ]
    return any(outcomes)


async def _speak_to(desk: Desk, person: str, text: str) -> bool:
    ways: list[Way] = list(desk.ways)
    while lanes := find_lanes(desk.office, ways, person)[:1]:
        section = Section(address(desk.office, person, ""), (Line(text),))
        message = Message("LASTWORD", f"{desk.office.name}通知", (section,), topic=Topic.NOTICE)
        try:
            await desk.channels[lanes[0]].send(message)
        except ChannelError as error:
            LOG.warning("通道“%s”：%s", lanes[0], error)
            ways = [way for way in ways if way.lane not in lanes]
        else:
            return True
    return False


def _memory(channel: Channel) -> timedelta:
    """Give how far back a channel's departures matter."""
    return max(one.per for one in (channel.limit, *channel.member_limits)) + SILENT


def _touch(folder: Path) -> None:
    """Write and delete a small file; raises OSError where the disk takes nothing more."""
    probe = folder / ".probe"
    with probe.open("wb") as file:
        file.write(b"0" * 4096)
        file.flush()
        os.fsync(file.fileno())
    probe.unlink()


def _may_speak(folder: Path) -> bool:
    """Tell whether the last word was said long ago, and note that it is said now."""
    mark = folder / _LAST_WORD
    with suppress(OSError):  # a full disk forgets it: then it is said again
        if mark.exists() and wall_time().timestamp() - mark.stat().st_mtime < WORD_PAUSE:
            return False
        mark.touch()
    return True
