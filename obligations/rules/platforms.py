"""Which platforms a channel can be of: how each reaches people, and what it must be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from obligations.rules.model import ChannelSpec, Means, Person

PlatformName = Literal[
    "企业微信群机器人",
    "钉钉群机器人",
    "飞书群机器人",
    "企业微信应用",
    "企业微信智能机器人",
    "钉钉企业机器人",
    "钉钉DING",
    "短信网关",
    "钉钉DING短信",
    "语音网关",
    "企业微信电话",
    "钉钉DING电话",
    "邮件",
]


@dataclass(frozen=True, slots=True)
class Platform:
    """By which means it reaches people, what a channel of it needs, and by which accounts.

    ``needs`` are keys of an entry of 通道 with the settings they may name; ``accounts`` are keys
    of 人员: one of them is enough. ``returns`` are keys that prove what it posts back to us: none
    of them, or all.
    """

    means: Means
    needs: tuple[tuple[str, str], ...]
    accounts: tuple[str, ...]
    returns: tuple[tuple[str, str], ...] = ()


_WECOM = (("账号", "WECOM_CORPID"), ("密钥", "WECOM_SECRET"))
_WECOM_APP = (*_WECOM, ("应用", "WECOM_AGENTID"))
_WECOM_SEAL = (("令牌", "WECOM_TOKEN"), ("解密", "WECOM_AES_KEY"))
_WECOM_BOT = (("账号", "WECOM_BOT_ID"), ("密钥", "WECOM_BOT_SECRET"))
_DINGTALK = (("账号", "DINGTALK_APPKEY"), ("密钥", "DINGTALK_APPSECRET"))
_DINGTALK_GROUP = (("地址", "DINGTALK_WEBHOOK"), ("密钥", "DINGTALK_SECRET"))

PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {
        "企业微信群机器人": Platform(
            Means.GROUP, (("地址", "WECOM_WEBHOOK"),), ("企业微信", "手机")
        ),
        "钉钉群机器人": Platform(Means.GROUP, _DINGTALK_GROUP, ("钉钉", "手机")),
        "飞书群机器人": Platform(Means.GROUP, (("地址", "FEISHU_WEBHOOK"),), ("飞书",)),
        "企业微信应用": Platform(Means.APP, _WECOM_APP, ("企业微信",), _WECOM_SEAL),
        "企业微信智能机器人": Platform(Means.APP, _WECOM_BOT, ("企业微信",)),
        "钉钉企业机器人": Platform(Means.APP, _DINGTALK, ("钉钉",)),
        "钉钉DING": Platform(Means.APP, _DINGTALK, ("钉钉",)),
        "短信网关": Platform(
            Means.SMS, (("地址", "SMS_GATEWAY"), ("密钥", "SMS_SECRET")), ("手机",)
        ),
        "钉钉DING短信": Platform(Means.SMS, _DINGTALK, ("钉钉",)),
        "语音网关": Platform(
            Means.PHONE, (("地址", "VOICE_GATEWAY"), ("密钥", "VOICE_SECRET")), ("手机",)
        ),
        "企业微信电话": Platform(Means.PHONE, _WECOM, ("企业微信",)),
        "钉钉DING电话": Platform(Means.PHONE, _DINGTALK, ("钉钉",)),
        "邮件": Platform(Means.MAIL, (("地址", "SMTP_SERVER"), ("账号", "SMTP_SENDER")), ("邮箱",)),
    }
)


def means_of(platform: str) -> Means | None:
    """Give the means by which channels of a platform reach people, None for an unknown one.

    >>> str(means_of("短信网关"))
    '短信'
    """
    kind = PLATFORMS.get(platform)
    return kind.means if kind else None


def accounts(platform: str) -> tuple[str, ...]:
    """Give the keys of 人员 by which a platform knows somebody.

    >>> accounts("企业微信群机器人")
    ('企业微信', '手机')
    """
    kind = PLATFORMS.get(platform)
    return kind.accounts if kind else ()


def knows(channel: ChannelSpec, person: Person) -> bool:
    """Say whether the person has an account that the channel can reach him by.

    >>> knows(ChannelSpec("短信", "短信网关"), Person("周敏", mobile="13800000001"))
    True
    """
    held = {
        "手机": person.mobile,
        "企业微信": person.wecom,
        "钉钉": person.dingtalk,
        "飞书": person.feishu,
        "邮箱": person.mail,
    }
    return any(held[key] for key in accounts(channel.platform))
