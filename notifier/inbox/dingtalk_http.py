"""What DingTalk's enterprise robot (钉钉企业机器人) posts to us: words to it, presses on its cards.

The other way, Stream, needs no public address. Neither signature covers the body, so the address
must be https; what a captured pair of headers opens, it opens for an hour.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from notifier.channels.addresses import required
from notifier.channels.dingtalk import signature
from notifier.channels.dingtalk_app import PLATFORM
from notifier.channels.wire import read_object, rows
from notifier.inbox.letters import (
    Reception,
    Turned,
    age,
    body_of,
    json_object,
    mark_of,
    part_of,
    text_of,
)
from notifier.inbox.protocol import Incoming
from obligations.rules.model import ChannelSpec

PLATFORMS = frozenset({PLATFORM})
CARD_SIGN, CARD_STAMP = "x-ddpaas-signature", "x-ddpaas-signature-timestamp"
_AGE = timedelta(hours=1)
_MILLISECOND = timedelta(milliseconds=1)
_GROUP = "2"
_UNREAD = {
    "picture": "[图片]",
    "audio": "[语音]",
    "video": "[视频]",
    "file": "[文件]",
    "richText": "[图片]",
}


async def take(reception: Reception, request: Request, spec: ChannelSpec) -> Response:
    """Store what somebody said or pressed, then answer that no words follow."""
    if not spec.secret:
        closed = "没有写“密钥”，不收回调"
        raise Turned(closed, HTTPStatus.NOT_FOUND)
    secret = required(spec, spec.secret, reception.settings, "密钥")
    is_card = CARD_SIGN in request.headers
    _check(reception, request, secret, is_card=is_card)
    body = json_object(await body_of(request))
    found = pressed(spec.name, body) if is_card else said(spec.name, body)
    if found is not None:
        await reception.receive(found)
    return JSONResponse({} if is_card else {"msgtype": "empty"})


def said(way: str, body: Mapping[str, object]) -> Incoming | None:
    """Give what somebody wrote to the robot; what is no text is named by its kind.

    >>> told = {"msgId": "m1", "msgtype": "text", "senderStaffId": "0421",
    ...         "text": {"content": " 已转移"}}
    >>> said("钉钉", told).text
    '已转移'
    """
    mark = text_of(body, "msgId")
    account = text_of(body, "senderStaffId") or text_of(body, "senderId")
    words = _words(body)
    if not (mark and account and words):
        return None
    is_group = text_of(body, "conversationType") == _GROUP
    conversation = text_of(body, "conversationId") if is_group else ""
    return Incoming(mark_of(mark), way, account, text=words, conversation=conversation)


def _words(body: Mapping[str, object]) -> str:
    kind = text_of(body, "msgtype")
    if kind == "text":
        return text_of(part_of(body, "text"), "content")
    parts = rows(part_of(body, "content"), "richText") if kind == "richText" else ()
    written = "".join(text_of(part, "text") for part in parts)
    return written or _UNREAD.get(kind, "")


def pressed(way: str, body: Mapping[str, object]) -> Incoming | None:
    """Give which button of a card somebody pressed; the same one counts once per person.

    >>> told = {"type": "actionCallback", "outTrackId": "K7M2", "userId": "0421",
    ...         "content": '{"cardPrivateData": {"actionIds": ["heard"], "params": {}}}'}
    >>> pressed("钉钉", told).key
    'heard'
    """
    track, account = text_of(body, "outTrackId"), text_of(body, "userId")
    actions = part_of(_content(body), "cardPrivateData").get("actionIds")
    named = [one for one in actions if isinstance(one, str)] if isinstance(actions, list) else []
    if not (track and account and named):
        return None
    mark = mark_of(track, account, named[0])
    return Incoming(mark, way, account, key=named[0], reference=track)


def _content(body: Mapping[str, object]) -> Mapping[str, object]:
    written = body.get("content")
    if not isinstance(written, str):
        return part_of(body, "content")
    return read_object(written) or {}


def card_sign(secret: str, stamp: str) -> str:
    """Give the signature of a card's callback, registered with the app's own secret.

    >>> card_sign("mySecret", "1577262236757")
    'YPRwOACkIyAfSkOByibnXwmticUhkII0vLSQrdNiEPE='
    """
    digest = hmac.digest(secret.encode(), stamp.encode("utf-8", "replace"), hashlib.sha256)
    return base64.b64encode(digest).decode()


def _check(reception: Reception, request: Request, secret: str, *, is_card: bool) -> None:
    names = (CARD_STAMP, CARD_SIGN) if is_card else ("timestamp", "sign")
    stamp, given = (request.headers.get(name, "") for name in names)
    right = card_sign(secret, stamp) if is_card else signature(secret, stamp)
    if not hmac.compare_digest(given.encode("utf-8", "replace"), right.encode()):
        wrong = "签名不对"
        raise Turned(wrong)
    if (late := age(stamp, _MILLISECOND, reception.clock.now())) > _AGE:
        stale = f"签名对，但时间戳差了{late}。如果不是有人重放旧消息，请校准本机时钟"
        raise Turned(stale, signed=True)
