"""What the simulated platforms have in common: a call, a reply, and the bot that gives it."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

_LINK = re.compile(r"https?://[^\s()<>\[\]\"'，。；、）】]+")


@dataclass(frozen=True, slots=True)
class Group:
    """A simulated group or app: the channel's name in rules.yaml, and what it pretends to be."""

    name: str
    platform: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a simulated platform hands out, named as in rules.yaml; a robot's key is its account."""

    account: str = field(repr=False)
    app: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as the group or the app's users see it.

    ``to`` are the accounts it reached where it went to people one by one. ``buttons`` are what it
    offers to press, text and key. ``uuid`` is what its platform knows it by: DingTalk's msgUuid.
    """

    at: datetime
    platform: str
    msgtype: str
    text: str
    title: str = ""
    mentions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    uuid: str = ""
    to: tuple[str, ...] = ()
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the platform reads it; ``body`` is None where it is no JSON object."""

    now: datetime
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    body: Mapping[str, object] | None

    @property
    def fields(self) -> Mapping[str, object]:
        """Give the body's fields, none where there is no readable body."""
        return self.body or MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reply:
    """The platform's answer, and the message if it is shown."""

    body: Mapping[str, object]
    status: int = 200
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a platform says to every call while something is amiss."""

    code: int | str
    words: str


@dataclass(slots=True)
class Bot(ABC):
    """One simulated robot or app, and what its platform remembers of it.

    ``strangers`` are the accounts that it does not know; it knows all others.
    """

    group: Group
    credentials: Credentials
    removed: bool = False
    refusal: Refusal | None = None
    strangers: set[str] = field(default_factory=set)

    @abstractmethod
    def answer(self, call: Call) -> Reply | None:
        """Give the platform's answer, None where the call is not meant for this bot."""

    @abstractmethod
    def remember(self, shown: Shown) -> None:
        """Keep what counts of a message that was shown."""

    def recall(self, shown: Shown) -> None:
        """Keep what counts of a message that was shown before a restart."""
        self.remember(shown)

    def busy(self) -> Reply:
        """Give the answer of a platform that could not take the message and wants it again."""
        return Reply({"errcode": -1, "errmsg": "system busy"})


@dataclass(frozen=True, slots=True)
class Simulated:
    """A platform: the requests it hears (method, end of the path), and how a bot comes to be.

    An end with a slash behind it stands for whatever lies one step beneath: Feishu's keys.
    ``unknown`` answers whoever is none of its bots.
    """

    name: str
    routes: tuple[tuple[str, str], ...]
    admit: Callable[[Group, Credentials], Bot]
    unknown: Callable[[Call], Reply]

    def hears(self, method: str, path: str) -> bool:
        """Tell whether a request is one of its own."""
        return any(method == each and _leads(end, path) for each, end in self.routes)


def _leads(end: str, path: str) -> bool:
    return (path.rpartition("/")[0] + "/" if end.endswith("/") else path).endswith(end)


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
