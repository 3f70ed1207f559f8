"""Products: finding one by its number, putting some side by side, and what goes with it."""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from balie_retail_kiosk.models import Accessory, Attribute, Product, Shop
from balie_retail_kiosk.services import gtin, stock
from balie_retail_kiosk.services.alternatives import Alternative, Reason, ReasonKind, alternatives
from balie_retail_kiosk.services.attributes import defining, label
from balie_retail_kiosk.services.errors import ProductUnknown

__all__ = [
    "Alternative",
    "ComparisonRow",
    "Fitting",
    "Reason",
    "ReasonKind",
    "accessories",
    "alternatives",
    "comparison",
    "get_product",
]

_SKU = re.compile(r"\s*([A-Z]{1,4})\s*-?\s*(\d{3,8})\s*", re.IGNORECASE)


class ComparisonRow(Struct, frozen=True):
    """A line of a comparison: a value for each product, in the products' order; None where it has none.

    ``name`` is ``price`` (a ``Decimal`` in euros), ``brand``, ``warranty_months``, or an attribute's name.
    """

    name: str
    values: tuple[Attribute | Decimal | None, ...]

    @property
    def differs(self) -> bool:
        """Whether the products are not all the same in it."""
        return len(set(self.values)) > 1


class Fitting(Struct, frozen=True):
    """A product that goes with another one; ``why`` in English, one of a closed set; ``available`` here."""

    product: Product
    available: int
    why: str


async def get_product(session: AsyncSession, reference: str) -> Product:
    """The product with this SKU or GTIN, its category with it; also one that is no longer sold.

    Raises:
        ProductUnknown: there is none.
        GtinWrong: the digits are as many as a barcode has, and no barcode.
    """
    if gtin.looks_scanned(reference):
        wanted = Product.gtin == gtin.normalise(reference)
    elif found := _SKU.fullmatch(reference):
        wanted = Product.sku == f"{found[1].upper()}-{found[2]}"
    else:
        wanted = Product.sku == reference.strip()
    product = await session.scalar(
        select(Product).where(wanted).options(joinedload(Product.category, innerjoin=True))
    )
    if product is None:
        raise ProductUnknown(reference.strip())
    return product


def comparison(products: Sequence[Product]) -> list[ComparisonRow]:
    """Products side by side: price, brand, warranty, then every attribute that one of them has.

    What the names of the products tell comes first.
    """
    merged = {name: value for product in products for name, value in product.attributes.items()}
    first = {name for product in products for name in defining(product.name, product.attributes)}
    names = sorted(merged, key=lambda name: (name not in first, label(name), name))
    return [
        ComparisonRow("price", tuple(product.price for product in products)),
        ComparisonRow("brand", tuple(product.brand for product in products)),
        ComparisonRow("warranty_months", tuple(product.warranty_months for product in products)),
        *(ComparisonRow(name, tuple(product.attributes.get(name) for product in products)) for name in names),
    ]


async def accessories(
    session: AsyncSession, product: Product, shop: Shop, now: datetime, limit: int = 3
) -> list[Fitting]:
    """What goes with a product and is in stock in this shop: the cheapest of each kind, then more of them."""
    rows = list(
        await session.scalars(
            select(Accessory)
            .join(Accessory.accessory)
            .where(Accessory.product_id == product.id, Product.active)
            .order_by(Product.price, Product.sku)
            .options(
                joinedload(Accessory.accessory, innerjoin=True).joinedload(Product.category, innerjoin=True)
            )
        )
    )
    free = await stock.available(session, [row.accessory_id for row in rows], shop, now)
    seen: dict[uuid.UUID, int] = {}
    turns = []
    for row in rows:
        if free[row.accessory_id] == 0:
            continue
        turn = seen.get(row.accessory.category_id, 0)
        seen[row.accessory.category_id] = turn + 1
        turns.append((turn, row))
    turns.sort(key=lambda each: each[0])
    return [Fitting(row.accessory, free[row.accessory_id], row.why) for _, row in turns[:limit]]
