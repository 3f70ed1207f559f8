"""What people of the shop look after: tickets, callbacks, new passwords."""

import uuid
from datetime import datetime

from balie.db import EncryptedText, Timestamps, UuidKey, one_of
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from balie_customer_service.models.base import Base
from balie_customer_service.models.kinds import (
    CallbackStatus,
    Priority,
    TicketEventKind,
    TicketStatus,
)
from balie_customer_service.models.shop import Customer, Order

CALLBACK_PLACES = 3
"""How many people can be called back in one slot (CS-6)."""


class Ticket(UuidKey, Timestamps, Base):
    """Something a person of the shop has to look at; ``due_at`` is for the first answer (CS-5)."""

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint("(status IN ('solved', 'closed')) = (solved_at IS NOT NULL)", name="solved"),
        Index("ix_tickets_status_due_at", "status", "due_at"),
    )

    number: Mapped[str] = mapped_column(String(12), unique=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    order_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("orders.id"), index=True)
    subject: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text)
    priority: Mapped[Priority] = mapped_column(one_of(Priority))
    status: Mapped[TicketStatus] = mapped_column(one_of(TicketStatus))
    assigned_to: Mapped[str | None] = mapped_column(String(60))
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    solved_at: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship(lazy="raise")
    order: Mapped[Order | None] = relationship(lazy="raise")
    events: Mapped[list["TicketEvent"]] = relationship(
        lazy="raise", order_by="TicketEvent.at, TicketEvent.id"
    )


class TicketEvent(UuidKey, Base):
    """One thing that was said or done about a ticket."""

    __tablename__ = "ticket_events"
    __table_args__ = (Index("ix_ticket_events_ticket_id_at", "ticket_id", "at"),)

    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime]
    author: Mapped[str] = mapped_column(String(120))
    kind: Mapped[TicketEventKind] = mapped_column(one_of(TicketEventKind))
    text: Mapped[str] = mapped_column(Text)


class Callback(UuidKey, Timestamps, Base):
    """A promise to call somebody. ``place`` is one of the slot's three; a cancelled callback gives it up."""

    __tablename__ = "callbacks"
    __table_args__ = (
        UniqueConstraint("starts_at", "place"),
        CheckConstraint(f"place BETWEEN 1 AND {CALLBACK_PLACES}", name="place"),
        CheckConstraint("(status = 'cancelled') = (place IS NULL)", name="cancelled"),
        # Once for each that stands: a null differs from every other. (A partial index would do as well,
        # but naming PostgreSQL here imports its dialect, a twentieth of a second that SQLite never needs.)
        Index(
            "uq_callbacks_customer_id_starts_at",
            "customer_id",
            "starts_at",
            text("(CASE WHEN status <> 'cancelled' THEN 1 END)"),
            unique=True,
        ),
    )

    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id"))
    starts_at: Mapped[datetime]
    place: Mapped[int | None]
    phone: Mapped[str] = mapped_column(EncryptedText)
    about: Mapped[str] = mapped_column(Text)
    status: Mapped[CallbackStatus] = mapped_column(one_of(CallbackStatus))
    assigned_to: Mapped[str | None] = mapped_column(String(60))

    customer: Mapped[Customer] = relationship(lazy="raise")


class PasswordReset(UuidKey, Base):
    """Somebody asked for a new password. An address that nobody has leaves a row as well (without a token),

    so that asking tells nothing about who has an account. Only the token's SHA-256 is kept.
    """

    __tablename__ = "password_resets"
    __table_args__ = (
        CheckConstraint("(customer_id IS NULL) = (token_hash IS NULL)", name="token"),
        Index("ix_password_resets_email_index_requested_at", "email_index", "requested_at"),
    )

    customer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("customers.id"), index=True)
    email_index: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
