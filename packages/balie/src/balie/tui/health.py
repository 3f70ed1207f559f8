"""How the desk is doing, as the status bar says it."""

from dataclasses import dataclass
from enum import StrEnum


class Desk(StrEnum):
    """How far the desk is. The words are the ones that are shown."""

    OPENING = "opening the desk"
    WARMING_UP = "warming up"
    READY = "ready"
    DEGRADED = "limited: forms and exact words"
    CLOSED = "not open"


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
