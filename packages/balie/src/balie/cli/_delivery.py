"""Delivering webhooks beside something else, or alone: begin, and end without leaving a post half done."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from balie.config import Settings
    from balie.delivery import Attempt
    from balie.vertical import Vertical

# Longer than a post can take, so that its outcome is written down.
_LAST_POST_SECONDS = 20

log = structlog.get_logger(__name__)


@asynccontextmanager
async def delivering(vertical: "Vertical", loaded: "Settings") -> AsyncGenerator[None]:
    """Deliver in the background while the block runs; nothing where no webhooks are set.

    The database is there already. What the block does is not kept waiting: the connections are others.
    """
    from balie.delivery import Deliverer, endpoints_of
    from balie.vertical import database_of

    endpoints = endpoints_of(loaded.webhooks)
    if not endpoints:
        yield
        return
    database = database_of(vertical, loaded)
    stop = asyncio.Event()
    work = asyncio.create_task(Deliverer(database, endpoints, source=vertical.name).run(stop))
    work.add_done_callback(_told)
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait({work}, timeout=_LAST_POST_SECONDS)
        work.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await work
        await database.close()


def _told(work: "asyncio.Task[None]") -> None:
    if not work.cancelled() and (error := work.exception()) is not None:
        log.error("webhooks are no longer delivered", exc_info=error)


async def deliver_until_stopped(
    vertical: "Vertical", loaded: "Settings", on_attempt: "Callable[[Attempt], None]"
) -> None:
    """Deliver until SIGTERM or ctrl-c; a post under way is finished then."""
    from balie.delivery import Deliverer, endpoints_of
    from balie.vertical import database_of

    database = database_of(vertical, loaded)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows: there ctrl-c cancels the task
            loop.add_signal_handler(number, stop.set)
    try:
        deliverer = Deliverer(
            database, endpoints_of(loaded.webhooks), source=vertical.name, on_attempt=on_attempt
        )
        await deliverer.run(stop)
    finally:
        await database.close()


async def deliver_once(
    vertical: "Vertical", loaded: "Settings", on_attempt: "Callable[[Attempt], None]"
) -> "list[Attempt]":
    """Deliver what is due now."""
    from balie.delivery import Deliverer, endpoints_of
    from balie.vertical import database_of

    database = database_of(vertical, loaded)
    try:
        deliverer = Deliverer(
            database, endpoints_of(loaded.webhooks), source=vertical.name, on_attempt=on_attempt
        )
        return await deliverer.once()
    finally:
        await database.close()
