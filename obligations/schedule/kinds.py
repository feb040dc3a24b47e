"""The closed union of schedules: what a time phrase means, with nothing textual left to read.

All kinds are frozen, hold only numbers, dates, enums, short words and tuples, and compare by value.
How a schedule becomes dates is `periods`; how it becomes words or YAML is `obligations.phrases`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Period(StrEnum):
    """The stretch of time that a quota is counted in."""

    MINUTE = "minute"
    HOUR = "hour"
    SHIFT = "shift"  # 班: the office's own shifts
    DAY = "day"
    WEEK = "week"
    TEN_DAYS = "ten_days"  # 旬
    HALF_MONTH = "half_month"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    TERM = "term"  # 学期
    YEAR = "year"


class Bound(StrEnum):
    """How a number binds: 1次, 至少1次, 不超过1次."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Edge(StrEnum):
    """Whether a day is the day itself (每月5日) or the last possible one (每月5日前)."""

    ON = "on"
    BY = "by"


class Phase(StrEnum):
    """Which of the periods count: all of them, the odd ones (单月), the even ones (双月)."""

    ALL = "all"
    ODD = "odd"
    EVEN = "even"


class Shift(StrEnum):
    """Where a due day goes that is no working day: 提前, 顺延, 不变."""

    EARLIER = "earlier"
    LATER = "later"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity owed per period that is no number of times: 至少检查2家, 报送1至3件."""

    n: int
    unit: str
    bound: Bound = Bound.EXACT
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A place inside a period.

    ``month`` counts inside the period: 1–12 in a year, 1–3 in a quarter, 1–6 in a half-year, -1 is
    the last one, 0 the period's only month. ``day`` is the day of that month, -1 its last; with
    ``workday`` it counts working days. ``weekday`` (1 Monday … 7 Sunday) is a day of the week; with
    ``nth`` the n-th such day of the month, -1 the last. All zero but ``month``: the whole month.
    ``following`` puts it into the period after (次年1月15日前). ``part`` is 上午 or 下午;
    ``season`` is a named stretch that only the office can date (汛期).
    """

    month: int = 0
    day: int = 0
    weekday: int = 0
    nth: int = 0
    workday: bool = False
    following: bool = False
    part: str = ""
    season: str = ""


@dataclass(frozen=True, slots=True)
class Quota:
    """So many times (or so much) in every period: 每季度至少1次, 每月至少检查2家, 每月5日前.

    ``interval`` 2 with MONTH is 每2个月; ``interval_most`` makes it a range (每三至五年). ``most``
    makes the count a range (每周1至2次). ``workdays`` lets only working days count.
    """

    period: Period
    interval: int = 1
    count: int = 1
    bound: Bound = Bound.EXACT
    most: int | None = None
    amounts: tuple[Amount, ...] = ()
    workdays: bool = False
    days: tuple[Day, ...] = ()
    edge: Edge = Edge.ON
    phase: Phase = Phase.ALL
    interval_most: int | None = None


@dataclass(frozen=True, slots=True)
class Once:
    """One duty with a window: 6月底前, 5月上旬, 2024—2026年, 4月起至党的二十大结束.

    ``start`` is None where the phrase names none; ``end`` is None where an event ends it.
    """

    start: date | None = None
    end: date | None = None
    end_event: str = ""


@dataclass(frozen=True, slots=True)
class Length:
    """A stretch of time: 一个月 is ``Length(1, Period.MONTH)``."""

    n: int
    unit: Period


@dataclass(frozen=True, slots=True)
class After:
    """A duty that an event sets off: 结案后一个月内, 期满前3个月, 自收到之日起10个工作日内.

    ``within`` is None where the phrase gives no length (发生事故，立即报告).
    """

    event: str
    within: Length | None = None
    workdays: bool = False
    before: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """A quota for each object of a list: 每半年检查挂牌企业全覆盖."""

    quota: Quota
    of: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Always on, without a due day: 长期坚持, 24小时值班. ``manner`` is the phrase's own word."""

    manner: str


@dataclass(frozen=True, slots=True)
class Undetermined:
    """What the phrase leaves open: the office must decide. ``reason`` is a Chinese sentence."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Compound:
    """Several schedules that one phrase states together: “日周月”, 9月底前完成并长期坚持."""

    members: "tuple[Schedule, ...]"


Schedule = Quota | Once | After | Coverage | Standing | Undetermined | Compound


def parts_of(schedule: Schedule) -> tuple[Schedule, ...]:
    """Give the schedules that a compound states together; any other is its own only part.

    >>> weekly, monthly = Quota(Period.WEEK), Quota(Period.MONTH)  # 每周, 每月
    >>> parts_of(Compound((weekly, monthly))) == (weekly, monthly), parts_of(weekly) == (weekly,)
    (True, True)
    """
    return schedule.members if isinstance(schedule, Compound) else (schedule,)
