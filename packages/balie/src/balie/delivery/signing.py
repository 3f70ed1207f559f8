"""Signatures of webhooks, as Standard Webhooks 1.0.0 (section "Signature scheme") has them.

HMAC-SHA256 over ``id.timestamp.body`` with a secret that is written ``whsec_`` and Base64. The header takes
several signatures, so that a secret can be changed while both are known.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from balie.errors import ConfigError

PREFIX = "whsec_"
_LEAST_BYTES = 24
_MOST_BYTES = 64


def secrets_of(text: str, place: str) -> tuple[bytes, ...]:
    """The secrets in a setting, one or several with a space between them.

    Args:
        place: where it was found, for the words of the error.

    Raises:
        ConfigError: one is not ``whsec_`` and the Base64 of 24 to 64 bytes.
    """
    found = []
    for one in text.split():
        try:
            secret = base64.b64decode(one.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError):
            secret = b""
        if not one.startswith(PREFIX) or not _LEAST_BYTES <= len(secret) <= _MOST_BYTES:
            # Not a word of the secret itself: it would be in logs.
            raise ConfigError(
                f"A secret in {place} is not {PREFIX} and the Base64 of {_LEAST_BYTES} to {_MOST_BYTES} bytes; "
                f'this makes one: echo "{PREFIX}$(head -c 32 /dev/urandom | base64)"'
            )
        found.append(secret)
    if not found:
        raise ConfigError(f"There is no secret in {place}.")
    return tuple(found)


def sign(secrets: Sequence[bytes], *, message: str, timestamp: int, body: bytes) -> str:
    """The header ``webhook-signature``: a ``v1`` signature for each secret.

    Args:
        message: the header ``webhook-id``. timestamp: ``webhook-timestamp``, in seconds since 1970.
    """
    signed = f"{message}.{timestamp}.".encode() + body
    digests = (hmac.new(secret, signed, hashlib.sha256).digest() for secret in secrets)
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)
