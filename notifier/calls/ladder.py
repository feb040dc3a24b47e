"""A ladder's strikes in their order, and which of them is due for a callee now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from notifier.calls.standing import CallStanding, CallState
from obligations.rules import Ladder

PATIENCE = timedelta(seconds=30)  # a strike later than this moves the rest of the ladder with it


@dataclass(frozen=True, slots=True)
class Strike:
    """One moment of a ladder: so long ``after`` its begin ``whom`` is called by ``means``."""

    after: timedelta
    whom: tuple[str, ...]
    means: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What a callee's ladder asks for now, and when it must be looked at again.

    ``strike`` counts from 0, None where nothing is due. ``base`` is where the ladder counts from
    if that changes, ``asked_at`` when the strike was due if it comes late. ``listed``: the limit
    has come; ``stale``: and the call has lost its point.
    """

    look_at: datetime | None
    strike: int | None = None
    base: datetime | None = None
    asked_at: datetime | None = None
    lapsed: bool = False
    listed: bool = False
    stale: bool = False


def strikes(ladder: Ladder) -> tuple[Strike, ...]:
    """Give every moment of a ladder, earliest first; a rung's repeats are strikes of their own."""
    found: list[Strike] = []
    after = timedelta()
    for rung in ladder.rungs:
        after += rung.wait
        moments = (after + rung.every * time for time in range(rung.times))
        found += (Strike(moment, rung.whom, rung.means) for moment in moments)
        after = found[-1].after
    return tuple(found)


def climb(standing: CallStanding, ladder: Ladder, begun: datetime, now: datetime) -> Step:
    """Give what is due for a callee at ``now``.

    A program that was off takes the strike it missed, and the rest of the ladder keeps its
    distances from there: nobody is listed who was not called.
    """
    match standing.state:
        case CallState.CALLING:
            return _climb(standing, ladder, begun, now)
        case CallState.HEARD if standing.is_closed:
            return Step(None)
        case CallState.HEARD if ladder.follow_up and standing.heard_at:
            lapses_at = standing.heard_at + ladder.follow_up
            if now < lapses_at:
                return Step(lapses_at)
            first, *_ = strikes(ladder)
            base = now - first.after
            return Step(_next_look(ladder, base, 1), 0, base, lapsed=True)
        case _:
            return Step(None)


def _climb(standing: CallStanding, ladder: Ladder, begun: datetime, now: datetime) -> Step:
    planned = strikes(ladder)
    number, base = standing.strikes, standing.base
    if now >= max(begun, standing.lapsed_at or begun) + max(ladder.valid, ladder.limit):
        missed = number < len(planned)
        return Step(None, listed=True, stale=missed)
    if number < len(planned) and now >= base + planned[number].after:
        late = now - base - planned[number].after
        if late <= PATIENCE:
            return Step(_next_look(ladder, base, number + 1), number)
        moved = base + late
        return Step(_next_look(ladder, moved, number + 1), number, moved, now - late)
    if number >= len(planned) and now >= base + ladder.limit:
        return Step(None, listed=True)
    return Step(_next_look(ladder, base, number))


def _next_look(ladder: Ladder, base: datetime, number: int) -> datetime:
    planned = strikes(ladder)
    if number < len(planned):
        return base + planned[number].after
    return base + max(ladder.limit, planned[-1].after)
