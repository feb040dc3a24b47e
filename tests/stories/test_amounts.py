"""Amounts and lists: 每月至少检查2家, 每半年全覆盖, reported on the phone and in the group."""

from pathlib import Path
from typing import Any

import yaml

from tests.stories.office import RULES, Office, Phone, story
from tests.stories.test_replies import Chat, town

KEY = "A-1/周敏/2026-07"
HALF = "A-1/周敏/2026H2"
TWO = {"编号": "A-1", "事项": "检查企业", "责任人": "周敏", "频次": "每月至少检查2家"}
ALL = {"编号": "A-1", "事项": "走遍企业", "责任人": "周敏", "频次": "每半年检查挂牌企业全覆盖"}
LIST = ["甲厂", "乙厂", "丙厂", "丁厂", "戊厂"]


def listed(names: list[Any]) -> str:
    return yaml.safe_dump(
        {**yaml.safe_load(RULES), "名单": {"挂牌企业": names}}, allow_unicode=True
    )


def reminded(office: Office, moment: str, *words: str) -> Phone:
    office.until(moment)
    return Phone.of(office, office.expects("安委办工作群", *words))


def test_two_companies_a_month_are_met_by_two_visits(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", TWO) as office:
        phone = reminded(office, "2026-07-17T09:00", "已查0家，还差2家")
        assert 'name="amounts"' in phone.opens().text
        assert phone.answers(KEY, "done", seen="0", amounts="1").status_code == 303
        assert not office.standing(KEY).settled
        assert "已查1家，还差1家" in phone.opens().text
        assert phone.answers(KEY, "done", seen="1", amounts="1").status_code == 303
        assert office.standing(KEY).settled
        office.until("2026-08-03T08:00")


def test_what_was_done_beyond_the_quota_stays_in_the_record_and_goes_no_further(
    tmp_path: Path,
) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", TWO) as office:
        phone = reminded(office, "2026-07-17T09:00")
        phone.answers(KEY, "done", seen="0", amounts="5")
        assert "再报一次" in phone.opens().text
        assert phone.answers(KEY, "done", seen="0", amounts="1").status_code == 409
        assert phone.answers(KEY, "done", seen="1", amounts="1").status_code == 303
        assert office.standing(KEY).amounts == (6,)
        office.until("2026-08-01T08:00")
        assert phone.answers(KEY, "done", seen="2", amounts="1").status_code == 409
        assert office.standing("A-1/周敏/2026-08").amounts_left == (2,)


def test_numbers_that_are_none_are_asked_for_again(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", TWO) as office:
        phone = reminded(office, "2026-07-17T09:00")
        assert "填整数" in phone.answers(KEY, "done", amounts="两三家").text
        assert "整数" in phone.answers(KEY, "done", amounts="99999").text
        assert "不能零报告" in phone.answers(KEY, "nothing_to_report").text
        assert "Answered" not in office.kinds(KEY)


def test_a_list_is_met_when_everyone_on_it_was_reached(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00") as office:
        office.writes(ALL, base=listed(LIST))
        phone = reminded(office, "2026-07-01T09:01", "已到0家，还差5家：甲厂、乙厂、丙厂等")
        assert phone.opens().text.count('name="objects"') == len(LIST)
        assert "到了哪几家" in phone.answers(HALF, "done", seen="0").text
        assert "不在这份名单里" in phone.answers(HALF, "done", seen="0", objects="己厂").text
        phone.answers(HALF, "done", seen="0", objects=["甲厂", "乙厂"])
        assert phone.opens().text.count('name="objects"') == 3
        page = office.get(f"/duty?key={HALF}").text
        assert "丙厂、丁厂、戊厂" in page
        phone.answers(HALF, "done", seen="1", objects=["丙厂", "丁厂", "戊厂"])
        assert office.standing(HALF).settled


def test_a_list_that_changes_keeps_every_answer(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00") as office:
        office.writes(ALL, base=listed(LIST))
        phone = reminded(office, "2026-07-01T09:01")
        phone.answers(HALF, "done", seen="0", objects=["甲厂", "乙厂"])
        office.writes(ALL, base=listed(["乙厂", "丙厂", "己厂"]))
        office.until("2026-07-02T08:00")
        standing = office.standing(HALF)
        assert (standing.reached, standing.missing) == (("乙厂",), ("丙厂", "己厂"))
        phone.answers(HALF, "done", seen="1", objects=["丙厂"])
        office.writes(ALL, base=listed(["乙厂", "丙厂"]))
        office.until("2026-07-03T08:00")
        assert office.standing(HALF).settled


def test_a_month_in_the_flood_season_asks_for_twice_as_much(tmp_path: Path) -> None:
    season = {"名称": "主汛期", "开始": "2026-07-01", "结束": "2026-07-20"}
    base = {**yaml.safe_load(RULES), "日历": {"重点时段": [season]}}
    text = yaml.safe_dump(base, allow_unicode=True)
    with story(tmp_path, "2026-07-01T08:00+08:00") as office:
        office.writes({**TWO, "加密": "2倍"}, base=text)
        phone = reminded(office, "2026-07-17T09:00", "已查0家，还差4家")
        phone.answers(KEY, "done", seen="0", amounts="3")
        assert not office.standing(KEY).settled
        phone.answers(KEY, "done", seen="1", amounts="1")
        assert office.standing(KEY).settled


def test_whoever_has_nothing_to_report_says_so_where_the_rule_lets_him(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", {**TWO, "零报告": "是"}) as office:
        phone = reminded(office, "2026-07-17T09:00")
        assert "无情况可报" in phone.opens().text
        assert phone.answers(KEY, "nothing_to_report", seen="0").status_code == 303
        assert office.standing(KEY).settled


def test_what_is_typed_in_chat_counts_for_what_it_names(tmp_path: Path) -> None:
    monthly = {**TWO, "编号": "A-2", "责任人": "谢芳"}
    with story(tmp_path, "2026-07-16T08:59+08:00") as office:
        office.writes(monthly, base=town(monthly))
        office.until("2026-07-17T09:01")
        chat = Chat(office)
        chat.hears("xiefang", "已查0家，还差2家")
        chat.says("xiefang", "已办，查了1家")
        chat.hears("xiefang", "7月17日已办（1家）")
        assert office.standing("A-2/谢芳/2026-07").amounts == (1,)
        chat.says("xiefang", "今天又查了1家，已办")
        chat.hears("xiefang", "已办（1家）")
        assert office.standing("A-2/谢芳/2026-07").settled


def test_a_list_reported_in_chat_without_names_is_asked_back(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00") as office:
        everyone = {**ALL, "责任人": "谢芳"}
        base = yaml.safe_load(town(everyone)) | {"名单": {"挂牌企业": ["甲厂", "乙厂"]}}
        office.writes(everyone, base=yaml.safe_dump(base, allow_unicode=True))
        office.until("2026-07-01T09:01")
        chat = Chat(office)
        chat.hears("xiefang", "还差2家：甲厂、乙厂")
        chat.says("xiefang", "已办")
        chat.hears("xiefang", "请写明这次到了哪几家", "甲厂、乙厂")
        chat.says("xiefang", "甲厂、乙厂已经检查完了")
        chat.hears("xiefang", "已办（甲厂、乙厂）")
        assert office.standing("A-1/谢芳/2026H2").settled


def test_each_tier_reports_for_itself(tmp_path: Path) -> None:
    tiers = {
        "编号": "A-3",
        "事项": "执法检查",
        "责任人": {"周": "周敏", "月": "经发办"},
        "频次": "每周调度，每月带队",
    }
    with story(tmp_path, "2026-07-06T08:00+08:00", tiers) as office:
        phone = reminded(office, "2026-07-10T09:00", "执法检查")
        phone.answers("A-3/周敏/2026-W28", "done", seen="0")
        assert office.standing("A-3/周敏/2026-W28").settled
        assert not office.standing("A-3/经发办/2026-07").settled
