"""叫应: everybody is called until he answers, and who does not is on the list."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from notifier.calling import CallRequest, open_call, stop_call
from notifier.calls import CallState
from notifier.ledger import call_reads
from notifier.web.api import local_token
from tests.stories.office import RULES, Line, Office, Phone, story

BEGINS = "2026-07-01T02:00+08:00"  # a call keeps no office hours


def town(**more: object) -> str:
    content = yaml.safe_load(RULES)
    content["办公室"]["值班室"] = "何静"
    content["单位"]["石桥村"] = {
        "负责人": "谢芳",
        "群": "村社区安全群",
        "上级": "应急办",
        "标签": "各村",
    }
    content["单位"]["青溪社区"] = {
        "负责人": "唐秀",
        "群": "村社区安全群",
        "上级": "应急办",
        "标签": "各村",
    }
    content["人员"] |= {
        "何静": {"职务": "镇长", "企业微信": "hejing", "手机": "13800000003"},
        "谢芳": {"职务": "石桥村书记", "钉钉": "0111", "手机": "13800000011", "代理": "唐秀"},
        "唐秀": {"职务": "青溪社区书记", "钉钉": "0110", "手机": "13800000010"},
    }
    content["通道"]["村社区安全群"] = {"平台": "钉钉群机器人", "地址": "沙箱"}
    return yaml.safe_dump(content | more, allow_unicode=True)


def call(office: Office, *to: str, ladder: str = "紧急", name: str = "") -> str:
    request = CallRequest("暴雨红色预警，立即转移", to, ladder, name, "暴雨红色预警")
    return calls(office, request)


def calls(office: Office, request: CallRequest) -> str:
    made, _ = office.do(open_call(office.desk, replace(request, by="周敏")))
    office.pass_to(office.clock.instant)
    return made.id


def begin(office: Office, **more: object) -> None:
    office.writes(base=town(**more))
    office.until("2026-07-01T02:01")


def states(office: Office, name: str) -> dict[str, CallState]:
    found = office.ledger.read(call_reads.callees_of, name)
    return {one.callee.person: one.state for one in found}


def test_a_red_warning_in_the_night(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office)
        name = call(office, "各村")
        first = office.expects(
            "村社区安全群", "青溪镇叫应", "暴雨红色预警，立即转移", "谢芳", "唐秀", "第1次叫应"
        )
        answered = Phone.of(office, first, 0)
        key = f"叫应/{name}/唐秀"
        assert answered.opens().status_code == 200
        office.until("2026-07-01T02:01:30")
        assert answered.answers(key, "heard").status_code == 303
        assert states(office, name) == {"谢芳": CallState.CALLING, "唐秀": CallState.HEARD}
        office.until("2026-07-01T02:02:40")
        second = office.expects("村社区安全群", "谢芳", "第2次叫应")
        assert "唐秀" not in second.text
        office.until("2026-07-01T02:04:20")
        office.expects("村社区安全群", "谢芳", "第3次叫应")
        office.until("2026-07-01T02:06:00")
        office.expects("安委办工作群", "未叫醒名单", "1人", "谢芳（石桥村）", "周敏")
        assert states(office, name)["谢芳"] is CallState.UNREACHED
        form = {"key": f"叫应/{name}/谢芳", "note": "上门叫醒", "by": "冯磊", "answer": "heard"}
        assert office.post(f"/calls/{name}/answer", form).status_code == 303
        page = office.get(f"/calls/{name}").text
        for words in ("上门叫醒", "办公室代录（冯磊）", "30秒后应答"):
            assert words in page


def test_the_office_calls_from_its_page(tmp_path: Path) -> None:
    plan = {"内容": "值班查岗，请马上应答", "叫": "谢芳", "阶梯": "日常"}
    with story(tmp_path, BEGINS) as office:
        begin(office, 叫应={"查岗": plan})
        assert "值班查岗，请马上应答" in office.get("/calls?plan=查岗").text
        form = {
            "text": "值班查岗",
            "to": "谢芳、唐秀",
            "ladder": "日常",
            "name": "查岗",
            "by": "周敏",
            "id": "b0a1",
        }
        made = office.post("/calls", form)
        assert made.status_code == 303
        again = office.post("/calls", form)
        assert again.headers["location"] == made.headers["location"], "two taps are one call"
        office.pass_to(office.clock.instant)
        office.expects("村社区安全群", "值班查岗", "谢芳", "唐秀")
        assert "正在叫 2" in office.get("/calls").text
        assert "没有叫得到的人" in office.post("/calls", {**form, "to": "王五", "id": ""}).text
        stopped = office.post(
            f"{made.headers['location']}/stop", {"word": "查岗结束", "by": "周敏"}
        )
        assert stopped.status_code == 303
        office.pass_to(office.clock.instant)
        office.expects("村社区安全群", "查岗结束")


def test_another_page_cannot_call(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office)
        form = {"text": "假警报", "to": "全体", "ladder": "紧急"}
        strange = {"origin": "https://evil.test"}
        assert office.post("/calls", form, strange).status_code == 403
        assert office.post("/api/calls", {}).status_code == 401


def test_another_system_calls_with_its_token(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office)
        bearer = {"authorization": f"Bearer {local_token(office.desk.secret)}"}
        body = {"id": "QX-20260701-1", "text": "暴雨红色预警", "to": "谢芳", "by": "气象台"}
        first, second = (office.sends("/api/calls", body, bearer) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 200)
        assert (first.json()["new"], second.json()["new"]) == (True, False)
        office.pass_to(office.clock.instant)
        message = office.expects("村社区安全群", "暴雨红色预警")
        Phone.of(office, message).answers("叫应/QX-20260701-1/谢芳", "done")
        shown = office.get("/api/calls/QX-20260701-1", bearer).json()
        assert shown["counts"] == {"已落实": 1}
        for wrong in ({"text": ""}, {"text": "x", "to": []}, {"to": 3}, {"plan": "没有"}, ["x"]):
            refused = office.sends("/api/calls", wrong, bearer)
            assert refused.status_code == 400
            assert refused.json()["error"]


def test_the_same_call_twice_is_one_call(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office)
        call(office, "谢芳", name="QX-1")
        office.expects("村社区安全群", "谢芳")
        made, is_new = office.do(open_call(office.desk, CallRequest("再来", ("唐秀",), id="QX-1")))
        assert (made.text, is_new) == ("暴雨红色预警，立即转移", False)
        office.do(stop_call(office.desk, "QX-1", "周敏", "警报解除"))
        office.until("2026-07-01T02:30")
        office.expects("村社区安全群", "警报解除")
        assert states(office, "QX-1") == {"谢芳": CallState.RELEASED}


def test_who_answered_before_a_call_was_stopped_has_answered(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office)
        name = call(office, "谢芳", "唐秀", name="QX-2")
        message = office.expects("村社区安全群", "谢芳", "唐秀")
        Phone.of(office, message).answers(f"叫应/{name}/唐秀", "heard")
        office.do(stop_call(office.desk, name, "周敏", "警报解除"))
        office.until("2026-07-01T04:00")
        office.expects("村社区安全群", "警报解除")
        page = office.get(f"/calls/{name}").text
        assert "已应 1" in page
        assert "已停叫 1" in page


def test_who_answers_and_does_nothing_is_called_again(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office)
        name = call(office, "谢芳")
        first = office.expects("村社区安全群")
        key = f"叫应/{name}/谢芳"
        Phone.of(office, first).answers(key, "heard")
        office.until("2026-07-01T02:31:30")
        again = office.expects("村社区安全群", "应而未动，再次叫应")
        Phone.of(office, again).answers(key, "done", note="已转移12户")
        office.until("2026-07-01T04:00")
        assert states(office, name) == {"谢芳": CallState.DONE}


def test_each_order_is_confirmed_as_carried_out(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office)
        name = calls(office, CallRequest("停产", ("谢芳",), orders=("禁", "停", "撤", "疏")))
        phone = Phone.of(office, office.expects("村社区安全群", "禁、停、撤、疏"))
        key = f"叫应/{name}/谢芳"
        assert "请勾选" in phone.answers(key, "done").text
        phone.answers(key, "done", orders="撤")
        assert states(office, name) == {"谢芳": CallState.HEARD}
        for order in ("禁", "停", "疏"):
            phone.answers(key, "done", orders=order)
        assert states(office, name) == {"谢芳": CallState.DONE}


def test_whoever_is_on_leave_is_called_through_his_deputy(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        content = yaml.safe_load(town())
        content["人员"]["谢芳"]["请假"] = "2026-06-30至2026-07-02"
        office.writes(base=yaml.safe_dump(content, allow_unicode=True))
        office.until("2026-07-01T02:01")
        name = call(office, "石桥村", ladder="日常")
        message = office.expects("村社区安全群", "唐秀", "谢芳请假，由您代理")
        Phone.of(office, message).answers(f"叫应/{name}/谢芳", "heard")
        assert states(office, name) == {"唐秀": CallState.HEARD}
        office.until("2026-07-01T03:00")


def test_one_answer_is_enough_where_the_ladder_says_so(tmp_path: Path) -> None:
    ladder = {"步骤": [{"叫": "本人"}], "到限": "5分钟", "一人应即可": "是"}
    with story(tmp_path, BEGINS) as office:
        begin(office, 阶梯={"一人": ladder})
        name = call(office, "谢芳", "唐秀", ladder="一人")
        message = office.expects("村社区安全群")
        Phone.of(office, message, 1).answers(f"叫应/{name}/谢芳", "heard")
        assert states(office, name)["唐秀"] is CallState.CALLING, (
            "another unit's answer is not theirs"
        )
        Phone.of(office, message).answers(f"叫应/{name}/唐秀", "heard")
        office.until("2026-07-01T02:10")


def test_a_removed_robot_lets_the_call_go_another_way(tmp_path: Path) -> None:
    content = yaml.safe_load(town())
    content["通道"]["短信"] = {"平台": "短信网关", "地址": "沙箱"}
    with story(tmp_path, BEGINS) as office:
        office.writes(base=yaml.safe_dump(content, allow_unicode=True))
        office.until("2026-07-01T02:01")
        office.sandbox.remove("村社区安全群")
        name = call(office, "谢芳")
        office.expects("短信", "暴雨红色预警")
        office.expects("安委办工作群", "村社区安全群", "何静")
        kinds = office.kinds(f"叫应/{name}/谢芳")
        assert kinds == ["Called", "Escalated", "Sending", "Failed", "Rerouted", "Sending", "Sent"]
        Phone.of(office, office.sandbox.shown("短信")[-1]).answers(f"叫应/{name}/谢芳", "done")


@pytest.mark.parametrize(
    ("seconds", "late"), [(25, False), (600, True), (8 * 3600, True)], ids=["25s", "10min", "8h"]
)
def test_a_line_that_is_down_loses_nothing(tmp_path: Path, seconds: int, *, late: bool) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office)
        office.line = Line.DOWN
        name = call(office, "谢芳")
        office.clock.instant += timedelta(seconds=seconds)
        office.line = Line.UP
        office.pass_to(office.clock.instant)
        messages = office.group("村社区安全群")
        listed = office.group("安委办工作群")
        if seconds < 7200:
            assert len(messages) == 1
            assert ("迟发" in messages[0].text) is late
            Phone.of(office, messages[0]).answers(f"叫应/{name}/谢芳", "done")
        else:
            assert not messages, "what has lost its point is not sent"
            assert "过时效" in listed[0].text


def test_no_answer_counts_but_the_callees_own(tmp_path: Path) -> None:
    ladder = {
        "步骤": [{"叫": "本人"}, {"等": "1分钟", "叫": "上级"}],
        "到限": "5分钟",
        "报给": "办公室",
    }
    with story(tmp_path, BEGINS) as office:
        begin(office, 阶梯={"上报": ladder})
        name = call(office, "谢芳", ladder="上报")
        office.expects("村社区安全群", "谢芳")
        office.until("2026-07-01T02:02:30")
        told = office.expects("安委办工作群", "周敏", "谢芳（石桥村）没有应答")
        key = f"叫应/{name}/谢芳"
        assert Phone.of(office, told).answers(key, "heard").status_code == 303
        assert states(office, name) == {"谢芳": CallState.CALLING}
        office.until("2026-07-01T02:06:10")
        office.expects("安委办工作群", "未叫醒名单", "何静")


def test_a_long_text_arrives_whole(tmp_path: Path) -> None:
    text = "".join(f"第{number}项措施要立即落实到位；" for number in range(140))
    with story(tmp_path, BEGINS) as office:
        begin(office)
        calls(office, CallRequest(text, ("谢芳",)))
        told = "".join(one.text for one in office.group("村社区安全群"))
        for number in range(140):
            assert f"第{number}项" in told
        office.do(
            stop_call(office.desk, office.ledger.read(call_reads.latest_calls, 1)[0].id, "", "")
        )
        office.pass_to(office.clock.instant)
        office.expects("村社区安全群", "叫应结束")
