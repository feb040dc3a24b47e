"""A year on paper: it is what the program really does, put together and counted."""

import json
import time
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from notifier.cli import main
from notifier.events import Sending
from notifier.hours import office_hours
from notifier.ledger import reads
from notifier.report.burden import burdens
from notifier.report.heat import colour_of, draw
from notifier.report.replay import Replay, above_budget, monday_of, replay
from obligations.duties import plan
from obligations.rules import Office, load, read
from tests.stories.office import story

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "rules.yaml"
YEAR = date(2025, 1, 1), date(2025, 12, 31)
FEW = """\
办公室: {名称: 青溪镇, 每周消息上限: %d}
单位: {应急办: {负责人: 周敏, 群: 甲群}, 经发办: {负责人: 陈立, 群: 乙群}}
人员: {周敏: {}, 陈立: {}, 冯磊: {}}
通道: {甲群: {平台: 企业微信群机器人, 地址: 沙箱}, 乙群: {平台: 钉钉群机器人, 地址: 沙箱}}
规则:
"""
WORK = (
    {"编号": "A", "事项": "查隐患", "责任人": "周敏", "频次": "每周1次"},
    {"编号": "B", "事项": "开会", "责任人": "周敏", "频次": "每月1次"},
    {"编号": "C", "事项": "报表", "责任人": "应急办", "频次": "每月5日前"},
    {"编号": "D", "事项": "巡查", "责任人": "经发办", "频次": "每个工作日"},
    {"编号": "E", "事项": "总结", "责任人": ["周敏", "经发办"], "频次": "每季度至少1次"},
)


def office_of(*rules: tuple[str, str], budget: int = 5) -> Office:
    lines = [
        f"  - {{编号: R{n}, 事项: 第{n}件事, 责任人: {who}, 频次: {phrase}}}\n"
        for n, (who, phrase) in enumerate(rules, 1)
    ]
    return load(FEW % budget + "".join(lines))


def slots(found: Replay) -> list[tuple[str, str, str, int]]:
    hours = office_hours(load(FEW % 5))
    return [
        (f"{hours.local(one.at):%m-%d %H:%M}", one.person, one.lane, one.reminders)
        for one in found.digests
    ]


def test_what_falls_into_one_slot_is_one_digest_for_a_person_and_group() -> None:
    office = office_of(
        ("周敏", "每周1次"), ("周敏", "每周1次"), ("应急办", "每周1次"), ("经发办", "每周1次")
    )
    found = replay(office, date(2026, 3, 2), date(2026, 3, 8))
    assert slots(found) == [
        ("03-06 09:00", "周敏", "甲群", 3),
        ("03-06 09:00", "陈立", "乙群", 1),
    ]
    assert (found.reminders, len(found.digests), found.departures) == (4, 2, 2)


def test_what_nobody_does_is_late_from_the_day_after() -> None:
    found = replay(office_of(("周敏", "每月5日前")), date(2026, 3, 1), date(2026, 4, 30))
    assert [(one.on, one.person, one.key) for one in found.late] == [
        (date(2026, 3, 6), "周敏", "R1/周敏/2026-03"),
        (date(2026, 4, 4), "周敏", "R1/周敏/2026-04"),
    ]


def test_somebody_on_leave_gets_nothing_and_his_deputy_does() -> None:
    text = (FEW % 5).replace("周敏: {}", "周敏: {代理: 冯磊, 请假: 2026-03-06}")
    office = load(f"{text}  - {{编号: R, 事项: 查, 责任人: 周敏, 频次: 每周1次}}\n")
    found = replay(office, date(2026, 3, 2), date(2026, 3, 15))
    hours = office_hours(office)
    assert [(hours.today(one.at).day, one.person) for one in found.digests] == [
        (6, "冯磊"),
        (9, "周敏"),
        (13, "周敏"),
    ]


def test_replay_says_what_the_program_then_does(tmp_path: Path) -> None:
    """Six weeks of the real program, beside the same weeks on paper."""
    since, until = date(2026, 6, 29), date(2026, 8, 9)
    with story(tmp_path, "2026-06-29T08:00+08:00", *WORK) as office:
        office.until("2026-08-09T23:00")
        told = Counter(
            (entry.at.replace(second=0, microsecond=0), line.person, entry.fact.lane)
            for entry in office.desk.ledger.read(reads.latest, 10_000)
            if isinstance(entry.fact, Sending)
            for line in entry.fact.lines
        )
        found = replay(office.desk.office, since, until)
        for name in ("安委办工作群", "经发群"):
            office.group(name)
    assert {(one.at, one.person, one.lane): one.reminders for one in found.digests} == dict(told)


def test_with_a_large_budget_it_is_the_burden_that_plan_shows() -> None:
    office = replace(read(SAMPLE), budget=999)
    since, until = date(2026, 1, 5), date(2026, 12, 27)
    units = {unit.head for unit in office.units}
    expected = burdens(plan(office, since, until), office_hours(office), since, until)
    found = {load.person: load for load in replay(office, since, until).loads}
    for one in expected:
        if one.person not in units:  # who heads several units reads in several groups
            assert found[one.person].mean == pytest.approx(one.mean, abs=0.2)
            assert found[one.person].fullest[1] == one.most


def test_gentle_words_wait_when_the_week_is_used_up_and_firm_ones_do_not() -> None:
    busy = [("周敏", "每个工作日"), *[("周敏", "每季度1次")] * 3, ("周敏", "每月1次")]
    wide = replay(office_of(*busy, budget=99), *YEAR)
    tight = replay(office_of(*busy, budget=2), *YEAR)
    hours = office_hours(office_of())
    later = [hours.local(one.at) for one in set(tight.digests) - set(wide.digests)]
    assert later
    assert all(at.hour == 9 for at in later)
    assert all(
        hours.calendar.workdays_between(monday_of(at.date()), at.date()) == 1 for at in later
    )
    assert sum(one.reminders for one in wide.digests) >= tight.reminders > 250


def test_a_year_of_the_sample_office_is_quick_and_nobody_is_above_the_budget() -> None:
    begun = time.perf_counter()
    found = replay(read(SAMPLE), *YEAR)
    assert time.perf_counter() - begun < 5
    assert above_budget(found) == ()
    assert found.departures <= len(found.digests) < found.reminders
    assert sum(load.total for load in found.loads) == len(found.digests)


def test_who_is_above_the_budget_is_named_with_his_fullest_week() -> None:
    found = replay(office_of(("周敏", "每周1次"), ("应急办", "每月5日前"), budget=1), *YEAR)
    [(person, week, count)] = above_budget(found)
    most = max(count for week, count in found.loads[0].weeks if week in found.ordinary)
    assert (person, week in found.ordinary, count) == ("周敏", True, most)
    assert most > 1


def test_weeks_with_holidays_and_key_periods_are_not_ordinary() -> None:
    ordinary = replay(read(SAMPLE), date(2026, 6, 1), date(2026, 10, 31)).ordinary
    assert monday_of(date(2026, 6, 10)) in ordinary
    assert monday_of(date(2026, 7, 15)) not in ordinary  # 主汛期
    assert monday_of(date(2026, 10, 1)) not in ordinary  # 国庆


def test_the_picture_has_a_square_for_each_week_and_a_number_where_it_is_too_much() -> None:
    old = replay(office_of(("周敏", "每周1次")), *YEAR)
    new = replay(office_of(("周敏", "每周1次"), ("陈立", "每个工作日"), budget=2), *YEAR)
    picture = draw({"旧规则": old, "新<规则>&": new}, "青溪镇")
    root = ET.fromstring(picture)  # noqa: S314 - it is our own
    space = "{http://www.w3.org/2000/svg}"
    squares = root.findall(f"{space}g/{space}rect")
    weeks = len(old.loads[0].weeks)
    assert len(squares) == 3 * weeks
    red = [one for one in squares if one.get("fill") == colour_of(3, 2)]
    assert len(red) == sum(count > 2 for load in new.loads for _, count in load.weeks) > 0
    texts = [text.text for text in root.iter(f"{space}text")]
    assert texts.count("周敏") == texts.count("陈立") == 2
    assert "新<规则>&" in texts


def replayed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["replay", *words])
    return status, *capsys.readouterr()


DAYS = ("--from", "2025-01-01", "--to", "2025-03-31")


def test_the_command_prints_tables_and_draws(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "replay.svg"
    words = ("--rules", str(SAMPLE), "--old", str(SAMPLE), *DAYS, "--picture", str(picture))
    status, out, err = replayed(capsys, *words)
    assert status == 0
    assert "如果谁都不办，会逾期" in out
    assert "旧规则 → 新规则" in out
    assert "没有人超过上限 5 条" in out
    assert str(picture) in err
    assert picture.read_text("utf-8").startswith("<?xml")


def test_json_lines_hold_every_message_every_person_and_what_is_late(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = replayed(capsys, "--rules", str(SAMPLE), *DAYS, "--format", "jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    kinds = Counter(row["kind"] for row in rows)
    found = replay(read(SAMPLE), date(2025, 1, 1), date(2025, 3, 31))
    assert kinds == {
        "message": len(found.digests),
        "person": len(found.loads),
        "overdue": len(found.late),
        "sum": 1,
    }
    assert rows[-1]["reminders"] == found.reminders
    assert datetime.fromisoformat(rows[0]["at"]).tzinfo is not None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "2025-03-31", "--to", "2025-01-01"), "请把两个日期对调"),
        (("--from", "2015-03-31", "--to", "2025-01-01"), "超过三年"),
        ((*DAYS, "--picture", "replay.png"), "图片只能存成 .svg"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = replayed(capsys, "--rules", str(SAMPLE), *words)
    assert status == 2
    assert said in err
