"""The office edits rules.yaml in the middle of a quarter: no answer is lost, no mistake gets in."""

from pathlib import Path

from notifier.standing import State
from tests.stories.office import Phone, story

WORK_GROUP = "安委办工作群"
RULE = {"编号": "QX-03", "事项": "召集会议", "责任人": "应急办主任", "频次": "每季度至少1次"}
OTHER = {**RULE, "编号": "QX-04", "事项": "带队检查"}
KEY = "QX-03/周敏/2026Q3"


def test_a_new_wording_keeps_the_answer(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        office.until("2026-07-01T09:00")
        Phone.of(office, office.expects(WORK_GROUP)).answers(KEY, "heard")
        office.writes({**RULE, "事项": "召集会议并形成纪要"})
        office.until("2026-07-01T10:00")
        assert office.standing(KEY).duty.matter == "召集会议并形成纪要"
        assert office.standing(KEY).state is State.HEARD


def test_a_removed_rule_reminds_nobody_and_keeps_its_history(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE, OTHER) as office:
        office.until("2026-07-01T09:00")
        office.expects(WORK_GROUP, "周敏：2件")
        office.writes(OTHER)
        office.until("2026-08-20T18:00")
        message = office.expects(WORK_GROUP, "带队检查")
        assert "召集会议" not in message.text
        assert office.kinds(KEY)[-1] == "Withdrawn"


def test_a_rule_that_comes_back_goes_on(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        office.until("2026-07-01T09:00")
        office.expects(WORK_GROUP)
        office.writes(OTHER)
        office.until("2026-07-02T09:00")
        office.expects(WORK_GROUP, "带队检查")
        office.writes(RULE, OTHER)
        office.until("2026-07-03T09:00")
        assert office.standing(KEY).state is State.OPEN


def test_a_broken_file_changes_nothing_and_names_the_line(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        office.rules.write_text("规则：\n  - 编号: QX-03\n", "utf-8")
        office.until("2026-07-01T09:00")
        office.expects(WORK_GROUP, "召集会议")
        assert "仍按原来的规则运行" in office.get("/").text
        assert "rules.yaml:1:" in office.get("/").text
        office.until("2026-07-01T12:00")
        assert len([words for words in office.said if "没有采用" in words]) == 1
        office.writes(RULE)
        office.until("2026-07-01T12:10")
        assert "仍按原来的规则运行" not in office.get("/").text


def test_a_file_that_is_gone_changes_nothing(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        office.rules.unlink()
        office.until("2026-07-01T09:00")
        office.expects(WORK_GROUP, "召集会议")
        assert "读不出来" in office.get("/").text


def test_a_file_caught_half_written_is_not_believed(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE, OTHER) as office:
        office.until("2026-07-01T09:00")
        office.expects(WORK_GROUP, "周敏：2件")
        whole = office.rules.read_text("utf-8")
        office.rules.write_text(whole[: whole.rindex("- 事项")], "utf-8")
        office.do(office.server.reload())
        office.rules.write_text(whole, "utf-8")
        office.until("2026-07-01T10:00")
        assert "Withdrawn" not in office.kinds("QX-04/周敏/2026Q3")


def test_the_notice_goes_when_the_file_is_back(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", RULE) as office:
        whole = office.rules.read_text("utf-8")
        office.rules.unlink()
        office.do(office.server.step())
        assert "读不出来" in office.get("/").text
        office.rules.write_text(whole, "utf-8")
        office.do(office.server.step())
        assert "读不出来" not in office.get("/").text
