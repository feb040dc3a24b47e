"""Rules, bearers and periods become duties with keys that outlive every wording."""

from datetime import date

from obligations.duties import Duty, plan
from obligations.rules import load

OFFICE = """\
办公室: {名称: 青溪镇}
单位: {应急办: {负责人: 周敏, 标签: 各科室}, 经发办: {负责人: 陈立, 标签: 各科室}}
人员:
  周敏: {职务: [应急办主任, 分管负责人]}
  陈立: {职务: [经发办主任, 分管负责人]}
  冯磊: {职务: 监管人员}
规则:
"""


def planned(rule: str, since: str = "2026-07-01", until: str = "2026-07-31") -> tuple[Duty, ...]:
    office = load(OFFICE + f"  - {rule}\n")
    return plan(office, date.fromisoformat(since), date.fromisoformat(until))


def keys(rule: str, since: str = "2026-07-01", until: str = "2026-07-31") -> list[str]:
    return [duty.key for duty in planned(rule, since, until)]


def test_a_post_held_by_several_makes_a_duty_for_each_person() -> None:
    found = keys("{编号: A-1, 事项: 检查, 责任人: 分管负责人, 频次: 每季度至少1次}")
    assert found == ["A-1/周敏/2026Q3", "A-1/陈立/2026Q3"]


def test_a_tag_makes_a_duty_for_each_unit_told_to_its_head() -> None:
    found = planned("{编号: A-1, 事项: 检查, 责任人: 各科室, 频次: 每月2次}")
    told = [(duty.bearer, duty.person, duty.unit, duty.need) for duty in found]
    assert told == [("应急办", "周敏", "应急办", 2), ("经发办", "陈立", "经发办", 2)]


def test_each_tier_of_a_compound_has_its_own_bearer() -> None:
    rule = (
        "{编号: A-1, 事项: 执法检查, 频次: 每个工作日检查，每周调度，每月带队, "
        "责任人: {日: 监管人员, 周: 应急办主任, 月: 经发办主任}}"
    )
    found = planned(rule, "2026-07-06", "2026-07-08")
    assert [duty.key for duty in found] == [
        "A-1/陈立/2026-07",
        "A-1/冯磊/2026-07-06",
        "A-1/周敏/2026-W28",
        "A-1/冯磊/2026-07-07",
        "A-1/冯磊/2026-07-08",
    ]


def test_a_person_outside_every_unit_is_shown_under_the_office_itself() -> None:
    (duty,) = planned("{编号: A-1, 事项: 检查, 责任人: 冯磊, 频次: 每季度1次}")
    assert (duty.unit, duty.due) == ("青溪镇", date(2026, 9, 30))


def test_drafts_events_standing_and_open_phrases_make_no_duty() -> None:
    assert not keys("{编号: A-1, 事项: 检查, 责任人: 周敏, 频次: 每月1次, 状态: 待确认}")
    for phrase in ("结案后一个月内", "长期坚持", "定期", "每月不超过2次"):
        assert not keys(f"{{编号: A-1, 事项: 检查, 责任人: 周敏, 频次: {phrase}}}")


def test_a_due_day_off_moves_to_the_working_day_before() -> None:
    (duty,) = planned(
        "{编号: A-1, 事项: 上报, 责任人: 周敏, 频次: 每月5日前}", "2026-07-01", "2026-07-02"
    )
    assert duty.due == date(2026, 7, 3)


def test_the_source_is_named_as_people_cite_it() -> None:
    rule = "{编号: A-1, 事项: 会, 责任人: 周敏, 频次: 每年1次, 来源: {文件: 青发1号, 条目: %s}}"
    (numbered,), (named,) = planned(rule % "3"), planned(rule % "操作要点3(1)")
    assert (numbered.source, named.source) == ("青发1号 第3条", "青发1号 操作要点3(1)")
