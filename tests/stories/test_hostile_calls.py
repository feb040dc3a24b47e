"""叫应 under bad luck and bad words: wrong names, dead channels, two calls at once, roll calls."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from notifier.calling import CallRequest, open_call, stop_call
from notifier.calls import CallState
from notifier.ledger import call_reads, reads
from notifier.web.api import local_token
from tests.stories.office import Line, Office, Phone, PowerCut, story
from tests.stories.test_calls import BEGINS, call, calls, states, town

RED = "暴雨红色预警，立即转移"
APP_ONLY = {
    "步骤": [{"叫": "本人", "用": "应用"}, {"等": "5分钟", "叫": "本人", "用": "应用"}],
    "到限": "10分钟",
    "报给": "办公室",
}


def begin(office: Office, content: dict[str, Any]) -> None:
    office.writes(base=yaml.safe_dump(content, allow_unicode=True))
    office.until("2026-07-01T02:01")


def rich_town(**more: object) -> dict[str, Any]:
    """Give the town with an app and a text message gateway, by which its people are reached too."""
    content: dict[str, Any] = yaml.safe_load(town(**more))
    content["通道"]["叫应应用"] = {"平台": "企业微信应用", "地址": "沙箱"}
    content["通道"]["短信"] = {"平台": "短信网关", "地址": "沙箱"}
    for name, account in (("谢芳", "xiefang"), ("唐秀", "tangxiu")):
        content["人员"][name]["企业微信"] = account
    return content


def newest(office: Office) -> str:
    return office.ledger.read(call_reads.latest_calls, 1)[0].id


def bearer(office: Office) -> dict[str, str]:
    return {"authorization": f"Bearer {local_token(office.desk.secret)}"}


ROLL_CALLS = {
    "a name with brackets": ("值班查岗（夜）", "查岗", "查岗"),
    "a text that is too long": ("值班查岗", "查岗" * 1001, "没有叫成"),
}


@pytest.mark.parametrize(("name", "text", "said"), ROLL_CALLS.values(), ids=ROLL_CALLS)
def test_no_roll_call_stops_everything_else(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    plan = {"内容": text, "叫": "谢芳", "阶梯": "日常", "时间": "02:00-02:30", "何时": "每天"}
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town(叫应={name: plan}))
        office.until("2026-07-01T02:35")
        assert office.server.troubles() == ()
        told = [one for group in office.sandbox.groups() for one in office.group(group.name)]
        assert said in told[0].text


def test_two_calls_at_the_same_instant_are_two_calls(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        first, _ = office.do(open_call(office.desk, CallRequest("暴雨红色预警", ("谢芳",))))
        second, is_new = office.do(open_call(office.desk, CallRequest("危化品泄漏", ("谢芳",))))
        assert is_new
        assert first.id != second.id
        office.pass_to(office.clock.instant)
        office.expects("叫应应用", "暴雨红色预警", "危化品泄漏")
        office.expects("村社区安全群", "暴雨红色预警", "危化品泄漏")


def test_dead_app_and_dead_group_leave_the_text_message(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        office.sandbox.refuse("叫应应用", -1, "system busy")
        office.sandbox.refuse("村社区安全群", -1, "system busy")
        call(office, "谢芳")
        office.until("2026-07-01T02:02")
        assert office.group("短信"), "within 60 s"


def test_the_list_reaches_whoever_the_app_does_not_know(tmp_path: Path) -> None:
    content = rich_town()
    content["单位"]["应急办"]["群"] = "经发群"
    with story(tmp_path, BEGINS) as office:
        begin(office, content)
        office.sandbox.estrange("叫应应用", "zhoumin", "hejing")
        call(office, "谢芳")
        office.until("2026-07-01T02:07")
        said = "".join(
            one.text for name in ("短信", "安委办工作群", "经发群") for one in office.group(name)
        )
        assert "未叫醒名单" in said
        for name in ("叫应应用", "村社区安全群"):
            office.group(name)


NASTY = {
    "mark-up": "**停工**`x`[点这里](http://evil.example/a) # 标题",
    "everybody": "@all <@all> @所有人 <@userid> 立即转移",
    "emoji and nothing": "🌧️立即转移\x00\x07\u202e",
    "a link": "详见 https://evil.example/a?b=1#c",
    "lines": "一\n二\r\n三\t四",
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_no_words_of_a_call_act_by_themselves(tmp_path: Path, text: str) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        name = calls(office, CallRequest(text, ("谢芳",), name=f"{text}"[:30], by="<script>@all"))
        for group in ("叫应应用", "村社区安全群"):
            shown = office.expects(group)
            assert all(link.startswith("http://office.test/a/") for link in shown.links)
            assert "@all" not in shown.mentions
            assert "<@" not in shown.text
            assert "\x00" not in shown.text
        office.do(stop_call(office.desk, name, "<script>", text))
        office.pass_to(office.clock.instant)
        office.expects("叫应应用")
        for path in ("/calls", f"/calls/{name}", "/ledger", "/sandbox", "/"):
            page = office.get(path)
            assert page.status_code == 200, path
            assert "<script>" not in page.text
            assert "<@all>" not in page.text


def test_whoever_the_app_does_not_know_is_called_another_way(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town(阶梯={"应用": APP_ONLY}))
        office.sandbox.estrange("叫应应用", "xiefang")
        call(office, "谢芳", "唐秀", ladder="应用")
        office.until("2026-07-01T02:01:30")
        office.expects("叫应应用", "暴雨红色预警")
        office.expects("村社区安全群", "谢芳")
        office.do(stop_call(office.desk, newest(office), "", ""))
        office.pass_to(office.clock.instant)
        office.group("叫应应用")
        office.group("村社区安全群")


@pytest.mark.parametrize(("lane", "code"), [("村社区安全群", 410100), ("经发群", 410100)])
def test_a_robot_throttled_by_others_is_left_alone(tmp_path: Path, lane: str, code: int) -> None:
    content = rich_town(阶梯={"群": {"步骤": [{"叫": "本人", "用": "群"}], "到限": "1小时"}})
    content["单位"]["石桥村"]["群"] = lane
    with story(tmp_path, BEGINS) as office:
        begin(office, content)
        office.sandbox.refuse(lane, code, "send too fast")
        call(office, "谢芳", ladder="群")
        office.until("2026-07-01T02:02")
        office.expects("叫应应用", "暴雨红色预警")
        call(office, "谢芳", ladder="群")
        office.until("2026-07-01T02:09")
        office.expects("叫应应用", "暴雨红色预警")
        kinds = [one.fact for one in office.ledger.read(reads.latest, 1000)]
        tries = [one for one in kinds if one.kind == "Sending" and one.lane == lane]
        assert len(tries) == 1, "nothing is sent into a lane that the platform has shut"
        for name in (one.id for one in office.ledger.read(call_reads.latest_calls, 5)):
            office.do(stop_call(office.desk, name, "", ""))
        office.pass_to(office.clock.instant)
        office.group("叫应应用")


def test_a_token_that_has_run_out_is_fetched_anew(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town(阶梯={"应用": APP_ONLY}))
        for hour in (2, 4, 9):
            office.until(f"2026-07-01T0{hour}:30")
            name = call(office, "谢芳", ladder="应用")
            office.expects("叫应应用", "暴雨红色预警")
            office.do(stop_call(office.desk, name, "", ""))
            office.pass_to(office.clock.instant)
            office.expects("叫应应用", "结束")


def test_ten_calls_in_a_minute_drop_no_message(tmp_path: Path) -> None:
    quick = {"步骤": [{"叫": "本人", "用": "应用", "次数": 5, "间隔": "5秒"}], "到限": "1小时"}
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town(阶梯={"快": quick}))
        for number in range(10):
            office.do(open_call(office.desk, CallRequest(f"第{number}次", ("谢芳",), ladder="快")))
            office.pass_to(office.clock.instant + timedelta(seconds=5))
        office.pass_to(office.clock.instant + timedelta(minutes=10))
        shown = office.group("叫应应用")
        facts = [one.fact for one in office.ledger.read(reads.latest, 1000)]
        assert len(shown) == sum(one.kind == "Sent" for one in facts)
        times = [one.at for one in shown]
        for first, last in zip(times, times[30:], strict=False):
            assert last - first > timedelta(seconds=60)


def test_a_crowd_in_one_group_is_called_in_few_messages(tmp_path: Path) -> None:
    content = rich_town()
    del content["通道"]["叫应应用"]
    for number in range(60):
        content["人员"][f"组长{number:02}"] = {"钉钉": f"z{number}", "手机": f"139{number:08}"}
        unit = {"负责人": f"组长{number:02}", "群": "村社区安全群", "标签": "各组"}
        content["单位"][f"组{number:02}"] = unit
    with story(tmp_path, BEGINS) as office:
        begin(office, content)
        name = call(office, "各组", ladder="日常")
        messages = office.group("村社区安全群")
        assert len(messages) <= 10
        for number in range(60):
            told = [one for one in messages if f"组长{number:02}" in one.text]
            assert len(told) == 1
        assert sum(len(one.links) for one in messages) == 60
        assert sum(len(one.mentions) for one in messages) == 60
        office.do(stop_call(office.desk, name, "", ""))
        office.pass_to(office.clock.instant + timedelta(minutes=5))
        office.group("短信")
        office.group("村社区安全群")


@pytest.mark.parametrize("change", ["gone channel", "gone person", "broken", "gone ladder"])
def test_rules_that_change_during_a_call_forget_nobody(tmp_path: Path, change: str) -> None:
    content = rich_town(阶梯={"应用": APP_ONLY})
    with story(tmp_path, BEGINS) as office:
        begin(office, content)
        name = call(office, "谢芳", ladder="应用")
        office.expects("叫应应用", "第1次叫应")
        match change:
            case "gone channel":
                del content["通道"]["叫应应用"]
            case "gone person":
                del content["人员"]["谢芳"]
                del content["单位"]["石桥村"]
            case "gone ladder":
                del content["阶梯"]
        office.writes(base=yaml.safe_dump(content, allow_unicode=True))
        if change == "broken":
            office.rules.write_text("单位: [", "utf-8")
        office.until("2026-07-01T02:30")
        assert states(office, name)["谢芳"] is CallState.UNREACHED
        second = [one for group in office.sandbox.groups() for one in office.group(group.name)]
        assert any("第2次叫应" in one.text for one in second) or change == "gone person"
        assert any("未叫醒名单" in one.text for one in second)
        assert office.server.troubles() == ()


@pytest.mark.parametrize("line", [Line.DARK_BEFORE, Line.DARK_AFTER, Line.DEAF])
@pytest.mark.parametrize("strike", [0, 100, 200, 300])
def test_power_that_fails_at_any_strike_loses_nobody(
    tmp_path: Path, line: Line, strike: int
) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        made, _ = office.do(open_call(office.desk, CallRequest(RED, ("谢芳", "唐秀"))))
        if strike:
            office.pass_to(made.begun + timedelta(seconds=strike - 1))
        office.line = line
        with suppress(PowerCut):
            office.pass_to(made.begun + timedelta(seconds=strike + 2))
        office.loses_power()
        office.pass_to(made.begun + timedelta(minutes=12))
        assert set(states(office, made.id).values()) == {CallState.UNREACHED}
        shown = {group.name: office.group(group.name) for group in office.sandbox.groups()}
        for who in ("xiefang", "tangxiu"):
            told = [one for one in shown["叫应应用"] if one.to == (who,)]
            for stage in ("第1次叫应", "第2次叫应", "第3次叫应"):
                found = [one.text for one in told if stage in one.text]
                assert 1 <= len(found) <= 2, f"{who} {stage}"
                assert all("重发" in one for one in found[1:])
        listed = [one.text for some in shown.values() for one in some if "未叫醒名单" in one.text]
        assert listed


def test_a_list_finds_somebody_where_superior_and_duty_room_are_missing(tmp_path: Path) -> None:
    content = rich_town()
    content["单位"]["青溪社区"].pop("上级")
    content["办公室"].pop("值班室")
    content["办公室"]["后备联系人"] = "何静"
    with story(tmp_path, BEGINS) as office:
        begin(office, content)
        call(office, "谢芳", "唐秀", "周敏", ladder="紧急")
        office.until("2026-07-01T02:07")
        told = [one.text for group in office.sandbox.groups() for one in office.group(group.name)]
        lists = "".join(one for one in told if "未叫醒名单" in one)
        for who in ("谢芳", "唐秀", "周敏"):
            assert who in lists


def test_words_that_name_nobody_are_told_to_whoever_calls(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        body = {"text": RED, "to": ["谢芳", "王五", "水利站"], "by": "气象台"}
        made = office.sends("/api/calls", body, bearer(office)).json()
        assert made["unknown"] == ["王五", "水利站"]
        assert "没有叫到：王五、水利站" in office.get(f"/calls/{made['id']}").text
        office.do(stop_call(office.desk, made["id"], "", ""))


ODD_IDS = ["a/b", "..", "a'b", 'a"b', "a\nb", "x" * 65, "<b>", "a b", "."]


@pytest.mark.parametrize("name", ODD_IDS)
def test_an_odd_id_is_refused_in_words(tmp_path: Path, name: str) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        body = {"text": RED, "to": "谢芳", "id": name}
        refused = office.sends("/api/calls", body, bearer(office))
        assert refused.status_code == 400
        assert "编号" in refused.json()["error"]


def test_orders_are_what_can_be_ticked(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        body = {"text": RED, "to": "谢芳", "orders": ["撤", "", " 撤 ", "停、疏"]}
        made = office.sends("/api/calls", body, bearer(office)).json()
        office.pass_to(office.clock.instant)
        phone = Phone.of(office, office.expects("叫应应用", "撤、停、疏"))
        office.expects("村社区安全群")
        form = {"key": f"叫应/{made['id']}/谢芳", "answer": "done"}
        assert phone.opens().text.count('type="checkbox"') == 3
        for order in ("撤", "停", "疏"):
            phone.answers(form["key"], "done", orders=order)
        assert states(office, made["id"]) == {"谢芳": CallState.DONE}
        assert (
            office.sends(
                "/api/calls", {**body, "orders": list("禁停撤疏一二三四五六七")}, bearer(office)
            ).status_code
            == 400
        )


def test_answers_of_every_odd_kind(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        old = call(office, "谢芳", "唐秀")
        first = Phone.of(office, office.group("叫应应用")[0])
        office.pass_to(office.clock.instant + timedelta(seconds=101))
        office.group("短信"), office.group("村社区安全群"), office.group("叫应应用")
        assert first.answers(f"叫应/{old}/唐秀", "heard").status_code == 303, "an earlier strike's"
        assert first.answers(f"叫应/{old}/唐秀", "heard").status_code == 409, "twice"
        assert first.answers(f"叫应/{old}/谢芳", "heard").status_code == 403, "another's"
        assert first.answers("叫应/别的/唐秀", "heard").status_code == 403, "another call's"
        assert first.answers(f"叫应/{old}/唐秀", "postponed").status_code in {400, 409}
        forged = Phone(office, first.link[:-3] + "abc")
        assert forged.answers(f"叫应/{old}/唐秀", "done").status_code == 403
        form = {"key": f"叫应/{old}/谢芳", "note": "上门叫醒", "by": "冯磊", "answer": "heard"}
        assert office.post(f"/calls/{old}/answer", form).status_code == 303
        assert office.post(f"/calls/{old}/answer", {**form, "note": ""}).status_code == 409
        assert office.post("/calls/没有/answer", form).status_code in {400, 404}
        assert office.post("/calls/没有/stop", {"by": "x"}).status_code in {400, 404}
        assert office.post(f"/calls/{old}/stop", {"by": "周敏"}).status_code == 303
        assert office.post(f"/calls/{old}/stop", {"by": "周敏"}).status_code == 303, "twice"
        office.pass_to(office.clock.instant)
        ended = first.answers(f"叫应/{old}/唐秀", "done")
        assert ended.status_code == 409
        assert "已经结束" in ended.text
        for group in ("叫应应用", "村社区安全群", "短信"):
            office.group(group)


def test_looking_changes_nothing(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        name = call(office, "谢芳")
        link = office.expects("叫应应用").links[0].removeprefix("http://office.test")
        office.expects("村社区安全群")
        seq = office.ledger.read(reads.latest, 1)[0].seq
        token = bearer(office)
        for path in (
            "/",
            "/calls",
            f"/calls/{name}",
            f"/calls/{name}/stop",
            "/ledger",
            "/sandbox",
            link,
            f"/api/calls/{name}",
            f"/api/calls/{name}/stop",
            "/api/calls",
            "/healthz",
            f"/calls/{name}/answer",
            "/calls?plan=x",
        ):
            office.get(path, token)
        assert office.ledger.read(reads.latest, 1)[0].seq == seq
        assert office.get(f"/api/calls/{name}").status_code == 401
        wrong = {"authorization": "Bearer wrong"}
        assert office.get(f"/api/calls/{name}", wrong).status_code == 401
        for body in (
            {"text": "x" * 100_000, "to": "谢芳"},
            {"text": "x", "to": "谢芳", "by": 3},
            {"text": None, "to": "谢芳"},
            {"text": "x", "to": [["谢芳"]]},
            "x",
            None,
            {"text": "x", "to": "谢芳", "name": "长" * 100},
        ):
            assert office.sends("/api/calls", body, token).status_code in {400, 413}
        office.do(stop_call(office.desk, name, "", ""))


def test_a_long_text_from_the_page_arrives(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        made = office.post("/calls", {"text": "转" * 2000, "to": "谢芳", "by": "周敏"})
        assert made.status_code == 303
        office.pass_to(office.clock.instant + timedelta(seconds=30))
        for name in ("叫应应用", "村社区安全群"):
            told = "".join(one.text for one in office.group(name))
            assert told.count("转") >= 2000, name
        office.do(stop_call(office.desk, newest(office), "", ""))


@pytest.mark.parametrize("how", ["removed", "busy"])
def test_the_list_does_not_wait_for_a_dead_channel(tmp_path: Path, how: str) -> None:
    content = rich_town()
    del content["单位"]["石桥村"]["上级"]
    with story(tmp_path, BEGINS) as office:
        begin(office, content)
        call(office, "谢芳")
        office.until("2026-07-01T02:02")
        if how == "removed":
            office.sandbox.remove("叫应应用")
        else:
            office.sandbox.refuse("叫应应用", -1, "system busy")
        office.until("2026-07-01T02:06:01")
        told = [one.text for group in office.sandbox.groups() for one in office.group(group.name)]
        assert any("未叫醒名单" in one and "谢芳" in one for one in told)
