"""Numbers that people read out: some nobody can guess, some one after the other.

A quote's and a reservation's number is all that one needs to open it, so it is drawn from the system's
source of randomness: six characters of Crockford's base 32, one of 2^30. That alphabet has no I, L, O and
U; who reads an I, an L or an O means 1, 1 and 0.
"""

import enum
import re
import secrets

from balie.db import next_value
from balie.errors import Conflict
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import Counter, Quote, Reservation

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6

_TRIES = 20
_READ_AS = str.maketrans("ILO", "110")
_SEPARATORS = re.compile(r"[\s\-–_.]+")


class Drawn(enum.StrEnum):
    """What has a number that can't be guessed, by the number's letter."""

    QUOTE = "Q"
    RESERVATION = "R"


class Series(enum.StrEnum):
    """What is numbered one after the other, by the name of its counter."""

    CALL = "call"
    PRICE_MATCH = "price_match"


_LETTERS = {Series.CALL: "H", Series.PRICE_MATCH: "M"}
_NUMBER_OF = {Drawn.QUOTE: Quote.number, Drawn.RESERVATION: Reservation.number}


async def draw(session: AsyncSession, kind: Drawn) -> str:
    """A number that nothing has yet. There is one writer at a time, so it is still free when it is used.

    Raises:
        Conflict: every number drawn was taken, which at a billion of them does not happen.
    """
    for _ in range(_TRIES):
        number = f"{kind.value}-{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"
        if not await session.scalar(select(exists().where(_NUMBER_OF[kind] == number))):
            return number
    raise Conflict("No free number was found; try again.")


def read(text: str, kind: Drawn) -> str:
    """The number as it is stored, from how somebody writes or reads it: ``q 7k3 f9m`` is Q-7K3F9M."""
    plain = _SEPARATORS.sub("", text).upper()
    if len(plain) > LENGTH:
        plain = plain.removeprefix(kind.value)
    return f"{kind.value}-{plain.translate(_READ_AS)}"


async def next_number(session: AsyncSession, series: Series) -> str:
    """The next number of a series, ``H-1`` or ``M-1`` the first.

    Raises:
        MigrationNeeded: the database has no such counter.
    """
    return f"{_LETTERS[series]}-{await next_value(session, Counter, series)}"
