"""What is sold and where it lies: products, shops, stock, and what is on its way."""

import uuid
from datetime import date, datetime, time
from decimal import Decimal

from balie.db import Json, Timestamps, UuidKey, one_of
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from balie_retail_kiosk.models.base import Base
from balie_retail_kiosk.models.kinds import PlaceKind, Vat

Attribute = str | int | float | bool


class Category(UuidKey, Base):
    """A kind of product, such as televisions; ``synonyms`` are other English words for it."""

    __tablename__ = "categories"

    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    name_nl: Mapped[str] = mapped_column(String(60))
    department: Mapped[str] = mapped_column(String(40))
    synonyms: Mapped[list[str]] = mapped_column(Json(list[str]))


class Product(UuidKey, Timestamps, Base):
    """Something the shops sell. ``price`` is in euros and includes VAT; ``gtin`` has 14 digits.

    Attributes:
        attributes: what a specification sheet says, by name with its unit: ``screen_inch``, ``length_m``.
        active: False for what is no longer sold; it is kept for the quotes that name it.
    """

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("length(gtin) = 14", name="gtin"),
        Index("ix_products_category_id_price", "category_id", "price"),
    )

    sku: Mapped[str] = mapped_column(String(20), unique=True)
    gtin: Mapped[str] = mapped_column(String(14), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    brand: Mapped[str] = mapped_column(String(40), index=True)
    category_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("categories.id"))
    description: Mapped[str] = mapped_column(Text)
    price: Mapped[Decimal]
    vat: Mapped[Vat] = mapped_column(one_of(Vat))
    attributes: Mapped[dict[str, Attribute]] = mapped_column(Json(dict[str, Attribute]))
    warranty_months: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)

    category: Mapped[Category] = relationship(lazy="raise")


class Accessory(Base):
    """That one product goes with another."""

    __tablename__ = "accessories"

    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"), primary_key=True)
    accessory_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"), primary_key=True, index=True)
    why: Mapped[str] = mapped_column(String(120))

    accessory: Mapped[Product] = relationship(lazy="raise", foreign_keys=[accessory_id])


class Shop(UuidKey, Base):
    """A shop of the chain. A kiosk stands in one of them: the setting ``site`` has its number."""

    __tablename__ = "shops"

    number: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    street: Mapped[str] = mapped_column(String(80))
    postcode: Mapped[str] = mapped_column(String(10))
    city: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(String(20))


class OpeningHours(Base):
    """When a shop is open on a weekday (0 is Monday), in its local time; no row means closed."""

    __tablename__ = "opening_hours"
    __table_args__ = (CheckConstraint("opens < closes", name="order"),)

    shop_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)
    opens: Mapped[time]
    closes: Mapped[time]


class SpecialDay(Base):
    """A day with hours of its own; both None means closed."""

    __tablename__ = "special_days"

    shop_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    why: Mapped[str] = mapped_column(String(60))


class Place(UuidKey, Base):
    """Somewhere in a shop; ``words`` are what people call it, ``aisle`` is where it is."""

    __tablename__ = "places"
    __table_args__ = (UniqueConstraint("shop_id", "slug"),)

    shop_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shops.id"))
    slug: Mapped[str] = mapped_column(String(40))
    kind: Mapped[PlaceKind] = mapped_column(one_of(PlaceKind))
    name: Mapped[str] = mapped_column(String(60))
    name_nl: Mapped[str] = mapped_column(String(60))
    words: Mapped[list[str]] = mapped_column(Json(list[str]))
    aisle: Mapped[str | None] = mapped_column(String(8))
    directions: Mapped[str] = mapped_column(String(160))
    directions_nl: Mapped[str] = mapped_column(String(160))


class Stock(UuidKey, Base):
    """What a shop has of a product. What can be sold is ``on_hand`` less what is reserved (RK-7)."""

    __tablename__ = "stock"
    __table_args__ = (
        UniqueConstraint("shop_id", "product_id"),
        CheckConstraint("on_hand >= 0", name="on_hand"),
    )

    shop_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shops.id"))
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"), index=True)
    on_hand: Mapped[int]
    aisle: Mapped[str] = mapped_column(String(8))
    shelf: Mapped[str] = mapped_column(String(8))
    counted_at: Mapped[datetime]

    shop: Mapped[Shop] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")


class Incoming(UuidKey, Base):
    """A delivery that is on its way to a shop."""

    __tablename__ = "incoming"
    __table_args__ = (
        UniqueConstraint("shop_id", "product_id", "expected_on"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    shop_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shops.id"))
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"), index=True)
    quantity: Mapped[int]
    expected_on: Mapped[date]

    shop: Mapped[Shop] = relationship(lazy="raise")


class Sync(Base):
    """When the products or the stock last came from the shop's systems, and how many rows they had."""

    __tablename__ = "syncs"

    what: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime]
    rows: Mapped[int]
