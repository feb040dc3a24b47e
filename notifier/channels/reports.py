"""What the office's own gateway reports later: delivered, answered, a key pressed on the phone."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from notifier.channels.gateway import NONCE, SIGNATURE, TIMESTAMP, signature
from notifier.channels.wire import read_object
from obligations.errors import JiaoyingError

_AGE = timedelta(minutes=5)
_NONCE = range(8, 65)
_MOST = 1000
_LONGEST = 200
_LONGEST_TEXT = 1000


class ReportRefused(JiaoyingError):
    """A report that is not our gateway's, is too old, or cannot be read at all."""


class ReportUnread(ReportRefused):
    """A report that is our gateway's and cannot be read."""


class State(StrEnum):
    """What became of a message; ``UNREADABLE`` is a report whose state nobody knows."""

    DELIVERED = "delivered"
    FAILED = "failed"
    ANSWERED = "answered"
    REFUSED = "refused"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    KEYPRESS = "keypress"
    REPLY = "reply"
    UNREADABLE = "unreadable"


STATE_WORDS = {
    State.DELIVERED: "已送达",
    State.FAILED: "没有送达",
    State.ANSWERED: "已接听",
    State.REFUSED: "拒接",
    State.BUSY: "占线",
    State.NO_ANSWER: "无人接听",
    State.KEYPRESS: "按了键",
    State.REPLY: "回了短信",
    State.UNREADABLE: "看不懂的回执",
}


@dataclass(frozen=True, slots=True)
class Report:
    """One line of a report: ``id`` is the message's code, ``key`` what was pressed.

    ``at`` is when it happened as the gateway says, or else when the report came. ``mobile`` is who
    pressed or wrote, where the gateway says so; ``text`` what he sent back by SMS (上行短信).
    """

    vendor_id: str
    id: str
    state: State
    key: str
    at: datetime
    mobile: str = ""
    text: str = ""


def read_report(
    body: bytes, headers: Mapping[str, str], secret: str, now: datetime
) -> tuple[Report, ...]:
    """Give what the gateway reports; raises ReportRefused where it is not to be believed.

    One bad line hides no other. That the nonce is new is for the caller to see.
    """
    known = {name.lower(): value for name, value in headers.items()}
    stamp, nonce, given = (known.get(name, "") for name in (TIMESTAMP, NONCE, SIGNATURE))
    right = signature(secret, stamp, nonce, body)
    if (
        not secret
        or len(nonce) not in _NONCE
        or not hmac.compare_digest(_bytes(given.lower()), _bytes(right))
    ):
        wrong = "网关的回报签名不对。请核对双方的密钥、随机串的长度（8到64个字符）和签名的次序"
        raise ReportRefused(wrong)
    if not _is_fresh(stamp, now):
        wrong = "网关的回报时间戳不是5分钟以内的秒数。请校准网关的时钟"
        raise ReportRefused(wrong)
    return tuple(_report(row, now) for row in _rows(body))


def _is_fresh(stamp: str, now: datetime) -> bool:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= len("9999999999")):
        return False
    return abs(now.timestamp() - int(stamp)) <= _AGE.total_seconds()


def _rows(body: bytes) -> tuple[Mapping[str, object], ...]:
    rows = (read_object(body) or {}).get("reports")
    if not isinstance(rows, list) or len(rows) > _MOST:
        wrong = f'网关的回报读不懂，应当像{{"reports": [……]}}，一次最多{_MOST}条'
        raise ReportUnread(wrong)
    return tuple(row if isinstance(row, dict) else {} for row in rows)


def _report(row: Mapping[str, object], now: datetime) -> Report:
    state, key = _text(row, "state"), _text(row, "key")
    known = State(state) if state in set(State) else State.UNREADABLE
    mobile, text = _text(row, "from"), _text(row, "text", _LONGEST_TEXT).strip()
    if known is State.KEYPRESS and not key:
        known = State.UNREADABLE
    if known is State.REPLY and not (mobile and text):
        known = State.UNREADABLE
    said = text if known is State.REPLY else ""
    at = _at(row, now)
    return Report(_text(row, "vendor_id"), _text(row, "id"), known, key, at, mobile, said)


def _text(row: Mapping[str, object], name: str, longest: int = _LONGEST) -> str:
    value = row.get(name, "")
    if type(value) not in (str, int):
        return ""
    return str(value)[:longest].encode("utf-8", "replace").decode().replace("\0", "")


def _at(row: Mapping[str, object], now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(_text(row, "time"))
        return at.astimezone(UTC) if at.tzinfo else now
    except (ValueError, OverflowError):
        return now


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
