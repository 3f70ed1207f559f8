"""How much a desk is used: counts of days, that say nothing of anybody."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from balie.db.tables import UsageCount

Key = tuple[date, str, str, str]
"""Day, language, command, status."""


async def add(session: AsyncSession, counts: Mapping[Key, int]) -> None:
    """Add to what was counted before; in :meth:`Database.write` nobody else does so meanwhile."""
    for key, times in counts.items():
        known = await session.get(UsageCount, key)
        if known is None:
            day, language, command, status = key
            session.add(UsageCount(day=day, language=language, command=command, status=status, times=times))
        else:
            known.times += times
    await session.flush()


async def by_day(session: AsyncSession, since: date) -> Sequence[tuple[date, Mapping[str, int]]]:
    """The days from ``since`` on, the latest first, each with language → what was said and done."""
    counts = await session.execute(
        select(UsageCount.day, UsageCount.language, UsageCount.times).where(UsageCount.day >= since)
    )
    days: dict[date, Counter[str]] = {}
    for day, language, times in counts:
        days.setdefault(day, Counter())[language] += times
    return sorted(days.items(), reverse=True)
