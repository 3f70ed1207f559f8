"""Tools: typed functions that a turn may call, and what their signatures say.

A tool is written as a function and becomes a :class:`Tool`::

    @tool(effect=Effect.DESTRUCTIVE, roles={Role.CUSTOMER, Role.STAFF}, personal=True)
    async def cancel_order(ctx: ToolContext, order: OrderNumber) -> OrderCancelled:
        \"\"\"Cancel an order that has not shipped yet.\"\"\"

    @cancel_order.preview
    async def _(ctx: ToolContext, order: str) -> CancelPreview: ...

The first line of the docstring is what models, MCP clients and forms show. The JSON schema comes
from the annotations. A preview runs before anybody is asked for a yes: it checks the rules and
gives the facts that the question states.
"""

import inspect
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from balie.agent.policy import Caller, Role
from balie.agent.resolution import Evidence, Resolver
from balie.decisions.corpus import Corpus
from balie.errors import BadRequest

Embed = Callable[[Sequence[str]], Awaitable[Any]]
"""Texts to unit vectors, float32 of shape [texts, dimensions]; None where no encoder is ready."""


class Effect(StrEnum):
    """What running a tool does to the world. Only READ runs without a person's yes."""

    READ = "read"
    WRITE = "write"
    DESTRUCTIVE = "destructive"


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool is given: the turn's transaction, who asks, and what time it is.

    Attributes:
        session: the transaction that also holds the turn itself; a tool never commits.
        now: aware, from the desk's clock; the only time a tool may use.
        timezone: in which days and times are meant and shown.
        site: where the desk stands (a shop, a clinic), as its vertical numbers such places; may be empty.
        kiosk: which terminal of that place it is, for whoever is called there.
        idempotency_key: the same for every attempt at the same action.
        evidence: where the arguments were found, for a tool that reads and for a preview.
        embed: the encoder; it gives None where none is ready.
        corpus: the vectors of what the vertical searches by meaning, made by the same encoder.
    """

    session: AsyncSession
    caller: Caller
    now: datetime
    timezone: ZoneInfo
    language: str
    conversation: UUID
    idempotency_key: str
    embed: Embed
    corpus: Corpus | None = None
    site: str = ""
    kiosk: str = ""
    evidence: Mapping[str, Evidence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resolve:
    """How a parameter is found in what was said; ``ask`` is the reply template that asks for it.

    ``text`` says that any words answer the question: a description, a reason.
    """

    resolver: Resolver
    ask: str
    text: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A parameter that is written, not found: ``what`` it is, made from the parameter ``source``.

    The generator writes it, is held to the facts of its source and to ``limit`` characters; where
    there is no generator, or it does not keep to that, it is the beginning of the source.
    """

    what: str
    source: str
    limit: int = 80


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a tool."""

    name: str
    type: Any
    required: bool
    default: Any
    resolve: Resolve | None
    written: Written | None


Function = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Tool:
    """A function that a turn may call, and everything about it that others read."""

    function: Function
    name: str
    description: str
    effect: Effect
    roles: frozenset[Role]
    personal: bool
    parameters: tuple[Parameter, ...]
    result: type[msgspec.Struct]
    previews: list[Function] = field(default_factory=list, repr=False)

    def preview(self, function: Function) -> Function:
        """Decorator: check this first, and take the facts of the confirmation question from it."""
        self.previews.append(function)
        return function

    @cached_property
    def arguments_type(self) -> type[msgspec.Struct]:
        """A struct of the parameters; decoding into it is how arguments from outside are checked."""
        fields: list[Any] = [
            (p.name, p.type) if p.required else (p.name, p.type, p.default)
            for p in sorted(self.parameters, key=lambda p: not p.required)
        ]
        return msgspec.defstruct(f"{self.name}_arguments", fields, forbid_unknown_fields=True, kw_only=True)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """JSON schema of the arguments, for models and MCP clients."""
        schema = msgspec.json.schema(self.arguments_type)
        (inner,) = (d for name, d in schema["$defs"].items() if name == f"{self.name}_arguments")
        rest = {name: d for name, d in schema["$defs"].items() if name != f"{self.name}_arguments"}
        return {**inner, "$defs": rest} if rest else dict(inner)

    def arguments(self, values: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
        """Arguments in their types, from JSON or a form.

        Args:
            values: by parameter name.
            partial: leave out what is missing instead of refusing it.

        Raises:
            BadRequest: an unknown argument, one of the wrong kind, or a required one missing.
        """
        known = {p.name: p for p in self.parameters}
        if unknown := sorted(set(values) - set(known)):
            raise BadRequest(
                f"{self.name} has no argument {unknown[0]}; it takes {', '.join(known) or 'none'}."
            )
        typed: dict[str, Any] = {}
        for name, parameter in known.items():
            if name in values:
                try:
                    typed[name] = msgspec.convert(values[name], parameter.type, strict=False)
                except msgspec.ValidationError as error:
                    raise BadRequest(f"{name} of {self.name}: {error}.", argument=name) from error
            elif parameter.required and not partial:
                raise BadRequest(f"{self.name} needs {name}.", argument=name)
        return typed


def tool(
    *,
    effect: Effect,
    roles: Collection[Role],
    personal: bool = False,
) -> Callable[[Function], Tool]:
    """Make a tool of an async function ``(ctx, **arguments) -> msgspec.Struct``.

    Args:
        effect: READ runs at once; the others wait for a person's yes.
        roles: who may use it.
        personal: a customer must be identified first.

    Raises:
        TypeError: a parameter without a resolver, a missing docstring, or a result that is no struct.
    """

    def make(function: Function) -> Tool:
        name = getattr(function, "__name__", "")
        hints = get_type_hints(function, include_extras=True)
        result = hints.pop("return", None)
        if not (isinstance(result, type) and issubclass(result, msgspec.Struct)):
            raise TypeError(f"tool {name}: the result must be a msgspec.Struct, not {result!r}")
        if not function.__doc__:
            raise TypeError(f"tool {name}: its docstring's first line is its description; there is none")
        parameters = tuple(
            _parameter(name, p, hints[p.name])
            for p in list(inspect.signature(function).parameters.values())[1:]
        )
        return Tool(
            function=function,
            name=name,
            description=inspect.cleandoc(function.__doc__).splitlines()[0],
            effect=effect,
            roles=frozenset(roles),
            personal=personal,
            parameters=parameters,
            result=result,
        )

    return make


def _parameter(tool_name: str, parameter: inspect.Parameter, hint: Any) -> Parameter:
    marks = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    resolve = next((m for m in marks if isinstance(m, Resolve)), None)
    written = next((m for m in marks if isinstance(m, Written)), None)
    if resolve is None and written is None:
        raise TypeError(
            f"tool {tool_name}: {parameter.name} is not Annotated with Resolve(...) or Written(...)"
        )
    required = parameter.default is inspect.Parameter.empty
    return Parameter(
        name=parameter.name,
        type=_without_marks(hint),
        required=required,
        default=None if required else parameter.default,
        resolve=resolve,
        written=written,
    )


def _without_marks(hint: Any) -> Any:
    """The annotation without ours, which msgspec would refuse to describe."""
    if get_origin(hint) is not Annotated:
        return hint
    base, *marks = get_args(hint)
    kept = [m for m in marks if isinstance(m, msgspec.Meta)]
    return Annotated[(base, *kept)] if kept else base
