"""What there is of a product: here, in the other shops, and on its way (RK-7).

What can be sold is what lies there less what is reserved. A reservation counts from its making until it is
collected, cancelled or its time is over, by the clock and not by a job that tidies up (RK-8).
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import (
    Incoming,
    Product,
    Reservation,
    ReservationLine,
    ReservationStatus,
    Shop,
    Stock,
)
from balie_retail_kiosk.services.shops import TIMEZONE


class Delivery(NamedTuple):
    """Units that are on their way to a shop, and the day on which they are expected."""

    quantity: int
    expected_on: date


class ShopStock(Struct, frozen=True):
    """What one shop has of a product.

    Attributes:
        on_hand: units that lie there.
        reserved: units of them that are kept back for somebody.
        available: what is left; what can be sold.
        aisle, shelf: where it lies; None where the shop does not carry it.
        counted_at: when ``on_hand`` was counted (UTC); None where the shop does not carry it.
        incoming: what is on its way, the next delivery first.
    """

    shop: Shop
    on_hand: int
    reserved: int
    available: int
    aisle: str | None
    shelf: str | None
    counted_at: datetime | None
    incoming: list[Delivery]


async def availability(session: AsyncSession, product: Product, now: datetime) -> list[ShopStock]:
    """What every shop has of a product, by the shops' numbers; also those that do not carry it."""
    lying = {
        row.shop_id: row for row in await session.scalars(select(Stock).filter_by(product_id=product.id))
    }
    held = {
        shop: units
        for shop, _product, units in await session.execute(
            _reserved(now).where(ReservationLine.product_id == product.id)
        )
    }
    coming: dict[uuid.UUID, list[Delivery]] = defaultdict(list)
    for row in await session.scalars(
        select(Incoming)
        .where(Incoming.product_id == product.id, Incoming.expected_on >= now.astimezone(TIMEZONE).date())
        .order_by(Incoming.expected_on)
    ):
        coming[row.shop_id].append(Delivery(row.quantity, row.expected_on))
    found = []
    for shop in await session.scalars(select(Shop).order_by(Shop.number)):
        stock, reserved = lying.get(shop.id), held.get(shop.id, 0)
        on_hand = stock.on_hand if stock else 0
        found.append(
            ShopStock(
                shop=shop,
                on_hand=on_hand,
                reserved=reserved,
                available=max(0, on_hand - reserved),
                aisle=stock.aisle if stock else None,
                shelf=stock.shelf if stock else None,
                counted_at=stock.counted_at if stock else None,
                incoming=coming[shop.id],
            )
        )
    return found


async def available(
    session: AsyncSession, product_ids: Iterable[uuid.UUID], shop: Shop, now: datetime
) -> dict[uuid.UUID, int]:
    """What a shop can sell of each of these products; 0 for one that it does not carry.

    A recount may find less than is reserved: then it is 0, never less.
    """
    wanted = list(dict.fromkeys(product_ids))
    if not wanted:
        return {}
    lying = await session.execute(
        select(Stock.product_id, Stock.on_hand).where(Stock.shop_id == shop.id, Stock.product_id.in_(wanted))
    )
    left = dict.fromkeys(wanted, 0)
    left.update((product, on_hand) for product, on_hand in lying)
    held = await session.execute(
        _reserved(now).where(Reservation.shop_id == shop.id, ReservationLine.product_id.in_(wanted))
    )
    for _shop, product, units in held:
        left[product] = max(0, left[product] - units)
    return left


async def places(
    session: AsyncSession, product_ids: Sequence[uuid.UUID], shop: Shop
) -> dict[uuid.UUID, tuple[str, str]]:
    """The aisle and the shelf of each of these products in a shop; what it does not carry is left out."""
    rows = await session.execute(
        select(Stock.product_id, Stock.aisle, Stock.shelf).where(
            Stock.shop_id == shop.id, Stock.product_id.in_(set(product_ids))
        )
    )
    return {product: (aisle, shelf) for product, aisle, shelf in rows}


def _reserved(now: datetime) -> Select[uuid.UUID, uuid.UUID, int]:
    """Shop, product, units that are kept back at this moment."""
    return (
        select(Reservation.shop_id, ReservationLine.product_id, func.sum(ReservationLine.quantity))
        .join(Reservation, ReservationLine.reservation_id == Reservation.id)
        .where(Reservation.status == ReservationStatus.ACTIVE, Reservation.expires_at > now)
        .group_by(Reservation.shop_id, ReservationLine.product_id)
    )
