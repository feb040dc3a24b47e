"""The real program as a process of its own: killed in the middle of sending, started again."""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import TypeVar

import pytest
import yaml
from sqlalchemy import Connection

from notifier.events import Sending, Sent
from notifier.ledger import verify
from notifier.ledger.chain import entries
from notifier.ledger.store import connect

T = TypeVar("T")

ROOT = Path(__file__).parents[1]
GROUPS = 8
PATIENCE = 30.0


class Robots(ThreadingHTTPServer):
    """Loopback robots that remember what arrived and can pull the program's plug."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Robot)
        self.arrived: list[str] = []
        self.changed = threading.Condition()
        self.victim: subprocess.Popen[bytes] | None = None
        self.kill_at = 0
        self.answers_first = False

    def take(self, text: str) -> bool:
        """Note a message; give whether to answer before the plug is pulled."""
        with self.changed:
            self.arrived.append(text)
            self.changed.notify_all()
            return len(self.arrived) == self.kill_at

    def pull(self) -> None:
        if self.victim:
            self.victim.send_signal(signal.SIGKILL)
            self.victim.wait()

    def wait_for_everybody(self) -> None:
        with self.changed:
            done = self.changed.wait_for(lambda: len(whom(self.arrived)) == GROUPS, PATIENCE)
        assert done, f"只到了{sorted(whom(self.arrived))}"


class _Robot(BaseHTTPRequestHandler):
    server: Robots
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kills = self.server.take(body[body["msgtype"]]["content"])
        if kills and not self.server.answers_first:
            self.server.pull()
            return
        reply = b'{"errcode":0,"errmsg":"ok"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)
        self.wfile.flush()
        if kills:
            self.server.pull()

    def log_message(self, *_: object) -> None:
        pass


def whom(arrived: list[str]) -> Counter[str]:
    return Counter(name for text in arrived for name in _people() if name in text)


def _people() -> list[str]:
    return [f"张{'甲乙丙丁戊己庚辛'[number]}" for number in range(GROUPS)]


@pytest.fixture
def robots() -> Iterator[Robots]:
    server = Robots()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def write_rules(path: Path) -> None:
    people = _people()
    rules = {
        "人员": {name: {"企业微信": f"u{n}"} for n, name in enumerate(people)},
        "单位": {f"{name}室": {"负责人": name, "群": f"群{name}"} for name in people},
        "通道": {
            f"群{name}": {"平台": "企业微信群机器人", "地址": f"$HOOK_{n}"}
            for n, name in enumerate(people)
        },
        "规则": [
            {"编号": f"A-{n}", "事项": "检查", "责任人": name, "频次": "每季度至少1次"}
            for n, name in enumerate(people)
        ],
    }
    path.write_text(yaml.safe_dump(rules, allow_unicode=True), "utf-8")


@contextmanager
def program(folder: Path, robots: Robots) -> Iterator[str]:
    """Run the program; give its address."""
    env = {
        **os.environ,
        "JIAOYING_WECOM_API": f"http://127.0.0.1:{robots.server_port}",
        **{f"HOOK_{number}": f"key-{number}" for number in range(GROUPS)},
    }
    words = ["run", "--rules", str(folder / "rules.yaml"), "--data", str(folder / "data")]
    words += ["--at", "2026-07-01T08:59:30+08:00", "--speed", "60", "--port", "0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "notifier", *words], cwd=ROOT, env=env, stderr=subprocess.PIPE
    )
    robots.victim = process
    assert process.stderr is not None
    try:
        first = process.stderr.readline().decode()
        assert "http" in first, first + process.stderr.read().decode()
        yield first.partition("：")[2].strip()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.mark.parametrize("kill_at", [1, 5])
@pytest.mark.parametrize("answers_first", [False, True])
def test_kill_9_in_the_middle_of_sending_loses_nothing(
    tmp_path: Path, robots: Robots, kill_at: int, answers_first: bool
) -> None:
    write_rules(tmp_path / "rules.yaml")
    robots.kill_at, robots.answers_first = kill_at, answers_first
    with program(tmp_path, robots):
        assert robots.victim is not None
        robots.victim.wait(PATIENCE)
    before = list(robots.arrived)
    robots.kill_at = 0
    with program(tmp_path, robots) as address:
        robots.wait_for_everybody()
        with urllib.request.urlopen(f"{address}healthz") as answer:
            assert answer.read() == b"ok\n"
        wait_until_recorded(tmp_path / "data")
    for text in robots.arrived[len(before) :]:
        twice = any(name in text for name in whom(before))
        assert ("重发" in text) or not twice
    assert max(whom(robots.arrived).values()) <= 2
    assert ask(tmp_path / "data", verify)[1] is None


def wait_until_recorded(data: Path) -> None:
    """Wait until all that left is recorded as sent: what a kill left open is sent again."""
    deadline = monotonic() + PATIENCE
    left, sent = codes(data)
    while left != sent or len(sent) < GROUPS:
        assert monotonic() < deadline, f"还没有记为已发：{left - sent}"
        left, sent = codes(data)


def codes(data: Path) -> tuple[set[str], set[str]]:
    """Give the codes that left, and those that are recorded as sent."""
    facts = [entry.fact for entry in ask(data, lambda connection: tuple(entries(connection)))]
    left = {fact.code for fact in facts if isinstance(fact, Sending)}
    return left, {fact.code for fact in facts if isinstance(fact, Sent)}


def ask(data: Path, question: Callable[[Connection], T]) -> T:
    engine = connect(f"sqlite:///{data / 'jiaoying.db'}")
    try:
        with engine.connect() as connection:
            return question(connection)
    finally:
        engine.dispose()
