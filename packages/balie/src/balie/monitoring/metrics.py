"""Metrics for Prometheus. Each app has its own registry, so several live in one process.

Names of what models do are those of OpenTelemetry's conventions for generative AI, as Prometheus writes
them (``gen_ai.client.operation.duration`` in seconds is ``gen_ai_client_operation_duration_seconds``).
No metric has anything about a person in a label.
"""

from collections.abc import Mapping

import psutil
from prometheus_client import CollectorRegistry, Counter, Enum, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from balie.db.tables import Handoff, OutboxMessage, PendingAction

MODEL_STATES = ("warming_up", "ready", "degraded")
CONTENT_TYPE = CONTENT_TYPE_LATEST

_TURN_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24)
# The buckets that the conventions advise.
_OPERATION_SECONDS = tuple(0.01 * 2**n for n in range(14))
_TOKENS = tuple(4.0**n for n in range(14))


class Metrics:
    """What one app counts and times."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self._turns = Counter(
            "balie_turns_total", "Turns by how they ended", ["vertical", "agent", "status"], registry=registry
        )
        self._turn_seconds = Histogram(
            "balie_turn_duration_seconds",
            "Time of a turn's phases: understand, resolve, act, reply, total",
            ["vertical", "phase"],
            buckets=_TURN_SECONDS,
            registry=registry,
        )
        self._operation_seconds = Histogram(
            "gen_ai_client_operation_duration_seconds",
            "Time of one operation of a model",
            ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "error_type"],
            buckets=_OPERATION_SECONDS,
            registry=registry,
        )
        self._tokens = Histogram(
            "gen_ai_client_token_usage",
            "Tokens of one operation of a model",
            ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "gen_ai_token_type"],
            buckets=_TOKENS,
            registry=registry,
        )
        self._request_seconds = Histogram(
            "http_server_request_duration_seconds",
            "Time of a request to the REST API",
            ["http_request_method", "http_route", "http_response_status_code"],
            registry=registry,
        )
        self._pending = Gauge(
            "balie_pending_actions", "Actions that wait for a yes", ["vertical"], registry=registry
        )
        self._outbox = Gauge(
            "balie_outbox_unsent", "Messages that wait to be sent", ["vertical"], registry=registry
        )
        self._handoffs = Gauge(
            "balie_handoffs", "Handoffs not closed", ["vertical", "status"], registry=registry
        )
        self._model_state = Enum(
            "balie_model_state",
            "How the models are",
            ["vertical"],
            states=list(MODEL_STATES),
            registry=registry,
        )
        memory = Gauge("process_resident_memory_bytes", "Resident memory", registry=registry)
        memory.set_function(lambda: float(psutil.Process().memory_info().rss))

    def observe_turn(
        self, *, vertical: str, agent: str, status: str, latency_ms: Mapping[str, float]
    ) -> None:
        """Count a turn; ``latency_ms`` holds the milliseconds of each of its phases."""
        self._turns.labels(vertical, agent, status).inc()
        for phase, milliseconds in latency_ms.items():
            self._turn_seconds.labels(vertical, phase).observe(milliseconds / 1000)

    def observe_operation(
        self,
        *,
        operation: str,
        provider: str,
        model: str,
        seconds: float,
        input_tokens: int | None = None,
        output_tokens: int | None = None,
        error: str = "",
    ) -> None:
        """Time one operation of a model (``chat``, ``embeddings``); ``error`` is the error's slug."""
        self._operation_seconds.labels(operation, provider, model, error).observe(seconds)
        for kind, tokens in (("input", input_tokens), ("output", output_tokens)):
            if tokens is not None:
                self._tokens.labels(operation, provider, model, kind).observe(tokens)

    def observe_request(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Time a request; ``route`` is the path's pattern, never the path."""
        self._request_seconds.labels(method, route, str(status)).observe(seconds)

    def set_model_state(self, vertical: str, state: str) -> None:
        """One of :data:`MODEL_STATES`."""
        self._model_state.labels(vertical).state(state)

    async def count(self, vertical: str, session: AsyncSession) -> None:
        """Take from a vertical's database what waits there."""
        pending = select(func.count()).select_from(PendingAction).where(PendingAction.status == "pending")
        self._pending.labels(vertical).set(await session.scalar(pending) or 0)
        unsent = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.sent_at.is_(None))
        self._outbox.labels(vertical).set(await session.scalar(unsent) or 0)
        for status in ("open", "claimed"):
            waiting = select(func.count()).select_from(Handoff).where(Handoff.status == status)
            self._handoffs.labels(vertical, status).set(await session.scalar(waiting) or 0)

    def render(self) -> bytes:
        """The text that Prometheus reads, of :data:`CONTENT_TYPE`."""
        return generate_latest(self.registry)
