"""Working days against the national table itself and against plain loops over days."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obligations.workdays import Calendar, workdays_in

DAY = timedelta(days=1)
NATIONAL = Calendar()
TYPHOON = Calendar(holidays=frozenset({date(2026, 8, 3), date(2026, 8, 4)}))
OVERTIME = Calendar(workdays=frozenset({date(2026, 8, 1), date(2026, 8, 2)}))
days = st.dates(date(2002, 1, 1), date(2030, 12, 31))
calendars = st.sampled_from([NATIONAL, TYPHOON, OVERTIME])


def days_between(first: date, last: date) -> list[date]:
    return [first + DAY * n for n in range((last - first).days + 1)]


def test_every_known_day_is_what_the_national_table_says() -> None:
    table = days_between(date(2004, 1, 1), date(2026, 12, 31))
    wrong = [d for d in table if NATIONAL.is_workday(d) != chinese_calendar.is_workday(d)]
    assert not wrong


def test_years_outside_the_table_are_monday_to_friday_and_say_so() -> None:
    assert [year for year in range(2000, 2030) if NATIONAL.is_known(year)] == [*range(2004, 2027)]
    for day in days_between(date(2027, 1, 1), date(2028, 12, 31)):
        assert NATIONAL.is_workday(day) == (day.isoweekday() <= 5)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 10, 8), True),  # 星期六，国庆调休上班
        (date(2022, 10, 9), True),  # 星期日，国庆调休上班
        (date(2022, 10, 7), False),  # 星期五，国庆假期
        (date(2024, 2, 29), True),
        (date(2017, 10, 6), False),  # 国庆、中秋八天连休
        (date(2026, 1, 4), True),  # 星期日，元旦调休上班
    ],
)
def test_make_up_days_are_worked_and_holidays_are_not(day: date, *, expected: bool) -> None:
    assert NATIONAL.is_workday(day) is expected


def test_the_offices_own_days_come_before_the_national_table() -> None:
    assert not TYPHOON.is_workday(date(2026, 8, 3))
    assert OVERTIME.is_workday(date(2026, 8, 2))
    day = frozenset({date(2026, 10, 3)})
    assert Calendar(holidays=day, workdays=day).is_workday(date(2026, 10, 3))


@given(calendars, days)
def test_the_nearest_working_day_is_the_first_one_met_on_the_way(
    calendar: Calendar, day: date
) -> None:
    before = next(d for n in range(30) if calendar.is_workday(d := day - DAY * n))
    after = next(d for n in range(30) if calendar.is_workday(d := day + DAY * n))
    assert calendar.workday_before(day) == before
    assert calendar.workday_after(day) == after


@given(calendars, days, st.integers(-40, 1500))
def test_counting_is_the_same_as_looking_at_every_day(
    calendar: Calendar, first: date, span: int
) -> None:
    last = first + DAY * span
    plain = [day for day in days_between(first, last) if calendar.is_workday(day)]
    assert calendar.workdays_between(first, last) == len(plain)
    ordinals = [day.toordinal() for day in plain]
    assert list(workdays_in(calendar, first.toordinal(), last.toordinal() + 1)) == ordinals


@given(calendars, days, st.integers(-600, 600))
def test_the_nth_working_day_is_found_by_walking_there(
    calendar: Calendar, day: date, n: int
) -> None:
    step, left, walked = (DAY if n > 0 else -DAY), abs(n), day
    while left:
        walked += step
        left -= calendar.is_workday(walked)
    assert calendar.add_workdays(day, n) == walked
