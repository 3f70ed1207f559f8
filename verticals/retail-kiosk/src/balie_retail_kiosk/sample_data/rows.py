"""The rows of the sample data, and the chance that makes up the rest of them the same way every time."""

import random
from datetime import date
from zoneinfo import ZoneInfo

from balie.db import rows

ZONE = ZoneInfo("Europe/Amsterdam")
_SEED = 20260310


def dice(name: str) -> random.Random:
    """A generator that repeats, by name: what is added to one shelf does not move another one."""
    return random.Random(f"{_SEED} {name}")  # noqa: S311 - sample data must repeat, not be unguessable


class Rows(rows.Rows):
    """The shops' rows."""

    def __init__(self, today: date) -> None:
        super().__init__(today, ZONE, dice("keys"))
