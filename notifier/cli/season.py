"""``jiaoying season``: open a key period, or say when it ends."""

import argparse

from notifier.cli import remote
from notifier.cli.values import day


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("name", help="重点时段的名称，如 高温汛期")
    parser.add_argument("--from", dest="first", type=day, required=True, help="从哪天起")
    parser.add_argument("--to", dest="last", type=day, help="到哪天止；不知道就不写")
    parser.add_argument("--by", default="办公室", help="谁决定的")
    remote.arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Ask the running program to set it."""
    body = {
        "name": options.name,
        "first": options.first.isoformat(),
        "last": options.last.isoformat() if options.last else "",
        "by": options.by,
    }
    remote.ask(options, "POST", "/api/seasons", body)
    until = f"到{options.last}" if options.last else "起，还没有定结束的日子"
    print(f"已设重点时段“{options.name}”：{options.first}{until}")
    return 0
