"""When a message is tried again: after growing waits, ten times within about three days."""

from datetime import timedelta
from uuid import UUID

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After the first attempt, the second one and so on (Standard Webhooks 1.0.0, "Deliverability")."""

LONGEST = timedelta(hours=24)
"""However long a receiver asks to be left alone."""

BEGUN_WITHIN = timedelta(days=7)
"""An older message is not begun with any more: who sets a webhook later does not get all that was before."""

LEASE = timedelta(seconds=60)
"""An attempt that has said nothing of itself for so long has died; longer than any attempt takes."""

_SPREAD = 0.1


def wait_after(attempts: int, message: UUID) -> timedelta | None:
    """How long to wait after so many attempts; None: there is no further one.

    Up to a tenth longer, differently for each message, so that they do not all come back at once.
    """
    if attempts > len(WAITS):
        return None
    share = (message.int + attempts) % 997 / 997
    return WAITS[attempts - 1] * (1 + _SPREAD * share)
