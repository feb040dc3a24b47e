"""WeCom's group robot (企业微信群机器人, 消息推送): text and markdown, mentions, byte limits."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

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
from notifier.channels.protocol import Limit, Message, Receipt, Recipient
from notifier.channels.wire import Wire, post
from notifier.messages import Form, escape, marked, render, shorten

PLATFORM = "企业微信群机器人"
_MINUTE = timedelta(seconds=60)
LIMIT = Limit(20, _MINUTE, _MINUTE)
TEXT_BYTES = 2048
MARKDOWN_BYTES = 4096

UNFIT: Refusals = {  # the same at every interface of the platform
    40008: unfit("平台不认识这种消息类型"),
    40033: unfit("消息里有平台不接收的字符"),
    40035: unfit("平台不接受消息的参数"),
    40058: unfit("消息超出平台规定的长度或参数不合规定"),
    44004: unfit("平台认为消息内容是空的"),
    45002: unfit("消息超出平台规定的长度"),
}
REFUSALS: Refusals = {
    **UNFIT,
    -1: BUSY,
    44001: unfit("平台认为消息是空的"),
    45009: throttled("发得太快，平台要求等1分钟再发", _MINUTE),
    45033: throttled("同时发送的太多，平台要求稍后再发", _MINUTE),
    93000: closed("地址无效，或者机器人已被移出群。请在群里重新添加机器人，换上新的地址"),
    93004: closed("机器人已被停用。请群主或管理员重新启用"),
    93008: closed("机器人不在群里。请重新添加机器人，换上新的地址"),
}


def account(recipient: Recipient) -> str:
    """Give the userid that ``<@userid>`` may name, or ""."""
    return escape.account(recipient.wecom)


def _call(recipient: Recipient) -> str:
    return f"<@{account(recipient)}>" if account(recipient) else ""


MARKDOWN = Form("markdown.jinja", escape.markdown, _call)
TEXT = Form("plain.jinja", escape.plain, lambda _: "")


@dataclass(frozen=True, slots=True)
class WecomRobot:
    """One robot in one WeCom group."""

    wire: Wire
    url: httpx.URL = field(repr=False)
    limit: Limit = LIMIT
    deduplicates: bool = False
    member_limits: tuple[Limit, ...] = ()
    width: int = 1

    def reaches(self, _recipient: Recipient) -> bool:
        """Tell that whoever is in the group reads it, called by his account or by his name."""
        return True

    def fits(self, message: Message) -> bool:
        """Tell whether all of it, marked 重发 and 迟发, stays within the platform's bytes."""
        form, size = (TEXT, TEXT_BYTES) if needs_text(message) else (MARKDOWN, MARKDOWN_BYTES)
        return _weigh(render(marked(message), form)) <= size

    async def send(self, message: Message) -> Receipt:
        """Send it once; raises ChannelError where the platform has not taken it."""
        body = compose(message)
        if body is None:
            raise crowded(self.wire, message)
        answer = await post(self.wire, self.url, body)
        if answer.code:
            raise failure(self.wire, answer, REFUSALS)
        return receipt(message, answer, _uncalled(message))


def compose(message: Message) -> dict[str, object] | None:
    """Give the body that is sent, cut to fit; None where names and links alone are too much."""
    return _text(message) if needs_text(message) else _markdown(message)


def needs_text(message: Message) -> bool:
    """Tell whether somebody can only be called by his mobile, which markdown cannot do."""
    return any(
        not account(section.recipient) and escape.mobile(section.recipient.mobile)
        for section in message.sections
    )


def _markdown(message: Message) -> dict[str, object] | None:
    content = shorten(message, MARKDOWN, lambda text: _weigh(text) <= MARKDOWN_BYTES)
    if content is None:
        return None
    return {"msgtype": "markdown", "markdown": {"content": content}}


def _text(message: Message) -> dict[str, object] | None:
    content = shorten(message, TEXT, lambda text: _weigh(text) <= TEXT_BYTES)
    if content is None:
        return None
    people = [section.recipient for section in message.sections]
    mobiles = [escape.mobile(person.mobile) for person in people if not account(person)]
    text = {
        "content": content,
        "mentioned_list": _once(map(account, people)),
        "mentioned_mobile_list": _once(mobiles),
    }
    return {"msgtype": "text", "text": text}


def _once(names: Iterable[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name]


def _weigh(text: str) -> int:
    return len(text.encode())


def _uncalled(message: Message) -> tuple[str, ...]:
    return tuple(
        section.recipient.name
        for section in message.sections
        if not account(section.recipient) and not escape.mobile(section.recipient.mobile)
    )
