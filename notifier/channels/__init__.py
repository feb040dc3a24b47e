"""Channels: one small protocol, and the robots that speak it.

`build` turns an entry of rules.yaml into the channel that sends.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import httpx

from notifier.channels import dingtalk, wecom
from notifier.channels.addresses import Endpoint, Webhook, setting, webhook
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
from obligations.rules.model import ChannelSpec

__all__ = [
    "PLATFORMS",
    "SANDBOX",
    "Channel",
    "ChannelError",
    "Clock",
    "FailureKind",
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
]

SANDBOX = "沙箱"


@dataclass(frozen=True, slots=True)
class Platform:
    """Where a platform's robots live and how one of them is made."""

    endpoint: Endpoint
    limit: Limit
    make: Callable[[Wire, httpx.URL, str, Clock], Channel]


def _wecom(wire: Wire, url: httpx.URL, _secret: str, _clock: Clock) -> Channel:
    return wecom.WecomRobot(wire, url)


def _dingtalk(wire: Wire, url: httpx.URL, secret: str, clock: Clock) -> Channel:
    return dingtalk.DingtalkRobot(wire, url, secret, clock)


PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {
        wecom.PLATFORM: Platform(
            Endpoint(
                "JIAOYING_WECOM_API",
                "https://qyapi.weixin.qq.com",
                "/cgi-bin/webhook/send",
                "key",
            ),
            wecom.LIMIT,
            _wecom,
        ),
        dingtalk.PLATFORM: Platform(
            Endpoint(
                "JIAOYING_DINGTALK_OAPI",
                "https://oapi.dingtalk.com",
                "/robot/send",
                "access_token",
            ),
            dingtalk.LIMIT,
            _dingtalk,
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
    if setting(spec, spec.address, settings, "地址") == SANDBOX:
        return _simulated(spec, platform, sandbox, clock)
    found = webhook(spec, platform.endpoint, settings)
    secret = setting(spec, spec.secret, settings, "加签密钥")
    wire = Wire(spec.name, spec.platform, client, (found.key, secret))
    return platform.make(wire, found.url, secret, clock)


def _simulated(spec: ChannelSpec, platform: Platform, sandbox: Sandbox, clock: Clock) -> Channel:
    """Give the real channel, its robot simulated and its signature checked all the same."""
    secret = f"SEC-{SANDBOX}-{spec.name}"
    key = sandbox.join(Group(spec.name, spec.platform), secret)
    found: Webhook = webhook(
        ChannelSpec(spec.name, spec.platform, key),
        platform.endpoint,
        {platform.endpoint.setting: BASE},
    )
    wire = Wire(spec.name, spec.platform, sandbox.client, (key, secret))
    return platform.make(wire, found.url, secret, clock)
