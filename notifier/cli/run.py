"""``jiaoying run``: the whole program in one process."""

import argparse
import asyncio
import fcntl
import logging
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import uvicorn

from notifier.channels import SANDBOX, Sandbox
from notifier.cli.values import moment, positive
from notifier.clock import Clock, Ringer
from notifier.config import Settings, environment, is_local, make_folder, secret_key, settings
from notifier.desk import Desk
from notifier.ledger import Ledger, open_ledger, reads
from notifier.rounds import adopt_rules
from notifier.server import RULES_LOOK, Server, close_quietly, connect_channels, digest_of
from notifier.web import make_app
from notifier.web.gate import office_link
from obligations.errors import Misconfigured
from obligations.rules import Office, load

HTTP_TIMEOUT = 10.0  # a lease is three times as long


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--rules", help="规则文件，默认 rules.yaml")
    parser.add_argument("--data", help="存放台账的文件夹，默认 data")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址，默认只供本机访问")
    parser.add_argument("--port", type=int, default=8000, help="监听端口，默认 8000")
    parser.add_argument("--at", type=moment, help="演示：假定现在是这一时刻（只能用沙箱）")
    parser.add_argument("--speed", type=positive, help="演示：时钟走得快多少倍（只能用沙箱）")


def run(options: argparse.Namespace) -> int:
    """Run until stopped; the address is printed once everything answers."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", stream=sys.stderr)
    chosen = settings(environment(), options.rules, options.data)
    make_folder(chosen.data)
    with _alone(chosen.data), _listening(options.host, options.port) as listener:
        ledger = open_ledger(chosen.database_url)
        try:
            asyncio.run(_serve(options, chosen, ledger, listener))
        finally:
            ledger.close()
    return 0


async def _serve(
    options: argparse.Namespace, chosen: Settings, ledger: Ledger, listener: socket.socket
) -> None:
    text = _read_rules(chosen.rules)
    office = load(text, str(chosen.rules))
    clock = make_clock(options, office, chosen, ledger.read(reads.last_instant))
    port = listener.getsockname()[1]
    public_url = chosen.public_url or f"http://{_shown_host(options.host)}:{port}"
    sandbox = Sandbox(clock, chosen.data / "sandbox.jsonl")
    async with httpx.AsyncClient(timeout=HTTP_TIMEOUT, trust_env=False) as client:
        connect = partial(
            connect_channels, env=chosen.env, client=client, sandbox=sandbox, clock=clock
        )
        secret = secret_key(chosen.env, chosen.data)
        desk = Desk(clock, ledger, office, connect(office), secret, public_url, digest_of(text))
        if ledger.read(reads.find_mark, "rules_digest") != desk.rules_digest:
            await adopt_rules(desk, office, desk.rules_digest)
        server = Server(desk, chosen.rules, connect, _say)
        is_open = is_local(options.host) and is_local(public_url)
        async with _ticking(server, clock) as ringer:

            def troubles() -> tuple[str, ...]:
                stopped = () if ringer.is_alive else ("时钟线程停了",)
                return (*server.troubles(), *stopped)

            app = make_app(desk, sandbox, troubles, is_open=is_open)
            _say(f"看板：{public_url}/" if is_open else f"办公室入口：{office_link(desk)}")
            _say(f"模拟群：{public_url}/sandbox")
            await _web(app, listener)


async def _web(app: object, listener: socket.socket) -> None:
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]  # uvicorn's own type leaves Starlette out
        log_level="warning",
        access_log=False,  # the address of an answer page is a secret
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    await uvicorn.Server(config).serve(sockets=[listener])


@asynccontextmanager
async def _ticking(server: Server, clock: Clock) -> AsyncIterator[Ringer]:
    """Run the rounds beside the web until the web stops."""
    loop = asyncio.get_running_loop()

    def wake() -> None:
        loop.call_soon_threadsafe(server.wake)

    ringer = Ringer(clock, wake)
    rounds = asyncio.create_task(server.run(ringer))
    ringer.start()
    ringer.every(RULES_LOOK, wake)
    try:
        yield ringer
    finally:
        ringer.stop()
        await close_quietly(rounds)


def make_clock(
    options: argparse.Namespace, office: Office, chosen: Settings, last: datetime | None
) -> Clock:
    """Give the clock of this run; a demonstration goes on where the ledger stopped."""
    if options.at is None and options.speed is None:
        return Clock()
    outside = [spec.name for spec in office.channels if not _is_simulated(chosen, spec.address)]
    if outside:
        sentence = (
            f"--at 和 --speed 只用于演示，但通道“{outside[0]}”会发到真实的群。"
            f"请把 rules.yaml 里它的地址改成“{SANDBOX}”，或去掉这两个选项"
        )
        raise Misconfigured(sentence)
    start = options.at.astimezone(UTC) if options.at else datetime.now(UTC)
    return Clock(max(start, last) if last else start, options.speed or 1.0)


def _is_simulated(chosen: Settings, written: str) -> bool:
    value = chosen.env.get(written[1:], "") if written.startswith("$") else written
    bases = (chosen.env.get(f"JIAOYING_{name}", "") for name in ("WECOM_API", "DINGTALK_OAPI"))
    if value == SANDBOX:
        return True
    return is_local(value) if "//" in value else any(is_local(base) for base in bases if base)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Hold the data folder: two programs on one ledger would remind everybody twice."""
    with (data / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            sentence = f"数据文件夹 {data} 正被另一个叫应程序使用。请先停掉它，或用 --data 另选一个"
            raise Misconfigured(sentence) from error
        yield


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port before anything is sent, so that a port in use is told at once."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except (OSError, OverflowError) as error:
            sentence = f"{host}:{port} 不能用（端口被占或地址不对）。请用 --port 换一个端口"
            raise Misconfigured(sentence) from error
        listener.listen(2048)
        yield listener


def _shown_host(host: str) -> str:
    return socket.gethostname() if host == "0.0.0.0" else host  # noqa: S104 only compared with


def _read_rules(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        sentence = f"规则文件 {path} 读不出来。请用 --rules 指明文件，或先放一份 rules.yaml"
        raise Misconfigured(sentence) from error


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
