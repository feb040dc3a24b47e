"""2,000 messages due at once to as many robots on this machine: first out, last recorded.

    PYTHONPATH=. python bench/sends.py [MESSAGES]

Beside it stands what bare clients need for the same messages, with nothing recorded.
The robots answer from a process of their own. Nothing is simulated on our side: real clock, real
ringer, SQLite with every commit on the disk.
"""

import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
from sqlalchemy import Connection as Database
from sqlalchemy import func, select

from notifier.calling import CallRequest, open_call
from notifier.channels import Channel, Sandbox
from notifier.channels.client import open_client
from notifier.clock import Clock, Ringer
from notifier.desk import Desk
from notifier.ledger import open_ledger
from notifier.ledger.schema import ledger as entries
from notifier.server import Server, close_quietly, connect_channels, digest_of
from obligations.rules import ChannelSpec, Office, Person, Unit, read_text
from obligations.rules.ladders import BUILT_IN

MESSAGES = 2000
PATIENCE = 60.0
LOOK = 0.005
ANSWER = b'{"errcode":0,"errmsg":"ok"}'
REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
    len(ANSWER),
    ANSWER,
)
TEXT = "气象台发布暴雨红色预警，请立即到岗到位，组织危险区群众转移"
RULES = """\
办公室: {名称: 青溪镇}
规则: []
"""


class Robots(asyncio.Protocol):
    """Every group's robot: answers each request and notes which robot was called and when."""

    def __init__(self, calls: list[tuple[float, str]]) -> None:
        """Note what comes in ``calls``."""
        self._calls = calls
        self._pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._pending += data
        while (end := self._pending.find(b"\r\n\r\n")) >= 0:
            head = self._pending[:end].lower()
            length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
            if len(self._pending) < end + 4 + length:
                return
            path = self._pending.split(b" ", 2)[1].decode()
            self._pending = self._pending[end + 4 + length :]
            self._calls.append((time.monotonic(), path.rpartition("key=")[2]))
            self._transport.write(REPLY)  # type: ignore[attr-defined]


def serve_robots(pipe: Connection) -> None:
    """Tell the port, then on every word give what has come since the one before."""
    calls: list[tuple[float, str]] = []

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Robots(calls), "127.0.0.1", 0, backlog=4096)
        pipe.send(server.sockets[0].getsockname()[1])
        while await loop.run_in_executor(None, pipe.recv):
            pipe.send(tuple(calls))
            calls.clear()

    asyncio.run(serve())


@dataclass(frozen=True, slots=True)
class Run:
    """What was seen of one run, in seconds after the messages were due."""

    first: float
    arrived: float
    recorded: float
    lost: int
    doubled: int

    def __str__(self) -> str:
        """Give it as one line."""
        recorded = f", all recorded {self.recorded:.2f} s" if self.recorded else ""
        return (
            f"first out {self.first:.2f} s, last arrived {self.arrived:.2f} s{recorded}, "
            f"lost {self.lost}, doubled {self.doubled}"
        )


def main(arguments: Sequence[str]) -> None:
    """Print the floor, a call and the floor again: a machine is not equally fast all the time."""
    count = int(arguments[0]) if arguments else MESSAGES
    ours, theirs = multiprocessing.Pipe()
    robots = multiprocessing.get_context("spawn").Process(target=serve_robots, args=(theirs,))
    robots.start()
    try:
        base = f"http://127.0.0.1:{ours.recv()}"
        print(f"{count} messages")
        for name, client, at_once in (
            ("bare httpx, 8 at once", httpx.AsyncClient(trust_env=False), 8),
            ("bare httpx, 100 at once", httpx.AsyncClient(trust_env=False), 100),
            ("our client, 100 at once", open_client(), 100),
        ):
            print(name, asyncio.run(send_bare(client, at_once, base, count, ours)))
        with tempfile.TemporaryDirectory() as folder:
            print("a call", asyncio.run(send_call(base, count, Path(folder), ours)))
    finally:
        ours.send("")
        robots.join()


async def send_bare(
    client: httpx.AsyncClient, at_once: int, base: str, count: int, robots: Connection
) -> Run:
    """Send as many messages with a client alone and record nothing."""
    content = {"msgtype": "text", "text": {"content": TEXT}}
    keys = iter(range(count))

    async def send_some() -> None:
        for key in keys:
            url = f"{base}/cgi-bin/webhook/send?key=robot-{key:05}"
            (await client.post(url, json=content)).raise_for_status()

    async with client:
        began = time.monotonic()
        await asyncio.gather(*(send_some() for _ in range(at_once)))
    return seen(robots, began, count)


async def send_call(base: str, count: int, folder: Path, robots: Connection) -> Run:
    """Call the heads of as many units, each in his unit's own group."""
    rules = folder / "rules.yaml"
    rules.write_text(RULES, "utf-8")
    office, text = town(count), read_text(rules)
    clock = Clock()

    def connect(office: Office) -> Mapping[str, Channel]:
        env = {"JIAOYING_WECOM_API": base}
        return connect_channels(office, env, client, Sandbox(clock, None), clock)

    with closing(open_ledger(f"sqlite:///{folder / 'jiaoying.db'}")) as ledger:
        async with open_client() as client:
            desk = Desk(
                clock, ledger, office, connect(office), "秘密", "http://127.0.0.1", digest_of(text)
            )
            server = Server(desk, rules, connect, print)
            loop = asyncio.get_running_loop()
            ringer = Ringer(clock, lambda: loop.call_soon_threadsafe(server.wake))
            running = asyncio.create_task(server.run(ringer))
            ringer.start()
            await asyncio.sleep(0.5)  # the empty day is planned
            began = time.monotonic()
            await open_call(desk, CallRequest(TEXT, ("全体",), id="C1"))
            server.wake()
            while ledger.read(count_sent) < count and time.monotonic() - began < PATIENCE:  # noqa: ASYNC110 -- the ledger tells nobody
                await asyncio.sleep(LOOK)
            recorded = time.monotonic() - began
            ringer.stop()
            await close_quietly(running)
    return seen(robots, began, count, recorded)


def town(count: int) -> Office:
    """Give an office with as many units, each with its head and its group."""
    numbers = [f"{number:05}" for number in range(count)]
    return Office(
        "青溪镇",
        units=tuple(Unit(f"第{one}村", f"村长{one}", f"第{one}村群") for one in numbers),
        people=tuple(Person(f"村长{one}", wecom=f"head{one}") for one in numbers),
        channels=tuple(
            ChannelSpec(f"第{one}村群", "企业微信群机器人", f"robot-{one}") for one in numbers
        ),
        ladders=BUILT_IN,
    )


def count_sent(connection: Database) -> int:
    """Give how many messages are recorded as sent."""
    return connection.execute(
        select(func.count()).select_from(entries).where(entries.c.kind == "Sent")
    ).scalar_one()


def seen(robots: Connection, began: float, count: int, recorded: float = 0.0) -> Run:
    """Give what the robots saw."""
    robots.send("what came")
    calls: Sequence[tuple[float, str]] = robots.recv()
    robot_calls = Counter(robot for _, robot in calls)
    moments = [at - began for at, _ in calls]
    doubled = sum(number - 1 for number in robot_calls.values())
    return Run(min(moments), max(moments), recorded, count - len(robot_calls), doubled)


if __name__ == "__main__":
    main(sys.argv[1:])
