"""The rows of the sample data, and the chance that makes up the rest of them the same way every time."""

import random
from datetime import date, datetime, time

from balie.db import rows

from balie_customer_service.services.hours import ZONE

_SEED = 20260310


class Rows(rows.Rows):
    """The shop's rows.

    Attributes:
        random: a generator with a fixed seed, for everything that is made up.
    """

    def __init__(self, today: date) -> None:
        super().__init__(today, ZONE, random.Random(_SEED + 1))  # noqa: S311 - it must repeat
        self.random = random.Random(_SEED)  # noqa: S311

    @property
    def cutoff(self) -> datetime:
        """The beginning of today; nothing that has happened is later."""
        return self.at(0, time())

    def moment(self, day: date, first: int = 7, last: int = 23) -> datetime:
        """Some moment of a day, between two full hours of the shop's clock."""
        minute = self.random.randrange(first * 60, last * 60)
        clock = time(minute // 60, minute % 60, self.random.randrange(60))
        return datetime.combine(day, clock, ZONE)
