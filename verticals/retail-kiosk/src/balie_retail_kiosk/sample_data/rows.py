"""Collecting rows, and putting them in all at once: one statement a table instead of one a row."""

import random
import uuid
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, inspect
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import Base

ZONE = ZoneInfo("Europe/Amsterdam")
_SEED = 20260310


def dice(name: str) -> random.Random:
    """A generator that repeats, by name: what is added to one shelf does not move another one."""
    return random.Random(f"{_SEED} {name}")  # noqa: S311 - sample data must repeat, not be unguessable


class Rows:
    """The rows that will be inserted, with keys that are the same every time.

    Attributes:
        today: the day on which the shops are looked at; what was counted was counted before it began.
    """

    def __init__(self, today: date) -> None:
        self.today = today
        self._keys = dice("keys")
        self._made = int(self.at(0, time()).timestamp() * 1000) - 10_000_000
        self._rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)

    def at(self, days: int, clock: time) -> datetime:
        """A moment some days from today (negative: before), by the shops' clock."""
        return datetime.combine(self.today + timedelta(days=days), clock, ZONE)

    def day(self, days: int) -> date:
        """A day some days from today (negative: before)."""
        return self.today + timedelta(days=days)

    def add(self, model: type[Base], **values: Any) -> uuid.UUID:
        """One more row; its new key is given back. What is not given stays NULL."""
        key = self._key()
        self._rows[model].append({"id": key, **values})
        return key

    def add_keyed(self, model: type[Base], **values: Any) -> None:
        """One more row of a table whose key is among the values."""
        self._rows[model].append(values)

    def _key(self) -> uuid.UUID:
        # A UUIDv7, in the order of asking.
        self._made += 1
        bits = self._made << 80 | 7 << 76 | self._keys.getrandbits(12) << 64
        return uuid.UUID(int=bits | 2 << 62 | self._keys.getrandbits(62))

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
