"""Whether somebody is reminded of a duty now, and why: pure decisions, time as an argument.

A duty has a few stages, spread over the working days of its period, so that a quarter costs a
person a handful of messages and a day costs one. A stage passed unseen (the machine was off) is
made up for once, by the latest one, in the next slot; an answer silences what would have come next.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from notifier.events import Answered
from notifier.hours import Hours
from notifier.standing import Answer, Standing, State
from obligations.duties import Duty
from obligations.workdays import Calendar


class Pace(StrEnum):
    """The stages of a duty, gentle ones first."""

    FIRST = "first"
    HALF = "half"
    TWO_THIRDS = "two_thirds"
    LAST = "last"
    FINAL = "final"
    POSTPONED = "postponed"
    OVERDUE = "overdue"


TODAY = "今天到期"
_PACE_WORDS = {
    Pace.FIRST: "新任务",
    Pace.HALF: "时间过半",
    Pace.TWO_THIRDS: "已过三分之二",
    Pace.LAST: "快到期",
    Pace.FINAL: TODAY,
    Pace.POSTPONED: "延期将满",
    Pace.OVERDUE: "逾期",
}
_AFTER_DUE = frozenset({Pace.OVERDUE, Pace.POSTPONED})
_VISITED = frozenset("家户所处座")
_NAMES = 3  # of those who have not been reached; the page has them all
GENTLE = frozenset({Pace.FIRST, Pace.HALF, Pace.TWO_THIRDS})
DEFAULT_PACING = MappingProxyType(
    {
        "日": ("到期",),
        "周": ("到期",),
        "月": ("过半", "剩3个工作日"),
        "季度": ("开始", "过半", "过三分之二", "剩5个工作日", "到期"),
        "半年": ("开始", "过半", "过三分之二", "剩5个工作日", "到期"),
        "年": ("开始", "过半", "过三分之二", "剩5个工作日", "到期"),
    }
)
_SPANS = ((1, "日"), (7, "周"), (31, "月"), (70, "季度"), (140, "半年"), (100_000, "年"))
OVERDUE_AFTER = (1, 6, 11, 16)  # working days; after a month of silence the board is the place


@dataclass(frozen=True, slots=True)
class Stage:
    """One planned moment of reminding; ``name`` is unique within the duty."""

    name: str
    pace: Pace
    at: datetime


@dataclass(frozen=True, slots=True)
class Reminder:
    """A decision to remind, with its reason in words."""

    key: str
    person: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now, and when to look again (None: never, unless something happens)."""

    reminder: Reminder | None
    look_at: datetime | None


def decide(standing: Standing, hours: Hours, now: datetime) -> Decision:
    """Give the reminder that is owed now, if any, and the instant of the next look."""
    if standing.settled:
        return Decision(None, None)
    ladder = stages(standing, hours)
    look_at = next((stage.at for stage in ladder if stage.at > now), None)
    passed = [stage for stage in ladder if stage.at <= now]
    today = hours.today(now)
    if not passed or passed[-1].name in standing.stages or _is_quiet(standing, passed, today):
        return Decision(None, look_at)
    if not hours.in_slot(now):
        return Decision(None, hours.next_slot(now))
    stage = passed[-1]
    duty = standing.duty
    words = reason_words(standing, stage.name, today)
    reminder = Reminder(duty.key, duty.person, stage.name, words)
    return Decision(reminder, look_at)


def stages(standing: Standing, hours: Hours) -> tuple[Stage, ...]:
    """Give all stages of a duty in order of time, one a slot."""
    until = standing.postponed_until
    if until is None:
        planned = (*_pacing(standing.duty, hours), *_overdue(standing.duty.due, hours, standing))
    else:
        day = hours.calendar.workday_before(until)
        due = Stage(f"{Pace.POSTPONED}:{until}", Pace.POSTPONED, hours.slot(day))
        planned = (due, *_overdue(until, hours, standing))
    by_slot = {stage.at: stage for stage in planned}
    return tuple(by_slot[at] for at in sorted(by_slot))


def reason_words(standing: Standing, stage: str, today: date) -> str:
    """Give why somebody is reminded, in the one word that stands before the duty."""
    due = standing.postponed_until or standing.duty.due
    if today > due:
        return "逾期"
    if today == due:
        return TODAY
    return _PACE_WORDS[Pace(stage.partition(":")[0])]


def due_words(standing: Standing, calendar: Calendar, today: date) -> str:
    """Give by when, and what is left in the office's working days.

    9月30日前，还剩23个工作日 · 今天内 · 6月30日前，已过2个工作日
    """
    due = standing.postponed_until or standing.duty.due
    if today == due:
        return "今天内"
    year = "" if due.year == today.year else f"{due.year}年"
    day = f"{year}{due.month}月{due.day}日前"
    if today > due:
        past = calendar.workdays_between(_day_after(due), today)
        return f"{day}，已过{past}个工作日" if past else f"{day}，已过期限"
    left = calendar.workdays_between(_day_after(today), due)
    return f"{day}，还剩{left}个工作日" if left else day


def progress_words(standing: Standing) -> str:
    """Give how much of a quota is met: （已报1次，还差2次；已查1家，还差1家）.

    Nothing where one report is all; of a list, also who has not been reached.
    """
    duty = standing.duty
    if duty.objects:
        return f"（{_reached_words(standing)}）"
    parts = [_part_words("报", standing.done, duty.need - standing.done, "次")]
    pairs = zip(duty.amounts, standing.amounts, standing.amounts_left, strict=True)
    amounts = [_part_words(_verb(unit), done, left, unit) for (_, unit), done, left in pairs]
    said = "；".join(amounts if duty.need == 1 else (*parts, *amounts))
    return f"（{said}）" if said else ""


def counted_words(answer: Answer | Answered, duty: Duty) -> str:
    """Give how much one answer reported: （2家；甲厂、乙厂）, nothing where it counts as one."""
    pairs = zip(answer.amounts, duty.amounts, strict=False)
    parts = [f"{n}{unit}" for n, (_, unit) in pairs if n]
    said = "；".join((*parts, *(["、".join(answer.objects)] if answer.objects else ())))
    return f"（{said}）" if said else ""


def _part_words(verb: str, done: int, left: int, unit: str) -> str:
    return f"已{verb}{done}{unit}" + (f"，还差{left}{unit}" if left > 0 else "")


def _verb(unit: str) -> str:
    return "查" if unit in _VISITED else "报"


def _reached_words(standing: Standing) -> str:
    """Give who has not been reached: 已到1家，还差2家：乙厂、丙厂."""
    missing = standing.missing
    reached = f"已到{len(standing.reached)}家"
    if not missing:
        return reached
    more = "等" if len(missing) > _NAMES else ""
    return f"{reached}，还差{len(missing)}家：{'、'.join(missing[:_NAMES])}{more}"


def has_point(standing: Standing, stage: str, today: date) -> bool:
    """Give whether a stage that was decided on is still worth a message.

    It is not when nothing is owed any more, or the day is over that it spoke of: what comes after
    the due day has stages of its own.
    """
    if standing.settled:
        return False
    return Pace(stage.partition(":")[0]) in _AFTER_DUE or today <= standing.duty.due


def is_gentle(stage: str) -> bool:
    """Tell whether a stage is only a gentle word, which may wait for a better week."""
    return Pace(stage.partition(":")[0]) in GENTLE


def _is_quiet(standing: Standing, passed: list[Stage], today: date) -> bool:
    """Give whether the latest stage has lost its point, or the bearer's word silences it.

    After the due day only stages meant for it speak: a missed day is not called for a week later.
    收到 silences the one stage that would have come next, and every gentle one.
    """
    if passed[-1].pace not in _AFTER_DUE and today > standing.duty.due:
        return True
    if standing.state is not State.HEARD:
        return False
    heard_at = standing.answers[-1].at
    since = [stage for stage in passed if stage.at > heard_at]
    return len(since) <= 1 or passed[-1].pace in GENTLE


def _pacing(duty: Duty, hours: Hours) -> tuple[Stage, ...]:
    days = _workdays(hours.calendar, duty.opens.date(), duty.due)
    if not days:
        return ()
    marks = next((one.marks for one in hours.pacing if one.span == span_of(len(days))), None)
    if marks is None:
        marks = DEFAULT_PACING[span_of(len(days))]
    placed = (_place(mark, len(days)) for mark in marks)
    last = -1 if len(days) == 1 else 0  # what is due today is asked for in the afternoon
    return tuple(
        Stage(pace, pace, hours.slot(days[index], last)) for pace, index in placed if index >= 0
    )


def span_of(days: int) -> str:
    """Give what a period of so many working days is taken for.

    >>> span_of(5), span_of(22), span_of(64)
    ('周', '月', '季度')
    """
    return next(name for most, name in _SPANS if days <= most)


def _place(mark: str, days: int) -> tuple[Pace, int]:
    """Give the pace and the working day of a mark, -1 where the period is too short for it."""
    match mark:
        case "开始":
            return Pace.FIRST, 0
        case "过半":
            return Pace.HALF, days // 2
        case "过三分之二":
            return Pace.TWO_THIRDS, days * 2 // 3
        case "到期":
            return Pace.FINAL, days - 1
        case _:
            left = int("".join(filter(str.isdecimal, mark)) or 0)
            return Pace.LAST, days - left


def _overdue(due: date, hours: Hours, standing: Standing) -> tuple[Stage, ...]:
    """Give the stages after the due day: none for a day, one for a week, four for more."""
    duty = standing.duty
    length = (duty.due - duty.opens.date()).days
    after = OVERDUE_AFTER[: 0 if length == 0 else 1 if length < 7 else None]  # noqa: PLR2004 a week
    return tuple(
        Stage(f"{Pace.OVERDUE}:{due}+{n}", Pace.OVERDUE, hours.slot(day))
        for n, day in ((n, hours.calendar.add_workdays(due, n)) for n in after)
    )


def _workdays(calendar: Calendar, first: date, last: date) -> list[date]:
    span = range(first.toordinal(), last.toordinal() + 1)
    return [day for day in map(date.fromordinal, span) if calendar.is_workday(day)]


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
