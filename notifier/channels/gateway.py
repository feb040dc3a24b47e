"""SMS and voice through the office's own gateway (短信网关、语音网关): one signed HTTP contract.

The contract is told in docs/gateway.md to whoever writes the gateway. Clouds send templates with
variables and no free text, so a message is reduced to a few short variables with a plain text
beside them.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Literal
from urllib.parse import quote

import httpx

from notifier.channels.outcomes import Refusal, closed, crowded, known, throttled, unfit
from notifier.channels.protocol import (
    ChannelError,
    Clock,
    FailureKind,
    Limit,
    Message,
    Receipt,
    Recipient,
)
from notifier.channels.wire import Page, Wire, encode, fetch, redact, unreadable
from notifier.messages import Line, Section, escape, marked
from notifier.messages.model import Topic

SMS, VOICE = "短信网关", "语音网关"
CALLBACK = "JIAOYING_GATEWAY_CALLBACK"
_MINUTE = timedelta(minutes=1)
LIMIT = Limit(200, _MINUTE, _MINUTE)  # five hundred people within three minutes
WIDTH = 16
TIMESTAMP, NONCE, SIGNATURE = (
    "x-jiaoying-timestamp",
    "x-jiaoying-nonce",
    "x-jiaoying-signature",
)
_WHO, _TITLE, _TEXT = 20, 35, 200  # characters; the clouds' voices take fewer than 250
_TEMPLATES = {Topic.CALL: "call", Topic.NOTICE: "notice", Topic.DUTY: "duty"}
_LONGEST_WAIT = 3600
_LONGEST_CODE = 40
_YES = 2  # the hundreds of HTTP's good answers

Kind = Literal["sms", "voice"]
_CLEAN: Mapping[Kind, Callable[[str], str]] = {"sms": escape.plain, "voice": escape.spoken}
_MARKS: Mapping[Kind, tuple[str, str]] = {
    "sms": ("〔迟发〕", "〔重发〕"),
    "voice": ("迟发的消息，", "再次播报，"),
}

REFUSALS = {
    "bad_signature": closed("签名不对。请核对双方的密钥，并校准两边的时钟"),
    "no_balance": closed("网关的余额已用完。请充值"),
    "no_template": closed("网关没有这种消息的模板。请按 docs/gateway.md 报备模板"),
    "bad_number": unfit("网关说这个手机号不能用。请核对手机号"),
    "blocked_number": unfit("网关说这个手机号在黑名单里或已退订"),
    "too_long": unfit("消息超出网关规定的长度"),
    "too_fast": throttled("发得太快，网关要求稍后再发", _MINUTE),
}


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway of the office; it sends to one number at a time."""

    wire: Wire
    url: httpx.URL = field(repr=False)
    secret: str = field(repr=False)
    clock: Clock = field(repr=False)
    kind: Kind
    callback: str = ""
    limit: Limit = LIMIT
    deduplicates: bool = True
    member_limits: tuple[Limit, ...] = ()
    width: int = WIDTH

    def reaches(self, recipient: Recipient) -> bool:
        """Tell whether he has a number."""
        return bool(escape.mobile(recipient.mobile))

    def fits(self, message: Message) -> bool:
        """Tell whether it is for one person and needs no cutting."""
        if len(message.sections) != 1:
            return False
        return len(_joined(marked(message), message.sections[0].lines, self.kind)) <= _TEXT

    async def send(self, message: Message) -> Receipt:
        """Send it once; raises ChannelError where the gateway has not taken it."""
        body = self._compose(message)
        content = encode(body)
        headers = signed(content, self.secret, self.clock.now(), secrets.token_hex(16))
        page = await fetch(self.wire, "POST", self.url, body, headers)
        return _receipt(self.wire, message, page)

    def _compose(self, message: Message) -> dict[str, object]:
        if len(message.sections) != 1:
            raise crowded(self.wire, message)
        body = compose(message, self.kind, self.callback)
        if not body["to"]:
            name = message.sections[0].recipient.name
            unreachable = f"{name}没有手机号，没有发出"
            raise self.wire.refused(unreachable, FailureKind.PERMANENT)
        return body


def signed(body: bytes, secret: str, now: datetime, nonce: str) -> dict[str, str]:
    """Give the headers that prove who wrote the body, and when."""
    stamp = str(int(now.timestamp()))
    return {TIMESTAMP: stamp, NONCE: nonce, SIGNATURE: signature(secret, stamp, nonce, body)}


def signature(secret: str, stamp: str, nonce: str, body: bytes) -> str:
    """Give the signature over time, nonce and body, one on each line.

    >>> signature("demo", "1782867600", "a1b2c3d4", b'{"id":"K7M2"}')
    'e5f9ec5af017ebc1446166816fb958785542e432fec7f242cc7a0ede5c6ca485'
    """
    text = b"\n".join((*(part.encode("utf-8", "replace") for part in (stamp, nonce)), body))
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def callback(settings: Mapping[str, str], channel: str) -> str:
    """Give the address at which a channel's gateway reports, "" where none is set.

    >>> callback({CALLBACK: "https://aj.example.cn/inbox/gateway"}, "短信")
    'https://aj.example.cn/inbox/gateway/%E7%9F%AD%E4%BF%A1'
    """
    base = settings.get(CALLBACK, "").strip().rstrip("/")
    return f"{base}/{quote(channel, safe='')}" if base else ""


def compose(message: Message, kind: Kind, callback: str = "") -> dict[str, object]:
    """Give the body for the one person of the message; ``to`` is "" where he has no number."""
    (section,) = message.sections
    person = section.recipient
    variables = _variables(message, section, kind)
    body: dict[str, object] = {
        "id": message.code,
        "kind": kind,
        "to": escape.mobile(person.mobile),
        "template": _TEMPLATES[message.topic],
        "variables": [{"name": name, "value": value} for name, value in variables.items()],
        "text": _plain(variables, kind),
    }
    return {**body, "callback": callback} if callback else body


def _variables(message: Message, section: Section, kind: Kind) -> dict[str, str]:
    """Give them in the order in which a template counts them."""
    clean = _CLEAN[kind]
    variables = {
        "who": escape.cut(clean(section.recipient.name), _WHO),
        "title": escape.cut(clean(message.title), _TITLE),
        "text": _shortened(message, section.lines, kind),
        "code": escape.fold(message.code),
    }
    if kind == "sms":
        variables["link"] = escape.link(section.recipient.link)
    return variables


def _shortened(message: Message, lines: tuple[Line, ...], kind: Kind) -> str:
    """Give as many lines as there is room for, and how many there are if that is not all."""
    whole = _joined(message, lines, kind)
    if len(whole) <= _TEXT:
        return whole
    more = f"等{len(lines)}件" if len(lines) > 1 else ""
    kept = 1
    while len(_joined(message, lines[: kept + 1], kind)) + len(more) <= _TEXT:
        kept += 1
    return escape.cut(_joined(message, lines[:kept], kind), _TEXT - len(more)) + more


def _joined(message: Message, lines: tuple[Line, ...], kind: Kind) -> str:
    late, repeated = _MARKS[kind]
    text = "；".join(_said(line, kind) for line in lines)
    return f"{repeated * message.repeated}{late * message.late}{text}"


def _said(line: Line, kind: Kind) -> str:
    text, reason, due = map(_CLEAN[kind], (line.text, line.reason, line.due))
    if kind == "voice":
        return "，".join(filter(None, (reason, due, text)))
    return f"{f'〔{reason}〕' if reason else ''}{f'{due}：' if due else ''}{text}"


def _plain(said: Mapping[str, str], kind: Kind) -> str:
    """Give the whole as one text, for a gateway that may send free text."""
    if kind == "voice":
        return f"{said['title']}。{said['who']}：{said['text']}。收到请按1"
    link = f" 点此答复：{said['link']}" if said["link"] else ""
    return f"【{said['title']}】{said['who']}：{said['text']}{link}"


def _receipt(wire: Wire, message: Message, page: Page) -> Receipt:
    """Give what the ledger keeps of a yes; raises what any other answer means."""
    body = page.body or {}
    accepted = body.get("accepted")
    words = redact(str(body.get("message") or ""), wire.secrets)
    if accepted is True and page.status // 100 == _YES:
        vendor_id = redact(str(body.get("vendor_id") or ""), wire.secrets)
        number = f"网关编号{vendor_id}" if vendor_id else ""
        return Receipt(message.code, "；".join(filter(None, (words, number))))
    if page.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise _refused(wire, "too_fast", REFUSALS["too_fast"], _wait(body))
    if accepted is False:
        raise _failure(wire, body, words)
    if page.status == HTTPStatus.UNAUTHORIZED:
        raise _refused(wire, "HTTP 401", REFUSALS["bad_signature"])
    raise unreadable(wire, page.status, page.text)


def _failure(wire: Wire, body: Mapping[str, object], words: str) -> ChannelError:
    code = redact(str(body.get("code") or ""), wire.secrets)[:_LONGEST_CODE]
    refusal = REFUSALS.get(code)
    if refusal:
        return _refused(wire, code, refusal, _wait(body))
    what = f"网关没有接收这条消息（错误码{code or '没有'}：{words or '没有说明'}）"
    if body.get("retryable") is True:
        return wire.refused(f"{what}；程序会自动再试", FailureKind.TRANSIENT)
    return wire.refused(what, FailureKind.PERMANENT)


def _refused(
    wire: Wire, code: str, refusal: Refusal, wait: timedelta | None = None
) -> ChannelError:
    after = (wait or refusal.wait) if refusal.wait else None
    return known(wire, replace(refusal, wait=after), f"错误码{code}")


def _wait(body: Mapping[str, object]) -> timedelta | None:
    """Give the wait that the gateway asks for, in whole seconds."""
    seconds = body.get("retry_after")
    if type(seconds) is not int or seconds <= 0:
        return None
    return timedelta(seconds=min(seconds, _LONGEST_WAIT))
