"""Carrying out one planned turn, and storing it in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from balie.agent import writing
from balie.agent.execution import Execution, Outcome, as_pending
from balie.agent.plan import Plan
from balie.agent.policy import Caller
from balie.agent.replies import Replies
from balie.agent.tools import ToolContext
from balie.agent.turn import Latency, Status, Turn
from balie.db import idempotency, new_id
from balie.db.tables import Conversation, TurnRecord
from balie.errors import Conflict, ModelError
from balie.routing import Models

if TYPE_CHECKING:
    from balie.agent.desk import Desk


async def answered_before(
    session: AsyncSession, caller: Caller, key: str | None, request: str
) -> Turn | None:
    """The turn that the same request with the same key was answered with, if it was.

    Raises:
        Conflict: the key was used for something else.
    """
    if key is None:
        return None
    stored = await idempotency.find(session, caller=caller.actor, key=key, request=request)
    return msgspec.convert(stored.response, Turn) if stored else None


@dataclass(frozen=True, slots=True)
class Round:
    """What is known of a turn once it is planned.

    Attributes:
        caller: with the identity that the conversation has proven, if any.
        asker: as who the request came in; idempotency keys are theirs.
        version: of the conversation that the plan was made for.
        started, planned: of ``perf_counter``.
        request: what an idempotency key stands for.
    """

    conversation: UUID
    message: str
    caller: Caller
    asker: Caller
    plan: Plan
    version: int
    now: datetime
    started: float
    planned: float
    key: str | None
    request: str

    async def carry_out(self, desk: "Desk") -> Turn:
        """All of it in one transaction.

        Raises:
            Conflict: the conversation moved on since it was planned.
        """
        begun = perf_counter()
        async with desk.database.write() as session:
            if before := await answered_before(session, self.asker, self.key, self.request):
                return before
            row = await session.get(Conversation, self.conversation)
            if row is None or row.version != self.version:
                raise Conflict("The conversation moved on meanwhile; send the message again.")
            replies = desk.replies(self.caller.language)
            self.plan.state.upset = self.plan.state.upset + 1 if self.plan.upset else 0
            execution = Execution(
                desk.team,
                replies,
                self._context(desk, session),
                self.plan.state,
                timedelta(minutes=desk.settings.conversation.pending_minutes),
                desk.models.watch,
            )
            outcome = await execution.run(self.plan)
            await self._go_on(desk, execution)
            acted = perf_counter()
            reply = self._reply(outcome, replies)
            replied = perf_counter()
            turn = Turn(
                conversation=self.conversation,
                turn=self.plan.state.turns + 1,
                status=outcome.status,
                reply=reply,
                agent=self.plan.state.agent,
                commands=outcome.commands,
                results=outcome.results,
                pending=as_pending(execution.action) if execution.action else None,
                question=outcome.question,
                confidence=round(self.plan.confidence, 4),
                model=desk.models.name if self.plan.used_model else "",
                latency_ms=self._latency(begun, acted, replied),
            )
            await self._store(session, row, turn, outcome)
        return turn

    async def _go_on(self, desk: "Desk", execution: Execution) -> None:
        """Take up what waited behind a proposal that was refused."""
        state = self.plan.state
        while state.queue and not (execution.action or state.waiting or state.handed_off):
            queue, state.queue = state.queue, []
            following = Plan(state)
            await desk.planner(execution.session, self.caller, self.now).wishes(queue, following)
            writing.fill_plainly(following)
            await execution.run(following)

    def _context(self, desk: "Desk", session: AsyncSession) -> ToolContext:
        return ToolContext(
            session=session,
            caller=self.caller,
            now=self.now,
            timezone=desk.timezone,
            language=self.caller.language,
            conversation=self.conversation,
            idempotency_key=self.key or str(new_id()),
            embed=partial(_embed, desk.models),
            corpus=desk.models.corpus,
            site=desk.settings.site,
            kiosk=desk.settings.kiosk.name,
        )

    def _reply(self, outcome: Outcome, replies: Replies) -> str:
        """What was done, what is asked, and a kind word to who is upset (once, then the offer of a person)."""
        said = [*outcome.said, *outcome.closing]
        state = self.plan.state
        if self.plan.upset and state.upset == 1 and outcome.status is not Status.HANDED_OFF:
            said.insert(0, replies.render("sorry", {}))
        if state.upset > 1 and not state.handed_off:
            said.append(replies.render("offer_person", {}))
        return "\n\n".join(said)

    async def _store(self, session: AsyncSession, row: Conversation, turn: Turn, outcome: Outcome) -> None:
        state = self.plan.state
        state.turns, state.last_reply = turn.turn, turn.reply
        row.state = msgspec.to_builtins(state)
        row.agent = state.agent
        row.updated_at = self.now
        row.handed_off_at = (row.handed_off_at or self.now) if state.handed_off else None
        session.add(
            TurnRecord(
                conversation_id=self.conversation,
                number=turn.turn,
                speaker="agent",
                message=self.message,
                reply=turn.reply,
                status=turn.status,
                turn=msgspec.to_builtins(turn),
                created_at=self.now,
            )
        )
        if self.key:
            await idempotency.store(
                session,
                caller=self.asker.actor,
                key=self.key,
                request=self.request,
                response=turn,
                at=self.now,
            )

    def _latency(self, begun: float, acted: float, replied: float) -> Latency:
        understand = self.plan.understand_seconds
        return Latency(
            understand=_ms(understand),
            resolve=_ms(self.planned - self.started - understand),
            act=_ms(acted - begun),
            reply=_ms(replied - acted),
            total=_ms(replied - self.started),
        )


async def _embed(models: Models, texts: Sequence[str]) -> Any:
    try:
        return await models.embed(texts)
    except ModelError:
        return None


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
