"""A notice -> the drafts of its rules."""

import json
from collections import Counter
from collections.abc import Callable

from obligations.clauses import Clause, Notice, split_units
from obligations.clauses.units import merge_units
from obligations.documents import Document
from obligations.drafts.ids import digest, document_id, item_id
from obligations.drafts.joining import Group, group_clauses
from obligations.drafts.likeness import bare
from obligations.drafts.model import Draft
from obligations.phrases import dump, explain, parse
from obligations.schedule import Once, Schedule, Undetermined

Naming = Callable[[tuple[str, ...]], tuple[str, ...]]

WHO = "由谁负责？原文没有写明"
_AND = "、"
_YEAR = "是哪一年？原文没有写年份，通知也没有日期"
_OFTEN = "多久一次、到什么时候？原文没有写明"
_MARK = 3
_FEW = 20


def make_drafts(notice: Notice, named: Naming = tuple) -> tuple[Draft, ...]:
    r"""Give a draft for every duty, one that the notice states twice only once.

    ``named`` gives the names that the office has for bearers.

    >>> from obligations.clauses import read_notice
    >>> from obligations.documents import read_text
    >>> text = "青溪府发〔2026〕7号\n3.应急办每月检查消防设施。"
    >>> [draft] = make_drafts(read_notice(read_text("通知.txt", text)))
    >>> draft.bearers, draft.matter, draft.phrase, draft.id
    (('应急办',), '检查消防设施', '每月', 'QX26.7-3bh')
    """
    prefix = document_id(notice.document)
    said: Counter[tuple[str, str]] = Counter()
    taken: set[str] = set()
    drafts = []
    for group in group_clauses(notice.clauses):
        first = group[0]
        said[first.item, first.quote] += 1
        made = _id(prefix, first, said[first.item, first.quote], taken)
        taken.add(made)
        drafts.append(_draft(made, group, notice.document, named))
    return tuple(drafts)


def _id(prefix: str, clause: Clause, count: int, taken: set[str]) -> str:
    words = f"{clause.item}|{clause.quote}|{count}"
    for length in range(2, 12):
        made = f"{prefix}-{item_id(clause.item)}{digest(words, length)}"
        if made not in taken:
            break
    return made


def _draft(made: str, group: Group, document: Document, named: Naming) -> Draft:
    clause = group[0]
    actors = next((split_units(c.actor) for c in group if c.actor), ())
    units = merge_units(*(c.units for c in group))
    return Draft(
        id=made,
        matter=clause.action,
        bearers=named(actors or units),
        phrase=choose_phrase(clause, document.year),
        schedule=clause.schedule,
        document=document.number or document.title or document.name,
        title=document.title if document.number else "",
        item=_AND.join(dict.fromkeys(c.item for c in group if c.item)),
        quote=clause.quote,
        asked=_asked(clause, document.year, known=bool(actors or units)),
        units=units if actors else (),
        mark=_mark(clause, actors, units),
    )


def _mark(clause: Clause, actors: tuple[str, ...], units: tuple[str, ...]) -> str:
    """Give what tells later whether the notice says something else of what, who, when, units."""
    who, beside = (" ".join(map(bare, names)) for names in (actors, units))
    words = (bare(clause.action), who, _when(clause.schedule), beside)
    return ".".join(digest(word, _MARK) for word in words)


def _when(schedule: Schedule) -> str:
    if isinstance(schedule, Undetermined):
        return bare(schedule.text)
    return json.dumps(dump(schedule), ensure_ascii=False)


def choose_phrase(clause: Clause, year: int | None) -> str:
    """Give words that read back to the clause's schedule, "" where only the structured form does.

    The notice's own words come first if they are few, without those that only tell them apart.
    """
    phrase = " ".join(clause.sentence[clause.mark : clause.mark_end].split())
    own = (phrase, clause.quote)
    short = (words for words in own if len(words) <= _FEW)
    for words in (*short, explain(clause.schedule), *own):
        if words and parse(words, year=year) == clause.schedule:
            return words
    vague = isinstance(clause.schedule, Undetermined)
    return (phrase or clause.quote) if vague else ""


def _asked(clause: Clause, year: int | None, *, known: bool) -> tuple[tuple[str, str], ...]:
    """Give what the office must answer before the rule can run."""
    asked = []
    if isinstance(clause.schedule, Undetermined):
        asked.append(("频次", clause.schedule.reason.rstrip("。") or _OFTEN))
    open_end = isinstance(clause.schedule, Once) and not (
        clause.schedule.end or clause.schedule.end_event or clause.schedule.start
    )
    if open_end and year is None:
        asked.append(("频次", _YEAR))
    if not known:
        asked.append(("责任人", WHO))
    return tuple(asked)
