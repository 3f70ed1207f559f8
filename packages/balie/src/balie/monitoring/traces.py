"""Spans with OpenTelemetry's names for generative AI.

Without an OpenTelemetry SDK set up in the process they cost next to nothing and go nowhere. What people say
and the arguments of tools are never attributes.
"""

from collections.abc import Generator
from contextlib import contextmanager
from time import perf_counter
from typing import Literal

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, StatusCode

from balie.errors import BalieError
from balie.monitoring.metrics import Metrics

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

_TARGET: dict[Operation, str] = {
    "invoke_agent": AGENT,
    "execute_tool": TOOL,
    "chat": MODEL,
    "embeddings": MODEL,
}


class Watched:
    """An operation that is going on."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.tokens: tuple[int | None, int | None] = (None, None)

    def used(self, input_tokens: int, output_tokens: int) -> None:
        """It read and wrote so many tokens."""
        self.tokens = (input_tokens, output_tokens)
        self.span.set_attribute(INPUT_TOKENS, input_tokens)
        self.span.set_attribute(OUTPUT_TOKENS, output_tokens)


class Watch:
    """Makes a span ``<operation> <target>`` of everything it watches, and times what models do.

    Args:
        metrics: to count in; None for spans only.
    """

    def __init__(self, metrics: Metrics | None = None) -> None:
        self.metrics = metrics

    @contextmanager
    def __call__(
        self, operation: Operation, target: str, *, provider: str = "", conversation: str = ""
    ) -> Generator[Watched]:
        """The operation goes on within the context; an error that leaves it is the operation's."""
        of_model = operation in {"chat", "embeddings"}
        told = {_TARGET[operation]: target, PROVIDER: provider, CONVERSATION: conversation}
        begun, failed = perf_counter(), ""
        # An exception's words may hold what somebody said: its kind is enough.
        with trace.get_tracer("balie").start_as_current_span(
            f"{operation} {target}",
            kind=SpanKind.CLIENT if of_model else SpanKind.INTERNAL,
            attributes={OPERATION: operation, **{name: value for name, value in told.items() if value}},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            watched = Watched(span)
            try:
                yield watched
            except Exception as error:
                failed = error.slug if isinstance(error, BalieError) else type(error).__name__
                span.set_attribute(ERROR, failed)
                span.set_status(StatusCode.ERROR)
                raise
            finally:
                if of_model and self.metrics is not None:
                    self.metrics.observe_operation(
                        operation=operation,
                        provider=provider,
                        model=target,
                        seconds=perf_counter() - begun,
                        input_tokens=watched.tokens[0],
                        output_tokens=watched.tokens[1],
                        error=failed,
                    )
