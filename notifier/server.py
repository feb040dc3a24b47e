"""One process: the ringer rings, a round decides, lanes send, the web answers, rules reload."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx

from notifier.channels import Sandbox, build
from notifier.channels.protocol import Channel, Clock
from notifier.clock import Ringer
from notifier.desk import Desk
from notifier.dispatch import drain, lane_ready_at
from notifier.events import RulesChanged
from notifier.ledger import reads
from notifier.rounds import adopt_rules, run_round
from obligations.errors import JiaoyingError, RulesRefused
from obligations.rules import Office, load, read_text

LOG = logging.getLogger("jiaoying")
RULES_LOOK = 2.0  # real seconds between two looks at rules.yaml


@dataclass(slots=True)
class Server:
    """The running half: wakes up when something is due and makes sure that it happens."""

    desk: Desk
    rules: Path
    connect: Callable[[Office], Mapping[str, Channel]]
    say: Callable[[str], None]
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _lanes: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _trouble: str = ""
    _seen: str = ""

    async def run(self, ringer: Ringer) -> None:
        """Work until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            ringer.arm(await self.step())

    async def step(self) -> datetime | None:
        """Do everything that is due; give when something is due next."""
        try:
            await self.reload()
            await run_round(self.desk)
            lanes_next = self._start_lanes()
            self._trouble = ""
            return self._next(lanes_next)
        except JiaoyingError as error:
            self._stumble(str(error))
        except Exception as error:
            LOG.debug("round", exc_info=True)
            self._stumble(f"程序内部出错（{type(error).__name__}），半分钟后再试")
        return None

    def _stumble(self, trouble: str) -> None:
        if trouble != self._trouble:
            self.say(trouble)
        self._trouble = trouble

    async def settle(self) -> None:
        """Wait until every lane has sent what it may send now."""
        while running := [task for task in self._lanes.values() if not task.done()]:
            await asyncio.gather(*running)

    def wake(self) -> None:
        """Ask for a step; only from the loop's own thread."""
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
        await adopt_rules(self.desk, office, digest)
        self.desk.office, self.desk.channels = office, channels
        self.desk.rules_digest, self.desk.rules_trouble = digest, ""
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

    def _start_lanes(self) -> datetime | None:
        """Start every lane that may go on now; give when the next one may."""
        now = self.desk.clock.now()
        later = []
        for lane in self.desk.ledger.read(reads.busy_lanes):
            task = self._lanes.get(lane)
            if task and not task.done():
                continue  # it wakes us when it has done
            moment = lane_ready_at(self.desk, lane, now)
            if moment is not None and moment <= now:
                self._lanes[lane] = asyncio.create_task(self._drain(lane))
            elif moment is not None:
                later.append(moment)
        return min(later, default=None)

    async def _drain(self, lane: str) -> None:
        try:
            await drain(self.desk, lane)
        except JiaoyingError as error:
            self._stumble(str(error))
        except Exception as error:
            LOG.debug("lane", exc_info=True)
            self._stumble(f"通道“{lane}”处理出错（{type(error).__name__}），半分钟后再试")
        else:
            self._wake.set()

    def _next(self, lanes_next: datetime | None) -> datetime | None:
        """Give the earliest of: the next look, the next day, the next lane that may go on."""
        desk = self.desk
        midnight = desk.hours.midnight_after(desk.clock.now())
        moments = (desk.ledger.read(reads.next_look), midnight, lanes_next)
        return min(moment for moment in moments if moment is not None)


def digest_of(text: str) -> str:
    """Give the mark by which a changed rules.yaml is known."""
    return hashlib.sha256(text.encode()).hexdigest()


def connect_channels(
    office: Office,
    env: Mapping[str, str],
    client: httpx.AsyncClient,
    sandbox: Sandbox,
    clock: Clock,
) -> Mapping[str, Channel]:
    """Give every channel of the office by its name; raises Misconfigured with what to mend."""
    return {spec.name: build(spec, env, client, sandbox, clock) for spec in office.channels}


async def close_quietly(task: "asyncio.Task[None]") -> None:
    """Cancel a task and wait until it is gone."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
