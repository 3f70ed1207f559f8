"""Agents, and the team that a vertical puts at its desk."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from re import Pattern

from sqlalchemy.ext.asyncio import AsyncSession

from balie.agent.policy import Caller, may_use
from balie.agent.resolution import ResolveContext
from balie.agent.tools import Effect, Tool
from balie.agent.wording import AROUND

CONFIRM = "confirm"
REJECT = "reject"
CORRECT = "correct"
STOP = "stop"
REPEAT = "repeat"
TALK_TO_PERSON = "talk_to_person"
SMALL_TALK = "small_talk"
HELP = "help"
OUT_OF_SCOPE = "out_of_scope"

BUILT_IN = frozenset({CONFIRM, REJECT, CORRECT, STOP, REPEAT, TALK_TO_PERSON, SMALL_TALK, HELP, OUT_OF_SCOPE})
"""Commands that every desk has beside its tools; a head knows them by these names."""

Recognise = Callable[[AsyncSession, str], Awaitable[Collection[str]]]
"""The parameters that something in a text can be, as only the data can tell (a product by its name)."""

Identify = Callable[[ResolveContext], Awaitable[str | None]]
"""Who the person is, proven by what the message gives (an order number with its e-mail), or None."""


@dataclass(frozen=True, slots=True)
class Agent:
    """A part of the desk with tools of its own. A command of another agent hands over to that one."""

    name: str
    title: str
    description: str
    tools: tuple[Tool, ...]


@dataclass(frozen=True)
class Team:
    """The agents of a desk and what they share.

    Attributes:
        agents: the first one opens a conversation.
        replies: language → template key → Jinja2 source, see :mod:`balie.agent.replies`.
        identify: proves who is asking out of what they say; None where a desk needs no such thing.
        claims_identity: recognises a message that tries to identify somebody.
        mentions: what an encoder can't know by itself (a number of five digits is an order's), the words
            that it reads instead, and the parameter that it can be. Applied in order, to messages and
            to the examples alike.
        recognises: what else a message names; tools that take it are likelier, and it is about something here.
        gathers: commands that take a list of things, each with the commands that one more thing of it ("and the
            cheapest TV") reads like by itself.
        shortcuts: a whole message of this shape means this command, whoever says it: no model needed.
        person: the tool that brings a person to where the desk stands; without one a conversation is handed over.
    """

    name: str
    agents: tuple[Agent, ...]
    replies: Mapping[str, Mapping[str, str]]
    identify: Identify | None = None
    claims_identity: Pattern[str] | None = None
    mentions: tuple[tuple[Pattern[str], str, str], ...] = ()
    shortcuts: tuple[tuple[Pattern[str], str], ...] = ()
    gathers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    recognises: Recognise | None = None
    person: str = ""

    @cached_property
    def tools(self) -> dict[str, Tool]:
        """Every tool of every agent, by name."""
        return {tool.name: tool for agent in self.agents for tool in agent.tools}

    @cached_property
    def commands(self) -> frozenset[str]:
        """Every command of this desk: what its head must know, no more and no less."""
        return BUILT_IN | self.tools.keys()

    @cached_property
    def described(self) -> frozenset[str]:
        """The tools that change something and take words as they are said: a description, a reason."""
        return frozenset(
            name
            for name, tool in self.tools.items()
            if tool.effect is not Effect.READ and any(p.resolve and p.resolve.text for p in tool.parameters)
        )

    def agent(self, name: str) -> Agent:
        """The agent of that name."""
        return next(agent for agent in self.agents if agent.name == name)

    def agent_for(self, tool: str, current: str) -> Agent:
        """Who handles a tool: the current agent where it can, else the first that can."""
        at_hand = self.agent(current)
        if any(t.name == tool for t in at_hand.tools):
            return at_hand
        return next(agent for agent in self.agents if any(t.name == tool for t in agent.tools))

    def as_read(self, text: str) -> str:
        """A text as the models read it: what names a thing is said in words."""
        for shape, words, _ in self.mentions:
            text = shape.sub(words, text)
        return text

    def only_names(self, text: str) -> bool:
        """Whether a text names things by their numbers and says nothing else: "It was order 10177."."""
        left = text
        for shape, _, _ in self.mentions:
            left = shape.sub(" ", left)
        return left != text and AROUND.issuperset(re.findall(r"[\w'’]+", left.casefold()))

    def takes_what_is_named(self, text: str, recognised: Collection[str] = ()) -> frozenset[str]:
        """The tools that take one of the things that a text names, ``recognised`` parameters among them."""
        named = {parameter for shape, _, parameter in self.mentions if shape.search(text)} | set(recognised)
        return frozenset(
            name
            for name, tool in self.tools.items()
            if named & {parameter.name for parameter in tool.parameters}
        )

    def legal(self, caller: Caller) -> frozenset[str]:
        """The commands that exist for this caller. What a role does not reach can't be chosen."""
        return BUILT_IN | {name for name, tool in self.tools.items() if may_use(tool, caller)}
