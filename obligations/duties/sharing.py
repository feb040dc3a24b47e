"""The objects of a list, shared out among the bearers of a rule."""

from collections.abc import Sequence

from obligations.rules import Bearer, Listed


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
