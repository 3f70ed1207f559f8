"""What the desk reads of conversations that it has stored."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from balie.agent.policy import Caller
from balie.db.tables import Conversation, TurnRecord
from balie.errors import NotFound


async def conversation_of(
    session: AsyncSession, conversation: UUID, caller: Caller, *, what: str = "conversation"
) -> Conversation:
    """A conversation that is this caller's, or that staff may see.

    Raises:
        NotFound: there is none for this caller; ``what`` is what the caller asked for.
    """
    row = await session.get(Conversation, conversation)
    if row is None or not (caller.is_staff or (row.role, row.identity) == (caller.role, caller.identity)):
        raise NotFound(f"There is no such {what}.")
    return row


async def last_messages(session: AsyncSession, conversation: UUID, *, most: int) -> list[str]:
    """What the person said last, oldest first."""
    said = await session.scalars(
        select(TurnRecord.message)
        .where(TurnRecord.conversation_id == conversation)
        .order_by(TurnRecord.number.desc())
        .limit(most)
    )
    return [text for text in reversed(said.all()) if text]
