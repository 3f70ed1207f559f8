"""What has a name of its own and can be asked about by it: the shops, the kinds of products, the feasts."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import Category, Place, Shop, SpecialDay


async def all_shops(session: AsyncSession) -> Sequence[Shop]:
    """The shops of the chain, by number."""
    return (await session.scalars(select(Shop).order_by(Shop.number))).all()


async def category(session: AsyncSession, slug: str) -> Category | None:
    """The kind of product with this slug, if there is one."""
    found: Category | None = await session.scalar(select(Category).where(Category.slug == slug))
    return found


async def feast(session: AsyncSession, shop: Shop, why: str, *, after: date) -> date | None:
    """The next special day of a shop with this name, today included; None where it has none to come."""
    found: date | None = await session.scalar(
        select(SpecialDay.day)
        .where(SpecialDay.shop_id == shop.id, SpecialDay.why == why, SpecialDay.day >= after)
        .order_by(SpecialDay.day)
        .limit(1)
    )
    return found


async def categories(session: AsyncSession) -> Sequence[Category]:
    """The kinds of products, by department and name."""
    return (await session.scalars(select(Category).order_by(Category.department, Category.name))).all()


async def places(session: AsyncSession, shop: Shop) -> Sequence[Place]:
    """Where one can go in a shop, by name."""
    return (await session.scalars(select(Place).where(Place.shop_id == shop.id).order_by(Place.name))).all()
