"""Lists of what is sold and where it lies, for the shop's systems; a list is in a fixed order and paged."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from balie_retail_kiosk.models import (
    Category,
    Product,
    Reservation,
    ReservationLine,
    ReservationStatus,
    Shop,
    Stock,
)


class Filter(Struct, frozen=True):
    """Which products; what is not given does not matter. Prices are in euros and are themselves included.

    Attributes:
        category: its slug. brand: in any capitals.
        active: False for what is no longer sold, None for both.
    """

    category: str | None = None
    brand: str | None = None
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    active: bool | None = True

    def takes(self, product: Product) -> bool:
        """Whether a product, with its category loaded, is one of them."""
        return (
            (self.category is None or product.category.slug == self.category)
            and (self.brand is None or product.brand.casefold() == self.brand.casefold())
            and (self.price_min is None or product.price >= self.price_min)
            and (self.price_max is None or product.price <= self.price_max)
            and (self.active is None or product.active is self.active)
        )

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for the database."""
        found: list[ColumnElement[bool]] = []
        if self.category is not None:
            found.append(Product.category.has(Category.slug == self.category))
        if self.brand is not None:
            found.append(func.lower(Product.brand) == self.brand.lower())
        if self.price_min is not None:
            found.append(Product.price >= self.price_min)
        if self.price_max is not None:
            found.append(Product.price <= self.price_max)
        if self.active is not None:
            found.append(Product.active.is_(self.active))
        return found


async def list_products(
    session: AsyncSession,
    wanted: Filter,
    *,
    in_stock_at: Shop | None = None,
    now: datetime,
    limit: int,
    offset: int = 0,
) -> Sequence[Product]:
    """Products with their categories, by SKU; with a shop only what can be sold there now."""
    chosen = _products(wanted, in_stock_at, now).options(joinedload(Product.category, innerjoin=True))
    return (await session.scalars(chosen.order_by(Product.sku).limit(limit).offset(offset))).all()


async def count_products(
    session: AsyncSession, wanted: Filter, *, in_stock_at: Shop | None = None, now: datetime
) -> int:
    """How many :func:`list_products` would give without a limit."""
    chosen = _products(wanted, in_stock_at, now).with_only_columns(func.count(Product.id))
    return await session.scalar(chosen) or 0


def _products(wanted: Filter, in_stock_at: Shop | None, now: datetime) -> Select[Product]:
    chosen = select(Product).where(*wanted.conditions)
    if in_stock_at is None:
        return chosen
    here = and_(Stock.product_id == Product.id, Stock.shop_id == in_stock_at.id)
    return chosen.join(Stock, here).where(Stock.on_hand > _reserved(in_stock_at, now))


def _reserved(shop: Shop, now: datetime) -> ColumnElement[int]:
    """Of the product of the row: how many units are kept back in the shop (RK-7)."""
    return (
        select(func.coalesce(func.sum(ReservationLine.quantity), 0))
        .join(Reservation, Reservation.id == ReservationLine.reservation_id)
        .where(
            ReservationLine.product_id == Stock.product_id,
            Reservation.shop_id == shop.id,
            Reservation.status == ReservationStatus.ACTIVE,
            Reservation.expires_at > now,
        )
        .correlate(Stock)
        .scalar_subquery()
    )


class StockLine(Struct, frozen=True):
    """A product's stock in a shop, and how much of it is kept back."""

    stock: Stock
    reserved: int

    @property
    def available(self) -> int:
        """What can be sold (RK-7)."""
        return max(self.stock.on_hand - self.reserved, 0)


async def list_stock(
    session: AsyncSession, shop: Shop, *, now: datetime, limit: int, offset: int = 0
) -> list[StockLine]:
    """What a shop has, with the products, by their SKU."""
    chosen = (
        select(Stock, _reserved(shop, now))
        .join(Product, Product.id == Stock.product_id)
        .where(Stock.shop_id == shop.id)
        .options(joinedload(Stock.product, innerjoin=True))
        .order_by(Product.sku)
        .limit(limit)
        .offset(offset)
    )
    return [StockLine(stock, int(reserved)) for stock, reserved in await session.execute(chosen)]


async def count_stock(session: AsyncSession, shop: Shop) -> int:
    """How many :func:`list_stock` would give without a limit."""
    counted = select(func.count(Stock.id)).where(Stock.shop_id == shop.id)
    return await session.scalar(counted) or 0


async def list_categories(session: AsyncSession) -> Sequence[Category]:
    """Every category, by its slug."""
    return (await session.scalars(select(Category).order_by(Category.slug))).all()


async def list_shops(session: AsyncSession) -> Sequence[Shop]:
    """Every shop, by its number."""
    return (await session.scalars(select(Shop).order_by(Shop.number))).all()
