"""What the office decides by hand: waived, granted, handed over, entered, happened."""

from pathlib import Path

import httpx
import pytest
import yaml

from notifier.standing import State
from notifier.web.api import local_token
from tests.stories.office import RULES, Office, Phone, story

RULE = {"编号": "A-1", "事项": "召开安全例会", "责任人": "陈立", "频次": "每季度至少1次"}
AFTER = {"编号": "A-2", "事项": "报送调查报告", "责任人": "陈立", "频次": "结案后一个月内"}
KEY = "A-1/陈立/2026Q3"
BEGINS = "2026-07-01T08:59+08:00"


def told(office: Office) -> Phone:
    office.until("2026-07-01T09:30")
    return Phone.of(office, office.expects("经发群", "召开安全例会"))


def decides(office: Office, action: str, **form: str) -> httpx.Response:
    return office.post(f"/duty/{action}", {"key": KEY, "by": "周敏", **form})


def test_a_duty_is_waived_with_its_reason(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, RULE) as office:
        told(office)
        assert "请写明原因" in decides(office, "waive", reason="").text
        assert decides(office, "waive", reason="企业已搬走").status_code == 303
        assert office.standing(KEY).state is State.WAIVED
        assert "企业已搬走" in office.get(f"/duty?key={KEY}").text
        assert "免办" in office.get("/").text
        assert "不用免办" in decides(office, "waive", reason="再来").text
        office.until("2026-09-30T18:00")


@pytest.mark.parametrize("granted", [True, False], ids=["同意", "不同意"])
def test_an_extension_is_granted_or_refused(tmp_path: Path, *, granted: bool) -> None:
    with story(tmp_path, BEGINS, RULE) as office:
        phone = told(office)
        assert "没有申请延期" in decides(office, "grant", reason="").text
        phone.answers(KEY, "postponed", until="2026-10-20", note="等专家")
        action = "grant" if granted else "refuse"
        assert decides(office, action, reason="看情况").status_code == 303
        standing = office.standing(KEY)
        assert (standing.state is State.POSTPONED) is granted
        assert standing.is_granted is granted
        assert ("已同意延期" in office.get("/").text) is granted
        phone.answers(KEY, "done")


def test_what_is_left_of_a_duty_is_handed_over(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, RULE) as office:
        told(office)
        assert "不在通讯录里" in decides(office, "hand", person="王五", reason="调动").text
        assert decides(office, "hand", person="周敏", reason="陈立调走").status_code == 303
        office.until("2026-07-01T15:30")
        office.expects("经发群", "召开安全例会", "周敏")
        office.writes(RULE, {**AFTER})
        office.until("2026-07-01T16:00")
        assert office.standing(KEY).duty.person == "周敏", "a new file takes nothing back"
        assert (
            decides(office, "enter", answer="done", on="2026-07-01", note="开了会").status_code
            == 303
        )
        assert office.standing(KEY).state is State.DONE
        assert "周敏代录" in office.get(f"/duty?key={KEY}").text


def test_an_event_makes_the_duty_that_waits_for_it(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, AFTER) as office:
        office.until("2026-07-02T10:00")
        page = office.get("/events").text
        assert "A-2" in page
        assert "结案" in page
        form = {"rule": "A-2", "on": "2026-07-02", "by": "周敏", "note": "6·20事故"}
        assert office.post("/events", form).status_code == 303
        assert office.post("/events", form).status_code == 303, "told twice is one event"
        key = "A-2/陈立/事件-2026-07-02"
        assert str(office.standing(key).duty.due) == "2026-07-31"
        office.until("2026-07-31T10:00")
        assert office.group("经发群")
        office.writes({**AFTER, "佐证": "报告"})
        office.until("2026-07-31T11:00")
        assert office.standing(key).state is State.OPEN, "changed rules keep what an event made"
        assert "看不懂" in office.post("/events", {**form, "on": "昨天"}).text
        assert "没有编号" in office.post("/events", {**form, "rule": "A-9"}).text
        office.post("/duty/waive", {"key": key, "by": "周敏", "reason": "并案"})


def test_a_key_period_is_opened_and_closed_by_the_office(tmp_path: Path) -> None:
    season = {"name": "高温汛期", "first": "2026-07-01", "by": "周敏"}
    with story(tmp_path, BEGINS) as office:
        office.until("2026-07-01T10:00")
        assert office.post("/seasons", season).status_code == 303
        assert "高温汛期" in office.get("/events").text
        closed = {**season, "last": "2026-06-01"}
        assert "早于" in office.post("/seasons", closed).text
        assert office.post("/seasons", {**season, "last": "2026-09-10"}).status_code == 303


def test_another_system_records_events_and_seasons(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS, AFTER) as office:
        office.until("2026-07-02T10:00")
        bearer = {"authorization": f"Bearer {local_token(office.desk.secret)}"}
        body = {"rule": "A-2", "event": "结案", "on": "2026-07-02"}
        made = office.sends("/api/events", body, bearer)
        assert (made.status_code, made.json()["duties"]) == (201, ["A-2/陈立/事件-2026-07-02"])
        wrong = office.sends("/api/events", {"rule": "A-9"}, bearer)
        assert (wrong.status_code, "没有编号" in wrong.json()["error"]) == (400, True)
        opened = office.sends("/api/seasons", {"name": "高温汛期", "first": "2026-07-01"}, bearer)
        assert opened.status_code == 201
        assert office.sends("/api/seasons", {}, {}).status_code == 401
        office.until("2026-07-02T18:00")


def test_what_the_rules_leave_open_is_asked_once_a_month(tmp_path: Path) -> None:
    rules = yaml.safe_load(RULES)
    rules["办公室"]["值班室"] = "周敏"
    open_rule = {"编号": "A-3", "事项": "开展督查", "责任人": "陈立", "频次": "定期"}
    with story(tmp_path, BEGINS) as office:
        office.writes(open_rule, base=yaml.safe_dump(rules, allow_unicode=True))
        office.until("2026-07-01T16:00")
        office.expects("安委办工作群", "1条规则没有定多久一次", "A-3“定期”")
        office.until("2026-07-31T18:00")
        told = [one.text for one in office.group("安委办工作群")]
        assert all("已起草" in text for text in told), "of its bulletins it is told as well"
        assert len(told) == 4
        office.until("2026-08-03T10:00")
        office.expects("安委办工作群", "A-3“定期”", "安全履职情况通报")


def test_whoever_takes_over_a_post_takes_over_what_was_done(tmp_path: Path) -> None:
    rule = {**RULE, "责任人": "应急办主任", "频次": "每季度至少2次"}
    rules = yaml.safe_load(RULES)
    rules["人员"]["冯磊"] = {"职务": "干部", "企业微信": "fenglei"}
    with story(tmp_path, BEGINS) as office:
        office.writes(rule, base=yaml.safe_dump(rules, allow_unicode=True))
        office.until("2026-07-01T10:00")
        message = office.expects("安委办工作群", "召开安全例会")
        Phone.of(office, message).answers("A-1/周敏/2026Q3", "done", note="第一次例会")
        rules["人员"]["周敏"]["职务"], rules["人员"]["冯磊"]["职务"] = "镇长助理", "应急办主任"
        office.writes(rule, base=yaml.safe_dump(rules, allow_unicode=True))
        office.until("2026-07-01T16:00")
        office.expects("安委办工作群", "冯磊", "已报1次，还差1次")
        assert office.standing("A-1/周敏/2026Q3").state is State.WITHDRAWN
        heir = office.standing("A-1/冯磊/2026Q3")
        assert [(one.person, one.note) for one in heir.answers] == [("周敏", "第一次例会")]


def test_what_is_due_first_stands_first_in_a_digest(tmp_path: Path) -> None:
    late = {"编号": "A-0", "事项": "年底总结", "责任人": "陈立", "频次": "每年至少1次"}
    with story(tmp_path, "2026-07-01T08:59+08:00", late, RULE) as office:
        office.until("2026-07-02T10:00")
        text = office.expects("经发群", "年底总结", "召开安全例会").text
        assert text.index("召开安全例会") < text.index("年底总结")
        assert "规则更新" in office.get("/").text, "the board says that the rules have changed"
