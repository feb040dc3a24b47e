"""Replays as one picture: people by weeks, a square for each, red where it is above the budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from notifier.report.replay import Replay, week_words

SIDE, GAP = 15, 2
LEFT, RIGHT, TOP, HEAD, FOOT = 92, 96, 64, 44, 52
_STEPS = ("#d6e6f5", "#aecde8", "#7fb0d8", "#4f8fc4", "#2b6ca8")
_NOTHING = "#f1f0ec"
_ABOVE = "#c8372d"


@dataclass(frozen=True, slots=True)
class Square:
    """One person's week; ``count`` is written into it only where it is above the budget."""

    x: int
    y: int
    colour: str
    count: str
    title: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One replay: its rows of people with their sums, its months, its squares."""

    title: str
    y: int
    rows: tuple[tuple[int, str, str], ...]
    months: tuple[tuple[int, str], ...]
    squares: tuple[Square, ...]


def draw(panels: Mapping[str, Replay], title: str) -> str:
    """Give the picture as SVG; the people stand in the same order in every panel."""
    replays = list(panels.values())
    people = list(dict.fromkeys(load.person for one in reversed(replays) for load in one.loads))
    height = HEAD + max(len(people), 1) * (SIDE + GAP)
    drawn = [
        _panel(name, one, people, TOP + n * (height + GAP * 8))
        for n, (name, one) in enumerate(panels.items())
    ]
    weeks = len(_mondays(replays[0]))
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("heat.svg.jinja").render(
        title=title,
        panels=drawn,
        width=LEFT + max(weeks, 30) * (SIDE + GAP) + RIGHT,
        height=TOP + len(drawn) * (height + GAP * 8) + FOOT,
        legend=_legend(replays[-1].budget),
        side=SIDE,
        left=LEFT,
        foot=TOP + len(drawn) * (height + GAP * 8) + GAP * 8,
    )


def colour_of(count: int, budget: int) -> str:
    """Give the colour of a week: deeper the more of the budget it takes, red above it.

    >>> colour_of(0, 5) == colour_of(0, 1), colour_of(6, 5), colour_of(5, 5)
    (True, '#c8372d', '#2b6ca8')
    """
    if count > budget:
        return _ABOVE
    return _STEPS[-(-count * len(_STEPS) // budget) - 1] if count else _NOTHING


def _legend(budget: int) -> tuple[tuple[str, str], ...]:
    steps = range(1, budget + 1)
    shown = {colour_of(count, budget): count for count in steps}
    middle = [(colour, f"{count}条") for colour, count in shown.items()]
    return ((_NOTHING, "没有"), *middle, (_ABOVE, f"超过上限{budget}条"))


def _mondays(found: Replay) -> tuple[date, ...]:
    return tuple(monday for monday, _ in found.loads[0].weeks) if found.loads else ()


def _panel(title: str, found: Replay, people: Sequence[str], top: int) -> Panel:
    loads = {load.person: load for load in found.loads}
    rows, squares = [], []
    for n, person in enumerate(people):
        y = top + HEAD + n * (SIDE + GAP)
        load = loads.get(person)
        most = load.fullest[1] if load else 0
        rows.append((y + SIDE - 3, person, f"{load.total if load else 0}条，最多{most}"))
        squares += [
            _square(person, monday, count, (LEFT + w * (SIDE + GAP), y), found.budget)
            for w, (monday, count) in enumerate(load.weeks if load else ())
        ]
    return Panel(title, top + 16, tuple(rows), _months(found), tuple(squares))


def _square(person: str, monday: date, count: int, at: tuple[int, int], budget: int) -> Square:
    week = f"{person} {week_words(monday)}（{monday.month}月{monday.day}日起）：{count}条"
    written = str(count) if count > budget else ""
    return Square(*at, colour_of(count, budget), written, week)


def _months(found: Replay) -> tuple[tuple[int, str], ...]:
    """Give where each month begins: at the first week that begins in it."""
    places: dict[str, int] = {}
    for n, monday in enumerate(_mondays(found)):
        day = max(monday, found.since)
        places.setdefault(f"{day.year}-{day.month}", n)
    words = ((place, int(name.partition("-")[2])) for name, place in places.items())
    return tuple((LEFT + place * (SIDE + GAP), f"{month}月") for place, month in words)
