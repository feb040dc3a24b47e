"""WeCom's phone as it answers: one state for each person, some of whom cannot be called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from notifier.channels.sandbox.meters import Meter
from notifier.channels.sandbox.rules import Call, Reply, Shown, Simulated, strings
from notifier.channels.sandbox.wecom_corp import TOKEN_ROUTE, CorpApp, said, unknown
from notifier.channels.wecom_phone import CALL_PATH, MEMBER_LIMITS, PLATFORM

_HEARD = "您有一条紧急通知，请打开企业微信查看"
_STRANGE = 60111
_TOO_OFTEN = 13


@dataclass(slots=True)
class Phone(CorpApp):
    """One simulated corporation's phone, and whom it has called when."""

    called: dict[str, tuple[Meter, ...]] = field(default_factory=dict)

    def take(self, call: Call, body: Mapping[str, object]) -> Reply:
        """Ring everybody who is known and has not been called too often."""
        callees = strings(body, "callee_userid")
        if not callees:
            return said(40058, "callee_userid missing")
        codes = {account: self._code(account, call.now) for account in callees}
        states = [
            {"code": code, "callid": _call_id(call.now, account), "userid": account}
            for account, code in codes.items()
        ]
        rung = tuple(account for account, code in codes.items() if code == 0)
        shown = Shown(call.now, PLATFORM, "call", _HEARD, to=rung) if rung else None
        return Reply(said(0, states=states).body, shown=shown)

    def remember(self, shown: Shown) -> None:
        """Keep who was called."""
        for account in shown.to:
            for meter in self._meters(account):
                meter.calls.append(shown.at)

    def _code(self, account: str, now: datetime) -> int:
        if account.lower() in {stranger.lower() for stranger in self.strangers}:
            return _STRANGE
        return _TOO_OFTEN if any(one.is_full(now) for one in self._meters(account)) else 0

    def _meters(self, account: str) -> tuple[Meter, ...]:
        fresh = tuple(Meter(limit) for limit in MEMBER_LIMITS)
        return self.called.setdefault(account.lower(), fresh)


def _call_id(now: datetime, account: str) -> str:
    return uuid5(NAMESPACE_URL, f"{now.isoformat()}/{account}").hex


SIMULATED = Simulated(PLATFORM, (TOKEN_ROUTE, ("POST", CALL_PATH)), Phone, unknown)
