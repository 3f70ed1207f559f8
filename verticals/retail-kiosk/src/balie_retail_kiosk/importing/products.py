"""Products from the shop's systems, by their SKU.

A row of a product that is known may leave fields out; they stay what they are. A new product needs a
GTIN, a name, a brand, a category and a price.
"""

import math
import re
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from balie.db import new_id
from balie.importing import BATCH, Complaint, ImportReport, Line, Plan, RowFault, RowReader
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import bindparam, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk import search
from balie_retail_kiosk.importing.common import (
    TEXT,
    Gtin,
    Sku,
    nearest,
    note_sync,
    stripped,
    with_14_digits,
)
from balie_retail_kiosk.models import Attribute, Category, Product, UnindexedProduct, Vat
from balie_retail_kiosk.services import gtin

MOST_ATTRIBUTES = 40
MOST_EXPENSIVE = Decimal("999999.99")

_CENT = Decimal("0.01")
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TEXT = re.compile(TEXT)
# What a new product is where its row does not say; two years is the guarantee of Dutch law at its shortest.
_DEFAULTS: dict[str, Any] = {
    "description": "",
    "vat": Vat.STANDARD,
    "attributes": {},
    "warranty_months": 24,
    "active": True,
}
_NEEDED = ("gtin", "name", "brand", "category", "price")

PRODUCTS: Any = Product.__table__
CATEGORIES: Any = Category.__table__


class ProductRow(Struct, frozen=True, forbid_unknown_fields=True):
    """A product as the shop's systems give it; only the SKU must be there if the product is known."""

    sku: Sku
    gtin: Gtin | UnsetType = UNSET
    name: (
        Annotated[str, Meta(min_length=1, max_length=120, pattern=TEXT, description="1 to 120 characters")]
        | UnsetType
    ) = UNSET
    brand: (
        Annotated[str, Meta(min_length=1, max_length=40, pattern=TEXT, description="1 to 40 characters")]
        | UnsetType
    ) = UNSET
    category: (
        Annotated[
            str,
            Meta(
                pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
                max_length=40,
                description="A category's slug, such as hdmi-cables",
            ),
        ]
        | UnsetType
    ) = UNSET
    description: (
        Annotated[
            str, Meta(max_length=4000, pattern=r"^[^\x00]*$", description="At most 4,000 characters of text")
        ]
        | UnsetType
    ) = UNSET
    price: (
        Annotated[
            Decimal,
            Meta(description=f"Euros with VAT, from 0 to {MOST_EXPENSIVE}, with a point: 12.95"),
        ]
        | UnsetType
    ) = UNSET
    vat: Annotated[Vat, Meta(description="standard, reduced or zero")] | UnsetType = UNSET
    attributes: (
        Annotated[
            dict[str, Attribute],
            Meta(description='An object of texts, numbers and truth values, such as {"length_m": 2.0}'),
        ]
        | UnsetType
    ) = UNSET
    warranty_months: (
        Annotated[int, Meta(ge=0, le=240, description="Whole months from 0 to 240")] | UnsetType
    ) = UNSET
    active: Annotated[bool, Meta(description="true, or false for what is no longer sold")] | UnsetType = UNSET


class _Writes(Struct):
    categories: dict[str, uuid.UUID] = {}
    products: dict[str, dict[str, Any]] = {}
    """By SKU, as they are to be; those that are in ``known`` are changed, the others are new."""
    known: set[str] = set()
    moved: list[uuid.UUID] = []
    """Products that give their GTIN up, maybe to another one of this batch."""


class ProductImporter:
    """Writes products, and keeps the search right."""

    def __init__(self, *, create_categories: bool = False) -> None:
        self.rows = RowReader(ProductRow, check)
        self._create_categories = create_categories

    async def plan(self, session: AsyncSession, lines: Sequence[Line[ProductRow]], now: datetime) -> Plan:
        """Compare the lines with the products that are there."""
        plan = Plan()
        batch = await _Batch.of(session, lines, create_categories=self._create_categories)
        for line in lines:
            if faults := list(batch.faults(line)):
                plan.faults.extend(faults)
                continue
            match batch.take(line.row, now):
                case None:
                    plan.created += 1
                case True:
                    plan.updated += 1
                case False:
                    plan.unchanged += 1
        plan.writes = batch.writes
        return plan

    async def write(self, session: AsyncSession, plan: Plan, *, in_one: bool) -> None:
        """Write what is new and what has changed. The index takes four times as long as the rest."""
        writes: _Writes = plan.writes
        connection = await session.connection()
        if writes.categories:
            await connection.execute(
                insert(CATEGORIES), [_category(*each) for each in writes.categories.items()]
            )
        if writes.moved:
            # Two products may exchange their GTINs, which are unique after each statement.
            aside = (
                update(PRODUCTS).where(PRODUCTS.c.id == bindparam("which")).values(gtin=bindparam("aside"))
            )
            await connection.execute(
                aside,
                [{"which": each, "aside": f"-{number:013}"} for number, each in enumerate(writes.moved)],
            )
        changed = [row for sku, row in writes.products.items() if sku in writes.known]
        if changed:
            columns = {name: bindparam(name) for name in changed[0] if name not in {"id", "created_at"}}
            statement = update(PRODUCTS).where(PRODUCTS.c.id == bindparam("which")).values(columns)
            await connection.execute(
                statement, [{**{n: row[n] for n in columns}, "which": row["id"]} for row in changed]
            )
        if new := [row for sku, row in writes.products.items() if sku not in writes.known]:
            await connection.execute(insert(PRODUCTS), new)
        if keys := [row["id"] for row in writes.products.values()]:
            await (_leave(session, keys) if in_one else search.refresh(session, keys))

    async def settle(self, session: AsyncSession) -> bool:
        """Put products into the index that were left for later."""
        left = (await session.scalars(select(UnindexedProduct.product_id).limit(BATCH))).all()
        if left:
            await search.refresh(session, left)
            await session.execute(delete(UnindexedProduct).where(UnindexedProduct.product_id.in_(left)))
        return bool(left)

    async def finish(self, session: AsyncSession, report: ImportReport, now: datetime) -> None:
        """Note when the products came."""
        await note_sync(session, "products", report, now)


async def _leave(session: AsyncSession, keys: Sequence[uuid.UUID]) -> None:
    noted = exists().where(UnindexedProduct.product_id == Product.id)
    new = select(Product.id).where(Product.id.in_(keys), ~noted)
    await session.execute(insert(UnindexedProduct).from_select(["product_id"], new))


class _Batch:
    """The lines of one batch against the database, as it will be after each of them."""

    def __init__(
        self,
        products: dict[str, dict[str, Any]],
        owners: dict[str, str],
        categories: dict[str, uuid.UUID],
        every_category: Sequence[str],
        create_categories: bool,
    ) -> None:
        self.products = products
        self.owners = owners
        self.categories = categories
        self.every_category = every_category
        self.create_categories = create_categories
        self.writes = _Writes(known=set(products))

    @classmethod
    async def of(
        cls, session: AsyncSession, lines: Sequence[Line[ProductRow]], *, create_categories: bool
    ) -> "_Batch":
        """Everything that the lines speak of."""
        rows = [line.row for line in lines]
        found = await session.execute(select(PRODUCTS).where(PRODUCTS.c.sku.in_({row.sku for row in rows})))
        products = {each["sku"]: dict(each) for each in found.mappings()}
        gtins = {row.gtin for row in rows if row.gtin is not UNSET}
        owners = await session.execute(
            select(PRODUCTS.c.gtin, PRODUCTS.c.sku).where(PRODUCTS.c.gtin.in_(gtins))
        )
        found = await session.execute(select(CATEGORIES.c.slug, CATEGORIES.c.id))
        categories = dict(found.all())
        return cls(products, dict(owners.all()), categories, sorted(categories), create_categories)

    def faults(self, line: Line[ProductRow]) -> Iterator[RowFault]:
        """What the database says against the line."""
        row = line.row
        if row.sku not in self.products:
            for name in _NEEDED:
                if getattr(row, name) is UNSET:
                    yield RowFault(line.number, name, "it is missing, and the product is new", "give it")
        if row.category is not UNSET and row.category not in self.categories and not self.create_categories:
            near = nearest(row.category, self.every_category)
            yield RowFault(line.number, "category", f"there is no category {row.category}", near)
        if row.gtin is not UNSET and self.owners.get(row.gtin, row.sku) != row.sku:
            owner = self.owners[row.gtin]
            words = f"{gtin.shown(row.gtin)} is the GTIN of {owner}"
            yield RowFault(line.number, "gtin", words, "each product has its own")

    def take(self, row: ProductRow, now: datetime) -> bool | None:
        """Apply the line; None: the product is new, True: it is changed, False: it stays what it is."""
        before = self.products.get(row.sku)
        given = {name: value for name in row.__struct_fields__ if (value := getattr(row, name)) is not UNSET}
        if (slug := given.pop("category", None)) is not None:
            if slug not in self.categories:
                self.categories[slug] = self.writes.categories[slug] = new_id()
            given["category_id"] = self.categories[slug]
        if before is None:
            after = {"id": new_id(), **_DEFAULTS, **given, "created_at": now, "updated_at": now}
        elif all(before[name] == value for name, value in given.items()):
            return False
        else:
            after = {**before, **given, "updated_at": now}
            if after["gtin"] != before["gtin"]:
                self.owners.pop(before["gtin"], None)
                if row.sku in self.writes.known:
                    self.writes.moved.append(before["id"])
        self.owners[after["gtin"]] = row.sku
        self.products[row.sku] = self.writes.products[row.sku] = after
        return None if before is None else True


def check(values: dict[str, Any]) -> Iterator[Complaint]:
    """What the types of a row can't say; the GTIN gets its 14 digits, the texts lose the space around them."""
    yield from stripped(values, "sku", "name", "brand", "category")
    yield from with_14_digits(values)
    if "description" in values:
        values["description"] = values["description"].strip()
    if "price" in values:
        price = values["price"]
        if not price.is_finite() or not 0 <= price <= MOST_EXPENSIVE:
            yield (
                "price",
                f"{price:.6g} is not between 0 and {MOST_EXPENSIVE}",
                "euros with VAT, such as 12.95",
            )
        elif price != (cents := price.quantize(_CENT)):
            yield "price", f"{price:.12g} is no whole number of cents", str(cents)
        else:
            values["price"] = cents
    if "attributes" in values:
        yield from _check_attributes(values["attributes"])


def _check_attributes(attributes: dict[str, Attribute]) -> Iterator[Complaint]:
    if len(attributes) > MOST_ATTRIBUTES:
        yield "attributes", f"there are {len(attributes)} of them", f"at most {MOST_ATTRIBUTES}"
    for name, value in attributes.items():
        if not _ATTRIBUTE.fullmatch(name):
            words = f"{name[:60]!r} is no name of an attribute"
            yield "attributes", words, "up to 40 small letters, digits and _, such as length_m"
            continue
        where = f"attributes.{name}"
        match value:
            case str() if len(value) > 200 or not _TEXT.fullmatch(value):
                yield where, "the text is too long, or has characters that can't be seen", "200 characters"
            case float() if not math.isfinite(value):
                yield where, "it is no number", "such as 2.0"
            case bool():
                pass
            case int() if abs(value) >= 10**15:
                yield where, "the number is too large", "at most 15 digits"
            case _:
                pass


def _category(slug: str, key: uuid.UUID) -> dict[str, Any]:
    words = slug.replace("-", " ").capitalize()
    return {
        "id": key,
        "slug": slug,
        "name": words,
        "name_nl": words,
        "department": "Other",
        "synonyms": [],
    }
