"""Posting what is due, to every address for itself: a slow or broken one keeps no other one waiting.

The database is held for two short moments, before and after a post, never during one. A message is posted
again until it is answered with a 2xx, and not after that; if the process dies between the answer and its
being written down, the message is posted once more when its lease is over, with the same id.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import structlog

from balie.db.engine import Database
from balie.db.tables import OutboxMessage
from balie.delivery import queue
from balie.delivery.endpoints import Endpoint
from balie.delivery.signing import sign
from balie.errors import DataError

if TYPE_CHECKING:
    from httpx import AsyncClient

REQUEST_SECONDS = 15.0
"""A receiver that has not answered by then has failed; Standard Webhooks asks for 15 to 30."""
_CONNECT_SECONDS = 5.0
_LOOK_SECONDS = 1.0
_LONGEST_ERROR = 200
_ABOUT_THE_MESSAGE = {400, 409, 413, 415, 422}
_GONE = 410

log = structlog.get_logger(__name__)


class Attempt(msgspec.Struct, frozen=True):
    """A post, as it ended: with a ``status``, or an ``error`` where there was no answer."""

    message: UUID
    topic: str
    host: str
    attempt: int
    status: int | None
    error: str
    ms: float
    leave_alone: timedelta = timedelta()

    @property
    def arrived(self) -> bool:
        """The receiver said so."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_about_the_message(self) -> bool:
        """The receiver works, and does not like this message; the next one may be welcome."""
        return self.status in _ABOUT_THE_MESSAGE


@dataclass
class _Line:
    """One address, and what is going on with it."""

    endpoint: Endpoint
    rests_until: datetime | None = None
    unwritten: list[Attempt] = field(default_factory=list)
    """Answers that could not be written down yet."""


class Deliverer:
    """Delivers for one database. Several may run at once, in several processes.

    Args:
        source: the vertical, which receivers are told.
        clock: gives the time.
        on_attempt: is told of each post before its outcome is written down.
        seconds: how long a post may take.
    """

    def __init__(
        self,
        database: Database,
        endpoints: list[Endpoint],
        *,
        source: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        on_attempt: Callable[[Attempt], None] = lambda _attempt: None,
        seconds: float = REQUEST_SECONDS,
    ) -> None:
        self.database = database
        self.source = source
        self.clock = clock
        self.on_attempt = on_attempt
        self.seconds = seconds
        self.endpoints = endpoints
        self._lines = [_Line(endpoint) for endpoint in endpoints]
        self._agent = f"balie/{version('balie')}"

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver what is due and what becomes due, until ``stop`` is set; a post under way is finished."""
        async with self._client() as client, asyncio.TaskGroup() as group:
            for line in self._lines:
                group.create_task(self._keep_going(line, client, stop))

    async def once(self) -> list[Attempt]:
        """Deliver what is due now, and no more."""
        made: list[Attempt] = []
        async with self._client() as client:

            async def all_of(line: _Line) -> None:
                while (attempt := await self._next(line, client)) is not None:
                    made.append(attempt)

            async with asyncio.TaskGroup() as group:
                for line in self._lines:
                    group.create_task(all_of(line))
        return made

    def _client(self) -> "AsyncClient":
        import httpx

        timeout = httpx.Timeout(self.seconds, connect=_CONNECT_SECONDS)
        return httpx.AsyncClient(
            timeout=timeout, follow_redirects=False, headers={"User-Agent": self._agent, "Accept": "*/*"}
        )

    async def _keep_going(self, line: _Line, client: "AsyncClient", stop: asyncio.Event) -> None:
        troubled = False
        while not stop.is_set():
            attempt = None
            try:
                attempt = await self._next(line, client)
                troubled = False
            except DataError as error:
                if not troubled:
                    log.warning("webhooks wait for the database", error=error.slug)
                troubled = True
            if attempt is None:
                try:
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await stop.wait()
                except TimeoutError:
                    continue

    async def _next(self, line: _Line, client: "AsyncClient") -> Attempt | None:
        """Make the next attempt; None where none is due."""
        while line.unwritten:
            await self._write_down(line)
        now = self.clock()
        if line.rests_until is not None and now < line.rests_until:
            return None
        # Looking costs no writer anything; only who finds something takes the writer's turn.
        async with self.database.read() as session:
            due = await queue.due(session, line.endpoint, now)
            settled = due is None and await queue.is_settled(session, self.endpoints, now)
        if due is None:
            if settled:
                async with self.database.write() as session:
                    await queue.settle(session, self.endpoints, now)
            return None
        async with self.database.write() as session:
            claimed = await queue.claim(session, line.endpoint, now)
        if claimed is None:
            return None
        line.rests_until = None
        message, number = claimed
        attempt = await self._post(client, line.endpoint, message, number)
        line.unwritten.append(attempt)
        self.on_attempt(attempt)
        await _finished(self._write_down(line))
        return attempt

    async def _write_down(self, line: _Line) -> None:
        attempt, endpoint, now = line.unwritten[0], line.endpoint, self.clock()
        again = None
        async with self.database.write() as session:
            if attempt.arrived:
                await queue.delivered(session, attempt.message, endpoint)
            else:
                again = await queue.failed(
                    session,
                    attempt.message,
                    endpoint,
                    attempt.error or f"it answered {attempt.status}",
                    now,
                    leave_alone=attempt.leave_alone,
                    final=attempt.status == _GONE,
                )
                line.rests_until = None if attempt.is_about_the_message else again
            await session.flush()
            await queue.settle(session, self.endpoints, now)
        line.unwritten.pop(0)
        facts = {"topic": attempt.topic, "host": endpoint.host, "attempt": attempt.attempt, "ms": attempt.ms}
        if attempt.arrived:
            log.info("webhook delivered", message=str(attempt.message), status=attempt.status, **facts)
        else:
            words = "webhook failed" if again else "webhook given up"
            log.warning(
                words, message=str(attempt.message), status=attempt.status, error=attempt.error, **facts
            )

    async def _post(
        self, client: "AsyncClient", endpoint: Endpoint, message: OutboxMessage, number: int
    ) -> Attempt:
        import httpx

        body = msgspec.json.encode(
            {
                "id": message.id,
                "type": message.topic,
                "timestamp": message.created_at,
                "source": self.source,
                "data": message.payload,
            }
        )
        stamp = int(self.clock().timestamp())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": str(message.id),
            "webhook-timestamp": str(stamp),
        }
        if endpoint.secrets:
            headers["webhook-signature"] = sign(
                endpoint.secrets, message=str(message.id), timestamp=stamp, body=body
            )
        started = perf_counter()
        status, error, leave_alone = None, "", timedelta()
        try:
            async with (
                asyncio.timeout(self.seconds),
                client.stream("POST", endpoint.url, content=body, headers=headers) as answer,
            ):
                # Nobody reads what is in it: that could be anything, and long.
                status = answer.status_code
                leave_alone = _leave_alone(answer.headers.get("retry-after", ""), self.clock())
        except TimeoutError:
            error = f"no answer within {self.seconds:g} s"
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as problem:
            if status is None:
                error = f"{type(problem).__name__}: {problem}"[:_LONGEST_ERROR]
        if status is not None and 300 <= status < 400:
            error = f"it answered {status}, a redirect; those are not followed"
        return Attempt(
            message.id,
            message.topic,
            endpoint.host,
            number,
            status,
            error,
            round((perf_counter() - started) * 1000, 1),
            leave_alone,
        )


async def _finished(work: Coroutine[Any, Any, None]) -> None:
    """Await it to its end, also when the task is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def _leave_alone(retry_after: str, now: datetime) -> timedelta:
    """``Retry-After`` (RFC 9110, 10.2.3): seconds, or a date."""
    if retry_after.isascii() and retry_after.isdigit():
        return timedelta(seconds=min(int(retry_after[:9]), 10**7))
    try:
        return max(parsedate_to_datetime(retry_after) - now, timedelta())
    except (ValueError, TypeError, OverflowError):
        return timedelta()
