"""Spans with OpenTelemetry's names for generative AI.

Without an OpenTelemetry SDK set up in the process they cost next to nothing and go nowhere. What people say
and the arguments of tools are never attributes.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Literal

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, StatusCode

from balie.errors import BalieError

OPERATION = "gen_ai.operation.name"
PROVIDER = "gen_ai.provider.name"
MODEL = "gen_ai.request.model"
AGENT = "gen_ai.agent.name"
CONVERSATION = "gen_ai.conversation.id"
TOOL = "gen_ai.tool.name"
INPUT_TOKENS = "gen_ai.usage.input_tokens"
OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
ERROR = "error.type"

Operation = Literal["invoke_agent", "chat", "embeddings", "execute_tool"]


@contextmanager
def span(operation: Operation, target: str, attributes: dict[str, str | int | float]) -> Generator[Span]:
    """A span ``<operation> <target>``; the target is the agent's, model's or tool's name."""
    kind = SpanKind.CLIENT if operation in {"chat", "embeddings"} else SpanKind.INTERNAL
    tracer = trace.get_tracer("balie")
    # An exception's words may hold what somebody said: its kind is enough.
    with tracer.start_as_current_span(
        f"{operation} {target}",
        kind=kind,
        attributes={OPERATION: operation, **attributes},
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        try:
            yield current
        except Exception as error:
            current.set_attribute(
                ERROR, error.slug if isinstance(error, BalieError) else type(error).__name__
            )
            current.set_status(StatusCode.ERROR)
            raise
