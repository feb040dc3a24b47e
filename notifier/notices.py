"""Words to people that ask for no answer: a 未叫醒 list, a broken channel, what the audit found."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from notifier.events import Announced
from notifier.ledger.schema import notice
from notifier.routes import Way, find_lanes
from obligations.rules import Office

MARK = "通知"  # no rule may have this id either


def announce(  # noqa: PLR0913 -- to whom, about what, in which words, by which ways and not
    office: Office,
    ways: Sequence[Way],
    people: Iterable[str],
    about: str,
    texts: Sequence[str],
    *,
    avoid: frozenset[str] = frozenset(),
) -> tuple[Announced, ...]:
    """Give one notice for each of the people and pieces of text, over the best way to him.

    ``about`` names what it is about: the same words to the same person stand under one key. A lane
    to ``avoid``, which failed last, is taken only where there is no other.
    """
    found = []
    sound = tuple(way for way in ways if way.lane not in avoid)
    for person in dict.fromkeys(people):
        lanes = find_lanes(office, sound, person) or find_lanes(office, ways, person)
        for lane in lanes[:1]:
            for number, text in enumerate(texts, start=1):
                key = f"{MARK}/{about}/{person}" + (f"/{number}" if len(texts) > 1 else "")
                found.append(Announced(key=key, person=person, lane=lane, text=text, reason=about))
    return tuple(found)


def is_known(connection: Connection, key: str) -> bool:
    """Tell whether such a notice was made already."""
    known = connection.execute(select(notice.c.key).where(notice.c.key == key))
    return known.scalar_one_or_none() is not None
