"""Feishu's robot: the card, its mentions, and the simulated platform judged by raw requests."""

import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from notifier.channels import Group, Line, Message, Recipient, Sandbox, Section
from notifier.channels.feishu import PLATFORM, compose, signature
from notifier.messages.model import Topic
from tests.notifier.channels.contract import Clock, failure
from tests.notifier.channels.rigs.feishu import RIGS
from tests.notifier.channels.rigs.rig import NOW

GROUP = Group("安委办工作群", PLATFORM)
SECRET = "feishu-demo"  # noqa: S105 -- a test's own
SECOND = timedelta(seconds=1)
(RIG,) = RIGS


def message(*people: Recipient, topic: Topic = Topic.DUTY) -> Message:
    sections = tuple(Section(who, (Line("巡查", "逾期"),)) for who in people)
    return Message("K7M2", "提醒", sections, topic=topic)


@pytest.mark.parametrize(
    ("topic", "colour", "head", "number"),
    [
        (Topic.CALL, "red", "周敏，请马上应答", ""),
        (Topic.NOTICE, "orange", "周敏：1件", "① "),
        (Topic.DUTY, "blue", "周敏：1件", "① "),
    ],
)
def test_the_colour_of_the_card_tells_a_call_from_a_digest(
    topic: Topic, colour: str, head: str, number: str
) -> None:
    body = compose(message(Recipient("周敏", feishu="ou_zhou"), topic=topic))
    assert body is not None
    assert body["card"] == {
        "config": {"wide_screen_mode": True},
        "header": {
            "title": {"tag": "plain_text", "content": f"【提醒】{head}"},
            "template": colour,
        },
        "elements": [{"tag": "markdown", "content": f"<at id=ou_zhou></at>\n{number}〔逾期〕巡查"}],
    }


@pytest.mark.parametrize("account", ["all", "@all", "ALL", "x></at><at id=all", "周敏", "a b", ""])
def test_an_account_that_is_none_calls_nobody(account: str) -> None:
    body = compose(message(Recipient("周敏", feishu=account)))
    assert "<at" not in json.dumps(body)


def test_more_than_fifty_mentions_are_no_message() -> None:
    people = [Recipient(f"网格员{n}", feishu=f"ou_{n}") for n in range(51)]
    assert compose(message(*people[:50])) is not None
    assert compose(message(*people)) is None


def test_a_message_that_says_nothing_still_has_a_body() -> None:
    assert compose(Message("K7M2", "提醒", ())) is not None


@pytest.mark.parametrize("status", [200, 400, 500])
def test_the_old_robots_answer_is_read_as_well(status: int) -> None:
    said = {"StatusCode": 19021, "StatusMessage": "sign match fail"}
    error = failure(RIG, lambda _: httpx.Response(status, json=said))
    assert error.closed
    assert "签名不对" in str(error)


class Office:
    """A group, and somebody who posts to its robot by hand."""

    def __init__(self, store: Path | None = None, secret: str = SECRET) -> None:
        self.clock = Clock()
        self.secret = secret
        self.sandbox = Sandbox(self.clock, store)
        self.key = self.sandbox.join(GROUP, secret)

    def post(self, body: object, key: str = "", age: timedelta = 0 * SECOND) -> tuple[int, int]:
        stamp = int((self.clock.now() - age).timestamp())
        signed = {"timestamp": str(stamp), "sign": signature(self.secret, stamp)}
        whole = {**signed, **body} if isinstance(body, dict) and self.secret else body
        content = body if isinstance(body, bytes) else json.dumps(whole, ensure_ascii=False)
        url = f"https://open.feishu.cn/open-apis/bot/v2/hook/{key or self.key}"
        response = self.sandbox.respond(httpx.Request("POST", url, content=content))
        return response.status_code, response.json()["code"]


def text(content: str) -> dict[str, object]:
    return {"msg_type": "text", "content": {"text": content}}


def card(content: str) -> dict[str, object]:
    header = {"title": {"tag": "plain_text", "content": "提醒"}}
    elements = [{"tag": "markdown", "content": content}, {"tag": "hr"}]
    return {"msg_type": "interactive", "card": {"header": header, "elements": elements}}


def test_a_group_shows_what_it_received() -> None:
    office = Office()
    assert office.post(card("<at id=ou_1></at> [点此答复](https://qx.example/d/1)")) == (200, 0)
    assert office.post(text('<at user_id="ou_2">陈立</at> 巡查')) == (200, 0)
    first, second = office.sandbox.shown(GROUP)
    assert (first.at, first.msgtype, first.title) == (NOW, "interactive", "提醒")
    assert first.text == "提醒\n<at id=ou_1></at> [点此答复](https://qx.example/d/1)"
    assert (first.mentions, first.links) == (("ou_1",), ("https://qx.example/d/1",))
    assert (second.msgtype, second.mentions) == ("text", ("ou_2",))


@pytest.mark.parametrize(
    "body",
    [
        b"{no json",
        b"[]",
        {},
        {"msg_type": "shout"},
        text(""),
        text("国" * 7000),
        {"msg_type": "interactive", "card": {"elements": "x"}},
    ],
)
def test_a_body_that_is_none_is_a_bad_request(body: object) -> None:
    office = Office(secret="")
    assert office.post(body) == (400, 9499)
    assert office.sandbox.shown(GROUP) == ()


@pytest.mark.parametrize(
    ("age", "code"),
    [(59, 0), (-59, 0), (61, 19021), (-61, 19021)],
)
def test_the_signature_holds_for_an_hour(age: int, code: int) -> None:
    assert Office().post(text("巡查"), age=age * timedelta(minutes=1)) == (200, code)


@pytest.mark.parametrize("changed", [{"sign": "AAAA"}, {"timestamp": ""}, {"timestamp": "１"}])
def test_a_wrong_signature_is_refused(changed: dict[str, str]) -> None:
    assert Office().post({**text("巡查"), **changed}) == (200, 19021)


def test_the_sixth_message_of_a_second_is_one_too_many() -> None:
    office = Office()
    assert [office.post(text("巡查"))[1] for _ in range(6)] == [0] * 5 + [11232]
    office.clock.instant += SECOND
    assert office.post(text("巡查")) == (200, 0)


def test_the_101st_message_of_a_minute_is_one_too_many() -> None:
    office = Office()
    codes = []
    for _ in range(101):
        codes.append(office.post(text("巡查"))[1])
        office.clock.instant += SECOND / 4
    assert codes == [0] * 100 + [11232]
    office.clock.instant += 60 * SECOND
    assert office.post(text("巡查")) == (200, 0)


def test_at_the_pace_of_the_channel_no_message_is_too_many() -> None:
    office = Office()
    codes = set()
    for number in range(200):
        if number and number % RIG.limit.count == 0:
            office.clock.instant += RIG.limit.per
        codes.add(office.post(text("巡查"))[1])
    assert codes == {0}


def test_a_key_that_no_robot_has_is_refused_and_so_is_one_thrown_out() -> None:
    office = Office()
    assert office.post(text("巡查"), key="nobody") == (200, 19001)
    office.sandbox.remove(GROUP.name)
    assert office.post(text("巡查")) == (200, 19001)
    office.sandbox.restore(GROUP.name)
    office.sandbox.refuse(GROUP.name, 19024, "Key Words Not Found")
    assert office.post(text("巡查")) == (200, 19024)


def test_after_a_restart_the_limit_still_holds(tmp_path: Path) -> None:
    before = Office(tmp_path / "chat.jsonl")
    for _ in range(5):
        before.post(text("巡查"))
    after = Office(tmp_path / "chat.jsonl")
    assert after.sandbox.shown(GROUP) == before.sandbox.shown(GROUP)
    assert after.post(text("巡查")) == (200, 11232)


def test_what_cannot_be_kept_is_not_shown_and_is_asked_for_again(tmp_path: Path) -> None:
    store = tmp_path / "chat.jsonl"
    office = Office(store)
    store.unlink(missing_ok=True)
    store.mkdir()
    assert office.post(text("巡查")) == (200, -1)
    assert office.sandbox.shown(GROUP) == ()
