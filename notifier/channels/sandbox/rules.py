"""What the simulated platforms have in common: a call, a verdict, a robot with its limit."""

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from notifier.channels.protocol import Limit

_LINK = re.compile(r"https?://[^\s()<>\[\]\"'，。；、）】]+")


@dataclass(frozen=True, slots=True)
class Group:
    """A simulated group: the channel's name in rules.yaml, and the platform it pretends to be."""

    name: str
    platform: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as the group sees it; ``uuid`` is DingTalk's msgUuid."""

    at: datetime
    platform: str
    msgtype: str
    text: str
    title: str = ""
    mentions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    uuid: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the platform reads it."""

    now: datetime
    query: Mapping[str, str]
    body: Mapping[str, object]
    size: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The platform's answer, and the message if it is shown."""

    code: int
    words: str = "ok"
    shown: Shown | None = None


@dataclass(slots=True)
class Robot:
    """One simulated robot and what its platform remembers of it."""

    group: Group
    secret: str = field(repr=False)
    limit: Limit
    removed: bool = False
    calls: deque[datetime] = field(default_factory=deque)
    blocked_until: datetime | None = None
    uuids: set[str] = field(default_factory=set)

    def overruns(self, now: datetime) -> bool:
        """Count one call and tell whether it is over the limit; the first one too many blocks."""
        if self.blocked_until is not None and now < self.blocked_until <= now + self.limit.penalty:
            return True
        self.blocked_until = None
        since: timedelta = self.limit.per
        while self.calls and not now - since < self.calls[0] <= now:
            self.calls.popleft()
        if len(self.calls) >= self.limit.count:
            self.blocked_until = now + self.limit.penalty
            return True
        self.calls.append(now)
        return False


def links(text: str) -> tuple[str, ...]:
    r"""Give the addresses a reader could tap, each once, in their order.

    >>> links("① 召开会议\n[点此答复](https://a.gov.cn/d/1)")
    ('https://a.gov.cn/d/1',)
    """
    return tuple(dict.fromkeys(_LINK.findall(text)))


def table(body: Mapping[str, object], key: str) -> Mapping[str, object]:
    """Give the object under the key; an empty one where there is none."""
    found = body.get(key)
    return found if isinstance(found, dict) else {}


def strings(body: Mapping[str, object], key: str) -> tuple[str, ...]:
    """Give the strings listed under the key."""
    found = body.get(key)
    return tuple(str(item) for item in found) if isinstance(found, list) else ()
