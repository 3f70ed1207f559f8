"""Errors in words: what went wrong and what to do, never a traceback."""

import logging

from balie.errors import BalieError

log = logging.getLogger(__name__)

UNEXPECTED = "Something went wrong here. Nothing was lost; please try again."


def words(error: BaseException) -> str:
    """What the person at the screen reads. An error that nobody foresaw is logged with where it came from."""
    if isinstance(error, BalieError):
        return str(error)
    log.error("unexpected error on a screen", exc_info=error)
    return UNEXPECTED
