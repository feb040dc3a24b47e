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
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

import httpx
import pytest

from notifier.channels import (
    PLATFORMS,
    SANDBOX,
    Channel,
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
from tests.notifier.channels.rigs import RIGS
from tests.notifier.channels.rigs.rig import MESSAGE, MINUTE, NAME, NOW, ZHOU, Handler, Rig


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    instant: datetime = NOW

    def now(self) -> datetime:
        return self.instant


def _over(*rigs: Rig) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("rig", rigs, ids=str)


every_channel = _over(*RIGS)
every_group = _over(*(rig for rig in RIGS if rig.is_group))
whoever_speaks_one_by_one = _over(*(rig for rig in RIGS if not rig.is_group))
every_errcode = _over(*(rig for rig in RIGS if rig.ends_in_errcode))
every_door = _over(*(rig for rig in RIGS if rig.doors))
whatever_carries_words = _over(*(rig for rig in RIGS if rig.weigh))


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


def channel(rig: Rig, client: httpx.AsyncClient) -> Channel:
    return build(rig.spec, rig.settings, client, Sandbox(Clock()), Clock())


def behind_doors(rig: Rig, handler: Handler) -> Handler:
    """Let the handler hear the messages only, not what the channel asks before it sends."""

    def heard(request: httpx.Request) -> httpx.Response | Coroutine[None, None, httpx.Response]:
        for end, answer in rig.doors.items():
            if request.url.path.endswith(end):
                return httpx.Response(200, json=dict(answer))
        return handler(request)

    return cast("Handler", heard)


def deliver(rig: Rig, handler: Handler, message: Message | None = None) -> Receipt:
    return knock(rig, behind_doors(rig, handler), message)


def knock(rig: Rig, handler: Handler, message: Message | None = None) -> Receipt:
    """Send with the handler in the place of all that the platform is."""

    async def once() -> Receipt:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as client:
            return await channel(rig, client).send(message or rig.message)

    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(once())


def failure(rig: Rig, handler: Handler) -> ChannelError:
    return failed(rig, behind_doors(rig, handler))


def failed(rig: Rig, handler: Handler) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        knock(rig, handler)
    assert_harmless(rig, caught.value)
    return caught.value


def assert_harmless(rig: Rig, error: BaseException) -> None:
    """No secret in the error, its traceback or anything it hangs on; a sentence for people."""
    told = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    for linked in (error.__cause__, error.__context__):
        told += "" if linked is None else repr(linked) + repr(vars(linked))
    for secret in (*rig.secrets, *rig.signs):
        assert secret not in told
    assert str(error).startswith(f"通道“{NAME}”（{rig.platform}）：")


def agreeing(rig: Rig, heard: list[httpx.Request]) -> Handler:
    """Say yes to everything and keep it."""

    def handler(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        return httpx.Response(200, json=dict(rig.yes))

    return handler


def refusing(rig: Rig, code: int | str, words: str = "", status: int = 200) -> Handler:
    return lambda _: rig.respond(code, words, status)


def raising(error: type[httpx.TransportError]) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        said = f"failed: {request.url}"
        raise error(said, request=request)

    return handler


@every_channel
def test_the_whole_request_is_what_the_platform_documents(rig: Rig) -> None:
    requests: list[httpx.Request] = []
    receipt = deliver(rig, agreeing(rig, requests))
    (request,) = requests
    assert request.method == rig.method
    assert str(request.url).split("?")[0] == rig.url
    assert dict(request.url.params) == rig.query
    assert request.headers["content-type"] == "application/json; charset=utf-8"
    assert {name: request.headers.get(name) for name in rig.headers} == rig.headers
    assert json.loads(request.content) == rig.body
    assert receipt == rig.receipt


@every_channel
def test_the_platform_s_limit_is_known(rig: Rig) -> None:
    made = channel(rig, httpx.AsyncClient())
    assert (made.limit, made.member_limits, made.width) == (
        rig.limit,
        rig.member_limits,
        rig.width,
    )
    assert made.deduplicates is rig.deduplicates


@every_errcode
def test_a_zero_written_as_a_string_is_a_yes(rig: Rig) -> None:
    said = {**rig.yes, "errcode": "0"}
    assert deliver(rig, lambda _: httpx.Response(200, json=said)) == rig.receipt


@every_channel
def test_a_refusal_inside_http_200_is_a_failure(rig: Rig) -> None:
    error = failure(rig, refusing(rig, rig.gone, "robot removed"))
    assert error.kind is FailureKind.PERMANENT
    assert error.closed
    assert str(rig.gone) in str(error)


@every_channel
def test_a_robot_that_is_too_fast_waits_as_the_platform_demands(rig: Rig) -> None:
    code, wait = rig.too_fast
    error = failure(rig, refusing(rig, code, "too fast"))
    assert (error.kind, error.retry_after, error.closed) == (FailureKind.THROTTLED, wait, False)


@every_channel
def test_a_message_too_long_for_the_platform_does_not_close_the_channel(rig: Rig) -> None:
    error = failure(rig, refusing(rig, rig.too_long, "too long"))
    assert (error.kind, error.closed) == (FailureKind.PERMANENT, False)


@every_channel
def test_a_code_nobody_knows_is_told_with_the_platform_s_words(rig: Rig) -> None:
    words = f"strange, hint: [1], from ip: 1.2.3.4, more info at {rig.url}?key={rig.secrets[0]}"
    error = failure(rig, refusing(rig, 77777, words))
    assert (error.kind, error.closed) == (FailureKind.PERMANENT, False)
    assert "错误码77777：strange）" in str(error)


@every_channel
def test_a_platform_that_repeats_our_secret_does_not_spread_it(rig: Rig) -> None:
    error = failure(rig, refusing(rig, 77777, f"bad {' '.join(rig.secrets)} end"))
    assert "bad ***" in str(error)


@every_channel
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_is_worth_another_try(rig: Rig, status: int) -> None:
    error = failure(rig, lambda _: httpx.Response(status, text="<html>Bad Gateway</html>"))
    assert error.kind is FailureKind.TRANSIENT
    assert f"HTTP {status}" in str(error)


@every_channel
def test_a_yes_under_a_server_error_is_no_yes(rig: Rig) -> None:
    said = httpx.Response(502, json=dict(rig.yes))
    assert failure(rig, lambda _: said).kind is FailureKind.TRANSIENT


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
    assert rig.doubt in str(found)


@every_channel
def test_a_platform_that_never_answers_is_left_after_ten_seconds(rig: Rig) -> None:
    async def handler(_: httpx.Request) -> httpx.Response:
        never: asyncio.Future[httpx.Response] = asyncio.get_running_loop().create_future()
        return await never

    found = failure(rig, handler)
    assert (found.kind, found.uncertain) == (FailureKind.TRANSIENT, True)
    assert "10秒内没有回应" in str(found)


@whatever_carries_words
def test_a_message_of_any_length_arrives_within_the_limit_and_says_what_is_missing(
    rig: Rig,
) -> None:
    requests: list[httpx.Request] = []
    lines = tuple(Line(f"第{n}项：检查" + "门店" * 30, "逾期", "6月30日前") for n in range(400))
    deliver(rig, agreeing(rig, requests), replace(rig.message, sections=(Section(ZHOU, lines),)))
    assert rig.weigh
    content = requests[0].content
    assert rig.most * 0.9 < rig.weigh(content) <= rig.most
    said = content.decode()
    assert "……另有" in said
    assert "项，见链接" in said
    assert rig.link in said
    assert "周敏：400件" in said


@whatever_carries_words
def test_a_channel_says_beforehand_whether_all_of_it_fits(rig: Rig) -> None:
    made = channel(rig, httpx.AsyncClient())
    lines = tuple(Line("检查门店", "逾期", "6月30日前") for _ in range(400))
    assert made.fits(rig.message)
    assert not made.fits(replace(rig.message, sections=(Section(ZHOU, lines * 3),)))


@whatever_carries_words
def test_what_fits_is_sent_whole_even_when_it_must_be_marked(rig: Rig) -> None:
    made = channel(rig, httpx.AsyncClient())
    requests: list[httpx.Request] = []

    def long(size: int) -> Message:
        return replace(rig.message, sections=(Section(ZHOU, (Line("门" * size + "尾", "逾期"),)),))

    largest = bisect_left(range(rig.most), 1, key=lambda size: not made.fits(long(size))) - 1
    deliver(rig, agreeing(rig, requests), replace(long(largest), repeated=True, late=True))
    deliver(rig, agreeing(rig, requests), replace(long(largest + 1), repeated=True, late=True))
    said = [request.content.decode() for request in requests]
    assert ["尾" in text for text in said] == [True, False]


@every_group
def test_more_people_than_one_message_holds_is_told_and_not_cut(rig: Rig) -> None:
    link = "https://qx.example/d/" + "a" * 600
    crowd = tuple(
        Section(replace(ZHOU, name=f"网格员{n}", link=link), (Line("巡查"),)) for n in range(60)
    )
    message = replace(MESSAGE, sections=crowd)
    assert not channel(rig, httpx.AsyncClient()).fits(message)
    with pytest.raises(ChannelError, match="60个人的内容一条消息放不下") as caught:
        deliver(rig, agreeing(rig, []), message)
    assert caught.value.kind is FailureKind.PERMANENT


@whatever_carries_words
def test_a_message_sent_again_or_late_says_so(rig: Rig) -> None:
    requests: list[httpx.Request] = []
    deliver(rig, agreeing(rig, requests), replace(rig.message, repeated=True, late=True))
    assert "〔重发〕〔迟发〕【青溪镇履职提醒】" in requests[0].content.decode()


@every_group
def test_somebody_without_an_account_is_named_in_the_receipt(rig: Rig) -> None:
    nobody = Recipient("吴芳", link="https://qx.example/d/3")
    message = replace(MESSAGE, sections=(Section(nobody, (Line("巡查", "首次提醒"),)),))
    told = f"{rig.receipt.detail}；没有@到吴芳：没有账号或手机号"
    assert deliver(rig, agreeing(rig, []), message).detail == told


@every_channel
def test_nothing_that_is_logged_or_shown_holds_a_secret(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    deliver(rig, agreeing(rig, []))
    seen = caplog.text + repr(channel(rig, httpx.AsyncClient()))
    assert not [secret for secret in (*rig.secrets, *rig.signs) if secret in seen]


@every_channel
def test_an_answer_lost_after_the_delivery_leaves_a_doubt_and_what_comes_twice_is_marked(
    rig: Rig,
) -> None:
    sandbox, lost = Sandbox(Clock()), list[httpx.Request]()

    def lossy(request: httpx.Request) -> httpx.Response:
        response = sandbox.respond(request)
        if sandbox.shown(NAME) and not lost:
            lost.append(request)
            said = f"lost: {request.url}"
            raise httpx.ReadError(said, request=request)
        return response

    async def twice() -> ChannelError:
        sandbox.client = httpx.AsyncClient(transport=httpx.MockTransport(lossy))
        spec = replace(rig.spec, address=SANDBOX)
        made = build(spec, rig.settings, sandbox.client, sandbox, Clock())
        with pytest.raises(ChannelError) as caught:
            await made.send(rig.message)
        await made.send(replace(rig.message, repeated=not rig.deduplicates))
        return caught.value

    error = asyncio.run(twice())
    assert (error.kind, error.uncertain) == (FailureKind.TRANSIENT, True)
    first, *second = sandbox.shown(NAME)
    assert len(second) == (not rig.deduplicates)
    if rig.weigh:
        assert "〔重发〕" not in first.text
        assert all("〔重发〕" in shown.text + shown.title for shown in second)


@whoever_speaks_one_by_one
def test_a_channel_that_speaks_one_by_one_knows_whom_it_cannot_reach(rig: Rig) -> None:
    made = channel(rig, httpx.AsyncClient())
    nobody = Recipient("吴芳", link="https://qx.example/d/3")
    assert all(made.reaches(section.recipient) for section in rig.message.sections)
    assert not made.reaches(nobody)
    message = replace(rig.message, sections=(Section(nobody, (Line("巡查"),)),))
    requests: list[httpx.Request] = []
    with pytest.raises(ChannelError, match="吴芳") as caught:
        deliver(rig, agreeing(rig, requests), message)
    assert (caught.value.kind, caught.value.closed) == (FailureKind.PERMANENT, False)
    assert requests == []


@every_group
def test_a_group_reaches_everybody_in_it(rig: Rig) -> None:
    assert channel(rig, httpx.AsyncClient()).reaches(Recipient("吴芳"))


@every_door
@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError]
)
def test_a_door_that_stays_shut_leaves_no_doubt_that_nothing_was_sent(
    rig: Rig, error: type[httpx.TransportError]
) -> None:
    found = failed(rig, raising(error))
    assert (found.kind, found.uncertain) == (FailureKind.TRANSIENT, False)


@every_door
@pytest.mark.parametrize("status", [500, 503])
def test_a_door_that_breaks_is_worth_another_try(rig: Rig, status: int) -> None:
    found = failed(rig, lambda _: httpx.Response(status, text="<html>Bad Gateway</html>"))
    assert (found.kind, found.uncertain) == (FailureKind.TRANSIENT, False)


def test_every_channel_of_the_program_has_a_rig() -> None:
    speaks_no_http = {"邮件", "企业微信智能机器人"}  # test_mail.py, test_wecom_bot_channel.py
    assert {rig.platform for rig in RIGS} == set(PLATFORMS) - speaks_no_http
