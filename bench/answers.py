"""Answers over HTTP that arrive together: how many a second, and how long the slowest wait.

    PYTHONPATH=. python bench/answers.py [ANSWERS [CONNECTIONS]]

The web runs in a process of its own, with SQLite and every commit on the disk. Beside it, the
same server answers a page that does not exist.
"""

import asyncio
import gc
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlencode

import uvicorn

from notifier import links
from notifier.channels import Sandbox
from notifier.clock import Clock
from notifier.desk import Desk
from notifier.events import Fact, Opened, Sending, Told
from notifier.ledger import open_ledger
from notifier.web.app import Doors, make_app
from obligations.duties import Duty
from obligations.rules import Office, Person

ANSWERS, CONNECTIONS = 6000, 32
SECRET, ZHOU = "秘密", "周敏"


def main(arguments: Sequence[str]) -> None:
    """Print the rate and the 99th percentile of answers, and of a page that does nothing."""
    count, connections = (*map(int, arguments), *(ANSWERS, CONNECTIONS)[len(arguments) :])
    ours, theirs = multiprocessing.Pipe()
    web = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, count))
    web.start()
    try:
        port = ours.recv()
        idle = [request("/nothing", "") for _ in range(count)]
        answers = [request(f"/a/{token(n)}", form(n)) for n in range(count)]
        for name, requests, status in (("no page", idle, b"404"), ("answers", answers, b"303")):
            waits, took = asyncio.run(post_all(port, requests, connections, status))
            slow = sorted(waits)[len(waits) * 99 // 100]
            print(f"{name}: {count / took:.0f}/s, p99 {slow * 1000:.0f} ms")
    finally:
        web.terminate()
        web.join()


def serve(pipe: Connection, count: int) -> None:
    """Give the answer pages of so many duties, and tell the port."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/jiaoying.db"
        with closing(open_ledger(address)) as ledger:
            clock = Clock()
            ledger.record(clock.now(), tuple(history(count, clock.now()))).result()
            office = Office("青溪镇", people=(Person(ZHOU),))
            desk = Desk(clock, ledger, office, {}, SECRET, "http://127.0.0.1")
            sandbox = Sandbox(clock, Path(folder) / "sandbox.jsonl")
            app = make_app(desk, sandbox, lambda: (), Doors(is_open=True))
            config = uvicorn.Config(app, port=0, log_level="warning", access_log=False)
            gc.freeze()  # as the program does once it runs
            with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
                runner.run(_serve(uvicorn.Server(config), pipe))


async def _serve(server: uvicorn.Server, pipe: Connection) -> None:
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn tells nobody
        await asyncio.sleep(0.01)
    pipe.send(server.servers[0].sockets[0].getsockname()[1])
    await serving


def history(count: int, now: datetime) -> Iterator[Fact]:
    """Give duties and the messages that told of them, one each."""
    local = now.replace(tzinfo=None)
    for number in range(count):
        duty = Duty(
            key=key(number),
            rule="R-1",
            matter="巡查隐患点",
            bearer=ZHOU,
            person=ZHOU,
            unit="应急办",
            label=str(number),
            opens=local,
            closes=local + timedelta(days=9),
            need=1,
            words="每天",
        )
        yield Opened(duty=duty, reason="本期开始")
        told = (Told(duty.key, ZHOU, "到期", duty.matter),)
        yield Sending(
            code=code(number), lane="群", lines=told, asked_at=now, attempt=1, reason="到期"
        )


def key(number: int) -> str:
    """Give the key of a duty."""
    return f"R-1/{ZHOU}/{number}"


def code(number: int) -> str:
    """Give the code of a message."""
    return f"M{number:07}"


def token(number: int) -> str:
    """Give the token of a message's link."""
    return links.sign(SECRET, links.Pass(code(number), ZHOU), datetime.now(UTC))


def form(number: int) -> str:
    """Give the form that says 收到."""
    return urlencode({"key": key(number), "answer": "heard"})


def request(path: str, body: str) -> bytes:
    """Give one request as it goes over the wire."""
    kind = "Content-Type: application/x-www-form-urlencoded"
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\n{kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return f"{head}{body}".encode()


async def post_all(
    port: int, requests: Sequence[bytes], connections: int, status: bytes
) -> tuple[list[float], float]:
    """Post everything over so many connections; give how long each waited, and all together."""
    todo, waits = iter(requests), []

    async def post_some() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for one in todo:
            began = time.perf_counter()
            writer.write(one)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if head.split(b" ")[1] != status:
                raise RuntimeError(head.decode())
            if b"content-length:" in head:
                length = head.partition(b"content-length:")[2].split(b"\r\n")[0]
                await reader.readexactly(int(length))
            waits.append(time.perf_counter() - began)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(post_some() for _ in range(connections)))
    return waits, time.perf_counter() - began


if __name__ == "__main__":
    main(sys.argv[1:])
