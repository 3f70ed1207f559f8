"""Promotions (RK-3): which of them run on a day, and on what. What they come to is in :mod:`.pricing`."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from balie_retail_kiosk.models import Category, Product, Promotion, PromotionPart


def runs(promotion: Promotion, day: date, *, member: bool) -> bool:
    """Whether it lowers a price on this day of the shop, for a member or for anybody (RK-3, RK-4)."""
    return promotion.starts_on <= day <= promotion.ends_on and (member or not promotion.members_only)


def is_on(part: PromotionPart, product: Product) -> bool:
    """Whether this part of a promotion is the product, or its category."""
    if part.product_id is not None:
        return part.product_id == product.id
    return part.category_id == product.category_id


async def running(
    session: AsyncSession,
    day: date,
    *,
    member: bool = True,
    products: Collection[Product] = (),
    categories: Collection[Category] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Sequence[Promotion]:
    """The promotions of a day by their codes, with their parts and what these are on.

    Args:
        member: with those for members only.
        products, categories: only what is on one of these; on anything where neither is given. A product's
            promotions are also those on its category.
    """
    chosen = (
        _chosen(day, member, products, categories)
        .options(
            selectinload(Promotion.parts).options(
                selectinload(PromotionPart.product), selectinload(PromotionPart.category)
            )
        )
        .order_by(Promotion.code)
        .limit(limit)
        .offset(offset)
    )
    return (await session.scalars(chosen)).all()


async def count_running(
    session: AsyncSession,
    day: date,
    *,
    member: bool = True,
    products: Collection[Product] = (),
    categories: Collection[Category] = (),
) -> int:
    """How many :func:`running` would give without a limit."""
    chosen = _chosen(day, member, products, categories)
    return await session.scalar(chosen.with_only_columns(func.count(Promotion.id))) or 0


async def to_price(
    session: AsyncSession, products: Collection[Product], day: date, *, member: bool
) -> Sequence[Promotion]:
    """The promotions that could lower the price of these, with their parts only."""
    chosen = _chosen(day, member, products, ()).options(selectinload(Promotion.parts))
    return (await session.scalars(chosen.order_by(Promotion.code))).all()


def _chosen(
    day: date, member: bool, products: Collection[Product], categories: Collection[Category]
) -> Select[Promotion]:
    conditions: list[ColumnElement[bool]] = [Promotion.starts_on <= day, Promotion.ends_on >= day]
    if not member:
        conditions.append(Promotion.members_only.is_(False))
    if products or categories:
        kinds = {product.category_id for product in products} | {category.id for category in categories}
        things = {product.id for product in products}
        conditions.append(
            Promotion.id.in_(
                select(PromotionPart.promotion_id).where(
                    or_(PromotionPart.product_id.in_(things), PromotionPart.category_id.in_(kinds))
                )
            )
        )
    return select(Promotion).where(*conditions)
