"""A turn as server-sent events, for who wants to show that something is going on."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.response import ServerSentEvent, ServerSentEventMessage

from balie.agent.desk import Desk
from balie.agent.turn import Turn
from balie.api import problems

EVENT_STREAM = "text/event-stream"

_BEFORE_STREAM_SECONDS = 0.1
_PROGRESS_SECONDS = 1.0
_KEEP_ALIVE_SECONDS = 10.0


@dataclass
class StreamingOperation(Operation):
    """Documents that the operation also answers in events."""

    def __post_init__(self) -> None:
        """Add the media type to what is answered with 200."""
        answer = (self.responses or {}).get("200")
        if isinstance(answer, OpenAPIResponse) and answer.content is not None:
            text = Schema(type=OpenAPIType.STRING)
            event = Schema(
                type=OpenAPIType.OBJECT,
                description="One of the stream's events; its `data` is JSON",
                properties={"event": text, "data": text},
            )
            answer.content[EVENT_STREAM] = OpenAPIMediaType(schema=event)


class Progress(msgspec.Struct, frozen=True):
    """The turn takes longer. ``models`` is their state: warming_up, ready or degraded."""

    elapsed_ms: int
    models: str


def wants_events(request: Request[Any, Any, Any]) -> bool:
    """Whether the client would rather have events than JSON."""
    return request.accept.best_match(["application/json", EVENT_STREAM]) == EVENT_STREAM


class Turns:
    """The turns under way. They are finished even when nobody listens any more."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Turn]] = set()

    async def close(self) -> None:
        """Wait for them."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def stream(
        self, turn: Coroutine[Any, Any, Turn], conversation: UUID, desk: Desk, request: Request[Any, Any, Any]
    ) -> Response[Any]:
        """The turn as events.

        Raises:
            BalieError: what the turn raises in its first moments, while a status can still be given.
        """
        task = asyncio.create_task(turn)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.wait({task}, timeout=_BEFORE_STREAM_SECONDS)
        if task.done():
            task.result()
        return ServerSentEvent(self._events(task, conversation, desk, request))

    async def _events(
        self, task: asyncio.Task[Turn], conversation: UUID, desk: Desk, request: Request[Any, Any, Any]
    ) -> AsyncGenerator[ServerSentEventMessage]:
        started = perf_counter()
        yield _event("accepted", {"conversation": conversation})
        told = ""
        silent_since = started
        while not task.done():
            if told != desk.models.state:
                told = desk.models.state
                yield _event("progress", Progress(round((perf_counter() - started) * 1000), told))
                silent_since = perf_counter()
            elif perf_counter() - silent_since >= _KEEP_ALIVE_SECONDS:
                yield ServerSentEventMessage(data=None, comment="still at it")
                silent_since = perf_counter()
            await asyncio.wait({task}, timeout=_PROGRESS_SECONDS)
        if (error := task.exception()) is None:
            yield _event("turn", task.result())
        elif isinstance(error, Exception):
            yield _event("problem", problems.respond(request, error).content)
        else:
            raise error


def _event(name: str, data: Any) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=name, data=msgspec.json.encode(data).decode())
