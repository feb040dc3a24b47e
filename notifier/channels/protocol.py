"""The one small protocol that every channel speaks, and the ways in which it can fail."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from notifier.messages.model import Line, Message, Recipient, Section
from obligations.errors import JiaoyingError

__all__ = [
    "Channel",
    "ChannelError",
    "Clock",
    "FailureKind",
    "Limit",
    "Line",
    "Message",
    "Receipt",
    "Recipient",
    "Section",
]


class FailureKind(StrEnum):
    """The one useful thing about a failure: whether and when to try again."""

    TRANSIENT = "transient"
    THROTTLED = "throttled"
    PERMANENT = "permanent"


class ChannelError(JiaoyingError):
    """A message that was not accepted, told in one sentence that never holds a secret.

    ``retry_after`` is the wait that the platform demands. ``uncertain``: the group may have seen
    the message all the same. ``closed``: no other message will get through either until somebody
    mends the channel (robot removed, wrong secret).
    """

    def __init__(
        self,
        sentence: str,
        kind: FailureKind,
        *,
        retry_after: timedelta | None = None,
        uncertain: bool = False,
        closed: bool = False,
    ) -> None:
        """Keep what a lane needs to decide what comes next."""
        super().__init__(sentence)
        self.kind = kind
        self.retry_after = retry_after
        self.uncertain = uncertain
        self.closed = closed


@dataclass(frozen=True, slots=True)
class Limit:
    """So many messages in any stretch of time, and how long the platform then blocks."""

    count: int
    per: timedelta
    penalty: timedelta


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform took the message ``code``; ``detail``: what it said, whom it could not call.

    ``unreached`` are the names of those whom it will not reach although it took the message.
    ``reference`` is what the platform wants to hear when the message is to be changed later on: a
    secret of the ledger's, shown to nobody.
    """

    code: str
    detail: str = ""
    unreached: tuple[str, ...] = ()
    reference: str = field(repr=False, default="")


class Clock(Protocol):
    """Whatever tells the time; it may start elsewhere and run faster."""

    def now(self) -> datetime:
        """Give the instant in UTC."""
        ...


class Channel(Protocol):
    """One robot in one group, or one app, gateway or mailbox that reaches people one by one."""

    @property
    def limit(self) -> Limit:
        """Give what the platform takes before it blocks."""
        ...

    @property
    def member_limits(self) -> tuple[Limit, ...]:
        """Give what it takes for one person; what is above is dropped without a word."""
        ...

    @property
    def width(self) -> int:
        """Give how many messages may be under way at once; 1 keeps the order of a group."""
        ...

    def reaches(self, recipient: Recipient) -> bool:
        """Tell whether it knows an account of the recipient, so that it can reach him."""
        ...

    @property
    def deduplicates(self) -> bool:
        """Tell whether the platform itself drops a message sent twice under one code."""
        ...

    def fits(self, message: Message) -> bool:
        """Tell whether all of it goes into one message, so that a lane can merge until full."""
        ...

    async def send(self, message: Message) -> Receipt:
        """Send it once; raises ChannelError where the platform has not taken it."""
        ...


@runtime_checkable
class CardChannel(Channel, Protocol):
    """A channel whose messages have buttons, and can show that one was pressed."""

    async def close_card(self, reference: str, accounts: Sequence[str], words: str) -> None:
        """Let the card behind ``reference`` show ``words``; raises ChannelError."""
        ...
