"""``jiaoying calendar``: the private address of a calendar that a phone subscribes to."""

import argparse

from notifier.cli import remote


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--person", metavar="姓名", help="一个人的日历")
    whose.add_argument("--unit", metavar="单位", help="一个单位的日历")
    parser.add_argument("--revoke", action="store_true", help="停用原来的地址，换一个新的")
    remote.arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Ask the running program for the address, which is nobody else's business."""
    body = {"person": options.person, "unit": options.unit, "revoke": options.revoke}
    found = remote.ask(options, "POST", "/api/feeds", body)
    print(found["url"])
    if options.revoke:
        print("原来的地址已经停用，请在手机里删掉旧的订阅，再用上面的地址订阅")
    else:
        print(
            f"在手机日历里选“订阅日历”，填上面的地址。谁有它都能看{found['whose']}的任务，请只给本人"
        )
    return 0
