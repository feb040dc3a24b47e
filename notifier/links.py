"""Signed, expiring links: who may answer which message, in a form that fits a chat line."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

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


def sign(secret: str, holder: Pass, now: datetime) -> str:
    """Give the token that stands in a link for ``holder``.

    >>> token = sign("秘密", Pass("k3f9", "周敏"), datetime(2026, 7, 1, tzinfo=UTC))
    >>> read("秘密", token, datetime(2026, 7, 2, tzinfo=UTC))
    Pass(code='k3f9', person='周敏')
    >>> read("别的秘密", token, datetime(2026, 7, 2, tzinfo=UTC))
    Forged()
    """
    return _serializer(secret, now).dumps([holder.code, holder.person])


def read(secret: str, token: str, now: datetime) -> Pass | Expired | Forged:
    """Give what a token stands for; expired and forged are told apart."""
    try:
        payload, signed = _serializer(secret, now).loads(token, return_timestamp=True)
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


def _serializer(secret: str, now: datetime) -> URLSafeTimedSerializer:
    class Signer(TimestampSigner):
        """Takes the time from the caller: every story runs in simulated time."""

        def get_timestamp(self) -> int:
            return int(now.timestamp())

    return URLSafeTimedSerializer(
        secret, salt="answer", signer=Signer, signer_kwargs={"digest_method": sha256}
    )
