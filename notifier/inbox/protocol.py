"""What comes in, whichever way: one message or one press of a button by one account."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that somebody said or pressed, as the platform brought it.

    ``id`` is the platform's own mark of it, the same however often it is brought; ``way`` the
    channel's name in rules.yaml; ``account`` whose it is there (userid, staff id, mobile). ``text``
    is what he typed, without the bot's own name; ``key`` the button or digit he pressed.
    ``conversation`` is the group it was said in, "" where he spoke to us alone. ``reference`` is
    what the platform wants to have back when a card is to change (response_code, outTrackId).
    """

    id: str
    way: str
    account: str
    text: str = ""
    key: str = ""
    conversation: str = ""
    reference: str = ""


Receiver = Callable[[Incoming], Awaitable[bool]]
"""Stores what came in and tells whether it is new; only then is the platform answered."""
