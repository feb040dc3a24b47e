"""Numbers as notices write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obligations.numerals import number, read, read_back

READ = {
    "1": 1,
    "１": 1,
    "12": 12,
    "一": 1,
    "两": 2,
    "十": 10,
    "十五": 15,
    "二十": 20,
    "二十五": 25,
    "廿": 20,
    "廿三": 23,
    "卅": 30,
    "一百": 100,
    "一百零五": 105,
    "三百六十五": 365,
    "一千二百": 1200,
    "两千零一": 2001,
    "二〇二二": 2022,
    "二○二四": 2024,
    "一九九八": 1998,
    "三万": 30000,
    "十二万五千": 125000,
    "〇": 0,
}
UNREADABLE = [
    "",
    "几",
    "十几",
    "三五",
    "一二",
    "十十",
    "百千",
    "１a",
    "1.5",
    "一月",
    "零零一百",
]


@pytest.mark.parametrize(("text", "value"), READ.items())
def test_a_number_is_read(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_no_number_is_not_guessed(text: str) -> None:
    assert number(text) is None


def test_a_number_is_read_where_it_stands() -> None:
    assert read("每十五日", 1) == (15, 3)
    assert read_back("每十五日", 3) == (15, 1)
    assert read("每日", 1) is None
    assert read("1.5小时", 0) is None


@given(st.text())
def test_any_text_gives_a_number_or_none(text: str) -> None:
    assert number(text) is None or isinstance(number(text), int)


@given(st.integers(min_value=0, max_value=10**9))
def test_every_arabic_number_is_read_in_both_widths(value: int) -> None:
    assert number(str(value)) == value
    assert number(str(value).translate({0x30 + n: 0xFF10 + n for n in range(10)})) == value
