"""``jiaoying event``: record that something happened which a rule waits for."""

import argparse

from notifier.cli import remote
from notifier.cli.values import day


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("event", help="发生了什么，如 结案")
    parser.add_argument("--rule", required=True, help="规则编号")
    parser.add_argument("--on", type=day, help="哪一天，默认今天")
    parser.add_argument("--note", default="", help="哪一起、哪一家")
    parser.add_argument("--by", default="办公室", help="谁登记的")
    remote.arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Ask the running program to record it, and say what follows."""
    body = {
        "event": options.event,
        "rule": options.rule,
        "on": options.on.isoformat() if options.on else "",
        "note": options.note,
        "by": options.by,
    }
    found = remote.ask(options, "POST", "/api/events", body)
    for key in found["duties"]:
        print(f"已开始：{key}")
    if not found["duties"]:
        print("已登记，没有新的任务（可能已经登记过）")
    return 0
