"""Stock from the shop's systems: how many of a product lie in a shop, counted when, and where in it."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from balie.db import new_id
from balie.importing import Complaint, ImportReport, Line, Plan, RowFault, RowReader
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.importing.common import (
    TEXT,
    Gtin,
    Sku,
    nearest,
    note_sync,
    stripped,
    with_14_digits,
)
from balie_retail_kiosk.models import Product, Shop, Stock

MOST_UNITS = 1_000_000

STOCK: Any = Stock.__table__
PRODUCTS: Any = Product.__table__


class StockRow(Struct, frozen=True, forbid_unknown_fields=True):
    """What a shop has of a product, which is named by its SKU or its GTIN."""

    shop: Annotated[str, Meta(min_length=1, max_length=8, description="A shop's number, such as S-01")]
    on_hand: Annotated[
        int, Meta(ge=0, le=MOST_UNITS, description=f"A whole number of units from 0 to {MOST_UNITS:,}")
    ]
    sku: Sku | UnsetType = UNSET
    gtin: Gtin | UnsetType = UNSET
    aisle: (
        Annotated[str, Meta(min_length=1, max_length=8, pattern=TEXT, description="Such as A3")] | UnsetType
    ) = UNSET
    shelf: (
        Annotated[str, Meta(min_length=1, max_length=8, pattern=TEXT, description="Such as 2")] | UnsetType
    ) = UNSET
    counted_at: (
        Annotated[
            datetime,
            Meta(tz=True, description="A time with its zone, such as 2026-03-10T08:30:00+01:00"),
        ]
        | UnsetType
    ) = UNSET


class _Writes(Struct):
    rows: dict[tuple[uuid.UUID, uuid.UUID], dict[str, Any]] = {}
    known: set[tuple[uuid.UUID, uuid.UUID]] = set()


class StockImporter:
    """Writes stock."""

    def __init__(self) -> None:
        self.rows = RowReader(StockRow, check)

    async def plan(self, session: AsyncSession, lines: Sequence[Line[StockRow]], now: datetime) -> Plan:
        """Compare the lines with the stock that is there."""
        plan = Plan()
        batch = await _Batch.of(session, lines)
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
        """Write what is new and what has changed."""
        writes: _Writes = plan.writes
        connection = await session.connection()
        if changed := [row for key, row in writes.rows.items() if key in writes.known]:
            columns = ("on_hand", "aisle", "shelf", "counted_at")
            statement = (
                update(STOCK)
                .where(STOCK.c.id == bindparam("which"))
                .values({name: bindparam(name) for name in columns})
            )
            await connection.execute(
                statement, [{**{n: row[n] for n in columns}, "which": row["id"]} for row in changed]
            )
        if new := [row for key, row in writes.rows.items() if key not in writes.known]:
            await connection.execute(insert(STOCK), new)

    async def settle(self, session: AsyncSession) -> bool:
        """Nothing is left for later."""
        return False

    async def finish(self, session: AsyncSession, report: ImportReport, now: datetime) -> None:
        """Note when the stock came."""
        await note_sync(session, "stock", report, now)


class _Batch:
    """The lines of one batch against the database, as it will be after each of them."""

    def __init__(
        self,
        shops: dict[str, uuid.UUID],
        products: dict[str, uuid.UUID],
        rows: dict[tuple[uuid.UUID, uuid.UUID], dict[str, Any]],
    ) -> None:
        self.shops = shops
        self.products = products
        self.rows = rows
        self.writes = _Writes(known=set(rows))

    @classmethod
    async def of(cls, session: AsyncSession, lines: Sequence[Line[StockRow]]) -> "_Batch":
        """Everything that the lines speak of."""
        rows = [line.row for line in lines]
        shops = dict((await session.execute(select(Shop.number, Shop.id))).all())
        skus = {row.sku for row in rows if row.sku is not UNSET}
        gtins = {row.gtin for row in rows if row.gtin is not UNSET}
        named = select(PRODUCTS.c.sku, PRODUCTS.c.gtin, PRODUCTS.c.id).where(
            or_(PRODUCTS.c.sku.in_(skus), PRODUCTS.c.gtin.in_(gtins))
        )
        products: dict[str, uuid.UUID] = {}
        for sku, number, key in await session.execute(named):
            products[sku] = products[_as_gtin(number)] = key
        there = await session.execute(select(STOCK).where(STOCK.c.product_id.in_(set(products.values()))))
        stock = {(each["shop_id"], each["product_id"]): dict(each) for each in there.mappings()}
        return cls(shops, products, stock)

    def faults(self, line: Line[StockRow]) -> Iterator[RowFault]:
        """What the database says against the line."""
        row = line.row
        if row.shop not in self.shops:
            yield RowFault(line.number, "shop", f"there is no shop {row.shop}", nearest(row.shop, self.shops))
        by_sku, by_gtin = self._named(row)
        for field, found, named in (("sku", by_sku, row.sku), ("gtin", by_gtin, row.gtin)):
            if named is not UNSET and found is None:
                yield RowFault(
                    line.number, field, f"there is no product {named}", "import the products first"
                )
        if by_sku and by_gtin and by_sku != by_gtin:
            yield RowFault(line.number, "gtin", f"it is not the GTIN of {row.sku}", "leave one of them out")
        product = by_sku or by_gtin
        if product and row.shop in self.shops and (self.shops[row.shop], product) not in self.rows:
            for field in ("aisle", "shelf"):
                if getattr(row, field) is UNSET:
                    words = "it is missing, and this shop had none of the product so far"
                    yield RowFault(line.number, field, words, "give it")

    def take(self, row: StockRow, now: datetime) -> bool | None:
        """Apply the line; None: it is new, True: it is changed, False: it stays what it is."""
        by_sku, by_gtin = self._named(row)
        product = by_sku or by_gtin
        assert product is not None
        key = (self.shops[row.shop], product)
        before = self.rows.get(key)
        counted = now if row.counted_at is UNSET else row.counted_at
        given: dict[str, Any] = {"on_hand": row.on_hand, "counted_at": counted.astimezone(UTC)}
        given.update((n, v) for n in ("aisle", "shelf") if (v := getattr(row, n)) is not UNSET)
        if before is not None and all(before[name] == value for name, value in given.items()):
            return False
        ids = {"id": new_id(), "shop_id": key[0], "product_id": key[1]}
        self.rows[key] = self.writes.rows[key] = {**(before or ids), **given}
        return None if before is None else True

    def _named(self, row: StockRow) -> tuple[uuid.UUID | None, uuid.UUID | None]:
        by_sku = None if row.sku is UNSET else self.products.get(row.sku)
        by_gtin = None if row.gtin is UNSET else self.products.get(_as_gtin(row.gtin))
        return by_sku, by_gtin


def check(values: dict[str, Any]) -> Iterator[Complaint]:
    """What the types of a row can't say; the GTIN gets its 14 digits."""
    if not values.keys() & {"sku", "gtin"}:
        yield "sku", "the row does not say of which product", "its SKU or its GTIN"
    yield from stripped(values, "shop", "sku", "aisle", "shelf")
    yield from with_14_digits(values)
    if "counted_at" in values:
        try:
            values["counted_at"] = values["counted_at"].astimezone(UTC)
        except OverflowError:
            yield "counted_at", "this time is too far away", "such as 2026-03-10T08:30:00+01:00"


def _as_gtin(number: str) -> str:
    """A key beside the SKUs: a SKU may be 14 digits too."""
    return f"gtin:{number}"
