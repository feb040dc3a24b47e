"""``jiaoying import``: what a notice demands, put into rules.yaml as rules that wait for a yes."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from notifier.cli.notices import Reading, add_notices, named_files, read_notices
from notifier.cli.rules_file import read_rules, write_rules_file
from obligations.drafts import (
    Comparison,
    Draft,
    Terms,
    compare,
    keep,
    make_drafts,
    mapping,
    read_kept,
    tell,
    tell_unknown,
    unknown,
    write_into,
)
from obligations.rules import examine


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command understands."""
    add_notices(parser)
    parser.add_argument(
        "--into", required=True, metavar="rules.yaml", help="写进哪个规则文件；没有就新建一个"
    )


def run(options: argparse.Namespace) -> int:
    """Put the drafts of every notice into the file; 2 where none could be read, 1 for some."""
    path = Path(options.into)
    old = read_rules(path)
    text = old or ""
    terms, blind = known_terms(text, str(path))
    reading = Reading(named_files(options.files))
    rules = list(read_kept(text, str(path)))
    found: list[Comparison] = []
    for name, notice in read_notices(options, reading):
        comparison = compare(make_drafts(notice, terms.named), rules)
        rules += [keep(mapping(draft)) for draft in comparison.written]
        found.append(comparison)
        sys.stdout.write(f"{name}：\n{tell(comparison)}\n")
    drafts = tuple(draft for comparison in found for draft in comparison.written)
    if not found:
        return reading.status
    sys.stdout.writelines(f"{line}\n" for line in summary(found, reading))
    told = blind or tell_unknown(strangers(drafts, terms), terms)
    sys.stdout.write(f"{told}\n" if told else "")
    sys.stdout.write(f"{save(path, old, write_into(text, drafts, str(path)))}\n")
    return reading.status


def known_terms(text: str, file: str) -> tuple[Terms, str]:
    """Give what the office calls its units and people, or why its file does not tell."""
    office, _ = examine(text, file)
    if office is not None:
        return Terms.of(office), ""
    if not text.strip():
        return Terms(), ""
    return Terms(), f"{file} 里还有错，责任人没有同“单位”“人员”核对；请运行 jiaoying check 改好"


def strangers(drafts: Iterable[Draft], terms: Terms) -> Counter[str]:
    """Give how often the drafts name somebody whom rules.yaml does not have."""
    bearers = (bearer for draft in drafts if not draft.taken for bearer in draft.bearers)
    return unknown(bearers, terms)


def summary(found: Sequence[Comparison], reading: Reading) -> Iterable[str]:
    """Give what the whole import brought where it was more than one file."""
    if len(reading.files) > 1:
        counts = (
            ("新增", sum(len(one.new) for one in found)),
            ("改了", sum(len(one.changed) for one in found)),
            ("不再有", sum(len(one.gone) for one in found)),
            ("没有变", sum(len(one.same) for one in found)),
        )
        said = "，".join(f"{word} {count} 条" for word, count in counts if count)
        yield f"共 {len(reading.files)} 个文件，读成 {len(found)} 个：{said or '没有任务'}"
    if reading.refused:
        yield f"没有读成：{'、'.join(path.name for path in reading.refused)}（原因见上）"


def save(path: Path, old: str | None, new: str) -> str:
    """Write the file if anything is new, and say so."""
    if new == (old or ""):
        return f"{path} 没有改动"
    backup = write_rules_file(path, old, new)
    kept = f"，原文件另存为 {backup}" if backup else ""
    return f"已写进 {path}{kept}；新写入的都待确认，确认用 jiaoying confirm 编号"
