"""What befalls messages: they wait, leave, arrive or fail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from notifier.messages.model import Topic
from obligations.rules import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A reminder was decided on and waits for its lane.

    ``alone``: it leaves in a message of its own, because one with others was refused. ``role`` is
    that of a call's ring which is queued again.
    """

    key: str
    person: str
    lane: str
    stage: str
    reason: str
    alone: bool = False
    role: str = ""
    kind: Literal["Queued"] = "Queued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """What waited is not sent: it has lost its point, or only in ``lane`` if one is named."""

    key: str
    stage: str
    reason: str
    lane: str = ""
    kind: Literal["Dropped"] = "Dropped"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a message: of what, to whom, in which words.

    ``role`` is the one in which he is told of a call; ``account`` is his where rules.yaml does not
    know him.
    """

    key: str
    person: str
    stage: str
    text: str
    reason: str = ""
    due: str = ""
    role: str = ""
    account: str = ""

    @property
    def aside(self) -> bool:
        """Tell whether it speaks of a callee to somebody above or beside him."""
        return self.role in (Role.SUPERIOR, Role.DUTY_ROOM)


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
    topic: Topic = Topic.DUTY
    repeated: bool = False
    late: bool = False
    kind: Literal["Sending"] = "Sending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The platform took the message; ``unreached`` are those whom it says it will not reach.

    ``aside``, here and below: the keys of which it spoke to somebody else only.
    """

    code: str
    lane: str
    keys: tuple[str, ...]
    reason: str
    unreached: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
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
    aside: tuple[str, ...] = ()
    kind: Literal["Failed"] = "Failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abandoned:
    """A message without a good end is not tried again: nothing in it is owed here any more."""

    code: str
    lane: str
    keys: tuple[str, ...]
    reason: str
    aside: tuple[str, ...] = ()
    kind: Literal["Abandoned"] = "Abandoned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A gateway or platform told what became of a message: it counts for nothing."""

    code: str
    lane: str
    state: str
    reason: str
    kind: Literal["Noted"] = "Noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """Somebody is to be told something that asks for no answer: a 未叫醒 list, a broken channel.

    ``account`` is whom the lane's platform knows, where rules.yaml does not know him.
    """

    key: str
    person: str
    lane: str
    text: str
    reason: str
    account: str = ""
    kind: Literal["Announced"] = "Announced"
