"""Deadlines, compounds, coverages, and what an event sets off."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obligations.schedule import (
    After,
    Compound,
    Coverage,
    Day,
    Edge,
    Length,
    Once,
    Period,
    Quota,
    Schedule,
    Shift,
    Standing,
    Undetermined,
    Window,
    periods,
    window_after,
)
from obligations.workdays import Calendar
from tests.obligations.plain_periods import SINCE, UNTIL, moved, plain_window

ONE = timedelta(days=1)
NATIONAL = Calendar()
days = st.dates(SINCE, UNTIL)


def owed(schedule: Schedule, since: date = SINCE, until: date = UNTIL) -> list[Window]:
    return list(periods(schedule, NATIONAL, since, until))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# --- deadlines ---------------------------------------------------------------------------------


@given(st.none() | days, days, st.none() | days, st.sampled_from(Shift))
def test_a_deadline_is_one_window_wherever_it_is_asked_for(
    start: date | None, end: date, anchor: date | None, shift: Shift
) -> None:
    first = min(start or anchor or date(end.year, 1, 1), end)
    due = moved(end, first, NATIONAL, shift)
    expected = plain_window(str(end), first, due)

    def found(since: date, until: date) -> list[tuple[str, datetime, datetime]]:
        once = periods(Once(start, end), NATIONAL, since, until, shift=shift, anchor=anchor)
        return [(w.label, w.opens, w.closes) for w in once]

    for since, until in [(date(2018, 1, 1), date(2030, 1, 1)), (first, first), (due, due)]:
        assert found(since, until) == [expected]
    assert not found(due + ONE, due + ONE * 30)
    assert not found(first - ONE * 30, first - ONE)


@pytest.mark.parametrize(
    ("once", "opens", "due"),
    [
        (Once(end=date(2022, 6, 30)), "2022-01-01", "2022-06-30"),  # 6月底前
        (Once(end=date(2022, 12, 31)), "2022-01-01", "2022-12-30"),  # 年底是星期六
        (Once(date(2022, 5, 1), date(2022, 5, 10)), "2022-05-01", "2022-05-10"),  # 5月上旬
        (Once(date(2024, 1, 1), date(2026, 12, 31)), "2024-01-01", "2026-12-31"),
        (Once(date(2022, 10, 1), date(2022, 10, 7)), "2022-10-01", "2022-10-07"),  # 国庆期间
        (Once(date(2024, 2, 29), date(2024, 2, 29)), "2024-02-29", "2024-02-29"),
        (Once(end=date(9999, 12, 31)), "9999-01-01", "9999-12-31"),
    ],
)
def test_a_deadline_opens_and_is_due(once: Once, opens: str, due: str) -> None:
    [window] = owed(once, date(2022, 1, 1), date.max)
    assert (f"{window.opens:%Y-%m-%d}", str(window.due)) == (opens, due)


# --- what waits --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "schedule",
    [
        Standing("长期坚持"),
        Undetermined("定期", "没有说多久一次"),
        After("结案", Length(1, Period.MONTH)),
        Once(start=date(2022, 4, 1), end_event="大会闭幕"),
        Quota(Period.YEAR, days=(Day(season="汛期"),), edge=Edge.BY),
        Quota(Period.MONTH, days=(Day(season="汛期"),)),
        Compound((Standing("长期坚持"), After("结案"))),
    ],
)
def test_what_waits_for_an_event_or_for_the_office_has_no_window(schedule: Schedule) -> None:
    assert owed(schedule) == []


# --- several in one ----------------------------------------------------------------------------


def test_a_coverage_has_the_windows_of_its_quota() -> None:
    quota = Quota(Period.HALF_YEAR)
    assert owed(Coverage(quota, "挂牌企业")) == owed(quota) != []


def test_a_compound_merges_its_members_and_says_whose_each_window_is() -> None:
    members = (Quota(Period.DAY, workdays=True), Quota(Period.WEEK), Quota(Period.MONTH))
    found = owed(Compound(members), date(2022, 9, 26), date(2022, 10, 9))
    assert found == sorted(found, key=lambda w: (w.opens, w.closes))
    for n, member in enumerate(members):
        alone = owed(member, date(2022, 9, 26), date(2022, 10, 9))
        assert [w for w in found if w.member == n] == [replace(w, member=n) for w in alone]


def test_a_season_may_carry_its_year_in_its_name() -> None:
    seasons = (
        ("2026年汛期", date(2026, 4, 1), date(2026, 9, 30)),
        ("主汛期", date(2026, 7, 1), date(2026, 8, 31)),
    )
    quota = Quota(Period.YEAR, days=(Day(season="汛期"),), edge=Edge.BY)
    found = periods(quota, NATIONAL, date(2026, 1, 1), date(2026, 12, 31), seasons=seasons)
    assert [(w.label, str(w.due)) for w in found] == [("2026", "2026-03-31")]


def test_a_term_that_the_office_dates_replaces_the_one_it_begins_in() -> None:
    seasons = (
        ("2025年秋季学期", date(2025, 8, 29), date(2026, 1, 23)),
        ("2026年春季学期", date(2026, 2, 24), date(2026, 7, 10)),
    )
    since, until = date(2025, 1, 1), date(2026, 12, 31)
    found = periods(Quota(Period.TERM), NATIONAL, since, until, seasons=seasons)
    assert [(w.label, f"{w.opens:%Y-%m-%d}", str(w.due)) for w in found] == [
        ("2025春", "2025-03-01", "2025-06-30"),
        ("2025秋", "2025-08-29", "2026-01-23"),
        ("2026春", "2026-02-24", "2026-07-10"),
        ("2026秋", "2026-09-01", "2026-12-31"),
    ]


# --- after an event ----------------------------------------------------------------------------


def after(schedule: After, event: str, shift: Shift = Shift.NONE) -> tuple[str, str]:
    window = window_after(schedule, at(event), NATIONAL, shift=shift)
    assert window is not None
    return f"{window.opens:%Y-%m-%d %H:%M}", f"{window.closes:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("length", "event", "closes"),
    [
        (Length(1, Period.MONTH), "2024-01-31", "2024-03-01 00:00"),
        (Length(1, Period.MONTH), "2023-01-31", "2023-03-01 00:00"),
        (Length(3, Period.MONTH), "2023-11-30", "2024-03-01 00:00"),
        (Length(1, Period.YEAR), "2024-02-29", "2025-03-01 00:00"),
        (Length(1, Period.QUARTER), "2022-05-20", "2022-08-21 00:00"),
        (Length(1, Period.HALF_YEAR), "2022-08-31", "2023-03-01 00:00"),
        (Length(15, Period.DAY), "2022-05-20 17:30", "2022-06-05 00:00"),
        (Length(2, Period.WEEK), "2022-05-20", "2022-06-04 00:00"),
        (Length(2, Period.HOUR), "2022-05-20 23:15", "2022-05-21 01:15"),
        (Length(30, Period.MINUTE), "2022-05-20 23:45", "2022-05-21 00:15"),
        (Length(1, Period.SHIFT), "2022-05-20 08:00", "2022-05-20 16:00"),
    ],
)
def test_a_length_counts_from_the_event(length: Length, event: str, closes: str) -> None:
    assert after(After("结案", length), event)[1] == closes


def test_working_days_after_an_event_skip_the_holidays_and_count_the_make_up_days() -> None:
    ten = After("收到", Length(10, Period.DAY), workdays=True)
    assert after(ten, "2022-09-27") == ("2022-09-27 00:00", "2022-10-15 00:00")


def test_a_length_before_an_event_is_due_that_long_before_it() -> None:
    before = After("期满", Length(3, Period.MONTH), before=True)
    assert after(before, "2022-12-31") == ("2022-06-30 00:00", "2022-10-01 00:00")
    assert after(before, "2023-01-01", Shift.EARLIER) == ("2022-07-01 00:00", "2022-10-01 00:00")
    hours = After("开工", Length(2, Period.HOUR), before=True)
    assert after(hours, "2022-05-20 08:00") == ("2022-05-20 04:00", "2022-05-20 06:00")


def test_the_due_day_after_an_event_moves_like_any_other_but_not_before_the_event() -> None:
    week = After("结案", Length(1, Period.WEEK))
    assert after(week, "2022-05-22", Shift.EARLIER)[1] == "2022-05-28 00:00"
    assert after(week, "2022-05-22", Shift.LATER)[1] == "2022-05-31 00:00"
    day = After("结案", Length(1, Period.DAY))
    assert after(day, "2022-10-01", Shift.EARLIER)[1] == "2022-10-03 00:00"


@pytest.mark.parametrize(
    "schedule",
    [
        After("发生事故"),
        After("开学", Length(1, Period.TERM)),
        After("结案", Length(99999, Period.YEAR)),
        After("结案", Length(99999999, Period.DAY)),
        After("结案", Length(99999999, Period.DAY), workdays=True),
        After("结案", Length(10**12, Period.HOUR)),
        After("期满", Length(1500, Period.YEAR), before=True),
    ],
)
def test_a_length_that_gives_no_date_gives_no_window(schedule: After) -> None:
    assert window_after(schedule, at("2022-05-20"), NATIONAL) is None


def test_the_due_day_is_the_last_one_in_time() -> None:
    assert Window("上午", at("2026-06-30"), at("2026-06-30 12:00")).due == date(2026, 6, 30)
    assert Window("2026", at("2026-01-01"), at("2027-01-01")).due == date(2026, 12, 31)
