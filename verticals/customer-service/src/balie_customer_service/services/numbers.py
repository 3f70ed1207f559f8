"""Numbers that people read out: one after the other, none twice, also when many ask at once."""

import enum

from balie.errors import MigrationNeeded
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from balie_customer_service.models import Counter


class Series(enum.StrEnum):
    """The series, by the name of their counter."""

    CUSTOMER = "customer"
    ORDER = "order"
    TICKET = "ticket"
    INCIDENT = "incident"
    RETURN = "return"
    PARCEL = "parcel"


FORMATS: dict[Series, str] = {
    Series.CUSTOMER: "C-{}",
    Series.ORDER: "{}",
    Series.TICKET: "T-{}",
    Series.INCIDENT: "I-{}",
    Series.RETURN: "R-{}",
    Series.PARCEL: "3SBAL{:09}",
}


async def next_number(session: AsyncSession, series: Series) -> str:
    """The next number of a series.

    The counter's row stays locked until the transaction ends, so a number is given once, and one that
    was given in a transaction that failed is given again.

    Raises:
        MigrationNeeded: the database has no such counter.
    """
    value = await session.scalar(
        update(Counter)
        .where(Counter.name == series.value)
        .values(value=Counter.value + 1)
        .returning(Counter.value)
        .execution_options(synchronize_session=False)
    )
    if value is None:
        raise MigrationNeeded(f"The database has no counter {series.value}; run: balie db upgrade.")
    return FORMATS[series].format(value)
