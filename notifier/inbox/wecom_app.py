"""What people type to WeCom's self-built app (企业微信应用), and the buttons they press in it."""

from datetime import timedelta
from http import HTTPStatus

from lxml import etree
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from notifier.channels.addresses import required
from notifier.channels.wecom_app import PLATFORM
from notifier.inbox.letters import Reception, Turned, age, body_of, mark_of
from notifier.inbox.protocol import Incoming
from notifier.inbox.wecom_crypto import Seal, Unsealable, aes_key, is_signed, unseal
from obligations.errors import Misconfigured
from obligations.rules.model import ChannelSpec

PLATFORMS = frozenset({PLATFORM})
_AGE = timedelta(minutes=5)
_SECOND = timedelta(seconds=1)
_ECHO_BYTES = 256
_PRESSED = ("template_card_event", "template_card_menu_event")
_UNREAD = {
    "image": "[图片]",
    "voice": "[语音]",
    "video": "[视频]",
    "location": "[位置]",
    "link": "[链接]",
    "file": "[文件]",
}


async def verify(reception: Reception, request: Request, spec: ChannelSpec) -> Response:
    """Answer WeCom's test of the address with the words it sealed; nothing changes by it."""
    seal = seal_of(spec, reception)
    sealed = request.query_params.get("echostr", "")
    _check(reception, request, seal, sealed)
    echo = _unsealed(seal, sealed)
    if len(echo) > _ECHO_BYTES or b"<" in echo:
        letter = "验证地址的请求里装的是一封信"  # else a letter overheard could be read by GET
        raise Turned(letter, HTTPStatus.BAD_REQUEST)
    return PlainTextResponse(echo)


async def take(reception: Reception, request: Request, spec: ChannelSpec) -> Response:
    """Store what somebody said or pressed, then answer with an empty 200."""
    seal = seal_of(spec, reception)
    sealed = sealed_in(await body_of(request))
    mark = _check(reception, request, seal, sealed)
    now = reception.clock.now()
    if not reception.seen.holds(mark, now):
        found = incoming(spec.name, read_xml(_unsealed(seal, sealed)))
        if found is not None:
            await reception.receive(found)
        reception.seen.add(mark, now)
    return Response()


def seal_of(spec: ChannelSpec, reception: Reception) -> Seal:
    """Give what the channel's letters are sealed with; raises where it is not configured."""
    if not (spec.token and spec.aes_key):
        closed = "没有写“令牌”和“解密”，不收回调"
        raise Turned(closed, HTTPStatus.NOT_FOUND)
    token = required(spec, spec.token, reception.settings, "令牌")
    key = aes_key(required(spec, spec.aes_key, reception.settings, "解密"))
    if key is None:
        wrong = (
            f"通道“{spec.name}”：“解密”应当是43个字母和数字。"
            "请到企业微信后台的“接收消息”里重新复制EncodingAESKey"
        )
        raise Misconfigured(wrong)
    return Seal(token, key, required(spec, spec.account, reception.settings, "账号"))


def incoming(way: str, letter: dict[str, str]) -> Incoming | None:
    """Give what somebody said or pressed, None where the letter is about something else.

    >>> told = {"MsgType": "text", "MsgId": "7", "FromUserName": "zhoumin", "Content": "已转移"}
    >>> incoming("应用", told).text
    '已转移'
    """
    kind, account = letter.get("MsgType", ""), letter.get("FromUserName", "")
    if not account:
        return None
    if kind == "event":
        return _pressed(way, account, letter)
    text = letter.get("Content", "") if kind == "text" else _UNREAD.get(kind, "")
    mark = letter.get("MsgId") or mark_of(account, letter.get("CreateTime", ""))
    return Incoming(mark_of(mark), way, account, text=text) if text else None


def _pressed(way: str, account: str, letter: dict[str, str]) -> Incoming | None:
    key = letter.get("EventKey", "")
    if letter.get("Event") not in _PRESSED or not key:
        return None
    mark = mark_of(account, letter.get("CreateTime", ""), letter.get("TaskId", ""), key)
    return Incoming(mark, way, account, key=key, reference=letter.get("ResponseCode", ""))


def sealed_in(envelope: bytes) -> str:
    """Give the sealed words of an envelope, which anybody may have sent: no parser sees it.

    >>> sealed_in(b"<xml><ToUserName>ww</ToUserName><Encrypt><![CDATA[P9nA==]]></Encrypt></xml>")
    'P9nA=='
    """
    _, _, after = envelope.partition(b"<Encrypt>")
    words, end, _ = after.partition(b"</Encrypt>")
    if not end:
        raise _unread()
    words = words.strip().removeprefix(b"<![CDATA[").removesuffix(b"]]>").strip()
    return words.decode("ascii", "replace")


def read_xml(body: bytes) -> dict[str, str]:
    """Give the texts right under the root; nothing in it is expanded, fetched or followed."""
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _unread() from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _unread()
    return {str(child.tag): (child.text or "").strip() for child in root.iterchildren("*")}


def _check(reception: Reception, request: Request, seal: Seal, sealed: str) -> str:
    """Give the letter's mark; raises Turned where WeCom did not write it just now."""
    asked = request.query_params
    given, stamp, nonce = (asked.get(one, "") for one in ("msg_signature", "timestamp", "nonce"))
    if not sealed or not is_signed(seal, given, stamp, nonce, sealed):
        wrong = "签名不对"
        raise Turned(wrong)
    if (late := age(stamp, _SECOND, reception.clock.now())) > _AGE:
        stale = f"签名对，但时间戳差了{late}。如果不是有人重放旧消息，请校准本机时钟"
        raise Turned(stale, signed=True)
    return f"wecom/{given}"


def _unsealed(seal: Seal, sealed: str) -> bytes:
    try:
        return unseal(seal, sealed)
    except Unsealable as error:
        told = f"签名对，但{error}。请核对“解密”和“账号”"
        raise Turned(told, HTTPStatus.BAD_REQUEST, signed=True) from error


def _unread() -> Turned:
    return Turned("不是能读的XML", HTTPStatus.BAD_REQUEST)
