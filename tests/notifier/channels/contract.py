"""The one suite that every channel passes; a new channel adds a rig, never a test of its own.

A handler stands where the platform would, so that the whole request can be looked at and every
answer, page or broken connection can be given.
"""

import asyncio
import json
import logging
import selectors
import traceback
from bisect import bisect_left
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from notifier.channels import (
    PLATFORMS,
    Channel,
    ChannelError,
    FailureKind,
    Limit,
    Line,
    Message,
    Receipt,
    Recipient,
    Sandbox,
    Section,
    build,
)
from notifier.channels.dingtalk import signature
from obligations.rules.model import ChannelSpec

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
STAMP = int(NOW.timestamp() * 1000)
MINUTE = timedelta(minutes=1)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    instant: datetime = NOW

    def now(self) -> datetime:
        return self.instant


@dataclass(frozen=True)
class Rig:
    """One channel, and what its platform must see and may say."""

    platform: str
    webhook: str
    key: str
    secret: str
    limit: Limit
    deduplicates: bool
    query: dict[str, str]
    body: dict[str, object]
    too_fast: tuple[int, timedelta]
    gone: int
    too_long: int
    limit_of: Callable[[bytes], int] = field(repr=False)
    most: int

    def __str__(self) -> str:
        return self.platform


ZHOU = Recipient("周敏", wecom="zhoumin", dingtalk="0421", link="https://qx.example/d/1?t=a-b_c")
CHEN = Recipient("陈立", wecom="chenli", mobile="13900000000", link="https://qx.example/d/2")
MESSAGE = Message(
    "K7M2",
    "青溪镇履职提醒",
    (
        Section(ZHOU, (Line("召开防汛会商会", "首次提醒", "7月3日前（还剩2个工作日）"),)),
        Section(CHEN, (Line("检查燃气门店2家", "逾期", "6月30日前"), Line("补交台账", "逾期"))),
    ),
)
TEXT = (
    "**【青溪镇履职提醒】2人3件**\n"
    "\n"
    "**周敏**：1件 {zhou}\n"
    "① 〔首次提醒〕7月3日前（还剩2个工作日）：召开防汛会商会\n"
    "[点此答复](https://qx.example/d/1?t=a-b_c)\n"
    "\n"
    "**陈立**：2件 {chen}\n"
    "① 〔逾期〕6月30日前：检查燃气门店2家\n"
    "② 〔逾期〕补交台账\n"
    "[点此答复](https://qx.example/d/2)"
)

WECOM_KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
DINGTALK_TOKEN = "f00dfeed" * 8
SIGNING_KEY = "SECbeefbeefbeefbeefbeefbeefbeefbeef"


def _content_bytes(body: bytes) -> int:
    return len(json.loads(body)["markdown"]["content"].encode())


RIGS = (
    Rig(
        platform="企业微信群机器人",
        webhook=f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={WECOM_KEY}",
        key=WECOM_KEY,
        secret="",
        limit=Limit(20, MINUTE, MINUTE),
        deduplicates=False,
        query={"key": WECOM_KEY},
        body={
            "msgtype": "markdown",
            "markdown": {"content": TEXT.format(zhou="<@zhoumin>", chen="<@chenli>")},
        },
        too_fast=(45009, MINUTE),
        gone=93000,
        too_long=40058,
        limit_of=_content_bytes,
        most=4096,
    ),
    Rig(
        platform="钉钉群机器人",
        webhook=f"https://oapi.dingtalk.com/robot/send?access_token={DINGTALK_TOKEN}",
        key=DINGTALK_TOKEN,
        secret=SIGNING_KEY,
        limit=Limit(20, MINUTE, 10 * MINUTE),
        deduplicates=True,
        query={
            "access_token": DINGTALK_TOKEN,
            "timestamp": str(STAMP),
            "sign": signature(SIGNING_KEY, STAMP),
        },
        body={
            "msgtype": "markdown",
            "msgUuid": "K7M2",
            "markdown": {
                "title": "青溪镇履职提醒 周敏、陈立",
                "text": TEXT.format(zhou="@0421", chen="@13900000000").replace("\n", "  \n"),
            },
            "at": {"atMobiles": ["13900000000"], "atUserIds": ["0421"], "isAtAll": False},
        },
        too_fast=(410100, 10 * MINUTE),
        gone=400106,
        too_long=460101,
        limit_of=len,
        most=20_000,
    ),
)

Handler = (
    Callable[[httpx.Request], httpx.Response]
    | Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]
)
every_channel = pytest.mark.parametrize("rig", RIGS, ids=str)


class Leap(selectors.DefaultSelector):
    """Time that passes at once: who would wait is told that he has waited."""

    leapt = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.leapt += timeout or 0.0
        return super().select(0)


class LeapingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._leap = Leap()
        super().__init__(self._leap)

    def time(self) -> float:
        return super().time() + self._leap.leapt


def channel(rig: Rig, client: httpx.AsyncClient, address: str = "") -> Channel:
    spec = ChannelSpec(
        "安委办工作群", rig.platform, address or "$WEBHOOK", rig.secret and "$SECRET"
    )
    settings = {"WEBHOOK": rig.webhook, "SECRET": rig.secret}
    return build(spec, settings, client, Sandbox(Clock()), Clock())


def deliver(rig: Rig, handler: Handler, message: Message = MESSAGE) -> Receipt:
    async def once() -> Receipt:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as client:
            return await channel(rig, client).send(message)

    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(once())


def failure(rig: Rig, handler: Handler) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        deliver(rig, handler)
    assert_harmless(rig, caught.value)
    return caught.value


def assert_harmless(rig: Rig, error: BaseException) -> None:
    """No secret in the error, its traceback or anything it hangs on; a sentence for people."""
    told = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    for linked in (error.__cause__, error.__context__):
        told += "" if linked is None else repr(linked) + repr(vars(linked))
    for secret in filter(None, (rig.key, rig.secret, signature(rig.secret, STAMP))):
        assert secret not in told
    assert str(error).startswith(f"通道“安委办工作群”（{rig.platform}）：")


def answering(code: int | str, words: str = "", status: int = 200) -> Handler:
    body = {"errcode": code, "errmsg": words}
    return lambda _: httpx.Response(status, json=body)


def raising(error: type[httpx.TransportError]) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        said = f"failed: {request.url}"
        raise error(said, request=request)

    return handler


@every_channel
def test_the_whole_request_is_what_the_platform_documents(rig: Rig) -> None:
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"errcode": 0, "errmsg": "ok"})

    receipt = deliver(rig, handler)
    (request,) = requests
    assert request.method == "POST"
    assert str(request.url).split("?")[0] == rig.webhook.split("?")[0]
    assert dict(request.url.params) == rig.query
    assert request.headers["content-type"] == "application/json; charset=utf-8"
    assert json.loads(request.content) == rig.body
    assert receipt == Receipt("K7M2", "ok")


@every_channel
def test_the_platform_s_limit_is_known(rig: Rig) -> None:
    made = channel(rig, httpx.AsyncClient())
    assert made.limit == rig.limit
    assert made.deduplicates is rig.deduplicates


@every_channel
def test_a_zero_written_as_a_string_is_a_yes(rig: Rig) -> None:
    assert deliver(rig, answering("0", "ok")).code == "K7M2"


@every_channel
def test_a_refusal_inside_http_200_is_a_failure(rig: Rig) -> None:
    error = failure(rig, answering(rig.gone, "robot removed"))
    assert error.kind is FailureKind.PERMANENT
    assert error.closed
    assert str(rig.gone) in str(error)


@every_channel
def test_a_robot_that_is_too_fast_waits_as_the_platform_demands(rig: Rig) -> None:
    code, wait = rig.too_fast
    error = failure(rig, answering(code, "too fast"))
    assert (error.kind, error.retry_after, error.closed) == (FailureKind.THROTTLED, wait, False)


@every_channel
def test_a_message_too_long_for_the_platform_does_not_close_the_channel(rig: Rig) -> None:
    error = failure(rig, answering(rig.too_long, "too long"))
    assert (error.kind, error.closed) == (FailureKind.PERMANENT, False)


@every_channel
def test_a_code_nobody_knows_is_told_with_the_platform_s_words(rig: Rig) -> None:
    words = f"strange, hint: [1], from ip: 1.2.3.4, more info at {rig.webhook}"
    error = failure(rig, answering(77777, words))
    assert (error.kind, error.closed) == (FailureKind.PERMANENT, False)
    assert "错误码77777：strange）" in str(error)


@every_channel
def test_a_platform_that_repeats_our_secret_does_not_spread_it(rig: Rig) -> None:
    error = failure(rig, answering(77777, f"bad {rig.key} and {rig.secret}"))
    assert "bad *** and" in str(error)


@every_channel
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_is_worth_another_try(rig: Rig, status: int) -> None:
    error = failure(rig, lambda _: httpx.Response(status, text="<html>Bad Gateway</html>"))
    assert error.kind is FailureKind.TRANSIENT
    assert f"HTTP {status}" in str(error)


@every_channel
def test_a_yes_under_a_server_error_is_no_yes(rig: Rig) -> None:
    assert failure(rig, answering(0, "ok", 502)).kind is FailureKind.TRANSIENT


@every_channel
@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>登录</html>",
        "[]",
        "null",
        "{}",
        '{"errcode": null}',
        '{"errcode": true}',
        '{"errcode": "零"}',
        "[" * 100_000,
        '{"errcode": 0',
        '"0"',
    ],
)
def test_an_answer_that_cannot_be_read_is_no_yes(rig: Rig, body: str) -> None:
    error = failure(rig, lambda _: httpx.Response(200, text=body))
    assert (error.kind, error.uncertain) == (FailureKind.TRANSIENT, True)


@every_channel
@pytest.mark.parametrize("body", ['{"status":1111,"wait":5}', "<p>status: 1111, wait 5</p>"])
def test_the_page_that_shuts_out_our_address_asks_for_five_minutes(rig: Rig, body: str) -> None:
    error = failure(rig, lambda _: httpx.Response(403, text=body))
    assert (error.kind, error.retry_after) == (FailureKind.TRANSIENT, 5 * MINUTE)


@every_channel
def test_http_429_slows_the_lane_down(rig: Rig) -> None:
    assert failure(rig, lambda _: httpx.Response(429)).kind is FailureKind.THROTTLED


@every_channel
def test_a_redirect_is_not_followed(rig: Rig) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert "evil" not in request.url.host
        return httpx.Response(307, headers={"Location": "https://evil.example/"})

    assert failure(rig, handler).kind is FailureKind.TRANSIENT


@every_channel
@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_a_dead_endpoint_is_worth_another_try_and_nobody_saw_the_message(
    rig: Rig, error: type[httpx.TransportError]
) -> None:
    found = failure(rig, raising(error))
    assert (found.kind, found.uncertain) == (FailureKind.TRANSIENT, False)
    assert "连不上" in str(found)


@every_channel
@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout,
        httpx.WriteTimeout,
        httpx.ReadError,
        httpx.WriteError,
        httpx.RemoteProtocolError,
        httpx.CloseError,
    ],
)
def test_an_answer_that_is_lost_leaves_the_delivery_uncertain(
    rig: Rig, error: type[httpx.TransportError]
) -> None:
    found = failure(rig, raising(error))
    assert (found.kind, found.uncertain) == (FailureKind.TRANSIENT, True)
    assert "不知道消息是否已到群里" in str(found)


@every_channel
def test_a_platform_that_never_answers_is_left_after_ten_seconds(rig: Rig) -> None:
    async def handler(_: httpx.Request) -> httpx.Response:
        never: asyncio.Future[httpx.Response] = asyncio.get_running_loop().create_future()
        return await never

    found = failure(rig, handler)
    assert (found.kind, found.uncertain) == (FailureKind.TRANSIENT, True)
    assert "10秒内没有回应" in str(found)


@every_channel
def test_a_message_of_any_length_arrives_within_the_limit_and_says_what_is_missing(
    rig: Rig,
) -> None:
    sizes: list[int] = []
    said: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sizes.append(rig.limit_of(request.content))
        said.append(request.content.decode())
        return httpx.Response(200, json={"errcode": 0, "errmsg": "ok"})

    lines = tuple(Line(f"第{n}项：检查" + "门店" * 30, "逾期", "6月30日前") for n in range(400))
    deliver(rig, handler, replace(MESSAGE, sections=(Section(ZHOU, lines),)))
    assert rig.most * 0.9 < sizes[0] <= rig.most
    assert "……另有" in said[0]
    assert "项，见链接" in said[0]
    assert "[点此答复](https://qx.example/d/1?t=a-b_c)" in said[0]
    assert "周敏：400件" in said[0]


@every_channel
def test_a_channel_says_beforehand_whether_all_of_it_fits(rig: Rig) -> None:
    made = channel(rig, httpx.AsyncClient())
    lines = tuple(Line("检查门店", "逾期", "6月30日前") for _ in range(400))
    assert made.fits(MESSAGE)
    assert not made.fits(replace(MESSAGE, sections=(Section(ZHOU, lines * 3),)))


@every_channel
def test_what_fits_is_sent_whole_even_when_it_must_be_marked(rig: Rig) -> None:
    made = channel(rig, httpx.AsyncClient())
    said: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        said.append(request.content.decode())
        return httpx.Response(200, json={"errcode": 0, "errmsg": "ok"})

    def long(size: int) -> Message:
        return replace(MESSAGE, sections=(Section(ZHOU, (Line("门" * size + "尾", "逾期"),)),))

    largest = bisect_left(range(rig.most), 1, key=lambda size: not made.fits(long(size))) - 1
    deliver(rig, handler, replace(long(largest), repeated=True, late=True))
    deliver(rig, handler, replace(long(largest + 1), repeated=True, late=True))
    assert ["尾" in text for text in said] == [True, False]


@every_channel
def test_more_people_than_one_message_holds_is_told_and_not_cut(rig: Rig) -> None:
    link = "https://qx.example/d/" + "a" * 600
    crowd = tuple(
        Section(replace(ZHOU, name=f"网格员{n}", link=link), (Line("巡查"),)) for n in range(60)
    )
    message = replace(MESSAGE, sections=crowd)
    assert not channel(rig, httpx.AsyncClient()).fits(message)
    with pytest.raises(ChannelError, match="60个人的内容一条消息放不下") as caught:
        deliver(rig, answering(0), message)
    assert caught.value.kind is FailureKind.PERMANENT


@every_channel
def test_a_message_sent_again_or_late_says_so(rig: Rig) -> None:
    said: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        said.append(request.content.decode())
        return httpx.Response(200, json={"errcode": 0, "errmsg": "ok"})

    deliver(rig, handler, replace(MESSAGE, repeated=True, late=True))
    assert "〔重发〕〔迟发〕【青溪镇履职提醒】" in said[0]


@every_channel
def test_somebody_without_an_account_is_named_in_the_receipt(rig: Rig) -> None:
    nobody = Recipient("吴芳", link="https://qx.example/d/3")
    message = replace(MESSAGE, sections=(Section(nobody, (Line("巡查", "首次提醒"),)),))
    assert deliver(rig, answering(0, "ok"), message).detail == ("ok；没有@到吴芳：没有账号或手机号")


@every_channel
def test_nothing_that_is_logged_or_shown_holds_a_secret(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    deliver(rig, answering(0, "ok"))
    seen = caplog.text + repr(channel(rig, httpx.AsyncClient()))
    assert rig.key not in seen
    assert not rig.secret or rig.secret not in seen


def test_every_channel_of_the_program_has_a_rig() -> None:
    assert {rig.platform for rig in RIGS} == set(PLATFORMS)
