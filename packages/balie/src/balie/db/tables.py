"""The runtime's tables: what every vertical has beside its own."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from balie.db.base import Base, Timestamps, UuidKey, _now
from balie.db.types import Json, UtcDateTime

PENDING_STATUSES = ("pending", "done", "rejected", "expired", "failed")
HANDOFF_STATUSES = ("open", "claimed", "closed")
SPEAKERS = ("person", "agent", "staff")
DELIVERY_OUTCOMES = ("delivered", "given_up")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Conversation(UuidKey, Timestamps, Base):
    """A person and a vertical's agents talking.

    ``version`` counts the writes: a write on an older version than the stored one is a
    :class:`balie.errors.Conflict`.
    """

    __tablename__ = "conversations"

    vertical: Mapped[str] = mapped_column(String(80))
    agent: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(20))
    identity: Mapped[str | None] = mapped_column(String(200), index=True)
    language: Mapped[str] = mapped_column(String(20), default="en")
    state: Mapped[Any] = mapped_column(Json, default=dict)
    version: Mapped[int] = mapped_column(Integer)
    handed_off_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it as a plain dict
    __table_args__ = (Index(None, "updated_at"),)


class TurnRecord(UuidKey, Base):
    """One thing said and what came of it; ``number`` counts from 1 within a conversation."""

    __tablename__ = "turns"

    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Conversation.id, ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    speaker: Mapped[str] = mapped_column(String(10))
    message: Mapped[str | None] = mapped_column(Text)
    reply: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(String(30))
    turn: Mapped[Any] = mapped_column(Json, nullable=True)
    created_at: Mapped[datetime] = mapped_column(default=_now)

    __table_args__ = (UniqueConstraint("conversation_id", "number"), _one_of("speaker", SPEAKERS))


class PendingAction(UuidKey, Base):
    """A write that waits for a person's yes: what, for whom, until when, and how it ended."""

    __tablename__ = "pending_actions"

    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Conversation.id, ondelete="CASCADE"))
    tool: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[Any] = mapped_column(Json)
    summary: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default="pending")
    created_at: Mapped[datetime] = mapped_column(default=_now)
    expires_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    result: Mapped[Any] = mapped_column(Json, nullable=True)

    __table_args__ = (
        Index(None, "conversation_id", "status"),
        Index(None, "status", "expires_at"),
        _one_of("status", PENDING_STATUSES),
    )


class Handoff(UuidKey, Base):
    """A conversation that a person of the staff should take over."""

    __tablename__ = "handoffs"

    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(Conversation.id, ondelete="CASCADE"), index=True
    )
    reason: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    priority: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default="open")
    claimed_by: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=_now)
    closed_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "status", "created_at"), _one_of("status", HANDOFF_STATUSES))


class IdempotencyKey(Base):
    """What a caller's request with this key was answered, so that it is not done twice."""

    __tablename__ = "idempotency_keys"

    caller: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    response: Mapped[Any] = mapped_column(Json, nullable=True)
    created_at: Mapped[datetime] = mapped_column(default=_now, index=True)


class OutboxMessage(UuidKey, Base):
    """Something for the world outside, sent when it can be reached."""

    __tablename__ = "outbox"

    topic: Mapped[str] = mapped_column(String(80))
    recipient: Mapped[str] = mapped_column(String(200))
    payload: Mapped[Any] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(default=_now)
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index(None, "sent_at", "created_at"),)


class AuditRecord(Base):
    """One link of the audit log; see :mod:`balie.db.audit`. The database refuses to change or delete it."""

    __tablename__ = "audit"

    sequence: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(200), index=True)
    detail: Mapped[Any] = mapped_column(Json)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ApiKey(UuidKey, Base):
    """A key to the REST API: who it speaks for, and the hash of its secret."""

    __tablename__ = "api_keys"

    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    hash: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(20))
    identity: Mapped[str | None] = mapped_column(String(200))
    label: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=_now)
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class UsageCount(Base):
    """How often a command ended in a status on a day, of conversations that are forgotten: nobody's."""

    __tablename__ = "usage_counts"

    day: Mapped[date] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    command: Mapped[str] = mapped_column(String(80), primary_key=True)
    status: Mapped[str] = mapped_column(String(30), primary_key=True)
    times: Mapped[int] = mapped_column(Integer)


class Delivery(Base):
    """How far a message of the outbox is on its way to one address; ``endpoint`` is a hash of the URL."""

    __tablename__ = "deliveries"

    message_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(OutboxMessage.id, ondelete="CASCADE"), primary_key=True
    )
    endpoint: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempts: Mapped[int] = mapped_column(Integer)
    next_attempt_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(20))
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (_one_of("outcome", DELIVERY_OUTCOMES),)
