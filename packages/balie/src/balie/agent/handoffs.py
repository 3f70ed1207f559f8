"""The staff's side of a desk: conversations that wait for a person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from balie.agent.desk import Desk
from balie.agent.policy import Caller
from balie.agent.state import State
from balie.agent.turn import Status
from balie.db import audit
from balie.db.tables import Conversation, Handoff, TurnRecord
from balie.errors import BadRequest, Conflict, Forbidden, NotFound


class HandoffView(msgspec.Struct, frozen=True):
    """A conversation in the staff's queue."""

    id: UUID
    conversation: UUID
    identity: str | None
    reason: str
    summary: str
    priority: str
    status: str
    claimed_by: str | None
    created_at: datetime


class Handoffs:
    """What staff do with conversations that were handed to a person."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def queue(
        self, caller: Caller, *, closed: bool = False, limit: int = 50, offset: int = 0
    ) -> Sequence[HandoffView]:
        """What waits, most pressing first; ``closed`` gives what is done instead, latest first.

        Raises:
            Forbidden: the caller is no staff.
        """
        _staff(caller)
        query = select(Handoff, Conversation.identity, Conversation.state).join(
            Conversation, Conversation.id == Handoff.conversation_id
        )
        if closed:
            query = query.where(Handoff.status == "closed").order_by(Handoff.closed_at.desc())
        else:
            urgent_first = case((Handoff.priority == "high", 0), else_=1)
            query = query.where(Handoff.status != "closed").order_by(urgent_first, Handoff.created_at)
        async with self.desk.database.read() as session:
            rows = await session.execute(query.limit(limit).offset(offset))
            return [_view(row, state.get("identity") or identity) for row, identity, state in rows]

    async def count(self, caller: Caller, *, closed: bool = False) -> int:
        """How many there are."""
        _staff(caller)
        query = select(func.count()).select_from(Handoff)
        query = query.where(Handoff.status == "closed" if closed else Handoff.status != "closed")
        async with self.desk.database.read() as session:
            return await session.scalar(query) or 0

    async def claim(self, handoff: UUID, caller: Caller) -> HandoffView:
        """Take a conversation.

        Raises:
            NotFound: there is none. Conflict: a colleague has it.
        """
        _staff(caller)
        async with self.desk.database.write() as session:
            row = await self._get(session, handoff)
            taken = await session.execute(
                update(Handoff)
                .where(Handoff.id == handoff, Handoff.status == "open")
                .values(status="claimed", claimed_by=caller.identity)
            )
            if taken.rowcount != 1 and row.claimed_by != caller.identity:  # type: ignore[attr-defined]
                raise Conflict(f"{row.claimed_by or 'A colleague'} has this conversation already.")
            await self._audit(session, caller, "handoff.claim", row)
            await session.refresh(row)
            return _view(row, None)

    async def reply(self, handoff: UUID, text: str, caller: Caller) -> None:
        """Write to the person, as a colleague.

        Raises:
            BadRequest: nothing is written. NotFound: no such handoff. Conflict: it is closed.
        """
        _staff(caller)
        if not (text := text.strip()):
            raise BadRequest("The reply is empty.")
        now = self.desk.clock()
        async with self.desk.database.write() as session:
            row = await self._get(session, handoff)
            if row.status == "closed":
                raise Conflict("This conversation is closed.")
            conversation = await session.get_one(Conversation, row.conversation_id)
            state = msgspec.convert(conversation.state, State)
            state.turns += 1
            state.last_reply = text
            conversation.state = msgspec.to_builtins(state)
            conversation.updated_at = now
            session.add(
                TurnRecord(
                    conversation_id=conversation.id,
                    number=state.turns,
                    speaker="staff",
                    message="",
                    reply=text,
                    status=Status.HANDED_OFF,
                    turn=None,
                    created_at=now,
                )
            )
            await self._audit(session, caller, "handoff.reply", row)

    async def close(self, handoff: UUID, caller: Caller) -> None:
        """Give the conversation back to the agents.

        Raises:
            NotFound: there is none. Conflict: it is closed already.
        """
        _staff(caller)
        now = self.desk.clock()
        async with self.desk.database.write() as session:
            row = await self._get(session, handoff)
            if row.status == "closed":
                raise Conflict("This conversation is closed already.")
            row.status, row.closed_at = "closed", now
            conversation = await session.get_one(Conversation, row.conversation_id)
            state = msgspec.convert(conversation.state, State)
            state.handed_off, state.upset, state.unclear = False, 0, 0
            conversation.state = msgspec.to_builtins(state)
            conversation.handed_off_at = None
            await self._audit(session, caller, "handoff.close", row)

    async def _get(self, session: AsyncSession, handoff: UUID) -> Handoff:
        row = await session.get(Handoff, handoff)
        if row is None:
            raise NotFound("There is no such handed-off conversation.")
        return row

    async def _audit(self, session: AsyncSession, caller: Caller, action: str, row: Handoff) -> None:
        await audit.append(
            session,
            actor=caller.actor,
            role=caller.role,
            action=action,
            subject=f"conversation:{row.conversation_id}",
            detail={"handoff": str(row.id)},
            at=self.desk.clock(),
        )


def _staff(caller: Caller) -> None:
    if not caller.is_staff:
        raise Forbidden("This is for staff.")


def _view(row: Handoff, identity: str | None) -> HandoffView:
    return HandoffView(
        id=row.id,
        conversation=row.conversation_id,
        identity=identity,
        reason=row.reason,
        summary=row.summary,
        priority=row.priority,
        status=row.status,
        claimed_by=row.claimed_by,
        created_at=row.created_at,
    )
