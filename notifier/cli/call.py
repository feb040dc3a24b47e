"""``jiaoying call``: make a call, see how one stands, stop one."""

import argparse
import json
from typing import Any
from urllib.parse import quote

from notifier.cli import remote


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("text", nargs="?", default="", help="出了什么事，要做什么")
    parser.add_argument(
        "--to", action="append", default=[], help="叫谁：姓名、单位、职务、标签、全体"
    )
    parser.add_argument("--ladder", default="紧急", help="按哪个阶梯叫，默认 紧急")
    parser.add_argument("--name", default="", help="名称，如 暴雨红色预警")
    parser.add_argument("--order", action="append", default=[], help="要逐项回报的指令，如 撤")
    parser.add_argument("--plan", default="", help="用规则里现成的叫应")
    parser.add_argument("--id", default="", help="编号：同一编号发两次只叫一次")
    parser.add_argument("--by", default="", help="谁发起的，默认 办公室")
    parser.add_argument("--show", metavar="编号", help="看一次叫应的情况")
    parser.add_argument("--stop", metavar="编号", help="停止一次叫应，内容作为最后一句话发给大家")
    parser.add_argument("--format", choices=("words", "jsonl"), default="words", help="输出格式")
    remote.arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Ask the running program; give 1 where somebody has not answered yet."""
    by = options.by or "办公室"
    if options.show is not None:
        return _say(
            options, remote.ask(options, "GET", f"/api/calls/{quote(options.show, safe='')}")
        )
    if options.stop is not None:
        body = {"by": by, "word": options.text}
        path = f"/api/calls/{quote(options.stop, safe='')}/stop"
        found = remote.ask(options, "POST", path, body)
        return _say(options, found)
    body = {
        "text": options.text,
        "to": options.to,
        "ladder": options.ladder,
        "name": options.name,
        "orders": options.order,
        "plan": options.plan,
        "id": options.id,
        "by": by,
    }
    return _say(options, remote.ask(options, "POST", "/api/calls", body))


def _say(options: argparse.Namespace, found: dict[str, Any]) -> int:
    if options.format == "jsonl":
        print(json.dumps(found, ensure_ascii=False))
        return 0
    if "new" in found:
        again = "" if found["new"] else "（这个编号已经叫过，没有再叫一遍）"
        print(f"已发起“{found['name']}”，按“{found['ladder']}”叫{found['people']}人{again}")
        if found["unknown"]:
            print(
                f"注意，没有叫到：{'、'.join(found['unknown'])}（名单里没有，或者单位没有负责人）"
            )
        print(f"看情况：jiaoying call --show {found['id']}")
        return 0
    if "callees" not in found:
        print(f"已停止“{found['name']}”，最后一句话正在发给大家")
        return 0
    counts = "，".join(f"{words}{count}人" for words, count in found["counts"].items())
    print(f"“{found['name']}”：{counts}")
    for one in found["callees"]:
        print("  " + _line(one))
    return 1 if {"正在叫", "未叫醒"} & set(found["counts"]) else 0


def _line(one: dict[str, Any]) -> str:
    parts = [one["state"], one["person"], one["group"] if one["group"] != one["person"] else ""]
    if one["answered_after"]:
        parts.append(f"{one['answered_after']}后应答，凭{one['proof']}")
    if one["trouble"]:
        parts.append(one["trouble"])
    return "  ".join(part for part in parts if part)
