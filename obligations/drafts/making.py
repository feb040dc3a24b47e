"""A notice -> the drafts of its rules."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from obligations.clauses import Clause, Notice, split_units
from obligations.documents import Document
from obligations.drafts.ids import digest, document_id, item_id
from obligations.drafts.model import Draft
from obligations.phrases import explain, parse
from obligations.schedule import Compound, Once, Quota, Schedule, Undetermined

_BASE = re.compile(r"\d+|[一二三四五六七八九十百]+")
_AND = "、"
_WHO = "由谁负责？原文没有写明"
_YEAR = "是哪一年？原文没有写年份，通知也没有日期"
_OFTEN = "多久一次、到什么时候？原文没有写明"


def make_drafts(notice: Notice) -> tuple[Draft, ...]:
    """Give a draft for every duty, the same duty in task and operating points only once."""
    prefix = document_id(notice.document)
    name = notice.document.number or notice.document.title or notice.document.name
    said: Counter[tuple[str, str]] = Counter()
    taken: set[str] = set()
    drafts = []
    for group in _join(_compounds(notice.clauses)):
        first = group[0]
        said[first.item, first.quote] += 1
        made = _id(prefix, first, said[first.item, first.quote], taken)
        taken.add(made)
        drafts.append(_draft(made, name, group, notice.document))
    return tuple(drafts)


def _id(prefix: str, clause: Clause, count: int, taken: set[str]) -> str:
    words = f"{clause.item}|{clause.quote}|{count}"
    for length in range(2, 12):
        made = f"{prefix}-{item_id(clause.item)}{digest(words, length)}"
        if made not in taken:
            break
    return made


def _compounds(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """Put the members of one phrase together again: “日周月” is one rule with three tiers."""
    found: list[Clause] = []
    for clause in clauses:
        last = found[-1] if found else None
        if last and _same_phrase(last, clause):
            members = _members(last.schedule) + _members(clause.schedule)
            found[-1] = replace(last, schedule=Compound(members))
        else:
            found.append(clause)
    return tuple(found)


def _same_phrase(one: Clause, two: Clause) -> bool:
    places = ("line", "quote", "sentence", "mark", "actor", "action", "item")
    if any(getattr(one, name) != getattr(two, name) for name in places):
        return False
    return all(isinstance(m, Quota) for m in (*_members(one.schedule), two.schedule))


def _members(schedule: Schedule) -> tuple[Schedule, ...]:
    return schedule.members if isinstance(schedule, Compound) else (schedule,)


def _join(clauses: Sequence[Clause]) -> tuple[tuple[Clause, ...], ...]:
    """Group what states the same duty under the same number: task 24 and its points."""
    groups: dict[object, list[Clause]] = {}
    for clause in clauses:
        base = _BASE.search(clause.item)
        number = base.group() if base and _points_at(clause.item) else clause.item
        key = (number, clause.schedule, clause.actor, clause.action)
        groups.setdefault(key, []).append(clause)
    return tuple(tuple(group) for group in groups.values())


def _points_at(item: str) -> bool:
    """Whether the item is a task or its operating points, which count alike."""
    return item.isdigit() or item.startswith("操作要点")


def _draft(made: str, name: str, group: Sequence[Clause], document: Document) -> Draft:
    clause = group[0]
    actors = tuple(split_units(clause.actor))
    phrase = choose_phrase(clause, document.year)
    return Draft(
        id=made,
        matter=clause.action,
        bearers=actors or clause.units,
        phrase=phrase,
        schedule=clause.schedule,
        document=name,
        item=_AND.join(dict.fromkeys(c.item for c in group if c.item)),
        quote=clause.quote,
        question=_question(clause, document.year),
        units=clause.units if actors else (),
    )


def choose_phrase(clause: Clause, year: int | None) -> str:
    """Give words that read back to the clause's schedule, "" where only the structured form does.

    The notice's own words come first.
    """
    for words in (clause.quote, explain(clause.schedule)):
        if words and parse(words, year=year) == clause.schedule:
            return words
    return clause.quote if isinstance(clause.schedule, Undetermined) else ""


def _question(clause: Clause, year: int | None) -> str:
    """Give what the office must answer before the rule can run."""
    asked = []
    if isinstance(clause.schedule, Undetermined):
        asked.append(clause.schedule.reason or _OFTEN)
    open_end = isinstance(clause.schedule, Once) and not (
        clause.schedule.end or clause.schedule.end_event or clause.schedule.start
    )
    if open_end and year is None:
        asked.append(_YEAR)
    if not clause.actor and not clause.units:
        asked.append(_WHO)
    return "；".join(asked)
