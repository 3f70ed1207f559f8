"""Members' cards (RK-4): whether one gets members' prices. Whose it is, the kiosk does not know."""

import re
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import Member
from balie_retail_kiosk.services.errors import CardEnded, CardUnknown

_SEPARATORS = re.compile(r"[\s\-.]")


async def check(session: AsyncSession, card: str, day: date) -> None:
    """See that a card, in digits with or without spaces, gets members' prices on a day of the shop.

    Raises:
        CardUnknown: there is no such card.
        CardEnded: there is, and its last day is over.
    """
    member = await session.get(Member, _SEPARATORS.sub("", card))
    if member is None:
        raise CardUnknown(card)
    if member.until < day:
        raise CardEnded(member.card, member.until)


async def is_member(session: AsyncSession, card: str, day: date) -> bool:
    """Whether a card gets members' prices on a day; an empty one does not."""
    member = await session.get(Member, _SEPARATORS.sub("", card))
    return member is not None and member.until >= day
