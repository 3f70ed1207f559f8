"""What is offered and promised: promotions, members, quotes, reservations, calls, price matches.

Nothing here names a person. What hangs on a conversation carries its id, so that it can be wiped.
"""

import uuid
from datetime import date, datetime
from decimal import Decimal

from balie.db import Timestamps, UuidKey, one_of
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from balie_retail_kiosk.models.base import Base
from balie_retail_kiosk.models.catalogue import Category, Product, Shop
from balie_retail_kiosk.models.kinds import (
    CallReason,
    CallStatus,
    PriceMatchStatus,
    PromotionKind,
    ReservationStatus,
    Vat,
)


class Promotion(UuidKey, Base):
    """A lower price under a condition, from ``starts_on`` up to and including ``ends_on`` (RK-3).

    Attributes:
        percent: of the unit price, for ``percentage``.
        amount: off the unit price, for ``amount_off``; of all parts together, for ``bundle``.
        buy, pay: of every ``buy`` units of one product ``pay`` are paid, for ``multi_buy``.
    """

    __tablename__ = "promotions"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="dates"),
        CheckConstraint("percent IS NULL OR (percent > 0 AND percent <= 100)", name="percent"),
        CheckConstraint("(kind = 'percentage') = (percent IS NOT NULL)", name="percentage"),
        CheckConstraint("(kind IN ('amount_off', 'bundle')) = (amount IS NOT NULL)", name="amount"),
        CheckConstraint("(kind = 'multi_buy') = (buy IS NOT NULL AND pay IS NOT NULL)", name="multi_buy"),
        CheckConstraint("pay IS NULL OR (pay >= 0 AND pay < buy)", name="pay_less"),
        Index("ix_promotions_dates", "starts_on", "ends_on"),
    )

    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    name_nl: Mapped[str] = mapped_column(String(100))
    kind: Mapped[PromotionKind] = mapped_column(one_of(PromotionKind))
    members_only: Mapped[bool]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    percent: Mapped[int | None]
    amount: Mapped[Decimal | None]
    buy: Mapped[int | None]
    pay: Mapped[int | None]

    parts: Mapped[list["PromotionPart"]] = relationship(
        lazy="raise", order_by="PromotionPart.position", back_populates="promotion"
    )


class PromotionPart(UuidKey, Base):
    """What a promotion is on: a product, or all of a category; a bundle takes ``quantity`` of each part."""

    __tablename__ = "promotion_parts"
    __table_args__ = (
        UniqueConstraint("promotion_id", "position"),
        CheckConstraint("(product_id IS NULL) <> (category_id IS NULL)", name="one_thing"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    promotion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("promotions.id"))
    position: Mapped[int]
    product_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("products.id"), index=True)
    category_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("categories.id"), index=True)
    quantity: Mapped[int] = mapped_column(default=1)

    promotion: Mapped[Promotion] = relationship(lazy="raise", back_populates="parts")
    product: Mapped[Product | None] = relationship(lazy="raise")
    category: Mapped[Category | None] = relationship(lazy="raise")


class Member(Base):
    """A card that gets members' prices. Whose it is, the kiosk does not know."""

    __tablename__ = "members"

    card: Mapped[str] = mapped_column(String(13), primary_key=True)
    until: Mapped[date]


class Quote(UuidKey, Base):
    """A price that holds until the end of ``valid_until``; it stays what it was when it was made (RK-6)."""

    __tablename__ = "quotes"
    __table_args__ = (CheckConstraint("total >= 0", name="total"),)

    number: Mapped[str] = mapped_column(String(16), unique=True)
    shop_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shops.id"))
    conversation: Mapped[uuid.UUID | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    valid_until: Mapped[date]
    member: Mapped[bool]
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[Decimal]

    shop: Mapped[Shop] = relationship(lazy="raise")
    lines: Mapped[list["QuoteLine"]] = relationship(
        lazy="raise", order_by="QuoteLine.position", back_populates="quote"
    )


class QuoteLine(UuidKey, Base):
    """One product of a quote as it was priced: ``amount`` = quantity times price, less discount.

    ``amount`` includes ``vat_amount``, the VAT in it at ``vat_percent``.
    """

    __tablename__ = "quote_lines"
    __table_args__ = (
        UniqueConstraint("quote_id", "position"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("discount >= 0 AND discount <= unit_price * quantity", name="discount"),
        CheckConstraint("amount = unit_price * quantity - discount", name="amount"),
    )

    quote_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("quotes.id"))
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"), index=True)
    position: Mapped[int]
    sku: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    quantity: Mapped[int]
    unit_price: Mapped[Decimal]
    discount: Mapped[Decimal]
    amount: Mapped[Decimal]
    vat: Mapped[Vat] = mapped_column(one_of(Vat))
    vat_percent: Mapped[int]
    vat_amount: Mapped[Decimal]
    promotions: Mapped[str] = mapped_column(Text, default="")

    quote: Mapped[Quote] = relationship(lazy="raise", back_populates="lines")


class Reservation(UuidKey, Base):
    """Units kept back for somebody who comes for them before ``expires_at`` with the number (RK-8)."""

    __tablename__ = "reservations"
    __table_args__ = (Index("ix_reservations_status_expires_at", "status", "expires_at"),)

    number: Mapped[str] = mapped_column(String(16), unique=True)
    shop_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shops.id"))
    conversation: Mapped[uuid.UUID | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    status: Mapped[ReservationStatus] = mapped_column(one_of(ReservationStatus))

    shop: Mapped[Shop] = relationship(lazy="raise")
    lines: Mapped[list["ReservationLine"]] = relationship(
        lazy="raise", order_by="ReservationLine.position", back_populates="reservation"
    )


class ReservationLine(UuidKey, Base):
    """One product of a reservation."""

    __tablename__ = "reservation_lines"
    __table_args__ = (
        UniqueConstraint("reservation_id", "position"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    reservation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reservations.id"))
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"), index=True)
    position: Mapped[int]
    quantity: Mapped[int]

    reservation: Mapped[Reservation] = relationship(lazy="raise", back_populates="lines")
    product: Mapped[Product] = relationship(lazy="raise")


class StaffCall(UuidKey, Timestamps, Base):
    """Somebody at a kiosk waits for a colleague; ``place`` is where, ``note`` what they said of it."""

    __tablename__ = "staff_calls"
    __table_args__ = (Index("ix_staff_calls_status_created_at", "status", "created_at"),)

    number: Mapped[str] = mapped_column(String(12), unique=True)
    shop_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shops.id"))
    conversation: Mapped[uuid.UUID | None] = mapped_column(index=True)
    reason: Mapped[CallReason] = mapped_column(one_of(CallReason))
    place: Mapped[str] = mapped_column(String(60))
    note: Mapped[str] = mapped_column(Text)
    status: Mapped[CallStatus] = mapped_column(one_of(CallStatus))
    taken_by: Mapped[str | None] = mapped_column(String(60))


class PriceMatch(UuidKey, Timestamps, Base):
    """A lower price seen elsewhere; a colleague decides about it (RK-10)."""

    __tablename__ = "price_matches"
    __table_args__ = (CheckConstraint("price > 0", name="price"),)

    number: Mapped[str] = mapped_column(String(12), unique=True)
    shop_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shops.id"))
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"))
    conversation: Mapped[uuid.UUID | None] = mapped_column(index=True)
    competitor: Mapped[str] = mapped_column(String(80))
    price: Mapped[Decimal]
    our_price: Mapped[Decimal]
    status: Mapped[PriceMatchStatus] = mapped_column(one_of(PriceMatchStatus))
    decided_by: Mapped[str | None] = mapped_column(String(60))

    shop: Mapped[Shop] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")
