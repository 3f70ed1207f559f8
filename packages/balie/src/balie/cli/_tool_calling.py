"""The same choice the usual way: a small language model reads every tool's schema and writes a call.

llama.cpp holds the model to the schema of a call, so that what it writes always is one of the tools with
arguments of the right kind. The prompt is the same for every message, and llama.cpp keeps what it has read
of it.
"""

from collections.abc import Iterable, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from balie.errors import ModelError

if TYPE_CHECKING:
    from balie.agent import Tool
    from balie.cli._console import Advance
    from balie.config import ModelSettings

_CONTEXT = 8192
_TOKENS = 96
_PATIENCE = 30.0


class Choice(NamedTuple):
    """The tool that was chosen (None: nothing that could be used), and in how many milliseconds."""

    tool: str | None
    milliseconds: float


async def choose(
    messages: Sequence[str],
    tools: Iterable["Tool"],
    chosen: "ModelSettings",
    advance: "Advance",
    *,
    patience: float | None = _PATIENCE,
) -> list[Choice]:
    """The tool that the generator calls for each message.

    Args:
        patience: seconds after which a choice counts as none; nobody waits longer.

    Raises:
        ModelUnavailable: it can't be loaded.
    """
    import asyncio

    import msgspec

    from balie.backends.llama_xllamacpp import LlamaXllamacpp
    from balie.backends.protocol import Message
    from balie.models import catalog, profiles

    offered = list(tools)
    model = catalog.model(chosen.generator, "generator")
    profile = msgspec.structs.replace(profiles.choose(model), context=min(_CONTEXT, model.context))
    backend = await asyncio.to_thread(LlamaXllamacpp.load, model, profile, threads=chosen.threads)
    schema = _schema_of_a_call(offered)
    system = Message("system", _prompt(offered))
    choices: list[Choice] = []
    try:
        # The first one reads the whole prompt; the others are what somebody would wait for.
        for message in [messages[0], *messages]:
            begun = perf_counter()
            try:
                async with asyncio.timeout(patience if choices else None):
                    answer = await backend.generate(
                        [system, Message("user", message)], schema=schema, max_tokens=_TOKENS
                    )
                tool = str(answer.data["name"])
            except (ModelError, TimeoutError):
                tool = None
            choices.append(Choice(tool, (perf_counter() - begun) * 1000))
            advance(len(choices), len(messages) + 1)
    finally:
        await backend.close()
    return choices[1:]


def _prompt(tools: Sequence["Tool"]) -> str:
    import msgspec

    listed = "\n".join(
        msgspec.json.encode({"name": t.name, "description": t.description, "parameters": t.schema}).decode()
        for t in tools
    )
    return (
        "You are a service desk. Call the one function that does what the person wants.\n"
        f"These are the functions:\n{listed}\n"
        'Answer with JSON: {"name": the function, "arguments": its arguments}.'
    )


def _schema_of_a_call(tools: Sequence["Tool"]) -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    calls = []
    for tool in tools:
        parameters = _plain(tool.schema)
        definitions |= parameters.pop("$defs", {})
        calls.append(
            {
                "type": "object",
                "properties": {"name": {"const": tool.name}, "arguments": parameters},
                "required": ["name", "arguments"],
                "additionalProperties": False,
            }
        )
    return {"anyOf": calls, "$defs": definitions}


def _plain(schema: Any) -> Any:
    """The schema without what llama.cpp's grammar can't express."""
    if isinstance(schema, dict):
        return {key: _plain(value) for key, value in schema.items() if key not in ("pattern", "format")}
    return [_plain(value) for value in schema] if isinstance(schema, list) else schema
