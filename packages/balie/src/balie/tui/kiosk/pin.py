"""The operator's PIN: kept as a hash, compared in constant time, and slow for whoever guesses."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable

from balie.errors import BadRequest, ConfigError

SHORTEST, LONGEST = 6, 12
"""Digits of a PIN."""
FREE_TRIES = 3
"""Wrong ones before it begins to wait."""
FIRST_WAIT, LONGEST_WAIT = 5.0, 600.0
"""Seconds; each further wrong try doubles them."""

# RFC 7914; 32 MiB and a tenth of a second for each try.
_COST, _BLOCK, _PARALLEL = 2**15, 8, 1
_MEMORY = 128 * 1024 * 1024
_SCHEME = "scrypt"


def hashed(pin: str) -> str:
    """What the settings keep of a PIN: ``scrypt:32768:8:1:salt:hash``, both in hexadecimal digits.

    Raises:
        BadRequest: it is no PIN of 6 to 12 digits.
    """
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise BadRequest(f"A PIN has {SHORTEST} to {LONGEST} digits.")
    salt = secrets.token_bytes(16)
    made = _scrypt(pin, salt, _COST, _BLOCK, _PARALLEL)
    return ":".join([_SCHEME, str(_COST), str(_BLOCK), str(_PARALLEL), salt.hex(), made.hex()])


def matches(pin: str, stored: str) -> bool:
    """Whether this is the PIN; takes as long where it is not.

    Raises:
        ConfigError: what is stored was not made by :func:`hashed`.
    """
    try:
        scheme, cost, block, parallel, salt, kept = stored.split(":")
        if scheme != _SCHEME:
            raise ValueError(scheme)
        made = _scrypt(pin, bytes.fromhex(salt), int(cost), int(block), int(parallel))
        return hmac.compare_digest(made, bytes.fromhex(kept))
    except ValueError as error:
        raise ConfigError("kiosk.pin_hash is not what `balie keys pin` prints; make it anew.") from error


def _scrypt(pin: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=_MEMORY, dklen=32)


class Door:
    """What stands between a kiosk and its operator's page.

    Args:
        pin_hash: of the PIN; without one there is no door.
        seconds: a clock that only goes forward.
    """

    def __init__(self, pin_hash: str, seconds: Callable[[], float]) -> None:
        self.pin_hash = pin_hash
        self._seconds = seconds
        self._wrong = 0
        self._shut_until = 0.0
        self._trying = asyncio.Lock()

    @property
    def exists(self) -> bool:
        """Whether there is a PIN at all."""
        return bool(self.pin_hash)

    @property
    def waits(self) -> float:
        """For how many seconds nothing is tried, after too many wrong ones."""
        return max(0.0, self._shut_until - self._seconds())

    async def opens(self, pin: str) -> bool:
        """Try a PIN; the right one counts for nothing while the door waits.

        Raises:
            ConfigError: the hash in the settings is none.
        """
        async with self._trying:
            if not self.exists or self.waits:
                return False
            if await asyncio.to_thread(matches, pin, self.pin_hash):
                self._wrong = 0
                return True
            self._wrong += 1
            if self._wrong >= FREE_TRIES:
                wait = FIRST_WAIT * 2 ** min(self._wrong - FREE_TRIES, 10)
                self._shut_until = self._seconds() + min(wait, LONGEST_WAIT)
            return False
