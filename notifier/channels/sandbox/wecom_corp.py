"""What WeCom does before it looks at a call of an app: the token, the trusted address, the pace."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from notifier.channels.sandbox.meters import Meter
from notifier.channels.sandbox.rules import Bot, Call, Reply
from notifier.channels.wecom_api import LIMIT, TOKEN_PATH

TOKEN_ROUTE = ("GET", TOKEN_PATH)
_LIFE = timedelta(seconds=7200)


def said(code: int, words: str = "ok", **more: object) -> Reply:
    """Give an answer as WeCom writes it: HTTP 200, the truth in errcode."""
    if code:
        where = f"https://open.work.weixin.qq.com/devtool/query?e={code}"
        words = f"{words}, hint: [1700000000], from ip: 127.0.0.1, more info at {where}"
    return Reply({"errcode": code, "errmsg": words, **more})


def unknown(call: Call) -> Reply:
    """Give the answer for a corporation or a token that nobody has."""
    if call.path.endswith(TOKEN_PATH):
        return said(40013, "invalid corpid")
    return said(40014, "invalid access_token")


@dataclass(slots=True)
class CorpApp(Bot):
    """One simulated app of a corporation; it knows its tokens, the living and the dead."""

    tokens: dict[str, datetime] = field(default_factory=dict)
    meters: dict[str, Meter] = field(default_factory=dict)

    def answer(self, call: Call) -> Reply | None:
        """Give the platform's answer where the corporation or the token is this app's."""
        if call.path.endswith(TOKEN_PATH):
            return self._token(call)
        token = call.query.get("access_token", "")
        if token not in self.tokens:
            return None
        if self.removed:
            return said(40014, "invalid access_token")
        if not self._is_alive(token, call.now):
            return said(42001, "access_token expired")
        if self.refusal:
            return said(int(self.refusal.code), self.refusal.words)
        if self.meters.setdefault(call.path, Meter(LIMIT)).overruns(call.now):
            return said(45009, "api freq out of limit")
        if call.body is None:
            return said(40035, "invalid json")
        return self.take(call, call.body)

    @abstractmethod
    def take(self, call: Call, body: Mapping[str, object]) -> Reply:
        """Give the answer to a call that has passed the door."""

    def _token(self, call: Call) -> Reply | None:
        if call.query.get("corpid") != self.credentials.account:
            return None
        if self.removed or call.query.get("corpsecret") != self.credentials.secret:
            return said(40001, "invalid credential")
        alive = [token for token in self.tokens if self._is_alive(token, call.now)]
        token = alive[0] if alive else self._issue(call.now)
        left = self.tokens[token] - call.now
        return said(0, access_token=token, expires_in=int(left.total_seconds()))

    def _is_alive(self, token: str, now: datetime) -> bool:
        return now < self.tokens[token] <= now + _LIFE

    def _issue(self, now: datetime) -> str:
        what = f"{self.credentials.secret}/{len(self.tokens)}/{now.isoformat()}"
        token = uuid5(NAMESPACE_URL, what).hex
        self.tokens[token] = now + _LIFE
        return token
