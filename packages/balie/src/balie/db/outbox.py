"""Messages to the world outside, written in the transaction that causes them and sent when that works."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from balie.db.tables import OutboxMessage


async def enqueue(
    session: AsyncSession,
    *,
    topic: str,
    recipient: str,
    payload: Mapping[str, Any],
    at: datetime | None = None,
) -> OutboxMessage:
    """Put a message in; it exists only if the session's transaction commits."""
    message = OutboxMessage(
        topic=topic, recipient=recipient, payload=payload, created_at=at or datetime.now(UTC)
    )
    session.add(message)
    await session.flush()
    return message


async def pending(session: AsyncSession, *, limit: int = 100) -> Sequence[OutboxMessage]:
    """What still has to be sent, oldest first; in :meth:`Database.write` no other worker gets the same."""
    waiting = (
        select(OutboxMessage)
        .where(OutboxMessage.sent_at.is_(None))
        .order_by(OutboxMessage.created_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(waiting)).all()


def mark_sent(message: OutboxMessage, at: datetime | None = None) -> None:
    """It went out."""
    message.attempts += 1
    message.sent_at = at or datetime.now(UTC)
    message.last_error = None


def mark_failed(message: OutboxMessage, error: str) -> None:
    """It did not, and stays pending; ``error`` says why."""
    message.attempts += 1
    message.last_error = error
