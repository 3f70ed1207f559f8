"""What Harbour & Home sells: the products of anchors.toml and those of the folder ``assortment``.

An assortment file has categories, and a category has lines: a brand's products that differ in a few things.
``price`` lists the prices of a line; a list of the same length among the attributes gives each product its
own value, anything else is the same for all. ``each`` makes one product of every value in it, at the same
price. The brands are made up.
"""

import functools
import re
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from itertools import product as combinations

import msgspec
from msgspec import Struct

from balie_retail_kiosk.models import Attribute, Vat
from balie_retail_kiosk.sample_data.gtins import gtin_of

_FIRST_SKU = 71000
_SKUS_A_CATEGORY = 100
_HERE = files("balie_retail_kiosk.sample_data")

Values = dict[str, Attribute | list[Attribute]]


class Derived(Struct, frozen=True, forbid_unknown_fields=True):
    """An attribute that follows from another one: ``times`` it to the ``power``, rounded."""

    name: str
    of: str
    times: float
    power: int = 1
    digits: int = 0

    def value(self, of: float) -> float:
        """What it is for that value of the other attribute."""
        value = round(self.times * of**self.power, self.digits)
        return value if self.digits else int(value)


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """A brand's products that differ in a few things; what is None is the category's."""

    brand: str
    price: str
    series: str | list[str] = ""
    has: Values = {}
    each: dict[str, list[Attribute]] = {}
    title: str | None = None
    text: str | None = None
    warranty_months: int | None = None


class Yes(Struct, frozen=True, forbid_unknown_fields=True):
    """A word that stands for an attribute that is true or false."""

    of: str
    yes: str
    no: str


class CategoryData(Struct, frozen=True, forbid_unknown_fields=True):
    """A category as it stands in a file.

    Attributes:
        aisle: where it lies in the first shop; shops.toml says where that is in the others.
        attributes: the attributes of the category's products, in the order to show them. A line gives each
            of them; a product does not have those that are 0 or "none".
    """

    slug: str
    name: str
    name_nl: str
    department: str
    synonyms: list[str]
    aisle: int
    warranty_months: int
    title: str
    text: str
    attributes: list[str]
    lines: list[Line]
    has: Values = {}
    derived: list[Derived] = []
    words: dict[str, Yes] = {}
    vat: Vat = Vat.STANDARD


class Ware(Struct, frozen=True):
    """A product as it will be in the database.

    Attributes:
        stock: units in each shop, where they are laid down; None where they are made up.
        shelf: in all shops, where it is laid down.
        incoming: deliveries: shop, days from today, units.
    """

    sku: str
    gtin: str
    name: str
    brand: str
    category: str
    price: Decimal
    vat: Vat
    warranty_months: int
    description: str
    attributes: dict[str, Attribute]
    stock: list[int] | None = None
    shelf: int | None = None
    incoming: tuple[tuple[str, int, int], ...] = ()


class _Delivery(Struct, forbid_unknown_fields=True):
    shop: str
    days: int
    quantity: int


class _Anchor(Struct, forbid_unknown_fields=True):
    sku: str
    name: str
    brand: str
    category: str
    price: Decimal
    warranty_months: int
    description: str
    attributes: dict[str, Attribute]
    stock: list[int]
    shelf: int
    vat: Vat = Vat.STANDARD
    incoming: list[_Delivery] = []


class _Anchors(Struct, forbid_unknown_fields=True):
    product: list[_Anchor]


class _Assortment(Struct, forbid_unknown_fields=True):
    category: list[CategoryData]


@functools.cache
def categories() -> tuple[CategoryData, ...]:
    """The 40 categories, by file and then as they stand in it."""
    found: list[CategoryData] = []
    for file in sorted((_HERE / "assortment").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            found += msgspec.toml.decode(file.read_text(encoding="utf-8"), type=_Assortment).category
    return tuple(found)


@functools.cache
def wares() -> tuple[Ware, ...]:
    """All products, the anchors first; in the same order every time."""
    found = [_anchored(anchor) for anchor in _anchors()]
    for index, category in enumerate(categories()):
        first = _FIRST_SKU + _SKUS_A_CATEGORY * index
        found += _made(category, first)
    return tuple(found)


def _anchors() -> list[_Anchor]:
    text = (_HERE / "anchors.toml").read_text(encoding="utf-8")
    return msgspec.toml.decode(text, type=_Anchors).product


def _anchored(anchor: _Anchor) -> Ware:
    category = next(category for category in categories() if category.slug == anchor.category)
    return Ware(
        sku=anchor.sku,
        gtin=gtin_of(anchor.sku, "Harbour"),
        name=anchor.name,
        brand=anchor.brand,
        category=anchor.category,
        price=anchor.price,
        vat=anchor.vat,
        warranty_months=anchor.warranty_months,
        description=anchor.description,
        attributes={
            name: anchor.attributes[name] for name in category.attributes if name in anchor.attributes
        },
        stock=anchor.stock,
        shelf=anchor.shelf,
        incoming=tuple((one.shop, one.days, one.quantity) for one in anchor.incoming),
    )


def _made(category: CategoryData, first: int) -> Iterator[Ware]:
    number = first
    for line in category.lines:
        prices = [Decimal(price) for price in line.price.split()]
        for index, price in enumerate(prices):
            for values in combinations(*line.each.values()):
                number += 1
                yield _ware(category, line, index, price, dict(zip(line.each, values, strict=True)), number)


def _ware(
    category: CategoryData,
    line: Line,
    index: int,
    price: Decimal,
    variant: dict[str, Attribute],
    number: int,
) -> Ware:
    count = len(line.price.split())
    given = {**category.has, **line.has, **variant}
    has = {name: _own(value, index, count) for name, value in given.items()}
    for derived in category.derived:
        has.setdefault(derived.name, derived.value(float(has[derived.of])))
    series = line.series if isinstance(line.series, str) else line.series[index]
    words = {name: yes.yes if has[yes.of] else yes.no for name, yes in category.words.items()}
    words |= {name: said(value) for name, value in has.items()}
    words |= {name.removesuffix("_gb"): _bytes(value) for name, value in has.items() if name.endswith("_gb")}
    words |= {"brand": line.brand, "series": series}
    title = _one(" ".join((line.title or category.title).format_map(words).split()))
    missing = set(category.attributes) - has.keys()
    if missing:
        raise ValueError(f"{title} lacks {', '.join(sorted(missing))}.")
    sku = f"HH-{number}"
    return Ware(
        sku=sku,
        gtin=gtin_of(sku, line.brand),
        name=", ".join((title, *map(said, variant.values()))),
        brand=line.brand,
        category=category.slug,
        price=price,
        vat=category.vat,
        warranty_months=category.warranty_months if line.warranty_months is None else line.warranty_months,
        description=_sentence((line.text or category.text).format_map(words)),
        attributes={name: has[name] for name in category.attributes if _applies(has[name])},
    )


def _own(value: Attribute | list[Attribute], index: int, count: int) -> Attribute:
    if not isinstance(value, list):
        return value
    if len(value) != count:
        raise ValueError(f"{value} has to be as long as the line's {count} prices.")
    return value[index]


def _applies(value: Attribute) -> bool:
    """Whether a specification sheet has a line for it: none for the battery of what hangs on a cable."""
    return value != "none" and (isinstance(value, bool) or value != 0)


def said(value: Attribute) -> str:
    """A value as it stands in a name: 2.0 is 2."""
    return re.sub(r"\.0$", "", str(value)) if isinstance(value, float) else str(value)


def _bytes(gigabytes: Attribute) -> str:
    return f"{int(gigabytes) // 1000} TB" if int(gigabytes) >= 1000 else f"{gigabytes} GB"


def _one(text: str) -> str:
    return re.sub(r"\b1 pieces\b", "1 piece", text)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
