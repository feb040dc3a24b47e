"""What key periods do to duties: more of it while they last, or only then."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from obligations.rules import Office, Rule, Tightening
from obligations.schedule import Seasons, Window, periods
from obligations.workdays import Calendar, named_holidays

ANY = "重点时段"
_ONE = timedelta(days=1)


def seasons_of(office: Office) -> Seasons:
    """Give the office's key periods by name, first and last day."""
    return tuple((one.name, one.first, one.last) for one in office.days.key_periods)


def named(name: str, seasons: Seasons) -> Seasons:
    """Give the key periods that a rule means by the name; 重点时段 and nothing mean all of them.

    What the office does not date itself can be a national holiday.

    >>> [(str(first), str(last)) for _, first, last in named("国庆节", ()) if first.year == 2025]
    [('2025-10-01', '2025-10-08')]
    """
    if name in {"", ANY}:
        return seasons
    own = tuple(one for one in seasons if one[0] == name or one[0].endswith(f"年{name}"))
    return own or tuple((name, *days) for days in named_holidays(name))


def touching(seasons: Seasons, window: Window) -> Seasons:
    """Give those of the key periods that share a day with the window."""
    first, last = window.opens.date(), window.due
    return tuple(one for one in seasons if one[1] <= last and one[2] >= first)


def confined(windows: Iterable[Window], seasons: Seasons) -> Iterator[Window]:
    """Give those of the windows that touch a key period, cut to its days."""
    for window in windows:
        found = touching(seasons, window)
        if found:
            opens = max(window.opens, _start(min(first for _, first, _ in found)))
            closes = min(window.closes, _start(max(last for _, _, last in found) + _ONE))
            yield replace(window, opens=opens, closes=closes)


def factor(tightenings: Iterable[Tightening], window: Window, seasons: Seasons) -> tuple[int, str]:
    """Give how many times as much is owed in the window, and the key period that makes it so."""
    most, name = 1, ""
    for one in tightenings:
        found = touching(named(one.season, seasons), window) if one.times > most else ()
        if found:
            most, name = one.times, found[0][0]
    return most, name


def besides(
    rule: Rule, calendar: Calendar, days: tuple[date, date], seasons: Seasons
) -> Iterator[tuple[Tightening, Window]]:
    """Give the windows of what is owed besides while a key period lasts, named by it."""
    since, until = days
    for one in rule.tightenings:
        for name, first, last in named(one.season, seasons) if one.schedule else ():
            span = (max(first, since), min(last, until))
            found = (
                periods(one.schedule, calendar, *span, shift=rule.shift, seasons=seasons)
                if one.schedule
                else ()
            )
            for window in confined(found, ((name, first, last),)):
                yield one, replace(window, label=f"{name}·{window.label}")


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the office's own local time
