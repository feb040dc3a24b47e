"""What a platform answered, as a receipt or as a failure with its meaning in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from notifier.channels.protocol import ChannelError, FailureKind, Message, Receipt
from notifier.channels.wire import Answer, Wire


@dataclass(frozen=True, slots=True)
class Refusal:
    """One code: whether to try again, after how long, and what the office should do."""

    kind: FailureKind
    words: str
    wait: timedelta | None = None
    closed: bool = False


BUSY = Refusal(FailureKind.TRANSIENT, "平台系统繁忙，程序会自动再试")
Refusals = Mapping[int, Refusal]


def failure(wire: Wire, answer: Answer, refusals: Refusals) -> ChannelError:
    """Give the failure that the answer stands for.

    A code nobody knows is permanent for this message, as the platforms' manuals name every code
    that is worth another try; the channel stays open.
    """
    refusal = refusals.get(answer.code)
    if refusal is None:
        what = f"平台没有接收这条消息（错误码{answer.code}：{answer.words or '没有说明'}）"
        return wire.refused(what, FailureKind.PERMANENT)
    return known(wire, refusal, f"错误码{answer.code}")


def known(wire: Wire, refusal: Refusal, told: str) -> ChannelError:
    """Give the failure that a known refusal stands for; ``told`` is how the platform put it."""
    words = f"{refusal.words}（{told}）"
    return wire.refused(words, refusal.kind, retry_after=refusal.wait, closed=refusal.closed)


def closed(words: str) -> Refusal:
    """Give a refusal that every later message will meet as well."""
    return Refusal(FailureKind.PERMANENT, words, closed=True)


def unfit(words: str) -> Refusal:
    """Give a refusal of this one message."""
    return Refusal(FailureKind.PERMANENT, words)


def throttled(words: str, wait: timedelta) -> Refusal:
    """Give a refusal that ends by itself."""
    return Refusal(FailureKind.THROTTLED, words, wait=wait)


def receipt(message: Message, answer: Answer, uncalled: tuple[str, ...]) -> Receipt:
    """Give what the ledger keeps: the platform's words, and whom the message could not call."""
    notes = [answer.words]
    if uncalled:
        notes.append(f"没有@到{'、'.join(uncalled)}：没有账号或手机号")
    return Receipt(message.code, "；".join(filter(None, notes)))


def crowded(wire: Wire, message: Message) -> ChannelError:
    """Give the failure of a message that no cutting makes short enough."""
    what = f"{len(message.sections)}个人的内容一条消息放不下，没有发出。请分成几条"
    return wire.refused(what, FailureKind.PERMANENT)
