"""叫应 when more goes wrong than one thing: dead lines, worn-out robots, broken rounds, gates."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from notifier import server
from notifier.calling import CallRequest, open_call, stop_call
from notifier.calls import CallState
from notifier.ledger import reads
from tests.stories.office import Line, Phone, story
from tests.stories.test_calls import BEGINS, call, calls, states
from tests.stories.test_hostile_calls import RED, begin, newest, rich_town


def test_a_line_that_the_office_closed_by_hand_is_not_called_again(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        name = call(office, "谢芳", "唐秀")
        form = {"note": "上门叫醒", "by": "冯磊", "answer": "heard"}
        for who in ("谢芳", "唐秀"):
            made = office.post(f"/calls/{name}/answer", {**form, "key": f"叫应/{name}/{who}"})
            assert made.status_code == 303
        for group in ("叫应应用", "村社区安全群"):
            office.group(group)
        office.until("2026-07-01T03:30")
        office.expects_nothing()


def test_after_many_answers_what_was_done_is_still_taken(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        name = call(office, "谢芳")
        key = f"叫应/{name}/谢芳"
        phone = Phone.of(office, office.expects("叫应应用"))
        for number in range(20):
            assert phone.answers(key, "heard", note=f"正在转移第{number}户").status_code == 303
        assert phone.answers(key, "heard", note="还在转移").status_code == 409
        assert phone.answers(key, "done").status_code == 303
        assert states(office, name)["谢芳"] is CallState.DONE
        office.group("村社区安全群")


def test_orders_are_reported_after_many_answers_but_none_twice(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        name = calls(office, CallRequest("停产", ("谢芳",), orders=("停", "撤")))
        key = f"叫应/{name}/谢芳"
        phone = Phone.of(office, office.expects("叫应应用"))
        for number in range(20):
            phone.answers(key, "heard", note=f"正在撤第{number}户")
        assert phone.answers(key, "done", orders="停").status_code == 303
        assert phone.answers(key, "done", orders="停").status_code == 409
        assert phone.answers(key, "done", orders="撤").status_code == 303
        assert states(office, name)["谢芳"] is CallState.DONE
        office.group("村社区安全群")


@pytest.mark.parametrize("path", ["/calls", "/calls/C1/stop", "/calls/C1/answer"])
def test_behind_the_gate_nobody_calls_without_the_office_key(tmp_path: Path, path: str) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        call(office, "谢芳", name="C1")
        office.app.state.is_open = False
        form = {"text": RED, "to": "谢芳", "key": "叫应/C1/谢芳", "answer": "heard", "note": "x"}
        before = office.ledger.read(reads.latest, 1)[0].seq
        for headers in ({}, {"cookie": "office=falsch"}, {"origin": "http://office.test"}):
            assert office.post(path, form, headers).status_code == 403
        assert office.ledger.read(reads.latest, 1)[0].seq == before
        office.do(stop_call(office.desk, "C1", "", ""))
        office.pass_to(office.clock.instant)
        for group in ("叫应应用", "村社区安全群"):
            office.group(group)


def test_everything_dead_for_ten_minutes_and_then_back(tmp_path: Path) -> None:
    ladder = {"步骤": [{"叫": "本人", "用": ["应用", "群", "短信"]}], "到限": "1小时"}
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town(阶梯={"全": ladder}))
        office.line = Line.DOWN
        name = call(office, "谢芳", "唐秀", ladder="全")
        begun = office.clock.instant
        office.pass_to(begun + timedelta(minutes=10))
        office.expects_nothing()
        office.line = Line.UP
        office.pass_to(begun + timedelta(minutes=11))
        found = [one for group in office.sandbox.groups() for one in office.group(group.name)]
        told = "".join(one.text for one in found if "暴雨红色预警" in one.text)
        assert all("迟发" in one.text for one in found)
        for who in ("谢芳", "唐秀"):
            assert who in told or f"叫应/{name}/{who}" in told
        facts = [one.fact for one in office.ledger.read(reads.latest, 5000)]
        assert len(facts) < 1000, "a dead line does not fill the record"
        office.do(stop_call(office.desk, name, "", ""))
        office.pass_to(office.clock.instant)
        for group in office.sandbox.groups():
            office.group(group.name)


def test_a_call_is_never_mixed_with_duties_and_goes_first(tmp_path: Path) -> None:
    duty = {"编号": "A-1", "事项": "召开安全例会", "责任人": "谢芳", "频次": "每季度至少1次"}
    content = rich_town()
    with story(tmp_path, "2026-07-01T08:58+08:00") as office:
        office.writes(duty, base=yaml.safe_dump(content, allow_unicode=True))
        office.until("2026-07-01T08:59")
        office.line = Line.DOWN
        office.until("2026-07-01T09:01")
        call(office, "谢芳")
        office.line = Line.UP
        office.until("2026-07-01T09:02")
        shown = [one for one in office.group("村社区安全群") if "谢芳" in one.text]
        texts = ["暴雨" if "暴雨红色预警" in one.text else "例会" for one in shown]
        assert texts[0] == "暴雨"
        assert not [one for one in shown if "暴雨红色预警" in one.text and "例会" in one.text]
        assert "例会" in texts
        office.do(stop_call(office.desk, newest(office), "", ""))
        office.pass_to(office.clock.instant)
        for group in office.sandbox.groups():
            office.group(group.name)


def test_a_robot_that_others_have_worn_out_lets_the_call_go_on(tmp_path: Path) -> None:
    content = rich_town(阶梯={"群": {"步骤": [{"叫": "本人", "用": "群"}], "到限": "1小时"}})
    content["单位"]["石桥村"]["群"] = "安委办工作群"
    with story(tmp_path, BEGINS) as office:
        begin(office, content)
        office.sandbox.refuse("安委办工作群", 45009, "api freq out of limit")
        begun = office.clock.instant
        name = call(office, "谢芳", ladder="群")
        office.pass_to(begun + timedelta(seconds=59))
        office.expects("叫应应用", "暴雨红色预警")
        facts = [one.fact for one in office.ledger.read(reads.latest, 1000)]
        tries = [one for one in facts if one.kind == "Sending" and one.lane == "安委办工作群"]
        assert len(tries) == 1, "it waits as the platform demands"
        office.do(stop_call(office.desk, name, "", ""))
        office.pass_to(office.clock.instant)
        for group in office.sandbox.groups():
            office.group(group.name)


def test_a_long_text_reaches_everybody_of_a_crowd_whole(tmp_path: Path) -> None:
    content = rich_town()
    del content["通道"]["叫应应用"]
    del content["通道"]["短信"]
    for number in range(12):
        content["人员"][f"组长{number:02}"] = {"钉钉": f"z{number}", "手机": f"139{number:08}"}
        unit = {"负责人": f"组长{number:02}", "群": "村社区安全群", "标签": "各组"}
        content["单位"][f"组{number:02}"] = unit
    text = "".join(f"第{number}项措施要立即落实到位；" for number in range(140))
    with story(tmp_path, BEGINS) as office:
        begin(office, content)
        request = CallRequest(text, ("各组",), "日常")
        office.do(open_call(office.desk, request))
        office.pass_to(office.clock.instant + timedelta(minutes=5))
        messages = office.group("村社区安全群")
        for number in range(12):
            told = "".join(one.text for one in messages if f"组长{number:02}" in one.text)
            missing = [item for item in range(140) if f"第{item}项" not in told]
            assert not missing, f"组长{number:02}"
        office.do(stop_call(office.desk, newest(office), "", ""))
        office.pass_to(office.clock.instant + timedelta(minutes=5))
        office.group("村社区安全群")


def test_a_record_from_an_hour_ahead_does_not_stop_the_calls(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        first = call(office, "谢芳")
        for group in ("叫应应用", "村社区安全群"):
            office.group(group)
        office.do(stop_call(office.desk, first, "", ""))
        office.pass_to(office.clock.instant)
        office.stops()
        office.clock.instant -= timedelta(hours=1)
        office.starts()
        begun = office.clock.instant
        office.do(open_call(office.desk, CallRequest(RED, ("唐秀",), "紧急", "C2")))
        office.pass_to(begun + timedelta(minutes=5, seconds=1))
        shown = [one for group in office.sandbox.groups() for one in office.group(group.name)]
        for stage in ("第1次叫应", "第2次叫应", "第3次叫应", "未叫醒名单"):
            assert [one for one in shown if stage in one.text], stage
        assert states(office, "C2")["唐秀"] is CallState.UNREACHED


def test_a_round_that_breaks_off_keeps_no_call_from_leaving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_off(desk: object) -> None:
        raise ZeroDivisionError(desk)

    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        with monkeypatch.context() as patched:
            patched.setattr(server, "run_round", break_off)
            call(office, "谢芳")
            office.expects("叫应应用", "第1次叫应")
            office.expects("村社区安全群", "第1次叫应")
            assert any("程序内部出错" in words for words in office.server.troubles())
        office.until("2026-07-01T02:02:41")
        assert office.server.troubles() == ()
        office.expects("叫应应用", "第2次叫应")
        office.do(stop_call(office.desk, newest(office), "", ""))
        office.pass_to(office.clock.instant)
        for group in office.sandbox.groups():
            office.group(group.name)
