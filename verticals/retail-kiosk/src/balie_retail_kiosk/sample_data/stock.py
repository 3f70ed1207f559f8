"""What each shop has of each product, and what is on its way."""

import uuid
from datetime import time
from decimal import Decimal

from balie_retail_kiosk.models import Incoming, Stock
from balie_retail_kiosk.sample_data.catalogue import CategoryData, Ware
from balie_retail_kiosk.sample_data.rows import Rows, dice
from balie_retail_kiosk.sample_data.shops import ShopData

_SHELVES = 6
_SATURDAY = 5
# How much of the assortment a shop carries.
_CARRIED = {"S-01": 0.97, "S-02": 0.88, "S-03": 0.95, "S-04": 0.75}
_SOLD_OUT = 0.1
_MORE_COMES = 0.6
_REFILL = 0.03
_COUNTED = time(20, 30)


def add_stock(
    rows: Rows,
    wares: list[tuple[Ware, uuid.UUID]],
    categories: tuple[CategoryData, ...],
    shops: list[ShopData],
    keys: dict[str, uuid.UUID],
) -> int:
    """The stock of all shops; the number of its rows."""
    by_slug = {category.slug: category for category in categories}
    count = 0
    for category, slug_wares in _by_category(wares).items():
        for index, (ware, product) in enumerate(slug_wares):
            shelf = ware.shelf or index * _SHELVES // len(slug_wares) + 1
            throw = dice(ware.sku)
            for position, shop in enumerate(shops):
                made_up = _made_up(throw.random(), throw.random(), ware.price, shop.number)
                on_hand = ware.stock[position] if ware.stock else made_up
                comes, days, units = throw.random(), throw.randrange(1, 10), throw.randrange(2, 21)
                if on_hand is None:
                    continue
                count += 1
                rows.add(
                    Stock,
                    shop_id=keys[shop.number],
                    product_id=product,
                    on_hand=on_hand,
                    aisle=f"A{shop.aisle(by_slug[category])}",
                    shelf=str(shelf),
                    counted_at=rows.at(-1 - index % 3, _COUNTED),
                )
                if not ware.stock and comes < (_MORE_COMES if on_hand == 0 else _REFILL):
                    _add_incoming(rows, keys[shop.number], product, days, min(units, _usual(ware.price)))
            for number, days, units in ware.incoming:
                rows.add(
                    Incoming,
                    shop_id=keys[number],
                    product_id=product,
                    quantity=units,
                    expected_on=rows.day(days),
                )
    return count


def _by_category(wares: list[tuple[Ware, uuid.UUID]]) -> dict[str, list[tuple[Ware, uuid.UUID]]]:
    grouped: dict[str, list[tuple[Ware, uuid.UUID]]] = {}
    for ware, key in wares:
        grouped.setdefault(ware.category, []).append((ware, key))
    return grouped


def _made_up(carried: float, filled: float, price: Decimal, shop: str) -> int | None:
    """Units on hand, between 0 and twice the usual; None where the shop does not carry the product."""
    if carried >= _CARRIED[shop]:
        return None
    if filled < _SOLD_OUT:
        return 0
    return 1 + int(filled * (2 * _usual(price) - 1))


def _usual(price: Decimal) -> int:
    """How many a shop usually has: the dearer, the fewer."""
    for limit, units in ((10, 40), (25, 25), (60, 12), (150, 8), (400, 5), (900, 3)):
        if price < limit:
            return units
    return 2


def _add_incoming(rows: Rows, shop: uuid.UUID, product: uuid.UUID, days: int, units: int) -> None:
    # Lorries drive from Monday to Saturday.
    expected = rows.day(days if rows.day(days).weekday() <= _SATURDAY else days + 1)
    rows.add(Incoming, shop_id=shop, product_id=product, quantity=units, expected_on=expected)
