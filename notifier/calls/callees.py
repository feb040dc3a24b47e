"""Who must answer a call: names, posts, units and tags, with deputies for those on leave."""

from collections.abc import Iterator, Sequence
from datetime import date

from notifier.events import MARK, Callee
from obligations.rules import (
    Bearer,
    Office,
    Person,
    Role,
    Unit,
    find_person,
    resolve,
    stand_in,
)

EVERYBODY = "全体"


def find_callees(
    office: Office, call: str, terms: Sequence[str], today: date
) -> tuple[tuple[Callee, ...], tuple[str, ...]]:
    """Give whom the terms name, once each, and the terms and units without head that name nobody.

    >>> from obligations.rules import Person
    >>> zhou = Person("周敏", posts=("应急办主任",))
    >>> town = Office("青溪镇", people=(zhou,))
    >>> found, unknown = find_callees(town, "C1", ["周敏", "王五"], date(2026, 7, 1))
    >>> found[0].key, unknown
    ('叫应/C1/周敏', ('王五',))
    """
    found: dict[str, Callee] = {}
    unknown = []
    for term in terms:
        bearers = _bearers(office, term)
        unknown += [one.name for one in bearers if not one.person] if bearers else [term]
        for bearer in (one for one in bearers if one.person):
            callee = _callee(office, call, bearer, term, today)
            found.setdefault(callee.key, callee)
    return tuple(found.values()), tuple(dict.fromkeys(unknown))


def everybody(office: Office) -> tuple[str, ...]:
    """Give every word that a call may be made to: 全体, tags, posts, units, people."""
    tagged: tuple[Unit | Person, ...] = (*office.units, *office.people)
    tags = (tag for one in tagged for tag in one.tags)
    posts = (post for person in office.people for post in person.posts)
    units = (unit.name for unit in office.units)
    people = (person.name for person in office.people)
    return tuple(dict.fromkeys((EVERYBODY, *tags, *units, *posts, *people)))


def find_role(office: Office, callee: Callee, whom: str, today: date) -> tuple[str, ...]:
    """Give the names of those whom a rung's word means for one callee."""
    match whom:
        case Role.SELF:
            return (callee.person,)
        case Role.DEPUTY:
            person = find_person(office, callee.person)
            deputy = stand_in(office, person.deputy, today) if person else None
            return (deputy.name,) if deputy and deputy.name != callee.person else ()
        case Role.SUPERIOR:
            return find_superior(office, callee)
        case Role.DUTY_ROOM:
            return named(office, office.duty_room)
        case _:
            return named(office, (whom,))


def find_superior(office: Office, callee: Callee) -> tuple[str, ...]:
    """Give who stands above a callee's unit, himself excepted; the duty room where nobody does."""
    unit = _unit_of(office, callee)
    above = named(office, (unit.superior,)) if unit and unit.superior else ()
    return tuple(name for name in above if name != callee.person) or named(office, office.duty_room)


def named(office: Office, terms: Sequence[str]) -> tuple[str, ...]:
    """Give the names of the people whom the terms mean, once each."""
    bearers = (bearer for term in terms for bearer in _bearers(office, term))
    return tuple(dict.fromkeys(one.person.name for one in bearers if one.person))


def _bearers(office: Office, term: str) -> tuple[Bearer, ...]:
    if term == EVERYBODY:
        return tuple(_people(office))
    return resolve(office, term)


def _people(office: Office) -> Iterator[Bearer]:
    heads = {unit.head: unit for unit in office.units}
    for person in office.people:
        yield Bearer(person.name, person, heads.get(person.name))


def _callee(office: Office, call: str, bearer: Bearer, term: str, today: date) -> Callee:
    person = bearer.person
    if person is None:
        message = "a bearer without a person cannot be called"
        raise ValueError(message)
    group = bearer.unit.name if bearer.unit else _headed(office, person.name) or term
    present = stand_in(office, person.name, today) or person
    wanted = "" if present == person else person.name
    return Callee(f"{MARK}/{call}/{person.name}", present.name, group, wanted)


def _headed(office: Office, name: str) -> str:
    return next((unit.name for unit in office.find_headed(name)), "")


def _unit_of(office: Office, callee: Callee) -> Unit | None:
    wanted = callee.wanted or callee.person
    return office.find_unit(callee.group) or next(iter(office.find_headed(wanted)), None)
