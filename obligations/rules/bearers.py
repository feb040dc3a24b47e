"""Who is meant by a name, a post, a unit or a tag."""

from dataclasses import dataclass
from datetime import date

from obligations.rules.model import Office, Person, Roster, Unit

FURTHEST = 3  # deputies of deputies that are asked before nobody is


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody or some unit that bears a rule; ``person`` is who is reminded, if there is one."""

    name: str
    person: Person | None = None
    unit: Unit | None = None


def resolve(office: Office, term: str) -> tuple[Bearer, ...]:
    """Give everybody whom ``term`` means: one person, one unit, a post's or a tag's holders.

    >>> from obligations.rules.model import Office, Person
    >>> office = Office("青溪镇", people=(Person("周敏", posts=("应急办主任",)),))
    >>> [bearer.name for bearer in resolve(office, "应急办主任")]
    ['周敏']
    """
    person, unit = office.find_person(term), office.find_unit(term)
    if person:
        return (Bearer(person.name, person),)
    if unit:
        return (_unit(office, unit),)
    holders = office.find_holders(term)
    if holders:
        return tuple(Bearer(one.name, one) for one in holders)
    units, people = office.find_tagged(term)
    return (*(_unit(office, one) for one in units), *(Bearer(one.name, one) for one in people))


def _unit(office: Office, unit: Unit) -> Bearer:
    return Bearer(unit.name, office.find_person(unit.head), unit)


def find_person(office: Office, name: str) -> Person | None:
    """Give the person of that name."""
    return office.find_person(name)


def find_roster(office: Office, of: str) -> Roster | None:
    """Give the list that a phrase names: by its name, else the longest name that it contains.

    >>> from obligations.rules.model import Roster
    >>> office = Office("青溪镇", lists=(Roster("挂牌企业"),))
    >>> roster = find_roster(office, "辖区挂牌企业")
    >>> roster.name if roster else "没有"
    '挂牌企业'
    """
    exact = next((one for one in office.lists if one.name == of), None)
    within = (one for one in office.lists if one.name in of)
    return exact or max(within, key=lambda one: len(one.name), default=None)


def is_away(person: Person, today: date) -> bool:
    """Tell whether a person is on leave."""
    return any(leave.first <= today <= leave.last for leave in person.leaves)


def stand_in(office: Office, name: str, today: date) -> Person | None:
    """Give the person, or the deputy who stands in for him; None where all of them are away.

    >>> from obligations.rules.model import Leave
    >>> away = (Leave(date(2026, 7, 1), date(2026, 7, 3)),)
    >>> people = (Person("周敏", deputy="冯磊", leaves=away), Person("冯磊"))
    >>> present = stand_in(Office("青溪镇", people=people), "周敏", date(2026, 7, 2))
    >>> present.name if present else "没有人"
    '冯磊'
    """
    for _ in range(FURTHEST):
        person = find_person(office, name)
        if person is None:
            return None
        if not is_away(person, today):
            return person
        name = person.deputy
    return None
