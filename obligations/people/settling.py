"""The new text, once it is sure that it says what it should and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from obligations.errors import Misconfigured, Place, RulesRefused
from obligations.people.comparing import PEOPLE, UNITS
from obligations.people.model import Change, Field
from obligations.people.words import SHOWN
from obligations.people.writing import write_changes
from obligations.rules import Office, Person, Rule, Unit, examine

_NAMES = {shown: name for name, shown in SHOWN.items()}


def settle(text: str, changes: Sequence[Change], file: str = "rules.yaml") -> str:
    """Give the file with the changes in it; raise where it would not check, or say other things."""
    before, _ = examine(text, file)
    new = write_changes(text, changes, file)
    after, problems = examine(new, file)
    if after is None:
        raise RulesRefused(tuple(problem for problem in problems if not problem.warning))
    if before is None or _bare(after) != _bare(expected(before, changes)):
        message = f"{file}：里面“人员”的写法程序改不准，没有改动；请按上面列出的自己改。"
        raise Misconfigured(message)
    return new


def _bare(office: Office) -> Office:
    """Give the office without the lines in which its rules stand."""
    rules = tuple(_placeless(rule) for rule in office.rules)
    return replace(office, rules=rules)


def _placeless(rule: Rule) -> Rule:
    return replace(rule, place=Place(""))


def expected(office: Office, changes: Iterable[Change]) -> Office:
    """Give the office as it should be after the changes."""
    people = {person.name: person for person in office.people}
    units = {unit.name: unit for unit in office.units}
    for change in changes:
        values = _values(change.fields)
        if change.group == PEOPLE:
            person = people.get(change.name, Person(change.name))
            people[change.name] = replace(person, **values)
        elif change.group == UNITS:
            unit = units.get(change.name, Unit(change.name, ""))
            units[change.name] = replace(unit, **values)
    return replace(office, people=tuple(people.values()), units=tuple(units.values()))


def _values(fields: Iterable[Field]) -> Mapping[str, Any]:
    named = ((_NAMES[field.key], field) for field in fields)
    return {name: field.new if field.many else field.new[0] for name, field in named}
