"""Proving in a conversation who is asking, and what happens to those who guess."""

from datetime import datetime, timedelta

from balie.agent.plan import Say
from balie.agent.policy import Caller
from balie.agent.resolution import ResolveContext
from balie.agent.state import State
from balie.agent.team import Team
from balie.agent.turn import Question, Status

MAX_FAILED = 5
"""Wrong tries before a conversation is locked."""
LOCKED_FOR = timedelta(minutes=15)


def tries_to_identify(team: Team, caller: Caller, message: str) -> bool:
    """Whether a message of somebody not known yet says who they are."""
    known = caller.identity is not None or caller.is_staff
    return bool(not known and team.identify and team.claims_identity and team.claims_identity.search(message))


async def identify(team: Team, context: ResolveContext, state: State, now: datetime) -> Say | None:
    """Set ``state.identity`` where the message proves it; what to say where it does not, if anything.

    Every wrong try counts, whether it was asked for or not.
    """
    assert team.identify is not None
    if state.locked_until and state.locked_until > now:
        return Say("identification_locked", {}, Status.REFUSED)
    asked = state.waiting is not None and state.waiting.kind == "identity"
    # The other half of the proof may stand in what was asked before ("where is 10234?").
    before = f"\n{state.waiting.wish.text}" if state.waiting else ""
    state.identity = await team.identify(context.on_text(context.text + before, 0))
    if state.identity is not None:
        return None
    # An address alone ("send it to …") claims nothing; with something of a customer's beside it, it does.
    if asked or any(shape.fullmatch(word) for shape, _ in team.shortcuts for word in context.text.split()):
        state.failed_identifications += 1
        if state.failed_identifications >= MAX_FAILED:
            state.failed_identifications = 0
            state.locked_until = now + LOCKED_FOR
    return Say("not_identified", {}, Status.NEEDS_INPUT, Question("identity")) if asked else None
