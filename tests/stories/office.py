"""A small town in simulated time: its rules, its groups, and phones that answer.

Everything is the real program but for the clock and the platforms' robots, which are simulated.
Every message must be expected: one that nobody read fails the story when it ends.
"""

import asyncio
import re
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import httpx
import yaml
from sqlalchemy import Connection, select

from notifier.channels import Channel, Sandbox, Shown, build
from notifier.desk import Desk
from notifier.hours import office_hours
from notifier.ledger import Entry, open_ledger, reads, verify
from notifier.ledger.projection import rebuild
from notifier.ledger.schema import call, callee, message, notice, standing, waiting
from notifier.rounds import adopt_rules
from notifier.server import Server, digest_of
from notifier.standing import Standing
from notifier.web import Doors, make_app
from obligations import rules

T = TypeVar("T")

_LINK = re.compile(r"https?://\S+?/a/[\w.\-]+")

RULES = """\
办公室: {名称: 青溪镇, 每周消息上限: 5}
单位:
  应急办: {负责人: 周敏, 群: 安委办工作群}
  经发办: {负责人: 陈立, 群: 经发群}
人员:
  周敏: {职务: 应急办主任, 企业微信: zhoumin, 手机: "13800000001"}
  陈立: {职务: 经发办主任, 钉钉: "0421", 手机: "13800000002"}
通道:
  安委办工作群: {平台: 企业微信群机器人, 地址: 沙箱}
  经发群: {平台: 钉钉群机器人, 地址: 沙箱}
规则: []
"""


class PowerCut(BaseException):
    """The machine goes dark in the middle of everything."""


class Line(StrEnum):
    """What the wire between the program and the platforms is like."""

    UP = "up"
    DOWN = "down"  # nothing gets through
    DEAF = "deaf"  # messages arrive, the platform's answers are lost
    DARK_BEFORE = "dark before"  # power fails before the message leaves
    DARK_AFTER = "dark after"  # power fails after the message arrived


@dataclass
class StoryClock:
    """A clock that stands still until the story moves it."""

    instant: datetime
    jump: None = None  # nobody sets it

    def now(self) -> datetime:
        return self.instant


@dataclass
class Office:
    """The town's office: it writes rules, lets time pass and looks at what happened."""

    folder: Path
    begins: str
    clock: StoryClock = field(init=False)
    read: dict[str, int] = field(default_factory=dict)
    line: Line = Line.UP
    refuses: str = ""  # words that the platforms do not like
    is_spoiled: bool = False  # somebody wrote into the database past the program

    def __post_init__(self) -> None:
        self.clock = StoryClock(datetime.fromisoformat(self.begins).astimezone(UTC))
        self.rules = self.folder / "rules.yaml"
        self.runner = asyncio.Runner()
        self.said: list[str] = []

    def writes(self, *written: dict[str, Any], base: str = RULES) -> None:
        """Put a new rules.yaml in place; copies keep equal parts from becoming YAML aliases."""
        content = yaml.safe_load(base)
        content["规则"] = [deepcopy(rule) for rule in written]
        self.rules.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")

    def starts(self) -> None:
        """Start the program, or start it again after a stop."""
        text = self.rules.read_text("utf-8")
        self.ledger = open_ledger(f"sqlite:///{self.folder / 'ledger.db'}")
        self.sandbox = Sandbox(self.clock, self.folder / "sandbox.jsonl")
        self.sandbox.client = httpx.AsyncClient(transport=httpx.MockTransport(self._carry))
        office = rules.load(text)
        self.desk = Desk(
            self.clock,  # type: ignore[arg-type]  # stands still, but tells the time all the same
            self.ledger,
            office,
            self._connect(office),
            "故事里的密钥",
            "http://office.test",
            digest_of(text),
        )
        if self.ledger.read(reads.find_mark, "rules_digest") != self.desk.rules_digest:
            self.do(adopt_rules(self.desk, office, self.desk.channels, self.desk.rules_digest))
        self.server = Server(self.desk, self.rules, self._connect, self.said.append)
        self.app = make_app(self.desk, self.sandbox, self.server.troubles, Doors(is_open=True))

    def stops(self) -> None:
        """Stop the program; what it promised is in the ledger."""
        self.ledger.close()

    def until(self, moment: str) -> None:
        """Let time pass up to a local moment, doing whatever becomes due on the way."""
        self.pass_to(office_hours(self.desk.office).instant(datetime.fromisoformat(moment)))

    def pass_to(self, goal: datetime) -> None:
        while True:
            upcoming = self.do(self._step())
            if upcoming is None or upcoming > goal:
                self.clock.instant = max(self.clock.instant, goal)
                self.do(self._step())
                return
            ahead = self.clock.instant + timedelta(seconds=1)
            self.clock.instant = min(max(upcoming, ahead), goal)

    async def _step(self) -> datetime | None:
        await self.server.step()  # a changed rules.yaml is adopted at the second look
        while True:
            upcoming = await self.server.step()
            if not self.server.is_sending:
                return upcoming
            await self.server.settle()

    def group(self, name: str) -> tuple[Shown, ...]:
        """Give the messages of a group that nobody has read yet, and mark them read."""
        shown = self.sandbox.shown(name)
        unread = shown[self.read.get(name, 0) :]
        self.read[name] = len(shown)
        return unread

    def expects(self, name: str, *words: str) -> Shown:
        """Read exactly one message in a group, which holds all the words."""
        unread = self.group(name)
        assert len(unread) == 1, f"{name}：应有1条消息，实有{[one.text for one in unread]}"
        for word in words:
            assert word in unread[0].text, f"消息里没有“{word}”：{unread[0].text}"
        return unread[0]

    def expects_nothing(self) -> None:
        """Every group is silent."""
        for group in self.sandbox.groups():
            unread = self.group(group.name)
            assert not unread, f"{group.name}出现了意外的消息：{[one.text for one in unread]}"

    def standing(self, key: str) -> Standing:
        found = self.ledger.read(reads.find_standing, key)
        assert found is not None, f"台账里没有{key}"
        return found

    def history(self, name: str) -> tuple[Entry, ...]:
        return self.ledger.read(reads.history, name)

    def kinds(self, name: str) -> list[str]:
        return [entry.fact.kind for entry in self.history(name)]

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.do(self._ask("GET", path, headers))

    def post(
        self, path: str, form: Mapping[str, str | list[str]], headers: dict[str, str] | None = None
    ) -> httpx.Response:
        return self.do(self._ask("POST", path, headers, form))

    def sends(self, path: str, body: object, headers: dict[str, str]) -> httpx.Response:
        return self.do(self._ask("POST", path, headers, None, body))

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def _ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None,
        form: Mapping[str, str | list[str]] | None = None,
        body: object = None,
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://office.test") as client:
            return await client.request(method, path, headers=headers, data=form, json=body)

    def loses_power(self) -> None:
        """Let the program die where it is, and start it again a minute later."""
        self.runner.close()
        self.ledger.close()
        self.runner = asyncio.Runner()
        self.line = Line.UP
        self.clock.instant += timedelta(minutes=1)
        self.starts()

    def _carry(self, request: httpx.Request) -> httpx.Response:
        if self.line is Line.DOWN:
            message = "line down"
            raise httpx.ConnectError(message, request=request)
        if self.line is Line.DARK_BEFORE:
            raise PowerCut
        if self.refuses and self.refuses in request.content.decode():
            return httpx.Response(200, json={"errcode": 40035, "errmsg": "invalid parameter"})
        response = self.sandbox.respond(request)
        if self.line is Line.DARK_AFTER:
            raise PowerCut
        if self.line is Line.DEAF:
            message = "answer lost"
            raise httpx.ReadTimeout(message, request=request)
        return response

    def _connect(self, office: rules.Office) -> Mapping[str, Channel]:
        client = httpx.AsyncClient(transport=httpx.MockTransport(_no_network), trust_env=False)
        return {
            spec.name: build(spec, {}, client, self.sandbox, self.clock) for spec in office.channels
        }


@dataclass
class Phone:
    """A person's phone: it opens the link of a message and answers."""

    office: Office
    link: str

    @classmethod
    def of(cls, office: Office, message: Shown, nth: int = 0) -> "Phone":
        """Give the phone of whoever owns the nth link of a message."""
        return cls(office, _LINK.findall(message.text)[nth])

    def opens(self) -> httpx.Response:
        return self.office.get(self.link)

    def answers(self, key: str, answer: str, **more: str | list[str]) -> httpx.Response:
        form = {"key": key, "answer": answer, **more}
        return self.office.post(self.link, form)


def _no_network(request: httpx.Request) -> httpx.Response:
    message = f"故事里没有网络，却要连 {request.url.host}"
    raise AssertionError(message)


def _rebuilt(connection: Connection) -> tuple[dict[str, object], dict[str, object]]:
    """Give the derived tables as they are, and as the ledger alone makes them; change nothing."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    before = _rows(connection)
    rebuild(connection)
    after = _rows(connection)
    connection.exec_driver_sql("ROLLBACK")
    return before, after


def _rows(connection: Connection) -> dict[str, object]:
    """Give every row but for when a ladder is looked at next, which the next look sets anew."""
    return {
        table.name: connection.execute(
            select(*(one for one in table.columns if one.name != "ring_at")).order_by(
                *table.primary_key.columns
            )
        ).all()
        for table in (call, callee, standing, notice, waiting, message)
    }


@contextmanager
def story(folder: Path, begins: str, *written: dict[str, Any]) -> Iterator[Office]:
    """Give a running office; at its end no message may be unread, and the ledger is whole."""
    office = Office(folder, begins)
    office.writes(*written)
    office.starts()
    try:
        yield office
        office.expects_nothing()
        flaw = office.ledger.read(verify)[1]
        assert flaw is None, flaw
        before, after = ({}, {}) if office.is_spoiled else office.ledger.read(_rebuilt)
        for name, rows in before.items():
            assert rows == after[name], f"{name}：从台账重建出来的不一样"
    finally:
        office.stops()
        office.runner.close()
