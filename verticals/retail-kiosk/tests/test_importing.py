"""Products and stock in bulk: what is written, what is refused and why, and who has to wait meanwhile."""

import asyncio
import csv
import io
import json
import os
import tracemalloc
from datetime import UTC, datetime
from decimal import Decimal
from time import perf_counter

import pytest
from balie.db import AuditRecord, Database, outbox
from balie.importing import BATCH, By, Format, Import, ImportRefused, Unreadable
from balie.vertical import prepare
from balie_retail_kiosk import search
from balie_retail_kiosk.importing import IMPORTERS
from balie_retail_kiosk.models import Category, Product, Stock, UnindexedProduct
from balie_retail_kiosk.services import gtin, products, shops
from balie_retail_kiosk.vertical import VERTICAL
from sqlalchemy import func, make_url, select, text
from sqlalchemy.ext.asyncio import create_async_engine

pytestmark = pytest.mark.anyio

POSTGRES = os.environ.get("BALIE_TEST_POSTGRES_URL")
NOW = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


@pytest.fixture
def anyio_backend():
    return "asyncio"


async def on_server(statements):
    server = make_url(POSTGRES).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


def server_url(name):
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def template():
    """A database on the server with the sample data, of which tests have copies."""
    name = f"balie_import_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"

    async def make():
        await on_server([f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}"])
        database = Database(server_url(name))
        await prepare(VERTICAL, database, today=NOW.date())
        await database.close()

    asyncio.run(make())
    return name


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRES else [])])
def url(request, seeded_database):
    """The URL of the sample data, on each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{asyncio.run(seeded_database(VERTICAL))}"
    name = request.getfixturevalue("template")
    copy = f"DROP DATABASE IF EXISTS {name}_copy WITH (FORCE)", f"CREATE DATABASE {name}_copy TEMPLATE {name}"
    asyncio.run(on_server(copy))
    return server_url(f"{name}_copy")


@pytest.fixture
async def database(url):
    database = Database(url)
    yield database
    await database.close()


@pytest.fixture
def bring(database):
    """``await bring("products", [{…}, …])``."""

    async def run(kind, rows, *, choices=None, **options):
        async def pieces():
            for row in rows:
                yield json.dumps(row).encode() + b"\n"

        work = Import(
            database,
            kind,
            IMPORTERS[kind].importer(**(choices or {})),
            by=By("staff:Femke", "staff", "test"),
            clock=lambda: NOW,
            **options,
        )
        return await work.run(pieces(), Format.JSONL)

    return run


@pytest.fixture
def product(database):
    async def found(reference):
        async with database.read() as session:
            return await products.get_product(session, reference)

    return found


def barcode(number):
    return gtin.complete(f"871{number:09}")


def new(number, **more):
    return {
        "sku": f"N-{number}",
        "gtin": barcode(number),
        "name": f"Harbour Cable {number}",
        "brand": "Harbour",
        "category": "hdmi-cables",
        "price": "9.95",
        **more,
    }


def faults(report):
    return [(fault.row, fault.field, fault.right) for fault in report.faults]


async def test_a_new_product_and_what_it_is_where_its_row_does_not_say(bring, product):
    report = await bring(
        "products", [new(1, attributes={"length_m": 2.0, "hdmi_version": "2.1", "braided": True})]
    )
    assert (report.rows, report.created, report.rejected) == (1, 1, 0)
    made = await product("N-1")
    assert (made.gtin, made.price, made.category.slug) == (f"0{barcode(1)}", Decimal("9.95"), "hdmi-cables")
    assert made.attributes == {"length_m": 2.0, "hdmi_version": "2.1", "braided": True}
    assert (made.vat, made.warranty_months, made.active, made.description) == ("standard", 24, True, "")
    assert (made.created_at, made.updated_at) == (NOW, NOW)


async def test_a_known_product_keeps_what_its_row_leaves_out(bring, product):
    before = await product("HH-10001")
    report = await bring(
        "products", [{"sku": "HH-10001", "price": 13.5}, {"sku": "HH-10002", "price": "9.95"}]
    )
    assert (report.updated, report.unchanged) == (1, 1)
    after = await product("HH-10001")
    assert after.price == Decimal("13.50")
    assert (after.name, after.attributes, after.gtin) == (before.name, before.attributes, before.gtin)


async def test_the_same_rows_twice_change_nothing_the_second_time(bring):
    rows = [new(number, attributes={"length_m": number / 2}) for number in range(1, 20)]
    assert (await bring("products", rows)).created == 19
    again = await bring("products", rows)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 19)


async def test_every_fault_says_what_would_be_right(bring):
    rows = [
        new(1, gtin=barcode(1)[:-1] + "0"),
        new(2, price="12,95"),
        new(3, price=12.345),
        new(4, price=-1),
        new(5, category="hdmi-cable"),
        {"sku": "N-6", "price": 5},
        new(7, gtin="8720000100013"),
        new(8, sku="no sku"),
        new(9, vat="high"),
        new(10, attributes={"Length": 2}),
        new(11, name=" "),
        new(12, warranty_months=2.5),
        new(13, name="a\u0007b"),
        new(14, attributes={"note": "a\nb"}),
    ]
    report = await bring("products", rows)
    assert (report.rows, report.created, report.rejected) == (14, 0, 14)
    told = {(row, field): right for row, field, right in faults(report)}
    assert told[1, "gtin"] == barcode(1)
    assert "12.95" in told[2, "price"]
    assert told[3, "price"] in {"12.34", "12.35"}
    assert "12.95" in told[4, "price"]
    assert told[5, "category"] == "hdmi-cables"
    assert {field for row, field in told if row == 6} == {"gtin", "name", "brand", "category"}
    assert (7, "gtin") in told
    assert {(8, "sku"), (9, "vat"), (10, "attributes"), (11, "name"), (12, "warranty_months")} <= told.keys()
    assert {(13, "name"), (14, "attributes.note")} <= told.keys()
    (taken,) = [fault for fault in report.faults if fault.row == 7]
    assert "8720000100013 is the GTIN of HH-10001" in taken.wrong


async def test_categories_are_made_where_that_is_asked_for(bring, database, product):
    rows = [new(1, category="smart-rings"), new(2, category="smart-rings")]
    assert (await bring("products", rows)).rejected == 2
    assert (await bring("products", rows, choices={"create_categories": True})).created == 2
    assert (await product("N-1")).category.slug == "smart-rings"
    async with database.read() as session:
        (made,) = (await session.scalars(select(Category).where(Category.slug == "smart-rings"))).all()
    assert made.name == "Smart rings"


async def test_two_products_exchange_their_gtins(bring, product):
    rows = [new(1), new(2), {"sku": "N-1", "gtin": barcode(3)}, {"sku": "N-2", "gtin": barcode(1)}]
    rows.append({"sku": "N-1", "gtin": barcode(2)})
    assert (await bring("products", rows[:2])).created == 2
    report = await bring("products", rows[2:])
    assert (report.updated, report.rejected) == (3, 0)
    assert (await product(barcode(1))).sku == "N-2"
    assert (await product(barcode(2))).sku == "N-1"


async def test_a_product_twice_is_what_the_last_row_says(bring, product):
    report = await bring("products", [new(1), new(2), new(1, price="7.50"), {"sku": "N-1", "name": "Cable"}])
    assert (report.created, report.updated) == (2, 2)
    assert ((await product("N-1")).price, (await product("N-1")).name) == (Decimal("7.50"), "Cable")


async def test_what_is_imported_is_found_and_what_is_no_longer_sold_is_not(bring, database):
    async def found(words):
        async with database.read() as session:
            return {hit.product.sku for hit in await search.find(session, words)}

    await bring("products", [new(1, name="Tide Foghorn Deluxe", brand="Tide")])
    assert "N-1" in await found("tide foghorn")
    await bring("products", [{"sku": "N-1", "name": "Tide Bellows"}])
    assert "N-1" in await found("tide bellows")
    await bring("products", [{"sku": "N-1", "active": False}])
    assert "N-1" not in await found("tide bellows")


async def test_stock_by_sku_and_by_gtin(bring, database):
    rows = [
        {"sku": "HH-10003", "shop": "S-01", "on_hand": 4},
        {
            "gtin": "8720000100020",
            "shop": "S-02",
            "on_hand": 0,
            "aisle": "B1",
            "counted_at": "2026-03-09T18:00:00+01:00",
        },
        {"sku": "HH-99999", "shop": "S-01", "on_hand": 1},
        {"sku": "HH-10001", "shop": "S-09", "on_hand": 1},
        {"sku": "HH-10001", "shop": "S-01", "on_hand": -1},
        {"shop": "S-01", "on_hand": 1},
        {"sku": "HH-10001", "gtin": "8720000100020", "shop": "S-01", "on_hand": 1},
        {"sku": "HH-10001", "shop": "S-01", "on_hand": 1, "counted_at": "2026-03-09T18:00:00"},
    ]
    report = await bring("stock", rows)
    assert (report.updated, report.rejected) == (2, 6)
    assert [(fault.row, fault.field) for fault in report.faults] == [
        (3, "sku"),
        (4, "shop"),
        (5, "on_hand"),
        (6, "sku"),
        (7, "gtin"),
        (8, "counted_at"),
    ]
    assert report.faults[1].right.startswith("S-0")
    async with database.read() as session:
        chosen = select(Stock).join(Product).where(Product.sku.in_(["HH-10003", "HH-10002"]))
        stored = {
            (row.product_id, row.on_hand, row.aisle, row.counted_at) for row in await session.scalars(chosen)
        }
    assert {(on_hand, counted) for _, on_hand, _, counted in stored} >= {
        (4, NOW),
        (0, datetime(2026, 3, 9, 17, 0, tzinfo=UTC)),
    }
    assert "B1" in {aisle for _, _, aisle, _ in stored}


async def test_stock_of_what_a_shop_did_not_carry_needs_a_place(bring):
    await bring("products", [new(1)])
    bare = await bring("stock", [{"sku": "N-1", "shop": "S-01", "on_hand": 3}])
    assert [(fault.field) for fault in bare.faults] == ["aisle", "shelf"]
    placed = await bring("stock", [{"sku": "N-1", "shop": "S-01", "on_hand": 3, "aisle": "A3", "shelf": "2"}])
    assert placed.created == 1


async def test_the_screens_know_from_when_the_data_are(bring, database):
    await bring("products", [new(1)])
    await bring("stock", [{"sku": "HH-10001", "shop": "S-01", "on_hand": 3}])
    async with database.read() as session:
        assert await shops.freshness(session) == {"products": NOW, "stock": NOW}
    await_nothing = await bring("products", [{"sku": "?"}])
    assert await_nothing.accepted == 0
    async with database.read() as session:
        audited = (await session.scalars(select(AuditRecord.action))).all()
    assert audited == ["import_products", "import_stock"]


@pytest.mark.parametrize("all_or_nothing", [False, True], ids=["batches", "all or nothing"])
async def test_several_batches_and_the_index_is_complete_afterwards(bring, database, all_or_nothing):
    rows = [new(number) for number in range(1, 2 * BATCH + 10)]
    report = await bring("products", rows, all_or_nothing=all_or_nothing)
    assert report.created == len(rows)
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(UnindexedProduct)) == 0
        (hit, *_) = await search.find(session, "harbour cable 1003")
        assert hit.product.sku == "N-1003"


async def test_all_or_nothing_takes_back_what_a_later_row_spoils(bring, database):
    rows = [*(new(number) for number in range(1, BATCH + 10)), new(0, gtin="8720000100013")]
    with pytest.raises(ImportRefused):
        await bring("products", rows, all_or_nothing=True)
    async with database.read() as session:
        assert await session.scalar(select(func.count()).where(Product.sku.like("N-%"))) == 0
        assert await session.scalar(select(func.count()).select_from(UnindexedProduct)) == 0


async def test_what_an_import_that_died_left_for_later_is_done_by_the_next(bring, database, product):
    changed = await product("HH-10001")
    async with database.write() as session:
        session.add(UnindexedProduct(product_id=changed.id))
        stored = await session.get(Product, changed.id)
        stored.name = "Harbour Quicksilver"
    await bring("products", [new(1)])
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(UnindexedProduct)) == 0
        (hit, *_) = await search.find(session, "quicksilver")
    assert hit.product.sku == "HH-10001"


async def test_a_kiosk_goes_on_writing_during_an_import(bring, url):
    kiosk = Database(url)
    importing = asyncio.create_task(bring("products", [new(number) for number in range(1, 6 * BATCH)]))
    waits = []
    try:
        while not importing.done():
            began = perf_counter()
            async with kiosk.write() as session:
                await outbox.enqueue(session, topic="t", recipient="r", payload={})
            waits.append(perf_counter() - began)
            await asyncio.sleep(0)
    finally:
        await kiosk.close()
    assert (await importing).created == 6 * BATCH - 1
    # Far more often than an import in one piece would let it.
    assert len(waits) > 6


async def test_a_long_file_takes_no_more_memory_than_a_short_one(bring):
    async def peak(rows):
        tracemalloc.start()
        try:
            await bring("products", ({"sku": f"U-{number}", "price": "x" * 200} for number in range(rows)))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    await peak(BATCH)
    short = await peak(4 * BATCH)
    assert await peak(16 * BATCH) < short + 500_000


def test_the_columns_of_a_csv(tmp_path):
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";")
    writer.writerow(["sku", "price", "attributes.length_m", "attributes.plug", "attributes"])
    rows = IMPORTERS["products"].importer().rows
    with pytest.raises(Unreadable, match="both attributes and"):
        list(rows.reader(Format.CSV).feed(written.getvalue().encode()))
    reader = rows.reader(Format.CSV)
    table = 'sku;price;attributes\nN-1;12.95;"{""length_m"": 2}"\nN-2;12,95;\n'
    first, second = (rows.read(record) for record in reader.feed(table.encode()))
    assert first.row.attributes == {"length_m": 2}
    assert [(fault.row, fault.field) for fault in second] == [(3, "price")]
