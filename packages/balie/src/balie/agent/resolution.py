"""Where arguments come from: candidates that are grounded, each with its evidence."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from balie.agent.policy import Caller

if TYPE_CHECKING:
    from balie.agent.turn import Option

Source = Literal["message", "conversation", "database", "caller", "form", "default", "written"]


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a value was found; ``span`` is [start, end) in the message.

    ``of`` is how many things fitted what was said, where a rule of the vertical chose among them.
    """

    source: Source
    span: tuple[int, int] | None = None
    of: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value that a parameter could have; ``label`` is how a person is shown it.

    ``parts`` says where each part of a list was found: ``{"[0]": Evidence(...)}``.
    """

    value: Any
    label: str
    evidence: Evidence
    parts: Mapping[str, Evidence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResolveContext:
    """What a resolver may look at.

    Attributes:
        text: the part of the message that speaks of this command.
        offset: where ``text`` begins in the message, for spans.
        focus: the value that each parameter name had last in this conversation.
        last: the tool that was used last: what was spoken of most recently.
        arguments: what is already resolved of this command.
        asked: the person answers our question for exactly this parameter.
        offered: the options that were shown with that question.
        excluded: values that the person has just said are not meant.
        site: where the desk stands, as its vertical numbers such places; may be empty.
    """

    text: str
    offset: int
    tool: str
    session: AsyncSession
    caller: Caller
    now: datetime
    timezone: ZoneInfo
    language: str
    focus: Mapping[str, Any]
    arguments: Mapping[str, Any]
    asked: bool = False
    excluded: frozenset[str] = frozenset()
    offered: Sequence["Option"] = ()
    site: str = ""
    last: str = ""

    def found(self, value: Any, start: int, end: int, label: str | None = None) -> Candidate:
        """A candidate at ``text[start:end]``."""
        span = (start + self.offset, end + self.offset)
        return Candidate(value, label or str(value), Evidence("message", span))

    def on_text(self, text: str, offset: int) -> "ResolveContext":
        """The same context over another part of the message."""
        return replace(self, text=text, offset=offset)


Resolver = Callable[[ResolveContext], Awaitable[Sequence[Candidate]]]
"""Yields the grounded candidates for one parameter, best first; empty when nothing was found.

It never guesses: what was found in the message comes alone, and what merely could be meant (the
order that was spoken of, the customer's open orders) only where the message says nothing.
"""
