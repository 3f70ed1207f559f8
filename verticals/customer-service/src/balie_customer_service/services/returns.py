"""Sending things back, and getting money for it (CS-3, CS-4)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from balie.db import new_id, outbox
from msgspec import Struct
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from balie_customer_service.models import (
    Order,
    OrderLine,
    OrderStatus,
    Refund,
    RefundStatus,
    Return,
    ReturnKind,
    ReturnLine,
    ReturnStatus,
)
from balie_customer_service.services.errors import (
    AlreadyReturned,
    NoSuchProduct,
    NoSuchReturn,
    NotReturnable,
    OrderNotDelivered,
    ReturnInWrongState,
    ReturnWindowOver,
    TextMissing,
)
from balie_customer_service.services.hours import local_day
from balie_customer_service.services.numbers import Series, next_number
from balie_customer_service.services.orders import get_order

RETURN_DAYS = 30
"""How many days after its delivery an order can be sent back; the last one counts (CS-3)."""

WITHDRAWAL = timedelta(days=14)
"""Who sends the whole order back this soon gets the shipping cost back too (Directive 2011/83/EU, art. 13)."""

SEND_WITHIN = timedelta(days=14)
"""How long a return label works."""


class Returnable(Struct, frozen=True):
    """What can be sent back now: the lines, the euros that come back for them, and the last day for it."""

    order: Order
    lines: Sequence[OrderLine]
    amount: Decimal
    until: date


def last_day(delivered_at: datetime) -> date:
    """The last day, in the shop's zone, on which a return can be started (CS-3)."""
    return local_day(delivered_at) + timedelta(days=RETURN_DAYS)


async def returnable(
    session: AsyncSession,
    number: str,
    *,
    skus: Collection[str] = (),
    customer: str | None,
    now: datetime,
) -> Returnable:
    """What of an order can be sent back today. Changes nothing: this is what a preview asks.

    Without ``skus`` it is everything that can be sent back; with them it is those products, or an error.

    Raises:
        NoSuchOrder, NoSuchProduct, OrderNotDelivered, ReturnWindowOver, NotReturnable, AlreadyReturned
    """
    order = await get_order(session, number, customer=customer)
    if order.delivered_at is None:
        raise OrderNotDelivered(number, order.status, order.due_date)
    until = last_day(order.delivered_at)
    under_way = {line.order_line_id: each.label for each in order.returns for line in each.lines}
    chosen = [line for line in order.lines if not skus or line.product.sku in skus]
    for sku in skus:
        if all(line.product.sku != sku for line in chosen):
            raise NoSuchProduct(number, sku)
    free = [line for line in chosen if line.product.returnable and line.id not in under_way]
    if not free or (skus and len(free) < len(chosen)):
        line = next(
            (line for line in chosen if line.id in under_way),
            next(line for line in chosen if line not in free),
        )
        if line.id in under_way:
            raise AlreadyReturned(number, product=line.product.name, label=under_way[line.id])
        raise NotReturnable(number, line.product.name)
    if local_day(now) > until:
        raise ReturnWindowOver(number, delivered_on=local_day(order.delivered_at), until=until)
    amount = sum((line.amount for line in free), Decimal("0.00"))
    if len(free) == len(order.lines) and local_day(now) <= local_day(order.delivered_at + WITHDRAWAL):
        amount += order.shipping_cost
    return Returnable(order, free, amount, until)


async def start_return(
    session: AsyncSession,
    number: str,
    *,
    kind: ReturnKind,
    reason: str,
    skus: Collection[str] = (),
    customer: str | None,
    now: datetime,
) -> Return:
    """Give the label for sending products of an order back (CS-3) and mail it.

    A return announces the refund of what was paid for it (CS-4), an exchange does not.

    Raises:
        TextMissing: there is no reason. Beside it everything that :func:`returnable` raises.
    """
    if not reason.strip():
        raise TextMissing("reason")
    possible = await returnable(session, number, skus=skus, customer=customer, now=now)
    order = possible.order
    back = Return(
        id=new_id(),
        label=await next_number(session, Series.RETURN),
        order_id=order.id,
        kind=kind,
        reason=reason.strip(),
        status=ReturnStatus.ANNOUNCED,
        requested_at=now,
        send_by=local_day(now + SEND_WITHIN),
    )
    try:
        async with session.begin_nested():
            session.add(back)
            session.add_all(ReturnLine(return_id=back.id, order_line_id=line.id) for line in possible.lines)
            await session.flush()
    except IntegrityError as error:
        # Somebody was faster: a line has at most one return, by its unique constraint.
        raise AlreadyReturned(number, product=possible.lines[0].product.name, label=None) from error
    if kind is ReturnKind.RETURN and possible.amount > 0:
        session.add(
            Refund(
                order_id=order.id,
                return_id=back.id,
                amount=possible.amount,
                status=RefundStatus.ANNOUNCED,
                method=order.payment_method,
                announced_at=now,
            )
        )
    await outbox.enqueue(
        session,
        topic="email",
        recipient=order.customer.email,
        payload={
            "template": "return_label",
            "language": order.customer.language,
            "name": order.customer.name,
            "order": number,
            "label": back.label,
            "send_by": back.send_by,
        },
        at=now,
    )
    await session.flush()
    return await get_return(session, back.label)


async def get_return(session: AsyncSession, label: str) -> Return:
    """For staff: a return with its order, lines, products and refund.

    Raises:
        NoSuchReturn
    """
    found = await session.scalar(
        select(Return)
        .where(Return.label == label)
        .options(
            joinedload(Return.order, innerjoin=True),
            joinedload(Return.refund),
            selectinload(Return.lines).joinedload(ReturnLine.order_line).joinedload(OrderLine.product),
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NoSuchReturn(label)
    return found


async def refunds_of(session: AsyncSession, number: str, *, customer: str | None) -> Sequence[Refund]:
    """The refunds of an order, the oldest first; none if there is no money to come back.

    Raises:
        NoSuchOrder
    """
    return (await get_order(session, number, customer=customer)).refunds


async def receive_return(session: AsyncSession, label: str, *, now: datetime) -> Return:
    """For staff: the parcel is back. Its refund is approved; an order that is back whole is ``returned``.

    Raises:
        NoSuchReturn, ReturnInWrongState
    """
    await _step(session, label, ReturnStatus.ANNOUNCED, status=ReturnStatus.RECEIVED, received_at=now)
    back = await get_return(session, label)
    if back.refund is not None:
        back.refund.status = RefundStatus.APPROVED
    order = await get_order(session, back.order.number, customer=None)
    home = {
        line.order_line_id
        for each in order.returns
        if each.kind is ReturnKind.RETURN and each.status is not ReturnStatus.ANNOUNCED
        for line in each.lines
    }
    if all(line.id in home for line in order.lines if line.product.returnable):
        order.status = OrderStatus.RETURNED
        order.updated_at = now
    await session.flush()
    return await get_return(session, label)


async def complete_return(session: AsyncSession, label: str, *, now: datetime) -> Return:
    """For staff: the money has left, or the exchanged product has. Nothing more comes after it.

    Raises:
        NoSuchReturn, ReturnInWrongState
    """
    await _step(session, label, ReturnStatus.RECEIVED, status=ReturnStatus.COMPLETED)
    back = await get_return(session, label)
    if back.refund is not None:
        back.refund.status = RefundStatus.PAID
        back.refund.booked_at = now
    await session.flush()
    return back


async def _step(session: AsyncSession, label: str, before: ReturnStatus, **values: object) -> None:
    changed = await session.scalar(
        update(Return)
        .where(Return.label == label, Return.status == before)
        .values(**values)
        .returning(Return.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise ReturnInWrongState(label, (await get_return(session, label)).status)
