"""What DingTalk posts to its robot's address, signed as its documents say."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime

import httpx
import pytest

from notifier.inbox.protocol import Incoming
from tests.notifier.inbox.letterbox import NOW, SETTINGS, Ask, Letterbox, later, sending

SAID = {
    "msgId": "msgXyz==",
    "msgtype": "text",
    "text": {"content": " 收到，马上转移 "},
    "conversationId": "cidAbc==",
    "conversationType": "1",
    "senderId": "$:LWCP_v1:$x",
    "senderStaffId": "0421",
    "createAt": 1782867600000,
}
PRESSED = {
    "type": "actionCallback",
    "outTrackId": "K7M2",
    "corpId": "ding9",
    "userId": "0421",
    "content": json.dumps({"cardPrivateData": {"actionIds": ["heard"], "params": {}}}),
}
SECRET = SETTINGS["APPSECRET"]


def digest(secret: str, words: str) -> str:
    """Sign as the platform's documents say, with nothing of ours."""
    return base64.b64encode(
        hmac.new(secret.encode(), words.encode(), hashlib.sha256).digest()
    ).decode()


def post(body: object, at: datetime = NOW, secret: str = SECRET) -> Ask:
    stamp = str(int(at.timestamp() * 1000))
    return sent(body, {"timestamp": stamp, "sign": digest(secret, f"{stamp}\n{secret}")})


def press(body: object, at: datetime = NOW, secret: str = SECRET) -> Ask:
    stamp = str(int(at.timestamp() * 1000))
    names = ("x-ddpaas-signature-timestamp", "x-ddpaas-signature")
    return sent(body, dict(zip(names, (stamp, digest(secret, stamp)), strict=True)))


def sent(body: object, headers: dict[str, str]) -> Ask:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    url = "https://aj.example.cn/inbox/dingtalk/钉钉"
    return sending(httpx.Request("POST", url, headers=headers, content=content))


def test_what_somebody_says_to_the_robot_comes_in() -> None:
    box = Letterbox()
    (answer,) = box.ask(post(SAID))
    assert (answer.status_code, answer.json()) == (200, {"msgtype": "empty"})
    assert box.came == [Incoming("msgXyz==", "钉钉", "0421", text="收到，马上转移")]


def test_what_is_said_in_a_group_names_the_group() -> None:
    box = Letterbox()
    box.post(post({**SAID, "conversationType": "2"}))
    assert [one.conversation for one in box.came] == ["cidAbc=="]


def test_an_outsider_goes_by_what_the_platform_calls_him() -> None:
    box = Letterbox()
    box.post(post({**SAID, "senderStaffId": ""}))
    assert [one.account for one in box.came] == ["$:LWCP_v1:$x"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"msgtype": "picture", "content": {"downloadCode": "x"}}, "[图片]"),
        ({"msgtype": "audio", "content": {}}, "[语音]"),
        (
            {"msgtype": "richText", "content": {"richText": [{"text": "已"}, {"text": "办"}]}},
            "已办",
        ),
        ({"msgtype": "richText", "content": {"richText": [{"type": "picture"}]}}, "[图片]"),
    ],
    ids=str,
)
def test_what_is_no_text_is_read_or_named(changes: dict[str, object], words: str) -> None:
    box = Letterbox()
    assert box.post(post({**SAID, **changes})) == [200]
    assert [one.text for one in box.came] == [words]


def test_a_card_brings_its_button_and_what_changes_it() -> None:
    box = Letterbox()
    (answer,) = box.ask(press(PRESSED))
    assert (answer.status_code, answer.json()) == (200, {})
    assert box.came == [Incoming("K7M2/0421/heard", "钉钉", "0421", key="heard", reference="K7M2")]


def test_what_is_brought_three_times_is_one_answer() -> None:
    box = Letterbox()
    assert box.post(*[post(SAID)] * 3, *[press(PRESSED)] * 3) == [200] * 6
    assert len(box.came) == 2


def test_what_could_not_be_stored_is_not_thanked_for() -> None:
    box = Letterbox(is_full=True)
    assert box.post(post(SAID), press(PRESSED)) == [500, 500]


@pytest.mark.parametrize("way", [post, press])
@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_an_hour_either_way_is_fresh(way: Callable[..., Ask], seconds: int) -> None:
    body = SAID if way is post else PRESSED
    assert Letterbox().post(way(body, at=later(seconds))) == [200]


@pytest.mark.parametrize("way", [post, press])
@pytest.mark.parametrize(
    "wrong",
    [{"secret": "other"}, {"secret": ""}, {"at": later(-3601)}, {"at": later(3601)}],
    ids=str,
)
def test_what_the_platform_did_not_sign_just_now_is_turned_away(
    way: Callable[..., Ask], wrong: dict[str, object]
) -> None:
    box = Letterbox()
    (answer,) = box.ask(way(SAID if way is post else PRESSED, **wrong))
    assert (answer.status_code, answer.content) == (403, b"")
    assert box.brought == 0


@pytest.mark.parametrize("headers", [{}, {"timestamp": "1"}, {"sign": "x"}, {"sign": ""}], ids=str)
def test_without_its_headers_nothing_is_taken(headers: dict[str, str]) -> None:
    assert Letterbox().post(sent(SAID, headers)) == [403]


@pytest.mark.parametrize("body", [b"", b"[]", b"[" * 60_000, b"\xff", b"1", b'{"a":' * 9000])
def test_signed_garbage_is_turned_away(body: bytes) -> None:
    box = Letterbox()
    assert box.post(post(body), press(body)) == [400, 400]
    assert box.brought == 0


@pytest.mark.parametrize("value", [None, 1.5, [], {}, True, "", "[" * 5000, {"content": {}}])
@pytest.mark.parametrize("field", ["msgId", "text", "senderStaffId", "content", "outTrackId"])
def test_fields_of_another_kind_crash_nothing(field: str, value: object) -> None:
    box = Letterbox()
    statuses = box.post(post({**SAID, field: value}), press({**PRESSED, field: value}))
    assert statuses == [200, 200]


def test_a_body_above_sixty_four_kilobytes_is_turned_away() -> None:
    assert Letterbox().post(post(b" " * 65_537)) == [413]
