"""A small shop to search in, on SQLite, and on PostgreSQL too where BALIE_TEST_POSTGRES_URL names one."""

import asyncio
import os
import shutil
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import balie_retail_kiosk
import pytest
from balie.db import Database, migrate, new_id
from balie_retail_kiosk import search
from balie_retail_kiosk.models import Base, Category, Product, Shop, Stock, Vat
from sqlalchemy import make_url, select, text
from sqlalchemy.ext.asyncio import create_async_engine

POSTGRES = os.environ.get("BALIE_TEST_POSTGRES_URL")
KINDS = ["sqlite", *(["postgresql"] if POSTGRES else [])]
HISTORY = migrate.VerticalMigrations(
    "retail-kiosk", Path(balie_retail_kiosk.__file__).parent / "migrations", Base.metadata
)
NOW = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)

CATEGORIES = {
    "televisions": ("Televisions", ["telly", "flat screen", "smart tv"]),
    "tv-brackets": ("TV brackets", ["wall bracket", "tv mount", "tv stand"]),
    "hdmi-cables": ("HDMI cables", ["hdmi lead", "tv cable"]),
    "usb-cables": ("USB cables", ["charging cable"]),
    "robot-vacuums": ("Robot vacuums", ["robot hoover"]),
    "vacuum-cleaners": ("Vacuum cleaners", ["hoover", "stick vacuum"]),
    "vacuum-bags": ("Vacuum cleaner bags", ["dust bags"]),
    "coffee-machines": ("Coffee machines", ["espresso machine", "coffee maker"]),
    "coffee-and-tea": ("Coffee and tea", ["coffee beans", "ground coffee"]),
    "coffee-accessories": ("Coffee accessories", ["coffee filters", "descaler"]),
    "kettles": ("Kettles", ["water boiler"]),
    "toasters": ("Toasters", []),
    "light-bulbs": ("Light bulbs", ["led bulb", "lamp"]),
    "chargers": ("Chargers", ["phone charger", "usb charger"]),
    "batteries": ("Batteries", []),
    "soundbars": ("Soundbars", ["tv speaker"]),
    "memory-cards": ("Memory cards", ["sd card"]),
    "headphones": ("Headphones", ["headset"]),
}
# SKU, name, brand, category, price, attributes
PRODUCTS = [
    ("HH-10001", "Harbour HDMI Cable 2 m", "Harbour", "hdmi-cables", "12.95", {"length_m": 2.0, "hdmi_version": "2.1"}),
    ("HH-10002", "Harbour HDMI Cable 1 m", "Harbour", "hdmi-cables", "9.95", {"length_m": 1.0}),
    ("HH-10003", "Harbour HDMI Cable 5 m", "Harbour", "hdmi-cables", "19.95", {"length_m": 5.0}),
    ("HH-10004", "Kestrel HDMI Cable 2 m Braided", "Kestrel", "hdmi-cables", "17.95", {"length_m": 2.0, "braided": True}),
    ("HH-10010", "Harbour USB-C Cable 2 m", "Harbour", "usb-cables", "11.95", {"length_m": 2, "colour": "Black"}),
    ("HH-20001", "Meridian 55 inch 4K TV M55", "Meridian", "televisions", "479.00", {"screen_inch": 55, "resolution": "4K", "panel": "LED", "width_cm": 123}),
    ("HH-20002", "Shore 55 inch QLED TV Q55", "Shore", "televisions", "599.00", {"screen_inch": 55, "panel": "QLED"}),
    ("HH-20003", "Meridian 55 inch OLED TV O55", "Meridian", "televisions", "1099.00", {"screen_inch": 55, "panel": "OLED"}),
    ("HH-20004", "Meridian 50 inch 4K TV M50", "Meridian", "televisions", "399.00", {"screen_inch": 50}),
    ("HH-20005", "Shore 65 inch QLED TV Q65", "Shore", "televisions", "899.00", {"screen_inch": 65, "width_cm": 140}),
    ("HH-20006", "Meridian 43 inch 4K TV M43", "Meridian", "televisions", "329.00", {"screen_inch": 43}),
    ("HH-20050", "Brink Fixed TV Bracket 110, 32 to 55 inch", "Brink", "tv-brackets", "18.95", {"min_inch": 32, "max_inch": 55}),
    ("HH-20101", "Shore Soundbar S2", "Shore", "soundbars", "149.00", {"power_w": 120, "width_cm": 80}),
    ("HH-30001", "Tide R3 Robot Vacuum", "Tide", "robot-vacuums", "249.00", {"battery_min": 110}),
    ("HH-30002", "Tide R5 Robot Vacuum with Mop", "Tide", "robot-vacuums", "379.00", {}),
    ("HH-30003", "Dune Robot Vacuum D2", "Dune", "robot-vacuums", "229.00", {}),
    ("HH-31001", "Tide Stick Vacuum Cleaner V8", "Tide", "vacuum-cleaners", "299.00", {"cordless": True}),
    ("HH-31500", "Tide Vacuum Cleaner Bags, 4 pieces", "Tide", "vacuum-bags", "9.95", {"pieces": 4}),
    ("HH-40001", "Dune Drip Coffee Maker", "Dune", "coffee-machines", "119.00", {"volume_l": 1.2}),
    ("HH-40002", "Dune Espresso Machine Uno", "Dune", "coffee-machines", "189.00", {"pressure_bar": 15}),
    ("HH-40003", "Dune Coffee Beans Dark Roast 1 kg", "Dune", "coffee-and-tea", "14.95", {"weight_g": 1000}),
    ("HH-40004", "Dune Paper Filters, 200 pieces", "Dune", "coffee-accessories", "7.95", {"pieces": 200}),
    ("HH-50001", "Kestrel Kettle 1.7 l", "Kestrel", "kettles", "34.95", {"volume_l": 1.7, "power_w": 2200, "colour": "Grey"}),
    ("HH-50003", "Dune Glass Kettle 1 l", "Dune", "kettles", "44.95", {"volume_l": 1.0, "power_w": 1800}),
    ("HH-50010", "Kestrel Two Slice Toaster", "Kestrel", "toasters", "29.95", {"power_w": 900, "colour": "Black"}),
    ("HH-50002", "Lumen LED Bulb E27 8 W", "Lumen", "light-bulbs", "4.95", {"power_w": 8, "fitting": "E27", "light_lm": 806}),
    ("HH-50020", "Lumen LED Bulb E14 5 W, 4 pieces", "Lumen", "light-bulbs", "9.95", {"power_w": 5, "fitting": "E14", "pieces": 4}),
    ("HH-60001", "Harbour USB-C Charger 65 W", "Harbour", "chargers", "39.95", {"power_w": 65}),
    ("HH-60005", "Harbour USB-C Charger 20 W", "Harbour", "chargers", "19.95", {"power_w": 20}),
    ("HH-60002", "Harbour AA Batteries, 8 pieces", "Harbour", "batteries", "7.95", {"pieces": 8}),
    ("HH-60003", "Harbour AAA Batteries, 8 pieces", "Harbour", "batteries", "7.95", {"pieces": 8}),
    ("HH-70001", "Kestrel Memory Card 128 GB", "Kestrel", "memory-cards", "24.95", {"storage_gb": 128}),
    ("HH-70002", "Kestrel Memory Card 1 TB", "Kestrel", "memory-cards", "99.95", {"storage_tb": 1}),
    ("HH-80001", "Shore Wireless Headphones W1", "Shore", "headphones", "79.00", {"bluetooth": True}),
]  # fmt: skip


async def fill(database):
    """The shop's rows and the index."""
    async with database.write() as session:
        categories = {
            slug: Category(slug=slug, name=name, name_nl=name, department="All", synonyms=others)
            for slug, (name, others) in CATEGORIES.items()
        }
        shop = Shop(number="S-01", name="Rotterdam", street="Kade 1", postcode="3011 AA", city="Rotterdam", phone="")
        session.add_all([*categories.values(), shop])
        await session.flush()
        for number, (sku, name, brand, category, price, attributes) in enumerate(PRODUCTS):
            product = made(sku, name, brand, categories[category].id, price, attributes, number)
            session.add(product)
            session.add(
                Stock(shop_id=shop.id, product_id=product.id, on_hand=number % 3, aisle="A1", shelf="1", counted_at=NOW)
            )
        await session.flush()
        await search.refresh(session)


def made(sku, name, brand, category_id, price, attributes, number):
    """A product with the rest filled in."""
    return Product(
        id=new_id(), sku=sku, gtin=f"{number + 1:014d}", name=name, brand=brand, category_id=category_id,
        description="", price=Decimal(price), vat=Vat.STANDARD, attributes=attributes, warranty_months=24,
    )  # fmt: skip


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="session")
def make_product():
    return made


@pytest.fixture(scope="session")
def shop_file(tmp_path_factory):
    """The shop in a file; only copied from."""
    file = tmp_path_factory.mktemp("search") / "shop.db"
    asyncio.run(_made(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def shop_server():
    """The shop on the PostgreSQL server, in a database of this worker's own; only read."""
    url = asyncio.run(_empty_database("read"))
    asyncio.run(_made(url))
    return url


@pytest.fixture(scope="session", params=KINDS)
def read_url(request):
    """The URL of the shop, for reading; on each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('shop_file')}"
    return request.getfixturevalue("shop_server")


@pytest.fixture
async def shop(read_url):
    """A session over the shop, on each kind of database."""
    database = Database(read_url)
    async with database.read() as session:
        yield session
    await database.close()


@pytest.fixture(params=KINDS)
async def own_shop(request, tmp_path, shop_file):
    """A shop that the test may change, on each kind of database."""
    if request.param == "sqlite":
        shutil.copy(shop_file, tmp_path / "shop.db")
        database = Database(path=tmp_path / "shop.db")
    else:
        url = await _empty_database("write")
        database = Database(url)
        await migrate.upgrade(database, HISTORY)
        await fill(database)
    yield database
    await database.close()


@pytest.fixture
async def both(shop_file, request):
    """A session on each kind of database."""
    urls = [f"sqlite:///{shop_file}"]
    if POSTGRES:
        urls.append(request.getfixturevalue("shop_server"))
    databases = [Database(url) for url in urls]
    yield databases
    for database in databases:
        await database.close()


@pytest.fixture(scope="session")
def words(shop_file):
    """The shop's vocabulary."""
    return asyncio.run(_vocabulary(f"sqlite:///{shop_file}"))


@pytest.fixture(scope="session")
def history():
    return HISTORY


async def _vocabulary(url):
    database = Database(url)
    async with database.read() as session:
        loaded = await search.vocabulary(session)
    await database.close()
    return loaded


async def _made(url):
    database = Database(url)
    await migrate.upgrade(database, HISTORY)
    await fill(database)
    async with database.read() as session:
        assert (await session.scalars(select(Product.id))).all()
    await database.close()


async def _empty_database(purpose):
    server = make_url(POSTGRES).set(drivername="postgresql+asyncpg")
    name = f"balie_search_{purpose}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
