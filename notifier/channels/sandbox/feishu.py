"""Feishu's group robot as it answers: the truth in code, and 9499 under HTTP 400."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from notifier.channels.feishu import BODY_BYTES, PLATFORM, seconds, signature
from notifier.channels.protocol import Limit
from notifier.channels.sandbox.meters import Meter
from notifier.channels.sandbox.rules import Bot, Call, Reply, Shown, Simulated, links, table

_HOOK = "/open-apis/bot/v2/hook/"
_HOUR = 3600
_LIMITS = tuple(
    Limit(count, timedelta(seconds=seconds), timedelta()) for count, seconds in ((5, 1), (100, 60))
)
_CARD_MENTION = re.compile(r"<at id=([^<>\s]{1,64})></at>")
_TEXT_MENTION = re.compile(r'<at user_id="([^<>"\s]{1,64})">')


@dataclass(slots=True)
class Robot(Bot):
    """One simulated robot in one Feishu group."""

    meters: tuple[Meter, ...] = field(default_factory=lambda: tuple(map(Meter, _LIMITS)))

    def answer(self, call: Call) -> Reply | None:
        """Give the platform's answer where the key in the path is this robot's."""
        if call.path.rpartition("/")[2] != self.credentials.account:
            return None
        if self.removed:
            return unknown(call)
        if self.refusal:
            return _refusal(self.refusal.code, self.refusal.words)
        if call.body is None or len(call.content) > BODY_BYTES:
            return _refusal(9499, "Bad Request", 400)
        if not self._is_signed(call):
            return _refusal(19021, "sign match fail or timestamp is not within one hour from now")
        if self._overruns(call.now):
            return _refusal(11232, "frequency limited psm[lark.oapi.app_platform_runtime]")
        return _take(call, call.body)

    def remember(self, shown: Shown) -> None:
        """Keep nothing: the platform knows no message twice."""

    def recall(self, shown: Shown) -> None:
        """Keep when it spoke: its limit outlives a restart."""
        self._count(shown.at)

    def busy(self) -> Reply:
        """Give the answer of a platform that could not take the message and wants it again."""
        return _refusal(-1, "system busy")

    def _is_signed(self, call: Call) -> bool:
        if not self.credentials.secret:
            return True
        stamp, sign = (str(call.fields.get(key, "")) for key in ("timestamp", "sign"))
        known = stamp.isascii() and stamp.isdigit() and len(stamp) <= len("9999999999")
        if not known or abs(int(stamp) - seconds(call.now)) > _HOUR:
            return False
        right = signature(self.credentials.secret, int(stamp))
        return hmac.compare_digest(sign.encode("utf-8", "replace"), right.encode())

    def _overruns(self, now: datetime) -> bool:
        """Count one call unless it is one too many; that one blocks nothing."""
        if any(meter.is_full(now) for meter in self.meters):
            return True
        self._count(now)
        return False

    def _count(self, at: datetime) -> None:
        for meter in self.meters:
            meter.calls.append(at)


def unknown(_: Call) -> Reply:
    """Give the answer for a key that no robot has."""
    return _refusal(19001, "param invalid: incoming webhook access token invalid")


def _refusal(code: int | str, words: str, status: int = 200) -> Reply:
    return Reply({"code": code, "msg": words, "data": {}}, status)


def _take(call: Call, body: Mapping[str, object]) -> Reply:
    msgtype = str(body.get("msg_type", ""))
    if msgtype not in {"text", "interactive"}:
        return _refusal(9499, "Bad Request", 400)
    title, text = _text(body) if msgtype == "text" else _card(body)
    if not text:
        return _refusal(9499, "Bad Request", 400)
    called = (_TEXT_MENTION if msgtype == "text" else _CARD_MENTION).findall(text)
    mentions = tuple(dict.fromkeys(called))
    shown = Shown(call.now, PLATFORM, msgtype, text, title, mentions, links(text))
    yes = {"code": 0, "msg": "success", "data": {}, "StatusCode": 0, "StatusMessage": "success"}
    return Reply({**yes, "Extra": None}, shown=shown)


def _text(body: Mapping[str, object]) -> tuple[str, str]:
    return "", str(table(body, "content").get("text", ""))


def _card(body: Mapping[str, object]) -> tuple[str, str]:
    """Give the card's title, and everything its group reads."""
    card = table(body, "card")
    elements = card.get("elements")
    parts = [each for each in elements if isinstance(each, dict)] if type(elements) is list else []
    contents = [str(part.get("content", "")) for part in parts if part.get("tag") == "markdown"]
    title = str(table(table(card, "header"), "title").get("content", ""))
    return title, "\n".join(filter(None, (title, *contents)))


SIMULATED = Simulated(PLATFORM, (("POST", _HOOK),), Robot, unknown)
