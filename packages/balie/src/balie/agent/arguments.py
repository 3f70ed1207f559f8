"""Finding the arguments of one command: take what is grounded, ask for what is not."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from balie.agent.resolution import Candidate, Evidence, ResolveContext
from balie.agent.state import State, Waiting, Wish
from balie.agent.team import Team
from balie.agent.tools import Effect, Parameter, Resolve, Tool
from balie.agent.turn import Option
from balie.agent.wording import AROUND
from balie.errors import RuleBroken

MAX_OPTIONS = 3
_WORD = re.compile(r"\w[\w'’-]*")
# "And on Sunday?", "what about the other shop?": the same is asked, of something else.
_ADDS = re.compile(r"^\W*(?:(?:oh|ok|okay|hm+)\W+)?(?:and|or|also|(?:what|how) about)\b", re.IGNORECASE)
# "cancel 10240, no wait, 10234": what comes after takes the place of what came before.
_REPAIR = re.compile(
    r"\b(?:no|sorry|wait|i mean|i meant|rather|make that|correction|instead)\b", re.IGNORECASE
)
# "Cancel 10252 but keep 10240", "not 10240 but 10252".
_LEFT_ALONE = re.compile(
    r"\b(?:keep|leave|not|don'?t|except|without|instead of)\s+(?:(?!and\b|or\b)[\w'’]+\s+){0,2}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A command with everything that it needs; ``arguments`` are typed, those of the wish are JSON."""

    wish: Wish
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question for one parameter, and what is said to ask it."""

    waiting: Waiting
    parameter: str
    key: str
    options: list[Option]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Broken:
    """What was said breaks a rule of the domain; ``waiting`` where another value would do."""

    error: RuleBroken
    waiting: Waiting | None = None


class ArgumentFinder:
    """Resolves the parameters of one tool, in the order of its signature.

    Args:
        context: as for the resolvers, without a text.
        state: of the conversation; only read.
    """

    def __init__(self, tool: Tool, team: Team, context: ResolveContext, state: State) -> None:
        self.tool = tool
        self.team = team
        self.context = replace(context, tool=tool.name)
        self.state = state

    async def find(self, wish: Wish) -> list[Found | Ask | Broken]:
        """Everything that the wish comes to: one command, one for each thing it names, or a question."""
        arguments = self.tool.arguments(wish.arguments, partial=True)
        for parameter in self.tool.parameters:
            if parameter.name in arguments or parameter.resolve is None:
                continue
            try:
                candidates = await self._candidates(parameter, wish, arguments)
            except RuleBroken as error:
                asks = Waiting("parameter", msgspec.structs.replace(wish, text=""), parameter.name)
                return [Broken(error, asks if error.argument else None)]
            if len(candidates) > 1 and _apart(candidates):
                return [one for c in candidates for one in await self.find(_with(wish, parameter.name, c))]
            if len(candidates) == 1:
                wish = _with(wish, parameter.name, candidates[0])
                arguments |= self.tool.arguments(
                    {parameter.name: wish.arguments[parameter.name]}, partial=True
                )
            elif candidates or parameter.required:
                return [self._ask(parameter, wish, candidates)]
        return [Found(wish, arguments)]

    async def correct(self, target: Wish, said: Wish) -> tuple[Wish, bool]:
        """``target`` again, with what ``said`` puts in the place of a value; and whether it names one."""
        kept = {
            p.name: target.arguments[p.name]
            for p in self.tool.parameters
            if p.resolve and p.name in target.arguments
        }
        changed: list[str] = []
        for parameter in self.tool.parameters:
            if parameter.resolve is None or parameter.resolve.text:
                continue
            candidates = await _said(parameter.resolve, self.context.on_text(said.text, said.offset))
            old = str(kept.get(parameter.name))
            if candidates is None or any(_plain(c.value) != old for c in candidates):
                changed.append(parameter.name)
        named = bool(changed)
        if not changed:
            changed = [
                p.name for p in self.tool.parameters if p.name in kept and p.resolve and not p.resolve.text
            ][:1]
        excluded = tuple(str(kept[name]) for name in changed if name in kept)
        corrected = Wish(
            target.command,
            said.text,
            said.offset,
            arguments={name: value for name, value in kept.items() if name not in changed},
            evidence={name: Evidence("conversation") for name in kept if name not in changed},
            excluded=excluded,
        )
        return corrected, named

    async def again(self, message: str, last: Wish) -> Wish | None:
        """What was looked up last, with what a message merely adds to it ("and on Sunday?"), if it does."""
        if not _ADDS.match(message):
            return None
        named: list[str] = []
        for parameter in self.tool.parameters:
            if parameter.resolve and not parameter.resolve.text:
                said = await _said(parameter.resolve, self.context.on_text(message, 0))
                if said and _left_over(message, said) <= 2:
                    named.append(parameter.name)
        kept = {name: value for name, value in last.arguments.items() if name not in named}
        evidence = {name: Evidence("conversation") for name in kept}
        return Wish(self.tool.name, message, arguments=kept, evidence=evidence) if named else None

    async def answer(self, waiting: Waiting, message: str, *, sure: bool) -> Wish | None:
        """The waiting wish, with the message as the answer to what was asked; None where it is none.

        Args:
            sure: take it only where hardly anything else is said.
        """
        parameter = self._parameter(waiting.parameter)
        assert parameter.resolve is not None
        if sure and parameter.resolve.text:
            return None
        context = replace(
            self.context.on_text(message, 0),
            asked=True,
            offered=waiting.options,
            arguments=waiting.wish.arguments,
        )
        candidates = await _said(parameter.resolve, context)
        wish = msgspec.structs.replace(waiting.wish, text=message, offset=0, earlier=waiting.wish.text)
        if candidates is None:
            # What is wrong with it is said when the wish is planned again; or it is another wish.
            return None if sure else wish
        if not candidates or (sure and _left_over(message, candidates) > 2):
            return None
        if not parameter.resolve.text:
            wish = await self._renamed(wish, message)
        return _with(wish, parameter.name, candidates[0]) if len(candidates) == 1 else wish

    async def _renamed(self, wish: Wish, message: str) -> Wish:
        """The wish with what the answer names anew beside what was asked ("10252 instead")."""
        context = replace(self.context.on_text(message, 0), arguments={})
        for parameter in self.tool.parameters:
            if parameter.name not in wish.arguments or parameter.resolve is None or parameter.resolve.text:
                continue
            said = await _said(parameter.resolve, context) or []
            if len(said) == 1 and _plain(said[0].value) != str(wish.arguments[parameter.name]):
                wish = _with(wish, parameter.name, said[0])
        return wish

    def given(self, waiting: Waiting, value: Any) -> Wish:
        """The waiting wish with the option that was picked."""
        candidate = Candidate(value, str(value), Evidence("conversation"))
        return _with(waiting.wish, waiting.parameter, candidate)

    def takes_text(self, waiting: Waiting) -> bool:
        """Whether any words at all answer what was asked."""
        resolve = self._parameter(waiting.parameter).resolve
        return resolve is not None and resolve.text

    def _parameter(self, name: str) -> Parameter:
        return next(p for p in self.tool.parameters if p.name == name)

    async def _candidates(
        self, parameter: Parameter, wish: Wish, arguments: dict[str, Any]
    ) -> list[Candidate]:
        assert parameter.resolve is not None
        context = replace(
            self.context.on_text(wish.text, wish.offset),
            arguments=arguments,
            excluded=frozenset(wish.excluded),
        )
        if parameter.resolve.text:
            # What names something else ("for the hallway thermostat") describes nothing by itself.
            beside = _blanked(wish)
            if not await parameter.resolve.resolver(replace(context, text=beside)):
                context = replace(context, text="")
        found = _allowed(await parameter.resolve.resolver(context), wish)
        if said := [c for c in found if c.evidence.source == "message"]:
            return _last_word(wish, said)
        if wish.earlier:
            before = _allowed(await parameter.resolve.resolver(context.on_text(wish.earlier, 0)), wish)
            if said := [c for c in before if c.evidence.source == "message"]:
                return [replace(c, evidence=Evidence("conversation")) for c in said]
        return found

    def _ask(self, parameter: Parameter, wish: Wish, candidates: Sequence[Candidate]) -> Ask:
        assert parameter.resolve is not None
        options = [Option(c.label, msgspec.to_builtins(c.value)) for c in candidates[:MAX_OPTIONS]]
        before = self.state.waiting
        again = (
            before is not None and before.parameter == parameter.name and before.wish.command == wish.command
        )
        attempts = before.attempts + 1 if before and again else 0
        facts = {"options": [option.label for option in options], **arguments_for_templates(self.tool, wish)}
        waiting = Waiting("parameter", wish, parameter.name, options, attempts)
        return Ask(waiting, parameter.name, parameter.resolve.ask, options, facts)


async def _said(resolve: Resolve, context: ResolveContext) -> list[Candidate] | None:
    """What the message itself names; None where that breaks a rule."""
    try:
        return [c for c in await resolve.resolver(context) if c.evidence.source == "message"]
    except RuleBroken:
        return None


def settles(tool: Tool, waiting: Waiting, team: Team) -> bool:
    """Whether nobody waits for the answer to a question any more, once this tool is called."""
    asking = team.tools.get(waiting.wish.command)
    if asking is None or asking is tool:
        return asking is tool
    # Who goes on to change something has left what was only to be looked up.
    looks_up = waiting.kind == "parameter" and asking.effect is Effect.READ
    return looks_up and tool.effect is not Effect.READ


def arguments_for_templates(tool: Tool, wish: Wish) -> dict[str, Any]:
    """The arguments known so far, typed; None for the others, so that a template may test for them."""
    known = tool.arguments(wish.arguments, partial=True)
    return {p.name: known.get(p.name) for p in tool.parameters}


def _with(wish: Wish, name: str, candidate: Candidate) -> Wish:
    kept = {place: e for place, e in wish.evidence.items() if not place.startswith(f"{name}[")}
    parts = {name + part: evidence for part, evidence in candidate.parts.items()}
    return msgspec.structs.replace(
        wish,
        arguments={**wish.arguments, name: msgspec.to_builtins(candidate.value)},
        evidence={**kept, name: candidate.evidence, **parts},
    )


def _plain(value: Any) -> str:
    return str(msgspec.to_builtins(value))


def _allowed(candidates: Sequence[Candidate], wish: Wish) -> list[Candidate]:
    return [c for c in candidates if _plain(c.value) not in wish.excluded]


def _apart(candidates: Sequence[Candidate]) -> bool:
    """Whether each was named in a place of its own, so that all of them are meant."""
    spans = sorted(c.evidence.span for c in candidates if c.evidence.span)
    return len(spans) == len(candidates) and all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


def _last_word(wish: Wish, candidates: list[Candidate]) -> list[Candidate]:
    if len(candidates) < 2 or not _apart(candidates):
        return candidates
    ordered = sorted(candidates, key=lambda c: c.evidence.span or (0, 0))
    ordered = [c for c in ordered if not _left_alone(wish, c)] or ordered
    kept = ordered[:1]
    for earlier, later in itertools.pairwise(ordered):
        if earlier.evidence.span and later.evidence.span:
            between = wish.text[earlier.evidence.span[1] - wish.offset : later.evidence.span[0] - wish.offset]
            if _REPAIR.search(between):
                kept.pop()
        kept.append(later)
    return [c for c in candidates if c in kept]


def _left_alone(wish: Wish, candidate: Candidate) -> bool:
    span = candidate.evidence.span
    return span is not None and bool(_LEFT_ALONE.search(wish.text[: span[0] - wish.offset]))


def _blanked(wish: Wish) -> str:
    """The wish's text with spaces where its other arguments were found."""
    text = wish.text
    for evidence in wish.evidence.values():
        if evidence.source == "message" and evidence.span:
            start, end = (max(place - wish.offset, 0) for place in evidence.span)
            text = text[:start] + " " * (min(end, len(text)) - start) + text[end:]
    return text


def _left_over(message: str, candidates: Sequence[Candidate]) -> int:
    """How many words of meaning stand beside the candidates."""
    spans = [c.evidence.span for c in candidates if c.evidence.span]
    words = [
        word.group()
        for word in _WORD.finditer(message)
        if not any(start < word.end() and word.start() < end for start, end in spans)
    ]
    return sum(word.casefold() not in AROUND for word in words)
