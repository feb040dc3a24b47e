"""The simulated platforms judged by raw requests, as an independent client would send them."""

import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from notifier.channels import Group, Sandbox
from notifier.channels.dingtalk import milliseconds, signature
from obligations.errors import Misconfigured
from tests.notifier.channels.contract import Clock
from tests.notifier.channels.rigs.rig import NOW

WECOM = Group("安委办工作群", "企业微信群机器人")
DINGTALK = Group("村干部群", "钉钉群机器人")
SIGNING = "SECbeef"
SECOND = timedelta(seconds=1)


class Office:
    """Both groups, and somebody who posts to their robots by hand."""

    def __init__(self, store: Path | None = None) -> None:
        self.clock = Clock()
        self.sandbox = Sandbox(self.clock, store)
        self.key = self.sandbox.join(WECOM)
        self.token = self.sandbox.join(DINGTALK, SIGNING)

    def post(self, url: str, body: object, **query: str) -> tuple[int, str]:
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        request = httpx.Request("POST", url, params=query, content=content)
        response = self.sandbox.respond(request)
        assert response.status_code == 200
        answer = response.json()
        return answer["errcode"], answer["errmsg"]

    def wecom(self, body: object, key: str = "") -> int:
        url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
        return self.post(url, body, key=key or self.key)[0]

    def dingtalk(
        self, body: object, age: timedelta = 0 * SECOND, query: dict[str, str] | None = None
    ) -> tuple[int, str]:
        stamp = milliseconds(self.clock.now() - age)
        signed = {"timestamp": str(stamp), "sign": signature(SIGNING, stamp)}
        query = {"access_token": self.token, **signed, **(query or {})}
        return self.post("https://oapi.dingtalk.com/robot/send", body, **query)


def markdown(content: str) -> dict[str, object]:
    return {"msgtype": "markdown", "markdown": {"content": content}}


def ding(text: str, uuid: str = "", at: dict[str, object] | None = None) -> dict[str, object]:
    inner = {"title": "提醒", "text": text}
    return {"msgtype": "markdown", "markdown": inner, "at": at or {}, "msgUuid": uuid}


def test_a_wecom_group_shows_what_it_received() -> None:
    office = Office()
    text = "<@zhoumin> 召开会商会 [点此答复](https://qx.example/d/1?t=a_b)"
    assert office.wecom(markdown(text)) == 0
    (shown,) = office.sandbox.shown(WECOM)
    assert (shown.at, shown.platform, shown.msgtype) == (NOW, WECOM.platform, "markdown")
    assert shown.text == text
    assert shown.mentions == ("zhoumin",)
    assert shown.links == ("https://qx.example/d/1?t=a_b",)
    assert office.sandbox.groups() == (WECOM, DINGTALK)
    assert office.sandbox.shown("村干部群") == ()


def test_a_mobile_is_called_by_text_and_not_by_markdown() -> None:
    office = Office()
    lists = {"mentioned_list": ["chenli"], "mentioned_mobile_list": ["13900000000"]}
    office.wecom({"msgtype": "text", "text": {"content": "<@zhoumin> 巡查", **lists}})
    office.wecom({"msgtype": "markdown", "markdown": {"content": "巡查", **lists}})
    office.wecom({"msgtype": "markdown_v2", "markdown_v2": {"content": "<@zhoumin> 巡查"}})
    called = [shown.mentions for shown in office.sandbox.shown(WECOM)]
    assert called == [("zhoumin", "chenli", "13900000000"), (), ()]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (markdown("国" * 1365 + "a"), 0),  # 4096 bytes
        (markdown("国" * 1365 + "ab"), 40058),
        ({"msgtype": "text", "text": {"content": "a" * 2048}}, 0),
        ({"msgtype": "text", "text": {"content": "a" * 2049}}, 40058),
        ({"msgtype": "shout", "shout": {"content": "a"}}, 40008),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "text"}, 44004),
        ({}, 40008),
        (b"{no json", 40035),
        (b"[]", 40035),
    ],
)
def test_wecom_refuses_inside_http_200(body: object, code: int) -> None:
    office = Office()
    assert office.wecom(body) == code
    assert len(office.sandbox.shown(WECOM)) == (code == 0)


def test_the_21st_message_of_a_minute_blocks_a_wecom_robot_for_a_minute() -> None:
    office = Office()
    assert [office.wecom(markdown("巡查")) for _ in range(21)] == [0] * 20 + [45009]
    office.clock.instant += 59 * SECOND
    assert office.wecom(markdown("巡查")) == 45009
    office.clock.instant += SECOND
    assert office.wecom(markdown("巡查")) == 0


def test_twenty_a_minute_counts_in_a_sliding_minute() -> None:
    office = Office()
    codes = []
    for _ in range(60):
        codes.append(office.wecom(markdown("巡查")))
        office.clock.instant += 3 * SECOND
    assert set(codes) == {0}


def test_the_21st_message_of_a_minute_blocks_a_dingtalk_robot_for_ten_minutes() -> None:
    office = Office()
    codes = [office.dingtalk(ding("巡查"))[0] for _ in range(21)]
    assert codes == [0] * 20 + [410100]
    office.clock.instant += 599 * SECOND
    assert office.dingtalk(ding("巡查"))[0] == 410100
    office.clock.instant += SECOND
    assert office.dingtalk(ding("巡查"))[0] == 0


def test_rules_that_are_read_again_free_no_robot_and_may_change_its_secret() -> None:
    office = Office()
    for _ in range(21):
        office.dingtalk(ding("巡查"))
    assert office.sandbox.join(DINGTALK, SIGNING) == office.token
    office.clock.instant += timedelta(minutes=5)
    assert office.dingtalk(ding("巡查"))[0] == 410100
    office.sandbox.join(DINGTALK, "SECother")
    assert office.dingtalk(ding("巡查")) == (310000, "sign not match")


def test_a_clock_that_jumps_back_does_not_block_a_robot_for_ever() -> None:
    office = Office()
    for _ in range(21):
        office.wecom(markdown("巡查"))
    office.clock.instant -= timedelta(hours=1)
    assert office.wecom(markdown("巡查")) == 0


def test_an_address_that_no_robot_has_is_refused() -> None:
    office = Office()
    nobody = {"access_token": "nobody"}
    assert office.wecom(markdown("巡查"), key="nobody") == 93000
    assert office.dingtalk(ding("巡查"), query=nobody)[0] == 400101


def test_a_robot_thrown_out_of_its_group_is_refused_until_it_is_back() -> None:
    office = Office()
    office.sandbox.remove(WECOM.name)
    assert office.wecom(markdown("巡查")) == 93000
    assert office.dingtalk(ding("巡查"))[0] == 0
    office.sandbox.restore(WECOM.name)
    assert office.wecom(markdown("巡查")) == 0


def test_a_robot_can_be_refused_for_any_reason_until_it_is_restored() -> None:
    office = Office()
    office.sandbox.refuse(WECOM.name, 93004, "robot disabled")
    assert office.wecom(markdown("巡查")) == 93004
    assert office.dingtalk(ding("巡查"))[0] == 0
    office.sandbox.restore(WECOM.name)
    assert office.wecom(markdown("巡查")) == 0


@pytest.mark.parametrize(
    ("age", "query", "words"),
    [
        (timedelta(minutes=59), {}, "ok"),
        (timedelta(minutes=-59), {}, "ok"),
        (timedelta(minutes=61), {}, "invalid timestamp"),
        (timedelta(minutes=-61), {}, "invalid timestamp"),
        (timedelta(0), {"timestamp": ""}, "invalid timestamp"),
        (timedelta(0), {"timestamp": "１"}, "invalid timestamp"),
        (timedelta(0), {"sign": ""}, "sign not match"),
        (timedelta(0), {"sign": "AAAA"}, "sign not match"),
    ],
)
def test_dingtalk_checks_the_signature(age: timedelta, query: dict[str, str], words: str) -> None:
    office = Office()
    assert office.dingtalk(ding("巡查"), age, query) == (0 if words == "ok" else 310000, words)


def test_dingtalk_shows_one_message_for_one_uuid() -> None:
    office = Office()
    answers = [office.dingtalk(ding("巡查", uuid)) for uuid in ("A", "A", "B", "", "")]
    assert answers == [(0, "ok")] * 5
    assert [shown.uuid for shown in office.sandbox.shown(DINGTALK)] == ["A", "B", "", ""]


def test_dingtalk_calls_whom_both_the_list_and_the_text_name() -> None:
    office = Office()
    at: dict[str, object] = {
        "atMobiles": ["13900000000", "13700000000"],
        "atUserIds": ["0421"],
        "isAtAll": False,
    }
    office.dingtalk(ding("@0421 @13900000000 @0422 巡查", at=at))
    office.dingtalk({"msgtype": "text", "text": {"content": "巡查"}, "at": at})
    office.dingtalk(ding("巡查", at={"isAtAll": True}))
    called = [shown.mentions for shown in office.sandbox.shown(DINGTALK)]
    assert called == [
        ("0421", "13900000000"),
        ("0421", "13900000000", "13700000000"),
        ("@all",),
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (ding("a" * 21_000), 460101),
        ({"msgtype": "shout"}, 400105),
        (ding(""), 40035),
        ({"msgtype": "markdown", "markdown": {"text": "巡查"}}, 40035),
        (b"{no json", 40035),
    ],
)
def test_dingtalk_refuses_inside_http_200(body: object, code: int) -> None:
    office = Office()
    assert office.dingtalk(body)[0] == code
    assert office.sandbox.shown(DINGTALK) == ()


@pytest.mark.parametrize(("method", "path"), [("GET", "/cgi-bin/webhook/send"), ("POST", "/else")])
def test_everything_else_is_a_page_and_no_answer(method: str, path: str) -> None:
    request = httpx.Request(method, f"https://qyapi.weixin.qq.com{path}")
    assert Office().sandbox.respond(request).status_code == 404


def test_after_a_restart_the_chat_and_what_the_platform_remembers_are_there(tmp_path: Path) -> None:
    store = tmp_path / "沙箱" / "chat.jsonl"
    before = Office(store)
    for _ in range(19):
        before.wecom(markdown("巡查\n“第2次”"))
    before.dingtalk(ding("@0421 [答复](https://a.example/1)", "A", {"atUserIds": ["0421"]}))
    after = Office(store)
    assert after.sandbox.groups() == before.sandbox.groups()
    for group in (WECOM, DINGTALK):
        assert after.sandbox.shown(group) == before.sandbox.shown(group)
    assert [after.wecom(markdown("巡查")) for _ in range(2)] == [0, 45009]
    after.dingtalk(ding("巡查", "A"))
    assert len(after.sandbox.shown(DINGTALK)) == 1


def test_a_line_cut_short_by_a_crash_spoils_no_other(tmp_path: Path) -> None:
    store = tmp_path / "chat.jsonl"
    before = Office(store)
    before.wecom(markdown("第一条"))
    whole = store.read_bytes()
    store.write_bytes(whole + whole[: len(whole) // 2])
    between = Office(store)
    between.wecom(markdown("第二条"))
    after = Office(store)
    assert [shown.text for shown in after.sandbox.shown(WECOM)] == ["第一条", "第二条"]


def test_a_file_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Misconfigured, match="不能写"):
        Sandbox(Clock(), tmp_path / "file" / "chat.jsonl")


def test_what_cannot_be_kept_is_not_shown_and_is_asked_for_again(tmp_path: Path) -> None:
    store = tmp_path / "chat.jsonl"
    office = Office(store)
    store.unlink()
    store.mkdir()
    assert office.wecom(markdown("巡查")) == -1
    assert office.sandbox.shown(WECOM) == ()


def test_the_sandbox_hides_its_secrets() -> None:
    office = Office()
    assert SIGNING not in repr(vars(office.sandbox))
    assert office.key not in repr(office.sandbox)
