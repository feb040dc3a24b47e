"""Channels: one small protocol, and the robots that speak it.

`build` turns an entry of rules.yaml into the channel that sends.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import httpx

from notifier.channels import (
    dingtalk,
    dingtalk_app,
    dingtalk_ding,
    feishu,
    gateway,
    mail,
    wecom,
    wecom_api,
    wecom_app,
    wecom_bot,
    wecom_phone,
)
from notifier.channels.addresses import (
    Endpoint,
    base_url,
    own_secret,
    own_url,
    required,
    setting,
    webhook,
)
from notifier.channels.dingtalk_open import Account, Application
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
from notifier.channels.sandbox.mail import post_to
from notifier.channels.sandbox.wecom_bot import Line as SandboxLine
from notifier.channels.subscriptions import Subscriptions
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
    "Subscriptions",
    "build",
    "hush",
    "outside",
]

SANDBOX = "沙箱"


@dataclass(frozen=True, slots=True)
class Fitting:
    """Everything a channel is made from; ``sandbox`` is None where it is to reach the world.

    ``subscriptions`` are the long connections that some platforms are spoken to over.
    """

    spec: ChannelSpec
    settings: Mapping[str, str] = field(repr=False)
    client: httpx.AsyncClient = field(repr=False)
    clock: Clock
    sandbox: Sandbox | None = None
    subscriptions: Subscriptions = field(repr=False, default_factory=Subscriptions)

    @property
    def wire_client(self) -> httpx.AsyncClient:
        """Give the client that the channel speaks through."""
        return self.sandbox.client if self.sandbox else self.client


@dataclass(frozen=True, slots=True)
class Platform:
    """Where a platform lives and how a channel of it is made."""

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


def _dingtalk_open(
    fitting: Fitting, endpoint: Endpoint, make: Callable[[Application], Channel]
) -> Channel:
    """Give a channel of an enterprise application: AppKey, AppSecret and its robot's code."""
    spec, settings, sandbox = fitting.spec, fitting.settings, fitting.sandbox
    if sandbox is None:
        key = required(spec, spec.account, settings, "账号（应用的AppKey）")
        secret = required(spec, spec.secret, settings, "密钥（应用的AppSecret）")
        robot = setting(spec, spec.app, settings, "应用（robotCode）") or key
        base = base_url(endpoint, settings)
    else:
        given = sandbox.enrol(Group(spec.name, spec.platform))
        key, secret, robot, base = given.account, given.secret, given.app, httpx.URL(BASE)
    wire = Wire(spec.name, spec.platform, fitting.wire_client, (secret, key), "消息是否已送到")
    return make(Application(wire, base, Account(key, secret, robot), fitting.clock))


def _dingtalk_app(fitting: Fitting, endpoint: Endpoint) -> Channel:
    return _dingtalk_open(fitting, endpoint, dingtalk_app.DingtalkApp)


def _ding(fitting: Fitting, endpoint: Endpoint) -> Channel:
    kind = dingtalk_ding.KINDS[fitting.spec.platform]
    return _dingtalk_open(fitting, endpoint, lambda app: dingtalk_ding.Ding(app, kind))


def _wecom_app(fitting: Fitting, endpoint: Endpoint) -> Channel:
    spec, sandbox = fitting.spec, fitting.sandbox
    if sandbox is None:
        written = required(spec, spec.app, fitting.settings, "应用（应用的AgentId）")
    else:
        written = sandbox.enrol(Group(spec.name, spec.platform)).app
    agent = wecom_api.read_agent(spec.name, written)
    return wecom_app.WecomApp(_wecom_api(fitting, endpoint, "消息是否已送到"), agent)


def _wecom_bot(fitting: Fitting, _endpoint: Endpoint) -> Channel:
    """Give the AI bot; in the sandbox its connection lives from the start."""
    spec, sandbox = fitting.spec, fitting.sandbox
    if sandbox is None:
        bot = required(spec, spec.account, fitting.settings, "账号（机器人的Bot ID）")
        secret = required(spec, spec.secret, fitting.settings, "密钥（机器人的Secret）")
        held = fitting.subscriptions
    else:
        given = sandbox.enrol(Group(spec.name, spec.platform))
        bot, secret, held = given.account, given.secret, Subscriptions()
        held.hold(bot, SandboxLine(sandbox.client, BASE, bot))
    wire = Wire(spec.name, spec.platform, fitting.wire_client, (secret, bot), "消息是否已送到")
    return wecom_bot.WecomBot(wire, bot, held)


def _wecom_phone(fitting: Fitting, endpoint: Endpoint) -> Channel:
    return wecom_phone.WecomPhone(_wecom_api(fitting, endpoint, "电话是否已打出"))


def _wecom_api(fitting: Fitting, endpoint: Endpoint, arrival: str) -> wecom_api.Api:
    """Give the way to a self-built app: the corporation's number and the app's secret."""
    spec, settings, sandbox = fitting.spec, fitting.settings, fitting.sandbox
    if sandbox is None:
        corpid = required(spec, spec.account, settings, "账号（企业ID，corpid）")
        secret = required(spec, spec.secret, settings, "密钥（应用的Secret）")
        base = base_url(endpoint, settings)
    else:
        given = sandbox.enrol(Group(spec.name, spec.platform))
        corpid, secret, base = given.account, given.secret, httpx.URL(BASE)
    wire = Wire(spec.name, spec.platform, fitting.wire_client, (secret,), arrival)
    return wecom_api.Api(wire, base, wecom_api.Corporation(corpid, secret), fitting.clock)


def _sms(fitting: Fitting, endpoint: Endpoint) -> Channel:
    return _gateway(fitting, endpoint, "sms", "短信是否已送到")


def _voice(fitting: Fitting, endpoint: Endpoint) -> Channel:
    return _gateway(fitting, endpoint, "voice", "电话是否已打通")


def _gateway(
    fitting: Fitting, endpoint: Endpoint, kind: gateway.Kind, arrival: str
) -> gateway.Gateway:
    spec = fitting.spec
    callback = gateway.callback(fitting.settings, spec.name)
    if fitting.sandbox is None:
        url = own_url(spec, endpoint, fitting.settings)
        secret = own_secret(spec, fitting.settings, "密钥")
    else:
        secret = f"SEC-{SANDBOX}-{spec.name}"
        key = fitting.sandbox.join(Group(spec.name, spec.platform), secret)
        url = httpx.URL(f"{BASE}/gateway/{key}")
    wire = Wire(spec.name, spec.platform, fitting.wire_client, (secret,), arrival)
    return gateway.Gateway(wire, url, secret, fitting.clock, kind, callback)


def _mail(fitting: Fitting, endpoint: Endpoint) -> Channel:
    spec, sandbox = fitting.spec, fitting.sandbox
    if sandbox is None:
        box = mail.mailbox(spec, endpoint, fitting.settings)
        sender, host, secrets, post = box.sender, box.host, box.secrets, mail.submit_to(box)
    else:
        key = sandbox.join(Group(spec.name, spec.platform))
        sender, host, secrets = f"jiaoying@{httpx.URL(BASE).host}", SANDBOX, ()
        post = post_to(sandbox.client, f"{BASE}/mail/{key}")
    wire = Wire(spec.name, spec.platform, fitting.wire_client, secrets, "邮件是否已送到")
    return mail.Mail(wire, sender, host, post, fitting.clock)


_WECOM_API = ("JIAOYING_WECOM_API", "https://qyapi.weixin.qq.com")
WECOM_BOT_ENDPOINT = Endpoint("JIAOYING_WECOM_BOT_WS", "wss://openws.work.weixin.qq.com")
_DINGTALK_OAPI = ("JIAOYING_DINGTALK_OAPI", "https://oapi.dingtalk.com")
DINGTALK_ENDPOINT = Endpoint("JIAOYING_DINGTALK_API", "https://api.dingtalk.com")
_OWN_GATEWAY = Endpoint(own=("https", "http"))
_OWN_SERVER = Endpoint(own=("smtps", "smtp"))
_FEISHU_API = ("JIAOYING_FEISHU_API", "https://open.feishu.cn")

PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {
        wecom.PLATFORM: Platform(Endpoint(*_WECOM_API, "/cgi-bin/webhook/send", "key"), _wecom),
        dingtalk.PLATFORM: Platform(
            Endpoint(*_DINGTALK_OAPI, "/robot/send", "access_token"), _dingtalk
        ),
        feishu.PLATFORM: Platform(
            Endpoint(*_FEISHU_API, "/open-apis/bot/v2/hook", "最后一段密钥", in_path=True),
            _feishu,
        ),
        gateway.SMS: Platform(_OWN_GATEWAY, _sms),
        gateway.VOICE: Platform(_OWN_GATEWAY, _voice),
        mail.PLATFORM: Platform(_OWN_SERVER, _mail),
        wecom_app.PLATFORM: Platform(Endpoint(*_WECOM_API), _wecom_app),
        wecom_bot.PLATFORM: Platform(WECOM_BOT_ENDPOINT, _wecom_bot),
        wecom_phone.PLATFORM: Platform(Endpoint(*_WECOM_API), _wecom_phone),
        dingtalk_app.PLATFORM: Platform(DINGTALK_ENDPOINT, _dingtalk_app),
        dingtalk_ding.APP: Platform(DINGTALK_ENDPOINT, _ding),
        dingtalk_ding.SMS: Platform(DINGTALK_ENDPOINT, _ding),
        dingtalk_ding.PHONE: Platform(DINGTALK_ENDPOINT, _ding),
    }
)


def build(  # noqa: PLR0913 -- everything a channel is made from, each of it once
    spec: ChannelSpec,
    settings: Mapping[str, str],
    client: httpx.AsyncClient,
    sandbox: Sandbox,
    clock: Clock,
    *,
    subscriptions: Subscriptions | None = None,
) -> Channel:
    """Give the channel for an entry of rules.yaml; raises Misconfigured with what to mend.

    Without ``subscriptions`` a channel that speaks over a long connection finds none alive.
    """
    platform = PLATFORMS.get(spec.platform)
    if platform is None:
        known = "、".join(PLATFORMS)
        wrong = f"通道“{spec.name}”：不认识平台“{spec.platform}”。能用的有：{known}"
        raise Misconfigured(wrong)
    hush()
    is_simulated = setting(spec, spec.address, settings, "地址") == SANDBOX
    simulator = sandbox if is_simulated else None
    held = subscriptions if subscriptions is not None else Subscriptions()
    fitting = Fitting(spec, settings, client, clock, simulator, held)
    return platform.make(fitting, platform.endpoint)


def outside(spec: ChannelSpec, settings: Mapping[str, str]) -> str:
    """Give the address that a channel calls, "" where it is simulated or its platform unknown."""
    platform = PLATFORMS.get(spec.platform)
    if platform is None or setting(spec, spec.address, settings, "地址") == SANDBOX:
        return ""
    if platform.endpoint.own:
        return str(own_url(spec, platform.endpoint, settings))
    if platform.endpoint.parameter:
        return str(webhook(spec, platform.endpoint, settings).url)
    return str(base_url(platform.endpoint, settings))
