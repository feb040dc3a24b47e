"""What a reply says: its kind, and the parts that it names in its own words."""

from dataclasses import dataclass
from enum import StrEnum


class ReplyKind(StrEnum):
    """What is meant by a reply."""

    HEARD = "heard"  # 收到；也包括正在办、将要办
    DONE = "done"  # 已办
    POSTPONED = "postponed"  # 要求延期
    DELEGATED = "delegated"  # 转给别人办
    REFUSED = "refused"  # 办不了
    NOTHING = "nothing_to_report"  # 无情况可报
    UNCLEAR = "unclear"  # 看不出是什么意思
    NOT_AN_ANSWER = "not_an_answer"  # 不是答复


class Context(StrEnum):
    """What is open for the person who writes."""

    DUTY = "duty"  # one duty
    CALL = "call"  # one call
    CALL_MANY = "call_many"  # several at once
    NONE = "none"  # nothing


@dataclass(frozen=True, slots=True)
class Reading:
    """A reply as it was read; what it does not say is None.

    ``by`` is the time by which something will be done (下午3点前). ``date`` belongs to the
    answer itself: when it was done (5月3日已办), until when it is put off (推到周五).
    ``instead_of`` is the person for whom somebody else answers (代张三收到).
    """

    kind: ReplyKind
    code: str | None = None
    owner: str | None = None
    action: str | None = None
    by: str | None = None
    date: str | None = None
    instead_of: str | None = None
