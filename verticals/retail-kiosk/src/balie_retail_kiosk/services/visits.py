"""The end of a visit (RK-11): what the shop's tables forget when somebody walks away from a kiosk."""

from datetime import datetime
from uuid import UUID

from balie.db import OutboxMessage
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import PriceMatch, Quote, Reservation, StaffCall


async def forget(session: AsyncSession, conversation: UUID, now: datetime) -> None:
    """Wipe what ties anything to this conversation, and what was said in it.

    A call for a colleague goes on to wait, since somebody may stand beside the kiosk and say nothing more; what
    was said in it is emptied. Quotes, reservations, calls and price matches lose the conversation; their
    numbers, prices and states stay, for they name nobody: who has the number on paper still gets the quote or
    the reservation. A quote that still waits to be printed is not: its paper would come out for the next
    one. Doing it twice does nothing more.
    """
    numbers = set(await session.scalars(select(Quote.number).where(Quote.conversation == conversation)))
    if numbers:
        waiting = select(OutboxMessage).where(
            OutboxMessage.topic == "quote.print", OutboxMessage.sent_at.is_(None)
        )
        for message in await session.scalars(waiting):
            if message.payload["quote"] in numbers:
                await session.delete(message)
    await session.execute(
        update(StaffCall)
        .where(StaffCall.conversation == conversation)
        .values(note="", conversation=None, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(PriceMatch)
        .where(PriceMatch.conversation == conversation)
        .values(conversation=None, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    for table in (Quote, Reservation):
        await session.execute(
            update(table)
            .where(table.conversation == conversation)
            .values(conversation=None)
            .execution_options(synchronize_session=False)
        )
