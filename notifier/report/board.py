"""The board: all duties of the running periods by unit, green, yellow and red."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from notifier.events import AnswerKind
from notifier.reminders import due_words, progress_words
from notifier.standing import Standing, State
from obligations.workdays import Calendar

WEEK = timedelta(days=7)
NEAR = 5  # working days: from here on a duty is yellow whatever its period


class Colour(StrEnum):
    """Red overdue, yellow near or waiting for somebody, plain not yet pressing, green done."""

    RED = "red"
    YELLOW = "yellow"
    PLAIN = "plain"
    GREEN = "green"


COLOUR_WORDS = {
    Colour.RED: "逾期",
    Colour.YELLOW: "临近",
    Colour.PLAIN: "进行中",
    Colour.GREEN: "已办",
}
_STATE_WORDS = {State.HEARD: "已收到", State.OPEN: "未答复", State.WAIVED: "免办"}


@dataclass(frozen=True, slots=True)
class Row:
    """One duty; where a rule makes one a day or a week, the latest, and how many were missed."""

    key: str
    matter: str
    bearer: str
    words: str
    due: str
    state: str
    colour: Colour
    missed: int
    trouble: str


@dataclass(frozen=True, slots=True)
class UnitRows:
    """What one unit owes."""

    name: str
    rows: tuple[Row, ...]
    counts: tuple[tuple[Colour, int], ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The whole page."""

    units: tuple[UnitRows, ...]
    counts: tuple[tuple[Colour, int], ...]


def lay_out(standings: Iterable[Standing], calendar: Calendar, today: date) -> Board:
    """Give the board of some standings, the units with the most pressing duty first."""
    shown = [one for one in standings if one.state is not State.WITHDRAWN]
    shown.sort(key=lambda one: (one.duty.unit, one.duty.rule, one.duty.bearer, one.duty.opens))
    units = tuple(
        _unit(name, tuple(group), calendar, today)
        for name, group in groupby(shown, key=lambda one: one.duty.unit)
    )
    worst_first = sorted(units, key=lambda unit: list(Colour).index(unit.rows[0].colour))
    return Board(tuple(worst_first), _count(row for unit in units for row in unit.rows))


def colour_of(standing: Standing, calendar: Calendar, today: date) -> Colour:
    """Give the colour of one duty."""
    if standing.settled:
        return Colour.GREEN
    due = standing.postponed_until or standing.duty.due
    if today > due:
        return Colour.RED
    pressing = calendar.workdays_between(today, due) <= NEAR and _is_long(standing, calendar)
    waits = standing.state is State.POSTPONED or bool(standing.undelivered)
    return Colour.YELLOW if pressing or waits or today == due else Colour.PLAIN


def _is_long(standing: Standing, calendar: Calendar) -> bool:
    duty = standing.duty
    return calendar.workdays_between(duty.opens.date(), duty.due) > NEAR


def _unit(name: str, standings: Sequence[Standing], calendar: Calendar, today: date) -> UnitRows:
    series = groupby(standings, key=lambda one: (one.duty.rule, one.duty.bearer))
    rows = [row for _, group in series for row in _rows(tuple(group), calendar, today)]
    order = list(Colour)
    rows.sort(key=lambda row: (order.index(row.colour), row.key))
    return UnitRows(name, tuple(rows), _count(rows))


def _rows(standings: Sequence[Standing], calendar: Calendar, today: date) -> Iterator[Row]:
    """Make the rows of one rule and bearer: short periods share one, long ones have their own."""
    *earlier, latest = standings
    for standing in earlier:
        if not _is_short(standing):
            yield _row(standing, 0, calendar, today)
    missed = sum(_is_short(one) and not one.settled for one in earlier)
    yield _row(latest, missed, calendar, today)


def _is_short(standing: Standing) -> bool:
    duty = standing.duty
    return duty.closes - duty.opens <= WEEK


def _row(latest: Standing, missed: int, calendar: Calendar, today: date) -> Row:
    colour = Colour.RED if missed else colour_of(latest, calendar, today)
    duty = latest.duty
    return Row(
        key=duty.key,
        matter=duty.matter,
        bearer=duty.bearer,
        words=duty.words,
        due=due_words(latest, calendar, today),
        state=_state_words(latest),
        colour=colour,
        missed=missed,
        trouble=latest.undelivered,
    )


def _state_words(standing: Standing) -> str:
    if standing.state is State.DONE:
        last = standing.answers[-1]
        done = f"{last.on.month}月{last.on.day}日已办" if last.on else "已办"
        more = standing.done - standing.duty.need
        return f"{done}（共报{standing.done}次）" if more > 0 else done
    if standing.state is State.POSTPONED:
        return "已同意延期" if standing.is_granted else "申请延期"
    if standing.answers and standing.answers[-1].answer is AnswerKind.REFUSED:
        return "答复办不了"
    return _STATE_WORDS[standing.state] + progress_words(standing)


def _count(rows: Iterable[Row]) -> tuple[tuple[Colour, int], ...]:
    counts = Counter(row.colour for row in rows)
    return tuple((colour, counts[colour]) for colour in Colour if counts[colour])
