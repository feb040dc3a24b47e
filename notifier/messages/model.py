"""What is to be said, before anybody has decided how a platform writes it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a section speaks to, the accounts he can be mentioned by and his own answer link."""

    name: str
    mobile: str = ""
    wecom: str = ""
    dingtalk: str = ""
    link: str = ""


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


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one group.

    ``code`` is the same each time it is sent again; ``repeated`` marks it 重发, ``late`` 迟发.
    """

    code: str
    title: str
    sections: tuple[Section, ...]
    repeated: bool = False
    late: bool = False
