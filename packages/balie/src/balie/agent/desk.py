"""The desk: the one service that every way in uses to talk with a vertical's team.

A turn reads, plans, writes: the models are asked outside any writing transaction, and everything the
turn changes (the domain's rows, the pending action, the conversation, its audit record) is committed
at once or not at all.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from time import perf_counter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from balie.agent import writing
from balie.agent.execution import as_pending, open_action
from balie.agent.filling import from_form
from balie.agent.forgetting import Forget, forget
from balie.agent.plan import Decide, HandOff, Plan, Say
from balie.agent.planning import Planner
from balie.agent.policy import Caller
from balie.agent.records import conversation_of, last_messages
from balie.agent.replies import Replies
from balie.agent.rounds import Round, answered_before
from balie.agent.state import State, Wish
from balie.agent.team import Team
from balie.agent.tools import Tool
from balie.agent.turn import Status, Transcript, TranscriptEntry, Turn
from balie.config import Settings
from balie.db import new_id
from balie.db.engine import Database
from balie.db.tables import Conversation, PendingAction, TurnRecord
from balie.errors import BadRequest, BalieError, Conflict, NotFound
from balie.routing import Models

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
"""The time now, aware."""
Observer = Callable[[Turn], None]
"""Is told of every finished turn; it must not fail and must not wait."""

_ATTEMPTS = 3
_MESSAGES_FOR_A_COLLEAGUE = 6


def system_clock() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


class Desk:
    """A vertical's desk.

    Args:
        title: as it greets people.
        team: its agents.
        database: that of the vertical, current.
        models: started; the desk works without them, with exact words and forms.
        clock: every time that a turn knows comes from it.
        observers: for metrics.
        forgets: what the vertical does when a conversation is forgotten.
    """

    def __init__(
        self,
        title: str,
        team: Team,
        database: Database,
        models: Models,
        settings: Settings,
        *,
        clock: Clock = system_clock,
        observers: Sequence[Observer] = (),
        forgets: Forget | None = None,
    ) -> None:
        self.title = title
        self.team = team
        self.database = database
        self.models = models
        self.settings = settings
        self.clock = clock
        self.observers = list(observers)
        self.forgets = forgets
        self.timezone = ZoneInfo(settings.timezone)
        self._replies: dict[str, Replies] = {}

    def replies(self, language: str) -> Replies:
        """The templates of a language, compiled once."""
        if language not in self._replies:
            self._replies[language] = Replies(self.team.replies, language, self.timezone)
        return self._replies[language]

    def tools(self, caller: Caller) -> list[Tool]:
        """What this caller may use, as forms or by speech."""
        legal = self.team.legal(caller)
        return [tool for name, tool in self.team.tools.items() if name in legal]

    async def open(self, caller: Caller) -> UUID:
        """Begin a conversation."""
        now = self.clock()
        state = State(agent=self.team.agents[0].name)
        conversation = Conversation(
            id=new_id(),
            vertical=self.team.name,
            agent=state.agent,
            role=caller.role,
            identity=caller.identity,
            language=caller.language,
            state=msgspec.to_builtins(state),
            created_at=now,
            updated_at=now,
        )
        async with self.database.write() as session:
            session.add(conversation)
        return conversation.id

    def greeting(self, caller: Caller) -> str:
        """What is said first."""
        return self.replies(caller.language).render("greeting", {"title": self.title})

    async def latest(self, caller: Caller) -> UUID | None:
        """The conversation that this caller had last, if any."""
        query = (
            select(Conversation.id)
            .where(Conversation.identity == caller.identity, Conversation.role == caller.role)
            .order_by(Conversation.updated_at.desc())
            .limit(1)
        )
        async with self.database.read() as session:
            return (await session.scalars(query)).first()

    async def say(
        self, conversation: UUID, message: str, caller: Caller, *, idempotency_key: str | None = None
    ) -> Turn:
        """Answer a message.

        Args:
            idempotency_key: the same key with the same message gets the same turn again.

        Raises:
            NotFound: there is no such conversation for this caller.
            BadRequest: the message is empty or too long.
            Conflict: the key was used for something else, or the conversation moved on meanwhile.
        """
        # No database and no log takes a null character.
        message = message.replace("\0", " ").strip()
        most = self.settings.api.max_message_characters
        if not message:
            raise BadRequest("The message is empty; say what you want.")
        if len(message) > most:
            raise BadRequest(f"The message has {len(message)} characters; at most {most} are read.")

        async def plan(planner: Planner, state: State) -> Plan:
            if state.handed_off:
                return planner.with_person(state)
            return await planner.message(message, state)

        return await self._turn(conversation, message, caller, plan, idempotency_key)

    async def run(
        self,
        conversation: UUID,
        tool: str,
        arguments: Mapping[str, Any],
        caller: Caller,
        *,
        idempotency_key: str | None = None,
    ) -> Turn:
        """Run a tool from a form: the same policy, the same two phases, no model.

        Raises:
            NotFound: no such tool or conversation. Forbidden: not for this caller.
            BadRequest: the arguments are not what the tool takes.
        """
        found = self.team.tools.get(tool)
        if found is None:
            raise NotFound(f"There is no tool {tool!r}; there is {', '.join(sorted(self.team.tools))}.")

        async def plan(planner: Planner, state: State) -> Plan:
            return from_form(found, arguments, state, planner.caller)

        said = f"/{tool} " + " ".join(f"{k}={v}" for k, v in arguments.items())
        return await self._turn(conversation, said.strip(), caller, plan, idempotency_key)

    async def confirm(self, action: UUID, caller: Caller, *, idempotency_key: str | None = None) -> Turn:
        """Say yes to a pending action: it runs, once.

        Raises:
            NotFound: there is no such action for this caller. Conflict: it was decided before.
        """
        return await self._decide(action, caller, yes=True, idempotency_key=idempotency_key)

    async def reject(self, action: UUID, caller: Caller, *, idempotency_key: str | None = None) -> Turn:
        """Say no to a pending action.

        Raises:
            NotFound: there is no such action for this caller. Conflict: it was decided before.
        """
        return await self._decide(action, caller, yes=False, idempotency_key=idempotency_key)

    async def transcript(self, conversation: UUID, caller: Caller) -> Transcript:
        """The conversation so far.

        Raises:
            NotFound: there is none for this caller.
        """
        async with self.database.read() as session:
            row = await conversation_of(session, conversation, caller)
            state = msgspec.convert(row.state, State)
            records = await session.scalars(
                select(TurnRecord)
                .where(TurnRecord.conversation_id == conversation)
                .order_by(TurnRecord.number)
            )
            action = await open_action(session, conversation)
            return Transcript(
                conversation=row.id,
                vertical=row.vertical,
                agent=row.agent,
                identity=state.identity or row.identity,
                handed_off=state.handed_off,
                created_at=row.created_at,
                turns=[
                    TranscriptEntry(
                        r.number, r.speaker, r.message or "", r.reply or "", r.status or "", r.created_at
                    )
                    for r in records
                ],
                pending=as_pending(action) if action and action.expires_at > self.clock() else None,
            )

    async def forget(self, conversation: UUID) -> bool:
        """Remove everything that was said in a conversation, and what the vertical keeps of it.

        Only anonymous counts and the audit log stay. A conversation that is gone already is fine.

        Returns:
            Whether its bytes are gone from SQLite's file and log too; where somebody was still reading,
            a repeat does it. A server overwrites them in its own time.

        Raises:
            DataError: the database can't be used now; nothing is forgotten.
        """
        now = self.clock()
        async with self.database.write() as session:
            if self.forgets is not None:
                await self.forgets(session, conversation, now)
            await forget(session, conversation, self.timezone)
        return await self.database.scrub()

    def planner(
        self,
        session: AsyncSession,
        caller: Caller,
        now: datetime,
        pending: Wish | None = None,
        *,
        expired: bool = False,
    ) -> Planner:
        """Plans a turn of one caller at one moment."""
        site = self.settings.site
        return Planner(
            self.team, self.models, session, caller, now, self.timezone, pending, expired=expired, site=site
        )

    async def _decide(self, action: UUID, caller: Caller, *, yes: bool, idempotency_key: str | None) -> Turn:
        async with self.database.read() as session:
            row = await session.get(PendingAction, action)
            if row is None:
                raise NotFound("There is no such action.")
            await conversation_of(session, row.conversation_id, caller, what="action")
            used = await answered_before(session, caller, idempotency_key, str(action))
            if used:
                return used
            if row.status != "pending":
                raise Conflict(f"This was decided before: it is {row.status}.", status=row.status)

        async def plan(planner: Planner, state: State) -> Plan:
            return await planner.decided(Decide(yes, "" if yes else "rejected"), state)

        said = "yes" if yes else "no"
        return await self._turn(row.conversation_id, said, caller, plan, idempotency_key, request=str(action))

    async def _turn(
        self,
        conversation: UUID,
        message: str,
        caller: Caller,
        make_plan: Callable[[Planner, State], Any],
        idempotency_key: str | None,
        request: str = "",
    ) -> Turn:
        watch = self.models.watch
        with watch("invoke_agent", self.team.name, conversation=str(conversation)):
            return await self._attempted(conversation, message, caller, make_plan, idempotency_key, request)

    async def _attempted(
        self,
        conversation: UUID,
        message: str,
        caller: Caller,
        make_plan: Callable[[Planner, State], Any],
        idempotency_key: str | None,
        request: str,
    ) -> Turn:
        request = request or f"{conversation}:{message}"
        for attempt in range(_ATTEMPTS):
            started = perf_counter()
            now = self.clock()
            async with self.database.read() as session:
                row = await conversation_of(session, conversation, caller)
                if used := await answered_before(session, caller, idempotency_key, request):
                    return used
                state = msgspec.convert(row.state, State)
                known = msgspec.structs.replace(caller, identity=caller.identity or state.identity)
                action = await open_action(session, conversation)
                pending = _wish(action) if action and action.expires_at > now else None
                planner = self.planner(
                    session, known, now, pending, expired=action is not None and pending is None
                )
                version = row.version
                try:
                    plan = await make_plan(planner, state)
                except BalieError:
                    raise
                except Exception:
                    # A resolver broke: nothing was changed, and the person is told so.
                    log.exception("planning failed in conversation %s", conversation)
                    plan = Plan(msgspec.convert(row.state, State), [Say("failed", {}, Status.FAILED)])
            planned = perf_counter()
            said = []
            if any(isinstance(step, HandOff) for step in plan.steps):
                async with self.database.read() as session:
                    before = await last_messages(session, conversation, most=_MESSAGES_FOR_A_COLLEAGUE)
                said = [*before, message]
            await writing.fill(plan, self.models, said, seconds=self.settings.models.write_seconds)
            this = Round(
                conversation,
                message,
                planner.caller,
                caller,
                plan,
                version,
                now,
                started,
                planned,
                idempotency_key,
                request,
            )
            try:
                turn = await this.carry_out(self)
            except Conflict:
                # Another message of the same conversation was quicker: plan again on what it left.
                if attempt + 1 == _ATTEMPTS:
                    raise
                continue
            if self.settings.conversation.friendly and turn.status is Status.ANSWERED:
                turn = await self._friendlier(turn)
            for observer in self.observers:
                observer(turn)
            return turn
        raise Conflict("The conversation moved on meanwhile; send the message again.")

    async def _friendlier(self, turn: Turn) -> Turn:
        """The answer in the model's words, where it keeps to the facts; the committed turn says so too."""
        reply = await writing.reworded(self.models, turn.reply, seconds=self.settings.models.write_seconds)
        if reply == turn.reply:
            return turn
        turn = msgspec.structs.replace(turn, reply=reply)
        async with self.database.write() as session:
            await session.execute(
                update(TurnRecord)
                .where(TurnRecord.conversation_id == turn.conversation, TurnRecord.number == turn.turn)
                .values(reply=reply, turn=msgspec.to_builtins(turn))
            )
        return turn


def _wish(action: PendingAction) -> Wish:
    return Wish(action.tool, arguments=action.arguments)
