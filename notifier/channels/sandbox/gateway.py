"""The office's own gateway as docs/gateway.md asks for it: phones that get messages and calls."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from notifier.channels.gateway import (
    LIMIT,
    NONCE,
    SIGNATURE,
    SMS,
    TIMESTAMP,
    VOICE,
    signature,
)
from notifier.channels.sandbox.meters import Meter
from notifier.channels.sandbox.rules import Bot, Call, Reply, Shown, Simulated, links

_AGE = 300
_LONGEST = {"sms": 500, "voice": 250}
_KINDS = {SMS: "sms", VOICE: "voice"}
_NUMBER = re.compile(r"\+?[0-9]{1,4}-?[0-9]{5,15}")
_TEMPLATES = frozenset({"call", "notice", "duty"})


@dataclass(slots=True)
class Phones(Bot):
    """One simulated gateway: an id it has seen is accepted again and not sent again."""

    meter: Meter = field(default_factory=lambda: Meter(LIMIT))
    nonces: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)

    def answer(self, call: Call) -> Reply | None:
        """Give the gateway's answer where the key in the path is its own."""
        if call.path.rpartition("/")[2] != self.credentials.account:
            return None
        if self.removed or not self._is_signed(call):
            return _refusal("bad_signature", "signature does not match", 401)
        if self.refusal:
            return _refusal(str(self.refusal.code), self.refusal.words)
        if call.body is None:
            return _refusal("bad_request", "no JSON object")
        if str(call.body.get("id", "")) in self.ids:
            return self._taken(str(call.body["id"]))
        if self.meter.overruns(call.now):
            return _refusal("too_fast", "slow down", 429)
        return self._take(call, call.body)

    def remember(self, shown: Shown) -> None:
        """Keep what it must not send twice."""
        self.ids.add(shown.uuid)

    def recall(self, shown: Shown) -> None:
        """Keep as well when it sent: its limit outlives a restart."""
        self.meter.calls.append(shown.at)
        self.remember(shown)

    def busy(self) -> Reply:
        """Give the answer of a gateway that could not take the message and wants it again."""
        return _refusal("busy", "try again", retryable=True)

    def _take(self, call: Call, body: Mapping[str, object]) -> Reply:
        number, text = str(body.get("to", "")), str(body.get("text", ""))
        kind = _KINDS[self.group.platform]
        found = _variables(body)
        if body.get("kind") != kind or body.get("template") not in _TEMPLATES or not found:
            return _refusal("bad_request", "kind, template or variables are not as agreed")
        if not _NUMBER.fullmatch(number) or number in self.strangers:
            return _refusal("bad_number", "no such number")
        if not text or len(found.get("text", "")) > _LONGEST[kind]:
            return _refusal("too_long", "text is empty or too long")
        code = str(body.get("id", ""))
        title = found.get("title", "")
        shown = Shown(
            call.now, self.group.platform, kind, text, title, (), links(text), code, (number,)
        )
        return self._taken(code, shown)

    def _taken(self, code: str, shown: Shown | None = None) -> Reply:
        yes = {"accepted": True, "vendor_id": f"S-{code}", "code": "ok", "message": ""}
        return Reply({**yes, "retryable": False}, shown=shown)

    def _is_signed(self, call: Call) -> bool:
        stamp, nonce, given = (call.headers.get(name, "") for name in (TIMESTAMP, NONCE, SIGNATURE))
        right = signature(self.credentials.secret, stamp, nonce, call.content)
        if not hmac.compare_digest(given.encode("utf-8", "replace"), right.encode()):
            return False
        is_new = nonce not in self.nonces
        self.nonces.add(nonce)
        is_stamp = stamp.isascii() and stamp.isdigit() and len(stamp) <= len("9999999999")
        return is_new and is_stamp and abs(call.now.timestamp() - int(stamp)) <= _AGE


def _variables(body: Mapping[str, object]) -> dict[str, str]:
    rows = body.get("variables")
    pairs = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {str(pair.get("name")): str(pair.get("value", "")) for pair in pairs}


def _unknown(_: Call) -> Reply:
    return _refusal("bad_signature", "unknown client", 401)


def _refusal(code: str, words: str, status: int = 200, *, retryable: bool = False) -> Reply:
    no = {"accepted": False, "vendor_id": "", "code": code, "message": words}
    return Reply({**no, "retryable": retryable}, status)


SIMULATED = tuple(Simulated(name, (("POST", "/gateway/"),), Phones, _unknown) for name in _KINDS)
