"""``jiaoying forecast``: how long a call takes over the lanes, before it is needed."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

from notifier.cli.outlook import (
    LOCAL,
    ask_for,
    lane_words,
    limit_words,
    names,
    shortcomings,
    span,
    strike_words,
)
from notifier.config import environment, settings
from notifier.forecast import ROUND_TRIP, Forecast, Question, foresee
from obligations.errors import Misconfigured
from obligations.rules import Ladder, Office, find_ladder, read

EXAMPLE = "暴雨红色预警，请立即组织转移，并回报情况"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("text", nargs="?", default=EXAMPLE, help="叫应的内容，越长一条里装的人越少")
    parser.add_argument(
        "--to", action="append", default=[], help="叫谁：姓名、单位、职务、标签，默认 全体"
    )
    parser.add_argument("--ladder", default="紧急", help="按哪个阶梯叫，默认 紧急")
    parser.add_argument("--rules", help="规则文件，默认 rules.yaml")
    parser.add_argument("--format", choices=("words", "jsonl"), default="words", help="输出格式")


def run(options: argparse.Namespace) -> int:
    """Print how the call would go; 1 where the ladder cannot be met."""
    chosen = settings(environment(options.rules), options.rules)
    office = read(chosen.rules)
    to = [term for terms in options.to for term in terms.split(",")] or ["全体"]
    ladder = _ladder(office, options.ladder)
    asked = ask_for(office, ladder, to, options.text, chosen.public_url or LOCAL)
    found = foresee(asked)
    if options.format == "jsonl":
        for row in _rows(found, asked):
            print(json.dumps(row, ensure_ascii=False))
    else:
        print(*_lines(found, asked, "、".join(to)), sep="\n")
    return 1 if any(shortcomings(found)) else 0


def _ladder(office: Office, name: str) -> Ladder:
    found = find_ladder(office, name)
    if found is None:
        known = "、".join(ladder.name for ladder in office.ladders)
        message = f"没有叫“{name}”的阶梯。能用的有：{known}"
        raise Misconfigured(message)
    return found


def _lines(found: Forecast, asked: Question, to: str) -> Iterator[str]:
    trip = asked.round_trip / ROUND_TRIP.resolution / 1_000_000
    yield (
        f"按“{asked.call.ladder.name}”叫“{to}”，{found.people}人，假定没有人应答、"
        f"平台每条{trip:g}秒答复、通道里没有别的消息："
    )
    limits, last = limit_words(asked), len(found.strikes) - 1
    for strike in found.strikes:
        yield strike_words(strike, is_last=strike.number == last)
        yield from (f"  {lane_words(load, limits)}" for load in strike.lanes)
    if found.silent:
        yield f"没有通道能叫到：{names(found.silent)}。请补上账号，或加一个通道"
    if found.told_in is None:
        yield "3分钟内叫到每个人：做不到，有人轮不到"
    else:
        yes = "能" if found.prompt else "做不到"
        yield f"3分钟内叫到每个人：{yes}，全部叫到一遍要{span(found.told_in)}"
    short = "；".join(shortcomings(found))
    yield f"阶梯能不能照着走：{'不能，' + short if short else '能'}"


def _rows(found: Forecast, asked: Question) -> Iterator[dict[str, Any]]:
    for strike in found.strikes:
        yield {
            "kind": "strike",
            "strike": strike.number + 1,
            "after": strike.after.total_seconds(),
            "span": strike.span.total_seconds(),
            "done": strike.done.total_seconds(),
            "late": strike.late,
        }
        for load in strike.lanes:
            yield {
                "kind": "lane",
                "strike": strike.number + 1,
                "lane": load.lane,
                "people": load.people,
                "messages": load.messages,
                "done": load.done.total_seconds(),
                "singly": load.singly.total_seconds(),
                "missed": load.missed,
            }
    yield {
        "kind": "forecast",
        "ladder": asked.call.ladder.name,
        "people": found.people,
        "limit": found.limit.total_seconds(),
        "round_trip": asked.round_trip.total_seconds(),
        "told_in": found.told_in.total_seconds() if found.told_in is not None else None,
        "silent": found.silent,
        "untold": found.untold,
        "prompt": found.prompt,
        "met": found.is_met,
    }
