"""What somebody wants, and how much of it: what a quote and a reservation are made of."""

from collections.abc import Sequence
from typing import Annotated

from balie.errors import BadRequest
from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import Product
from balie_retail_kiosk.services.errors import NothingInQuote, ProductUnknown, TooMany
from balie_retail_kiosk.services.products import get_product

MOST_UNITS = 99
"""Of one product, in a quote (RK-6)."""

MOST_LINES = 20
"""Different products in a quote (RK-6)."""


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """So many of a product; ``product`` is its SKU."""

    product: str
    quantity: Annotated[int, Meta(ge=1, le=MOST_UNITS)]


async def wanted(
    session: AsyncSession,
    items: Sequence[Item],
    *,
    most_units: int = MOST_UNITS,
    most_lines: int = MOST_LINES,
) -> list[tuple[Product, int]]:
    """Each product that is wanted, once, with how many; in the order in which they were first named.

    A GTIN does as well as a SKU.

    Raises:
        NothingInQuote: nothing is wanted.
        BadRequest: less than one of something is.
        TooMany: more of one product than ``most_units``, or more products than ``most_lines``.
        ProductUnknown: there is no such product, or it is no longer sold.
        GtinWrong: the digits are no barcode.
    """
    if not items:
        raise NothingInQuote
    quantities: dict[str, int] = {}
    named = {
        product.sku: product
        for product in await session.scalars(
            select(Product).where(Product.sku.in_({item.product for item in items}))
        )
    }
    for item in items:
        if item.quantity < 1:
            raise BadRequest("A quantity is at least 1.", quantity=item.quantity)
        product = named.get(item.product) or await get_product(session, item.product)
        if not product.active:
            raise ProductUnknown(item.product)
        named[product.sku] = product
        quantities[product.sku] = quantities.get(product.sku, 0) + item.quantity
    if len(quantities) > most_lines:
        raise TooMany(len(quantities), most_lines)
    if (most := max(quantities.values())) > most_units:
        raise TooMany(most, most_units)
    return [(named[sku], quantity) for sku, quantity in quantities.items()]
