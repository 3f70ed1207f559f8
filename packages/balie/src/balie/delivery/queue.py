"""The outbox as the deliverer sees it: what is due for an address, and what became of it.

An attempt is written down before it is made: until its lease is over nobody else makes it, and if whoever
made it died, it is made again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from balie.db.tables import Delivery, OutboxMessage
from balie.delivery.endpoints import Endpoint
from balie.delivery.schedule import BEGUN_WITHIN, LEASE, LONGEST, wait_after

RECIPIENT = "webhook"
"""Messages with this recipient are posted."""

_SETTLED_AT_ONCE = 100


def _due(endpoint: Endpoint, now: datetime) -> Select[OutboxMessage]:
    mine = and_(Delivery.message_id == OutboxMessage.id, Delivery.endpoint == endpoint.key)
    waits = and_(Delivery.outcome.is_(None), Delivery.next_attempt_at <= now)
    new = and_(Delivery.message_id.is_(None), OutboxMessage.created_at > now - BEGUN_WITHIN)
    return (
        select(OutboxMessage)
        .outerjoin(Delivery, mine)
        .where(*_open(), _wanted(endpoint), or_(new, waits))
        .order_by(OutboxMessage.created_at, OutboxMessage.id)
        .limit(1)
    )


def _open() -> tuple[ColumnElement[bool], ...]:
    return OutboxMessage.sent_at.is_(None), OutboxMessage.recipient == RECIPIENT


def _wanted(endpoint: Endpoint) -> ColumnElement[bool]:
    return OutboxMessage.topic.in_(sorted(endpoint.topics)) if endpoint.topics else true()


async def due(session: AsyncSession, endpoint: Endpoint, now: datetime) -> OutboxMessage | None:
    """The oldest message that is to be tried now, or None."""
    return await session.scalar(_due(endpoint, now))


async def claim(session: AsyncSession, endpoint: Endpoint, now: datetime) -> tuple[OutboxMessage, int] | None:
    """Take the message that is due, for one attempt: the message, and the how manieth attempt it is.

    In :meth:`balie.db.Database.write`, where no other worker gets the same.
    """
    message = await session.scalar(_due(endpoint, now))
    if message is None:
        return None
    delivery = await session.get(Delivery, (message.id, endpoint.key))
    if delivery is None:
        delivery = Delivery(message_id=message.id, endpoint=endpoint.key, attempts=0)
        session.add(delivery)
    delivery.attempts += 1
    message.attempts += 1
    delivery.next_attempt_at = now + max(LEASE, wait_after(delivery.attempts, message.id) or LEASE)
    return message, delivery.attempts


async def delivered(session: AsyncSession, message: UUID, endpoint: Endpoint) -> None:
    """It has arrived."""
    if (delivery := await session.get(Delivery, (message, endpoint.key))) is not None:
        delivery.outcome, delivery.last_error = "delivered", None


async def failed(
    session: AsyncSession,
    message: UUID,
    endpoint: Endpoint,
    error: str,
    now: datetime,
    *,
    leave_alone: timedelta = timedelta(),
    final: bool = False,
) -> datetime | None:
    """It has not arrived: when it is tried again, or None where it is given up.

    Args:
        leave_alone: how long the receiver asked for. final: it wants no more.
    """
    delivery = await session.get(Delivery, (message, endpoint.key))
    if delivery is None:
        return None
    wait = None if final else wait_after(delivery.attempts, message)
    delivery.last_error = error
    if (row := await session.get(OutboxMessage, message)) is not None:
        row.last_error = f"{endpoint.host}: {error}"
    if wait is None:
        delivery.outcome = "given_up"
        return None
    delivery.next_attempt_at = now + max(wait, min(leave_alone, LONGEST))
    return delivery.next_attempt_at


def _settled(endpoints: Sequence[Endpoint], now: datetime) -> Select[UUID]:
    """Messages about which nobody who wants them is left: they arrived, were given up, or are too old."""
    left = []
    too_old = OutboxMessage.created_at <= now - BEGUN_WITHIN
    for endpoint in endpoints:
        begun = exists().where(Delivery.message_id == OutboxMessage.id, Delivery.endpoint == endpoint.key)
        over = or_(begun.where(Delivery.outcome.is_not(None)), and_(too_old, ~begun))
        left.append(or_(over, ~_wanted(endpoint)) if endpoint.topics else over)
    in_order = select(OutboxMessage.id).where(*_open(), *left).order_by(OutboxMessage.created_at)
    return in_order.limit(_SETTLED_AT_ONCE)


async def is_settled(session: AsyncSession, endpoints: Sequence[Endpoint], now: datetime) -> bool:
    """Whether :func:`settle` has something to do."""
    return await session.scalar(_settled(endpoints, now).limit(1)) is not None


async def settle(session: AsyncSession, endpoints: Sequence[Endpoint], now: datetime) -> None:
    """Close the messages about which there is nothing left to do; what was given up keeps its error."""
    for key in (await session.scalars(_settled(endpoints, now))).all():
        message = await session.get(OutboxMessage, key)
        if message is not None:
            message.sent_at = now
            if not message.attempts and any(endpoint.wants(message.topic) for endpoint in endpoints):
                message.last_error = f"it waited for more than {BEGUN_WITHIN.days} days and was not posted"
