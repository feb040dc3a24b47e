"""What befalls duties: they open, are revised, withdrawn, and answered."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from obligations.duties import Duty


class AnswerKind(StrEnum):
    """What a person said of a duty."""

    HEARD = "heard"  # 收到
    DONE = "done"  # 已办
    POSTPONED = "postponed"  # 延期
    DELEGATED = "delegated"  # 转办
    REFUSED = "refused"  # 办不了
    NOTHING = "nothing_to_report"  # 零报告


class Proof(StrEnum):
    """How sure it is that the person himself answered, weakest first."""

    OFFICE = "office"  # entered by hand in the office
    LINK = "link"  # whoever held the signed link
    PHONE = "phone"  # a key pressed on the phone that was called
    CHAT = "chat"  # the person's own chat account


ANSWER_WORDS = {
    AnswerKind.HEARD: "收到",
    AnswerKind.DONE: "已办",
    AnswerKind.POSTPONED: "延期",
    AnswerKind.DELEGATED: "转办",
    AnswerKind.REFUSED: "办不了",
    AnswerKind.NOTHING: "无情况可报",
}
PROOF_WORDS = {
    Proof.OFFICE: "办公室代录",
    Proof.LINK: "专用链接",
    Proof.PHONE: "电话按键",
    Proof.CHAT: "本人账号",
}


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
class Answered:
    """A person answered; ``on`` is the day of doing, ``until`` the day asked for.

    ``by`` is who entered it for him (上门叫醒); ``orders`` are those of a call that he carried out.
    ``counts`` is False where another answered what must be answered in person. ``owner``,
    ``action`` and ``deadline`` are who does what by when, in the answer's own words. ``amounts``
    are how much was done of each of the duty's, ``objects`` those of its list that were reached.
    """

    key: str
    person: str
    answer: AnswerKind
    proof: Proof
    reason: str
    note: str = ""
    on: date | None = None
    until: date | None = None
    by: str = ""
    orders: tuple[str, ...] = ()
    counts: bool = True
    owner: str = ""
    action: str = ""
    deadline: str = ""
    amounts: tuple[int, ...] = ()
    objects: tuple[str, ...] = ()
    kind: Literal["Answered"] = "Answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A duty went over to another person, who is told of it himself."""

    key: str
    person: str
    by: str
    reason: str
    kind: Literal["Handed"] = "Handed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """The office lets somebody off a duty, for a reason that stays on record."""

    key: str
    by: str
    reason: str
    kind: Literal["Waived"] = "Waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """The office grants the extension that was asked for, or does not."""

    key: str
    granted: bool
    by: str
    reason: str
    kind: Literal["Ruled"] = "Ruled"
