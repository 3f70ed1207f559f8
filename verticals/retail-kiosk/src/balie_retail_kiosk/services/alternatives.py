"""What would do instead of a product: in stock, of the same kind, near in price and attributes, and why.

How near: the differences in price, in brand and in the attributes are added up, each between 0 (the same)
and about 1. The attributes that the product's name tells count as much as all others together, since they
are what people say when they ask for one: the size of a television, the length of a cable.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from balie_retail_kiosk.models import Attribute, Product, Shop, Stock
from balie_retail_kiosk.services import stock
from balie_retail_kiosk.services.attributes import defining

# What an alternative may cost: from half of the price to half as much again.
_CHEAPEST, _DEAREST = Decimal("0.5"), Decimal("1.5")
_CENT = Decimal("0.01")
_CANDIDATES = 200  # the nearest in price; an imported category may have thousands
_OTHER_BRAND = 0.1
_MOST_REASONS = 4
_WORTH_A_WORD = 0.05  # a television of 14.2 kg is no heavier than one of 13.8
_MOST_ALIKE = 2
# Nobody takes another product for these, or leaves one.
_UNIMPORTANT = frozenset({"colour", "series"})


class ReasonKind(StrEnum):
    """Why something else would do. The fields of :class:`Reason` that are not named here are None."""

    SAME_BRAND = "same_brand"  # value
    SAME_PRICE = "same_price"  # value
    CHEAPER = "cheaper"  # value: by how much, in euros
    DEARER = "dearer"  # value: by how much, in euros
    SAME = "same"  # name, value
    MORE = "more"  # name, value, instead_of
    LESS = "less"  # name, value, instead_of
    WITH = "with"  # name
    WITHOUT = "without"  # name
    OTHER = "other"  # name, value, instead_of


class Reason(Struct, frozen=True):
    """A fact that compares an alternative with the product that it stands for.

    Attributes:
        name: the attribute's.
        value: the alternative's own; in euros for the kinds that speak of the price.
        instead_of: the value of the product that it stands for.
    """

    kind: ReasonKind
    name: str | None = None
    value: Attribute | Decimal | None = None
    instead_of: Attribute | None = None


class Alternative(Struct, frozen=True):
    """A product that would do instead; ``available`` in this shop."""

    product: Product
    available: int
    reasons: list[Reason]


async def alternatives(
    session: AsyncSession, product: Product, shop: Shop, now: datetime, limit: int = 3
) -> list[Alternative]:
    """What is in stock in this shop, of the same category, and comes nearest in price and attributes.

    The nearest first, and of a model in several colours only one. What costs less than half or more than one
    and a half times as much is no alternative.
    """
    others = list(
        await session.scalars(
            select(Product)
            .join(Stock, (Stock.product_id == Product.id) & (Stock.shop_id == shop.id) & (Stock.on_hand > 0))
            .where(
                Product.category_id == product.category_id,
                Product.id != product.id,
                Product.active,
                Product.price.between(_cents(product.price * _CHEAPEST), _cents(product.price * _DEAREST)),
            )
            .order_by(func.abs(Product.price - product.price), Product.sku)
            .limit(_CANDIDATES)
            .options(joinedload(Product.category, innerjoin=True))
        )
    )
    free = await stock.available(session, [other.id for other in others], shop, now)
    spans = _spans([product, *others])
    here = [other for other in others if free[other.id] > 0]
    here.sort(key=lambda other: (_distance(product, other, spans), other.price, other.sku))
    models: dict[object, Product] = {}
    for other in here:
        models.setdefault(_model(other), other)
    nearest = list(models.values())[:limit]
    return [Alternative(other, free[other.id], reasons(product, other)) for other in nearest]


def reasons(product: Product, other: Product) -> list[Reason]:
    """Why ``other`` would do instead of ``product``, what matters most first: at most four facts."""
    mine, its = product.attributes, other.attributes
    named = defining(product.name, mine)
    shared = [name for name in (*named, *(each for each in mine if each not in named)) if name in its]
    colour = "colour" in shared and mine["colour"] != its["colour"] and _model(product) == _model(other)
    found = [_difference("colour", mine["colour"], its["colour"])] if colour else []
    shared = [name for name in shared if name not in _UNIMPORTANT]
    # That both lack something is no reason.
    alike = [
        Reason(ReasonKind.SAME, name, its[name]) for name in shared if mine[name] == its[name] and its[name]
    ]
    found += [*alike[:_MOST_ALIKE], _price(product, other)]
    if product.brand == other.brand:
        found.append(Reason(ReasonKind.SAME_BRAND, value=other.brand))
    found += [_difference(name, mine[name], its[name]) for name in shared if _far(mine[name], its[name])]
    return found[:_MOST_REASONS]


def _far(mine: Attribute, its: Attribute) -> bool:
    """Whether a difference is worth a word."""
    if isinstance(mine, str) or isinstance(its, str):
        return mine != its
    return abs(its - mine) > _WORTH_A_WORD * abs(mine)


def _model(product: Product) -> object:
    """What colours of one model have in common."""
    told = {name: value for name, value in product.attributes.items() if name not in _UNIMPORTANT}
    name = product.name.removesuffix(f", {product.attributes.get('colour')}")
    return product.brand, product.price, name, tuple(sorted(told.items()))


def _price(product: Product, other: Product) -> Reason:
    if other.price == product.price:
        return Reason(ReasonKind.SAME_PRICE, value=other.price)
    kind = ReasonKind.CHEAPER if other.price < product.price else ReasonKind.DEARER
    return Reason(kind, value=abs(other.price - product.price))


def _difference(name: str, mine: Attribute, its: Attribute) -> Reason:
    if isinstance(mine, bool) or isinstance(its, bool):
        return Reason(ReasonKind.WITH if its else ReasonKind.WITHOUT, name)
    if isinstance(mine, str) or isinstance(its, str):
        return Reason(ReasonKind.OTHER, name, its, mine)
    return Reason(ReasonKind.MORE if its > mine else ReasonKind.LESS, name, its, mine)


def _distance(product: Product, other: Product, spans: Mapping[str, float]) -> float:
    price = float(abs(other.price - product.price) / max(product.price, _CENT))
    brand = 0.0 if other.brand == product.brand else _OTHER_BRAND
    gaps = {
        name: _gap(value, other.attributes.get(name), spans.get(name, 0.0))
        for name, value in product.attributes.items()
        if name not in _UNIMPORTANT
    }
    named = [gaps[name] for name in defining(product.name, product.attributes) if name in gaps]
    return price + brand + _mean(list(gaps.values())) + _mean(named)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _gap(mine: Attribute, its: Attribute | None, span: float) -> float:
    """0 for the same, 1 for something else, and in between for numbers, as far as they are apart."""
    if mine == its:
        return 0.0
    if not (_is_number(mine) and _is_number(its)) or not span:
        return 1.0
    return abs(float(mine) - float(its or 0)) / span


def _spans(products: Sequence[Product]) -> dict[str, float]:
    """How far apart the products' numbers are, by attribute."""
    numbers: dict[str, list[float]] = {}
    for product in products:
        for name, value in product.attributes.items():
            if _is_number(value):
                numbers.setdefault(name, []).append(float(value))
    return {name: max(values) - min(values) for name, values in numbers.items()}


def _is_number(value: Attribute | None) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT)
