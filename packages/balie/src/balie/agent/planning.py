"""From a message to a plan: what is meant, with which arguments, and what must be asked first.

Planning only reads. What it yields is carried out by :mod:`balie.agent.execution` in one transaction.
"""

from datetime import datetime
from time import perf_counter
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from balie.agent import steering
from balie.agent import team as commands
from balie.agent.arguments import ArgumentFinder, Ask, Broken, settles
from balie.agent.exact import (
    Understood,
    begins_with_no,
    chosen_option,
    fast_path,
    nothing_to_steer,
    points_elsewhere,
)
from balie.agent.identification import identify, tries_to_identify
from balie.agent.plan import Call, Decide, HandOff, Plan, Refuse, Say, without_model
from balie.agent.policy import Caller, needs_identity
from balie.agent.resolution import ResolveContext
from balie.agent.state import State, Waiting, Wish
from balie.agent.team import Team
from balie.agent.tools import Effect, Tool
from balie.agent.turn import Option, Question, Status
from balie.agent.understanding import understand
from balie.errors import ModelError
from balie.routing import Models

MAX_WISHES = 4
_UNCLEAR_BEFORE_PERSON = 2


class Planner:
    """Plans one turn.

    Args:
        session: for reading only.
        caller: with the identity that the conversation has proven, if any.
        pending: the wish that waits for a yes, if any.
        expired: there was one, and its time is over.
        site: where the desk stands.
    """

    def __init__(
        self,
        team: Team,
        models: Models,
        session: AsyncSession,
        caller: Caller,
        now: datetime,
        timezone: ZoneInfo,
        pending: Wish | None,
        *,
        expired: bool = False,
        site: str = "",
    ) -> None:
        self.team = team
        self.models = models
        self.session = session
        self.caller = caller
        self.now = now
        self.timezone = timezone
        self.pending = pending
        self.expired = expired
        self.site = site
        self.legal = team.legal(caller)

    async def message(self, message: str, state: State) -> Plan:
        """Plan what a message asks for. ``state`` is changed."""
        plan = Plan(state)
        identified = await self._identify(message, plan)
        waiting = state.waiting
        understood = fast_path(
            message,
            self.team,
            self.legal,
            self.caller.language,
            last=state.last.command if state.last else None,
            deciding=self.pending is not None or waiting is not None,
        )
        if waiting and (answered := await self._answer(message, waiting, understood, plan)):
            understood = answered
        elif (
            identified
            and not plan.steps
            and waiting is None
            and len(message.split()) <= 8
            and "?" not in message
        ):
            plan.steps.append(Say("identified"))
            return plan
        if plan.steps:
            return plan
        if understood is None:
            started = perf_counter()
            try:
                understood = await understand(
                    message,
                    self.models,
                    self.team,
                    self.legal,
                    nothing_to_steer(state, deciding=self.pending is not None or self.expired),
                    self.caller.language,
                    await self.team.recognises(self.session, message) if self.team.recognises else (),
                )
            except ModelError:
                plan.steps.append(without_model(self.models.state, self.legal & self.team.tools.keys()))
                return plan
            finally:
                plan.understand_seconds = perf_counter() - started
            if waiting and (answered := await self._late_answer(message, waiting, understood, plan)):
                understood = answered
        understood = await self._said_of_the_same(message, understood, state)
        plan.confidence, plan.upset = understood.confidence, understood.upset
        plan.used_model = understood.used_model
        if self.pending and not understood.wishes and begins_with_no(message, self.caller.language):
            # Whatever else it says: what is pending is not wanted like that.
            understood = Understood([Wish(commands.REJECT, message)], understood.confidence)
        if not understood.wishes:
            self._doubt(message, understood, plan)
            return plan
        state.unclear = 0
        if (
            waiting
            and waiting.kind == "command"
            and any(w.command in self.team.tools for w in understood.wishes)
        ):
            # They said what they want in other words: a later yes is none to what was offered then.
            state.waiting = None
        await self.wishes(understood.wishes[:MAX_WISHES], plan)
        await self._go_on(plan)
        return plan

    async def _go_on(self, plan: Plan) -> None:
        """Take up what waited in the queue, once nothing is open before it."""
        state = plan.state
        decides = any(isinstance(step, Decide) for step in plan.steps)
        proposes = any(isinstance(step, Call) and step.tool.effect is not Effect.READ for step in plan.steps)
        if plan.queue_waits:
            return
        if state.queue and state.waiting is None and not proposes and (decides or self.pending is None):
            queue, state.queue = state.queue, []
            await self.wishes(queue, plan)

    async def decided(self, decision: Decide, state: State) -> Plan:
        """Plan a yes or a no that was given by a button."""
        plan = Plan(state, [decision])
        await self._go_on(plan)
        return plan

    def with_person(self, state: State) -> Plan:
        """The message is for the colleague who has the conversation."""
        return Plan(state, [Say("with_person", {}, Status.HANDED_OFF)])

    async def wishes(self, wishes: list[Wish], plan: Plan) -> None:
        """Plan several wishes; those that come after an open question or proposal wait in the queue."""
        blocked = False
        wishes = steering.without_echo(wishes, self.pending)
        if self.pending and len(wishes) > 1 and wishes[0].command == commands.CONFIRM:
            # "Yes, and print it": what there is to print is not there before the yes is carried out.
            plan.state.queue += wishes[1:]
            plan.queue_waits = True
            del wishes[1:]
        for wish in wishes:
            for single in await self._wish(wish, plan, blocked=blocked):
                blocked = blocked or single

    async def _wish(self, wish: Wish, plan: Plan, *, blocked: bool) -> list[bool]:
        """Plan one; True where it leaves something open."""
        state = plan.state
        if wish.command == commands.OUT_OF_SCOPE:
            plan.steps.append(self._say("out_of_scope", Status.REFUSED))
            return [False]
        if wish.command not in self.team.tools:
            return [await self._built_in(wish, plan, blocked=blocked)]
        tool = self.team.tools[wish.command]
        if wish.command not in self.legal:
            plan.steps.append(Say("forbidden", {}, Status.REFUSED))
            return [False]
        if blocked and tool.effect is not Effect.READ:
            state.queue.append(wish)
            return [True]
        if needs_identity(tool, self.caller):
            if blocked:
                state.queue.append(wish)
            else:
                state.waiting = Waiting("identity", wish)
                plan.steps.append(Say("identify", {}, Status.NEEDS_INPUT, Question("identity")))
            return [True]
        opens: list[bool] = []
        for outcome in await self._finder(tool, state).find(wish):
            if isinstance(outcome, Broken):
                plan.steps.append(Refuse(outcome.error))
                if outcome.waiting and not blocked:
                    state.waiting = outcome.waiting
                opens.append(False)
            elif isinstance(outcome, Ask):
                if blocked or any(opens):
                    state.queue.append(wish)
                else:
                    state.waiting = outcome.waiting
                    plan.steps.append(
                        Say(
                            outcome.key,
                            outcome.facts,
                            Status.NEEDS_INPUT,
                            Question(outcome.parameter, outcome.options),
                        )
                    )
                opens.append(True)
            elif any(opens) and tool.effect is not Effect.READ:
                state.queue.append(outcome.wish)
            elif plan.calls(tool, outcome.arguments):
                continue  # said twice, answered once
            else:
                if self.pending and steering.is_same(outcome.wish, self.pending):
                    # "Just the first one": what is said anew is all of it.
                    state.queue = [queued for queued in state.queue if queued.command != tool.name]
                plan.steps.append(Call(tool, outcome.wish, outcome.arguments))
                state.focus.update(outcome.wish.arguments)
                state.last = outcome.wish
                if not blocked and state.waiting and settles(tool, state.waiting, self.team):
                    state.waiting = None
                opens.append(tool.effect is not Effect.READ)
        return opens

    async def _built_in(self, wish: Wish, plan: Plan, *, blocked: bool) -> bool:
        state = plan.state
        match wish.command:
            case commands.CONFIRM:
                deciding = self.pending is not None or self.expired
                plan.steps.append(steering.confirmed(state, deciding=deciding))
            case commands.REJECT | commands.STOP:
                plan.steps.append(steering.stopped(wish, state, pending=self.pending is not None))
            case commands.CORRECT:
                await self._correct(wish, plan)
            case commands.REPEAT:
                plan.steps.append(steering.repeated(state))
            case commands.TALK_TO_PERSON if self.team.person in self.legal:
                brings = msgspec.structs.replace(wish, command=self.team.person)
                return any(await self._wish(brings, plan, blocked=blocked))
            case commands.TALK_TO_PERSON:
                plan.steps.append(HandOff("asked for a person"))
            case commands.HELP:
                plan.steps.append(self._say("help"))
            case _:
                plan.steps.append(self._say("small_talk"))
        return False

    async def _correct(self, wish: Wish, plan: Plan) -> None:
        """ "No, the other one": the same command, with another value."""
        state = plan.state
        target = self.pending or (state.waiting.wish if state.waiting else None) or state.last
        if target is None or target.command not in self.team.tools:
            plan.steps.append(Say("nothing_to_correct", {}, Status.NEEDS_INPUT))
            return
        tool = self.team.tools[target.command]
        corrected, named = await self._finder(tool, state).correct(target, wish)
        if not named and not points_elsewhere(wish.text, self.caller.language):
            # "No, I just remembered it" takes nothing in the place of anything.
            plan.steps.append(steering.stopped(wish, state, pending=self.pending is not None))
            return
        if self.pending:
            plan.steps.append(Decide(False))
        await self._wish(corrected, plan, blocked=False)

    async def _identify(self, message: str, plan: Plan) -> bool:
        """Try to prove who is asking; True when it was proven just now."""
        if not tries_to_identify(self.team, self.caller, message):
            return False
        state = plan.state
        if refusal := await identify(self.team, self.context(message, state), state, self.now):
            plan.steps.append(refusal)
        self.caller = msgspec.structs.replace(self.caller, identity=state.identity)
        return state.identity is not None

    async def _answer(
        self, message: str, waiting: Waiting, understood: Understood | None, plan: Plan
    ) -> Understood | None:
        """What an answer to the open question comes to, without a model; None where it is not one."""
        if waiting.kind == "identity":
            if self.caller.identity is None:
                return None
            plan.state.waiting = None
            return Understood([waiting.wish])
        choice = chosen_option(message, waiting, self.caller.language)
        if waiting.kind == "command":
            if choice is None:
                return None
            plan.state.waiting = None
            return Understood(
                [msgspec.structs.replace(waiting.wish, command=str(waiting.options[choice].value))]
            )
        finder = self._finder(self.team.tools[waiting.wish.command], plan.state)
        if choice is not None:
            plan.state.waiting = None
            return Understood([finder.given(waiting, waiting.options[choice].value)])
        if understood is not None and understood.wishes[0].command in commands.BUILT_IN:
            return None
        answered = await finder.answer(waiting, message, sure=True)
        if answered:
            plan.state.waiting = None
            return Understood([answered])
        return None

    async def _late_answer(
        self, message: str, waiting: Waiting, understood: Understood, plan: Plan
    ) -> Understood | None:
        """The same once the models have read it: whatever is no other clear wish is the answer."""
        if waiting.kind != "parameter":
            return None
        other = understood.wishes[0].command if len(understood.wishes) == 1 else None
        leaves = {commands.STOP, commands.TALK_TO_PERSON, commands.REPEAT, commands.HELP, commands.REJECT}
        finder = self._finder(self.team.tools[waiting.wish.command], plan.state)
        if other in leaves or (len(understood.wishes) > 1 and not finder.takes_text(waiting)):
            return None
        switches = other in self.team.tools and other != waiting.wish.command
        if switches and (message.rstrip().endswith("?") or not finder.takes_text(waiting)):
            return None
        answered = await finder.answer(waiting, message, sure=False)
        if answered:
            plan.state.waiting = None
            return Understood([answered], understood.confidence, understood.upset, used_model=True)
        if waiting.attempts + 1 >= _UNCLEAR_BEFORE_PERSON and other is None:
            plan.steps.append(Say("unclear_again", {}, Status.NEEDS_INPUT))
        return None

    async def _said_of_the_same(self, message: str, understood: Understood, state: State) -> Understood:
        """What says nothing by itself may add to what was last looked up: "and on Sunday?"."""
        tool = self.team.tools.get(state.last.command) if state.last else None
        unclear = not understood.wishes or understood.wishes[0].command == commands.OUT_OF_SCOPE
        if not (unclear and state.last and tool and tool.effect is Effect.READ and tool.name in self.legal):
            return understood
        wish = await self._finder(tool, state).again(message, state.last)
        return Understood([wish], understood.confidence, used_model=True) if wish else understood

    def _doubt(self, message: str, understood: Understood, plan: Plan) -> None:
        """Ask once with at most three options, then offer a person."""
        state = plan.state
        state.unclear += 1
        if state.unclear >= _UNCLEAR_BEFORE_PERSON:
            plan.steps.append(Say("unclear_again", {}, Status.NEEDS_INPUT))
            return
        options = [Option(self._ability(name), name) for name in understood.doubtful]
        state.waiting = Waiting("command", Wish("", message), options=options) if options else state.waiting
        plan.steps.append(
            Say(
                "unclear",
                {"options": [option.label for option in options]},
                Status.NEEDS_INPUT,
                Question("command", options),
            )
        )

    def _ability(self, command: str) -> str:
        replies = self.team.replies.get(self.caller.language) or self.team.replies["en"]
        return replies.get(f"do_{command}") or command.replace("_", " ")

    def _say(self, key: str, status: Status = Status.ANSWERED) -> Say:
        abilities = [self._ability(name) for name in self.team.tools if name in self.legal]
        return Say(key, {"abilities": abilities}, status)

    def _finder(self, tool: Tool, state: State) -> ArgumentFinder:
        return ArgumentFinder(tool, self.team, self.context("", state), state)

    def context(self, text: str, state: State) -> ResolveContext:
        """What resolvers may look at."""
        return ResolveContext(
            text=text,
            offset=0,
            tool="",
            session=self.session,
            caller=self.caller,
            now=self.now,
            timezone=self.timezone,
            language=self.caller.language,
            focus=state.focus,
            arguments={},
            site=self.site,
            last=state.last.command if state.last else "",
        )
