"""Who is meant by a name, a post, a unit or a tag."""

from dataclasses import dataclass

from obligations.rules.model import Office, Person, Unit


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
    for person in office.people:
        if person.name == term:
            return (Bearer(person.name, person),)
    for unit in office.units:
        if unit.name == term:
            return (_unit(office, unit),)
    holders = tuple(Bearer(p.name, p) for p in office.people if term in p.posts)
    if holders:
        return holders
    tagged = tuple(_unit(office, unit) for unit in office.units if term in unit.tags)
    return tagged + tuple(Bearer(p.name, p) for p in office.people if term in p.tags)


def _unit(office: Office, unit: Unit) -> Bearer:
    head = next((person for person in office.people if person.name == unit.head), None)
    return Bearer(unit.name, head, unit)
