"""The REST API of one vertical, or of several in one process.

One vertical is at the root (``/v1/conversations``); of several, each is under its name
(``/customer-service/v1/conversations``). Health, metrics and the description are the process's own.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from ipaddress import ip_address

import msgspec
import structlog
from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi.spec import SecurityRequirement
from litestar.stores.memory import MemoryStore

from balie.agent.desk import Desk
from balie.agent.turn import Turn
from balie.api import authentication, bodies, problems
from balie.api.conversations import ActionController, ConversationController
from balie.api.documentation import SECURITY, Documentation, asset, openapi_document
from balie.api.entrance import Entrance
from balie.api.health import OperationsController
from balie.api.openai import ChatController, Histories
from balie.api.served import ServedVertical
from balie.api.staff import HandoffController
from balie.api.streaming import Turns
from balie.api.systemone import DecisionController
from balie.api.tools import ToolController
from balie.api.writes import provide_writer
from balie.config import Settings
from balie.db import retention
from balie.errors import BalieError, ConfigError
from balie.monitoring.metrics import Metrics
from balie.monitoring.traces import Watch

RUNTIME_CONTROLLERS = (
    ConversationController,
    ActionController,
    ToolController,
    HandoffController,
    ChatController,
    DecisionController,
)
_TIDY_SECONDS = 60
_PURGE_SECONDS = 24 * 60 * 60

log = structlog.get_logger(__name__)


def create_app(
    verticals: Sequence[ServedVertical], settings: Settings, *, metrics: Metrics | None = None
) -> Litestar:
    """The ASGI app. When it starts, it opens the desks; when it stops, it closes them.

    Args:
        metrics: to count in; its own by default.

    Raises:
        ConfigError: no vertical, or no key is required while the host is not this machine only.
    """
    if not verticals:
        raise ConfigError("There is no vertical to serve.")
    if not settings.api.require_key and not _only_this_machine(settings.api.host):
        raise ConfigError(
            f"api.require_key is off, and {settings.api.host} can be reached from elsewhere: "
            "require keys, or serve on 127.0.0.1."
        )
    metrics = metrics or Metrics()
    turns = Turns()
    prefixed = [("" if len(verticals) == 1 else f"/{served.name}", served) for served in verticals]
    documentation = Documentation(prefixed, settings.api)
    requests = MemoryStore()
    app = Litestar(
        route_handlers=[
            OperationsController,
            openapi_document,
            asset,
            *(_router(prefix, served, settings) for prefix, served in prefixed),
        ],
        dependencies={
            "served": Provide(_constant(list(verticals)), sync_to_thread=False),
            "metrics": Provide(_constant(metrics), sync_to_thread=False),
            "turns": Provide(_constant(turns), sync_to_thread=False),
            "histories": Provide(_constant(Histories()), sync_to_thread=False),
        },
        exception_handlers={Exception: problems.respond},
        lifespan=[partial(_lifespan, verticals=verticals, metrics=metrics, turns=turns, requests=requests)],
        openapi_config=documentation.config,
        request_max_body_size=bodies.MAX_BYTES,
        state=State({"documentation": documentation, "served": list(verticals)}),
        stores={"rate_limit": requests},
        logging_config=None,
        debug=False,
    )
    app.asgi_handler = Entrance(
        app.asgi_handler,
        lambda method, route, status, seconds: metrics.observe_request(
            method=method, route=route, status=status, seconds=seconds
        ),
        local_only=not settings.api.require_key,
    )
    return app


def _router(prefix: str, served: ServedVertical, settings: Settings) -> Router:
    def desk() -> Desk:
        return served.desk

    key_needed: list[SecurityRequirement] = [{SECURITY: []}]
    return Router(
        f"{prefix}/v1",
        route_handlers=[*RUNTIME_CONTROLLERS, *served.vertical.controllers],
        dependencies={
            "desk": Provide(desk, sync_to_thread=False),
            "caller": Provide(authentication.provide_caller),
            "writer": Provide(provide_writer, sync_to_thread=False),
        },
        middleware=authentication.middleware(served, settings.api),
        guards=[authentication.require_caller],
        before_request=bodies.check_body,
        security=key_needed if settings.api.require_key else [*key_needed, {}],
    )


@asynccontextmanager
async def _lifespan(
    _: Litestar, verticals: Sequence[ServedVertical], metrics: Metrics, turns: Turns, requests: MemoryStore
) -> AsyncGenerator[None]:
    async with AsyncExitStack() as stack:
        for served in verticals:
            stack.push_async_callback(served.stop)
            desk = await served.start()
            desk.observers.append(partial(_count, metrics, served.name))
            desk.models.watch = Watch(metrics)
            await _purge(served)
        stack.push_async_callback(turns.close)
        for work in (_tidy(requests), _forget(verticals)):
            stack.push_async_callback(_end, asyncio.create_task(work))
        yield


async def _tidy(requests: MemoryStore) -> None:
    """Forget who has not called for a while."""
    while True:
        await asyncio.sleep(_TIDY_SECONDS)
        await requests.delete_expired()


async def _end(work: asyncio.Task[None]) -> None:
    """Before the databases close, which it may be using."""
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work


async def _forget(verticals: Sequence[ServedVertical]) -> None:
    """Once a day, remove what was said longer ago than the settings keep it."""
    while True:
        await asyncio.sleep(_PURGE_SECONDS)
        for served in verticals:
            await _purge(served)


async def _purge(served: ServedVertical) -> None:
    desk = served.desk
    limit = desk.clock() - timedelta(days=desk.settings.conversation.keep_days)
    try:
        async with desk.database.write() as session:
            gone = await retention.purge(session, limit)
        log.info("old conversations are gone", vertical=served.name, conversations=gone.conversations)
    except BalieError as error:
        log.warning("old conversations can't be removed", vertical=served.name, error=error.slug)


def _count(metrics: Metrics, vertical: str, turn: Turn) -> None:
    metrics.observe_turn(
        vertical=vertical,
        agent=turn.agent,
        status=turn.status,
        latency_ms=msgspec.structs.asdict(turn.latency_ms),
    )


def _constant(value: object) -> Callable[[], object]:
    def provide() -> object:
        return value

    return provide


def _only_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
