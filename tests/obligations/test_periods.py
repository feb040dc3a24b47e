"""The table of periods.yaml: as it stands there, and ten years of each case three ways.

Every quota of the table is computed again by a calculation that only looks at days
(`plain_periods`), and by dateutil's rrule where that can say the same.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from dateutil.rrule import DAILY, FR, HOURLY, MO, MONTHLY, TH, TU, WEEKLY, YEARLY, rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from obligations.phrases import load
from obligations.schedule import Day, Edge, Period, Phase, Quota, Shift, Window, periods
from obligations.workdays import Calendar
from tests.obligations.plain_periods import (
    EPOCH,
    FLOOD,
    PARTS_OF_DAYS,
    SINCE,
    TERMS,
    UNTIL,
    Plain,
    overlapping,
    plain,
)

ONE = timedelta(days=1)
NATIONAL = Calendar()
OFFICE = Calendar(
    holidays=frozenset({date(2023, 3, 31), date(2023, 6, 30), date(2023, 6, 29)}),
    workdays=frozenset({date(2022, 12, 31), date(2023, 4, 30)}),
)
TABLE: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("periods.yaml").read_text(encoding="utf-8")
)


def quota_of(name: str) -> Quota:
    quota = load(TABLE[name]["式"])
    assert isinstance(quota, Quota)
    return quota


EVERYTHING = {name: quota_of(name) for name in TABLE}
OF_DAYS = [name for name, q in EVERYTHING.items() if q.period not in PARTS_OF_DAYS]


def windows(
    quota: Quota,
    since: date,
    until: date,
    calendar: Calendar = NATIONAL,
    **how: Any,  # noqa: ANN401 - handed on as it is
) -> list[Plain]:
    found = periods(quota, calendar, since, until, seasons=FLOOD + TERMS, **how)
    return [(w.label, w.opens, w.closes) for w in found]


# --- the table ---------------------------------------------------------------------------------


def stretch(text: str) -> tuple[date, date]:
    first, last = text.split(" 至 ")
    return date.fromisoformat(first), date.fromisoformat(last)


def window(label: object, text: str) -> Window:
    first, last = text.split("（", maxsplit=1)[0].split(" 至 ")
    closes = datetime.fromisoformat(last) + (ONE if len(last) == len("2026-07-01") else 0 * ONE)
    return Window(str(label), datetime.fromisoformat(first), closes)


@pytest.mark.parametrize("name", TABLE)
def test_the_table_lists_exactly_the_windows_there_are(name: str) -> None:
    found = periods(EVERYTHING[name], NATIONAL, *stretch(TABLE[name]["查"]), seasons=FLOOD + TERMS)
    assert list(found) == [window(label, text) for label, text in TABLE[name]["有"].items()]


@pytest.mark.parametrize("name", [name for name in TABLE if "无" in TABLE[name]])
def test_nothing_is_due_on_the_days_that_the_table_rules_out(name: str) -> None:
    since, until = stretch(TABLE[name]["查"])
    found = {w.due for w in periods(EVERYTHING[name], NATIONAL, since, until, seasons=FLOOD)}
    for day, reason in TABLE[name]["无"].items():
        assert since <= day <= until, reason
        assert day not in found, reason


def test_the_table_has_every_kind_of_period() -> None:
    assert {quota.period for quota in EVERYTHING.values()} == set(Period)


# --- ten years against the plain calculation ---------------------------------------------------


@pytest.mark.parametrize("shift", Shift)
@pytest.mark.parametrize("name", TABLE)
def test_ten_years_are_what_looking_at_every_day_gives(name: str, shift: Shift) -> None:
    quota = EVERYTHING[name]
    expected = overlapping(plain(quota, NATIONAL, shift, EPOCH), SINCE, UNTIL)
    assert windows(quota, SINCE, UNTIL, shift=shift) == expected
    assert expected


@pytest.mark.parametrize("name", OF_DAYS)
def test_ten_years_hold_with_the_offices_own_days_and_another_anchor(name: str) -> None:
    quota, anchor = EVERYTHING[name], date(2022, 8, 17)
    expected = overlapping(plain(quota, OFFICE, Shift.EARLIER, anchor), SINCE, UNTIL)
    assert windows(quota, SINCE, UNTIL, OFFICE, anchor=anchor) == expected


# --- ten years against rrule -------------------------------------------------------------------

START, END = datetime.combine(SINCE, time.min), datetime.combine(UNTIL, time.max)


def at(year: int, month: int, day: int = 1) -> datetime:
    return datetime.combine(date(year, month, day), time.min)


SAID_BY_RRULE: dict[str, rrule] = {
    "每日": rrule(DAILY, START, until=END),
    "每隔3天": rrule(DAILY, at(2001, 1, 4), interval=4, until=END),
    "每周": rrule(WEEKLY, START, byweekday=6, until=END),
    "隔周": rrule(WEEKLY, at(2001, 1, 8), interval=2, byweekday=6, until=END),
    "隔周星期五前": rrule(WEEKLY, at(2001, 1), interval=2, byweekday=FR, until=END),
    "每周一": rrule(WEEKLY, START, byweekday=MO, until=END),
    "每周五前": rrule(WEEKLY, START, byweekday=FR, until=END),
    "每周二、周四": rrule(WEEKLY, START, byweekday=(TU, TH), until=END),
    "每旬": rrule(MONTHLY, START, bymonthday=(10, 20, -1), until=END),
    "每半月": rrule(MONTHLY, START, bymonthday=(15, -1), until=END),
    "每月": rrule(MONTHLY, START, bymonthday=-1, until=END),
    "单月": rrule(YEARLY, START, bymonth=(1, 3, 5, 7, 9, 11), bymonthday=-1, until=END),
    "双月": rrule(YEARLY, START, bymonth=(2, 4, 6, 8, 10, 12), bymonthday=-1, until=END),
    "每2个月": rrule(MONTHLY, at(2001, 2), interval=2, bymonthday=-1, until=END),
    "每5个月": rrule(MONTHLY, at(2001, 5), interval=5, bymonthday=-1, until=END),
    "每18个月": rrule(MONTHLY, at(2002, 6), interval=18, bymonthday=-1, until=END),
    "每月1日": rrule(MONTHLY, START, bymonthday=1, until=END),
    "每月5日前": rrule(MONTHLY, START, bymonthday=5, until=END),
    "每月5日、20日": rrule(MONTHLY, START, bymonthday=(5, 20), until=END),
    "每月25日": rrule(MONTHLY, START, bymonthday=25, until=END),
    "每月31日": rrule(MONTHLY, START, bymonthday=(28, 29, 30, 31), bysetpos=-1, until=END),
    "每月最后一日": rrule(MONTHLY, START, bymonthday=-1, until=END),
    "每月第一个星期一": rrule(MONTHLY, START, byweekday=MO(1), until=END),
    "每月第五个星期一": rrule(MONTHLY, START, byweekday=MO(5), until=END),
    "每月最后一个星期五": rrule(MONTHLY, START, byweekday=FR(-1), until=END),
    "次月5日前": rrule(MONTHLY, START, bymonthday=5, until=END),
    "每季度": rrule(MONTHLY, at(2001, 3), interval=3, bymonthday=-1, until=END),
    "每三个季度": rrule(MONTHLY, at(2001, 9), interval=9, bymonthday=-1, until=END),
    "每季度首月10日前": rrule(MONTHLY, at(2001, 1), interval=3, bymonthday=10, until=END),
    "每季度末月25日前": rrule(MONTHLY, at(2001, 3), interval=3, bymonthday=25, until=END),
    "每半年": rrule(MONTHLY, at(2001, 6), interval=6, bymonthday=-1, until=END),
    "每年": rrule(YEARLY, START, bymonth=12, bymonthday=31, until=END),
    "每三年": rrule(YEARLY, at(2003, 1), interval=3, bymonth=12, bymonthday=31, until=END),
    "每年3月底前": rrule(YEARLY, START, bymonth=3, bymonthday=31, until=END),
    "每年2月29日": rrule(YEARLY, START, bymonth=2, bymonthday=-1, until=END),
    "每年6月、12月": rrule(YEARLY, START, bymonth=(6, 12), bymonthday=-1, until=END),
    "次年1月15日前": rrule(YEARLY, START, bymonth=1, bymonthday=15, until=END),
}


@pytest.mark.parametrize("name", SAID_BY_RRULE)
def test_due_days_are_the_dates_that_rrule_gives(name: str) -> None:
    expected = [when.date() for when in SAID_BY_RRULE[name] if when >= START]
    found = periods(EVERYTHING[name], NATIONAL, SINCE, UNTIL, shift=Shift.NONE)
    assert [w.due for w in found if w.due <= UNTIL] == expected
    assert expected


def test_hours_open_when_rrule_says() -> None:
    two = [w.opens for w in periods(EVERYTHING["每两小时"], NATIONAL, SINCE, UNTIL)]
    assert two == list(rrule(HOURLY, START, interval=2, until=END))
    five = [w.opens for w in periods(EVERYTHING["每5小时"], NATIONAL, SINCE, UNTIL)]
    said = [when for when in rrule(HOURLY, at(2001, 1), interval=5, until=END) if when >= START]
    assert [opens for opens in five if opens >= START] == said


# --- any stretch of days, any quota ------------------------------------------------------------


@cache
def long(name: str) -> list[Plain]:
    return windows(EVERYTHING[name], date(2012, 1, 1), date(2033, 12, 31))


@settings(deadline=None)
@given(st.sampled_from(OF_DAYS), st.dates(SINCE, UNTIL), st.integers(0, 800))
def test_any_stretch_gives_the_windows_that_touch_it(name: str, since: date, length: int) -> None:
    until = since + ONE * length
    expected = overlapping(long(name), since, until)
    assert windows(EVERYTHING[name], since, until) == expected


@pytest.mark.parametrize("name", OF_DAYS)
def test_labels_name_one_window_each(name: str) -> None:
    labels = [label for label, _, _ in long(name)]
    assert len(set(labels)) == len(labels)


def test_nothing_is_owed_in_a_stretch_that_ends_before_it_begins() -> None:
    assert not windows(EVERYTHING["每日"], date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    "name", ["每5小时", "每隔3天", "隔周", "每旬", "每18个月", "次年1月15日前"]
)
def test_the_ends_of_the_calendar_are_no_error(name: str) -> None:
    assert windows(EVERYTHING[name], date.min, date(4, 1, 1))
    assert not windows(EVERYTHING[name], date.max - ONE, date.max)


any_day = st.builds(
    Day,
    month=st.integers(-1, 12),
    day=st.integers(-1, 31),
    weekday=st.integers(0, 7),
    nth=st.integers(-1, 5),
    workday=st.booleans(),
    following=st.booleans(),
    part=st.sampled_from(["", "上午", "下午", "9时"]),
    season=st.sampled_from(["", "", "汛期"]),
)
any_quota = st.builds(
    Quota,
    period=st.sampled_from([p for p in Period if p not in PARTS_OF_DAYS]),
    interval=st.integers(1, 6) | st.integers(1, 5000),
    workdays=st.booleans(),
    days=st.lists(any_day, max_size=3).map(tuple),
    edge=st.sampled_from(Edge),
    phase=st.sampled_from(Phase),
)


@settings(max_examples=300, deadline=None)
@given(any_quota, st.dates() | st.dates(SINCE, UNTIL), st.sampled_from(Shift))
def test_whatever_a_quota_says_its_windows_touch_the_days_and_come_in_order(
    quota: Quota, since: date, shift: Shift
) -> None:
    until = min(since, date.max - ONE * 60) + ONE * 60
    found = list(periods(quota, NATIONAL, since, until, shift=shift, seasons=FLOOD))
    assert all(w.opens < w.closes for w in found)
    assert all(w.opens.date() <= until and w.due >= since for w in found)
    assert [w.opens for w in found] == sorted(w.opens for w in found)
