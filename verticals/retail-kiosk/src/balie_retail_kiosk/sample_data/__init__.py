"""A shop that feels real: Harbour & Home, its four shops, what they sell, and what is on offer this week."""

from datetime import date, time

from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import Category, Product, Sync
from balie_retail_kiosk.sample_data.accessories import add_accessories
from balie_retail_kiosk.sample_data.catalogue import categories, wares
from balie_retail_kiosk.sample_data.promotions import add_members, add_promotions
from balie_retail_kiosk.sample_data.rows import Rows
from balie_retail_kiosk.sample_data.shops import add_shops, shops
from balie_retail_kiosk.sample_data.stock import add_stock

__all__ = ["seed"]

_OLDEST = 400  # days on sale


async def seed(session: AsyncSession, today: date) -> None:
    """Fill an empty database. The same day gives the same rows, and every other day moves them along.

    Nothing that has happened is later than the beginning of ``today``, by the clock of Amsterdam.
    """
    rows = Rows(today)
    by_slug = {
        category.slug: rows.add(
            Category,
            slug=category.slug,
            name=category.name,
            name_nl=category.name_nl,
            department=category.department,
            synonyms=category.synonyms,
        )
        for category in categories()
    }
    made = []
    for index, ware in enumerate(wares()):
        since = rows.at(-1 - index % _OLDEST, time(12))
        key = rows.add(
            Product,
            sku=ware.sku,
            gtin=ware.gtin,
            name=ware.name,
            brand=ware.brand,
            category_id=by_slug[ware.category],
            description=ware.description,
            price=ware.price,
            vat=ware.vat,
            attributes=ware.attributes,
            warranty_months=ware.warranty_months,
            active=True,
            created_at=since,
            updated_at=since,
        )
        made.append((ware, key))
    keys = add_shops(rows, categories())
    stocked = add_stock(rows, made, categories(), shops(), keys)
    add_accessories(rows, made)
    named = {ware.sku: key for ware, key in made} | {ware.name: key for ware, key in made}
    add_promotions(rows, named, by_slug)
    add_members(rows)
    rows.add_keyed(Sync, what="products", at=rows.at(-1, time(22)), rows=len(made))
    rows.add_keyed(Sync, what="stock", at=rows.at(-1, time(23, 30)), rows=stocked)
    await rows.insert(session)
    await _index(session)


async def _index(session: AsyncSession) -> None:
    # Late, since the search reads the tables' modules and its own rules: only a seed needs both.
    from balie_retail_kiosk.search import refresh

    await refresh(session, None)
