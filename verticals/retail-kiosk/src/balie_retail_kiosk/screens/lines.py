"""What a kiosk says of itself: a line for whoever stands before it, a few more for its operator."""

from collections.abc import Sequence
from datetime import datetime

from balie.db.tables import OutboxMessage
from balie.locales import marked
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.services import shops

PRODUCTS, STOCK = "products", "stock"


async def for_visitors(session: AsyncSession) -> Sequence[tuple[str, datetime]]:
    """From when prices and stock are: they may be older than the network has been down."""
    when = await shops.freshness(session)
    told = ((marked("Prices of"), PRODUCTS), (marked("Stock of"), STOCK))
    return [(label, when[what]) for label, what in told if what in when]


async def for_operator(session: AsyncSession) -> Sequence[tuple[str, datetime | int]]:
    """When products and stock came in, and how many messages wait for the network or the printer."""
    when = await shops.freshness(session)
    waiting = await session.scalar(
        select(func.count(OutboxMessage.id)).where(OutboxMessage.sent_at.is_(None))
    )
    told = ((marked("Products came in"), PRODUCTS), (marked("Stock came in"), STOCK))
    return [
        *((label, when[what]) for label, what in told if what in when),
        (marked("Messages that wait"), waiting or 0),
    ]
