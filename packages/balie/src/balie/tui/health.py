"""How the desk is doing, as the status bar says it."""

from dataclasses import dataclass
from enum import StrEnum

from balie.locales import marked


class Desk(StrEnum):
    """How far the desk is, in English words."""

    OPENING = marked("opening the desk")
    WARMING_UP = marked("warming up")
    READY = marked("ready")
    DEGRADED = marked("limited: forms and exact words")
    CLOSED = marked("not open")


@dataclass(frozen=True)
class Health:
    """What the status bar shows.

    Attributes:
        why: the reason where the desk is limited or not open.
        model: what decides.
        database: whether it could be used when it was last needed; None before.
        milliseconds: how long the last turn took; None before, or where nobody wants to see it.
        busy: something takes longer than a moment.
    """

    desk: Desk = Desk.OPENING
    why: str = ""
    model: str = ""
    database: bool | None = None
    milliseconds: float | None = None
    busy: bool = False
