"""Feishu's group robot (飞书群机器人): a card whose colour tells a call from a digest, mentions."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from notifier.channels.outcomes import (
    BUSY,
    Refusals,
    closed,
    crowded,
    failure,
    receipt,
    throttled,
    unfit,
)
from notifier.channels.protocol import Clock, Limit, Message, Receipt, Recipient
from notifier.channels.wire import Answer, Page, Wire, encode, fetch, redact, unreadable
from notifier.messages import Form, escape, marked, render, shorten
from notifier.messages.model import Topic

PLATFORM = "飞书群机器人"
_PAUSE = timedelta(minutes=1)
LIMIT = Limit(5, timedelta(seconds=3), _PAUSE)  # keeps both: 5 a second and 100 a minute
BODY_BYTES = 20_000
PEOPLE = 50
_TOO_FAST = throttled("发得太快，平台要求稍后再发", _PAUSE)
_COLOURS = {Topic.CALL: "red", Topic.NOTICE: "orange", Topic.DUTY: "blue"}

REFUSALS: Refusals = {
    -1: BUSY,
    9499: unfit("平台不接受消息的格式或长度"),
    11232: _TOO_FAST,
    19001: closed("地址无效，或者机器人已被移出群。请在群里重新添加机器人，换上新的地址"),
    19002: unfit("平台不接受消息的参数"),
    19021: closed("签名不对，或者本机时钟与标准时间相差超过1小时。请核对签名校验的密钥，校准时钟"),
    19022: closed("本机的出口IP不在机器人的IP白名单里。请把它加进机器人的安全设置"),
    19024: unfit("消息里没有机器人要求的关键词。请在机器人的安全设置里把单位名称加进关键词"),
    19036: unfit("消息超出平台规定的长度"),
}


def account(recipient: Recipient) -> str:
    """Give the open_id or user_id that a mention may name, or ""."""
    return escape.account(recipient.feishu)


def _call(recipient: Recipient) -> str:
    return f"<at id={account(recipient)}></at>" if account(recipient) else ""


FORM = Form("feishu.jinja", escape.feishu, _call)


@dataclass(frozen=True, slots=True)
class FeishuRobot:
    """One robot in one Feishu group; an empty secret means it was set up without 签名校验."""

    wire: Wire
    url: httpx.URL = field(repr=False)
    secret: str = field(repr=False)
    clock: Clock = field(repr=False)
    limit: Limit = LIMIT
    deduplicates: bool = False
    member_limits: tuple[Limit, ...] = ()
    width: int = 1

    def reaches(self, _recipient: Recipient) -> bool:
        """Tell that whoever is in the group reads it, called by his account or by his name."""
        return True

    def fits(self, message: Message) -> bool:
        """Tell whether all of it, marked 迟发 and 重发, and every mention go into one message."""
        return _is_light(message, render(marked(message), FORM))

    async def send(self, message: Message) -> Receipt:
        """Send it once; raises ChannelError where the platform has not taken it."""
        body = compose(message)
        if body is None:
            raise crowded(self.wire, message)
        answer = _answer(self.wire, await fetch(self.wire, "POST", self.url, self._signed(body)))
        if answer.code:
            raise failure(self.wire, answer, REFUSALS)
        return receipt(message, answer, _uncalled(message))

    def _signed(self, body: Mapping[str, object]) -> Mapping[str, object]:
        if not self.secret:
            return body
        stamp = seconds(self.clock.now())
        return {"timestamp": str(stamp), "sign": signature(self.secret, stamp), **body}


def seconds(now: datetime) -> int:
    """Give the instant as Feishu counts it."""
    return int(now.timestamp())


def signature(secret: str, stamp: int) -> str:
    """Give the signature: time and secret are the key, and what is signed is empty.

    >>> signature("demo", 1599360473)
    'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8='
    """
    key = f"{stamp}\n{secret}".encode()
    return base64.b64encode(hmac.digest(key, b"", hashlib.sha256)).decode()


def compose(message: Message) -> dict[str, object] | None:
    """Give the body that is sent, cut to fit; None where names, links or mentions are too many."""
    text = shorten(message, FORM, lambda text: _is_light(message, text))
    return None if text is None else _body(message, text)


def _body(message: Message, text: str) -> dict[str, object]:
    """Give the card; its title is also what the list of conversations shows."""
    title, _, content = text.partition("\n")
    header = {
        "title": {"tag": "plain_text", "content": title},
        "template": _COLOURS[message.topic],
    }
    return {
        "msg_type": "interactive",
        "card": {
            "config": {"wide_screen_mode": True},
            "header": header,
            "elements": [{"tag": "markdown", "content": content or title}],
        },
    }


_SIGNATURE_BYTES = len(encode({"timestamp": "1" * 10, "sign": "=" * 44}))


def _is_light(message: Message, text: str) -> bool:
    few = sum(1 for section in message.sections if account(section.recipient)) <= PEOPLE
    return few and len(encode(_body(message, text))) + _SIGNATURE_BYTES <= BODY_BYTES


def _answer(wire: Wire, page: Page) -> Answer:
    """Give what the platform said; old robots answer StatusCode where new ones answer code."""
    body = page.body or {}
    code = str(body.get("code", body.get("StatusCode")))
    if not re.fullmatch(r"-?[0-9]{1,9}", code):
        raise unreadable(wire, page.status, page.text)
    if int(code) == 0 and page.status // 100 != 2:  # noqa: PLR2004 -- HTTP's yes
        raise unreadable(wire, page.status, "")
    words = str(body.get("msg", body.get("StatusMessage", "")))
    return Answer(int(code), redact(words, wire.secrets))


def _uncalled(message: Message) -> tuple[str, ...]:
    people = (section.recipient for section in message.sections)
    return tuple(person.name for person in people if not account(person))
