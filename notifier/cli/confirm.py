"""``jiaoying confirm``: drafts become rules, once nothing about them is open."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from notifier.cli.rules_file import read_rules, write_rules_file
from notifier.config import environment, settings
from obligations.drafts import WHO, Entry, confirm, read_entries, replaced
from obligations.errors import Misconfigured, Problem, RulesRefused
from obligations.phrases import explain
from obligations.rules import Office, Rule, examine, resolve
from obligations.rules.timing import undetermined

OPEN = "请在规则里改好“频次”"
ANSWER = "请先答复，写进这条规则，再删掉“待定”这一行"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command understands."""
    parser.add_argument("ids", nargs="*", metavar="编号", help="要确认的规则的编号，可以写几个")
    parser.add_argument("--all", action="store_true", help="能确认的待确认规则全部确认")
    parser.add_argument("--rules", help="规则文件，默认 JIAOYING_RULES 或 rules.yaml")
    parser.add_argument("--bearer", default="", metavar="姓名/职务/单位", help="同时定下由谁负责")


def run(options: argparse.Namespace) -> int:
    """Take 待确认 out of the rules that are ready; 1 where one of those asked for is not."""
    path = settings(environment(), options.rules).rules
    text, office = read_office(path)
    ids = wanted(options, office)
    if options.bearer and not resolve(office, options.bearer):
        return refuse({options.bearer: stranger(options.bearer, office)})
    told = {name: said for name in ids if (said := unready(name, office, options.bearer))}
    ready = [name for name in ids if name not in told]
    done = [rule.id for rule in office.rules if rule.id in ready and not rule.draft]
    for name in done:
        print(f"{name} 以前已经确认过")
    ready = [name for name in ready if name not in done]
    entries = read_entries(text, str(path))
    new, failed = settle(text, entries, ready, options.bearer)
    told.update(failed)
    ready = [name for name in ready if name not in failed]
    if ready:
        tell(ready, office, entries, new)
        backup = write_rules_file(path, text, new)
        print(f"确认了 {len(ready)} 条，已写进 {path}，原文件另存为 {backup}")
    elif not done:
        print(f"没有确认任何一条，{path} 没有改动")
    return refuse(told)


def read_office(path: Path) -> tuple[str, Office]:
    """Give the file's text and what it says; a file that is missing or refused is told."""
    text = read_rules(path)
    if text is None:
        message = f"{path}：没有这个文件；请核对 --rules 写的规则文件。"
        raise Misconfigured(message)
    office, problems = examine(text, str(path))
    if office is None:
        raise RulesRefused(tuple(problem for problem in problems if not problem.warning))
    return text, office


def wanted(options: argparse.Namespace, office: Office) -> list[str]:
    """Give the ids that are asked for, each once."""
    if not options.ids and not options.all:
        message = "请写出要确认的编号，如 jiaoying confirm QX26.7-3kf，或用 --all 全部确认。"
        raise Misconfigured(message)
    drafts = (rule.id for rule in office.rules if rule.draft) if options.all else ()
    return list(dict.fromkeys((*options.ids, *drafts)))


def unready(name: str, office: Office, bearer: str) -> str:
    """Give why a rule cannot be confirmed, "" where nothing about it is open."""
    rule = next((rule for rule in office.rules if rule.id == name), None)
    if rule is None:
        known = [rule.id for rule in office.rules if rule.draft]
        near = get_close_matches(name[:40], known, 1)
        hint = f"，是不是 {near[0]}？" if near else "；请核对编号"
        return f"规则里没有这个编号{hint}"
    if not rule.draft:
        return ""
    if rule.question and not (bearer and rule.question == WHO):
        return f"还有待定：{rule.question}。{advice(rule)}"
    unclear = undetermined(rule.schedule)
    if unclear is not None:
        reason = unclear.reason.rstrip("。")
        return f"频次“{rule.phrase}”没有定：{reason}。{OPEN}，如 每季度至少1次"
    return ""


def advice(rule: Rule) -> str:
    """Give what to fill in so that the question is answered."""
    if rule.question == WHO:
        return f"请补上“责任人”并删掉“待定”，或用 jiaoying confirm {rule.id} --bearer 姓名"
    return ANSWER


def stranger(bearer: str, office: Office) -> str:
    """Give what to do about somebody that the office does not have."""
    posts = (post for person in office.people for post in (person.name, *person.posts))
    known = [*posts, *(unit.name for unit in office.units)]
    near = get_close_matches(bearer[:40], known, 1, 0.5)
    hint = f"，是不是“{near[0]}”？" if near else "；请先登记，或写登记过的姓名、职务、单位"
    return f"不在“人员”“单位”里，也不是谁的职务{hint}"


def settle(
    text: str, entries: Sequence[Entry], ids: Sequence[str], bearer: str
) -> tuple[str, dict[str, str]]:
    """Give the file with the drafts in force, and why some could not be; it is read to be sure."""
    new = put(text, entries, ids, bearer)
    office, problems = examine(new)
    if office is not None:
        return sure(new, entries, ids), {}
    failed = blamed(new, [problem for problem in problems if not problem.warning])
    left = [name for name in ids if name not in failed]
    new = put(text, entries, left, bearer)
    return sure(new, entries, left), {name: failed[name] for name in ids if name in failed}


def put(text: str, entries: Sequence[Entry], ids: Sequence[str], bearer: str) -> str:
    """Give the file with the drafts in force."""
    who = [entry.id for entry in entries if bearer and entry.words.get("待定") == WHO]
    return confirm(text, entries, ids, bearer, who)


def sure(new: str, entries: Sequence[Entry], ids: Sequence[str]) -> str:
    """Give the new text if it holds the rules that it should, and no others."""
    office, _ = examine(new)
    gone = replaced(entries, ids)
    left = [entry.id for entry in entries if entry.id not in gone]
    running = set(ids) - gone
    kept = office is not None and [rule.id for rule in office.rules] == left
    if office is None or not kept or any(r.draft for r in office.rules if r.id in running):
        message = "这几条规则的写法程序改不了，没有改动；请自己删掉“状态: 待确认”这一行。"
        raise Misconfigured(message)
    return new


def blamed(text: str, problems: Iterable[Problem]) -> dict[str, str]:
    """Give the problems by the rule in which they stand."""
    starts = [(text.count("\n", 0, e.start) + 1, e.id) for e in read_entries(text)]
    said: dict[str, str] = {}
    for problem in problems:
        above = [name for line, name in starts if line <= problem.place.line]
        if above:
            said.setdefault(above[-1], problem.message)
    return said


def tell(ids: Sequence[str], office: Office, entries: Sequence[Entry], new: str) -> None:
    """Say which rules run from now on, and which are gone for them."""
    now, _ = examine(new)
    rules = {rule.id: rule for rule in (*office.rules, *(now.rules if now else ()))}
    gone = replaced(entries, ids)
    for name in ids:
        rule = rules[name]
        who = "、".join(term for bearing in rule.bearings for term in bearing.terms)
        if name not in gone:
            print(f"{name} 已确认：{who}：{rule.matter}，{explain(rule.schedule)}")
        for old in sorted(replaced(entries, [name]) & set(rules)):
            print(f"  代替 {old}，旧的删去：{rules[old].matter}，{explain(rules[old].schedule)}")


def refuse(told: dict[str, str]) -> int:
    """Say what could not be confirmed and why; give the exit status."""
    for name, said in told.items():
        print(f"{name} 不能确认：{said}", file=sys.stderr)
    return 1 if told else 0
