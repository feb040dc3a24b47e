"""rules.yaml as the office means it: every scalar as written, every part as a frozen value."""

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obligations.errors import Place, RulesRefused, Unreadable
from obligations.rules import (
    Bearing,
    ChannelSpec,
    KeyPeriod,
    Office,
    Person,
    Shift,
    Source,
    Unit,
    examine,
    load,
    mend,
    read,
    repair,
    resolve,
)
from obligations.rules.schema import schema
from obligations.rules.sheet import KEYS
from obligations.schedule import Bound, Compound, Once, Period, Quota, Undetermined

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "rules.yaml"
MANY = 100_000
OFFICE = """
办公室: {名称: 青溪镇安委办, 上班: 9:00, 下班: "17:30", 提醒时刻: ["14:00", 9:30], 每周消息上限: 3}
单位:
  应急办: {负责人: 周敏, 群: 工作群, 上级: 陈立, 标签: [成员单位]}
  规建办: {负责人: 陈立, 标签: 成员单位}
人员:
  周敏:
    职务: [应急办主任, 带班领导]
    手机: 138 0000 0001
    企业微信: zhoumin
    钉钉: 0421
    代理: 陈立
  陈立: {职务: 带班领导, 标签: 成员单位}
通道:
  工作群: {平台: 钉钉群机器人, 地址: $DT, 密钥: "${DT_KEY}"}
日历:
  放假: [2026-10-01~2026-10-03, 2026年5月1日]
  上班: 2026-10-10
  重点时段: [{名称: 汛期, 开始: 2026-07-01, 结束: 2026-08-31}]
规则:
  - 编号: "0421"
    事项: 开会
    责任人: [周敏, 成员单位]
    频次: 每季度至少1次
    佐证: 会议纪要
    来源: {文件: 白市驿府发〔2022〕44号, 条目: 03, 原文: 是}
    遇休: 顺延
  - 编号: A-2
    事项: 检查
    责任人: {工作日: 周敏, 每周: 陈立, 月: 带班领导}
    频次: “日周月”
    状态: 待确认
    待定: 谁查？
"""


@pytest.fixture(scope="module", name="office")
def read_office() -> Office:
    return load(OFFICE)


def test_the_office_has_its_hours_and_its_budget(office: Office) -> None:
    assert (office.name, office.timezone, office.budget) == ("青溪镇安委办", "Asia/Shanghai", 3)
    assert (office.opens, office.closes) == (time(9), time(17, 30))
    assert office.slots == (time(9, 30), time(14))


def test_people_and_units_keep_what_is_written_of_them(office: Office) -> None:
    assert office.people[0] == Person(
        "周敏", ("应急办主任", "带班领导"), (), "13800000001", "zhoumin", "0421", "陈立"
    )
    assert office.units[0] == Unit("应急办", "周敏", "工作群", "陈立", ("成员单位",))
    assert office.channels == (ChannelSpec("工作群", "钉钉群机器人", "$DT", "$DT_KEY"),)


def test_days_are_spans_or_single_days(office: Office) -> None:
    autumn = (date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3))
    assert office.days.holidays == (date(2026, 5, 1), *autumn)
    assert office.days.workdays == (date(2026, 10, 10),)
    assert office.days.key_periods == (KeyPeriod("汛期", date(2026, 7, 1), date(2026, 8, 31)),)


def test_a_rule_keeps_its_id_its_source_and_its_place(office: Office) -> None:
    rule = office.rules[0]
    assert rule.id == "0421"
    assert rule.bearings == (Bearing(("周敏", "成员单位")),)
    assert isinstance(rule.schedule, Quota)
    assert (rule.schedule.period, rule.schedule.bound) == (Period.QUARTER, Bound.AT_LEAST)
    assert (rule.phrase, rule.evidence, rule.shift) == ("每季度至少1次", "会议纪要", Shift.LATER)
    assert rule.source == Source("白市驿府发〔2022〕44号", "03", "是")
    assert rule.place == Place("rules.yaml", 21, 5)
    assert not rule.draft


def test_each_tier_has_its_own_bearer(office: Office) -> None:
    rule = office.rules[1]
    assert isinstance(rule.schedule, Compound)
    assert rule.bearings == (
        Bearing(("周敏",), Period.DAY),
        Bearing(("陈立",), Period.WEEK),
        Bearing(("带班领导",), Period.MONTH),
    )
    assert (rule.draft, rule.question, rule.shift) == (True, "谁查？", Shift.EARLIER)


@pytest.mark.parametrize(
    ("term", "names", "people"),
    [
        ("周敏", ["周敏"], ["周敏"]),
        ("应急办", ["应急办"], ["周敏"]),
        ("应急办主任", ["周敏"], ["周敏"]),
        ("带班领导", ["周敏", "陈立"], ["周敏", "陈立"]),
        ("成员单位", ["应急办", "规建办", "陈立"], ["周敏", "陈立", "陈立"]),
        ("镇长", [], []),
    ],
)
def test_a_term_means_a_person_a_unit_a_post_or_a_tag(
    office: Office, term: str, names: list[str], people: list[str]
) -> None:
    found = resolve(office, term)
    assert [bearer.name for bearer in found] == names
    assert [bearer.person.name for bearer in found if bearer.person] == people


def test_english_keys_are_accepted() -> None:
    office = load("""
people: {周敏: {posts: 应急办主任, mobile: "13800000001"}}
rules:
  - {id: A-1, matter: 开会, bearer: 周敏, frequency: 每月1次, source: {document: 一号文, item: 2}}
""")
    assert office.people[0].posts == ("应急办主任",)
    assert office.rules[0].source == Source("一号文", "2")


def test_a_problem_under_english_keys_has_its_place_too() -> None:
    office, problems = examine("""people: {周敏: {mobile: "1"}}
rules:
  - {id: A-1, matter: 开会, bearer: 周民, frequency: 每月1次}
""")
    assert office is None
    assert [(problem.place.line, problem.place.column) for problem in problems] == [
        (1, 23),
        (3, 35),
    ]


def test_a_structured_frequency_means_the_same_as_the_phrase() -> None:
    head = "人员: {周敏: }\n规则:\n  - {编号: A-1, 事项: 开会, 责任人: 周敏, 频次: "
    phrase = load(f"{head}每季度至少2次}}").rules[0]
    mapping = load(f"{head}{{周期: 季度, 次数: 2, 界: 至少}}}}").rules[0]
    assert mapping.schedule == phrase.schedule
    assert mapping.phrase == "每季度至少2次"


def test_a_structured_frequency_that_is_wrong_is_a_problem_of_its_rule() -> None:
    head = "人员: {周敏: }\n规则:\n  - {编号: A-1, 事项: 开会, 责任人: 周敏, 频次: "
    office, problems = examine(f"{head}{{周期: 世纪}}}}")
    assert office is None
    assert [(problem.place.line, problem.place.column) for problem in problems] == [(3, 36)]


def test_a_missing_year_is_the_documents() -> None:
    schedule = load(OFFICE.replace("每季度至少1次", "6月底前")).rules[0].schedule
    assert isinstance(schedule, Once)
    assert schedule.end == date(2022, 6, 30)


def test_a_vague_frequency_is_kept_open_and_asked_about() -> None:
    office, problems = examine(OFFICE.replace("每季度至少1次", "定期"))
    assert office is not None
    assert isinstance(office.rules[0].schedule, Undetermined)
    assert [problem.warning for problem in problems] == [True, True]


def test_the_sample_office_runs_as_it_is() -> None:
    office, problems = examine(SAMPLE.read_text("utf-8"))
    assert office is not None, "\n".join(map(str, problems))
    assert 38 <= len(office.rules) <= 45
    assert {rule.source.document for rule in office.rules if not rule.source.item} == set()
    assert [rule.id for rule in office.rules if rule.draft] == ["BSY-10", "JA-46-1"]
    assert len(problems) == 2
    assert {channel.address for channel in office.channels} == {"沙箱"}
    kinds = {type(rule.schedule).__name__ for rule in office.rules}
    assert kinds == {"Quota", "Compound", "Once", "After", "Coverage", "Standing", "Undetermined"}


def test_every_bearer_of_the_sample_office_leads_to_a_person() -> None:
    office = read(SAMPLE)
    for rule in office.rules:
        for bearing in rule.bearings:
            for term in bearing.terms:
                assert all(bearer.person for bearer in resolve(office, term)), term


def test_the_published_schema_is_current() -> None:
    assert (ROOT / "docs" / "rules.schema.json").read_text("utf-8") == schema()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_the_encodings_of_its_office(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "规则.yaml"
    path.write_text(OFFICE, encoding)
    assert read(path).rules[0].place == Place("规则.yaml", 21, 5)
    assert read(path).people == load(OFFICE).people


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\x01\x02", bytes(range(256)) * 9, b"a\0b"])
def test_a_file_that_is_no_text_gives_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="不是文本文件"):
        read(path)


def test_a_missing_file_and_a_folder_give_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="没有这个文件"):
        read(tmp_path / "rules.yaml")
    with pytest.raises(Unreadable, match="文件夹"):
        read(tmp_path)


PIECES = st.sampled_from(
    [
        *KEYS,
        *"：:，,{}[]“”\"'\n\t -&*!|>%#@",
        ": ",
        "\n  ",
        "\n- ",
        "周敏",
        "每月1次",
        "定期",
        "0421",
        "¥",
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=40).map("".join))


def outcome(text: str) -> Office | RulesRefused:
    try:
        return load(text)
    except RulesRefused as refused:
        return refused


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_any_text_is_an_office_or_refused_with_places(text: str) -> None:
    result = outcome(text)
    if isinstance(result, RulesRefused):
        lines = text.count("\n") + text.count("\r") + 2
        assert result.problems
        assert all(1 <= problem.place.line <= lines + 9 for problem in result.problems)
        assert all(problem.place.column >= 1 for problem in result.problems)


@given(st.integers(0, len(OFFICE)), st.integers(0, 12), PIECES)
@settings(max_examples=300, deadline=None)
def test_any_wound_in_a_good_file_is_an_office_or_refused(
    start: int, length: int, piece: str
) -> None:
    text = OFFICE[:start] + piece + OFFICE[start + length :]
    assert isinstance(outcome(text), Office | RulesRefused)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_a_text_without_slips_is_left_as_it_is(text: str) -> None:
    reading = repair(text)
    assert mend(text, ()) == text
    assert reading.slips() or reading.text == text


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "每" * 100_000,
        "编号:" * 20_000,
        "“" * 100_000,
    ],
    ids=["brackets", "braces", "items", "signs", "keys", "quotes"],
)
def test_a_hostile_line_is_refused(text: str) -> None:
    assert isinstance(outcome(text), RulesRefused)
