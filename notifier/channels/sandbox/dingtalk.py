"""DingTalk's group robot as it answers: HTTP 200 always, the truth in errcode."""

import hmac

from notifier.channels.dingtalk import BODY_BYTES, LIMIT, PLATFORM, milliseconds, signature
from notifier.channels.sandbox.robots import Kind, Robot, Verdict
from notifier.channels.sandbox.rules import Call, Shown, links, strings, table

_HOUR = 3_600_000
_PEOPLE = 50


def unknown() -> Verdict:
    """Give the answer for a token that no robot has."""
    return Verdict(400101, "access_token is not exist")


def judge(robot: Robot, call: Call) -> Verdict:
    """Give the platform's answer to one message."""
    unsigned = _unsigned(robot, call)
    if unsigned:
        return Verdict(310000, unsigned)
    if robot.meter.overruns(call.now):
        return Verdict(410100, "send too fast, exceed 20 times per minute")
    if len(call.content) > BODY_BYTES:
        return Verdict(460101, f"message too long, exceed {BODY_BYTES} bytes")
    msgtype = str(call.fields.get("msgtype", ""))
    if msgtype not in {"text", "markdown"}:
        return Verdict(400105, "unsupported msgtype")
    return _take(robot, call, msgtype)


def _take(robot: Robot, call: Call, msgtype: str) -> Verdict:
    inner = table(call.fields, msgtype)
    text = str(inner.get("content" if msgtype == "text" else "text", ""))
    title = str(inner.get("title", ""))
    if not text or (msgtype == "markdown" and not title):
        return Verdict(40035, "missing parameter")
    uuid = str(call.fields.get("msgUuid", ""))
    if uuid and uuid in robot.uuids:
        return Verdict(0)  # the second copy is accepted and not shown
    mentions = _mentions(call, msgtype, text)
    shown = Shown(call.now, PLATFORM, msgtype, text, title, mentions, links(text), uuid)
    return Verdict(0, shown=shown)


def _unsigned(robot: Robot, call: Call) -> str:
    """Give what is wrong with the signature, "" if nothing is or none is asked for."""
    if not robot.credentials.secret:
        return ""
    stamp = call.query.get("timestamp", "")
    known = stamp.isascii() and stamp.isdigit()
    if not known or abs(int(stamp) - milliseconds(call.now)) > _HOUR:
        return "invalid timestamp"
    given = call.query.get("sign", "").encode()
    right = signature(robot.credentials.secret, int(stamp)).encode()
    return "" if hmac.compare_digest(given, right) else "sign not match"


def _mentions(call: Call, msgtype: str, text: str) -> tuple[str, ...]:
    """Give who is called: named in ``at``, and in markdown drawn in the text as well."""
    at = table(call.fields, "at")
    named = [*strings(at, "atUserIds"), *strings(at, "atMobiles")][:_PEOPLE]
    drawn = [name for name in named if msgtype == "text" or f"@{name}" in text]
    everybody = ["@all"] if at.get("isAtAll") is True else []
    return tuple(dict.fromkeys([*drawn, *everybody]))


SIMULATED = Kind("access_token", LIMIT, judge, unknown).simulate(PLATFORM, "/robot/send")
