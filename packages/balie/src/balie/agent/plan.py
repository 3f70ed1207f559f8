"""The steps of a turn, before any of them is taken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from balie.agent.state import State, Wish
from balie.agent.tools import Tool
from balie.agent.turn import Question, Status
from balie.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Call:
    """Run a tool, or propose it where it changes something."""

    tool: Tool
    wish: Wish
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decide:
    """A yes or a no to what is pending."""

    yes: bool
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """Answer with a template of the desk's own."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    status: Status = Status.ANSWERED
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class HandOff:
    """Bring in a person; ``summary`` is what they read first."""

    reason: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Refuse:
    """A rule of the domain forbids it."""

    error: RuleBroken


Step = Call | Decide | Say | HandOff | Refuse


@dataclass(slots=True)
class Plan:
    """The steps in order, and the conversation's memory as it will be after them.

    ``queue_waits``: what is in the queue can only be planned once the steps are carried out.
    """

    state: State
    steps: list[Step] = field(default_factory=list)
    confidence: float = 1.0
    upset: bool = False
    used_model: bool = False
    understand_seconds: float = 0.0
    queue_waits: bool = False

    def calls(self, tool: Tool, arguments: Mapping[str, Any]) -> bool:
        """Whether that call is planned already."""
        return any(
            isinstance(step, Call) and step.tool is tool and step.arguments == arguments
            for step in self.steps
        )


def without_model(state: str, tools: Iterable[str]) -> Say:
    """What is said where no model reads: it is warming up, or these tools are there as fixed commands."""
    if state == "warming_up":
        return Say("warming_up", {}, Status.DEGRADED)
    return Say("degraded", {"commands": sorted(f"/{name}" for name in tools)}, Status.DEGRADED)
