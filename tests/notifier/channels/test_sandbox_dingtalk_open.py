"""DingTalk's open interface, simulated, judged by raw requests of an independent client."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from notifier.channels import (
    ChannelError,
    FailureKind,
    Group,
    Line,
    Message,
    Recipient,
    Sandbox,
    Section,
    build,
)
from notifier.channels.sandbox import Credentials
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.contract import Clock
from tests.notifier.channels.rigs.rig import NOW

BASE = "https://api.dingtalk.com"
HEADER = "x-acs-dingtalk-access-token"
SECOND = timedelta(seconds=1)
SEND = "/v1.0/robot/oToMessages/batchSend"
READ = "/v1.0/robot/oToMessages/readStatus"
DING = "/v1.0/robot/ding/send"
Answer = tuple[int, dict[str, object]]


class Office:
    """One app, and somebody who calls its interface by hand."""

    def __init__(self, platform: str = "钉钉企业机器人", store: Path | None = None) -> None:
        self.clock = Clock()
        self.sandbox = Sandbox(self.clock, store)
        self.group = Group("工作台", platform)
        self.keys: Credentials = self.sandbox.enrol(self.group)
        self.token = ""

    def ask(self, method: str, path: str, body: object = None, **query: str) -> Answer:
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {HEADER: self.token} if self.token else {}
        url = httpx.URL(BASE + path)
        request = httpx.Request(method, url, params=query, content=content, headers=headers)
        response = self.sandbox.respond(request)
        return response.status_code, response.json()

    def enter(self, key: str = "", secret: str = "") -> Answer:
        keys = {"appKey": key or self.keys.account, "appSecret": secret or self.keys.secret}
        return self.ask("POST", "/v1.0/oauth2/accessToken", keys)

    def opened(self) -> "Office":
        self.token = str(self.enter()[1]["accessToken"])
        return self

    def send(self, *people: str, param: object = None, key: str = "sampleMarkdown") -> Answer:
        self.clock.instant += SECOND / 20
        written = json.dumps(param or {"title": "提醒", "text": "巡查"}, ensure_ascii=False)
        body = {"robotCode": self.keys.app, "userIds": people, "msgKey": key, "msgParam": written}
        return self.ask("POST", SEND, body)

    def ding(self, *people: str, kind: int = 3, content: str = "立即转移") -> Answer:
        body = {"robotCode": self.keys.app, "remindType": kind, "content": content}
        return self.ask("POST", DING, {**body, "receiverUserIdList": people})


def code(answer: Answer) -> tuple[int, object]:
    return answer[0], answer[1].get("code")


def test_the_keys_open_the_door_and_the_same_token_comes_back_while_it_lives() -> None:
    office = Office()
    status, first = office.enter()
    assert (status, first["expireIn"]) == (200, 7200)
    office.clock.instant += 3600 * SECOND
    assert office.enter()[1] == {"accessToken": first["accessToken"], "expireIn": 3600}
    office.clock.instant += 3600 * SECOND
    assert office.enter()[1]["accessToken"] != first["accessToken"]


def test_wrong_keys_and_dead_tokens_are_refused_by_http_status() -> None:
    office = Office()
    assert code(office.enter(secret="wrong")) == (400, "invalidClientIdOrSecret")  # noqa: S106
    assert code(office.enter(key="nobody")) == (400, "invalidClientIdOrSecret")
    assert code(office.send("0421")) == (400, "InvalidAuthentication")
    office.opened().clock.instant += 7200 * SECOND
    assert code(office.send("0421")) == (400, "InvalidAuthentication")


def test_a_card_reaches_people_one_by_one_with_its_button() -> None:
    office = Office().opened()
    link = "https://qx.example/d/1?t=a_b"
    card = {"title": "提醒", "text": "**巡查**", "singleTitle": "点此答复", "singleURL": link}
    status, answer = office.send("0421", "chenli", param=card, key="sampleActionCard")
    (shown,) = office.sandbox.shown(office.group)
    assert (status, answer["processQueryKey"]) == (200, shown.uuid)
    assert (shown.to, shown.text, shown.title) == (("0421", "chenli"), "**巡查**", "提醒")
    assert (shown.buttons, shown.links) == ((("点此答复", link),), (link,))


@pytest.mark.parametrize("count", [0, 21])
def test_a_message_goes_to_one_to_twenty_people(count: int) -> None:
    office = Office().opened()
    people = [f"{n:04}" for n in range(count)]
    assert code(office.send(*people)) == (400, "invalidParameter.userIds.size")


def test_accounts_nobody_has_are_listed_and_the_others_reached() -> None:
    office = Office().opened()
    office.sandbox.estrange("工作台", "0421")
    status, answer = office.send("0421", "chenli")
    assert (status, answer["invalidStaffIdList"]) == (200, ["0421"])
    assert office.sandbox.shown(office.group)[0].to == ("chenli",)
    assert office.send("0421")[1]["processQueryKey"] == ""


def test_whoever_gets_more_than_twenty_a_minute_is_slowed_and_nobody_else() -> None:
    office = Office().opened()
    for _ in range(20):
        assert office.send("0421")[1]["flowControlledStaffIdList"] == []
    assert office.send("0421", "chenli")[1]["flowControlledStaffIdList"] == ["0421"]
    office.clock.instant += 60 * SECOND
    assert office.send("0421")[1]["flowControlledStaffIdList"] == []


def test_more_than_twenty_calls_in_a_second_are_refused() -> None:
    office = Office("钉钉DING电话").opened()
    codes = [code(office.ding(f"{n:04}"))[1] for n in range(21)]
    assert codes == [None] * 20 + ["Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"]
    office.clock.instant += SECOND
    assert code(office.ding("0421")) == (200, None)


@pytest.mark.parametrize(
    ("key", "param"),
    [
        ("sampleMarkdown", {"title": "无文"}),
        ("sampleUnknown", {"text": "巡查"}),
        ("sampleMarkdown", {"text": "查" * 5000}),
    ],
)
def test_parameters_that_are_none_or_too_long_are_refused(key: str, param: object) -> None:
    assert Office().opened().send("0421", key=key, param=param)[0] == 400


def test_the_code_of_another_robot_is_refused() -> None:
    office = Office().opened()
    body = {"robotCode": "other", "userIds": ["0421"], "msgKey": "sampleText", "msgParam": "{}"}
    assert code(office.ask("POST", SEND, body)) == (400, "invalid.robotCode")


def test_read_status_is_known_a_little_later_and_for_one_day() -> None:
    office = Office().opened()
    query = {"robotCode": office.keys.app, "processQueryKey": ""}
    query["processQueryKey"] = str(office.send("0421")[1]["processQueryKey"])
    assert code(office.ask("GET", READ, **query)) == (400, "processQueryKey.expireTime")
    office.clock.instant += SECOND
    status, answer = office.ask("GET", READ, **query)
    row = {"userId": "0421", "name": "0421", "readStatus": "UNREAD"}
    assert (status, answer["messageReadInfoList"]) == (200, [row])
    office.clock.instant += timedelta(hours=24)
    office.opened()
    assert code(office.ask("GET", READ, **query)) == (400, "processQueryKey.expireTime")


@pytest.mark.parametrize(
    ("platform", "kind", "most"),
    [("钉钉DING", 1, 200), ("钉钉DING短信", 2, 20), ("钉钉DING电话", 3, 20)],
)
def test_ding_takes_so_many_people_at_once(platform: str, kind: int, most: int) -> None:
    office = Office(platform).opened()
    people = [f"{n:04}" for n in range(most + 1)]
    assert code(office.ding(*people, kind=kind)) == (400, "ding.receivercount.limit")
    assert code(office.ding(*people[:-1], kind=kind)) == (200, None)
    assert code(office.ding("0421", kind=kind % 3 + 1)) == (400, "invalidParameter.param.invalid")
    (shown,) = office.sandbox.shown(office.group)
    assert (len(shown.to), shown.msgtype) == (most, platform)


def test_ding_lists_whom_it_does_not_know_and_refuses_to_call_nobody() -> None:
    office = Office("钉钉DING电话").opened()
    office.sandbox.estrange("工作台", "0421")
    assert office.ding("0421", "chenli")[1]["failedList"] == {"用户不存在": ["0421"]}
    assert code(office.ding("0421")) == (400, "miss.staffId")
    assert code(office.ding()) == (400, "invalidParameter.param.invalid")


def test_an_app_that_was_removed_opens_no_door_until_it_is_back() -> None:
    office = Office().opened()
    office.sandbox.remove("工作台")
    assert code(office.enter()) == (400, "invalidClientIdOrSecret")
    assert code(office.send("0421")) == (400, "InvalidAuthentication")
    office.sandbox.restore("工作台")
    assert code(office.send("0421")) == (200, None)


def test_after_a_restart_the_platform_still_knows_its_messages(tmp_path: Path) -> None:
    store = tmp_path / "sandbox.jsonl"
    before = Office(store=store).opened()
    for _ in range(20):
        before.send("0421")
    after = Office(store=store)
    after.clock.instant = before.clock.instant
    assert after.opened().send("0421")[1]["flowControlledStaffIdList"] == ["0421"]


def test_the_channel_hears_what_the_sandbox_is_told_to_say() -> None:
    clock = Clock()
    sandbox = Sandbox(clock)
    spec = ChannelSpec("值班电话", "钉钉DING电话", "沙箱")
    made = build(spec, {}, sandbox.client, sandbox, clock)
    line = Section(Recipient("周敏", dingtalk="0421"), (Line("立即转移"),))
    message = Message("K7M2", "暴雨红色预警", (line,))

    def send() -> ChannelError:
        with pytest.raises(ChannelError) as caught:
            asyncio.run(made.send(message))
        return caught.value

    sandbox.refuse("值班电话", "ding.serverquota.insufficient", "ding server quota insufficient")
    assert send().closed
    sandbox.restore("值班电话")
    sandbox.estrange("值班电话", "0421")
    assert send().kind is FailureKind.PERMANENT
    sandbox.remove("值班电话")
    assert "AppSecret不对" in str(send())
    assert clock.instant == NOW
