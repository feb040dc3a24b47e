"""What comes in: somebody said or pressed something, and what was made of it."""

from dataclasses import dataclass
from typing import Literal

INBOX = "来信"  # no rule may have this id, so that no duty's key begins like a letter's


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A platform brought something; it is kept before anybody thinks about it.

    ``person`` is whose account it is, "" where rules.yaml does not know the account.
    """

    id: str
    way: str
    account: str
    person: str
    reason: str
    text: str = ""
    pressed: str = ""
    conversation: str = ""
    reference: str = ""
    kind: Literal["Received"] = "Received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heeded:
    """What was received has been read; ``meaning`` is how, ``keys`` what it answered."""

    id: str
    way: str
    meaning: str
    keys: tuple[str, ...]
    reason: str
    kind: Literal["Heeded"] = "Heeded"


def letter(way: str, name: str) -> str:
    """Give the name under which something received is found again."""
    return f"{INBOX}/{way}/{name}"
