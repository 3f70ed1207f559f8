"""A shop that feels real: Harbour & Home, with its customers and what they have been through this year."""

from datetime import date

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from balie_customer_service.models import Counter, Return
from balie_customer_service.sample_data.anchors import add_anchored_orders
from balie_customer_service.sample_data.desk import LAST_TICKET, add_callbacks, add_tickets
from balie_customer_service.sample_data.people import (
    ANCHORED,
    CUSTOMERS,
    FIRST_NUMBER,
    add_customers,
    promote,
)
from balie_customer_service.sample_data.purchases import FIRST_NUMBER as FIRST_ORDER
from balie_customer_service.sample_data.purchases import ORDERS, add_orders, add_products, spent
from balie_customer_service.sample_data.rows import Rows
from balie_customer_service.sample_data.technical import (
    LAST_INCIDENT,
    add_devices,
    add_incidents,
    add_services,
)
from balie_customer_service.services.knowledge import store_articles
from balie_customer_service.services.numbers import Series

__all__ = ["seed"]

LAST_PARCEL = 5_000_000


async def seed(session: AsyncSession, today: date) -> None:
    """Fill an empty database. The same day gives the same rows, and every other day moves them along.

    Nothing that has happened is later than the beginning of ``today``, by the clock of Amsterdam.
    """
    rows = Rows(today)
    products = add_products(rows)
    people = add_customers(rows)
    anchored = add_anchored_orders(rows, products, people)
    made_up = people[ANCHORED:]
    orders = add_orders(rows, products, made_up)
    promote(rows, spent(orders), made_up)
    add_tickets(rows, people, orders, anchored)
    add_callbacks(rows, people)
    services = add_services(rows)
    devices = add_devices(rows, products, people, orders)
    add_incidents(rows, devices, services)
    last_label = max(int(row["label"].removeprefix("R-")) for row in rows.of(Return))
    await rows.insert(session)
    await store_articles(session)
    for series, value in {
        Series.CUSTOMER: FIRST_NUMBER + CUSTOMERS - 1,
        Series.ORDER: FIRST_ORDER + ORDERS - 1,
        Series.TICKET: LAST_TICKET,
        Series.INCIDENT: LAST_INCIDENT,
        Series.RETURN: last_label,
        Series.PARCEL: LAST_PARCEL,
    }.items():
        await session.execute(update(Counter).where(Counter.name == series.value).values(value=value))
