"""A small shop to search in, on SQLite, and on PostgreSQL too where BALIE_TEST_POSTGRES_URL names one."""

import asyncio
import os
import shutil
import tomllib
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

SHOP = tomllib.loads(Path(__file__).with_name("shop.toml").read_text(encoding="utf-8"))


async def fill(database):
    """The shop's rows and the index."""
    async with database.write() as session:
        categories = {
            slug: Category(slug=slug, name_nl="", department="All", **words)
            for slug, words in SHOP["categories"].items()
        }
        shop = Shop(
            number="S-01", name="Rotterdam", street="Kade 1", postcode="3011 AA", city="Rotterdam", phone=""
        )
        session.add_all([*categories.values(), shop])
        await session.flush()
        for number, facts in enumerate(SHOP["products"]):
            product = made(number=number, **(facts | {"category": categories[facts["category"]].id}))
            session.add(product)
            session.add(
                Stock(
                    shop_id=shop.id,
                    product_id=product.id,
                    on_hand=number % 3,
                    aisle="A1",
                    shelf="1",
                    counted_at=NOW,
                )
            )
        await session.flush()
        await search.refresh(session)


def made(*, category, number, price, **facts):
    """A product with the rest filled in; ``category`` is its id."""
    return Product(
        id=new_id(),
        gtin=f"{number + 1:014d}",
        category_id=category,
        description="",
        price=Decimal(price),
        vat=Vat.STANDARD,
        warranty_months=24,
        **facts,
    )


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
