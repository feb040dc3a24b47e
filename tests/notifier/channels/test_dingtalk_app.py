"""What only DingTalk's enterprise robot does: tokens, several people at once, who was left out."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.channels import (
    ChannelError,
    FailureKind,
    Line,
    Message,
    Receipt,
    Recipient,
    Sandbox,
    Section,
    build,
)
from notifier.channels.dingtalk_app import PLATFORM, DingtalkApp, compose
from notifier.channels.dingtalk_open import HEADER
from obligations.errors import Misconfigured
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.contract import Clock
from tests.notifier.channels.rigs import dingtalk_open as rigs
from tests.notifier.channels.rigs.rig import ALONE, NOW

LINES = (Line("立即转移低洼处群众", "首次提醒"),)
YES = {"processQueryKey": "pqk-1"}
Answer = Callable[[httpx.Request], httpx.Response]


class Platform:
    """Hands out tokens token-1, token-2, … and gives the answers in their order."""

    def __init__(self, *answers: httpx.Response | Answer) -> None:
        self.answers = list(answers)
        self.tokens = 0
        self.heard: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/accessToken"):
            self.tokens += 1
            return httpx.Response(
                200, json={"accessToken": f"token-{self.tokens}", "expireIn": 7200}
            )
        self.heard.append(request)
        answer = self.answers.pop(0) if self.answers else httpx.Response(200, json=YES)
        return answer if isinstance(answer, httpx.Response) else answer(request)

    def used(self) -> list[str]:
        return [request.headers[HEADER] for request in self.heard]


def robot(platform: Answer, clock: Clock | None = None) -> DingtalkApp:
    client = httpx.AsyncClient(transport=httpx.MockTransport(platform))
    spec, clock = rigs.RIGS[0].spec, clock or Clock()
    made = build(spec, rigs.SETTINGS, client, Sandbox(clock), clock)
    assert isinstance(made, DingtalkApp)
    return made


def send(platform: Answer, message: Message) -> Receipt:
    return asyncio.run(robot(platform).send(message))


def refused(platform: Answer, message: Message) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        send(platform, message)
    return caught.value


def told(**lists: list[str]) -> httpx.Response:
    return httpx.Response(200, json={**YES, **lists})


def to(*people: Recipient) -> Message:
    return Message("K7M2", "暴雨红色预警", tuple(Section(person, LINES) for person in people))


ZHOU, CHEN = Recipient("周敏", dingtalk="0421"), Recipient("陈立", dingtalk="Chen_Li")
WU = Recipient("吴芳", mobile="13700000000")
DEAD = rigs.refusal("InvalidAuthentication", "不合法的access_token")


def test_a_hundred_messages_at_once_share_one_token() -> None:
    platform = Platform()

    async def crowd() -> None:
        made = robot(platform)
        await asyncio.gather(*(made.send(ALONE) for _ in range(100)))

    asyncio.run(crowd())
    assert platform.tokens == 1
    assert platform.used() == ["token-1"] * 100


def test_a_token_is_fetched_anew_before_it_dies() -> None:
    platform, clock = Platform(), Clock()

    async def day() -> None:
        made = robot(platform, clock)
        for minutes in (0, 107, 109, 300):
            clock.instant = NOW + timedelta(minutes=minutes)
            await made.send(ALONE)

    asyncio.run(day())
    assert platform.used() == ["token-1", "token-1", "token-2", "token-3"]


def test_a_token_that_died_early_is_fetched_anew_and_the_message_sent() -> None:
    platform = Platform(DEAD)
    assert send(platform, ALONE).reference == "pqk-1"
    assert platform.used() == ["token-1", "token-2"]


def test_a_new_token_that_is_refused_as_well_is_not_fetched_for_ever() -> None:
    platform = Platform(DEAD, DEAD)
    error = refused(platform, ALONE)
    assert (error.kind, platform.tokens) == (FailureKind.THROTTLED, 2)


def test_wrong_keys_close_the_channel_and_every_message_hears_it_once() -> None:
    fetched: list[str] = []

    def platform(request: httpx.Request) -> httpx.Response:
        fetched.append(request.url.path)
        return rigs.refusal("invalidClientIdOrSecret", "无效的clientId或者clientSecret")

    async def crowd() -> list[Receipt | BaseException]:
        made = robot(platform)
        return await asyncio.gather(*(made.send(ALONE) for _ in range(3)), return_exceptions=True)

    errors = asyncio.run(crowd())
    assert len(fetched) == 1
    assert all(isinstance(error, ChannelError) and error.closed for error in errors)
    assert "AppSecret不对" in str(errors[0])


@pytest.mark.parametrize("token", ["", "两个字", "a b", None, 7])
def test_a_token_that_no_header_can_carry_is_none(token: object) -> None:
    error = refused(
        lambda _: httpx.Response(200, json={"accessToken": token, "expireIn": 7200}), ALONE
    )
    assert (error.kind, error.uncertain) == (FailureKind.TRANSIENT, False)


def test_people_who_are_told_the_same_share_a_message() -> None:
    body = compose(to(ZHOU, CHEN), "dingrobot42")
    assert body is not None
    assert (body["userIds"], body["msgKey"]) == (["0421", "Chen_Li"], "sampleMarkdown")
    assert json.loads(str(body["msgParam"])) == {
        "title": "暴雨红色预警",
        "text": "**【暴雨红色预警】周敏等2人：1件**  \n① 〔首次提醒〕立即转移低洼处群众",
    }


def test_a_message_holds_several_people_only_if_all_read_the_same() -> None:
    made = robot(Platform())
    linked = replace(CHEN, link="https://qx.example/d/2")
    crowd = [Recipient(f"网格员{n}", dingtalk=f"{n:04}") for n in range(21)]
    other = Section(CHEN, (Line("巡查"),))
    assert made.fits(to(ZHOU, CHEN))
    assert made.fits(to(*crowd[:20]))
    assert made.fits(to(linked))
    assert not made.fits(to(*crowd))
    assert not made.fits(to(ZHOU, linked))
    assert not made.fits(replace(to(ZHOU), sections=(Section(ZHOU, LINES), other)))


def test_what_does_not_fit_is_told_and_not_cut() -> None:
    linked = replace(CHEN, link="https://qx.example/d/2")
    error = refused(Platform(), to(ZHOU, linked))
    assert "2个人的内容一条消息放不下" in str(error)


def test_it_reaches_whoever_has_an_account() -> None:
    made = robot(Platform())
    reached = [made.reaches(person) for person in (ZHOU, WU, Recipient("众人", dingtalk="@all"))]
    assert reached == [True, False, False]


def test_a_message_for_nobody_with_an_account_touches_no_network() -> None:
    platform = Platform()
    error = refused(platform, to(WU))
    assert (error.kind, error.closed, platform.tokens) == (FailureKind.PERMANENT, False, 0)
    assert "吴芳" in str(error)


def test_who_is_unknown_slowed_or_filtered_is_named_in_the_receipt() -> None:
    lists = told(invalidStaffIdList=["0421"], flowControlledStaffIdList=["chen_li"])
    crowd = to(ZHOU, CHEN, WU, Recipient("林涛", dingtalk="lin"))
    receipt = send(Platform(lists), crowd)
    assert receipt.unreached == ("周敏", "陈立", "吴芳")
    assert receipt.reference == "pqk-1"
    assert receipt.detail == (
        "没有送到周敏：钉钉账号无效或不在应用的可见范围内；"
        "没有送到陈立：近期消息太多，被平台限流；"
        "没有送到吴芳：没有钉钉账号"
    )


def test_two_people_of_one_name_are_told_apart() -> None:
    twin = Recipient("周敏", dingtalk="0422")
    receipt = send(Platform(told(invalidStaffIdList=["0421"])), to(ZHOU, twin))
    assert receipt.unreached == ("周敏",)


def test_a_message_that_the_platform_can_give_to_nobody_is_refused() -> None:
    error = refused(Platform(told(invalidStaffIdList=["0421", "chen_li"])), to(ZHOU, CHEN))
    assert (error.kind, error.closed) == (FailureKind.PERMANENT, False)
    assert "周敏、陈立" in str(error)


def test_all_slowed_down_holds_the_lane_and_one_holds_only_himself() -> None:
    slow = {"flowControlledStaffIdList": ["0421", "Chen_Li"]}
    everybody = refused(Platform(told(**slow)), to(ZHOU, CHEN))
    one = refused(Platform(told(**slow)), to(ZHOU))
    assert (everybody.kind, one.kind) == (FailureKind.THROTTLED, FailureKind.TRANSIENT)
    assert everybody.retry_after == one.retry_after == timedelta(minutes=1)
    assert not one.uncertain


def test_whoever_has_read_the_message_is_known_by_his_account() -> None:
    rows = [
        {"userId": "0421", "name": "周敏", "readStatus": "READ"},
        {"userId": "Chen_Li", "name": "陈立", "readStatus": "UNREAD"},
        "rubbish",
    ]
    status = httpx.Response(200, json={"sendStatus": "SUCESS", "messageReadInfoList": rows})
    platform = Platform(status)
    assert asyncio.run(robot(platform).read_by("a+b/c=")) == frozenset({"0421"})
    (request,) = platform.heard
    assert (request.method, request.content) == ("GET", b"")
    assert request.url.params["processQueryKey"] == "a+b/c="
    assert request.url.params["robotCode"] == rigs.ROBOT


def test_too_early_and_too_late_nobody_knows_who_has_read() -> None:
    gone = rigs.refusal("processQueryKey.expireTime", "processQueryKey未生成或已过期")
    assert asyncio.run(robot(Platform(gone)).read_by("pqk-1")) is None


def test_an_older_error_code_in_http_200_is_no_yes() -> None:
    said = httpx.Response(200, json={"errcode": 88, "errmsg": "ding talk error"})
    error = refused(Platform(said), ALONE)
    assert "错误码88：ding talk error" in str(error)


@pytest.mark.parametrize(
    ("spec", "what"),
    [
        (ChannelSpec("工作台", PLATFORM, secret="$S", app="r"), "账号（应用的AppKey）"),  # noqa: S106
        (ChannelSpec("工作台", PLATFORM, account="$A"), "密钥（应用的AppSecret）"),
    ],
)
def test_a_channel_without_its_keys_is_told_which(spec: ChannelSpec, what: str) -> None:
    settings = {"A": "dingq7x9appkey", "S": "s"}
    with pytest.raises(Misconfigured, match=f"通道“工作台”：没有写{what}"):
        build(spec, settings, httpx.AsyncClient(), Sandbox(Clock()), Clock())


def test_a_robot_without_a_code_of_its_own_goes_by_the_app_key() -> None:
    platform = Platform()
    spec = replace(rigs.RIGS[0].spec, app="")
    client = httpx.AsyncClient(transport=httpx.MockTransport(platform))
    settings = {**rigs.SETTINGS, "JIAOYING_DINGTALK_API": "http://127.0.0.1:9/ding"}
    made = build(spec, settings, client, Sandbox(Clock()), Clock())
    asyncio.run(made.send(ALONE))
    (request,) = platform.heard
    assert json.loads(request.content)["robotCode"] == rigs.KEY
    assert str(request.url) == "http://127.0.0.1:9/ding/v1.0/robot/oToMessages/batchSend"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just("0421"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
keys = st.sampled_from(
    (
        "code",
        "errcode",
        "message",
        "processQueryKey",
        "invalidStaffIdList",
        "flowControlledStaffIdList",
        "messageReadInfoList",
    )
)


@settings(max_examples=200, deadline=None)
@given(
    body=st.dictionaries(keys, json_values), status=st.sampled_from((200, 204, 400, 403, 429, 599))
)
def test_whatever_the_platform_says_is_a_receipt_or_a_sentence(
    body: dict[str, object], status: int
) -> None:
    async def once() -> None:
        answer = httpx.Response(status, json=body)
        made = robot(Platform(*[answer] * 4))
        with contextlib.suppress(ChannelError):
            receipt = await made.send(ALONE)
            assert (status // 100, receipt.reference) == (2, body["processQueryKey"])
        with contextlib.suppress(ChannelError):
            await made.read_by("pqk-1")

    asyncio.run(once())
