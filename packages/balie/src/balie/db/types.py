"""Column types that both databases store alike.

==================  ===================  ==============================================
type                in Python            in the database
==================  ===================  ==============================================
:class:`UtcDateTime`  aware ``datetime``   UTC; ``timestamptz`` on PostgreSQL
:class:`Money`        ``Decimal``          whole cents, since SQLite has no decimals
:class:`EncryptedText`  ``str``            AES-256-GCM; look it up by :func:`blind_index`
:class:`Json`         builtins, or a type  JSON text
:func:`one_of`        an enumeration       its values, with a check constraint
==================  ===================  ==============================================
"""

import enum
import hashlib
import hmac
import os
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
from sqlalchemy import BigInteger, DateTime, Dialect, Enum, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

from balie.db import secrets
from balie.errors import DataError

_NONCE_BYTES = 12
_FORMAT = b"\x01"
_CENT = Decimal("0.01")
_TOO_MUCH = 10**16  # its cents still fit in 64 bits


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Naive datetimes are refused: nobody knows which instant they are."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite's text has no offset, so it is left off there."""
        if value is None:
            return None
        if not isinstance(value, datetime) or value.utcoffset() is None:
            raise ValueError(f"{value!r} has no time zone; an instant needs one.")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Money(TypeDecorator[Decimal]):
    """An amount with two digits after the point; its currency is a column of its own."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """To cents; a float, or an amount that is no whole number of cents, is refused."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise ValueError(f"{value!r} is not a Decimal; money is never a float.")
        amount = Decimal(value)
        if not amount.is_finite() or abs(amount) >= _TOO_MUCH:
            raise ValueError(f"{value} is not an amount of money below {_TOO_MUCH}.")
        # A fraction, since a Decimal would round what has more than 28 digits.
        cents = Fraction(amount) * 100
        if cents.denominator != 1:
            raise ValueError(f"{value} is not a whole number of cents; round it first.")
        return cents.numerator

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """To a Decimal with two digits after the point."""
        # A sum comes back as a Decimal on PostgreSQL.
        return None if value is None else Decimal(int(value)).scaleb(-2).quantize(_CENT)


class EncryptedText(TypeDecorator[str]):
    """Text that is unreadable, and can't be changed unnoticed, without the secret key.

    AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D): equal texts differ in the database, so an
    equality search needs a column with :func:`blind_index` beside it.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """A format byte, the nonce, and the sealed text."""
        if value is None:
            return None
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(secrets.derived("encrypted-text")).encrypt(nonce, value.encode(), _FORMAT)
        return _FORMAT + nonce + sealed

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """The text.

        Raises:
            DataError: it was encrypted with another key, or changed since.
        """
        if value is None:
            return None
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce, sealed = value[1 : 1 + _NONCE_BYTES], value[1 + _NONCE_BYTES :]
        try:
            if value[:1] != _FORMAT or len(nonce) != _NONCE_BYTES:
                raise InvalidTag
            return AESGCM(secrets.derived("encrypted-text")).decrypt(nonce, sealed, _FORMAT).decode()
        except InvalidTag as error:
            raise DataError(
                "An encrypted value can't be opened: it was changed, or encrypted with another secret key "
                "than BALIE_SECRET_KEY or the data folder's secret.key."
            ) from error


def blind_index(value: str) -> str:
    """64 hexadecimal digits that are equal where the values are, and tell nothing without the secret key.

    HMAC-SHA256 with a key of its own. Normalise the value first (lower case, E.164).
    """
    return hmac.new(secrets.derived("blind-index"), value.encode(), hashlib.sha256).hexdigest()


class Json(TypeDecorator[Any]):
    """What msgspec can write as JSON; with a ``kind`` it is read back as that type.

    A change inside the value goes unnoticed: assign a new one.
    """

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any = Any) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """JSON text; dictionaries and sets in a fixed order."""
        return None if value is None else msgspec.json.encode(value, order="deterministic").decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The value, checked against ``kind``."""
        return None if value is None else msgspec.json.decode(value, type=self.kind)


def one_of(kind: type[enum.Enum]) -> Enum:
    """A column that holds the enumeration's values and, by a check constraint, nothing else."""
    name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__)
    return Enum(
        kind,
        name=name.strip("_"),
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=values_of,
    )


def values_of(kind: type[enum.Enum]) -> list[str]:
    """What of an enumeration is stored."""
    return [str(member.value) for member in kind]
