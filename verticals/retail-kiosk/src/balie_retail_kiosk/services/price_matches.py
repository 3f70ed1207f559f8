"""Price matches (RK-10): a lower price seen elsewhere, about which a colleague decides."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from balie.db import outbox
from balie.errors import BadRequest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from balie_retail_kiosk.models import PriceMatch, PriceMatchStatus, Product, Shop
from balie_retail_kiosk.services import pricing
from balie_retail_kiosk.services.errors import MatchDecided, MatchUnknown, PriceNotLower
from balie_retail_kiosk.services.items import Item
from balie_retail_kiosk.services.numbers import Series, next_number

_CENT = Decimal("0.01")
_WHOLE = (joinedload(PriceMatch.shop, innerjoin=True), joinedload(PriceMatch.product, innerjoin=True))


async def check(
    session: AsyncSession, product: str, *, price: Decimal, now: datetime, timezone: ZoneInfo
) -> tuple[Product, Decimal]:
    """The product, and what one of it costs anybody here today. Changes nothing: for a preview.

    Args:
        product: its SKU.
        price: what it costs elsewhere, in euros.

    Raises:
        ProductUnknown, GtinWrong: there is no such product.
        BadRequest: the price is not above zero.
        PriceNotLower: one costs no more than that here, promotions for everybody included.
    """
    if not (price.is_finite() and price > 0):
        raise BadRequest("A price is more than zero.", price=price)
    today = now.astimezone(timezone).date()
    ours = await pricing.price(session, [Item(product, 1)], day=today, member=False)
    if price >= ours.total:
        raise PriceNotLower(price, ours.total)
    return ours.lines[0].product, ours.total


async def request(
    session: AsyncSession,
    product: str,
    *,
    competitor: str,
    price: Decimal,
    shop: Shop,
    now: datetime,
    timezone: ZoneInfo,
    conversation: UUID | None,
) -> PriceMatch:
    """Ask for the lower price that a competitor has.

    Raises:
        ProductUnknown, GtinWrong, BadRequest, PriceNotLower: as :func:`check`.
    """
    cents = price.quantize(_CENT, ROUND_HALF_UP) if price.is_finite() else price
    found, our_price = await check(session, product, price=cents, now=now, timezone=timezone)
    match = PriceMatch(
        number=await next_number(session, Series.PRICE_MATCH),
        shop_id=shop.id,
        product_id=found.id,
        conversation=conversation,
        competitor=competitor.strip(),
        price=cents,
        our_price=our_price,
        status=PriceMatchStatus.REQUESTED,
        created_at=now,
        updated_at=now,
    )
    session.add(match)
    await session.flush()
    await outbox.enqueue(
        session,
        topic="price_match.requested",
        recipient="webhook",
        payload={
            "number": match.number,
            "shop": shop.number,
            "sku": found.sku,
            "currency": pricing.CURRENCY,
            "price": str(match.price),
            "our_price": str(match.our_price),
        },
        at=now,
    )
    return await get(session, match.number)


async def get(session: AsyncSession, number: str) -> PriceMatch:
    """A request with its shop and product, by its number, ``M-12``.

    Raises:
        MatchUnknown: there is none.
    """
    match = await session.scalar(
        select(PriceMatch)
        .where(PriceMatch.number == number.strip().upper())
        .options(*_WHOLE)
        .execution_options(populate_existing=True)
    )
    if match is None:
        raise MatchUnknown(number)
    return match


async def get_requested(session: AsyncSession, number: str) -> PriceMatch:
    """A request that nobody has decided yet.

    Raises:
        MatchUnknown: there is none.
        MatchDecided: a colleague has decided already.
    """
    match = await get(session, number)
    if match.status is not PriceMatchStatus.REQUESTED:
        raise MatchDecided(match.number, match.status.value)
    return match


async def requested(session: AsyncSession, *, shop: Shop | None = None) -> Sequence[PriceMatch]:
    """For staff: what is still to be decided, oldest first; in all shops where none is given (RK-12)."""
    chosen = (
        select(PriceMatch)
        .where(PriceMatch.status == PriceMatchStatus.REQUESTED)
        .options(*_WHOLE)
        .order_by(PriceMatch.created_at, func.length(PriceMatch.number), PriceMatch.number)
    )
    if shop is not None:
        chosen = chosen.where(PriceMatch.shop_id == shop.id)
    return (await session.scalars(chosen)).all()


async def decide(session: AsyncSession, number: str, *, approve: bool, by: str, now: datetime) -> PriceMatch:
    """For staff: approve or decline (RK-12). No price changes by it: the till gives it to this customer.

    Raises:
        MatchUnknown: there is none.
        MatchDecided: a colleague has decided already.
    """
    match = await get_requested(session, number)
    match.status = PriceMatchStatus.APPROVED if approve else PriceMatchStatus.DECLINED
    match.decided_by, match.updated_at = by, now
    await session.flush()
    return match
