"""``jiaoying doctor``: everything a call needs, looked at before it is needed; and the drill."""

import argparse
import asyncio
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import httpx
from sqlalchemy.exc import SQLAlchemyError

from notifier.calls import named
from notifier.channels import SANDBOX, Channel, Sandbox, build, outside
from notifier.channels.protocol import ChannelError, Line, Message, Section
from notifier.checkup import (
    Grade,
    Verdict,
    bad,
    check_calendar,
    check_clock,
    check_disk,
    check_helpers,
    check_people,
    check_secrets,
    check_units,
    good,
    mind,
)
from notifier.cli import drill, remote
from notifier.cli.outlook import sandbox_ways
from notifier.clock import Clock
from notifier.config import Settings, environment, heartbeat_url, is_local, settings
from notifier.hours import office_hours
from notifier.ledger import reads
from notifier.ledger.checkup import look_over
from notifier.ledger.store import connect
from notifier.messages import Topic
from notifier.routes import address
from obligations.errors import JiaoyingError, Misconfigured
from obligations.rules import ChannelSpec, Office, load, read_text

TIMEOUT = 10.0
OTHERS = 0o077  # what a group or everybody may do with a file
_SETTING = re.compile(r"\$\{?(\w+)\}?")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    remote.arguments(parser)
    parser.add_argument("--send", action="store_true", help="每个通道真的发一条测试消息")
    parser.add_argument("--drill", action="store_true", help="演练：把每个人叫一遍（程序要在运行）")
    parser.add_argument("--drill-result", action="store_true", help="看最近一次演练谁没有应")
    parser.add_argument("--format", choices=("words", "jsonl"), default="words", help="输出格式")


def run(options: argparse.Namespace) -> int:
    """Print one line for each thing; 1 where something does not stand well enough to call."""
    if options.drill:
        return drill.begin(options)
    if options.drill_result:
        return drill.show(options)
    env = environment(options.rules)
    verdicts = tuple(_examine(options, settings(env, options.rules, options.data)))
    for verdict in verdicts:
        _print(verdict, options.format)
    return 1 if any(one.grade is Grade.BAD for one in verdicts) else 0


def _print(verdict: Verdict, form: str) -> None:
    if form == "jsonl":
        row = {"grade": verdict.grade, "what": verdict.what, "words": verdict.words}
        print(json.dumps(row, ensure_ascii=False))
    else:
        print(f"{verdict.grade}\t{verdict.what}：{verdict.words}")


def _examine(options: argparse.Namespace, chosen: Settings) -> Iterator[Verdict]:
    clock = Clock()
    yield from _check_files(chosen)
    yield from _check_storage(chosen)
    yield from _check_outside(chosen)
    try:
        text = read_text(chosen.rules)
        office = load(text, str(chosen.rules))
    except JiaoyingError as error:
        first = str(error).splitlines()[0]
        yield bad("规则", f"{first}。全部问题请看 jiaoying check")
        return
    yield good("规则", f"{len(office.rules)}条规则，{len(office.calls)}个备好的叫应")
    hours = office_hours(office)
    yield check_clock(hours, clock.now(), _last_instant(chosen))
    yield from check_secrets(text, chosen.env, tuple(_named_settings(office)))
    yield from _check_channels(chosen, office, clock, send=options.send)
    yield from check_calendar(office, hours.today(clock.now()))
    yield from check_helpers(office)
    yield from check_units(office)
    yield from check_people(office, sandbox_ways(office, clock))


def _named_settings(office: Office) -> Iterable[str]:
    """Give the settings that the channels name."""
    written = (
        text
        for spec in office.channels
        for text in (spec.address, spec.secret, spec.account, spec.app)
    )
    found = (_SETTING.fullmatch(text) for text in written)
    return dict.fromkeys(one.group(1) for one in found if one)


def _check_files(chosen: Settings) -> Iterator[Verdict]:
    """Tell which files others on this machine can read."""
    key = chosen.env.get("JIAOYING_SECRET_KEY_FILE") or chosen.data / "secret.key"
    secret = (Path(".env"), chosen.rules.parent / ".env", Path(key))
    database = chosen.database_file
    private = (chosen.data, *((database,) if database else ()))
    open_ones = [path for path in dict.fromkeys(map(Path, secret)) if _is_open(path)]
    yield from (bad("权限", f"{path} 别人能读。请运行 chmod 600 {path}") for path in open_ones)
    shown = [path for path in private if _is_open(path)]
    for path in shown:
        mode = 700 if path.is_dir() else 600
        yield mind("权限", f"{path} 别人能读。请运行 chmod {mode} {path}")
    if not open_ones and not shown:
        yield good("权限", "密钥和台账只有程序自己的账号能读")


def _is_open(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & OTHERS)


def _check_storage(chosen: Settings) -> Iterator[Verdict]:
    place = next(
        one for one in (chosen.data.resolve(), *chosen.data.resolve().parents) if one.exists()
    )
    yield check_disk(shutil.disk_usage(place).free)
    file = chosen.database_file
    if file and not file.exists():
        yield mind("台账", f"{chosen.data} 里还没有台账，第一次启动时会建")
        return
    trouble, count = look_over(chosen.database_url)
    if trouble:
        yield bad("台账", f"{trouble}。请检查文件夹和磁盘，再运行 jiaoying ledger verify")
    else:
        yield good("台账", f"{count}条记录，能读能写，末尾的记录前后相连")


def _last_instant(chosen: Settings) -> datetime | None:
    """Give when something was last recorded, None where that cannot be read: it is told above."""
    file = chosen.database_file
    if file and not file.exists():
        return None
    engine = connect(chosen.database_url)
    try:
        with engine.connect() as connection:
            return reads.last_instant(connection)
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()


def _check_outside(chosen: Settings) -> Iterator[Verdict]:
    """Tell whether somebody outside watches over the program."""
    try:
        is_set = bool(heartbeat_url(chosen.env))
    except Misconfigured as error:
        yield bad("心跳", str(error))
        return
    if is_set:
        yield good("心跳", "每分钟自查没有问题就报一次平安")
    else:
        words = "没有设 JIAOYING_HEARTBEAT_URL，整台机器停了没有人知道。请找一个心跳监测服务设上"
        yield mind("心跳", words)


def _check_channels(
    chosen: Settings, office: Office, clock: Clock, *, send: bool
) -> Iterator[Verdict]:
    if not office.channels:
        yield bad("通道", "一个也没有，什么都发不出去。请在“通道”里加上")
    yield from asyncio.run(_try_channels(chosen, office, clock, send=send))
    real = [spec.name for spec in office.channels if spec.address != SANDBOX]
    if real and is_local(chosen.public_url or "localhost"):
        words = (
            "没有设 JIAOYING_PUBLIC_URL，或设的是本机地址，手机打不开答复链接。请设成手机能打开的"
        )
        yield bad("网址", words)


async def _try_channels(
    chosen: Settings, office: Office, clock: Clock, *, send: bool
) -> tuple[Verdict, ...]:
    sandbox = Sandbox(clock)
    found = []
    async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
        for spec in office.channels:
            what = f"通道“{spec.name}”"
            try:
                channel = build(spec, chosen.env, client, sandbox, clock)
                place = "" if outside(spec, chosen.env) else "，现在是沙箱，不会发到真实的群"
            except Misconfigured as error:
                found.append(bad(what, str(error)))
                continue
            if send:
                found.append(await _try(office, spec, channel))
            else:
                found.append(good(what, f"设置齐全{place}。要真的发一条试试，请加 --send"))
    return tuple(found)


async def _try(office: Office, spec: ChannelSpec, channel: Channel) -> Verdict:
    """Send one test message to the first of the duty room, else of all, whom the channel knows."""
    what = f"通道“{spec.name}”"
    people = (*named(office, office.duty_room), *(person.name for person in office.people))
    reached = (address(office, name, "") for name in people)
    recipient = next((one for one in reached if channel.reaches(one)), None)
    if recipient is None:
        return mind(what, "没有人有它认得的账号，没有试发。请在“人员”里补上账号")
    section = Section(recipient, (Line("叫应程序体检，这是一条测试消息，不用答复"),))
    message = Message("D0CT0R22", f"{office.name}通知", (section,), topic=Topic.NOTICE)
    try:
        receipt = await channel.send(message)
    except ChannelError as error:
        return bad(what, f"试发没有成：{error}")
    if receipt.unreached:
        return mind(what, f"平台收下了，但说送不到{recipient.name}。请核对他的账号")
    return good(what, f"试发成了，请{recipient.name}看一眼收到没有")
