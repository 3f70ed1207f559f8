"""What the shop's own systems do with an order: take it, book its payment, pack, ship and deliver it.

Each step is one conditional UPDATE: an order that is not in the step before stays as it is.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from balie_customer_service.models import (
    Order,
    OrderLine,
    OrderStatus,
    PaymentMethod,
    Product,
    Shipment,
    ShipmentEvent,
    ShipmentStatus,
)
from balie_customer_service.services.accounts import get_customer
from balie_customer_service.services.errors import NoSuchProduct, OrderEmpty, OrderInWrongState
from balie_customer_service.services.hours import local_day, working_days
from balie_customer_service.services.numbers import Series, next_number
from balie_customer_service.services.orders import get_order

SHIPPING = Decimal("4.95")
FREE_SHIPPING_FROM = Decimal("50.00")
HOME_COUNTRY = "NL"
DELIVERY_WORKING_DAYS = {HOME_COUNTRY: 2}
DELIVERY_WORKING_DAYS_ABROAD = 4
CARRIER = "Noordpost"


def shipping_cost(goods: Decimal) -> Decimal:
    """What sending goods of this value costs, in euros."""
    return Decimal("0.00") if goods >= FREE_SHIPPING_FROM else SHIPPING


def promised_day(placed_at: datetime, country: str) -> date:
    """The working day by which an order arrives if nothing goes wrong."""
    count = DELIVERY_WORKING_DAYS.get(country, DELIVERY_WORKING_DAYS_ABROAD)
    days = working_days(local_day(placed_at) + timedelta(days=1))
    return next(islice(days, count - 1, None))


async def place_order(
    session: AsyncSession,
    basket: Mapping[str, int],
    *,
    customer: str,
    payment_method: PaymentMethod,
    now: datetime,
) -> Order:
    """Take an order of products (SKU to quantity) to the customer's own address; it waits for payment.

    Raises:
        OrderEmpty, NoSuchProduct, NoSuchCustomer
    """
    if not basket or min(basket.values()) < 1:
        raise OrderEmpty
    buyer = await get_customer(session, customer, customer=customer)
    products = {
        each.sku: each for each in await session.scalars(select(Product).where(Product.sku.in_(basket)))
    }
    for sku in basket:
        if sku not in products:
            raise NoSuchProduct(None, sku)
    lines = [
        OrderLine(product=products[sku], position=position, quantity=count, unit_price=products[sku].price)
        for position, (sku, count) in enumerate(basket.items(), start=1)
    ]
    goods = sum((line.amount for line in lines), Decimal("0.00"))
    number = await next_number(session, Series.ORDER)
    session.add(
        Order(
            number=number,
            customer_id=buyer.id,
            status=OrderStatus.PENDING_PAYMENT,
            placed_at=now,
            due_date=promised_day(now, buyer.country),
            recipient=buyer.name,
            street=buyer.street,
            postcode=buyer.postcode,
            city=buyer.city,
            country=buyer.country,
            shipping_cost=shipping_cost(goods),
            total=goods + shipping_cost(goods),
            payment_method=payment_method,
            lines=lines,
            created_at=now,
            updated_at=now,
        )
    )
    await session.flush()
    return await get_order(session, number, customer=customer)


async def pay_order(session: AsyncSession, number: str, *, now: datetime) -> Order:
    """The money is there.

    Raises:
        NoSuchOrder, OrderInWrongState
    """
    return await _step(
        session, number, [OrderStatus.PENDING_PAYMENT], now, status=OrderStatus.PAID, paid_at=now
    )


async def pack_order(session: AsyncSession, number: str, *, now: datetime) -> Order:
    """The parcel is ready for the carrier.

    Raises:
        NoSuchOrder, OrderInWrongState
    """
    return await _step(session, number, [OrderStatus.PAID], now, status=OrderStatus.PACKED)


async def ship_order(session: AsyncSession, number: str, *, now: datetime, place: str = "Rotterdam") -> Order:
    """The carrier has taken the parcel; from here on it gets a tracking number.

    Raises:
        NoSuchOrder, OrderInWrongState
    """
    order = await _step(
        session,
        number,
        [OrderStatus.PAID, OrderStatus.PACKED],
        now,
        status=OrderStatus.SHIPPED,
        shipped_at=now,
    )
    event = ShipmentEvent(at=now, place=place, text="Handed to the carrier")
    session.add(
        Shipment(
            order_id=order.id,
            carrier=CARRIER,
            tracking_number=await next_number(session, Series.PARCEL),
            status=ShipmentStatus.IN_TRANSIT,
            events=[event],
        )
    )
    await session.flush()
    return await get_order(session, number, customer=None)


async def deliver_order(session: AsyncSession, number: str, *, now: datetime) -> Order:
    """The customer has the parcel; the days for sending back begin (CS-3).

    Raises:
        NoSuchOrder, OrderInWrongState
    """
    order = await _step(
        session, number, [OrderStatus.SHIPPED], now, status=OrderStatus.DELIVERED, delivered_at=now
    )
    if order.shipment is not None:
        order.shipment.status = ShipmentStatus.DELIVERED
        session.add(ShipmentEvent(shipment_id=order.shipment.id, at=now, place=order.city, text="Delivered"))
    await session.flush()
    return await get_order(session, number, customer=None)


async def _step(
    session: AsyncSession, number: str, before: Sequence[OrderStatus], now: datetime, **values: Any
) -> Order:
    changed = await session.scalar(
        update(Order)
        .where(Order.number == number, Order.status.in_(before))
        .values(updated_at=now, **values)
        .returning(Order.id)
        .execution_options(synchronize_session=False)
    )
    order = await get_order(session, number, customer=None)
    if changed is None:
        raise OrderInWrongState(number, order.status)
    return order
