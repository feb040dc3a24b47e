"""演练: everybody called once through the running program, and who could not be reached."""

import argparse
import json

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from notifier.calls import CallStanding, CallState
from notifier.cli import remote
from notifier.clock import Clock
from notifier.config import environment, settings
from notifier.events import Call
from notifier.hours import office_hours
from notifier.ledger.call_reads import callees_of, latest_calls
from notifier.ledger.store import connect
from obligations.errors import Misconfigured
from obligations.rules import read
from obligations.rules.ladders import DRILL

TEXT = "这是一次叫应演练，没有险情，不用出动。请点自己名字后面的链接，答复“收到”"
RECENT = 200  # calls among which the last drill is looked for


def begin(options: argparse.Namespace) -> int:
    """Ask the running program to call everybody once."""
    body = {"text": TEXT, "to": ["全体"], "ladder": DRILL, "name": DRILL, "by": "体检"}
    found = remote.ask(options, "POST", "/api/calls", body)
    if options.format == "jsonl":
        print(json.dumps(found, ensure_ascii=False))
    else:
        print(f"演练开始了，叫{found['people']}人，10分钟后未应的名单会报给值班室")
        print("看谁没有应：jiaoying doctor --drill-result")
    return 0


def show(options: argparse.Namespace) -> int:
    """Print who did not answer the last drill; 1 where there is somebody."""
    chosen = settings(environment(options.rules), options.rules, options.data)
    call, standings = _last_drill(chosen.database_url)
    silent = [one for one in standings if one.state in (CallState.CALLING, CallState.UNREACHED)]
    if options.format == "jsonl":
        for one in standings:
            print(json.dumps(_row(call, one), ensure_ascii=False))
        return 1 if silent else 0
    runs = Clock().now() < call.begun + call.ladder.limit
    begun = office_hours(read(chosen.rules)).local(call.begun)
    print(
        f"{begun:%Y-%m-%d %H:%M}的演练{'（还没有到时间）' if runs else ''}："
        f"叫{len(standings)}人，{len(standings) - len(silent)}人应了，{len(silent)}人没有应"
    )
    for one in silent:
        print(f"  {one.callee.person}（{one.callee.group}）：{_why(one)}")
    return 1 if silent else 0


def _last_drill(url: str) -> tuple[Call, tuple[CallStanding, ...]]:
    engine = connect(url)
    try:
        with engine.connect() as connection:
            call = _find(connection)
            if call is not None:
                return call, callees_of(connection, call.id)
    except SQLAlchemyError as error:
        message = "台账打不开，看不到演练的结果。请用 --data 指明存放台账的文件夹"
        raise Misconfigured(message) from error
    finally:
        engine.dispose()
    message = "还没有做过演练。请先运行 jiaoying doctor --drill"
    raise Misconfigured(message)


def _find(connection: Connection) -> Call | None:
    calls = latest_calls(connection, RECENT)
    return next((call for call in calls if call.ladder.name == DRILL), None)


def _why(one: CallStanding) -> str:
    if one.undelivered:
        return f"没有送达，{one.undelivered}"
    return "送到了，没有应答" if one.told_at else "还没有发出去"


def _row(call: Call, one: CallStanding) -> dict[str, str | bool]:
    answered = one.state not in (CallState.CALLING, CallState.UNREACHED)
    return {
        "call": call.id,
        "person": one.callee.person,
        "group": one.callee.group,
        "answered": answered,
        "why": "" if answered else _why(one),
    }
