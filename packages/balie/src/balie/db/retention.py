"""Forgetting: what people said is kept no longer than needed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, and_, delete, exists, or_
from sqlalchemy.ext.asyncio import AsyncSession

from balie.db.tables import Conversation, Delivery, Handoff, IdempotencyKey, OutboxMessage, PendingAction


@dataclass(frozen=True)
class Purged:
    """How many of each are gone; a conversation takes its turns, actions and handoffs along."""

    conversations: int
    pending_actions: int
    idempotency_keys: int
    outbox_messages: int


async def purge(session: AsyncSession, older_than: datetime) -> Purged:
    """Remove what came to its end before ``older_than``.

    These are conversations without a later turn or an open handoff, decided actions of the others, stored
    answers, and messages of the outbox that were sent, or that waited so long for somebody who would send
    them. The audit log stays: it is the proof, and names people by pseudonyms only.
    """
    waiting = exists().where(Handoff.conversation_id == Conversation.id, Handoff.status != "closed")
    being_tried = exists().where(Delivery.message_id == OutboxMessage.id, Delivery.outcome.is_(None))
    unsent = and_(OutboxMessage.sent_at.is_(None), OutboxMessage.created_at < older_than, ~being_tried)

    async def count(statement: Delete) -> int:
        outcome = await session.execute(statement.execution_options(synchronize_session=False))
        return cast("CursorResult[Any]", outcome).rowcount

    return Purged(
        conversations=await count(delete(Conversation).where(Conversation.updated_at < older_than, ~waiting)),
        pending_actions=await count(
            delete(PendingAction).where(
                PendingAction.status != "pending", PendingAction.decided_at < older_than
            )
        ),
        idempotency_keys=await count(
            # Balie's own mark, that the sample data are in, is no answer to anybody.
            delete(IdempotencyKey).where(
                IdempotencyKey.created_at < older_than, IdempotencyKey.caller != "balie"
            )
        ),
        outbox_messages=await count(
            delete(OutboxMessage).where(or_(OutboxMessage.sent_at < older_than, unsent))
        ),
    )
