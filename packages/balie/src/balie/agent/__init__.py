"""One turn at the desk: understand, resolve, authorize, act, reply."""

from balie.agent.policy import Caller, Role
from balie.agent.resolution import Candidate, Evidence, ResolveContext
from balie.agent.team import Agent, Team
from balie.agent.tools import Effect, Resolve, Tool, ToolContext, Written, tool
from balie.agent.turn import Status, Turn

__all__ = [
    "Agent",
    "Caller",
    "Candidate",
    "Effect",
    "Evidence",
    "Resolve",
    "ResolveContext",
    "Role",
    "Status",
    "Team",
    "Tool",
    "ToolContext",
    "Turn",
    "Written",
    "tool",
]
