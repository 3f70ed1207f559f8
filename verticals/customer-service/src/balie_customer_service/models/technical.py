"""What can break: devices, services, and the incidents when they do."""

import uuid
from datetime import datetime

from balie.db import Timestamps, UuidKey, one_of
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from balie_customer_service.models.base import Base
from balie_customer_service.models.desk import Ticket
from balie_customer_service.models.kinds import IncidentStatus, ServiceStatus, Severity
from balie_customer_service.models.shop import Customer, Product


class Device(UuidKey, Base):
    """Something smart at a customer's home, with what it last told about itself.

    ``connected`` is what the cloud sees now; ``last_seen_at`` counts once that is false. ``signal_dbm`` is
    the radio's strength, ``errors`` and ``restarts`` are of the last 24 hours before ``last_seen_at``.
    A value that the product does not report is None.
    """

    __tablename__ = "devices"
    __table_args__ = (
        CheckConstraint("battery_percent BETWEEN 0 AND 100", name="battery"),
        CheckConstraint("storage_percent BETWEEN 0 AND 100", name="storage"),
        CheckConstraint("signal_dbm BETWEEN -130 AND 0", name="signal"),
        CheckConstraint("errors >= 0 AND restarts >= 0", name="counters"),
    )

    serial: Mapped[str] = mapped_column(String(20), unique=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"))
    name: Mapped[str] = mapped_column(String(80))
    registered_at: Mapped[datetime]
    firmware: Mapped[str] = mapped_column(String(20))
    connected: Mapped[bool]
    last_seen_at: Mapped[datetime]
    signal_dbm: Mapped[int | None]
    battery_percent: Mapped[int | None]
    storage_percent: Mapped[int | None]
    errors: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(20))
    restarts: Mapped[int] = mapped_column(default=0)

    customer: Mapped[Customer] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")


class Service(UuidKey, Base):
    """A part of the shop that customers depend on."""

    __tablename__ = "services"

    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    status: Mapped[ServiceStatus] = mapped_column(one_of(ServiceStatus))
    message: Mapped[str] = mapped_column(String(300))
    since: Mapped[datetime]


class Incident(UuidKey, Timestamps, Base):
    """Something broken: one device, or one service. ``customer_id`` is who reported it."""

    __tablename__ = "incidents"
    __table_args__ = (
        CheckConstraint("(device_id IS NULL) <> (service_id IS NULL)", name="what"),
        CheckConstraint("(status = 'resolved') = (resolved_at IS NOT NULL)", name="resolved"),
        Index("ix_incidents_status_severity", "status", "severity"),
    )

    number: Mapped[str] = mapped_column(String(12), unique=True)
    customer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("customers.id"), index=True)
    device_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("devices.id"), index=True)
    service_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("services.id"), index=True)
    ticket_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    severity: Mapped[Severity] = mapped_column(one_of(Severity))
    status: Mapped[IncidentStatus] = mapped_column(one_of(IncidentStatus))
    description: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]

    customer: Mapped[Customer | None] = relationship(lazy="raise")
    device: Mapped[Device | None] = relationship(lazy="raise")
    service: Mapped[Service | None] = relationship(lazy="raise")
    ticket: Mapped[Ticket | None] = relationship(lazy="raise")
