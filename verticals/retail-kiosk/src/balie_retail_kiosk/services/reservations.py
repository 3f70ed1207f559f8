"""Reservations (RK-8): units kept back for two hours, for whoever comes with the number.

What is active and not over is taken off what can be sold (:func:`.stock.available`), so a reservation
whose time is over gives its units back by the clock alone; :func:`expire_due` only writes it down.

A reservation is made in :meth:`balie.db.Database.write`, where there is one writer at a time: what was
available when it was looked at is still available when it is taken.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from balie.db import outbox
from msgspec import Struct
from sqlalchemy import CursorResult, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from balie_retail_kiosk.models import (
    Product,
    Reservation,
    ReservationLine,
    ReservationStatus,
    Shop,
    Stock,
)
from balie_retail_kiosk.services import stock
from balie_retail_kiosk.services.errors import OutOfStock, ReservationOver, ReservationUnknown
from balie_retail_kiosk.services.items import Item, wanted
from balie_retail_kiosk.services.numbers import Drawn, draw, read
from balie_retail_kiosk.services.shops import TIMEZONE, hours_on

HOLD = timedelta(hours=2)
"""For so much time in which the shop is open, units are kept back (RK-8)."""

MOST_UNITS = 10
"""Of one product, in a reservation (RK-8)."""

MOST_LINES = 10
"""Different products in a reservation (RK-8)."""

_DAYS_AHEAD = 14
_WHOLE = (
    joinedload(Reservation.shop, innerjoin=True),
    selectinload(Reservation.lines).joinedload(ReservationLine.product, innerjoin=True),
)


class Kept(Struct, frozen=True):
    """What would be kept back, and until when (UTC)."""

    lines: list[tuple[Product, int]]
    expires_at: datetime


async def expires_at(
    session: AsyncSession, shop: Shop, *, now: datetime, timezone: ZoneInfo = TIMEZONE
) -> datetime:
    """The instant (UTC) at which the shop will have been open for two hours from now (RK-8).

    A shop that does not open within two weeks keeps things back for two hours by the clock.
    """
    left = HOLD
    # Elapsed time is counted in UTC: the arithmetic of aware datetimes in one zone ignores clock changes.
    moment = now.astimezone(UTC)
    today = now.astimezone(timezone).date()
    for day in (today + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD + 1)):
        hours = await hours_on(session, shop, day)
        if hours.opens is None or hours.closes is None:
            continue
        begin = max(moment, datetime.combine(day, hours.opens, timezone).astimezone(UTC))
        end = datetime.combine(day, hours.closes, timezone).astimezone(UTC)
        if begin >= end:
            continue
        if begin + left <= end:
            return begin + left
        left -= end - begin
    return moment + HOLD


async def check(
    session: AsyncSession,
    items: Sequence[Item],
    *,
    shop: Shop,
    now: datetime,
    timezone: ZoneInfo = TIMEZONE,
) -> Kept:
    """What would be kept back in this shop, and until when. Changes nothing: for a preview.

    Raises:
        NothingInQuote, BadRequest, TooMany, ProductUnknown, GtinWrong: as :func:`.items.wanted`.
        OutOfStock: the shop has fewer than that of something; of the first such product.
    """
    lines = await wanted(session, items, most_units=MOST_UNITS, most_lines=MOST_LINES)
    available = await stock.available(session, [product.id for product, _ in lines], shop, now)
    for product, quantity in lines:
        left = available.get(product.id, 0)
        if quantity > left:
            raise OutOfStock(product.sku, product.name, available=left, wanted=quantity)
    return Kept(lines, await expires_at(session, shop, now=now, timezone=timezone))


async def make(
    session: AsyncSession,
    items: Sequence[Item],
    *,
    shop: Shop,
    now: datetime,
    timezone: ZoneInfo = TIMEZONE,
    conversation: UUID | None,
) -> Reservation:
    """Keep these back under a number: all of them, or nothing.

    Raises:
        NothingInQuote, BadRequest, TooMany, ProductUnknown, GtinWrong, OutOfStock: as :func:`check`.
    """
    kept = await check(session, items, shop=shop, now=now, timezone=timezone)
    reservation = Reservation(
        number=await draw(session, Drawn.RESERVATION),
        shop_id=shop.id,
        conversation=conversation,
        created_at=now,
        expires_at=kept.expires_at,
        status=ReservationStatus.ACTIVE,
    )
    reservation.lines = [
        ReservationLine(product_id=product.id, position=position, quantity=quantity)
        for position, (product, quantity) in enumerate(kept.lines, start=1)
    ]
    session.add(reservation)
    await session.flush()
    await outbox.enqueue(
        session,
        topic="reservation.made",
        recipient="webhook",
        payload={
            "number": reservation.number,
            "shop": shop.number,
            "created_at": now.isoformat(),
            "expires_at": kept.expires_at.isoformat(),
            "lines": [{"sku": product.sku, "quantity": quantity} for product, quantity in kept.lines],
        },
        at=now,
    )
    return await get(session, reservation.number)


async def get(session: AsyncSession, number: str) -> Reservation:
    """A reservation with its shop, lines and products; :func:`status_at` says how far it is.

    Raises:
        ReservationUnknown: no reservation has this number.
    """
    reservation = await session.scalar(
        select(Reservation)
        .where(Reservation.number == read(number, Drawn.RESERVATION))
        .options(*_WHOLE)
        .execution_options(populate_existing=True)
    )
    if reservation is None:
        raise ReservationUnknown(number)
    return reservation


def status_at(reservation: Reservation, now: datetime) -> ReservationStatus:
    """How far it is: an active one whose time is over counts as expired, written down or not."""
    if reservation.status is ReservationStatus.ACTIVE and reservation.expires_at <= now:
        return ReservationStatus.EXPIRED
    return reservation.status


async def get_active(session: AsyncSession, number: str, *, now: datetime) -> Reservation:
    """A reservation that still keeps something back. Changes nothing: for a preview.

    Raises:
        ReservationUnknown: no reservation has this number.
        ReservationOver: it was collected or cancelled, or its time is over.
    """
    reservation = await get(session, number)
    status = status_at(reservation, now)
    if status is not ReservationStatus.ACTIVE:
        raise ReservationOver(reservation.number, status.value)
    return reservation


async def cancel(session: AsyncSession, number: str, *, now: datetime) -> Reservation:
    """Give the units back.

    Raises:
        ReservationUnknown, ReservationOver: as :func:`get_active`.
    """
    reservation = await get_active(session, number, now=now)
    reservation.status = ReservationStatus.CANCELLED
    await session.flush()
    await outbox.enqueue(
        session,
        topic="reservation.cancelled",
        recipient="webhook",
        payload={"number": reservation.number, "shop": reservation.shop.number},
        at=now,
    )
    return reservation


async def collect(session: AsyncSession, number: str, *, now: datetime) -> Reservation:
    """For staff: it was handed over (RK-12). The units leave the stock at once (RK-7).

    Raises:
        ReservationUnknown, ReservationOver: as :func:`get_active`.
    """
    reservation = await get_active(session, number, now=now)
    for line in reservation.lines:
        await session.execute(
            update(Stock)
            .where(Stock.shop_id == reservation.shop_id, Stock.product_id == line.product_id)
            # A count that came in between may have found fewer than were promised.
            .values(on_hand=case((Stock.on_hand > line.quantity, Stock.on_hand - line.quantity), else_=0))
            .execution_options(synchronize_session=False)
        )
    reservation.status = ReservationStatus.COLLECTED
    await session.flush()
    return reservation


async def expire_due(session: AsyncSession, now: datetime) -> int:
    """Write down which reservations are over, and give how many; nothing depends on its being run."""
    outcome = await session.execute(
        update(Reservation)
        .where(Reservation.status == ReservationStatus.ACTIVE, Reservation.expires_at <= now)
        .values(status=ReservationStatus.EXPIRED)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", outcome).rowcount


async def active(session: AsyncSession, *, shop: Shop | None = None, now: datetime) -> Sequence[Reservation]:
    """For staff: what is kept back now, the next to expire first; in all shops where none is given."""
    chosen = (
        select(Reservation)
        .where(Reservation.status == ReservationStatus.ACTIVE, Reservation.expires_at > now)
        .options(*_WHOLE)
        .order_by(Reservation.expires_at, Reservation.number)
    )
    if shop is not None:
        chosen = chosen.where(Reservation.shop_id == shop.id)
    return (await session.scalars(chosen)).all()


async def latest(
    session: AsyncSession, *, shop: Shop | None = None, limit: int = 20, offset: int = 0
) -> Sequence[Reservation]:
    """For staff: reservations of every status, the newest first; of all shops where none is given."""
    chosen = select(Reservation).options(*_WHOLE).order_by(Reservation.created_at.desc(), Reservation.number)
    if shop is not None:
        chosen = chosen.where(Reservation.shop_id == shop.id)
    return (await session.scalars(chosen.limit(limit).offset(offset))).all()


async def count(session: AsyncSession, *, shop: Shop | None = None) -> int:
    """How many :func:`latest` would give without a limit."""
    chosen = select(func.count(Reservation.id))
    if shop is not None:
        chosen = chosen.where(Reservation.shop_id == shop.id)
    return await session.scalar(chosen) or 0
