"""DingTalk's group robot (钉钉群机器人): signed, markdown, mentions in ``at`` and in the text."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from notifier.channels.outcomes import (
    BUSY,
    Refusal,
    Refusals,
    closed,
    crowded,
    failure,
    receipt,
    throttled,
    unfit,
)
from notifier.channels.protocol import Clock, Limit, Message, Receipt, Recipient
from notifier.channels.wire import Answer, Wire, encode, post
from notifier.messages import Form, escape, marked, render, shorten

PLATFORM = "钉钉群机器人"
_PENALTY = timedelta(minutes=10)
LIMIT = Limit(20, timedelta(seconds=60), _PENALTY)
BODY_BYTES = 20_000
PEOPLE = 50
_TITLE_BYTES = 120
_TOO_FAST = throttled("发得太快，平台要求等10分钟再发", _PENALTY)
_TOO_LONG = unfit("消息超出平台规定的长度（20000字节）")
_UNSAFE = unfit("平台认为消息内容不合适，请改写事项的文字")

REFUSALS: Refusals = {
    -1: BUSY,
    40035: unfit("平台不接受消息的参数"),
    43004: unfit("平台不接受请求的格式"),
    90002: throttled("平台的接口调用太频繁，稍后再发", timedelta(minutes=1)),
    90018: throttled("平台的接口调用太频繁，稍后再发", timedelta(minutes=1)),
    90020: closed("本单位这个月的钉钉接口调用次数已用完。请升级版本，或者换一个通道"),
    101002: _TOO_LONG,
    130101: _TOO_FAST,
    300001: closed("access_token不存在。请在群里重新添加机器人，换上新的地址"),
    302033: _TOO_FAST,
    400013: closed("群已解散。请换一个群，换上新的地址"),
    400101: closed("access_token不存在。请在群里重新添加机器人，换上新的地址"),
    400102: closed("机器人已停用。请群主在机器人设置里启用"),
    400105: unfit("平台不认识这种消息类型"),
    400106: closed("机器人不存在，可能已被移出群。请重新添加机器人，换上新的地址"),
    410100: _TOO_FAST,
    430101: _UNSAFE,
    430102: _UNSAFE,
    430103: _UNSAFE,
    430104: _UNSAFE,
    460101: _TOO_LONG,
    660026: _TOO_FAST,
}
_SECURITY = 310000
_KEYWORD = unfit("消息里没有机器人要求的关键词。请在机器人的安全设置里把单位名称加进关键词")
_SIGN = closed("签名不对。请核对加签密钥（以SEC开头）")
_STAMP = closed("时间戳不对：本机时钟与标准时间相差超过1小时。请校准时钟")
_ADDRESS = closed("本机的出口IP不在机器人的IP地址段里。请把它加进机器人的安全设置")
_SECURITY_REASONS = (  # the Chinese words for a wrong signature speak of the timestamp as well
    ("keyword", _KEYWORD),
    ("关键词", _KEYWORD),
    ("sign", _SIGN),
    ("签名", _SIGN),
    ("timestamp", _STAMP),
    ("时间戳", _STAMP),
    ("ip", _ADDRESS),
)
_SECURITY_UNKNOWN = closed("没有通过机器人的安全设置。请核对关键词、加签密钥和IP地址段")


def _token(recipient: Recipient) -> str:
    return escape.account(recipient.dingtalk) or escape.mobile(recipient.mobile)


def _call(recipient: Recipient) -> str:
    return f"@{_token(recipient)}" if _token(recipient) else ""


MARKDOWN = Form("markdown.jinja", escape.markdown, _call, newline="  \n")


@dataclass(frozen=True, slots=True)
class DingtalkRobot:
    """One robot in one DingTalk group; an empty secret means it was set up without 加签."""

    wire: Wire
    url: httpx.URL = field(repr=False)
    secret: str = field(repr=False)
    clock: Clock = field(repr=False)
    limit: Limit = LIMIT
    deduplicates: bool = True
    member_limits: tuple[Limit, ...] = ()
    width: int = 1

    def reaches(self, _recipient: Recipient) -> bool:
        """Tell that whoever is in the group reads it, called by his account or by his name."""
        return True

    def fits(self, message: Message) -> bool:
        """Tell whether all of it, marked 迟发 and 重发, and every mention go into one message."""
        text = render(marked(message), MARKDOWN)
        few = len(_called(message)) <= PEOPLE
        return few and len(encode(_body(message, text))) <= BODY_BYTES

    async def send(self, message: Message) -> Receipt:
        """Send it once; raises ChannelError where the platform has not taken it."""
        body = compose(message)
        if body is None:
            raise crowded(self.wire, message)
        answer = await post(self.wire, self._signed(), body)
        if answer.code:
            raise failure(self.wire, answer, {**REFUSALS, _SECURITY: _security(answer)})
        return receipt(message, answer, _uncalled(message))

    def _signed(self) -> httpx.URL:
        if not self.secret:
            return self.url
        stamp = milliseconds(self.clock.now())
        return self.url.copy_merge_params(
            {"timestamp": str(stamp), "sign": signature(self.secret, stamp)}
        )


def milliseconds(now: datetime) -> int:
    """Give the instant as DingTalk counts it."""
    return int(now.timestamp() * 1000)


def signature(secret: str, stamp: int | str) -> str:
    """Give the signature, not yet quoted for an address.

    >>> signature("this is a secret", 1577262236757)
    'DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA='
    """
    text = f"{stamp}\n{secret}".encode("utf-8", "replace")
    return base64.b64encode(hmac.digest(secret.encode(), text, hashlib.sha256)).decode()


def compose(message: Message) -> dict[str, object] | None:
    """Give the body that is sent, cut to fit; None where names, links or mentions are too many."""
    if len(_called(message)) > PEOPLE:
        return None
    text = shorten(message, MARKDOWN, lambda text: len(encode(_body(message, text))) <= BODY_BYTES)
    return None if text is None else _body(message, text)


def _body(message: Message, text: str) -> dict[str, object]:
    accounts = {escape.account(section.recipient.dingtalk) for section in message.sections}
    called = _called(message)
    return {
        "msgtype": "markdown",
        "msgUuid": message.code,
        "markdown": {"title": _title(message), "text": text},
        "at": {
            "atMobiles": [token for token in called if token not in accounts],
            "atUserIds": [token for token in called if token in accounts],
            "isAtAll": False,
        },
    }


def _title(message: Message) -> str:
    """Give what the list of conversations shows: 青溪镇履职提醒 周敏."""
    names = "、".join(section.recipient.name for section in message.sections[:3])
    title = escape.clip(escape.markdown(f"{message.title} {names}"), _TITLE_BYTES)
    return title or "提醒"  # the platform refuses an empty one


def _security(answer: Answer) -> Refusal:
    """Give which of the robot's security settings said no."""
    return next(
        (refusal for word, refusal in _SECURITY_REASONS if word in answer.words.lower()),
        _SECURITY_UNKNOWN,
    )


def _uncalled(message: Message) -> tuple[str, ...]:
    people = (section.recipient for section in message.sections)
    return tuple(person.name for person in people if not _token(person))


def _called(message: Message) -> tuple[str, ...]:
    tokens = (_token(section.recipient) for section in message.sections)
    return tuple(dict.fromkeys(token for token in tokens if token))
