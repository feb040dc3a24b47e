"""The bots' long connections that this process holds: who listens puts them in, channels speak."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol, TypeVar

from notifier.channels.wire import Answer

_KEPT = 5_000


class Silence(Enum):
    """Why there is no answer: nothing was sent, or what was sent was not answered."""

    UNSENT = "unsent"
    UNANSWERED = "unanswered"


class Speaker(Protocol):
    """A live connection that takes commands."""

    async def ask(self, cmd: str, body: Mapping[str, object], req_id: str = "") -> Answer | Silence:
        """Send one command and give its answer; ``req_id`` where it answers an event."""
        ...


@dataclass(slots=True)
class Subscriptions:
    """One live connection a bot at most, and which cards went over them."""

    _speakers: dict[str, Speaker] = field(default_factory=dict, repr=False)
    _cards: OrderedDict[str, Mapping[str, object]] = field(
        default_factory=OrderedDict[str, Mapping[str, object]], repr=False
    )
    _pressed: OrderedDict[str, str] = field(default_factory=OrderedDict[str, str], repr=False)

    def hold(self, bot: str, speaker: Speaker) -> None:
        """Let the bot's channels speak over this connection."""
        self._speakers[bot] = speaker

    def release(self, bot: str, speaker: Speaker) -> None:
        """Let nobody speak over it any more; one that came after it stays."""
        if self._speakers.get(bot) is speaker:
            del self._speakers[bot]

    async def ask(
        self, bot: str, cmd: str, body: Mapping[str, object], req_id: str = ""
    ) -> Answer | Silence:
        """Send one command over the bot's connection, if there is one."""
        speaker = self._speakers.get(bot)
        return await speaker.ask(cmd, body, req_id) if speaker else Silence.UNSENT

    def sent(self, task: str, card: Mapping[str, object]) -> None:
        """Remember a card by its number, to show its words again when it is closed."""
        _keep(self._cards, task, card)

    def pressed(self, req_id: str, task: str) -> None:
        """Remember which card a press belongs to."""
        _keep(self._pressed, req_id, task)

    def card(self, req_id: str) -> tuple[str, Mapping[str, object]]:
        """Give the number and the words of the card that was pressed, as far as known."""
        task = self._pressed.get(req_id, "")
        return task, self._cards.get(task, {})


_T = TypeVar("_T")


def _keep(shelf: OrderedDict[str, _T], key: str, value: _T) -> None:
    """Put it on the shelf; what is oldest goes when the shelf is full."""
    shelf[key] = value
    shelf.move_to_end(key)
    while len(shelf) > _KEPT:
        shelf.popitem(last=False)
