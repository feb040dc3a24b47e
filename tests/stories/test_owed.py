"""Material to hand in, what is confirmed now and then, and what is owed in key periods only."""

from pathlib import Path
from typing import Any

import yaml

from tests.stories.office import RULES, Office, Phone, story

GROUP = "安委办工作群"
MATERIAL = {
    "编号": "A-1",
    "事项": "专项整治",
    "责任人": "周敏",
    "材料": {"方案": "2026年6月10日", "总结": "2026年9月28日"},
}
STANDING = {
    "编号": "A-2",
    "事项": "更新宣传栏",
    "责任人": "周敏",
    "频次": "长期坚持",
    "确认": "每月",
}
WATCH = {
    "编号": "A-3",
    "事项": "节点值守",
    "责任人": "周敏",
    "频次": "24小时值班",
    "时段": "重点时段",
}


def base(**more: Any) -> str:  # noqa: ANN401 - groups of rules.yaml
    return yaml.safe_dump(yaml.safe_load(RULES) | more, allow_unicode=True)


def phone(office: Office, moment: str, *words: str) -> Phone:
    office.until(moment)
    return Phone.of(office, office.expects(GROUP, *words))


def test_each_material_is_asked_for_and_handed_in_by_itself(tmp_path: Path) -> None:
    with story(tmp_path, "2026-05-11T08:00+08:00", MATERIAL) as office:
        asked = phone(office, "2026-05-26T09:00", "报送方案：专项整治", "6月10日前")
        assert "佐证：方案" in asked.opens().text
        asked.answers("A-1/周敏/方案", "done", seen="0", on="2026-05-25", note="已交应急办")
        assert office.standing("A-1/周敏/方案").settled
        office.until("2026-08-31T08:00")
        assert not office.standing("A-1/周敏/总结").settled


def test_what_stands_all_the_time_is_confirmed_once_a_month(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", STANDING) as office:
        asked = phone(office, "2026-07-17T09:00", "更新宣传栏")
        assert "长期坚持（每月确认1次）" in asked.opens().text
        asked.answers("A-2/周敏/2026-07", "done", seen="0")
        office.until("2026-08-01T08:00")
        assert not office.standing("A-2/周敏/2026-08").settled


def test_a_key_period_starts_its_own_watch_and_ends_it(tmp_path: Path) -> None:
    season = {"名称": "国庆假期", "开始": "2026-07-06", "结束": "2026-07-08"}
    key = "A-3/周敏/国庆假期-2026-07-06"
    with story(tmp_path, "2026-07-01T08:00+08:00") as office:
        office.writes(WATCH, base=base(日历={"重点时段": [season]}))
        office.until("2026-07-05T18:00")
        assert not office.history(key)
        asked = phone(office, "2026-07-08T09:00", "节点值守", "今天")
        asked.answers(key, "done", seen="0")
        assert office.standing(key).settled
        office.until("2026-07-20T18:00")
