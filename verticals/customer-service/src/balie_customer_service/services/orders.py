"""Orders: looking them up, cancelling them, sending them elsewhere.

What the shop's own systems do with an order (pay, pack, ship, deliver) is in :mod:`.fulfilment`.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from balie_customer_service.models import (
    Order,
    OrderLine,
    OrderStatus,
    Refund,
    RefundStatus,
    Return,
    Shipment,
)
from balie_customer_service.services.accounts import belongs_to
from balie_customer_service.services.errors import (
    AddressAbroad,
    AddressIncomplete,
    NoSuchOrder,
    OrderAlreadyCancelled,
    OrderAlreadyShipped,
)
from balie_customer_service.services.hours import local_day

NOT_SHIPPED = (OrderStatus.PENDING_PAYMENT, OrderStatus.PAID, OrderStatus.PACKED)
"""In these an order can still be cancelled (CS-1) and sent elsewhere (CS-2)."""

_COUNTRY = re.compile("[A-Z]{2}")


class Address(Struct, frozen=True):
    """Where a parcel goes.

    ``country`` is two letters (ISO 3166-1); None is the one that the order goes to. ``recipient`` None
    keeps the name.
    """

    street: str
    postcode: str
    city: str
    country: str | None = None
    recipient: str | None = None


class Cancelled(Struct, frozen=True):
    """An order that is cancelled; ``refund`` is None where nothing had been paid."""

    order: Order
    refund: Refund | None


def with_details(orders: Select[Order]) -> Select[Order]:
    """Load lines with products, shipment with events, returns with lines, and refunds along."""
    return orders.options(
        joinedload(Order.customer, innerjoin=True),
        selectinload(Order.lines).joinedload(OrderLine.product, innerjoin=True),
        joinedload(Order.shipment).selectinload(Shipment.events),
        # Not their order lines: populate_existing would empty the products that are loaded with them above.
        selectinload(Order.returns).selectinload(Return.lines),
        selectinload(Order.refunds),
    ).execution_options(populate_existing=True)


async def get_order(session: AsyncSession, number: str, *, customer: str | None) -> Order:
    """An order with everything about it.

    Raises:
        NoSuchOrder: it is not there, or not this customer's (CS-9).
    """
    order = await session.scalar(
        with_details(select(Order).where(Order.number == number, *belongs_to(Order.customer_id, customer)))
    )
    if order is None:
        raise NoSuchOrder(number)
    return order


async def list_orders(
    session: AsyncSession,
    *,
    customer: str | None,
    statuses: Collection[OrderStatus] = (),
    limit: int = 20,
    offset: int = 0,
) -> Sequence[Order]:
    """Orders with lines and shipments, the newest first; of everybody where ``customer`` is None."""
    chosen = (
        _chosen(customer, statuses)
        .options(
            joinedload(Order.customer, innerjoin=True),
            selectinload(Order.lines).joinedload(OrderLine.product, innerjoin=True),
            joinedload(Order.shipment),
        )
        .order_by(Order.placed_at.desc(), Order.number.desc())
        .limit(limit)
        .offset(offset)
    )
    return (await session.scalars(chosen)).all()


async def count_orders(
    session: AsyncSession, *, customer: str | None, statuses: Collection[OrderStatus] = ()
) -> int:
    """How many :func:`list_orders` would give without a limit."""
    chosen = _chosen(customer, statuses).with_only_columns(func.count(Order.id))
    return await session.scalar(chosen) or 0


def _chosen(customer: str | None, statuses: Collection[OrderStatus]) -> Select[Order]:
    chosen = select(Order).where(*belongs_to(Order.customer_id, customer))
    return chosen.where(Order.status.in_(statuses)) if statuses else chosen


async def cancellable(session: AsyncSession, number: str, *, customer: str | None) -> Order:
    """The order, if it can still be cancelled (CS-1). Changes nothing: this is what a preview asks.

    Raises:
        NoSuchOrder, OrderAlreadyShipped, OrderAlreadyCancelled
    """
    return _not_shipped(await get_order(session, number, customer=customer))


async def cancel_order(
    session: AsyncSession, number: str, *, customer: str | None, now: datetime
) -> Cancelled:
    """Cancel an order that has not shipped (CS-1), and announce the refund of what was paid (CS-4).

    Raises:
        NoSuchOrder, OrderAlreadyShipped, OrderAlreadyCancelled
    """
    changed = await _change_before_shipping(
        session,
        number,
        customer,
        status=OrderStatus.CANCELLED,
        cancelled_at=now,
        due_date=None,
        updated_at=now,
    )
    order = await get_order(session, number, customer=customer)
    if not changed:
        _refuse(order)
    if order.paid_at is None:
        return Cancelled(order, None)
    refund = Refund(
        order_id=order.id,
        amount=order.total,
        status=RefundStatus.ANNOUNCED,
        method=order.payment_method,
        announced_at=now,
    )
    order.refunds.append(refund)
    await session.flush()
    return Cancelled(order, refund)


async def redirectable(
    session: AsyncSession, number: str, address: Address | None = None, *, customer: str | None
) -> Order:
    """The order, if it can still be sent elsewhere (CS-2), and there if ``address`` says where.

    Changes nothing: this is what a preview asks.

    Raises:
        NoSuchOrder, OrderAlreadyShipped, OrderAlreadyCancelled, AddressIncomplete, AddressAbroad
    """
    order = _not_shipped(await get_order(session, number, customer=customer))
    if address is not None and (complete(address).country or order.country) != order.country:
        raise AddressAbroad(number, order.country)
    return order


async def change_address(
    session: AsyncSession, number: str, address: Address, *, customer: str | None, now: datetime
) -> Order:
    """Send an order that has not shipped to another address (CS-2). The customer's own address stays.

    Raises:
        NoSuchOrder, OrderAlreadyShipped, OrderAlreadyCancelled, AddressIncomplete, AddressAbroad
    """
    await redirectable(session, number, address, customer=customer)
    address = complete(address)
    values: dict[str, Any] = {
        "street": address.street,
        "postcode": address.postcode,
        "city": address.city,
    }
    if address.recipient:
        values["recipient"] = address.recipient
    changed = await _change_before_shipping(session, number, customer, updated_at=now, **values)
    order = await get_order(session, number, customer=customer)
    if not changed:
        _refuse(order)
    return order


def complete(address: Address) -> Address:
    """The address without stray spaces, if a parcel would arrive there.

    Raises:
        AddressIncomplete: with the names of the missing parts in ``missing``; a street without a house
            number lacks its ``house_number``.
    """
    neat = Address(
        street=" ".join(address.street.split()),
        postcode=" ".join(address.postcode.split()).upper(),
        city=" ".join(address.city.split()),
        country=address.country.strip().upper() if address.country else None,
        recipient=" ".join(address.recipient.split()) if address.recipient else None,
    )
    missing = [part for part in ("street", "postcode", "city") if not getattr(neat, part)]
    if neat.street and not any(character.isdigit() for character in neat.street):
        missing.append("house_number")
    if neat.country is not None and not _COUNTRY.fullmatch(neat.country):
        missing.append("country")
    if missing:
        raise AddressIncomplete(missing)
    return neat


async def _change_before_shipping(
    session: AsyncSession, number: str, customer: str | None, **values: Any
) -> bool:
    # The status is part of the condition, so of two changes at the same moment, or of a change and the
    # carrier's pickup, one finds no row any more.
    changed = await session.scalar(
        update(Order)
        .where(
            Order.number == number,
            Order.status.in_(NOT_SHIPPED),
            *belongs_to(Order.customer_id, customer),
        )
        .values(**values)
        .returning(Order.id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None


def _not_shipped(order: Order) -> Order:
    if order.status not in NOT_SHIPPED:
        _refuse(order)
    return order


def _refuse(order: Order) -> None:
    if order.cancelled_at is not None:
        raise OrderAlreadyCancelled(order.number, local_day(order.cancelled_at))
    if order.shipped_at is not None:
        raise OrderAlreadyShipped(
            order.number,
            local_day(order.shipped_at),
            delivered_on=local_day(order.delivered_at) if order.delivered_at else None,
            tracking=order.shipment.tracking_number if order.shipment else None,
        )
    raise AssertionError(f"order {order.number} is {order.status}")
