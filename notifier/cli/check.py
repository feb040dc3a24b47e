"""``jiaoying check``: every problem of rules.yaml with its place, and the mending of slips."""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from notifier.calls import named
from notifier.cli.outlook import LOCAL, ask_for, shortcomings
from notifier.cli.rules_file import replace_file
from notifier.config import environment, settings
from notifier.forecast import foresee
from notifier.hours import office_hours
from notifier.report.replay import above_budget, replay, week_words
from obligations.errors import Place, Problem
from obligations.rules import (
    CallPlan,
    ChannelSpec,
    Office,
    Rule,
    examine,
    find_ladder,
    read_text,
    repair,
)
from obligations.rules.timing import undetermined

LOOKED_AT = timedelta(days=35)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command understands."""
    parser.add_argument("rules", nargs="?", help="规则文件，默认 JIAOYING_RULES 或 rules.yaml")
    parser.add_argument(
        "--fix",
        action="store_true",
        help="修正标点一类的笔误（全角冒号、中文引号、Tab、冒号后缺空格），原文件另存为 .bak-1",
    )


def run(options: argparse.Namespace) -> int:
    """Print every problem and question; 1 if the file is refused."""
    env = environment(options.rules)
    chosen = settings(env, options.rules)
    path = chosen.rules
    text = read_text(path)
    if options.fix:
        text = fix(path, text)
    office, problems = examine(text, str(path))
    unset = tuple(unset_settings(office, text, str(path), env)) if office else ()
    slow = tuple(unmet_calls(office, text, str(path), chosen.public_url)) if office else ()
    heavy = tuple(heavy_weeks(office, text, str(path))) if office else ()
    told = tuple(sorted((*problems, *unset, *slow, *heavy)))
    lines = [*map(str, told), summary(office, told)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if office else 1


def fix(path: Path, text: str) -> str:
    """Mend the slips in the file, say each on stderr, and give the new text."""
    reading = repair(text)
    slips = sorted(reading.slips())
    for slip in slips:
        place = Place(str(path), slip.line, slip.column)
        sys.stderr.write(f"{place}: 已修正：{slip.message.partition('，请')[0]}\n")
    if not slips:
        sys.stderr.write("没有可以自动修正的笔误\n")
        return text
    backup = replace_file(path, path.read_bytes(), reading.text.encode())
    sys.stderr.write(f"共修正{len(slips)}处，原文件另存为 {backup}\n")
    return reading.text


def unset_settings(
    office: Office, text: str, file: str, env: Mapping[str, str]
) -> Iterator[Problem]:
    """Give a warning for every setting that a channel names and nobody has set."""
    for channel in office.channels:
        for key, value in _settings_of(channel):
            if value.startswith("$") and not env.get(value[1:]):
                message = (
                    f"通道“{channel.name}”的{key}要用设置 {value[1:]}，"
                    "环境变量和 .env 里都没有，补上以前这个群发不出消息"
                )
                yield Problem(mention(text, value[1:], file), message, warning=True)


def _settings_of(channel: ChannelSpec) -> tuple[tuple[str, str], ...]:
    return (
        ("地址", channel.address),
        ("密钥", channel.secret),
        ("账号", channel.account),
        ("应用", channel.app),
        ("令牌", channel.token),
        ("解密", channel.aes_key),
    )


def heavy_weeks(office: Office, text: str, file: str) -> Iterator[Problem]:
    """Give a warning for everybody who gets more messages than the budget in an ordinary week."""
    today = office_hours(office).today(datetime.now(UTC))
    found = replay(office, today, today + LOOKED_AT)
    for person, monday, count in above_budget(found):
        message = (
            f"{person}在{week_words(monday)}要收{count}条提醒，超过每周上限{office.budget}条。"
            "请把他名下的频次放宽，或分给别人；详情运行 jiaoying replay"
        )
        yield Problem(_line_of(text, person, file), message, warning=True)


def unmet_calls(office: Office, text: str, file: str, public_url: str) -> Iterator[Problem]:
    """Give a warning for every ready-made call whose ladder its channels cannot keep up with."""
    for plan in office.calls if office.channels else ():
        if short := "；".join(_shortcomings(office, plan, public_url)):
            message = (
                f"叫应“{plan.name}”照阶梯“{plan.ladder}”叫不过来：{short}。"
                f"请加通道、少叫些人或放长阶梯，细看 jiaoying forecast --to {','.join(plan.to)}"
            )
            yield Problem(place_of_call(text, plan.name, file), message, warning=True)


def _shortcomings(office: Office, plan: CallPlan, public_url: str) -> Iterator[str]:
    ladder = find_ladder(office, plan.ladder)
    if ladder and plan.to and all(named(office, (term,)) for term in plan.to):
        asked = ask_for(office, ladder, plan.to, plan.text, public_url or LOCAL)
        found = replace(foresee(asked), silent=())  # who has no account is told of elsewhere
        yield from shortcomings(found)


def place_of_call(text: str, name: str, file: str) -> Place:
    """Give the line in which a ready-made call begins."""
    begins = re.compile(rf"""\s+["']?{re.escape(name)}["']?\s*:""")
    lines = text.splitlines()
    first = next((n for n, line in enumerate(lines) if line.startswith("叫应")), 0)
    for n, line in enumerate(lines[first:], first + 1):
        if begins.match(line):
            return Place(file, n, len(line) - len(line.lstrip()) + 1)
    return Place(file)


def mention(text: str, name: str, file: str) -> Place:
    """Give the first place outside of comments that names the setting."""
    written = re.compile(rf"\$\{{?{name}\b")
    for n, line in enumerate(text.splitlines(), 1):
        found = written.search(line.partition("#")[0])
        if found:
            return Place(file, n, found.start() + 1)
    return Place(file)


def _line_of(text: str, name: str, file: str) -> Place:
    """Give the place at which somebody's entry of 人员 begins."""
    written = re.compile(rf"(?:^|[\s{{,\"']){re.escape(name)}[\"']?:")
    for n, line in enumerate(text.splitlines(), 1):
        if found := written.search(line.partition("#")[0]):
            return Place(file, n, line.index(name, found.start()) + 1)
    return Place(file)


def summary(office: Office | None, problems: tuple[Problem, ...]) -> str:
    """Give the last line: how many rules, how many problems, how many open questions."""
    wrong = sum(not problem.warning for problem in problems)
    if office is None:
        return f"有{wrong}处问题，规则文件没有采用；改好后再运行一次 jiaoying check"
    open_ones = sum(map(is_open, office.rules))
    parts = [f"{len(office.rules)} 条规则，没有问题"]
    if open_ones:
        parts.append(f"{open_ones} 处待定")
    if len(problems) > open_ones:
        parts.append(f"{len(problems)} 处提醒")
    if office.rules and not office.channels:
        parts.append("还没有“通道”，到期也没有人会收到提醒")
    return "；".join(parts)


def is_open(rule: Rule) -> bool:
    """Say whether the office still has to decide something about the rule."""
    return rule.draft or bool(rule.question) or undetermined(rule.schedule) is not None
