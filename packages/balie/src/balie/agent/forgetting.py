"""Forgetting a conversation at once, and counting what it was about before it is gone."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Text, delete, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from balie.db import usage
from balie.db.tables import Conversation, IdempotencyKey, TurnRecord

Forget = Callable[[AsyncSession, UUID, datetime], Awaitable[None]]
"""What a vertical does to forget a conversation: ``async (session, conversation, now)``."""


async def forget(session: AsyncSession, conversation: UUID, timezone: ZoneInfo) -> None:
    """Remove a conversation with its turns, pending actions, handoffs and stored answers.

    What stays is how often which command ended how, by day and language, and the audit log, which holds
    no words of people. A conversation that is gone already is fine.
    """
    row = await session.get(Conversation, conversation)
    if row is None:
        return
    await _count(session, row, timezone)
    # An answer that is kept for a repeated request names its conversation.
    answers = type_coerce(IdempotencyKey.response, Text).contains(str(conversation))
    without_looking = {"synchronize_session": False}
    await session.execute(delete(IdempotencyKey).where(answers).execution_options(**without_looking))
    # The tables that hang on it follow: their foreign keys say so.
    await session.execute(
        delete(Conversation).where(Conversation.id == conversation).execution_options(**without_looking)
    )


async def _count(session: AsyncSession, row: Conversation, timezone: ZoneInfo) -> None:
    turns = await session.execute(
        select(TurnRecord.turn, TurnRecord.status, TurnRecord.created_at).where(
            TurnRecord.conversation_id == row.id, TurnRecord.speaker == "agent"
        )
    )
    counted: Counter[usage.Key] = Counter()
    for turn, status, at in turns:
        commands = [command["tool"] for command in (turn or {}).get("commands", ())]
        for command in commands or [""]:
            counted[at.astimezone(timezone).date(), row.language, command, status or ""] += 1
    await usage.add(session, counted)
