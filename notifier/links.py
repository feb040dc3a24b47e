"""Signed, expiring links: who may answer which message, in a form that fits a chat line."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from itsdangerous import (
    BadSignature,
    Signer,
    TimestampSigner,
    URLSafeSerializer,
    URLSafeTimedSerializer,
)

LIFETIME = timedelta(days=100)  # a quarter and the days after it in which people still answer


@dataclass(frozen=True, slots=True)
class Pass:
    """What a link lets its holder do: answer for ``person`` what message ``code`` told him."""

    code: str
    person: str


@dataclass(frozen=True, slots=True)
class Expired:
    """The link was ours, and ended at ``ended``."""

    ended: datetime


@dataclass(frozen=True, slots=True)
class Forged:
    """The link was not made here, or was changed on the way."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Whose calendar an address shows (人员/周敏, 单位/应急办), and which of his addresses it is.

    It does not end by itself: a phone asks for years. A newer serial ends it.
    """

    whose: str
    serial: int


def sign_feed(secret: str, feed: Feed) -> str:
    """Give the token that stands in the private address of a calendar.

    >>> read_feed("秘密", sign_feed("秘密", Feed("人员/周敏", 2)))
    Feed(whose='人员/周敏', serial=2)
    >>> read_feed("别的秘密", sign_feed("秘密", Feed("人员/周敏", 2)))
    Forged()
    """
    return _feed_serializer(secret).dumps([feed.whose, feed.serial])


def read_feed(secret: str, token: str) -> Feed | Forged:
    """Give what the token of a calendar's address stands for."""
    try:
        payload = _feed_serializer(secret).loads(token)
    except BadSignature:
        return Forged()
    match payload:
        case [str(whose), int(serial)]:
            return Feed(whose, serial)
        case _:
            return Forged()


def _feed_serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret, salt="calendar", signer=Signer, signer_kwargs={"digest_method": sha256}
    )


def sign(secret: str, holder: Pass, now: datetime) -> str:
    """Give the token that stands in a link for ``holder``.

    >>> token = sign("秘密", Pass("k3f9", "周敏"), datetime(2026, 7, 1, tzinfo=UTC))
    >>> read("秘密", token, datetime(2026, 7, 2, tzinfo=UTC))
    Pass(code='k3f9', person='周敏')
    >>> read("别的秘密", token, datetime(2026, 7, 2, tzinfo=UTC))
    Forged()
    """

    class Dated(TimestampSigner):
        """Takes the time from the caller: every story runs in simulated time."""

        def get_timestamp(self) -> int:
            return int(now.timestamp())

    return _serializer(secret, Dated).dumps([holder.code, holder.person])


def read(secret: str, token: str, now: datetime) -> Pass | Expired | Forged:
    """Give what a token stands for; expired and forged are told apart."""
    try:
        payload, signed = _reader(secret).loads(token, return_timestamp=True)
    except BadSignature:
        return Forged()
    # Counted here: a clock that was set back must not end what it signed before.
    if now - signed.astimezone(UTC) >= LIFETIME + timedelta(seconds=1):
        return Expired(signed.astimezone(UTC) + LIFETIME)
    match payload:
        case [str(code), str(person)]:
            return Pass(code, person)
        case _:
            return Forged()


@lru_cache(maxsize=1)
def _reader(secret: str) -> URLSafeTimedSerializer:
    """Give what reads tokens; it needs no clock, so one serves every answer."""
    return _serializer(secret, TimestampSigner)


def _serializer(secret: str, signer: type[TimestampSigner]) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        secret, salt="answer", signer=signer, signer_kwargs={"digest_method": sha256}
    )
