"""A rule → what each of its bearers owes in each window, before anybody's name is put to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from obligations.duties.model import Happening
from obligations.duties.seasons import besides, confined, factor, named
from obligations.phrases import explain
from obligations.rules import Bearing, Material, Rule
from obligations.schedule import (
    After,
    Amount,
    Bound,
    Compound,
    Coverage,
    Once,
    Period,
    Quota,
    Schedule,
    Seasons,
    Standing,
    Window,
    parts_of,
    periods,
    window_after,
)
from obligations.workdays import Calendar

NOTICE = timedelta(days=30)  # so long before its day a material is asked for, if nothing else says
LONGEST_NOTICE = timedelta(days=366)  # what began years ago (2024—2026年) says nothing
_SHORT = {Period.MINUTE: timedelta(minutes=1), Period.HOUR: timedelta(hours=1)}
_DAY = timedelta(days=1)
_CONFIRM = {
    Period.DAY: "每日",
    Period.WEEK: "每周",
    Period.TEN_DAYS: "每旬",
    Period.HALF_MONTH: "每半月",
    Period.MONTH: "每月",
    Period.QUARTER: "每季度",
    Period.HALF_YEAR: "每半年",
    Period.YEAR: "每年",
}


@dataclass(frozen=True, slots=True)
class Days:
    """The days that are planned, and what the office says about days."""

    since: date
    until: date
    calendar: Calendar
    seasons: Seasons = ()


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed in one window; ``of`` names the list whose objects are to be reached.

    ``need`` is how many reports, for a list how often each object.
    """

    window: Window
    need: int
    words: str
    matter: str
    evidence: str
    amounts: tuple[tuple[int, str], ...] = ()
    of: str = ""


def owed(
    rule: Rule, bearing: Bearing, days: Days, happenings: Sequence[Happening]
) -> Iterator[Owed]:
    """Give everything that a bearer of the rule owes in these days."""
    schedule = _tier(rule.schedule, bearing)
    yield from _regular(rule, schedule, days)
    yield from _denser(rule, days)
    for material in rule.materials:
        yield from _material(rule, material, days)
    if happenings:
        yield from _happened(rule, schedule, days, happenings)


@dataclass(frozen=True, slots=True)
class _Part:
    """One member of a schedule: how it is said, and what is asked for in each of its windows.

    ``after``: what stands all the time is not confirmed before what is to be done first.
    """

    asked: Schedule
    need: int
    words: str
    amounts: tuple[tuple[int, str], ...]
    after: date | None


def _regular(rule: Rule, schedule: Schedule, days: Days) -> Iterator[Owed]:
    """Give what the rule's own schedule asks for, period by period."""
    asked, parts = _parts(schedule, rule.confirm)
    plain = not isinstance(asked, Compound)
    for window in _windows(rule, asked, days):
        part = parts[window.member]
        if not part.need or (part.after and window.opens.date() <= part.after):
            continue
        shown = window if plain else _relabelled(asked, window)
        of = part.asked.of if isinstance(part.asked, Coverage) else ""
        words = f"{part.words}，限{rule.season}" if rule.season else part.words
        line = Owed(shown, part.need, words, rule.matter, rule.evidence, part.amounts, of)
        is_tight = rule.tightenings and isinstance(part.asked, Quota | Coverage)
        yield _tightened(rule, line, days.seasons) if is_tight else line


@lru_cache(maxsize=1024)
def _parts(schedule: Schedule, confirm: Period | None) -> tuple[Schedule, tuple[_Part, ...]]:
    """Give the schedule as it is asked for, and its members."""
    ends = [one.end for one in parts_of(schedule) if isinstance(one, Once) and one.end]
    over = max(ends, default=None)
    asked = _follow_on(_confirmed(schedule, confirm))
    parts = tuple(
        _Part(
            asked=one,
            need=need_of(one),
            words=explain(said) + _confirm_words(said, confirm),
            amounts=amounts_of(one),
            after=over if isinstance(said, Standing) else None,
        )
        for said, one in zip(parts_of(schedule), parts_of(asked), strict=True)
    )
    return asked, parts


def _tightened(rule: Rule, line: Owed, seasons: Seasons) -> Owed:
    """Give the line with as much more as the key periods ask for that it touches.

    每月检查2家 says no number of reports, so twice as much is 4家 however they are reported.
    """
    times, season = factor(rule.tightenings, line.window, seasons)
    if times == 1:
        return line
    amounts = tuple((n * times, unit) for n, unit in line.amounts)
    words = f"{line.words}，{season}加密为{times}倍"
    need = line.need if line.amounts and "次" not in line.words else line.need * times
    return replace(line, need=need, words=words, amounts=amounts)


def _windows(rule: Rule, schedule: Schedule, days: Days) -> Iterator[Window]:
    """Give the windows of the days, of a rule for key periods only those parts that lie in one."""
    found = periods(
        schedule, days.calendar, days.since, days.until, shift=rule.shift, seasons=days.seasons
    )
    if not rule.season:
        return found
    only = named(rule.season, days.seasons)
    cut = confined(found, only)
    inside = [one for one in cut if one.opens.date() <= days.until and one.due >= days.since]
    watches = _watches(schedule, only, days)
    return iter((*inside, *watches))


def _watches(schedule: Schedule, only: Seasons, days: Days) -> Iterator[Window]:
    """Give a window for each key period, of what stands all the time (24小时值班)."""
    for n, member in enumerate(parts_of(schedule)):
        for name, first, last in only if isinstance(member, Standing) else ():
            if first <= days.until and last >= days.since:
                label = f"{name}-{first}"
                yield Window(label, _midnight(first), _midnight(last + _DAY), member=n)


def _denser(rule: Rule, days: Days) -> Iterator[Owed]:
    """Give what a key period asks for besides, by a schedule of its own."""
    if not rule.tightenings:
        return
    seen: set[str] = set()  # two key periods of one name may lie in one week
    for one, window in besides(rule, days.calendar, (days.since, days.until), days.seasons):
        need = need_of(one.schedule) if one.schedule else 0
        if one.schedule and need and window.label not in seen:
            seen.add(window.label)
            season = window.label.partition("·")[0]
            words = f"{season}加密，{explain(one.schedule)}"
            amounts = amounts_of(one.schedule)
            yield Owed(window, need, words, rule.matter, rule.evidence, amounts)


def _material(rule: Rule, material: Material, days: Days) -> Iterator[Owed]:
    """Give when a material is to be handed in; it is asked for from the rule's own begin on."""
    begin = next((one.start for one in parts_of(rule.schedule) if isinstance(one, Once)), None)
    dated = _begun(material.schedule, begin)
    several = not isinstance(dated, Once)
    words = f"{material.name}：{explain(material.schedule)}"
    for window in periods(
        dated, days.calendar, days.since, days.until, shift=rule.shift, seasons=days.seasons
    ):
        label = f"{material.name}-{window.label}" if several else material.name
        matter = f"报送{material.name}：{rule.matter}"
        yield Owed(replace(window, label=label), 1, words, matter, material.name)


def _happened(
    rule: Rule, schedule: Schedule, days: Days, happenings: Sequence[Happening]
) -> Iterator[Owed]:
    """Give what the recorded events set off; a second one of the same day has its own number."""
    seen: dict[date, int] = {}
    for happening in happenings:
        for member in parts_of(schedule):
            if not isinstance(member, After) or not _is_meant(happening.event, member.event):
                continue
            seen[happening.on] = n = seen.get(happening.on, 0) + 1
            window = _after(rule, member, happening.on, days)
            if window and window.opens.date() <= days.until and window.due >= days.since:
                label = f"事件-{happening.on}" + (f".{n}" if n > 1 else "")
                words = f"{explain(member)}（{happening.on}{happening.event or member.event}）"
                matter = f"{rule.matter}（{happening.note}）" if happening.note else rule.matter
                named_window = replace(window, label=label)
                yield Owed(named_window, 1, words, matter, rule.evidence)


def _is_meant(said: str, event: str) -> bool:
    return not said or said in event or event in said


def _after(rule: Rule, after: After, on: date, days: Days) -> Window | None:
    """Give the window of an event that has a day and no hour: what is due in hours has the day."""
    within = after.within
    if within is not None and within.unit not in {Period.MINUTE, Period.HOUR, Period.SHIFT}:
        return window_after(after, datetime.combine(on, time.min), days.calendar, shift=rule.shift)
    length = _SHORT.get(within.unit, 8 * _SHORT[Period.HOUR]) * within.n if within else _DAY
    whole = max(-(-length // _DAY), 1)
    begin = on - whole * _DAY if after.before else on
    return Window(str(on), _midnight(begin), _midnight(begin + whole * _DAY))


def need_of(schedule: Schedule) -> int:
    """Give how many reports meet the schedule; an upper bound (不超过2次) demands none.

    >>> from obligations.phrases import parse
    >>> need_of(parse("每季度至少2次")), need_of(parse("每月不超过2次"))
    (2, 0)
    """
    if isinstance(schedule, Coverage):
        return need_of(schedule.quota)
    if not isinstance(schedule, Quota):
        return 1
    return 0 if schedule.bound is Bound.AT_MOST else schedule.count


def amounts_of(schedule: Schedule) -> tuple[tuple[int, str], ...]:
    """Give how much is owed besides the reports; an upper bound demands nothing.

    >>> from obligations.phrases import parse
    >>> amounts_of(parse("每月至少检查2家"))
    ((2, '家'),)
    """
    found: tuple[Amount, ...] = schedule.amounts if isinstance(schedule, Quota) else ()
    return tuple((one.n, one.unit) for one in found if one.bound is not Bound.AT_MOST)


@lru_cache(maxsize=1024)
def _tier(schedule: Schedule, bearing: Bearing) -> Schedule:
    """Give the members of a compound that fall to this bearing (“日周月” has one for each tier)."""
    if bearing.period is None or not isinstance(schedule, Compound):
        return schedule
    return Compound(
        tuple(
            member
            for member in schedule.members
            if isinstance(member, Quota) and member.period is bearing.period
        )
    )


def _confirmed(schedule: Schedule, confirm: Period | None) -> Schedule:
    """Put the confirmation that the office asks for in the place of what stands all the time."""
    if confirm is None:
        return schedule
    asked = tuple(
        Quota(confirm) if isinstance(one, Standing) else one for one in parts_of(schedule)
    )
    return Compound(asked) if isinstance(schedule, Compound) else asked[0]


def _confirm_words(said: Schedule, confirm: Period | None) -> str:
    return f"（{_CONFIRM[confirm]}确认1次）" if confirm and isinstance(said, Standing) else ""


def _follow_on(schedule: Schedule) -> Schedule:
    """Let each date of 6月10日、9月10日前 open when the one before it is over."""
    if not isinstance(schedule, Compound):
        return schedule
    found: list[Schedule] = []
    over: date | None = None
    for one in schedule.members:
        if isinstance(one, Once) and one.end:
            begun = over + _DAY if over and one.start is None and over < one.end else one.start
            over = one.end
            found.append(replace(one, start=begun))
        else:
            found.append(one)
    return Compound(tuple(found))


def _begun(schedule: Schedule, begin: date | None) -> Schedule:
    """Let each date of a material open at the begin, without one a month before."""
    if isinstance(schedule, Compound):
        return Compound(tuple(_begun(one, begin) for one in schedule.members))
    if not isinstance(schedule, Once) or schedule.end is None:
        return schedule
    is_near = begin is not None and LONGEST_NOTICE >= schedule.end - begin >= timedelta()
    return replace(schedule, start=begin if is_near else schedule.end - NOTICE)


def _relabelled(schedule: Schedule, window: Window) -> Window:
    """Give the window its part of the key: the second quota of one period is 2026-07.2."""
    parts = parts_of(schedule)
    member = parts[window.member]
    if not isinstance(member, Quota):
        return window
    before = parts[: window.member]
    same = sum(isinstance(one, Quota) and one.period is member.period for one in before)
    return replace(window, label=f"{window.label}.{same + 1}") if same else window


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)
