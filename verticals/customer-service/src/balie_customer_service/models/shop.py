"""What is sold to whom: customers, products, orders, shipments, returns, refunds."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from balie.db import EncryptedText, Timestamps, UuidKey, one_of
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from balie_customer_service.models.base import Base
from balie_customer_service.models.kinds import (
    OrderStatus,
    PaymentMethod,
    ProductKind,
    RefundStatus,
    ReturnKind,
    ReturnStatus,
    ShipmentStatus,
    Tier,
)


class Customer(UuidKey, Timestamps, Base):
    """A person who has an account. What reaches a person at home is encrypted; the name is searched for."""

    __tablename__ = "customers"

    number: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    email: Mapped[str] = mapped_column(EncryptedText)
    email_index: Mapped[str] = mapped_column(String(64), unique=True)
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    street: Mapped[str] = mapped_column(EncryptedText)
    postcode: Mapped[str] = mapped_column(EncryptedText)
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    tier: Mapped[Tier] = mapped_column(one_of(Tier))
    language: Mapped[str] = mapped_column(String(5))
    timezone: Mapped[str] = mapped_column(String(40))


class Product(UuidKey, Base):
    """Something the shop sells, or sold."""

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("warranty_months >= 0", name="warranty"),
    )

    sku: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    brand: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(40), index=True)
    kind: Mapped[ProductKind] = mapped_column(one_of(ProductKind))
    price: Mapped[Decimal]
    warranty_months: Mapped[int]
    returnable: Mapped[bool]
    latest_firmware: Mapped[str | None] = mapped_column(String(20))


class Order(UuidKey, Timestamps, Base):
    """What a customer ordered. ``total`` is the sum of its lines and ``shipping_cost``, in euros."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("shipping_cost >= 0 AND total >= shipping_cost", name="amounts"),
        CheckConstraint("paid_at IS NULL OR paid_at >= placed_at", name="paid_after_placed"),
        CheckConstraint("shipped_at IS NULL OR shipped_at >= paid_at", name="shipped_after_paid"),
        CheckConstraint("delivered_at IS NULL OR delivered_at >= shipped_at", name="delivered_after_shipped"),
        CheckConstraint(
            "status IN ('pending_payment', 'cancelled') OR paid_at IS NOT NULL", name="paid_before_work"
        ),
        CheckConstraint(
            "(status IN ('shipped', 'delivered', 'returned')) = (shipped_at IS NOT NULL)", name="shipped"
        ),
        CheckConstraint(
            "(status IN ('delivered', 'returned')) = (delivered_at IS NOT NULL)", name="delivered"
        ),
        CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled"),
        Index("ix_orders_customer_id_placed_at", "customer_id", "placed_at"),
        Index("ix_orders_status_placed_at", "status", "placed_at"),
    )

    number: Mapped[str] = mapped_column(String(12), unique=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id"))
    status: Mapped[OrderStatus] = mapped_column(one_of(OrderStatus))
    placed_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    due_date: Mapped[date | None]
    recipient: Mapped[str] = mapped_column(EncryptedText)
    street: Mapped[str] = mapped_column(EncryptedText)
    postcode: Mapped[str] = mapped_column(EncryptedText)
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    shipping_cost: Mapped[Decimal]
    total: Mapped[Decimal]
    payment_method: Mapped[PaymentMethod] = mapped_column(one_of(PaymentMethod))

    customer: Mapped[Customer] = relationship(lazy="raise")
    lines: Mapped[list["OrderLine"]] = relationship(
        lazy="raise", order_by="OrderLine.position", back_populates="order"
    )
    shipment: Mapped["Shipment | None"] = relationship(lazy="raise", back_populates="order")
    returns: Mapped[list["Return"]] = relationship(
        lazy="raise", order_by="Return.requested_at", back_populates="order"
    )
    refunds: Mapped[list["Refund"]] = relationship(
        lazy="raise", order_by="Refund.announced_at", back_populates="order"
    )


class OrderLine(UuidKey, Base):
    """A product in an order, at the price of that day."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("unit_price >= 0", name="unit_price"),
    )

    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("orders.id"))
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"), index=True)
    position: Mapped[int]
    quantity: Mapped[int]
    unit_price: Mapped[Decimal]

    order: Mapped[Order] = relationship(lazy="raise", back_populates="lines")
    product: Mapped[Product] = relationship(lazy="raise")

    @property
    def amount(self) -> Decimal:
        """Quantity times price, in euros."""
        return self.unit_price * self.quantity


class Shipment(UuidKey, Base):
    """The parcel of an order."""

    __tablename__ = "shipments"

    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("orders.id"), unique=True)
    carrier: Mapped[str] = mapped_column(String(40))
    tracking_number: Mapped[str] = mapped_column(String(40), unique=True)
    status: Mapped[ShipmentStatus] = mapped_column(one_of(ShipmentStatus))

    order: Mapped[Order] = relationship(lazy="raise", back_populates="shipment")
    events: Mapped[list["ShipmentEvent"]] = relationship(
        lazy="raise", order_by="ShipmentEvent.at, ShipmentEvent.id"
    )


class ShipmentEvent(UuidKey, Base):
    """What the carrier saw of a parcel."""

    __tablename__ = "shipment_events"
    __table_args__ = (Index("ix_shipment_events_shipment_id_at", "shipment_id", "at"),)

    shipment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shipments.id"))
    at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(String(200))


class Return(UuidKey, Base):
    """Lines of an order on their way back, under one label."""

    __tablename__ = "returns"

    label: Mapped[str] = mapped_column(String(12), unique=True)
    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[ReturnKind] = mapped_column(one_of(ReturnKind))
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[ReturnStatus] = mapped_column(one_of(ReturnStatus))
    requested_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    send_by: Mapped[date]

    order: Mapped[Order] = relationship(lazy="raise", back_populates="returns")
    lines: Mapped[list["ReturnLine"]] = relationship(lazy="raise")
    refund: Mapped["Refund | None"] = relationship(lazy="raise", back_populates="return_")


class ReturnLine(UuidKey, Base):
    """One line of a return. A line of an order comes back once: the unique constraint decides a race."""

    __tablename__ = "return_lines"

    return_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("returns.id"), index=True)
    order_line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("order_lines.id"), unique=True)

    order_line: Mapped[OrderLine] = relationship(lazy="raise")


class Refund(UuidKey, Base):
    """Money on its way back. ``booked_at`` is when it left the shop's account."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(status = 'paid') = (booked_at IS NOT NULL)", name="booked"),
    )

    order_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    return_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("returns.id"), unique=True)
    amount: Mapped[Decimal]
    status: Mapped[RefundStatus] = mapped_column(one_of(RefundStatus))
    method: Mapped[PaymentMethod] = mapped_column(one_of(PaymentMethod))
    announced_at: Mapped[datetime]
    booked_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(lazy="raise", back_populates="refunds")
    return_: Mapped[Return | None] = relationship(lazy="raise", back_populates="refund")
