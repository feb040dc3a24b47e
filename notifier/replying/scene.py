"""Who replied with which words, what is open for him, and what may follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from notifier.calls import CallStanding
from notifier.events import Call, Fact, Proof
from notifier.replies import Context, Reading
from notifier.standing import Standing
from obligations.rules import Office


@dataclass(frozen=True, slots=True)
class Scene:
    """One reply of somebody whom rules.yaml knows.

    ``calls`` are those that he is called for himself, or as a deputy; ``duties`` those that he was
    told of. ``known`` are the calls behind, by id; ``asked`` are the keys of those calls whose
    answer lacked something and was asked back.
    """

    office: Office
    person: str
    text: str
    reading: Reading
    today: date
    calls: tuple[CallStanding, ...] = ()
    duties: tuple[Standing, ...] = ()
    known: Mapping[str, Call] | None = None
    proof: Proof = Proof.CHAT
    asked: frozenset[str] = frozenset()

    def call(self, standing: CallStanding) -> Call:
        """Give the call that a callee belongs to."""
        return (self.known or {})[standing.call]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is written, the line that goes back, and what others are told at once.

    ``asks`` names what the line asks for, so that it is asked once only; ``instead`` goes back
    where it was asked before.
    """

    facts: tuple[Fact, ...] = ()
    word: str = ""
    told: tuple[tuple[str, str], ...] = ()
    asks: str = ""
    instead: str = ""


def context_of(calls: int, duties: int) -> Context:
    """Give what a reply is read in the light of: calls come before duties."""
    if calls:
        return Context.CALL if calls == 1 else Context.CALL_MANY
    return Context.DUTY if duties else Context.NONE
