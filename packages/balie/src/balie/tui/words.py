"""Errors in words: what went wrong and what to do, never a traceback."""

import logging
from collections.abc import Mapping

from balie.errors import (
    BalieError,
    Conflict,
    DatabaseBusy,
    DatabaseFull,
    DatabaseUnavailable,
    DataError,
    ModelError,
)
from balie.locales import ENGLISH, Words, marked

log = logging.getLogger(__name__)

UNEXPECTED = marked("Something went wrong here. Nothing was lost; please try again.")

# An error's own words are English and speak of this very case; in another language its kind must do.
_KINDS: Mapping[type[BalieError], str] = {
    Conflict: marked("Something else came first. Please look again and repeat it."),
    DatabaseBusy: marked("The desk is very busy. Please try again in a moment."),
    DatabaseFull: marked("The disk of this desk is full; nothing was saved. Please call a colleague."),
    DatabaseUnavailable: marked("The data can't be reached now; nothing was saved. Please call a colleague."),
    DataError: marked("The data are not in order; nothing was saved. Please call a colleague."),
    ModelError: marked("The model can't answer now. Please try again in a moment."),
}


def words(error: BaseException, say: Words | None = None) -> str:
    """What the person at the screen reads. An error that nobody foresaw is logged with where it came from.

    Args:
        say: in whose language; English without.
    """
    say = say or Words(ENGLISH)
    if not isinstance(error, BalieError):
        log.error("unexpected error on a screen", exc_info=error)
        return say(UNEXPECTED)
    kind = next((kind for kind in type(error).__mro__ if kind in _KINDS), None)
    if say.language == ENGLISH or kind is None:
        return str(error)
    return say(_KINDS[kind])
