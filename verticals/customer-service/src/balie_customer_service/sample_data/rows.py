"""Collecting rows, and putting them in all at once: one statement a table instead of one a row."""

import random
import uuid
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, inspect
from sqlalchemy.ext.asyncio import AsyncSession

from balie_customer_service.models import Base
from balie_customer_service.services.hours import ZONE

_SEED = 20260310


class Rows:
    """The rows that will be inserted, and what makes them the same every time.

    Attributes:
        today: the day on which the shop is looked at; everything happened before it began.
        random: a generator with a fixed seed, for everything that is made up.
    """

    def __init__(self, today: date) -> None:
        self.today = today
        self.random = random.Random(_SEED)  # noqa: S311 - sample data must repeat, not be unguessable
        self._keys = random.Random(_SEED + 1)  # noqa: S311
        self._made = int(self.at(0, time()).timestamp() * 1000) - 10_000_000
        self._rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)

    def at(self, days: int, clock: time) -> datetime:
        """A moment some days from today (negative: before), by the shop's clock."""
        return datetime.combine(self.today + timedelta(days=days), clock, ZONE)

    @property
    def cutoff(self) -> datetime:
        """The beginning of today; nothing that has happened is later."""
        return self.at(0, time())

    def moment(self, day: date, first: int = 7, last: int = 23) -> datetime:
        """Some moment of a day, between two full hours of the shop's clock."""
        minute = self.random.randrange(first * 60, last * 60)
        clock = time(minute // 60, minute % 60, self.random.randrange(60))
        return datetime.combine(day, clock, ZONE)

    def add(self, model: type[Base], **values: Any) -> uuid.UUID:
        """One more row; its key is given back. What is not given stays NULL."""
        key = self.key()
        self._rows[model].append({"id": key, **values})
        return key

    def key(self) -> uuid.UUID:
        """A UUIDv7, in the order of asking, and the same one in every run."""
        self._made += 1
        bits = self._made << 80 | 7 << 76 | self._keys.getrandbits(12) << 64
        return uuid.UUID(int=bits | 2 << 62 | self._keys.getrandbits(62))

    def of(self, model: type[Base]) -> list[dict[str, Any]]:
        """The rows of one table so far."""
        return self._rows[model]

    async def insert(self, session: AsyncSession) -> None:
        """Put everything in, tables that others refer to first."""
        by_table = {inspect(model).local_table: model for model in self._rows}
        for table in Base.metadata.sorted_tables:
            model = by_table.get(table)
            if model is None:
                continue
            names = [column.key for column in inspect(model).column_attrs]
            rows = [{name: row.get(name) for name in names} for row in self._rows[model]]
            await session.execute(insert(table), rows)
