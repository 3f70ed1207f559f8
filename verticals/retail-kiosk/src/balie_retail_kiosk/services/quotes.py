"""Quotes (RK-6): a price on paper that holds for a week, and stays what it was when it was made."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from balie.db import outbox
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from balie_retail_kiosk.models import Quote, QuoteLine, Shop
from balie_retail_kiosk.services import pricing
from balie_retail_kiosk.services.errors import QuoteExpired, QuoteUnknown
from balie_retail_kiosk.services.items import Item
from balie_retail_kiosk.services.numbers import Drawn, draw, read

VALID_DAYS = 7
"""A quote holds until the end of this day after the one on which it was made (RK-6)."""

_WHOLE = (joinedload(Quote.shop, innerjoin=True), selectinload(Quote.lines))


def valid_until(now: datetime, timezone: ZoneInfo) -> date:
    """The last day on which a quote made now holds."""
    return now.astimezone(timezone).date() + timedelta(days=VALID_DAYS)


def expired(quote: Quote, now: datetime, timezone: ZoneInfo) -> bool:
    """Whether its last day is over."""
    return now.astimezone(timezone).date() > quote.valid_until


async def make(
    session: AsyncSession,
    items: Sequence[Item],
    *,
    shop: Shop,
    now: datetime,
    timezone: ZoneInfo,
    member: bool,
    conversation: UUID | None,
) -> Quote:
    """Price these today and keep the price under a number.

    Raises:
        NothingInQuote, BadRequest, TooMany, ProductUnknown, GtinWrong: as :func:`.items.wanted`.
    """
    today = now.astimezone(timezone).date()
    priced = await pricing.price(session, items, day=today, member=member)
    quote = Quote(
        number=await draw(session, Drawn.QUOTE),
        shop_id=shop.id,
        conversation=conversation,
        created_at=now,
        valid_until=valid_until(now, timezone),
        member=member,
        currency=priced.currency,
        total=priced.total,
    )
    quote.lines = [
        QuoteLine(
            product_id=line.product.id,
            position=position,
            sku=line.product.sku,
            name=line.product.name,
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount=line.discount,
            amount=line.amount,
            vat=line.vat,
            vat_percent=line.vat_percent,
            vat_amount=line.vat_amount,
            promotions=", ".join(line.promotions),
        )
        for position, line in enumerate(priced.lines, start=1)
    ]
    session.add(quote)
    await session.flush()
    await outbox.enqueue(
        session, topic="quote.made", recipient="webhook", payload=_payload(quote, shop), at=now
    )
    return await get(session, quote.number)


async def get(session: AsyncSession, number: str) -> Quote:
    """A quote with its shop and its lines, just as it was made; one that has expired too.

    Raises:
        QuoteUnknown: no quote has this number.
    """
    quote = await session.scalar(
        select(Quote)
        .where(Quote.number == read(number, Drawn.QUOTE))
        .options(*_WHOLE)
        .execution_options(populate_existing=True)
    )
    if quote is None:
        raise QuoteUnknown(number)
    return quote


async def get_valid(session: AsyncSession, number: str, *, now: datetime, timezone: ZoneInfo) -> Quote:
    """A quote that still holds.

    Raises:
        QuoteUnknown: no quote has this number.
        QuoteExpired: its last day is over.
    """
    quote = await get(session, number)
    if expired(quote, now, timezone):
        raise QuoteExpired(quote.number, quote.valid_until)
    return quote


async def running(session: AsyncSession, conversation: UUID) -> Quote | None:
    """The quote that a conversation speaks of: the last one made in it."""
    return await session.scalar(
        select(Quote)
        .where(Quote.conversation == conversation)
        .options(*_WHOLE)
        .order_by(Quote.created_at.desc(), Quote.id.desc())
        .limit(1)
    )


async def request_print(
    session: AsyncSession,
    number: str,
    *,
    language: str,
    now: datetime,
    timezone: ZoneInfo,
    kiosk: str = "",
) -> Quote:
    """Have a quote printed: the printer gets its number, and takes the rest from the quote itself.

    Args:
        language: of the paper.
        kiosk: whose printer it is for; empty for any.

    Raises:
        QuoteUnknown, QuoteExpired: as :func:`get_valid`; what no longer holds is not printed.
    """
    quote = await get_valid(session, number, now=now, timezone=timezone)
    await outbox.enqueue(
        session,
        topic="quote.print",
        recipient="printer",
        payload={"quote": quote.number, "language": language} | ({"kiosk": kiosk} if kiosk else {}),
        at=now,
    )
    return quote


async def latest(
    session: AsyncSession, *, shop: Shop | None = None, limit: int = 20, offset: int = 0
) -> Sequence[Quote]:
    """For staff: quotes with shop and lines, the newest first; of all shops where none is given."""
    chosen = select(Quote).options(*_WHOLE).order_by(Quote.created_at.desc(), Quote.number)
    if shop is not None:
        chosen = chosen.where(Quote.shop_id == shop.id)
    return (await session.scalars(chosen.limit(limit).offset(offset))).all()


async def count(session: AsyncSession, *, shop: Shop | None = None) -> int:
    """How many :func:`latest` would give without a limit."""
    chosen = select(func.count(Quote.id))
    if shop is not None:
        chosen = chosen.where(Quote.shop_id == shop.id)
    return await session.scalar(chosen) or 0


def items_of(quote: Quote) -> list[Item]:
    """What the quote is about, as it was asked for: to make another one of it."""
    return [Item(line.sku, line.quantity) for line in quote.lines]


def promotions_of(line: QuoteLine) -> list[str]:
    """The codes of the promotions that counted in a line."""
    return line.promotions.split(", ") if line.promotions else []


def _payload(quote: Quote, shop: Shop) -> dict[str, object]:
    return {
        "number": quote.number,
        "shop": shop.number,
        "created_at": quote.created_at.isoformat(),
        "valid_until": quote.valid_until.isoformat(),
        "member": quote.member,
        "currency": quote.currency,
        "total": str(quote.total),
        "lines": [
            {
                "sku": line.sku,
                "quantity": line.quantity,
                "unit_price": str(line.unit_price),
                "discount": str(line.discount),
                "amount": str(line.amount),
                "vat_percent": line.vat_percent,
                "vat_amount": str(line.vat_amount),
                "promotions": promotions_of(line),
            }
            for line in quote.lines
        ],
    }
