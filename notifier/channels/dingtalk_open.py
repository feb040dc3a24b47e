"""DingTalk's open interface (api.dingtalk.com): an app's access token, and answers by HTTP status.

A refusal is ``{"code": "send.too.fast", "message": …}`` under HTTP 400, 403 or 500.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus

import httpx

from notifier.channels.outcomes import BUSY, Refusal, closed, known, throttled, unfit
from notifier.channels.protocol import ChannelError, Clock, FailureKind, Limit
from notifier.channels.tokens import Token
from notifier.channels.wire import PATIENCE, Page, Wire, fetch, redact, unreadable

TOKEN_PATH = "/v1.0/oauth2/accessToken"  # noqa: S105 -- a path
HEADER = "x-acs-dingtalk-access-token"
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
LIMIT = Limit(20, _SECOND, _SECOND)  # 20 calls a second for an app and interface
_TOKEN = re.compile(r"[!-~]{1,1024}")
_LONGEST_LIFE = 86_400
_GOOD = 2
_NO_CODES = frozenset({"0", "None", "True", "False"})
_STALE = frozenset({"invalidauthentication", "40014", "42001"})
_WRONG_KEYS = closed("AppKey或AppSecret不对。请从钉钉开放平台的应用凭证里重新复制")
_DEAD_TOKEN = throttled("平台刚发的访问凭证又被它拒绝，稍后再试", _MINUTE)
_TOO_FAST = throttled("发得太快，平台要求稍后再发", _MINUTE)
_TOO_MANY_CALLS = throttled("平台的接口调用太频繁，稍后再发", 5 * _SECOND)
_UNKNOWN_ROBOT = closed("机器人不存在或已停用。请核对应用的robotCode，并确认机器人已发布")
_FORBIDDEN = "forbidden.accessdenied."

REFUSALS: Mapping[str, Refusal] = {
    "invalidclientidorsecret": _WRONG_KEYS,
    "invalidauthentication": _DEAD_TOKEN,
    "40014": _DEAD_TOKEN,
    "42001": _DEAD_TOKEN,
    "serviceunavailable": BUSY,
    "system.error": BUSY,
    "send.ding.exception": BUSY,
    "send.too.fast": _TOO_FAST,
    "send.bytoken.toofast": _TOO_FAST,
    "too.many.group": _TOO_FAST,
    "too.many.people": _TOO_FAST,
    "toomuch.msg": _TOO_FAST,
    f"{_FORBIDDEN}qpslimitforappkeyandapi": _TOO_MANY_CALLS,
    f"{_FORBIDDEN}qpslimitforapi": _TOO_MANY_CALLS,
    f"{_FORBIDDEN}apicountlimitfororg": closed(
        "本单位这个月的钉钉接口调用次数已用完。请升级版本，或者换一个通道"
    ),
    f"{_FORBIDDEN}accesstokenpermissiondenied": closed(
        "应用没有调用这个接口的权限。请在钉钉开放平台给应用开通"
    ),
    f"{_FORBIDDEN}ipnotinwhitelist": closed(
        "本机的出口IP不在应用的服务器出口IP里。请在钉钉开放平台加进去"
    ),
    "invalid.robotcode": _UNKNOWN_ROBOT,
    "invalid.chatbotid": _UNKNOWN_ROBOT,
    "miss.staffid": unfit("平台不认识接收人的钉钉账号。请核对人员里的钉钉userId"),
    "invalidparameter.param.invalid": unfit("平台不接受消息的参数"),
    "ding.receivercount.limit": unfit("接收人超出平台规定的个数"),
    "ding.serverquota.insufficient": closed("本单位的DING额度已用完。请购买额度，或者换一个通道"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A refusal in the platform's own words."""

    code: str
    words: str
    status: int


@dataclass(frozen=True, slots=True)
class Account:
    """Whose app it is: AppKey, AppSecret and the code of its robot."""

    key: str = field(repr=False)
    secret: str = field(repr=False)
    robot: str


@dataclass(slots=True)
class Application:
    """One app and the access token it goes by."""

    wire: Wire
    base: httpx.URL
    account: Account
    clock: Clock = field(repr=False)
    token: Token = field(init=False)

    def __post_init__(self) -> None:
        """Keep one token for all calls."""
        self.token = Token(self._fetch, self.clock)

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Mapping[str, object] | Said:
        """Give the platform's answer or its refusal; a token that has died is fetched once."""
        url = self._at(path).copy_merge_params(query or {})
        try:
            async with asyncio.timeout(2 * PATIENCE.total_seconds()):  # a lease is 30 seconds
                token = await self.token.give()
                told = await self._ask(method, url, body, token)
                if isinstance(told, Said) and told.code.lower() in _STALE:
                    token = await self.token.give(dead=token)
                    told = await self._ask(method, url, body, token)
        except TimeoutError:
            silent = self.wire.doubted(
                f"{url.host}在{2 * PATIENCE.total_seconds():.0f}秒内没有办完"
            )
        else:
            return told
        raise silent

    def refused(self, said: Said) -> ChannelError:
        """Give the failure that a refusal stands for."""
        told = f"错误码{said.code}：{said.words or '没有说明'}"
        refusal = _refusal(said)
        if refusal is None:
            what = f"平台没有接收这条消息（{told}）"
            return self.wire.refused(what, FailureKind.PERMANENT)
        return known(self.wire, refusal, told)

    async def _ask(
        self, method: str, url: httpx.URL, body: Mapping[str, object] | None, token: str
    ) -> Mapping[str, object] | Said:
        wire = replace(self.wire, secrets=(*self.wire.secrets, token))
        return read(wire, await fetch(wire, method, url, body, {HEADER: token}))

    async def _fetch(self) -> tuple[str, timedelta]:
        wire = replace(self.wire, arrival="")  # without a token no message has left
        keys = {"appKey": self.account.key, "appSecret": self.account.secret}
        page = await fetch(wire, "POST", self._at(TOKEN_PATH), keys)
        told = read(wire, page)
        if isinstance(told, Said):
            raise self.refused(told)
        token, seconds = told.get("accessToken"), told.get("expireIn", 7200)
        if not isinstance(token, str) or not _TOKEN.fullmatch(token) or type(seconds) is not int:
            raise unreadable(wire, page.status, "")
        return token, timedelta(seconds=min(max(seconds, 0), _LONGEST_LIFE))

    def _at(self, path: str) -> httpx.URL:
        return self.base.copy_with(path=self.base.path.rstrip("/") + path)


def read(wire: Wire, page: Page) -> Mapping[str, object] | Said:
    """Give the answer or the refusal in the page; raises ChannelError where it is neither.

    A proxy that still speaks the older interface's errcode is understood as well.
    """
    body = page.body or {}
    code = str(body.get("code", body.get("errcode", ""))).strip()
    if re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", code) and code not in _NO_CODES:
        words = str(body.get("message", body.get("errmsg", "")))
        return Said(redact(code, wire.secrets), redact(words, wire.secrets), page.status)
    if page.body is None or page.status // 100 != _GOOD:
        raise unreadable(wire, page.status, page.text)
    return page.body


def names(told: Mapping[str, object], key: str) -> tuple[str, ...]:
    """Give the accounts listed under the key, none where there is no such list."""
    found = told.get(key)
    return tuple(map(str, found)) if isinstance(found, list) else ()


def _refusal(said: Said) -> Refusal | None:
    """Give what the code means; what nobody knows is told by its kind of HTTP status."""
    refusal = REFUSALS.get(said.code.lower())
    if refusal:
        return refusal
    if said.code.lower().startswith(_FORBIDDEN):
        return closed("平台不许应用调用这个接口")
    if said.status == HTTPStatus.TOO_MANY_REQUESTS:
        return _TOO_FAST
    return BUSY if said.status >= HTTPStatus.INTERNAL_SERVER_ERROR else None
