"""The figures of a bulletin; each knows the keys of the duties or calls that it counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from notifier.calls import CallState
from notifier.report.bulletin.gather import Gathered, Owed
from notifier.report.bulletin.spans import Span
from notifier.report.calls import response_bands

MOST_LAST = 3  # units named as 末位: more than three is no list of the last any more
MONTHS_LOOKED = 6  # a 述职 speaks of half a year, and so does a warning
OFTEN = 3  # months with something overdue: one is chance, two a warning, the third a habit
_BANDS = response_bands(datetime.min.replace(tzinfo=UTC), ())


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is printed, with the keys of what it counts."""

    name: str
    value: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How a group of duties went: those due, done, done in time, overdue; told of, answered."""

    name: str
    due: tuple[Owed, ...]
    on: date

    @property
    def done(self) -> tuple[Owed, ...]:
        """Give those that are done, in time or not."""
        return tuple(one for one in self.due if one.finished)

    @property
    def in_time(self) -> tuple[Owed, ...]:
        """Give those that were done by the day that held in the end."""
        return tuple(one for one in self.due if one.finished and one.finished <= one.until)

    @property
    def overdue(self) -> tuple[Owed, ...]:
        """Give those that are not done though their day is over."""
        return tuple(one for one in self.due if not one.finished and one.until < self.on)

    @property
    def missed(self) -> tuple[Owed, ...]:
        """Give those that were not done in time, whether made up for since or not."""
        return tuple(one for one in self.due if is_missed(one, self.on))

    @property
    def told(self) -> tuple[Owed, ...]:
        """Give those of which somebody was reminded."""
        return tuple(one for one in self.due if one.is_told)

    @property
    def answered(self) -> tuple[Owed, ...]:
        """Give those of the reminded ones that were answered."""
        return tuple(one for one in self.due if one.is_told and one.is_answered)


def is_missed(one: Owed, on: date) -> bool:
    """Tell whether a duty was not done by the day that held in the end."""
    return (one.finished or on) > one.until


def tally(name: str, owed: Iterable[Owed], span: Span, on: date) -> Tally:
    """Give how the duties went that were due within a span."""
    return Tally(name, tuple(one for one in owed if span.holds(one.due)), on)


def by(owed: Iterable[Owed], attribute: str) -> dict[str, list[Owed]]:
    """Give the duties by unit, bearer or rule, in the order of its name."""
    found: dict[str, list[Owed]] = {}
    for one in owed:
        found.setdefault(getattr(one, attribute), []).append(one)
    return dict(sorted(found.items()))


def rate(part: Sequence[object], whole: Sequence[object]) -> str:
    """Give a share as it is printed; never 100% where something is missing.

    >>> rate("省", "省市县"), rate("", ""), rate("县" * 9999, "县" * 10000), rate("县", "县")
    ('33.3%', '—', '99.9%', '100%')
    """
    if not whole:
        return "—"
    return f"{len(part) * 1000 // len(whole) / 10:g}%"


def ranked(tallies: Iterable[Tally]) -> tuple[tuple[int, Tally], ...]:
    """Give units with their places: by what is done, then by what was in time; equals share one."""
    known = sorted((one for one in tallies if one.due), key=lambda one: (*_merit(one), one.name))
    places: dict[tuple[float, float, int], int] = {}
    for number, one in enumerate(known, start=1):
        places.setdefault(_merit(one), number)
    return tuple((places[_merit(one)], one) for one in known)


def _merit(one: Tally) -> tuple[float, float, int]:
    whole = len(one.due)
    return -len(one.done) / whole, -len(one.in_time) / whole, len(one.overdue)


def last_places(ranking: Sequence[tuple[int, Tally]]) -> tuple[Tally, ...]:
    """Give the 末位: of the lower third of the units, at most three, who left something undone.

    Who shares the place of one of them is named with him.
    """
    count = min(MOST_LAST, len(ranking) // 3)
    if not count:
        return ()
    cut = ranking[len(ranking) - count][0]
    return tuple(one for place, one in ranking if place >= cut and len(one.done) < len(one.due))


def offenders(found: Gathered, on: date) -> tuple[tuple[str, tuple[Owed, ...], int], ...]:
    """Give who was overdue in several months of the last six: bearer, duties, months."""
    since = _months_before(on, MONTHS_LOOKED)
    late = [one for one in found.owed if one.due >= since and is_missed(one, on)]
    rows = []
    for bearer, missed in by(late, "bearer").items():
        months = len({(one.due.year, one.due.month) for one in missed})
        if months >= OFTEN:
            rows.append((bearer, tuple(missed), months))
    return tuple(sorted(rows, key=lambda row: (-row[2], -len(row[1]), row[0])))


def _months_before(on: date, months: int) -> date:
    number = on.year * 12 + on.month - 1 - months + 1
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Calls:
    """How the calls of a span were answered: keys of callees by what became of them."""

    calls: tuple[str, ...]
    called: tuple[str, ...]
    heard: tuple[str, ...]
    unreached: tuple[tuple[str, str], ...]
    bands: tuple[tuple[str, tuple[str, ...]], ...]


def count_calls(found: Gathered, names: frozenset[str]) -> Calls:
    """Give how the calls with those ids were answered."""
    chosen = [(call, one) for call, all_ in found.calls if call.id in names for one in all_]
    bands: dict[str, list[str]] = {name: [] for name, _ in _BANDS}
    for call, one in chosen:
        for name, count in response_bands(call.begun, (one,)):
            bands[name] += [one.callee.key] * count
    return Calls(
        tuple(call.id for call, _ in found.calls if call.id in names),
        tuple(one.callee.key for _, one in chosen),
        tuple(one.callee.key for _, one in chosen if one.first_heard_at),
        tuple(
            (one.callee.key, one.callee.person)
            for _, one in chosen
            if one.state is CallState.UNREACHED and not one.first_heard_at
        ),
        tuple((name, tuple(keys)) for name, keys in bands.items()),
    )
