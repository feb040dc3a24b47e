"""Working days: the office's own days first, then the national table, then Monday to Friday.

The national table (holidays and 调休) is the one that ``chinesecalendar`` carries. It ends with a
year; later years are Monday to Friday, and ``is_known`` says so, that the board can say it too.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from chinese_calendar import constants

_OFF = frozenset(constants.holidays)
_ON = frozenset(constants.workdays)
_KNOWN = range(min(_OFF).year, max(_OFF).year + 1)
_ONE = timedelta(days=1)
_FRIDAY = 4
_APART = timedelta(days=5)  # days of one holiday; another holiday may lie between them
_HOLIDAYS = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明": "Tomb-sweeping Day",
    "劳动": "Labour Day",
    "五一": "Labour Day",
    "端午": "Dragon Boat Festival",
    "中秋": "Mid-autumn Festival",
    "国庆": "National Day",
}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The office's days off (``holidays``) and on (``workdays``); a day in both is a working day.

    >>> 国庆 = date(2022, 10, 1)
    >>> Calendar().workday_before(国庆), Calendar().workday_after(国庆)  # 10月8日、9日调休上班
    (datetime.date(2022, 9, 30), datetime.date(2022, 10, 8))
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Tell whether the office works on the day.

        >>> Calendar().is_workday(date(2022, 10, 9))  # 星期日，调休上班
        True
        >>> Calendar(holidays=frozenset({date(2026, 7, 1)})).is_workday(date(2026, 7, 1))
        False
        """
        if day in self.workdays:
            return True
        if day in self.holidays:
            return False
        return day in _ON or (day.weekday() <= _FRIDAY and day not in _OFF)

    def is_known(self, year: int) -> bool:
        """Tell whether the national table has the year; if not, it is Monday to Friday.

        >>> Calendar().is_known(2026), Calendar().is_known(2003)
        (True, False)
        """
        return year in _KNOWN

    def workday_before(self, day: date) -> date:
        """Give the day itself if it is a working day, else the nearest one before.

        >>> Calendar().workday_before(date(2026, 5, 31))  # 5月31日是星期日
        datetime.date(2026, 5, 29)
        """
        while not self.is_workday(day):
            day -= _ONE
        return day

    def workday_after(self, day: date) -> date:
        """Give the day itself if it is a working day, else the nearest one after.

        >>> Calendar().workday_after(date(2026, 1, 1))  # 元旦假期到1月3日，1月4日调休上班
        datetime.date(2026, 1, 4)
        """
        while not self.is_workday(day):
            day += _ONE
        return day

    def workdays_between(self, first: date, last: date) -> int:
        """Count the working days from ``first`` to ``last``, both included.

        >>> Calendar().workdays_between(date(2022, 10, 1), date(2022, 10, 9))
        2
        """
        if last < first:
            return 0
        low = bisect_left(_workdays_of(self, first.year), first.toordinal())
        high = bisect_right(_workdays_of(self, last.year), last.toordinal())
        years = range(first.year, last.year)
        return high - low + sum(len(_workdays_of(self, year)) for year in years)

    def add_workdays(self, day: date, n: int) -> date:
        """Give the n-th working day after the day, or before it where ``n`` is negative.

        >>> Calendar().add_workdays(date(2022, 9, 28), 3)  # 自9月28日起3个工作日
        datetime.date(2022, 10, 8)
        >>> Calendar().add_workdays(date(2022, 10, 9), -2)
        datetime.date(2022, 9, 30)
        """
        if n == 0:
            return day
        year, ordinal = day.year, day.toordinal()
        table = _workdays_of(self, year)
        # Where the n-th working day stands, counted from the first one of the year.
        at = bisect_right(table, ordinal) + n - 1 if n > 0 else bisect_left(table, ordinal) + n
        while at < 0:
            year -= 1
            table = _workdays_of(self, year)
            at += len(table)
        while at >= len(table):
            at -= len(table)
            year += 1
            table = _workdays_of(self, year)
        return date.fromordinal(table[at])


@lru_cache(maxsize=64)
def named_holidays(name: str) -> tuple[tuple[date, date], ...]:
    """Give first and last day of every holiday of that name that the national table has.

    >>> [str(day) for day in named_holidays("国庆假期")[-1]]
    ['2026-10-01', '2026-10-07']
    """
    word = name.removesuffix("假期").removesuffix("期间").removesuffix("节")
    found: list[tuple[date, date]] = []
    for day in sorted(day for day in _OFF if constants.holidays[day] == _HOLIDAYS.get(word)):
        if found and day - found[-1][1] < _APART:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return tuple(found)


def workdays_in(calendar: Calendar, first: int, end: int) -> tuple[int, ...]:
    """Give the ordinals of the working days from ``first`` up to, without, ``end``.

    >>> 国庆周 = date(2022, 10, 3).toordinal()
    >>> [date.fromordinal(day).day for day in workdays_in(Calendar(), 国庆周, 国庆周 + 7)]
    [8, 9]
    """
    years = range(date.fromordinal(first).year, date.fromordinal(max(end - 1, first)).year + 1)
    tables = [_workdays_of(calendar, year) for year in years]
    return tuple(
        day
        for table in tables
        for day in table[bisect_left(table, first) : bisect_left(table, end)]
    )


@lru_cache(maxsize=256)
def _workdays_of(calendar: Calendar, year: int) -> tuple[int, ...]:
    """Give the ordinals of the year's working days."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    days = map(date.fromordinal, range(first, last + 1))
    return tuple(day.toordinal() for day in days if calendar.is_workday(day))
