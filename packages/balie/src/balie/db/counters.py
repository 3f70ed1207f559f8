"""Numbers that people read out: one after the other, none twice, also when many ask at once."""

from sqlalchemy import String, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from balie.errors import MigrationNeeded


class CounterColumns:
    """What a vertical's table of counters has: the last number given in each series."""

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int]


async def next_value(session: AsyncSession, counters: type[CounterColumns], name: str) -> int:
    """The next number of a series.

    The counter's row stays locked until the transaction ends, so a number is given once, and one that
    was given in a transaction that failed is given again.

    Raises:
        MigrationNeeded: the database has no such counter.
    """
    value = await session.scalar(
        update(counters)
        .where(counters.name == name)
        .values(value=counters.value + 1)
        .returning(counters.value)
        .execution_options(synchronize_session=False)
    )
    if value is None:
        raise MigrationNeeded(f"The database has no counter {name}; run: balie db upgrade.")
    return value
