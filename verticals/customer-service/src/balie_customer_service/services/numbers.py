"""Numbers that people read out: one after the other, none twice, also when many ask at once."""

import enum

from balie.db import next_value
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

    Raises:
        MigrationNeeded: the database has no such counter.
    """
    return FORMATS[series].format(await next_value(session, Counter, series))
