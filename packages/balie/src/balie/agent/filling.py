"""A tool whose arguments a form gives: the same policy, the same two phases, no model."""

from collections.abc import Mapping
from typing import Any

import msgspec

from balie.agent.plan import Call, Plan
from balie.agent.policy import Caller, authorize
from balie.agent.resolution import Evidence
from balie.agent.state import State, Wish
from balie.agent.tools import Tool
from balie.errors import BadRequest


def from_form(tool: Tool, values: Mapping[str, Any], state: State, caller: Caller) -> Plan:
    """Plan it. ``state`` is changed.

    Raises:
        Forbidden: not for this caller. BadRequest: the arguments are not what the tool takes.
    """
    authorize(tool, caller)
    typed = _filled_in(tool, values)
    wish = Wish(
        tool.name,
        arguments=msgspec.to_builtins(typed),
        evidence={name: Evidence("form") for name in typed},
    )
    state.waiting = None
    state.focus.update(wish.arguments)
    return Plan(state, [Call(tool, wish, typed)])


def _filled_in(tool: Tool, values: Mapping[str, Any]) -> dict[str, Any]:
    """The typed arguments that a form gives; what is to be written may be left out.

    Raises:
        BadRequest: the arguments are not what the tool takes.
    """
    typed = tool.arguments({name: value for name, value in values.items() if value is not None}, partial=True)
    for parameter in tool.parameters:
        if parameter.required and parameter.written is None and parameter.name not in typed:
            raise BadRequest(f"{tool.name} needs {parameter.name}.", argument=parameter.name)
    return typed
