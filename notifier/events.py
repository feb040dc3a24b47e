"""The facts that the ledger keeps. What happened is a row; what holds now is a fold over rows.

Every fact is frozen, says why (``reason``, a short Chinese phrase) and names its subjects: the duty
keys and message codes under which it can be found again. `encode` and `decode` are exact inverses.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from obligations.duties import Duty


class AnswerKind(StrEnum):
    """What a person said of a duty."""

    HEARD = "heard"  # 收到
    DONE = "done"  # 已办
    POSTPONED = "postponed"  # 延期


class Proof(StrEnum):
    """How sure it is that the person himself answered, weakest first."""

    OFFICE = "office"  # entered by hand in the office
    LINK = "link"  # whoever held the signed link
    CHAT = "chat"  # the person's own chat account


ANSWER_WORDS = {
    AnswerKind.HEARD: "收到",
    AnswerKind.DONE: "已办",
    AnswerKind.POSTPONED: "延期",
}
PROOF_WORDS = {Proof.OFFICE: "办公室代录", Proof.LINK: "专用链接", Proof.CHAT: "本人账号"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A duty came into being."""

    duty: Duty
    reason: str
    kind: Literal["Opened"] = "Opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """The rule behind an open duty changed; the answers given so far stay."""

    duty: Duty
    reason: str
    kind: Literal["Revised"] = "Revised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """The rule behind an open duty is gone, so nobody is reminded of it any more."""

    key: str
    reason: str
    kind: Literal["Withdrawn"] = "Withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A reminder was decided on and waits for its lane.

    ``alone``: it leaves in a message of its own, because one with others was refused.
    """

    key: str
    person: str
    lane: str
    stage: str
    reason: str
    alone: bool = False
    kind: Literal["Queued"] = "Queued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A reminder that waited is not sent: it has lost its point."""

    key: str
    stage: str
    reason: str
    kind: Literal["Dropped"] = "Dropped"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a message: which duty, to whom, in which words."""

    key: str
    person: str
    stage: str
    text: str
    reason: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A message is about to leave; written before the network is touched.

    ``repeated``: an earlier attempt may have arrived, so the message says 重发. ``late``: it leaves
    long after it was decided on, so it says 迟发.
    """

    code: str
    lane: str
    lines: tuple[Told, ...]
    asked_at: datetime
    attempt: int
    reason: str
    repeated: bool = False
    late: bool = False
    kind: Literal["Sending"] = "Sending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The platform took the message."""

    code: str
    lane: str
    keys: tuple[str, ...]
    reason: str
    kind: Literal["Sent"] = "Sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The platform did not take the message.

    ``retry_at`` is None where trying again is no use; ``uncertain``: it may have arrived after all;
    ``blocked_until``: the whole lane waits.
    """

    code: str
    lane: str
    keys: tuple[str, ...]
    reason: str
    uncertain: bool = False
    retry_at: datetime | None = None
    blocked_until: datetime | None = None
    kind: Literal["Failed"] = "Failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abandoned:
    """A message without a good end is not tried again: nothing in it is owed here any more."""

    code: str
    lane: str
    keys: tuple[str, ...]
    reason: str
    kind: Literal["Abandoned"] = "Abandoned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A person answered; ``on`` is the day of doing, ``until`` the day asked for."""

    key: str
    person: str
    answer: AnswerKind
    proof: Proof
    reason: str
    note: str = ""
    on: date | None = None
    until: date | None = None
    kind: Literal["Answered"] = "Answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """All duties up to a day were opened."""

    until: date
    opened: int
    reason: str
    kind: Literal["Planned"] = "Planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesChanged:
    """A new rules.yaml came into force, or was refused while the old one stays in force."""

    digest: str
    accepted: bool
    reason: str
    kind: Literal["RulesChanged"] = "RulesChanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubled:
    """One row could not be worked on; the round went on without it."""

    subject: str
    reason: str
    kind: Literal["Troubled"] = "Troubled"


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
    | Planned
    | RulesChanged
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
    "Planned": "排定任务",
    "RulesChanged": "规则更新",
    "Troubled": "处理出错",
}


def encode(fact: Fact) -> str:
    """Give the fact as one line of JSON, the text that the ledger's chain is built on."""
    return _CODEC.dump_json(fact).decode()


def decode(text: str) -> Fact:
    """Give back the fact that `encode` wrote."""
    return _CODEC.validate_json(text)


def subjects(fact: Fact) -> tuple[str, ...]:
    """Give the names under which the fact is found again: duty keys, message codes, 规则, 计划."""
    match fact:
        case Opened(duty=duty) | Revised(duty=duty):
            return (duty.key,)
        case Withdrawn(key=key) | Queued(key=key) | Dropped(key=key) | Answered(key=key):
            return (key,)
        case Sending(code=code, lines=lines):
            return (code, *dict.fromkeys(line.key for line in lines))
        case (
            Sent(code=code, keys=keys)
            | Failed(code=code, keys=keys)
            | Abandoned(code=code, keys=keys)
        ):
            return (code, *keys)
        case Planned():
            return ("计划",)
        case RulesChanged():
            return ("规则",)
        case Troubled(subject=subject):
            return (subject,)
