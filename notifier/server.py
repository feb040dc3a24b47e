"""One process: the ringer rings, a round decides, lanes send, the web answers, rules reload."""

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TypeVar

from notifier.calling import next_moment, run_calls
from notifier.channels.protocol import Channel
from notifier.clock import Ringer
from notifier.daily import close_periods, next_offer, offer_drafts
from notifier.desk import Desk
from notifier.dispatch import (
    deliver,
    depart,
    detour,
    free_moment,
    ready_at,
    urgency,
    width_of,
)
from notifier.events import RulesChanged, Sending
from notifier.hearing import run_inbox
from notifier.ledger import reads
from notifier.ledger.traffic import lane_heads
from notifier.rounds import adopt_rules, next_question, run_round
from notifier.wall import follow_wall
from obligations.errors import JiaoyingError, RulesRefused
from obligations.rules import Office, load, read_text

T = TypeVar("T")
LOG = logging.getLogger("jiaoying")
AT_ONCE = timedelta(seconds=1)  # a lane that could send nothing is not asked again before
RULES_LOOK = 2.0  # real seconds between two looks at rules.yaml
WAVE = 100  # lanes that leave in one write: the first are out before the last are composed
UNDER_WAY = 200  # messages under way at once; what waits in line here does not time out there
SHARED_LOOK = 0.05  # real seconds in which messages that end share one look at the lanes


@dataclass(slots=True)
class Server:
    """The running half: wakes up when something is due and makes sure that it happens."""

    desk: Desk
    rules: Path
    connect: Callable[[Office], Mapping[str, Channel]]
    say: Callable[[str], None]
    attend: Callable[[Office], Awaitable[object]] | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _rang: bool = False
    _look: asyncio.TimerHandle | None = None
    _under_way: Counter[str] = field(default_factory=Counter)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _closed: date | None = None
    _trouble: str = ""
    _stumbles: int = 0
    _seen: str = ""

    async def run(self, ringer: Ringer) -> None:
        """Work until cancelled."""
        wait = timedelta()
        while True:
            try:
                await asyncio.wait_for(self._wake.wait(), wait.total_seconds())
            except TimeoutError:  # the ringer's own clock may have been set back
                self._rang = True
            self._wake.clear()
            lanes_only, self._rang = not self._rang, False
            wait = ringer.arm(await self.step(lanes_only=lanes_only))

    async def step(self, *, lanes_only: bool = False) -> datetime | None:
        """Do everything that is due; give when something is due next.

        ``lanes_only``: messages came to their end and made room, nothing else has changed.
        """
        desk, before = self.desk, self._stumbles
        if not lanes_only:
            await self._try(self.reload())
            await self._try(follow_wall(desk))
            await self._try(run_inbox(desk))
            await self._try(run_calls(desk))
            await self._try(run_round(desk))
            await self._try(self._come_round())
        upcoming = await self._try(self._look_ahead(is_whole=self._stumbles == before))
        if self._stumbles == before:
            self._trouble = ""
        return upcoming

    async def _come_round(self) -> None:
        """Do what comes round by itself; periods are closed once a day."""
        today = self.desk.hours.today(self.desk.clock.now())
        if today != self._closed:
            await close_periods(self.desk)
            self._closed = today
        await offer_drafts(self.desk)

    async def _try(self, work: Awaitable[T]) -> T | None:
        """Do one thing; what goes wrong with it keeps nothing else from being done."""
        try:
            return await work
        except JiaoyingError as error:
            self._stumble(str(error))
        except Exception as error:
            LOG.debug("round", exc_info=True)
            self._stumble(f"程序内部出错（{type(error).__name__}），半分钟后再试")
        return None

    async def _look_ahead(self, *, is_whole: bool) -> datetime | None:
        """Let the lanes send; give what is due next, only what the lanes wait for if not whole."""
        lanes_next = await self._start_lanes()
        return self._next(lanes_next) if is_whole else lanes_next

    def _stumble(self, trouble: str) -> None:
        self._stumbles += 1
        if trouble != self._trouble:
            self.say(trouble)
        self._trouble = trouble

    @property
    def is_sending(self) -> bool:
        """Give whether a message is under way."""
        return bool(self._tasks)

    async def settle(self) -> None:
        """Wait until what is under way has come to its end."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def wake(self) -> None:
        """Ask for a step; only from the loop's own thread."""
        self._rang = True
        self._wake.set()

    def troubles(self) -> tuple[str, ...]:
        """Give what does not run, in words."""
        writer = () if self.desk.ledger.is_alive else ("台账的写入线程停了",)
        return (*writer, *((self._trouble,) if self._trouble else ()))

    async def reload(self) -> None:
        """Put a changed rules.yaml in force; a broken one is refused whole and said so once."""
        try:
            text = await asyncio.to_thread(read_text, self.rules)
        except JiaoyingError:
            self._refuse(f"{self.rules} 读不出来，仍按原来的规则运行")
            return
        digest = digest_of(text)
        if digest == self.desk.rules_digest:
            if self.desk.rules_trouble.startswith(str(self.rules)):
                self.desk.rules_trouble = ""
            return
        if digest != self._seen:  # half-written files look different at the next look
            self._seen = digest
            return
        try:
            office = load(text, str(self.rules))
            channels = self.connect(office)
        except JiaoyingError as error:
            await self._record_refusal(digest, error)
            return
        await adopt_rules(self.desk, office, channels, digest)
        if self.attend:
            await self.attend(office)
        self.say("规则已更新")

    async def _record_refusal(self, digest: str, error: JiaoyingError) -> None:
        self.desk.rules_digest = digest
        first = str(error.problems[0]) if isinstance(error, RulesRefused) else str(error)
        reason = f"新的规则没有采用，仍按原来的规则运行：{first}"
        self._refuse(reason)
        fact = RulesChanged(digest=digest, accepted=False, reason=reason)
        await asyncio.wrap_future(self.desk.ledger.write(self.desk.clock.now(), lambda _: (fact,)))

    def _refuse(self, reason: str) -> None:
        if reason != self.desk.rules_trouble:
            self.say(reason)
        self.desk.rules_trouble = reason

    async def _start_lanes(self) -> datetime | None:
        """Let everything leave that may leave now; give when something may again."""
        now = self.desk.clock.now()
        ready: dict[str, int] = {}
        later = []
        heads = self.desk.ledger.read(lane_heads)
        if await detour(self.desk, heads):
            heads = self.desk.ledger.read(lane_heads)
        for head in sorted(heads, key=urgency):
            free = width_of(self.desk, head.lane) - self._under_way[head.lane]
            moment = ready_at(self.desk, head, now)
            if moment is None or free <= 0:
                continue  # what is under way wakes us when it is done
            if moment > now:
                later.append(moment)
            else:
                ready[head.lane] = free
        full = await self._send_waves(ready)
        later += [free_moment(self.desk, lane, now) for lane in full]
        return min((max(one, now + AT_ONCE) for one in later), default=None)

    async def _send_waves(self, ready: Mapping[str, int]) -> Sequence[str]:
        """Send from lanes that have so many places free; give those whose budget is used up.

        Where too much is under way the rest waits: what comes to its end wakes us.
        """
        full: list[str] = []
        lanes = iter(ready)
        while wave := tuple(islice(lanes, min(WAVE, max(UNDER_WAY - len(self._tasks), 0)))):
            sendings = await depart(self.desk, {lane: ready[lane] for lane in wave})
            self._start(sendings)
            full += set(wave) - {sending.lane for sending in sendings}
        return full

    def _start(self, sendings: Sequence[Sending]) -> None:
        for sending in sendings:
            self._under_way[sending.lane] += 1
            task = asyncio.create_task(self._deliver(sending))
            self._tasks.add(task)
            task.add_done_callback(self._forget)

    def _forget(self, task: "asyncio.Task[None]") -> None:
        """Forget what came to its end; what broke off is kept, so that `settle` tells it."""
        if task.cancelled() or task.exception() is None:
            self._tasks.discard(task)

    async def _deliver(self, sending: Sending) -> None:
        try:
            await deliver(self.desk, sending)
        except JiaoyingError as error:
            self._stumble(str(error))
        except Exception as error:
            LOG.debug("lane", exc_info=True)
            self._stumble(f"通道“{sending.lane}”处理出错（{type(error).__name__}），半分钟后再试")
        finally:
            self._under_way[sending.lane] -= 1
            self._look_again()

    def _look_again(self) -> None:
        """Look at the lanes soon: there is room again."""
        if self._look is None:
            self._look = asyncio.get_running_loop().call_later(SHARED_LOOK, self._look_now)

    def _look_now(self) -> None:
        self._look = None
        self._wake.set()

    def _next(self, lanes_next: datetime | None) -> datetime | None:
        """Give when the next thing of any kind is due: midnight at the latest."""
        desk = self.desk
        midnight = desk.hours.midnight_after(desk.clock.now())
        moments = (
            desk.ledger.read(reads.next_look),
            next_moment(desk),
            next_offer(desk),
            next_question(desk),
            midnight,
            lanes_next,
        )
        return min(moment for moment in moments if moment is not None)


def digest_of(text: str) -> str:
    """Give the mark by which a changed rules.yaml is known."""
    return hashlib.sha256(text.encode()).hexdigest()


async def close_quietly(task: "asyncio.Task[None]") -> None:
    """Cancel a task and wait until it is gone."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
