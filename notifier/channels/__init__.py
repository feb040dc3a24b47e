"""Channels: one small protocol, and the robots that speak it.

`build` turns an entry of rules.yaml into the channel that sends.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import httpx

from notifier.channels import dingtalk, feishu, wecom
from notifier.channels.addresses import Endpoint, base_url, setting, webhook
from notifier.channels.protocol import (
    Channel,
    ChannelError,
    Clock,
    FailureKind,
    Limit,
    Line,
    Message,
    Receipt,
    Recipient,
    Section,
)
from notifier.channels.sandbox import BASE, Group, Sandbox, Shown
from notifier.channels.wire import Wire, hush
from obligations.errors import Misconfigured
from obligations.rules.model import ChannelSpec, Means

__all__ = [
    "PLATFORMS",
    "SANDBOX",
    "Channel",
    "ChannelError",
    "Clock",
    "FailureKind",
    "Fitting",
    "Group",
    "Limit",
    "Line",
    "Message",
    "Platform",
    "Receipt",
    "Recipient",
    "Sandbox",
    "Section",
    "Shown",
    "build",
    "hush",
    "outside",
]

SANDBOX = "沙箱"


@dataclass(frozen=True, slots=True)
class Fitting:
    """Everything a channel is made from; ``sandbox`` is None where it is to reach the world."""

    spec: ChannelSpec
    settings: Mapping[str, str] = field(repr=False)
    client: httpx.AsyncClient = field(repr=False)
    clock: Clock
    sandbox: Sandbox | None = None

    @property
    def wire_client(self) -> httpx.AsyncClient:
        """Give the client that the channel speaks through."""
        return self.sandbox.client if self.sandbox else self.client


@dataclass(frozen=True, slots=True)
class Platform:
    """By which means a platform reaches people, where it lives and how a channel of it is made."""

    means: Means
    endpoint: Endpoint
    make: Callable[[Fitting, Endpoint], Channel]


def _robot(
    fitting: Fitting, endpoint: Endpoint, make: Callable[[Wire, httpx.URL, str, Clock], Channel]
) -> Channel:
    """Give a group robot: all it needs is its webhook address and, maybe, a secret."""
    spec, settings = fitting.spec, fitting.settings
    if fitting.sandbox is None:
        secret = setting(spec, spec.secret, settings, "加签密钥")
    else:
        secret = f"SEC-{SANDBOX}-{spec.name}"
        key = fitting.sandbox.join(Group(spec.name, spec.platform), secret)
        spec, settings = ChannelSpec(spec.name, spec.platform, key), {endpoint.setting: BASE}
    found = webhook(spec, endpoint, settings)
    wire = Wire(spec.name, spec.platform, fitting.wire_client, (found.key, secret))
    return make(wire, found.url, secret, fitting.clock)


def _wecom(fitting: Fitting, endpoint: Endpoint) -> Channel:
    return _robot(fitting, endpoint, lambda wire, url, _, __: wecom.WecomRobot(wire, url))


def _dingtalk(fitting: Fitting, endpoint: Endpoint) -> Channel:
    return _robot(fitting, endpoint, dingtalk.DingtalkRobot)


def _feishu(fitting: Fitting, endpoint: Endpoint) -> Channel:
    return _robot(fitting, endpoint, feishu.FeishuRobot)


_WECOM_API = ("JIAOYING_WECOM_API", "https://qyapi.weixin.qq.com")
_DINGTALK_OAPI = ("JIAOYING_DINGTALK_OAPI", "https://oapi.dingtalk.com")
_FEISHU_API = ("JIAOYING_FEISHU_API", "https://open.feishu.cn")

PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {
        wecom.PLATFORM: Platform(
            Means.GROUP, Endpoint(*_WECOM_API, "/cgi-bin/webhook/send", "key"), _wecom
        ),
        dingtalk.PLATFORM: Platform(
            Means.GROUP, Endpoint(*_DINGTALK_OAPI, "/robot/send", "access_token"), _dingtalk
        ),
        feishu.PLATFORM: Platform(
            Means.GROUP,
            Endpoint(*_FEISHU_API, "/open-apis/bot/v2/hook", "最后一段密钥", in_path=True),
            _feishu,
        ),
    }
)


def build(
    spec: ChannelSpec,
    settings: Mapping[str, str],
    client: httpx.AsyncClient,
    sandbox: Sandbox,
    clock: Clock,
) -> Channel:
    """Give the channel for an entry of rules.yaml; raises Misconfigured with what to mend."""
    platform = PLATFORMS.get(spec.platform)
    if platform is None:
        known = "、".join(PLATFORMS)
        wrong = f"通道“{spec.name}”：不认识平台“{spec.platform}”。能用的有：{known}"
        raise Misconfigured(wrong)
    hush()
    is_simulated = setting(spec, spec.address, settings, "地址") == SANDBOX
    fitting = Fitting(spec, settings, client, clock, sandbox if is_simulated else None)
    return platform.make(fitting, platform.endpoint)


def outside(spec: ChannelSpec, settings: Mapping[str, str]) -> str:
    """Give the address that a channel calls, "" where it is simulated or its platform unknown."""
    platform = PLATFORMS.get(spec.platform)
    if platform is None or setting(spec, spec.address, settings, "地址") == SANDBOX:
        return ""
    if platform.endpoint.parameter:
        return str(webhook(spec, platform.endpoint, settings).url)
    return str(base_url(platform.endpoint, settings))
