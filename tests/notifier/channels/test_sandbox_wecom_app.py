"""WeCom's simulated app and phone judged by raw requests, as another client would send them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from notifier.channels import Group, Sandbox, Shown
from tests.notifier.channels.contract import Clock
from tests.notifier.channels.rigs.rig import NOW

APP = Group("叫应应用", "企业微信应用")
PHONE = Group("叫应电话", "企业微信电话")
BASE = "https://qyapi.weixin.qq.com/cgi-bin"
MINUTE = timedelta(minutes=1)


class Corporation:
    """An app and a phone, and somebody who calls their interface by hand."""

    def __init__(self, store: Path | None = None) -> None:
        self.clock = Clock()
        self.sandbox = Sandbox(self.clock, store)
        self.keys = {group: self.sandbox.enrol(group) for group in (APP, PHONE)}
        self.token = self.gettoken()["access_token"]

    def gettoken(self, group: Group = APP, corpid: str = "", secret: str = "") -> dict[str, Any]:
        keys = self.keys[group]
        query = {"corpid": corpid or keys.account, "corpsecret": secret or keys.secret}
        return self.ask(httpx.Request("GET", f"{BASE}/gettoken", params=query))

    def ask(self, request: httpx.Request) -> dict[str, Any]:
        response = self.sandbox.respond(request)
        assert response.status_code == 200
        told: dict[str, Any] = response.json()
        return told

    def post(self, path: str, body: object, token: str = "") -> dict[str, Any]:
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        query = {"access_token": token or self.token}
        return self.ask(httpx.Request("POST", f"{BASE}{path}", params=query, content=content))

    def send(self, inner: dict[str, object], to: str = "zhoumin") -> dict[str, Any]:
        agent = int(self.keys[APP].app)
        return self.post("/message/send", {"touser": to, "agentid": agent, **inner})

    def update(self, code: str, words: str = "已收到") -> int:
        body = {
            "userids": ["zhoumin"],
            "agentid": int(self.keys[APP].app),
            "response_code": code,
            "button": {"replace_name": words},
        }
        return int(self.post("/message/update_template_card", body)["errcode"])

    def call(self, *accounts: str) -> list[int]:
        token = self.gettoken(PHONE)["access_token"]
        told = self.post("/pstncc/call", {"callee_userid": accounts}, token)
        assert [state["userid"] for state in told["states"]] == list(accounts)
        return [state["code"] for state in told["states"]]

    @property
    def shown(self) -> tuple[Shown, ...]:
        return self.sandbox.shown(APP.name)


def markdown(content: str) -> dict[str, object]:
    return {"msgtype": "markdown", "markdown": {"content": content}}


def textcard(**more: str) -> dict[str, object]:
    inner = {"title": "提醒", "description": "巡查", "url": "https://a.example/1", **more}
    return {"msgtype": "textcard", "textcard": inner}


def card(task: str = "T1", **more: object) -> dict[str, object]:
    inner = {
        "card_type": "button_interaction",
        "main_title": {"title": "暴雨红色预警"},
        "sub_title_text": "立即转移",
        "card_action": {"type": 1, "url": "https://a.example/1"},
        "task_id": task,
        "button_list": [{"text": "收到", "style": 1, "key": "k1"}],
        **more,
    }
    return {"msgtype": "template_card", "template_card": inner}


def buttons(*keys: str) -> list[dict[str, object]]:
    return [{"text": "收到", "key": key} for key in keys]


def test_a_person_sees_what_the_app_sent_him() -> None:
    town = Corporation()
    told = town.send(markdown("巡查 [答复](https://a.example/1)"), "zhoumin|chenli")
    assert (told["errcode"], told["errmsg"], told["invaliduser"]) == (0, "ok", "")
    assert town.shown == (
        Shown(
            NOW,
            APP.platform,
            "markdown",
            "巡查 [答复](https://a.example/1)",
            links=("https://a.example/1",),
            to=("zhoumin", "chenli"),
        ),
    )
    assert town.sandbox.groups() == (APP, PHONE)
    assert town.sandbox.shown(PHONE) == ()


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        (markdown("国" * 682 + "ab"), 0),  # 2048 bytes
        (markdown("国" * 682 + "abc"), 40058),
        (markdown(""), 44004),
        ({"msgtype": "text", "text": {"content": "国" * 2000}}, 0),
        ({"msgtype": "shout", "shout": {"content": "a"}}, 40008),
        ({}, 40008),
        (textcard(), 0),
        (textcard(title="a" * 129), 40058),
        (textcard(description="a" * 513), 40058),
        (textcard(url="https://a.example/" + "a" * 2048), 40058),
        (textcard(url=""), 40058),
        (card(), 0),
        (card(card_type="vote"), 40058),
        (card(main_title={}), 40058),
        (card(task=""), 40058),
        (card(task="编号"), 40058),
        (card(task="a" * 129), 40058),
        (card(button_list=[]), 40058),
        (card(button_list="all"), 40058),
        (card(button_list=buttons("a", "a")), 40058),
        (card(button_list=buttons(*"abcdef")), 0),
        (card(button_list=buttons(*"abcdefg")), 40058),
        (card(button_list=buttons("a" * 1025)), 40058),
        (card(button_list=[{"text": "", "key": "a"}]), 40058),
    ],
)
def test_the_app_refuses_inside_http_200(inner: dict[str, object], code: int) -> None:
    town = Corporation()
    assert town.send(inner)["errcode"] == code
    assert len(town.shown) == (code == 0)


def test_text_that_is_too_long_is_cut_between_characters() -> None:
    town = Corporation()
    town.send({"msgtype": "text", "text": {"content": "国" * 2000}})
    assert town.shown[0].text == "国" * 682


def test_people_it_does_not_know_are_named_in_lower_case_under_errcode_0() -> None:
    town = Corporation()
    town.sandbox.estrange(APP.name, "WuFang", "GoneAway")
    told = town.send(markdown("巡查"), "ZhouMin|WuFang|GONEAWAY")
    assert (told["errcode"], told["invaliduser"]) == (0, "wufang|goneaway")
    assert town.shown[0].to == ("ZhouMin",)
    assert town.send(markdown("巡查"), "WuFang")["errcode"] == 81013
    assert len(town.shown) == 1


@pytest.mark.parametrize("to", ["", "|", "|".join(f"u{n}" for n in range(1001))])
def test_nobody_and_too_many_are_refused(to: str) -> None:
    assert Corporation().send(markdown("巡查"), to)["errcode"] == 40058


def test_more_than_30_a_minute_for_one_person_is_dropped_without_a_word() -> None:
    town = Corporation()
    told = {town.send(markdown(f"第{n}条"), "ZhouMin")["errcode"] for n in range(40)}
    town.send(markdown("给两个人"), "zhoumin|chenli")
    assert told == {0}
    assert [shown.to for shown in town.shown] == [("ZhouMin",)] * 30 + [("chenli",)]
    town.clock.instant += MINUTE
    town.send(markdown("一分钟后"))
    assert town.shown[-1].text == "一分钟后"


def test_more_than_1000_an_hour_for_one_person_is_dropped_without_a_word() -> None:
    town = Corporation()
    for _ in range(40):
        for _ in range(26):
            assert town.send(markdown("巡查"))["errcode"] == 0
        town.clock.instant += MINUTE
    assert len(town.shown) == 1000


def test_10000_calls_a_minute_are_too_many_for_a_minute() -> None:
    town = Corporation()
    town.sandbox.estrange(APP.name, "u")
    codes = [town.send(markdown("巡查"), "u")["errcode"] for _ in range(10_001)]
    assert (set(codes[:-1]), codes[-1]) == ({81013}, 45009)
    town.clock.instant += MINUTE
    assert town.send(markdown("巡查"), "u")["errcode"] == 81013


def test_a_token_lives_two_hours_and_is_the_same_while_it_lives() -> None:
    town = Corporation()
    town.clock.instant += timedelta(minutes=119)
    again = town.gettoken()
    assert (again["access_token"], again["expires_in"]) == (town.token, 60)
    town.clock.instant += MINUTE
    assert town.send(markdown("巡查"))["errcode"] == 42001
    fresh = town.gettoken()["access_token"]
    assert fresh != town.token
    assert town.send(markdown("巡查"))["errcode"] == 42001
    town.token = fresh
    assert town.send(markdown("巡查"))["errcode"] == 0


def test_wrong_keys_are_refused_at_the_door() -> None:
    town = Corporation()
    assert town.gettoken(corpid="ww0")["errcode"] == 40013
    assert town.gettoken(secret=town.token)["errcode"] == 40001
    town.token = town.keys[APP].secret
    assert town.send(markdown("巡查"))["errcode"] == 40014


def test_an_app_that_was_removed_is_shut_out_until_it_is_back() -> None:
    town = Corporation()
    town.sandbox.remove(APP.name)
    assert town.gettoken()["errcode"] == 40001
    assert town.send(markdown("巡查"))["errcode"] == 40014
    assert town.gettoken(PHONE)["errcode"] == 0
    town.sandbox.restore(APP.name)
    assert town.send(markdown("巡查"))["errcode"] == 0


def test_an_address_that_is_not_trusted_is_refused_until_it_is() -> None:
    town = Corporation()
    town.sandbox.refuse(APP.name, 60020, "not allow to access from your ip")
    assert town.gettoken()["errcode"] == 0
    assert town.send(markdown("巡查"))["errcode"] == 60020
    town.sandbox.restore(APP.name)
    assert town.send(markdown("巡查"))["errcode"] == 0


@pytest.mark.parametrize("body", [b"{no json", b"[]", b""])
def test_what_cannot_be_read_is_refused(body: bytes) -> None:
    assert Corporation().post("/message/send", body)["errcode"] == 40035


def test_an_app_cannot_speak_for_another() -> None:
    town = Corporation()
    told = town.post("/message/send", {"touser": "zhoumin", "agentid": 7, **markdown("巡查")})
    assert told["errcode"] == 301002


def test_a_card_shows_its_buttons_and_can_be_closed_once() -> None:
    town = Corporation()
    code = town.send(card())["response_code"]
    (shown,) = town.shown
    assert (shown.title, shown.text, shown.uuid) == ("暴雨红色预警", "立即转移", "T1")
    assert (shown.links, shown.buttons) == (("https://a.example/1",), (("收到", "k1"),))
    assert town.update(code, "") == 40058
    assert town.update(code) == 0
    assert (town.shown[1].msgtype, town.shown[1].text) == ("update_template_card", "已收到")
    assert town.shown[1].uuid == "T1"
    assert town.update(code) == 40035
    assert len(town.shown) == 2


def test_a_card_can_be_closed_for_72_hours() -> None:
    town = Corporation()
    early, late = (town.send(card(task))["response_code"] for task in ("T1", "T2"))
    for hours, code, told in ((72, early, 0), (1, late, 40035)):
        town.clock.instant += timedelta(hours=hours)
        town.token = town.gettoken()["access_token"]
        assert town.update(code) == told


def test_a_number_serves_one_card() -> None:
    town = Corporation()
    assert town.send(card())["errcode"] == 0
    assert town.send(card())["errcode"] == 40058


def test_a_phone_rings_three_times_in_eight_minutes_and_eight_times_a_day() -> None:
    town = Corporation()
    assert [town.call("zhoumin")[0] for _ in range(4)] == [0, 0, 0, 13]
    assert town.call("zhoumin", "chenli") == [13, 0]
    town.clock.instant += 8 * MINUTE
    assert [town.call("zhoumin")[0] for _ in range(4)] == [0, 0, 0, 13]
    town.clock.instant += 8 * MINUTE
    assert [town.call("zhoumin")[0] for _ in range(4)] == [0, 0, 13, 13]
    town.clock.instant += timedelta(hours=24)
    assert town.call("zhoumin") == [0]
    rung = [shown.to for shown in town.sandbox.shown(PHONE)]
    assert rung == [("zhoumin",)] * 3 + [("chenli",)] + [("zhoumin",)] * 6


def test_a_phone_of_somebody_unknown_does_not_ring() -> None:
    town = Corporation()
    town.sandbox.estrange(PHONE.name, "wufang")
    assert town.call("WuFang", "zhoumin") == [60111, 0]
    token = town.gettoken(PHONE)["access_token"]
    assert town.post("/pstncc/call", {}, token)["errcode"] == 40058


@pytest.mark.parametrize("path", ["/message/send", "/pstncc/call"])
def test_everything_else_is_a_page_and_no_answer(path: str) -> None:
    town = Corporation()
    assert town.sandbox.respond(httpx.Request("GET", f"{BASE}{path}")).status_code == 404


def test_after_a_restart_it_knows_what_it_has_shown(tmp_path: Path) -> None:
    store = tmp_path / "chat.jsonl"
    before = Corporation(store)
    open_, closed = (before.send(card(task))["response_code"] for task in ("T1", "T2"))
    assert before.update(closed) == 0
    for _ in range(27):
        before.send(markdown("巡查"))
    for _ in range(3):
        before.call("zhoumin")
    after = Corporation(store)
    assert after.shown == before.shown
    assert [after.send(markdown("巡查"))["errcode"] for _ in range(2)] == [0, 0]
    assert len(after.shown) == len(before.shown) + 1
    assert after.send(card("T1"))["errcode"] == 40058
    assert (after.update(open_), after.update(closed)) == (0, 40035)
    assert after.call("zhoumin") == [13]


def test_what_cannot_be_kept_is_not_shown_and_does_not_count(tmp_path: Path) -> None:
    store = tmp_path / "chat.jsonl"
    town = Corporation(store)
    store.unlink()
    store.mkdir()
    assert town.send(card())["errcode"] == -1
    store.rmdir()
    assert town.send(card())["errcode"] == 0
    assert len(town.shown) == 1


def test_a_transcript_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    store = tmp_path / "chat.jsonl"
    before = Corporation(store)
    before.send(markdown("巡查"))
    line = json.loads(store.read_text("utf-8"))
    del line["to"], line["buttons"]
    store.write_text(json.dumps(line, ensure_ascii=False) + "\n", "utf-8")
    (shown,) = Corporation(store).shown
    assert (shown.text, shown.to, shown.buttons) == ("巡查", (), ())


def test_the_sandbox_hides_what_it_hands_out() -> None:
    town = Corporation()
    told = repr(vars(town.sandbox)) + repr(town.keys)
    assert town.keys[APP].secret not in told
