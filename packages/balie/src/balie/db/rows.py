"""Sample data: collecting rows, and putting them in all at once, one statement a table instead of one a row."""

import random
import uuid
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, inspect
from sqlalchemy.ext.asyncio import AsyncSession

from balie.db.base import VerticalBase

_BEFORE_MS = 10_000_000


class Rows:
    """The rows that will be inserted, with keys that are the same every time.

    Args:
        today: the day on which the data are looked at; what has happened, happened before it began.
        zone: of the place that the data are of.
        keys: with a fixed seed, so that the same rows get the same keys.
    """

    def __init__(self, today: date, zone: ZoneInfo, keys: random.Random) -> None:
        self.today = today
        self.zone = zone
        self._keys = keys
        self._made = int(self.at(0, time()).timestamp() * 1000) - _BEFORE_MS
        self._rows: dict[type[VerticalBase], list[dict[str, Any]]] = defaultdict(list)

    def at(self, days: int, clock: time) -> datetime:
        """A moment some days from today (negative: before), by the clock of the place."""
        return datetime.combine(self.day(days), clock, self.zone)

    def day(self, days: int) -> date:
        """A day some days from today (negative: before)."""
        return self.today + timedelta(days=days)

    def add(self, model: type[VerticalBase], **values: Any) -> uuid.UUID:
        """One more row; its new key is given back. What is not given stays NULL."""
        key = self._key()
        self._rows[model].append({"id": key, **values})
        return key

    def add_keyed(self, model: type[VerticalBase], **values: Any) -> None:
        """One more row of a table whose key is among the values."""
        self._rows[model].append(values)

    def of(self, model: type[VerticalBase]) -> list[dict[str, Any]]:
        """The rows of one table so far."""
        return self._rows[model]

    async def insert(self, session: AsyncSession) -> None:
        """Put everything in, tables that others refer to first."""
        by_table = {inspect(model).local_table: model for model in self._rows}
        for table in next(iter(self._rows)).metadata.sorted_tables:
            model = by_table.get(table)
            if model is None:
                continue
            names = [column.key for column in inspect(model).column_attrs]
            rows = [{name: row.get(name) for name in names} for row in self._rows[model]]
            await session.execute(insert(table), rows)

    def _key(self) -> uuid.UUID:
        # A UUIDv7 (RFC 9562), in the order of asking.
        self._made += 1
        bits = self._made << 80 | 7 << 76 | self._keys.getrandbits(12) << 64
        return uuid.UUID(int=bits | 2 << 62 | self._keys.getrandbits(62))
