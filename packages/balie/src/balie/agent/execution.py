"""Carrying out a plan, in the one transaction that also stores the turn.

Only what reads runs at once. What changes something becomes a pending action; a yes turns exactly
one row from pending to done and runs the tool in the same transaction, with one audit record.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from balie.agent.plan import Call, Decide, HandOff, Plan, Refuse, Say
from balie.agent.policy import authorize
from balie.agent.replies import Replies
from balie.agent.resolution import Evidence
from balie.agent.state import State, Waiting, Wish
from balie.agent.team import Team
from balie.agent.tools import Effect, Tool, ToolContext
from balie.agent.turn import Command, Pending, Question, Status
from balie.db import audit, new_id
from balie.db.tables import Handoff, PendingAction
from balie.errors import BalieError, DataError, Forbidden, Incomplete, NotFound, RuleBroken, Unauthenticated
from balie.routing import Watch, unwatched

_NAMING = ("order", "ticket", "incident", "device", "customer")

log = logging.getLogger(__name__)

# When several things happened in one turn, the first of these that did is the turn's status.
_WEIGHT = (
    Status.NEEDS_CONFIRMATION,
    Status.NEEDS_INPUT,
    Status.HANDED_OFF,
    Status.FAILED,
    Status.DEGRADED,
    Status.DONE,
    Status.ANSWERED,
    Status.REFUSED,
)


@dataclass(slots=True)
class Outcome:
    """What a turn did and says. ``closing`` is said last: what is asked of the person."""

    statuses: list[Status] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)
    question: Question | None = None

    @property
    def status(self) -> Status:
        """The weightiest of what happened."""
        return next((s for s in _WEIGHT if s in self.statuses), Status.ANSWERED)


async def open_action(session: AsyncSession, conversation: Any) -> PendingAction | None:
    """The action of a conversation that waits for a yes, expired or not."""
    query = select(PendingAction).where(
        PendingAction.conversation_id == conversation, PendingAction.status == "pending"
    )
    return (await session.scalars(query)).first()


def as_pending(action: PendingAction) -> Pending:
    """As a turn shows it."""
    return Pending(action.id, action.tool, action.summary, action.expires_at)


class Execution:
    """Runs the steps of one plan.

    Args:
        context: of the turn; its session is the writing transaction.
        state: the conversation's memory after planning; what runs is noted in it.
        pending_for: how long a proposal waits for its yes.
        watch: is told of the tools that run.
    """

    def __init__(
        self,
        team: Team,
        replies: Replies,
        context: ToolContext,
        state: State,
        pending_for: timedelta,
        watch: Watch = unwatched,
    ) -> None:
        self.team = team
        self.replies = replies
        self.context = context
        self.session = context.session
        self.state = state
        self.pending_for = pending_for
        self.watch = watch
        self.outcome = Outcome()
        self.action: PendingAction | None = None

    async def run(self, plan: Plan) -> Outcome:
        """Everything in order."""
        self.action = await open_action(self.session, self.context.conversation)
        touched = False
        for step in plan.steps:
            match step:
                case Call(tool=tool) if tool.effect is Effect.READ:
                    await self._read(step)
                case Call():
                    touched = True
                    await self._propose(step)
                case Decide():
                    touched = True
                    await self._decide(step)
                case Say():
                    self._say(step)
                case HandOff():
                    self._hand_off(step)
                case Refuse():
                    self._refuse(step.error, {})
        if self.action and not touched and not self.state.handed_off:
            if self.action.expires_at <= self.context.now:
                self._settle(self.action, "expired")
                self.action = None
            elif Status.NEEDS_INPUT not in self.outcome.statuses:
                self.outcome.closing.append(self.replies.render("reminder", {"summary": self.action.summary}))
        return self.outcome

    def _ended(self, status: Status, said: str = "", *, closing: bool = False) -> None:
        self.outcome.statuses.append(status)
        if said:
            (self.outcome.closing if closing else self.outcome.said).append(said)

    def _say(self, step: Say) -> None:
        asks = step.status is Status.NEEDS_INPUT
        self._ended(step.status, self.replies.render(step.key, step.facts), closing=asks)
        self.outcome.question = step.question or self.outcome.question

    def _enter(self, tool: Tool) -> None:
        """Hand over to the agent whose tool it is, and say so."""
        agent = self.team.agent_for(tool.name, self.state.agent)
        if agent.name != self.state.agent:
            self.state.agent = agent.name
            self.outcome.said.append(self.replies.render("handed_over", {"title": agent.title}))

    async def _read(self, step: Call) -> None:
        self._enter(step.tool)
        self._note(step)
        if (result := await self._call(step.tool, step.arguments, evidence=step.wish.evidence)) is not None:
            self._ended(Status.ANSWERED, self.replies.result(result))

    async def _propose(self, step: Call) -> None:
        self._enter(step.tool)
        self._note(step)
        if self.action:
            self._settle(self.action, "rejected")
            before = self.action.tool, self.action.arguments
            if before != (step.tool.name, msgspec.to_builtins(step.arguments)):
                self.outcome.said.append(self.replies.render("replaced", {"summary": self.action.summary}))
            self.action = None
        try:
            authorize(step.tool, self.context.caller)
            facts: dict[str, Any] = {
                p.name: step.arguments.get(p.name, p.default) for p in step.tool.parameters
            }
            context = replace(self.context, evidence=step.wish.evidence)
            for preview in step.tool.previews:
                facts |= msgspec.structs.asdict(await preview(context, **step.arguments))
        except (RuleBroken, Forbidden) as error:
            self._refuse(error, step.arguments)
            self._ask_again(error, step)
            return
        key = f"confirm_{step.tool.name}"
        if self.replies.has(key):
            summary = self.replies.render(key, facts)
        else:
            summary = self.replies.render("confirm_default", {"description": step.tool.description})
        self.action = PendingAction(
            id=new_id(),  # the turn names it before it is stored
            conversation_id=self.context.conversation,
            tool=step.tool.name,
            arguments=msgspec.to_builtins(step.arguments),
            summary=summary,
            requested_by=self.context.caller.identity,
            role=self.context.caller.role,
            status="pending",
            created_at=self.context.now,
            expires_at=self.context.now + self.pending_for,
        )
        self.session.add(self.action)
        self._ended(Status.NEEDS_CONFIRMATION, summary, closing=True)

    async def _decide(self, step: Decide) -> None:
        action = self.action
        self.action = None
        if action is None:
            self._ended(Status.REFUSED, self.replies.render("already_decided", {}))
        elif action.expires_at <= self.context.now:
            self._settle(action, "expired")
            self._ended(Status.REFUSED, self.replies.render("expired", {}))
        elif not step.yes:
            self._settle(action, "rejected")
            if step.reply:
                self._ended(Status.ANSWERED, self.replies.render(step.reply, {}))
        else:
            await self._carry_out(action)

    async def _carry_out(self, action: PendingAction) -> None:
        now = self.context.now
        taken = await self.session.execute(
            update(PendingAction)
            .where(
                PendingAction.id == action.id,
                PendingAction.status == "pending",
                PendingAction.expires_at > now,
            )
            .values(status="done", decided_at=now)
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            self._ended(Status.REFUSED, self.replies.render("already_decided", {}))
            return
        tool = self.team.tools[action.tool]
        arguments = tool.arguments(action.arguments)
        self.outcome.commands.append(
            Command(
                tool.name, action.arguments, {name: Evidence("conversation") for name in action.arguments}
            )
        )
        self.state.last = Wish(tool.name, arguments=action.arguments)
        # What a tool wrote before it broke a rule is undone; that it was tried stays.
        savepoint = await self.session.begin_nested()
        result = await self._call(tool, arguments, key=str(action.id))
        if result is None:
            await savepoint.rollback()
            await self.session.refresh(action)
            self._settle(action, "failed")
        else:
            await savepoint.commit()
            await self.session.refresh(action)
            action.result = self.outcome.results[-1]
            self._ended(Status.DONE, self.replies.result(result))
        caller = self.context.caller
        await audit.append(
            self.session,
            actor=caller.actor,
            role=caller.role,
            action=tool.name if result is not None else f"{tool.name}.failed",
            subject=_subject(action.arguments, caller.identity),
            detail={
                "action": str(action.id),
                **({} if caller.is_visitor else {"conversation": str(self.context.conversation)}),
                "channel": caller.channel,
            },
            at=now,
        )

    async def _call(
        self,
        tool: Tool,
        arguments: dict[str, Any],
        *,
        key: str = "",
        evidence: Mapping[str, Evidence] | None = None,
    ) -> msgspec.Struct | None:
        """A tool's result, or None where it was refused or failed (which is then said)."""
        context = replace(self.context, evidence=evidence or {})
        try:
            authorize(tool, context.caller)
            with self.watch("execute_tool", tool.name, conversation=str(context.conversation)):
                result: msgspec.Struct = await tool.function(
                    replace(context, idempotency_key=key) if key else context, **arguments
                )
        except DataError:
            raise
        except Unauthenticated:
            # Only the tool itself could tell that this is personal; go on once it is known who asks.
            wish = self.state.last or Wish(tool.name, arguments=msgspec.to_builtins(arguments))
            self.state.waiting = Waiting("identity", wish)
            self._ended(Status.NEEDS_INPUT, self.replies.render("identify", {}), closing=True)
            self.outcome.question = Question("identity")
            return None
        except BalieError as error:
            self._refuse(error, arguments)
            return None
        except Exception:
            log.exception("the tool %s failed in conversation %s", tool.name, context.conversation)
            self._ended(Status.FAILED, self.replies.render("failed", {}))
            return None
        built: dict[str, Any] = msgspec.to_builtins(result)
        self.outcome.results.append(built)
        names = {p.name for t in self.team.tools.values() for p in t.parameters}
        # A text names one thing, a list of texts those that were just shown: "the first one" is among them.
        self.state.focus.update(
            {k: v for k, v in built.items() if k in names and v and isinstance(v, str | list)}
        )
        return result

    def _refuse(self, error: BalieError, arguments: Mapping[str, Any]) -> None:
        """Say why not; what was refused as not there is not spoken of any further."""
        if error.status == NotFound.status:
            for name, value in arguments.items():
                if self.state.focus.get(name) == value:
                    del self.state.focus[name]
        key = "error_" + error.slug.replace("-", "_")
        if self.replies.has(key):
            said = self.replies.render(key, error.facts)
        elif isinstance(error, Forbidden):
            said = self.replies.render("forbidden", {})
        else:
            said = str(error)
        self._ended(Status.REFUSED, said)

    def _ask_again(self, error: BalieError, step: Call) -> None:
        """Where another value would do, the next message may give it."""
        name = error.argument if isinstance(error, RuleBroken) else ""
        evidence = step.wish.evidence.get(name)
        if not any(p.name == name for p in step.tool.parameters) or (evidence and evidence.source == "form"):
            return
        if self.state.queue and not isinstance(error, Incomplete):
            return  # something else is wanted as well, and goes on
        kept = {key: value for key, value in step.wish.arguments.items() if key != name}
        wish = msgspec.structs.replace(step.wish, arguments=kept, text="", excluded=())
        self.state.waiting = Waiting("parameter", wish, name)
        if isinstance(error, Incomplete):
            self.outcome.statuses[-1] = Status.NEEDS_INPUT
            self.outcome.question = Question(name)

    def _note(self, step: Call) -> None:
        self.state.last = step.wish
        self.outcome.commands.append(Command(step.tool.name, step.wish.arguments, step.wish.evidence))

    def _settle(self, action: PendingAction, status: str) -> None:
        action.status = status
        action.decided_at = self.context.now

    def _hand_off(self, step: HandOff) -> None:
        self.session.add(
            Handoff(
                conversation_id=self.context.conversation,
                reason=step.reason,
                summary=step.summary or step.reason,
                priority="high" if self.state.upset else "normal",
                created_at=self.context.now,
            )
        )
        self.state.handed_off = True
        self.state.waiting, self.state.queue = None, []
        if self.action:
            self._settle(self.action, "rejected")
            self.action = None
        self._ended(Status.HANDED_OFF, self.replies.render("handed_off", {}))


def _subject(arguments: Mapping[str, Any], identity: str | None) -> str:
    """What an audit record is about: the first argument that names something, else the person."""
    for name, value in arguments.items():
        if name in _NAMING:
            return f"{name}:{value}"
    return f"customer:{identity or 'anonymous'}"
