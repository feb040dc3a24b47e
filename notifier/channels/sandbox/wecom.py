"""WeCom's group robot as it answers: HTTP 200 always, the truth in errcode."""

import re

from notifier.channels.sandbox.robots import Kind, Robot, Verdict
from notifier.channels.sandbox.rules import Call, Shown, links, strings, table
from notifier.channels.wecom import LIMIT, MARKDOWN_BYTES, PLATFORM, TEXT_BYTES

_MENTION = re.compile(r"<@([^<>\s]{1,64})>")
_SIZES = {"text": TEXT_BYTES, "markdown": MARKDOWN_BYTES, "markdown_v2": MARKDOWN_BYTES}


def unknown() -> Verdict:
    """Give the answer for a key that no robot has."""
    return _refusal(93000, "invalid webhook url")


def judge(robot: Robot, call: Call) -> Verdict:
    """Give the platform's answer to one message."""
    if robot.meter.overruns(call.now):
        return _refusal(45009, "api freq out of limit")
    msgtype = str(call.fields.get("msgtype", ""))
    size = _SIZES.get(msgtype)
    if size is None:
        return _refusal(40008, "invalid message type")
    content = table(call.fields, msgtype).get("content")
    if not isinstance(content, str) or not content:
        return _refusal(44004, "empty content")
    if len(content.encode()) > size:
        return _refusal(40058, f"{msgtype}.content exceed max length {size}")
    return Verdict(0, shown=_shown(call, msgtype, content))


def _shown(call: Call, msgtype: str, content: str) -> Shown:
    called = [] if msgtype == "markdown_v2" else _MENTION.findall(content)
    if msgtype == "text":  # markdown ignores both lists
        text = table(call.fields, "text")
        called += [*strings(text, "mentioned_list"), *strings(text, "mentioned_mobile_list")]
    mentions = tuple(dict.fromkeys(called))
    return Shown(call.now, PLATFORM, msgtype, content, mentions=mentions, links=links(content))


def _refusal(code: int, words: str) -> Verdict:
    more = f"https://open.work.weixin.qq.com/devtool/query?e={code}"
    return Verdict(code, f"{words}, hint: [1700000000], from ip: 127.0.0.1, more info at {more}")


SIMULATED = Kind("key", LIMIT, judge, unknown).simulate(PLATFORM, "/cgi-bin/webhook/send")
