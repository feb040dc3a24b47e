"""The objects of a list, shared out among the bearers of a rule."""

from collections.abc import Sequence

from obligations.rules import Bearer, Listed, Office, Roster
from obligations.schedule import Compound, Coverage, Schedule


def find_roster(office: Office, of: str) -> Roster | None:
    """Give the list that a phrase names: by its name, else the longest name that it contains.

    >>> office = Office("青溪镇", lists=(Roster("挂牌企业"),))
    >>> roster = find_roster(office, "辖区挂牌企业")
    >>> roster.name if roster else "没有"
    '挂牌企业'
    """
    exact = next((one for one in office.lists if one.name == of), None)
    within = (one for one in office.lists if one.name in of)
    return exact or max(within, key=lambda one: len(one.name), default=None)


def coverages(schedule: Schedule) -> tuple[Coverage, ...]:
    """Give the parts of a schedule that go through a list."""
    members = schedule.members if isinstance(schedule, Compound) else (schedule,)
    return tuple(one for one in members if isinstance(one, Coverage))


def share(
    objects: Sequence[Listed], bearers: Sequence[Bearer]
) -> tuple[tuple[Bearer, tuple[str, ...]], ...]:
    """Give each bearer's objects: those that name him, the rest by turns in the list's order.

    A turn depends on the place in the list only, so that one more at its end moves no other.

    >>> listed = (Listed("甲厂"), Listed("乙厂"), Listed("丙厂"))
    >>> [(bearer.name, names) for bearer, names in share(listed, (Bearer("罗兰"), Bearer("吴涛")))]
    [('罗兰', ('甲厂', '丙厂')), ('吴涛', ('乙厂',))]
    """
    if not bearers:
        return ()
    owners = [find_owner(one, bearers) for one in objects]
    turns = [owner or bearers[n % len(bearers)] for n, owner in enumerate(owners)]
    pairs = tuple(zip(objects, turns, strict=True))
    return tuple(
        (bearer, tuple(one.name for one, turn in pairs if turn is bearer)) for bearer in bearers
    )


def find_owner(one: Listed, bearers: Sequence[Bearer]) -> Bearer | None:
    """Give the bearer whom the object names by his name, his post, or his unit."""
    return next((bearer for bearer in bearers if one.bearer and one.bearer in _calls(bearer)), None)


def _calls(bearer: Bearer) -> tuple[str, ...]:
    person = bearer.person
    return (bearer.name, person.name, *person.posts) if person else (bearer.name,)
