"""The office's own gateway: what docs/gateway.md promises to whoever writes one."""

import asyncio
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.channels import (
    Channel,
    ChannelError,
    FailureKind,
    Group,
    Line,
    Message,
    Receipt,
    Recipient,
    Sandbox,
    Section,
    build,
    outside,
)
from notifier.channels.gateway import (
    CALLBACK,
    LIMIT,
    REFUSALS,
    WIDTH,
    Kind,
    callback,
    compose,
    signature,
    signed,
)
from notifier.channels.reports import State, read_report
from notifier.messages.model import Topic
from obligations.errors import Misconfigured
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.contract import Clock, deliver, failure
from tests.notifier.channels.rigs.gateway import MESSAGE, SECRET, SMS, URL, VOICE
from tests.notifier.channels.rigs.rig import MINUTE, NAME, NOW, Rig

PAGE = (Path(__file__).parents[3] / "docs" / "gateway.md").read_text(encoding="utf-8")
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
REQUEST, ANSWER, REPORTS = BLOCKS
CHEN = Recipient("陈立", mobile="13900000000", link="https://aj.example.cn/d/1")
WARNING = Line("暴雨红色预警，请立即转移沿河住户")
CALL = Message("K7M2QWER", "青溪镇叫应", (Section(CHEN, (WARNING,)),), topic=Topic.CALL)
both = pytest.mark.parametrize("rig", [SMS, VOICE], ids=str)
KINDS: tuple[Kind, ...] = ("sms", "voice")


def said(body: dict[str, object]) -> dict[str, str]:
    rows = body["variables"]
    assert isinstance(rows, list)
    return {row["name"]: row["value"] for row in rows}


def test_the_page_shows_the_request_as_it_is() -> None:
    at = callback({CALLBACK: "https://aj.example.cn/inbox/gateway"}, "短信")
    assert compose(CALL, "sms", at) == REQUEST


def test_the_page_shows_an_answer_that_is_taken() -> None:
    taken = deliver(SMS, lambda _: httpx.Response(200, json=ANSWER))
    assert taken == Receipt("K7M2", "网关编号20260701-0001")


def test_the_page_shows_the_signature_as_it_is() -> None:
    rows = dict(re.findall(r"^(密钥|时间戳|随机串|请求体|签名) +(\S+)$", PAGE, re.MULTILINE))
    right = signature(rows["密钥"], rows["时间戳"], rows["随机串"], rows["请求体"].encode())
    assert right == rows["签名"]


def test_the_page_names_every_code_every_state_and_every_limit() -> None:
    listed = set(re.findall(r"^\| `(\w+)`", PAGE, re.MULTILINE))
    assert set(REFUSALS) <= listed
    assert set(State) - {State.UNREADABLE} <= listed
    assert f"每分钟最多发 {LIMIT.count} 条，同时最多 {WIDTH} 个请求" in PAGE


@both
def test_every_request_is_signed_over_time_nonce_and_body_and_no_nonce_comes_twice(
    rig: Rig,
) -> None:
    heard: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        return httpx.Response(200, json=ANSWER)

    deliver(rig, handler)
    deliver(rig, handler)
    for request in heard:
        stamp, nonce, given = (
            request.headers[f"x-jiaoying-{name}"] for name in ("timestamp", "nonce", "signature")
        )
        assert given == signature(SECRET, stamp, nonce, request.content)
    assert len({request.headers["x-jiaoying-nonce"] for request in heard}) == 2


@both
@pytest.mark.parametrize(
    ("answer", "kind", "wait", "closed"),
    [
        ({"code": "isv.LIMIT", "retryable": True}, "transient", None, False),
        ({"code": "isv.LIMIT", "retryable": False}, "permanent", None, False),
        ({"code": "isv.LIMIT", "retryable": "true"}, "permanent", None, False),
        ({}, "permanent", None, False),
        ({"code": "too_fast", "retry_after": 5}, "throttled", 5, False),
        ({"code": "too_fast", "retry_after": 10**9}, "throttled", 3600, False),
        ({"code": "too_fast", "retry_after": -1}, "throttled", 60, False),
        ({"code": "too_fast", "retry_after": "7"}, "throttled", 60, False),
        ({"code": "no_balance", "retryable": True, "retry_after": 5}, "permanent", None, True),
        ({"code": "bad_signature", "retryable": True}, "permanent", None, True),
        ({"code": "bad_number", "retryable": True}, "permanent", None, False),
    ],
)
def test_a_refusal_is_tried_again_only_where_that_helps(
    rig: Rig, answer: dict[str, object], kind: str, wait: int | None, closed: bool
) -> None:
    error = failure(rig, lambda _: httpx.Response(200, json={"accepted": False, **answer}))
    after = None if wait is None else timedelta(seconds=wait)
    assert (error.kind.value, error.retry_after, error.closed) == (kind, after, closed)
    assert not error.uncertain


@both
@pytest.mark.parametrize(
    ("status", "kind", "closed"), [(401, "permanent", True), (429, "throttled", False)]
)
def test_two_refusals_may_be_told_by_http_alone(
    rig: Rig, status: int, kind: str, closed: bool
) -> None:
    error = failure(rig, lambda _: httpx.Response(status))
    assert (error.kind.value, error.closed, error.uncertain) == (kind, closed, False)


@both
@pytest.mark.parametrize("accepted", ["true", 1, None, "yes", []])
def test_only_a_plain_true_is_a_yes(rig: Rig, accepted: object) -> None:
    error = failure(rig, lambda _: httpx.Response(200, json={"accepted": accepted}))
    assert (error.kind, error.uncertain) == (FailureKind.TRANSIENT, True)


@pytest.mark.parametrize("kind", KINDS)
def test_many_lines_are_cut_and_counted(kind: Kind) -> None:
    lines = tuple(Line(f"第{n}项：检查门店", "逾期", "6月30日前") for n in range(400))
    text = said(compose(replace(MESSAGE, sections=(Section(CHEN, lines),)), kind))["text"]
    assert 150 < len(text) <= 200
    assert text.endswith("检查门店等400件")


@pytest.mark.parametrize("kind", KINDS)
def test_one_long_line_is_cut_with_an_ellipsis(kind: Kind) -> None:
    long = replace(CALL, sections=(Section(replace(CHEN, name="陈" * 99), (Line("转" * 999),)),))
    words = said(compose(replace(long, title="镇" * 99), kind))
    assert [len(words[name]) for name in ("who", "title", "text")] == [20, 35, 200]
    assert all(words[name].endswith("…") for name in ("who", "title", "text"))


@pytest.mark.parametrize(("kind", "late"), [("sms", "〔迟发〕暴雨"), ("voice", "迟发的消息，暴雨")])
def test_what_is_sent_late_says_so_in_the_variables_too(kind: Kind, late: str) -> None:
    body = compose(replace(CALL, late=True), kind)
    assert said(body)["text"].startswith(late)
    assert late in str(body["text"])


def test_what_fits_is_sent_whole_even_when_it_must_be_marked() -> None:
    made = channel(SMS, Sandbox(Clock()))

    def long(size: int) -> Message:
        return replace(CALL, sections=(Section(CHEN, (Line("转" * size + "尾"),)),))

    largest = max(size for size in range(200) if made.fits(long(size)))
    texts = [
        said(compose(replace(long(size), repeated=True, late=True), "sms"))["text"]
        for size in (largest, largest + 1)
    ]
    assert ["尾" in text for text in texts] == [True, False]


words = st.text(st.characters(exclude_categories=()), max_size=60)
HOSTILE = ("http://evil.example/a", "<@all>", "javascript:alert(1)", "**", "\r\n", "www.evil.com")
anything = st.one_of(words, st.sampled_from(HOSTILE))


@settings(max_examples=100, deadline=None)
@given(title=anything, name=anything, text=anything, reason=anything)
def test_no_field_can_write_a_link_or_mark_up(
    title: str, name: str, text: str, reason: str
) -> None:
    person = replace(CHEN, name=name)
    message = Message("K7M2", title, (Section(person, (Line(text, reason),)),))
    for kind in KINDS:
        body = compose(message, kind)
        told = str(body["text"]).replace(CHEN.link, "")
        assert not re.search(r"://|www\.|[<>\r\n\x00]", told)
        assert ("link" in said(body)) is (kind == "sms")


@both
def test_a_message_for_nobody_or_for_several_is_not_sent(rig: Rig) -> None:
    made = channel(rig, Sandbox(Clock()))
    nobody = replace(CALL, sections=(Section(replace(CHEN, mobile="无"), (WARNING,)),))
    crowd = replace(CALL, sections=CALL.sections * 2)
    assert not made.fits(crowd)
    assert made.reaches(CHEN)
    assert not made.reaches(nobody.sections[0].recipient)
    for message, told in ((nobody, "陈立没有手机号"), (crowd, "2个人的内容一条消息放不下")):
        with pytest.raises(ChannelError, match=told):
            asyncio.run(made.send(message))


@both
@pytest.mark.parametrize(
    ("address", "secret", "settings", "told"),
    [
        (URL, "$SECRET", {}, "地址应当写成$名称"),
        ("$GW", SECRET, {"GW": URL}, "密钥应当写成$名称"),
        ("$GW", "", {"GW": URL}, "密钥应当写成$名称"),
        ("$GW", "$SECRET", {}, "地址写的是$GW，但环境变量和.env里没有它"),
        ("$GW", "$NONE", {"GW": URL}, "密钥写的是$NONE"),
        ("$GW", "$SECRET", {"GW": "http://gw.qx.example/send"}, "只有本机可以用http"),
        ("$GW", "$SECRET", {"GW": "gw.qx.example"}, "读不懂，应当以https://或http://开头"),
        ("$GW", "$SECRET", {"GW": "https://a:b@gw.qx.example"}, "读不懂"),
        ("$GW", "$SECRET", {"GW": "ftp://gw.qx.example"}, "读不懂"),
        ("$GW", "$SECRET", {"GW": "https://[::1"}, "读不懂"),
    ],
)
def test_a_gateway_that_is_not_set_up_is_told(
    rig: Rig, address: str, secret: str, settings: dict[str, str], told: str
) -> None:
    spec = ChannelSpec(NAME, rig.platform, address, secret)
    with pytest.raises(Misconfigured) as caught:
        build(spec, {"SECRET": SECRET, **settings}, httpx.AsyncClient(), Sandbox(Clock()), Clock())
    assert told in str(caught.value)
    assert SECRET not in str(caught.value)


@both
@pytest.mark.parametrize("address", [URL, "http://127.0.0.1:9105/send", "http://[::1]:9105/x"])
def test_any_host_of_the_office_is_good_once_it_stands_in_the_settings(
    rig: Rig, address: str
) -> None:
    spec, env = ChannelSpec(NAME, rig.platform, "$GW", "$SECRET"), {"GW": address, "SECRET": "s"}
    assert outside(spec, env) == address
    heard: list[httpx.URL] = []

    def handler(request: httpx.Request) -> httpx.Response:
        heard.append(request.url)
        return httpx.Response(200, json=ANSWER)

    deliver(replace(rig, spec=spec, settings=env), handler)
    assert heard == [httpx.URL(address)]


def channel(rig: Rig, sandbox: Sandbox) -> Channel:
    spec = ChannelSpec(NAME, rig.platform, "沙箱")
    return build(spec, {}, httpx.AsyncClient(), sandbox, Clock())


@both
def test_the_sandbox_s_phones_get_one_message_for_one_id(rig: Rig) -> None:
    sandbox = Sandbox(Clock())
    made = channel(rig, sandbox)
    receipts = [asyncio.run(made.send(CALL)) for _ in range(2)]
    assert receipts == [Receipt("K7M2QWER", "网关编号S-K7M2QWER")] * 2
    (shown,) = sandbox.shown(NAME)
    assert (shown.at, shown.platform, shown.to) == (NOW, rig.platform, ("13900000000",))
    assert shown.links == ((CHEN.link,) if rig is SMS else ())


@both
def test_the_sandbox_s_gateway_takes_two_hundred_a_minute(rig: Rig) -> None:
    sandbox = Sandbox(Clock())
    made = channel(rig, sandbox)

    async def flood() -> None:
        for number in range(201):
            await made.send(replace(CALL, code=f"K{number}"))

    with pytest.raises(ChannelError) as caught:
        asyncio.run(flood())
    assert (caught.value.kind, caught.value.retry_after) == (FailureKind.THROTTLED, MINUTE)
    assert len(sandbox.shown(NAME)) == 200


@both
def test_the_sandbox_knows_no_stranger_and_lets_nobody_in_who_was_shut_out(rig: Rig) -> None:
    sandbox = Sandbox(Clock())
    made = channel(rig, sandbox)
    sandbox.estrange(NAME, "13900000000")
    with pytest.raises(ChannelError, match="bad_number"):
        asyncio.run(made.send(CALL))
    sandbox.remove(NAME)
    with pytest.raises(ChannelError, match="签名不对") as caught:
        asyncio.run(made.send(CALL))
    assert caught.value.closed


def posted(sandbox: Sandbox, key: str, content: bytes, headers: dict[str, str]) -> tuple[int, str]:
    url = f"https://gw.qx.example/gateway/{key}"
    request = httpx.Request("POST", url, content=content, headers=headers)
    response = sandbox.respond(request)
    return response.status_code, response.json()["code"]


@pytest.mark.parametrize(
    ("age", "changes"),
    [
        (301, {}),
        (-301, {}),
        (0, {"x-jiaoying-nonce": "other-nonce"}),
        (0, {"x-jiaoying-timestamp": "now"}),
        (0, {"x-jiaoying-signature": ""}),
        (0, {"x-jiaoying-signature": "0" * 64}),
    ],
)
def test_the_sandbox_s_gateway_checks_the_signature(age: int, changes: dict[str, str]) -> None:
    sandbox = Sandbox(Clock())
    key = sandbox.join(Group(NAME, "短信网关"), SECRET)
    content = json.dumps(REQUEST).encode()
    headers = signed(content, SECRET, NOW - timedelta(seconds=age), "a1b2c3d4")
    assert posted(sandbox, key, content, {**headers, **changes}) == (401, "bad_signature")
    assert sandbox.shown(NAME) == ()


def test_the_sandbox_s_gateway_takes_no_request_twice_and_none_for_another() -> None:
    sandbox = Sandbox(Clock())
    key = sandbox.join(Group(NAME, "短信网关"), SECRET)
    content = json.dumps(REQUEST).encode()
    headers = signed(content, SECRET, NOW, "a1b2c3d4")
    assert posted(sandbox, key, content, headers) == (200, "ok")
    assert posted(sandbox, key, content, headers) == (401, "bad_signature")
    assert posted(sandbox, "nobody", content, headers) == (401, "bad_signature")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "voice"}, "bad_request"),
        ({"template": "spam"}, "bad_request"),
        ({"variables": []}, "bad_request"),
        ({"to": "无"}, "bad_number"),
        ({"text": ""}, "too_long"),
        ({"variables": [{"name": "text", "value": "国" * 501}]}, "too_long"),
    ],
)
def test_the_sandbox_s_gateway_reads_what_the_page_says(
    changes: dict[str, object], code: str
) -> None:
    sandbox = Sandbox(Clock())
    key = sandbox.join(Group(NAME, "短信网关"), SECRET)
    content = json.dumps({**REQUEST, **changes}).encode()
    assert posted(sandbox, key, content, signed(content, SECRET, NOW, "a1b2c3d4")) == (200, code)
    assert sandbox.shown(NAME) == ()


def test_a_body_that_is_no_object_is_a_bad_request() -> None:
    sandbox = Sandbox(Clock())
    key = sandbox.join(Group(NAME, "短信网关"), SECRET)
    headers = signed(b"[]", SECRET, NOW, "a1b2c3d4")
    assert posted(sandbox, key, b"[]", headers) == (200, "bad_request")


def test_the_page_s_reports_are_read() -> None:
    body = json.dumps(REPORTS).encode()
    found = read_report(body, signed(body, SECRET, NOW, "a1b2c3d4"), SECRET, NOW)
    assert [(report.id, report.state, report.key) for report in found] == [
        ("K7M2QWER", State.DELIVERED, ""),
        ("P4XN8TRC", State.KEYPRESS, "1"),
    ]
    assert found[0].at == NOW + timedelta(seconds=5)
