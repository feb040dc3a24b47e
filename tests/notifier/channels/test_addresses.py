"""Where a message with people's names may go, and where it may not."""

import asyncio

import httpx
import pytest

from notifier.channels import Line, Message, Recipient, Sandbox, Section, build
from obligations.errors import Misconfigured
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.contract import Clock

WECOM, DINGTALK, FEISHU = "企业微信群机器人", "钉钉群机器人", "飞书群机器人"
KEY = "693a91f6-aaaa-4bc4"
SEND = "/cgi-bin/webhook/send"
WEBHOOK = f"https://qyapi.weixin.qq.com{SEND}?key={KEY}"
HOOK = "https://open.feishu.cn/open-apis/bot/v2/hook"
LARK = {"JIAOYING_FEISHU_API": "http://127.0.0.1:9103/lark"}
BASE = {"JIAOYING_WECOM_API": "http://127.0.0.1:9101"}
GOV = {"JIAOYING_WECOM_API": "https://wx.qx.gov.example/local/"}
TRUST = {"JIAOYING_TRUSTED_HOSTS": "relay.qx.example， 127.0.0.1:9200"}


def called(spec: ChannelSpec, settings: dict[str, str]) -> str:
    """Give the address that is really called, without the signature."""
    seen: list[httpx.URL] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.url)
        return httpx.Response(200, json={"errcode": 0, "code": 0})

    async def once() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as client:
            channel = build(spec, settings, client, Sandbox(Clock()), Clock())
            await channel.send(Message("c", "提醒", (Section(Recipient("周敏"), (Line("巡查"),)),)))

    asyncio.run(once())
    return str(seen[0])


@pytest.mark.parametrize(
    ("platform", "address", "settings", "expected"),
    [
        (WECOM, KEY, {}, WEBHOOK),
        (WECOM, WEBHOOK, {}, WEBHOOK),
        (WECOM, f"  {WEBHOOK}\n", {}, WEBHOOK),
        (WECOM, WEBHOOK.replace("qyapi.weixin", "QYAPI.Weixin"), {}, WEBHOOK),
        (WECOM, f"{WEBHOOK}&debug=1#x", {}, WEBHOOK),
        (WECOM, "$HOOK", {"HOOK": WEBHOOK}, WEBHOOK),
        (WECOM, "${HOOK}", {"HOOK": f'"{KEY}"'}, WEBHOOK),
        (WECOM, KEY, BASE, f"http://127.0.0.1:9101{SEND}?key={KEY}"),
        (WECOM, WEBHOOK, BASE, f"http://127.0.0.1:9101{SEND}?key={KEY}"),
        (WECOM, KEY, GOV, f"https://wx.qx.gov.example/local{SEND}?key={KEY}"),
        (WECOM, WEBHOOK, GOV, f"https://wx.qx.gov.example/local{SEND}?key={KEY}"),
        (
            WECOM,
            f"https://relay.qx.example/r?key={KEY}",
            TRUST,
            f"https://relay.qx.example/r?key={KEY}",
        ),
        (
            WECOM,
            f"https://relay.qx.example/r?key={KEY}&debug=1#x",
            TRUST,
            f"https://relay.qx.example/r?key={KEY}",
        ),
        (WECOM, f"http://127.0.0.1:9200/r?key={KEY}", TRUST, f"http://127.0.0.1:9200/r?key={KEY}"),
        (DINGTALK, "f00d", {}, "https://oapi.dingtalk.com/robot/send?access_token=f00d"),
        (
            DINGTALK,
            "https://oapi.dingtalk.com/robot/send?access_token=f00d&timestamp=1&sign=x",
            {},
            "https://oapi.dingtalk.com/robot/send?access_token=f00d",
        ),
        (
            DINGTALK,
            "f00d",
            {"JIAOYING_DINGTALK_OAPI": "http://[::1]:9102"},
            "http://[::1]:9102/robot/send?access_token=f00d",
        ),
        (FEISHU, KEY, {}, f"{HOOK}/{KEY}"),
        (FEISHU, f"{HOOK}/{KEY}", {}, f"{HOOK}/{KEY}"),
        (FEISHU, f"{HOOK}/{KEY}?debug=1#x", {}, f"{HOOK}/{KEY}"),
        (
            FEISHU,
            f"{HOOK}/{KEY}",
            LARK,
            f"http://127.0.0.1:9103/lark/open-apis/bot/v2/hook/{KEY}",
        ),
        (
            FEISHU,
            f"https://relay.qx.example/hook/{KEY}?debug=1",
            TRUST,
            f"https://relay.qx.example/hook/{KEY}",
        ),
    ],
)
def test_the_whole_address_and_the_bare_key_lead_to_the_same_place(
    platform: str, address: str, settings: dict[str, str], expected: str
) -> None:
    assert called(ChannelSpec("工作群", platform, address), settings) == expected


@pytest.mark.parametrize(
    ("platform", "address", "settings", "told"),
    [
        ("飞鸽传书", KEY, {}, "不认识平台“飞鸽传书”。能用的有：企业微信群机器人、钉钉群机器人"),
        (WECOM, "$HOOK", {}, "地址写的是$HOOK，但环境变量和.env里没有它"),
        (WECOM, "$HOOK", {"HOOK": "  "}, "但环境变量和.env里没有它"),
        (WECOM, "", {}, "不像一个key"),
        (WECOM, f"key {KEY}", {}, "不像一个key"),
        (WECOM, f"https://evil.example{SEND}?key={KEY}", {}, "地址指向evil.example"),
        (WECOM, f"https://qyapi.weixin.qq.com.evil.example{SEND}?key={KEY}", {}, "地址指向"),
        (WECOM, f"https://qyapi.weixin.qq.com:8443{SEND}?key={KEY}", {}, "地址指向"),
        (WECOM, f"https://127.0.0.1:9999{SEND}?key={KEY}", BASE, "地址指向127.0.0.1:9999"),
        (WECOM, f"https://qyapi.weixin.qq.com@evil.example{SEND}?key={KEY}", {}, "读不懂"),
        (WECOM, f"https://evil.example\\@qyapi.weixin.qq.com{SEND}?key={KEY}", {}, "读不懂"),
        (WECOM, "https://oapi.dingtalk.com/robot/send?access_token=f00d", {}, "请核对平台和地址"),
        (WECOM, f"https://qyapi.weixin.qq.com{SEND}", {}, "地址里没有key"),
        (DINGTALK, f"https://oapi.dingtalk.com/robot/send?key={KEY}", {}, "地址里没有access_token"),
        (FEISHU, f"https://evil.example/open-apis/bot/v2/hook/{KEY}", {}, "地址指向evil.example"),
        (FEISHU, f"https://open.feishu.cn/open-apis/{KEY}", {}, "地址里没有最后一段密钥"),
        (FEISHU, f"{HOOK}/", {}, "地址里没有最后一段密钥"),
        (FEISHU, WEBHOOK, {}, "它不是飞书群机器人的主机（open.feishu.cn）"),
        (WECOM, f"{HOOK}/{KEY}", {}, "它不是企业微信群机器人的主机（qyapi.weixin.qq.com）"),
        (DINGTALK, f"https://evil.example/robot/send?access_token={KEY}", {}, "地址指向evil"),
        (WECOM, f"http://relay.qx.example/r?key={KEY}", TRUST, "应当以https://开头"),
        (WECOM, WEBHOOK.replace("https:", "http:"), {}, "应当以https://开头"),
        (WECOM, f"http://127.0.0.1:9300/r?key={KEY}", TRUST, "地址指向127.0.0.1:9300"),
        (WECOM, f"file:///etc/passwd?key={KEY}", {}, "读不懂"),
        (WECOM, f"https://[::1{SEND}?key={KEY}", {}, "读不懂"),
        (WECOM, KEY, {"JIAOYING_WECOM_API": "http://wx.qx.gov.example"}, "JIAOYING_WECOM_API"),
        (WECOM, KEY, {"JIAOYING_WECOM_API": "wx.qx.gov.example"}, "JIAOYING_WECOM_API"),
        (WECOM, KEY, {"JIAOYING_WECOM_API": "https://[::1"}, "不是网址"),
        (WECOM, KEY, {"JIAOYING_WECOM_API": "https://a:b@wx.qx.example"}, "JIAOYING_WECOM_API"),
        (WECOM, KEY, {"JIAOYING_WECOM_API": WEBHOOK}, "JIAOYING_WECOM_API"),
    ],
)
def test_an_address_that_leads_elsewhere_is_refused_in_words_without_its_key(
    platform: str, address: str, settings: dict[str, str], told: str
) -> None:
    with pytest.raises(Misconfigured) as caught:
        called(ChannelSpec("工作群", platform, address), settings)
    assert told in str(caught.value)
    assert KEY not in str(caught.value)
    assert KEY not in repr(caught.value.__context__)


def test_a_signing_secret_that_is_not_there_is_told() -> None:
    spec = ChannelSpec("工作群", DINGTALK, "f00d", "$SIGNING")
    with pytest.raises(Misconfigured, match="加签密钥写的是"):
        called(spec, {})


@pytest.mark.parametrize("address", ["沙箱", " 沙箱 ", "$HOOK"])
@pytest.mark.parametrize("platform", [WECOM, DINGTALK, FEISHU])
def test_the_sandbox_needs_no_address_no_secret_and_no_network(platform: str, address: str) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        raise AssertionError

    async def once(sandbox: Sandbox) -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as client:
            spec = ChannelSpec("工作群", platform, address, "$NOTHING")
            channel = build(spec, {"HOOK": "沙箱", **BASE}, client, sandbox, Clock())
            await channel.send(Message("c", "提醒", (Section(Recipient("周敏"), (Line("巡查"),)),)))

    sandbox = Sandbox(Clock())
    asyncio.run(once(sandbox))
    (group,) = sandbox.groups()
    assert (group.name, group.platform) == ("工作群", platform)
    assert len(sandbox.shown(group)) == 1
