"""Lines go down, robots are thrown out, power fails: nothing is lost, and repeats say so."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tests.stories.office import RULES, Line, Office, Phone, PowerCut, story

WORK_GROUP = "安委办工作群"
RULE = {"编号": "QX-03", "事项": "召集会议", "责任人": "应急办主任", "频次": "每季度至少1次"}
KEY = "QX-03/周敏/2026Q3"
OTHER = {**RULE, "编号": "QX-04", "事项": "带队检查"}
DING = {**RULE, "编号": "QX-05", "事项": "宣传安全知识", "责任人": "经发办"}
BEGINS = "2026-07-01T08:59:00+08:00"


@pytest.mark.parametrize("back_at", ["2026-07-01T09:00:25", "2026-07-01T09:10:00"])
def test_after_a_short_outage_the_message_comes_once(tmp_path: Path, back_at: str) -> None:
    with story(tmp_path, BEGINS, RULE) as office:
        office.line = Line.DOWN
        office.until(back_at)
        office.expects_nothing()
        office.line = Line.UP
        office.until("2026-07-01T09:30")
        message = office.expects(WORK_GROUP, "召集会议")
        assert "重发" not in message.text


def test_after_a_long_outage_the_message_says_that_it_is_late(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, RULE) as office:
        office.line = Line.DOWN
        office.until("2026-07-01T17:00")
        assert "没有送达：" in office.get("/").text
        office.line = Line.UP
        office.until("2026-07-01T17:30")
        office.expects(WORK_GROUP, "迟发", "召集会议")
        assert "没有送达：" not in office.get("/").text


def test_an_answer_that_got_lost_makes_one_repeat_that_says_so(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, RULE) as office:
        office.line = Line.DEAF
        office.until("2026-07-01T09:00:05")
        first = office.expects(WORK_GROUP, "召集会议")
        office.line = Line.UP
        office.until("2026-07-01T09:30")
        office.expects(WORK_GROUP, "召集会议", "重发")
        assert "重发" not in first.text
        codes = {entry.fact.code for entry in office.history(KEY) if entry.fact.kind == "Sending"}
        assert len(codes) == 1


def test_dingtalk_drops_the_repeat_by_itself(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, DING) as office:
        office.line = Line.DEAF
        office.until("2026-07-01T09:00:05")
        office.expects("经发群", "宣传安全知识")
        office.line = Line.UP
        office.until("2026-07-01T09:30")
        office.expects_nothing()
        assert office.kinds("QX-05/经发办/2026Q3")[-1] == "Sent"


def test_whoever_sees_a_second_try_first_reads_no_repeat(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, DING) as office:
        office.line = Line.DARK_BEFORE
        with pytest.raises(PowerCut):
            office.until("2026-07-01T09:00:05")
        office.loses_power()
        office.until("2026-07-01T09:30")
        assert "重发" not in office.expects("经发群", "宣传安全知识").text


def test_a_robot_thrown_out_of_the_group_keeps_its_messages(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, RULE) as office:
        office.sandbox.remove(WORK_GROUP)
        office.until("2026-07-01T12:30")
        office.expects_nothing()
        board = office.get("/").text
        assert f"通道“{WORK_GROUP}”发不出去" in board
        assert "93000" in board
        office.sandbox.restore(WORK_GROUP)
        office.until("2026-07-01T13:30")
        office.expects(WORK_GROUP, "迟发", "召集会议")
        assert "发不出去" not in office.get("/").text


@pytest.mark.parametrize(("dark", "seen"), [(Line.DARK_BEFORE, 0), (Line.DARK_AFTER, 1)])
def test_a_power_cut_loses_nothing_and_repeats_at_most_once(
    tmp_path: Path, dark: Line, seen: int
) -> None:
    with story(tmp_path, BEGINS, RULE) as office:
        office.line = dark
        with pytest.raises(PowerCut):
            office.until("2026-07-01T09:00:05")
        assert len(office.group(WORK_GROUP)) == seen
        assert office.kinds(KEY)[-1] == "Sending"
        office.loses_power()
        office.until("2026-07-01T09:30")
        office.expects(WORK_GROUP, "重发", "召集会议")
        assert office.kinds(KEY)[-1] == "Sent"


def test_a_machine_that_was_off_for_days_makes_up_for_it_once(tmp_path: Path) -> None:
    daily = {**RULE, "编号": "QX-06", "事项": "掌握当天情况", "频次": "每个工作日"}
    with story(tmp_path, BEGINS, RULE, daily) as office:
        office.until("2026-07-01T16:00")
        assert len(office.group(WORK_GROUP)) == 2
        office.stops()
        office.clock.instant = office.desk.hours.slot(office.clock.now().date().replace(day=7))
        office.starts()
        office.until("2026-07-07T16:00")
        office.expects(WORK_GROUP, "掌握当天情况")
        assert office.standing("QX-06/周敏/2026-07-03")
        assert "此前4期未办" in office.get("/").text


def test_one_bad_row_does_not_stop_the_others(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, RULE, OTHER) as office:
        office.do(office.server.step())
        _spoil(office, "QX-04/周敏/2026Q3")
        office.until("2026-07-01T09:30")
        message = office.expects(WORK_GROUP, "召集会议")
        assert "带队检查" not in message.text
        assert office.kinds("QX-04/周敏/2026Q3")[-1] == "Troubled"


def test_what_was_answered_meanwhile_is_not_repeated(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, RULE, OTHER) as office:
        office.line = Line.DEAF
        office.until("2026-07-01T09:00:05")
        phone = Phone.of(office, office.expects(WORK_GROUP, "召集会议", "带队检查"))
        assert phone.answers(KEY, "heard").status_code == 303
        office.line = Line.UP
        office.until("2026-07-01T09:30")
        message = office.expects(WORK_GROUP, "重发", "带队检查")
        assert "召集会议" not in message.text


def test_a_message_whose_duties_are_all_answered_is_laid_down(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, RULE) as office:
        office.line = Line.DEAF
        office.until("2026-07-01T09:00:05")
        Phone.of(office, office.expects(WORK_GROUP)).answers(KEY, "done")
        office.line = Line.UP
        office.until("2026-07-01T18:00")
        office.expects_nothing()
        assert "都已答复" in office.history(KEY)[-1].fact.reason
        assert "没有送达：" not in office.get("/").text
        assert "发不出去" not in office.get("/").text


def test_a_garbled_answer_makes_one_repeat_and_then_a_word_on_the_board(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, RULE) as office:
        office.line = Line.DEAF
        office.until("2026-07-01T12:00")
        assert len(office.group(WORK_GROUP)) == 2
        assert "请到群里看一眼" in office.get("/").text


def test_nobody_is_called_at_night_for_what_could_not_leave_by_day(tmp_path: Path) -> None:
    daily = {**RULE, "编号": "QX-06", "事项": "掌握当天情况", "频次": "每个工作日"}
    with story(tmp_path, "2026-07-03T14:59+08:00", RULE, daily) as office:
        office.line = Line.DOWN
        office.until("2026-07-03T23:00")
        office.line = Line.UP
        office.until("2026-07-06T08:29")  # a weekend later
        office.expects_nothing()
        office.until("2026-07-06T10:00")
        message = office.expects(WORK_GROUP, "召集会议")
        assert "掌握当天情况" not in message.text  # Friday is over
        office.until("2026-07-06T16:00")
        office.expects(WORK_GROUP, "今天到期", "掌握当天情况")


def test_a_renamed_channel_takes_along_what_waits(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, RULE) as office:
        office.line = Line.DOWN
        office.until("2026-07-01T09:05")
        office.line = Line.UP
        office.writes(RULE, base=RULES.replace(WORK_GROUP, "新工作群"))
        office.until("2026-07-01T09:30")
        office.expects("新工作群", "召集会议")
        assert office.kinds(KEY)[-1] == "Sent"
        assert "发不出去" not in office.get("/").text


def test_a_new_head_of_the_unit_is_told_what_he_took_over(tmp_path: Path) -> None:
    unit = {**RULE, "责任人": "应急办"}
    with story(tmp_path, BEGINS, unit) as office:
        office.until("2026-07-01T09:30")
        office.expects(WORK_GROUP, "周敏")
        office.writes(unit, base=RULES.replace("负责人: 周敏", "负责人: 陈立"))
        office.until("2026-07-01T15:30")
        office.expects(WORK_GROUP, "陈立", "召集会议")


def test_one_refused_line_does_not_silence_the_others(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, RULE, OTHER) as office:
        office.refuses = "带队检查"
        office.until("2026-07-01T09:30")
        office.expects(WORK_GROUP, "召集会议")
        assert office.kinds(KEY)[-1] == "Sent"
        assert office.kinds("QX-04/周敏/2026Q3")[-1] == "Failed"
        assert "没有送达：" in office.get("/").text


def test_a_spoiled_row_does_not_stop_new_rules(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, RULE, OTHER) as office:
        office.do(office.server.step())
        _spoil(office, "QX-04/周敏/2026Q3")
        office.writes({**RULE, "事项": "召集会议并形成纪要"}, OTHER)
        office.until("2026-07-01T09:30")
        office.expects(WORK_GROUP, "形成纪要")
        assert "有1件任务的状态读不出来" in office.get("/").text


def test_the_loop_outlives_what_it_did_not_expect(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, RULE) as office:
        desk, hours = office.desk, office.desk.office.timezone
        desk.office = replace(desk.office, timezone="Nowhere/Nowhere")
        office.do(office.server.step())
        assert any("程序内部出错" in words for words in office.server.troubles())
        desk.office = replace(desk.office, timezone=hours)
        office.until("2026-07-01T09:30")
        office.expects(WORK_GROUP, "召集会议")
        assert not office.server.troubles()


def _spoil(office: Office, key: str) -> None:
    office.is_spoiled = True
    with sqlite3.connect(office.folder / "ledger.db") as connection:
        connection.execute("UPDATE standing SET body = '{}' WHERE key = ?", (key,))
    connection.close()
