"""Databases for the tests of the domain: with the sample data, or with only what buying something needs."""

import asyncio
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import balie_customer_service
import pytest
from balie.db import Database, migrate
from balie_customer_service.models import Base
from balie_customer_service.sample_data import seed
from balie_customer_service.sample_data.people import add_customers
from balie_customer_service.sample_data.purchases import add_products
from balie_customer_service.sample_data.rows import Rows
from sqlalchemy import text

TODAY = date(2026, 3, 10)
POSTGRES = os.environ.get("BALIE_TEST_POSTGRES_URL")
KINDS = ["sqlite", *(["postgresql"] if POSTGRES else [])]
HISTORY = migrate.VerticalMigrations(
    "customer-service", Path(balie_customer_service.__file__).parent / "migrations", Base.metadata
)


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="session")
def history():
    return HISTORY


@pytest.fixture(scope="session")
def today():
    return TODAY


@pytest.fixture(scope="session")
def now():
    return datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


async def _made(url, fill):
    database = Database(url)
    await migrate.upgrade(database, HISTORY)
    async with database.write() as session:
        await fill(session)
    await database.close()


async def _fill_shop(session):
    rows = Rows(TODAY)
    add_products(rows)
    add_customers(rows)
    await rows.insert(session)
    await session.execute(text("UPDATE counters SET value = 1225 WHERE name = 'customer'"))


async def _emptied(url):
    database = Database(url)
    async with database.write() as session:
        await session.execute(text("DROP SCHEMA public CASCADE"))
        await session.execute(text("CREATE SCHEMA public"))
    await database.close()


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory):
    """The whole sample data; only copied from."""
    file = tmp_path_factory.mktemp("seeded") / "seeded.db"
    asyncio.run(_made(f"sqlite:///{file}", lambda session: seed(session, TODAY)))
    return file


@pytest.fixture(scope="session")
def shop_file(tmp_path_factory):
    """Products and customers, and nothing bought yet; only copied from."""
    file = tmp_path_factory.mktemp("shop") / "shop.db"
    asyncio.run(_made(f"sqlite:///{file}", _fill_shop))
    return file


@pytest.fixture
async def database(tmp_path, seeded_file):
    """The sample data, this test's own."""
    shutil.copy(seeded_file, tmp_path / "desk.db")
    database = Database(path=tmp_path / "desk.db")
    yield database
    await database.close()


@pytest.fixture
async def session(database):
    """One transaction over the sample data, thrown away afterwards."""
    async with database.read() as session:
        yield session


@pytest.fixture(params=KINDS)
def shop_url(request, tmp_path, shop_file):
    """The URL of a shop where nothing has been bought: for what happens at the same moment."""
    if request.param == "sqlite":
        shutil.copy(shop_file, tmp_path / "shop.db")
        return f"sqlite:///{tmp_path}/shop.db"
    asyncio.run(_emptied(POSTGRES))
    asyncio.run(_made(POSTGRES, _fill_shop))
    return POSTGRES


@pytest.fixture
async def shop(shop_url):
    database = Database(shop_url)
    yield database
    await database.close()


@pytest.fixture
async def shops(shop_url):
    """Four doors to the same shop, so that SQLite's own lock decides and not one process's queue."""
    databases = [Database(shop_url) for _ in range(4)]
    yield databases
    for database in databases:
        await database.close()
