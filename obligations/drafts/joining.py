"""What a notice says twice: in a task and its operating points, in the main text and an annex."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from obligations.clauses import Clause
from obligations.drafts.likeness import bare, same_or_contained
from obligations.schedule import Compound, Quota, Undetermined, parts_of

_BASE = re.compile(r"\d+|[一二三四五六七八九十百]+")
_POINT, _TABLE = "操作要点", "表"
_FARTHEST = 200  # every row of an annex looks through so many duties of its time, no more
Group = tuple[Clause, ...]


def group_clauses(clauses: Iterable[Clause]) -> tuple[Group, ...]:
    """Give the clauses, those that state the same duty together, each group as it comes first.

    An annex row joins what the main text says and has no row yet, never another row; where several
    could be meant, the one in the same words, else the first.
    """
    whole = _compounds(clauses)
    groups: dict[object, list[Clause]] = {}
    for clause in whole:
        groups.setdefault(_key(clause), []).append(clause)
    text = _join_points([group for group in groups.values() if not in_table(group[0].item)])
    rows = (group for group in groups.values() if in_table(group[0].item))
    return tuple(map(tuple, _join_rows(text, rows)))


def in_table(item: str) -> bool:
    """Whether an item is a row of an annex."""
    return item.startswith(_TABLE)


def _key(clause: Clause) -> object:
    """Give what two statements have in common that are the same word for word."""
    return clause.item, _time(clause), clause.actor, clause.action


def _time(clause: Clause) -> object:
    schedule = clause.schedule
    return bare(schedule.text) if isinstance(schedule, Undetermined) else schedule


def _join_points(groups: Sequence[list[Clause]]) -> list[list[Clause]]:
    """Put an operating point to the task of its number, where both state the same duty."""
    tasks: dict[object, list[list[Clause]]] = {}
    for group in groups:
        if group[0].item.isdigit():
            tasks.setdefault((group[0].item, _time(group[0])), []).append(group)
    joined = []
    for group in groups:
        first = group[0]
        base = _BASE.search(first.item) if first.item.startswith(_POINT) else None
        fellows = tasks.get((base.group(), _time(first)), ()) if base else ()
        task = next((task for task in fellows if _same_duty(first, task[0])), None)
        if task is None:
            joined.append(group)
        else:
            task.extend(group)
    return joined


def _join_rows(groups: list[list[Clause]], rows: Iterable[list[Clause]]) -> list[list[Clause]]:
    """Put each row of an annex to the first group that states its duty and has no row yet."""
    waiting: dict[object, list[list[Clause]]] = {}
    for group in groups:
        waiting.setdefault(_time(group[0]), []).append(group)
    alone = []
    for row in rows:
        fellows = waiting.get(_time(row[0]), [])
        alike = [group for group in fellows[:_FARTHEST] if _same_duty(row[0], group[0])]
        found = max(alike, key=lambda group: _exactly(row[0], group[0]), default=None)
        if found is None:
            alone.append(row)
        else:
            found.extend(row)
            fellows.remove(found)
    return groups + alone


def _exactly(one: Clause, two: Clause) -> tuple[bool, bool]:
    """Whether the words are the same, and the actor: what decides where several could be meant."""
    return bare(one.action) == bare(two.action), bare(one.actor) == bare(two.actor)


def _same_duty(one: Clause, two: Clause) -> bool:
    """Whether nothing tells the duties apart: not who, not what; the times are the same."""
    who = {bare(one.actor), bare(two.actor)} - {""}
    return len(who) <= 1 and same_or_contained(one.action, two.action)


def _compounds(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """Put the members of one phrase together again: “日周月” is one rule with three tiers."""
    found: list[Clause] = []
    for clause in clauses:
        last = found[-1] if found else None
        if last and _same_phrase(last, clause):
            members = parts_of(last.schedule) + parts_of(clause.schedule)
            found[-1] = replace(last, schedule=Compound(members))
        else:
            found.append(clause)
    return tuple(found)


def _same_phrase(one: Clause, two: Clause) -> bool:
    places = ("line", "quote", "sentence", "mark", "actor", "action", "item")
    if any(getattr(one, name) != getattr(two, name) for name in places):
        return False
    return all(isinstance(m, Quota) for m in (*parts_of(one.schedule), two.schedule))
