"""The phrase language: phrase -> schedule -> YAML -> schedule -> words -> schedule.

What each phrase and sentence means stands in phrases.yaml and sentences.yaml, which the office can
read and extend.
"""

import json
import string
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from obligations.phrases import PhraseError, diagnose, dump, explain, find, load, parse
from obligations.schedule import (
    After,
    Amount,
    Bound,
    Compound,
    Coverage,
    Day,
    Edge,
    Length,
    Once,
    Period,
    Phase,
    Quota,
    Schedule,
    Standing,
    Undetermined,
)
from obligations.schedule.periods import periods
from obligations.workdays import Calendar

HERE = Path(__file__).parent
SHARED = Path(__file__).parents[2] / ".." / "shared"
PHRASES: list[dict[str, Any]] = yaml.safe_load((HERE / "phrases.yaml").read_text("utf-8"))
SENTENCES: list[dict[str, Any]] = yaml.safe_load((HERE / "sentences.yaml").read_text("utf-8"))
ISSUED = 2024


def named(case: dict[str, Any]) -> str:
    return f"{case['短语']}@{case.get('年', '')}"


@pytest.mark.parametrize("case", PHRASES, ids=named)
def test_a_phrase_means_what_the_table_says(case: dict[str, Any]) -> None:
    schedule = parse(case["短语"], year=case.get("年"))
    assert schedule == load(case["结构"])
    assert explain(schedule) == case["白话"]


@pytest.mark.parametrize("case", PHRASES, ids=named)
def test_a_phrase_goes_all_the_way_round(case: dict[str, Any]) -> None:
    schedule = parse(case["短语"], year=case.get("年"))
    form = yaml.safe_load(yaml.safe_dump(dump(schedule), allow_unicode=True))
    assert load(form) == schedule
    assert load(as_text(form)) == schedule
    assert parse(explain(schedule)) == schedule


def as_text(value: Any) -> Any:  # noqa: ANN401 - a form holds mappings, lists and scalars
    """Give a form as a reader does that takes every scalar as text."""
    if isinstance(value, dict):
        return {key: as_text(inner) for key, inner in value.items()}
    return [as_text(inner) for inner in value] if isinstance(value, list) else str(value)


DATED = [case for case in PHRASES if "含" in case or "不含" in case]


@pytest.mark.parametrize("case", DATED, ids=named)
def test_a_phrase_is_due_on_the_days_of_the_table_and_on_no_other(case: dict[str, Any]) -> None:
    schedule = parse(case["短语"], year=case.get("年"))
    for day in case.get("含", ()):
        assert day in due_days(schedule, day), f"{day} 应当到期"
    for row in case.get("不含", ()):
        assert row["日"] not in due_days(schedule, row["日"]), row["因为"]


def due_days(schedule: Schedule, near: date) -> set[date]:
    year = date(near.year, 1, 1), date(near.year, 12, 31)
    return {window.due for window in periods(schedule, Calendar(), *year)}


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["句"][:24])
def test_a_sentence_yields_what_the_table_says_and_nothing_else(case: dict[str, Any]) -> None:
    line = case["句"]
    found = [(line[m.start : m.end], explain(m.schedule)) for m in find(line, year=ISSUED)]
    assert found == [(row["文"], row["意"]) for row in case["有"]]


def test_the_table_of_sentences_is_large_and_has_sentences_without_a_duty() -> None:
    assert len(SENTENCES) >= 150
    assert sum(not case["有"] for case in SENTENCES) >= 50


UNCLEAR = {
    "每季度大概2次": (3, "大概"),
    "每季度几次": (3, "几"),
    "每周1次或2次": (4, "或"),
    "每 月 初": (4, "初"),
    "每名": (0, "每"),
    "定期": (0, "定期"),
    "6月31日前": (0, "6"),
}


@pytest.mark.parametrize(("phrase", "where"), UNCLEAR.items())
def test_what_is_not_clear_is_pointed_at(phrase: str, where: tuple[int, str]) -> None:
    trouble = diagnose(phrase)
    assert trouble is not None
    assert (trouble.position, trouble.found) == where
    assert isinstance(parse(phrase), Undetermined)


def test_a_clear_phrase_has_nothing_to_point_at() -> None:
    assert diagnose("每季度至少1次") is None


def test_a_deadline_without_any_year_says_that_the_year_is_missing() -> None:
    unread = parse("6月底前")
    assert isinstance(unread, Undetermined)
    assert "年份" in unread.reason
    assert parse("6月底前", year=2022) == Once(end=date(2022, 6, 30))


def test_a_month_after_an_event_never_becomes_a_date() -> None:
    month_after_the_case = After("结案", Length(1, Period.MONTH))
    assert parse("结案后一个月内", year=2022) == month_after_the_case
    assert [m.schedule for m in find("结案后一个月内向社会公开。", year=2022)] == [
        month_after_the_case
    ]


def test_a_year_named_once_holds_for_the_rest_of_its_sentence() -> None:
    line = "2025年6月底前完成试点，9月底前全面推开。12月底前总结。"
    ends = [m.schedule.end for m in find(line, year=2024) if isinstance(m.schedule, Once)]
    assert ends == [date(2025, 6, 30), date(2025, 9, 30), date(2024, 12, 31)]


def test_a_period_that_rules_several_duties_gives_one_mention_each() -> None:
    line = "每季度至少汇报1次工作，至少召开1次会议，至少组织2次检查。"
    found = find(line)
    assert [m.schedule.count for m in found if isinstance(m.schedule, Quota)] == [1, 1, 2]
    assert {line[m.head : m.tail] for m in found} == {"每季度"}
    assert [m.end for m in found] == sorted(m.end for m in found)


def test_blanks_breaks_and_wide_digits_inside_a_phrase_are_read_through() -> None:
    line = "各单位每 季度 至少召开 １ 次会议，2022 年 9 月底\n前完成。"
    found = find(line, year=2022)
    assert [line[m.start : m.end] for m in found] == [
        "每 季度 至少召开 １ 次",
        "2022 年 9 月底\n前",
    ]
    assert found[0].schedule == Quota(Period.QUARTER, bound=Bound.AT_LEAST)


def test_tags_and_tabs_are_borders_of_cells() -> None:
    line = "<p>25 依法追究责任。</p>\t<p>各部门</p>\t<p>2024年</p> <p>长期坚持</p>"
    assert [line[m.start : m.end] for m in find(line, year=2024)] == ["2024年", "长期坚持"]


def test_every_period_of_a_compound_has_the_same_words() -> None:
    found = find("落实“日周月”检查制度。")
    assert len({(m.start, m.end) for m in found}) == 1
    assert [m.schedule.period for m in found if isinstance(m.schedule, Quota)] == [
        Period.DAY,
        Period.WEEK,
        Period.MONTH,
    ]


WRONG = {
    "不认识的键": ({"周期": "月", "次树": 2}, "次树"),
    "不认识的周期": ({"周期": "世纪"}, "世纪"),
    "次数不是数": ({"周期": "月", "次数": "两"}, "两"),
    "次数是零": ({"周期": "月", "次数": "0"}, "不小于1"),
    "日期不对": ({"截止": "2022-02-30"}, "2022-02-30"),
    "是否不对": ({"周期": "日", "工作日": "也许"}, "也许"),
    "没有种类": ({"备注": "x"}, "备注"),
    "什么也没有": ({}, "周期"),
    "数量缺单位": ({"周期": "月", "数量": [{"数": 2}]}, "单位"),
    "日子不是列表": ({"周期": "月", "日子": "5"}, "列表"),
    "各项不是结构": ({"各项": ["每月"]}, "每月"),
    "键写两次": ({"周期": "月", "period": "month"}, "两次"),
}


@pytest.mark.parametrize(("form", "named_there"), WRONG.values(), ids=WRONG)
def test_a_wrong_form_is_refused_with_a_sentence(form: dict[str, Any], named_there: str) -> None:
    with pytest.raises(PhraseError, match=named_there):
        load(form)


def test_english_keys_are_accepted() -> None:
    form = {"period": "quarter", "count": "1", "bound": "at_least", "workdays": "false"}
    assert load(form) == Quota(Period.QUARTER, bound=Bound.AT_LEAST)


COMMON = (
    "每月季度年日周旬半两一二三十0123456789至少不于次以上前后内底起，。、；（）“”《》 \t\n"
    "定期常态化第最个工作时立即发生自"
)
SIGNS = st.text(st.sampled_from(COMMON) | st.characters(), max_size=60)


@given(SIGNS)
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_without_an_exception_and_quotes_are_exact(text: str) -> None:
    for mention in find(text, year=2024):
        assert 0 <= mention.start <= mention.head <= mention.tail <= mention.end <= len(text)
        assert text[mention.start : mention.end].strip()
        assert mention.duty[0] <= mention.duty[1] <= len(text)


@given(SIGNS)
@settings(max_examples=400, deadline=None)
def test_any_phrase_gives_a_schedule_that_goes_all_the_way_round(text: str) -> None:
    schedule = parse(text, year=2024)
    assert load(dump(schedule)) == schedule
    if not isinstance(schedule, (Undetermined, Compound)):
        assert parse(explain(schedule), year=2024) == schedule


BOUNDS = st.sampled_from(list(Bound))
AMOUNTS = st.builds(
    Amount,
    n=st.integers(1, 99),
    unit=st.sampled_from(["家", "条", "件", "学时", "处"]),
    bound=st.sampled_from([Bound.AT_LEAST, Bound.AT_MOST]),
)
MONTH_DAYS = st.builds(Day, day=st.integers(1, 31) | st.just(-1))
YEAR_DAYS = st.builds(Day, month=st.integers(1, 12), day=st.integers(1, 28) | st.just(-1))
QUARTER_DAYS = st.builds(Day, month=st.sampled_from([1, 2, -1]), day=st.integers(1, 28))
WEEK_DAYS = st.builds(Day, weekday=st.integers(1, 7), part=st.sampled_from(["", "上午", "下午"]))


def quotas(period: Period, days: st.SearchStrategy[Day]) -> st.SearchStrategy[Quota]:
    return st.builds(
        Quota,
        period=st.just(period),
        interval=st.integers(1, 12),
        count=st.integers(1, 30),
        bound=BOUNDS,
        days=st.lists(days, unique=True, min_size=1, max_size=3).map(tuple),
        edge=st.sampled_from(list(Edge)),
    )


PLAIN = st.builds(
    Quota,
    period=st.sampled_from(list(Period)),
    interval=st.integers(1, 30),
    count=st.integers(1, 40),
    bound=BOUNDS,
)
SCHEDULES: st.SearchStrategy[Schedule] = st.one_of(
    PLAIN,
    st.builds(
        Quota, period=st.just(Period.DAY), interval=st.integers(1, 9), workdays=st.booleans()
    ),
    st.builds(
        Quota,
        period=st.sampled_from([Period.MONTH, Period.WEEK, Period.DAY]),
        phase=st.sampled_from([Phase.ODD, Phase.EVEN]),
        count=st.integers(1, 9),
    ),
    st.builds(
        lambda period, amount: Quota(period, bound=amount.bound, amounts=(amount,)),
        st.sampled_from(list(Period)),
        AMOUNTS,
    ),
    quotas(Period.MONTH, MONTH_DAYS),
    quotas(Period.YEAR, YEAR_DAYS),
    quotas(Period.QUARTER, QUARTER_DAYS),
    quotas(Period.WEEK, WEEK_DAYS),
    st.builds(Once, end=st.dates(date(1990, 1, 1), date(2090, 12, 31))),
    st.tuples(*[st.dates(date(1990, 1, 1), date(2090, 12, 31))] * 2).map(
        lambda days: Once(min(days), max(days))
    ),
    st.builds(
        After,
        event=st.sampled_from(["结案", "收到申请", "发生事故", "设备竣工验收", ""]),
        within=st.builds(
            Length,
            n=st.integers(1, 90),
            unit=st.sampled_from([Period.HOUR, Period.DAY, Period.WEEK, Period.MONTH, Period.YEAR]),
        ),
        before=st.booleans(),
    ),
    st.builds(Standing, manner=st.sampled_from(["长期坚持", "常态化", "24小时值班", "即查即改"])),
    st.builds(Coverage, quota=PLAIN, of=st.sampled_from(["挂牌企业", "重点场所"])),
)


@given(SCHEDULES)
@settings(max_examples=600, deadline=None)
def test_generated_schedules_go_all_the_way_round(schedule: Schedule) -> None:
    assert load(dump(schedule)) == schedule
    assert load(as_text(dump(schedule))) == schedule
    assert parse(explain(schedule)) == schedule


HEAVY = (
    "每", "每月", "年", "一", "1", "内", "立即", "重要时段、", "6月、", "6、", "前3日",
    "日周月季年", "《", "（2024年）", "定期", "发生时，", "月度检查", "自收到之日起3日内",
    "每周一至", "未", "至少", "举办活动，应", "24小时", "、每月", "第一季度", "及时报", "的",
)  # fmt: skip


@pytest.mark.parametrize("sign", HEAVY)
def test_the_steps_of_reading_are_linear_in_the_length_of_a_line(sign: str) -> None:
    short, long = (steps(sign * (size // len(sign))) for size in (1_000, 8_000))
    assert long <= 8 * 1.5 * short + 100


@pytest.mark.parametrize("sign", ["每", "年", "月", "前", "内"])
def test_signs_that_begin_nothing_cost_no_steps_of_their_own(sign: str) -> None:
    assert steps(sign * 10_000) < 1_000


def test_units_in_a_row_without_end_name_nothing() -> None:
    assert find("日周月" * 20_000) == ()


def steps(line: str) -> int:
    """Give how many calls reading a line takes: a figure that no busy machine changes."""
    count = 0

    def step(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(step)
    try:
        find(line, year=2024)
    finally:
        sys.setprofile(before)
    return count


def test_plain_ascii_has_no_obligations() -> None:
    assert find(string.printable) == ()


def test_a_season_is_never_dropped() -> None:
    assert [m.schedule for m in find("汛期每日巡查一次。")] == [
        Quota(Period.DAY, days=(Day(season="汛期"),))
    ]


def test_dates_of_a_sentence_that_a_year_rules_return_every_year() -> None:
    found = find("每年组织两次演练，11月底前报送小结。", year=2024)
    assert [m.schedule for m in found][1:] == [
        Quota(Period.YEAR, days=(Day(11, -1),), edge=Edge.BY)
    ]


YEARS = {"000": 2022, "002": 2021, "003": 2024}


@pytest.mark.parametrize("number", YEARS)
@pytest.mark.skipif(not (SHARED / "eval").is_dir(), reason="标注的通知不在仓库里，没有就不比")
def test_the_labelled_notices_are_read_with_an_f1_of_97_percent(number: str) -> None:
    labels = [
        json.loads(line)
        for line in (SHARED / "eval" / f"labels-{number}.jsonl").read_text("utf-8").splitlines()
    ]
    notice = next((SHARED / "documents").glob(f"{number}_*.txt")).read_text("utf-8").split("\n")
    found = [
        (number_of_line, kind(mention.schedule))
        for number_of_line, line in enumerate(notice, 1)
        for mention in find(line, year=YEARS[number])
    ]
    wanted = [(row["line"], row["kind"]) for row in labels if row["required"]]
    optional = [(row["line"], row["kind"]) for row in labels if not row["required"]]
    hits = overlap(wanted, found)
    spare = overlap(optional, [pair for pair in found if pair not in wanted])
    assert 2 * hits / (len(wanted) + len(found) - spare) >= 0.97


def kind(schedule: object) -> str:
    names = {Quota: "recurring", Coverage: "recurring", Once: "deadline", After: "event"}
    return names.get(type(schedule), "standing" if isinstance(schedule, Standing) else "vague")


def overlap(wanted: list[tuple[int, str]], found: list[tuple[int, str]]) -> int:
    """Count the pairs that both hold, each as often as both hold it."""
    left = list(found)
    hits = 0
    for pair in wanted:
        if pair in left:
            left.remove(pair)
            hits += 1
    return hits
