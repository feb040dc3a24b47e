"""What only DING does: three ways, their numbers of people and lengths, and a list of failures."""

import asyncio
import json
from dataclasses import replace

import httpx
import pytest

from notifier.channels import ChannelError, FailureKind, Line, Message, Receipt, Recipient, Section
from notifier.channels.dingtalk_ding import APP, KINDS, PHONE, SMS, Ding, compose
from notifier.channels.dingtalk_open import Account, Application
from notifier.channels.wire import Wire
from tests.notifier.channels.contract import Clock

LINES = (Line("立即转移低洼处群众", "首次提醒"),)
LINK = "https://qx.example/d/"
ZHOU = Recipient("周敏", dingtalk="0421", link=LINK + "1")
CHEN = Recipient("陈立", dingtalk="chenli", link=LINK + "2")


def to(*people: Recipient, lines: tuple[Line, ...] = LINES) -> Message:
    return Message("K7M2", "暴雨红色预警", tuple(Section(person, lines) for person in people))


def crowd(size: int) -> Message:
    return to(*(Recipient(f"网格员{n}", dingtalk=f"{n:04}") for n in range(size)))


def ding(platform: str, answer: dict[str, object]) -> Ding:
    def respond(request: httpx.Request) -> httpx.Response:
        is_door = request.url.path.endswith("/accessToken")
        said = {"accessToken": "token-1", "expireIn": 7200} if is_door else answer
        return httpx.Response(200, json=said)

    client = httpx.AsyncClient(transport=httpx.MockTransport(respond))
    wire = Wire("值班电话", platform, client, ("s3cret", "token-1"))
    account = Account("dingkey", "s3cret", "dingrobot42")
    base = httpx.URL("https://api.dingtalk.com")
    return Ding(Application(wire, base, account, Clock()), KINDS[platform])


def send(answer: dict[str, object], message: Message, platform: str = PHONE) -> Receipt:
    return asyncio.run(ding(platform, answer).send(message))


def refused(answer: dict[str, object], message: Message) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        send(answer, message)
    return caught.value


@pytest.mark.parametrize(("platform", "most"), [(APP, 200), (SMS, 20), (PHONE, 20)])
def test_each_way_takes_so_many_people_who_are_told_the_same(platform: str, most: int) -> None:
    made = ding(platform, {})
    assert made.fits(crowd(most))
    assert not made.fits(crowd(most + 1))
    assert compose(crowd(most + 1), KINDS[platform], "r") is None


def test_a_phone_speaks_no_link_so_that_several_can_be_called_at_once() -> None:
    message = to(ZHOU, CHEN)
    body = compose(message, KINDS[PHONE], "dingrobot42")
    assert body == {
        "robotCode": "dingrobot42",
        "remindType": 3,
        "receiverUserIdList": ["0421", "chenli"],
        "content": "【暴雨红色预警】周敏等2人：1件\n① 〔首次提醒〕立即转移低洼处群众",
    }
    assert [ding(each, {}).fits(message) for each in KINDS] == [False, False, True]


@pytest.mark.parametrize(("platform", "most"), [(APP, 2048), (SMS, 1500), (PHONE, 600)])
def test_what_is_too_long_is_cut_and_says_what_is_missing(platform: str, most: int) -> None:
    lines = tuple(Line(f"第{n}项：检查" + "门店" * 30, "逾期") for n in range(100))
    message = to(ZHOU, lines=lines)
    body = compose(message, KINDS[platform], "r")
    assert body is not None
    content = str(body["content"])
    assert most * 0.8 < len(content.encode()) <= most
    assert "……另有" in content
    assert (LINK in content) is (platform != PHONE)
    assert not ding(platform, {}).fits(message)


def test_what_fits_is_spoken_whole_even_when_it_must_be_marked() -> None:
    made = ding(PHONE, {})
    sizes = [n for n in range(250) if made.fits(to(ZHOU, lines=(Line("门" * n + "尾"),)))]
    for size, is_whole in ((max(sizes), True), (max(sizes) + 20, False)):
        message = to(ZHOU, lines=(Line("门" * size + "尾"),))
        body = compose(replace(message, repeated=True, late=True), KINDS[PHONE], "r")
        assert ("尾" in json.dumps(body, ensure_ascii=False)) is is_whole


def test_who_could_not_be_reached_is_named_with_the_platform_s_reason() -> None:
    answer: dict[str, object] = {
        "openDingId": "5416",
        "failedList": {"号码停机 s3cret": ["CHENLI"]},
    }
    receipt = send(answer, to(ZHOU, CHEN, Recipient("吴芳")))
    assert receipt.unreached == ("陈立", "吴芳")
    assert receipt.reference == "5416"
    assert receipt.detail == "没有送到陈立：号码停机 ***；没有送到吴芳：没有钉钉账号"


def test_a_call_that_reaches_nobody_is_refused_with_the_reason() -> None:
    error = refused({"openDingId": "5416", "failedList": {"号码停机": ["0421"]}}, to(ZHOU))
    assert (error.kind, error.closed) == (FailureKind.PERMANENT, False)
    assert "没有送到周敏：号码停机" in str(error)


@pytest.mark.parametrize("failed", [None, [], "0421", {"原因": "0421"}, {"原因": None}])
def test_a_list_of_failures_that_is_none_names_nobody(failed: object) -> None:
    assert send({"openDingId": "5416", "failedList": failed}, to(ZHOU)).unreached == ()


def test_somebody_without_an_account_cannot_be_called() -> None:
    error = refused({"openDingId": "5416"}, to(Recipient("吴芳", mobile="13700000000")))
    assert (error.kind, error.closed) == (FailureKind.PERMANENT, False)
