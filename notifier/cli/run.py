"""``jiaoying run``: the whole program in one process."""

import argparse
import asyncio
import fcntl
import gc
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import uvicorn
import uvloop

from notifier.channels import SANDBOX, Channel, Sandbox, Subscriptions, build, outside
from notifier.channels.client import open_client
from notifier.cli.remote import leave_address
from notifier.cli.values import moment, positive
from notifier.clock import Clock, Ringer
from notifier.config import (
    Settings,
    environment,
    heartbeat_url,
    is_local,
    make_folder,
    secret_key,
    settings,
)
from notifier.desk import Desk
from notifier.evidence import FOLDER
from notifier.hearing import note, receive
from notifier.inbox import Incoming
from notifier.inbox.letters import Reception
from notifier.inbox.listeners import Listeners
from notifier.inbox.routes import routes
from notifier.ledger import Ledger, open_ledger, reads
from notifier.rounds import adopt_rules
from notifier.server import RULES_LOOK, Server, close_quietly, digest_of
from notifier.wall import take_back
from notifier.watch import LOOK, Watch
from notifier.web import Doors, make_app
from notifier.web.gate import office_link
from obligations.errors import Misconfigured
from obligations.rules import ChannelSpec, Office, load, read_text

LEAP = timedelta(hours=12)  # clocks are wrong by minutes, by an hour, by a zone; not by more
EXIT_DYING = 3


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
    level = logging.DEBUG if options.debug else logging.WARNING
    logging.basicConfig(format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("jiaoying").setLevel(level)
    os.umask(0o077)  # the record and the answer links are nobody else's business
    chosen = settings(environment(options.rules), options.rules, options.data)
    make_folder(chosen.data)
    with _alone(chosen), _listening(options.host, options.port) as listener:
        ledger = open_ledger(chosen.database_url)
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(_serve(options, chosen, ledger, listener))
        finally:
            ledger.close()
    return 0


async def _serve(
    options: argparse.Namespace, chosen: Settings, ledger: Ledger, listener: socket.socket
) -> None:
    text = read_text(chosen.rules)
    office = load(text, str(chosen.rules))
    clock = make_clock(options, ledger.read(reads.last_instant))
    public_url = chosen.public_url or _own_address(options.host, listener)
    sandbox = Sandbox(clock, chosen.data / "sandbox.jsonl")
    subscriptions = Subscriptions()
    async with open_client() as client:

        def connect(office: Office) -> Mapping[str, Channel]:
            env = environment(options.rules)  # read again: a new channel brings a new line
            if not clock.is_real:
                _refuse_outside(office, env)
            return {
                spec.name: build(spec, env, client, sandbox, clock, subscriptions=subscriptions)
                for spec in office.channels
            }

        secret = secret_key(chosen.env, chosen.data)
        desk = Desk(clock, ledger, office, connect(office), secret, public_url, digest_of(text))
        await take_back(desk)
        if ledger.read(reads.find_mark, "rules_digest") != desk.rules_digest:
            await adopt_rules(desk, office, desk.channels, desk.rules_digest)
        server = Server(desk, chosen.rules, connect, _say)

        async def take(incoming: Incoming) -> bool:
            is_new = await receive(desk, incoming)
            if is_new:
                server.wake()
            return is_new

        listeners = Listeners(chosen.env, client, subscriptions, take, _say)
        async with (
            _listening_on(server, listeners, options.rules),
            _ticking(server, clock) as ringer,
            _watching(server, ringer, client, chosen, options.speed or 1.0) as watch,
        ):

            def troubles() -> tuple[str, ...]:
                stopped = () if ringer.is_alive else ("时钟线程停了",)
                return tuple(dict.fromkeys((*server.troubles(), *stopped, *watch.troubles())))

            is_open = is_local(options.host) and is_local(public_url)
            tokens = (chosen.env.get("JIAOYING_API_TOKEN", ""),)
            reception = Reception(desk.channel, chosen.env, clock, take, partial(note, desk))
            doors = Doors(
                is_open=is_open,
                tokens=tokens,
                wake=server.wake,
                callbacks=routes(reception),
                evidence=chosen.data / FOLDER,
                templates=chosen.rules.parent / "templates",
            )
            app = make_app(desk, sandbox, troubles, doors)
            leave_address(chosen.data, listener)
            _greet(desk, chosen.env, is_open=is_open)
            gc.freeze()  # what is loaded stays: looking through it holds every answer up for 0.1 s
            await _web(app, listener)


def _greet(desk: Desk, env: Mapping[str, str], *, is_open: bool) -> None:
    """Say where everything is, and what will keep answers from coming."""
    _say(f"看板：{desk.public_url}/" if is_open else f"办公室入口：{office_link(desk)}")
    _say(f"模拟群：{desk.public_url}/sandbox")
    if not desk.clock.is_real:
        _say(f"演示时间从{desk.hours.local(desk.clock.now()):%Y-%m-%d %H:%M}开始")
    outside = [spec.name for spec in desk.office.channels if _is_outside(spec, env)]
    if outside and is_local(desk.public_url):
        _say(
            f"注意：通道“{outside[0]}”会发到真实的群，但答复链接以{desk.public_url}开头，手机打不开。"
            "请把 JIAOYING_PUBLIC_URL 设成手机能打开的地址"
        )


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
async def _listening_on(
    server: Server, listeners: Listeners, rules: str | None
) -> AsyncIterator[None]:
    """Hold the long connections of the rules in force, and of those that follow."""

    async def attend(office: Office) -> None:
        try:
            listeners.settings = environment(rules)  # a new bot brings a new line
            await listeners.listen(office.channels)
        except Misconfigured as error:
            _say(str(error))

    server.attend = attend
    await attend(server.desk.office)
    try:
        yield
    finally:
        await listeners.close()


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


@asynccontextmanager
async def _watching(
    server: Server, ringer: Ringer, client: httpx.AsyncClient, chosen: Settings, pace: float
) -> AsyncIterator[Watch]:
    """Look after the program itself beside everything else until the web stops."""
    watch = Watch(
        server.desk,
        ringer,
        client,
        chosen.data,
        say=_say,
        wake=server.wake,
        leave=_leave,
        heartbeat=heartbeat_url(chosen.env),
        pace=pace,
    )
    ringer.every(LOOK, watch.beat)
    watching = asyncio.create_task(watch.run())
    try:
        yield watch
    finally:
        await close_quietly(watching)


def _leave() -> None:
    """End at once, with the status by which a supervisor knows that it must start us again.

    Nothing is closed: the ledger's writer may hang, and what is on disk bears a kill at any moment.
    """
    sys.stderr.flush()
    os._exit(EXIT_DYING)


def make_clock(options: argparse.Namespace, last: datetime | None) -> Clock:
    """Give the clock of this run; a demonstration goes on where the ledger stopped."""
    if options.at is None and options.speed is None:
        if last is not None and last > datetime.now(UTC) + LEAP:
            sentence = (
                f"台账里最后一条记录的时间是{last:%Y-%m-%d %H:%M}（UTC），比现在还晚。"
                "请校准本机时钟；如果这是演示用的文件夹，请用 --data 另选一个"
            )
            raise Misconfigured(sentence)
        return Clock()
    start = options.at.astimezone(UTC) if options.at else datetime.now(UTC)
    return Clock(max(start, last) if last else start, options.speed or 1.0)


def _refuse_outside(office: Office, env: Mapping[str, str]) -> None:
    """Keep simulated time out of real groups."""
    outside = [spec.name for spec in office.channels if _is_outside(spec, env)]
    if outside:
        sentence = (
            f"--at 和 --speed 只用于演示，但通道“{outside[0]}”会发到真实的群。"
            f"请把 rules.yaml 里它的地址改成“{SANDBOX}”，或去掉这两个选项"
        )
        raise Misconfigured(sentence)


def _is_outside(spec: ChannelSpec, env: Mapping[str, str]) -> bool:
    """Give whether a channel reaches beyond this machine."""
    address = outside(spec, env)
    return bool(address) and not is_local(address)


@contextmanager
def _alone(chosen: Settings) -> Iterator[None]:
    """Hold the ledger's place: two programs on one ledger would remind everybody twice."""
    place = chosen.database_file or chosen.data / "jiaoying.db"
    try:
        file = place.with_name(f"{place.name}.lock").open("w")
    except OSError as error:
        sentence = f"数据库写不进去：{place.parent} 打不开或不能写。请检查 JIAOYING_DATABASE_URL"
        raise Misconfigured(sentence) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            sentence = f"台账 {place} 正被另一个叫应程序使用。请先停掉它，或用 --data 另选一个"
            raise Misconfigured(sentence) from error
        yield


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port before anything is sent, so that a port in use is told at once."""
    # Named as TCP, so that the event loop turns Nagle's delay off: it costs 40 ms an answer.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except (OSError, OverflowError) as error:
            sentence = f"{host}:{port} 不能用（端口被占或地址不对）。请用 --port 换一个端口"
            raise Misconfigured(sentence) from error
        listener.listen(2048)
        yield listener


def _own_address(host: str, listener: socket.socket) -> str:
    """Give the address under which this machine is found where no public one is set."""
    shown = socket.gethostname() if host == "0.0.0.0" else host  # noqa: S104 only compared with
    return f"http://{shown}:{listener.getsockname()[1]}"


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
