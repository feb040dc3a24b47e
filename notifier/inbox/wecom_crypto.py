"""How WeCom seals what it posts: a SHA-1 over sorted strings around AES-256-CBC.

The platform decides all of it; docs/decisions/0081 says what follows for us.
"""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_BLOCK = 32  # the platform pads to 32 bytes and not to AES's own 16
_IV = 16
_RANDOM = 16
_LENGTH = 4


class Unsealable(ValueError):
    """A letter that does not open with this key, or is addressed to somebody else."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What both sides share: the token that signs, the key that seals, and whom letters are for."""

    token: str = field(repr=False)
    key: bytes = field(repr=False)
    receiver: str


def aes_key(written: str) -> bytes | None:
    """Give the 32 bytes that an EncodingAESKey of 43 letters means, None where it is none.

    >>> len(aes_key("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"))
    32
    """
    return base64.b64decode(f"{written}=") if _AES_KEY.fullmatch(written) else None


def sign(token: str, stamp: str, nonce: str, sealed: str) -> str:
    """Give the signature over a sealed letter.

    >>> sign("QDG6eK", "1409659589", "263014780", "P9nAzCzy")
    '7de80b6d2028d94c09aef1a216643b3a6c2aad4d'
    """
    parts = sorted(_bytes(part) for part in (token, stamp, nonce, sealed))
    return hashlib.sha1(b"".join(parts), usedforsecurity=False).hexdigest()  # WeCom's own choice


def is_signed(seal: Seal, given: str, stamp: str, nonce: str, sealed: str) -> bool:
    """Tell whether the signature is right, in a time that tells nothing about it."""
    right = sign(seal.token, stamp, nonce, sealed)
    return hmac.compare_digest(_bytes(given), _bytes(right))


def unseal(seal: Seal, sealed: str) -> bytes:
    """Give what is inside; raises Unsealable where it does not open or is for somebody else."""
    plain = _unpadded(_decrypted(seal.key, sealed))[_RANDOM:]
    length = int.from_bytes(plain[:_LENGTH])
    inside, receiver = plain[_LENGTH : _LENGTH + length], plain[_LENGTH + length :]
    if len(plain) < _LENGTH + length:
        short = "长度不对"
        raise Unsealable(short)
    if not hmac.compare_digest(receiver, _bytes(seal.receiver)):
        stranger = "不是发给这个企业的"
        raise Unsealable(stranger)
    return inside


def _decrypted(key: bytes, sealed: str) -> bytes:
    try:
        raw = base64.b64decode(_bytes(sealed), validate=True)
    except binascii.Error as error:
        unread = "密文不是base64"
        raise Unsealable(unread) from error
    if not raw or len(raw) % _BLOCK:
        uneven = "密文长度不对"
        raise Unsealable(uneven)
    opened = Cipher(AES(key), CBC(key[:_IV])).decryptor()
    return opened.update(raw) + opened.finalize()


def _unpadded(padded: bytes) -> bytes:
    count = padded[-1]
    if not 1 <= count <= _BLOCK or padded[-count:] != bytes([count]) * count:
        wrong = "密钥不对"
        raise Unsealable(wrong)
    return padded[:-count]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
