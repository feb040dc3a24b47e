"""What is to be said, before anybody has decided how a platform writes it."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a section speaks to, the accounts he can be mentioned by and his own answer link."""

    name: str
    mobile: str = ""
    wecom: str = ""
    dingtalk: str = ""
    link: str = ""
    feishu: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One duty of a digest: what, why now (逾期) and by when (7月3日前，还剩2个工作日).

    A line with neither reason nor due day is a plain sentence: it is neither numbered nor counted.
    """

    text: str
    reason: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Everything one person gets in a message."""

    recipient: Recipient
    lines: tuple[Line, ...]


class Topic(StrEnum):
    """Which of the kinds of message it is; they are never mixed."""

    CALL = "叫应"
    NOTICE = "通知"
    DUTY = "履职"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press where the platform sends the press back to us, with its ``key``."""

    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one group, or to one person where a channel reaches people one by one.

    ``code`` is the same each time it is sent again; ``repeated`` marks it 重发, ``late`` 迟发.
    ``buttons`` are for platforms that can hear them; the links stay the way for all others.
    """

    code: str
    title: str
    sections: tuple[Section, ...]
    repeated: bool = False
    late: bool = False
    topic: Topic = Topic.DUTY
    buttons: tuple[Button, ...] = ()
