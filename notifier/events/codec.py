"""Every fact as one line of JSON and back, and the names under which it is found."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from notifier.events.calls import MARK, Called, Escalated, Joined, Listed, Released, Rerouted
from notifier.events.duties import (
    Answered,
    Handed,
    Opened,
    Revised,
    Ruled,
    Waived,
    Withdrawn,
)
from notifier.events.evidence import EvidenceGiven, Inspected, Reviewed
from notifier.events.inbox import Heeded, Received, letter
from notifier.events.messages import (
    Abandoned,
    Announced,
    Dropped,
    Failed,
    Noted,
    Queued,
    Sending,
    Sent,
)
from notifier.events.program import (
    ClockSet,
    Closed,
    FeedSet,
    Happened,
    Planned,
    RulesChanged,
    SeasonSet,
    Troubled,
)

Fact = Annotated[
    Opened
    | Revised
    | Withdrawn
    | Queued
    | Dropped
    | Sending
    | Sent
    | Failed
    | Abandoned
    | Answered
    | Called
    | Escalated
    | Rerouted
    | Listed
    | Released
    | Announced
    | Noted
    | Joined
    | Handed
    | Waived
    | Ruled
    | EvidenceGiven
    | Inspected
    | Reviewed
    | Happened
    | SeasonSet
    | Received
    | Heeded
    | Planned
    | RulesChanged
    | ClockSet
    | FeedSet
    | Closed
    | Troubled,
    Field(discriminator="kind"),
]
_CODEC: TypeAdapter[Fact] = TypeAdapter(Fact)

KIND_WORDS = {
    "Opened": "任务开始",
    "Revised": "规则调整",
    "Withdrawn": "不再要求",
    "Queued": "列入提醒",
    "Dropped": "不再提醒",
    "Sending": "正在发出",
    "Sent": "已经发出",
    "Failed": "没有发成",
    "Abandoned": "不再重发",
    "Answered": "已答复",
    "Called": "发起叫应",
    "Escalated": "再次叫应",
    "Rerouted": "改走别的通道",
    "Listed": "列入未叫醒",
    "Released": "不再叫",
    "Announced": "通知",
    "Noted": "平台回执",
    "Joined": "改叫别人",
    "Handed": "转给别人",
    "Waived": "免办",
    "Ruled": "延期审定",
    "EvidenceGiven": "交来材料",
    "Inspected": "检查记录",
    "Reviewed": "审核",
    "Happened": "登记事件",
    "SeasonSet": "重点时段",
    "Received": "收到来信",
    "Heeded": "来信已处理",
    "Planned": "排定任务",
    "RulesChanged": "规则更新",
    "ClockSet": "时钟校正",
    "FeedSet": "日历地址",
    "Closed": "封存",
    "Troubled": "处理出错",
}


def encode(fact: Fact) -> str:
    """Give the fact as one line of JSON, the text that the ledger's chain is built on."""
    return _CODEC.dump_json(fact).decode()


def decode(text: str) -> Fact:
    """Give back the fact that `encode` wrote."""
    return _CODEC.validate_json(text)


def subjects(fact: Fact) -> tuple[str, ...]:
    """Give the names under which the fact is found: keys, message codes, calls, 规则, 计划."""
    return _of_duty(fact) or _of_message(fact) or _of_call(fact) or _of_program(fact)


def _of_duty(fact: Fact) -> tuple[str, ...]:
    match fact:
        case Opened(duty=duty) | Revised(duty=duty):
            return (duty.key,)
        case Withdrawn() | Queued() | Dropped() | Answered() | Handed() | Waived() | Ruled():
            return (fact.key,)
        case Inspected() | Reviewed():
            return (fact.key,)
        case EvidenceGiven(key=key, digest=digest):
            return (key, f"证据/{digest}")
        case _:
            return ()


def _of_message(fact: Fact) -> tuple[str, ...]:
    match fact:
        case Sending(code=code, lines=lines):
            return (code, *dict.fromkeys(line.key for line in lines))
        case Sent() | Failed() | Abandoned():
            return (fact.code, *fact.keys, *fact.aside)
        case Noted(code=code):
            return (code,)
        case Announced(key=key):
            return (key,)
        case Received(way=way, id=name):
            return (letter(way, name),)
        case Heeded(way=way, id=name, keys=keys):
            return (letter(way, name), *keys)
        case _:
            return ()


def _of_call(fact: Fact) -> tuple[str, ...]:
    match fact:
        case Called(call=call):
            return (f"{MARK}/{call.id}", *(callee.key for callee in call.callees))
        case Escalated() | Rerouted() | Listed() | Released():
            return (f"{MARK}/{fact.call}", *fact.keys)
        case Joined(call=name, callee=callee, instead_of=other):
            return (f"{MARK}/{name}", callee.key, other)
        case _:
            return ()


def _of_program(fact: Fact) -> tuple[str, ...]:
    match fact:
        case Planned():
            return ("计划",)
        case RulesChanged():
            return ("规则",)
        case ClockSet():
            return ("时钟",)
        case Closed():
            return ("封存",)
        case Happened(rule=rule):
            return (f"事件/{rule}",)
        case SeasonSet():
            return ("重点时段",)
        case FeedSet(whose=whose):
            return (f"日历/{whose}",)
        case Troubled(subject=subject):
            return (subject,)
        case _:
            return ()
