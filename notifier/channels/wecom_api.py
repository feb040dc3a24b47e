"""WeCom's interface for self-built apps: their access token, and calls that go by it."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx

from notifier.channels.outcomes import BUSY, Refusals, closed, failure, throttled, unfit
from notifier.channels.protocol import ChannelError, Clock, FailureKind, Limit
from notifier.channels.tokens import Token
from notifier.channels.wecom import UNFIT
from notifier.channels.wire import Answer, Wire, ask, encode
from obligations.errors import Misconfigured

TOKEN_PATH = "/cgi-bin/gettoken"  # noqa: S105 -- a path
_MINUTE = timedelta(minutes=1)
LIMIT = Limit(10_000, _MINUTE, _MINUTE)  # of each interface for a whole corporation
WIDTH = 16
_LONGEST = timedelta(seconds=25)  # token and message together: a lease is 30 seconds
_STALE = frozenset({40001, 40014, 42001})
_TOKEN = re.compile(r"[!-~]{1,1024}")

REFUSALS: Refusals = {
    **UNFIT,
    -1: BUSY,
    40001: closed("企业编号或应用的Secret不对。请从企业微信管理后台重新复制"),
    40013: closed("企业编号（corpid）不对。请从企业微信管理后台的“我的企业”里重新复制"),
    40014: throttled("平台刚发的登录凭证又被它拒绝，稍后再试", _MINUTE),
    40056: closed("应用编号（agentid）不对。请从企业微信管理后台的应用页面重新复制"),
    42001: throttled("平台刚发的登录凭证又被它拒绝，稍后再试", _MINUTE),
    45009: throttled("接口调用太频繁，平台要求等1分钟再发", _MINUTE),
    45033: throttled("同时发送的太多，平台要求稍后再发", _MINUTE),
    48002: closed("应用没有调用这个接口的权限。请在企业微信管理后台给应用开通"),
    60020: closed("本机的出口IP不在应用的“企业可信IP”里。请在企业微信管理后台加进去"),
    81013: unfit("接收人的企业微信账号都不在应用的可见范围里。请核对账号，或扩大可见范围"),
    301002: closed("应用编号（agentid）与Secret不是同一个应用的。请核对两项设置"),
    301049: closed("应用没有加进“紧急通知”的可调用接口的应用。请在企业微信管理后台加上"),
    301050: closed("本单位没有开通“紧急通知”。请在企业微信管理后台开通"),
    301051: closed("“紧急通知”的余额已用完。请充值，或者换一个通道"),
}


@dataclass(frozen=True, slots=True)
class Corporation:
    """Whose app it is, and the secret that proves it."""

    corpid: str
    secret: str = field(repr=False)


def read_agent(channel: str, written: str) -> int:
    """Give an app's number; raises Misconfigured where it is none."""
    if not re.fullmatch(r"[0-9]{1,18}", written):
        wrong = f"通道“{channel}”：应用的AgentId应当是一串数字，像1000002。请从应用页面重新复制"
        raise Misconfigured(wrong)
    return int(written)


@dataclass(slots=True)
class Api:
    """One app's way to its platform."""

    wire: Wire
    base: httpx.URL = field(repr=False)
    corporation: Corporation
    clock: Clock = field(repr=False)
    token: Token = field(init=False)

    def __post_init__(self) -> None:
        """Keep one token for all calls."""
        self.token = Token(self._fetch, self.clock)

    async def answer(
        self, path: str, body: Mapping[str, object], secrets: tuple[str, ...] = ()
    ) -> Answer:
        """Give what the platform said; a token that has died is fetched anew once."""
        seconds = _LONGEST.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                token = await self.token.give()
                answer = await self._post(path, body, (token, *secrets))
                if answer.code in _STALE:
                    token = await self.token.give(dead=token)
                    answer = await self._post(path, body, (token, *secrets))
        except TimeoutError:
            late: ChannelError = self.wire.doubted(f"{self.base.host}在{seconds:.0f}秒内没有办完")
        else:
            return answer
        raise late

    async def _post(
        self, path: str, body: Mapping[str, object], secrets: tuple[str, ...]
    ) -> Answer:
        wire = replace(self.wire, secrets=(*self.wire.secrets, *secrets))
        url = self._at(path, {"access_token": secrets[0]})
        return await ask(wire, "POST", url, encode(body))

    async def _fetch(self) -> tuple[str, timedelta]:
        wire = replace(self.wire, arrival="")  # without a token no message has left
        keys = {"corpid": self.corporation.corpid, "corpsecret": self.corporation.secret}
        answer = await ask(wire, "GET", self._at(TOKEN_PATH, keys))
        if answer.code:
            raise failure(wire, answer, REFUSALS)
        token, seconds = answer.body.get("access_token"), answer.body.get("expires_in")
        if not isinstance(token, str) or not _TOKEN.fullmatch(token) or type(seconds) is not int:
            what = "平台没有给出登录凭证，消息没有发出；程序会自动再试"
            raise wire.refused(what, FailureKind.TRANSIENT)
        return token, timedelta(seconds=min(max(seconds, 0), 86_400))

    def _at(self, path: str, query: Mapping[str, str]) -> httpx.URL:
        return self.base.copy_with(path=self.base.path.rstrip("/") + path, params=dict(query))
