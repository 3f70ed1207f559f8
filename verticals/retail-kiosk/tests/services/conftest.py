"""The shops of the sample data, on SQLite, and on PostgreSQL too where BALIE_TEST_POSTGRES_URL names one."""

import asyncio
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import balie_retail_kiosk
import pytest
from balie.db import Database, migrate
from balie_retail_kiosk.models import Base
from balie_retail_kiosk.sample_data import seed
from balie_retail_kiosk.services import shops
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

TODAY = date(2026, 3, 10)  # a Tuesday
POSTGRES = os.environ.get("BALIE_TEST_POSTGRES_URL")
KINDS = ["sqlite", *(["postgresql"] if POSTGRES else [])]
HISTORY = migrate.VerticalMigrations(
    "retail-kiosk", Path(balie_retail_kiosk.__file__).parent / "migrations", Base.metadata
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
    return datetime(2026, 3, 10, 8, 0, tzinfo=UTC)  # nine o'clock in Rotterdam, when it opens


async def _made(url):
    database = Database(url)
    await migrate.upgrade(database, HISTORY)
    async with database.write() as session:
        await seed(session, TODAY)
    await database.close()


async def _new_database(purpose):
    server = make_url(POSTGRES).set(drivername="postgresql+asyncpg")
    name = f"balie_kiosk_{purpose}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory):
    """The whole sample data; only copied from."""
    file = tmp_path_factory.mktemp("seeded") / "seeded.db"
    asyncio.run(_made(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def seeded_server():
    """The whole sample data on the server; changes are thrown away."""
    url = asyncio.run(_new_database("seeded"))
    asyncio.run(_made(url))
    return url


@pytest.fixture(params=KINDS)
def seeded_url(request, tmp_path):
    """The URL of the sample data, on each kind of database; what is kept is kept on SQLite only."""
    if request.param == "postgresql":
        return request.getfixturevalue("seeded_server")
    shutil.copy(request.getfixturevalue("seeded_file"), tmp_path / "shop.db")
    return f"sqlite:///{tmp_path}/shop.db"


@pytest.fixture
async def database(seeded_url):
    """The sample data, on each kind of database."""
    database = Database(seeded_url)
    yield database
    await database.close()


@pytest.fixture
async def session(database):
    """One transaction over the sample data, thrown away afterwards."""
    async with database.read() as session:
        yield session


@pytest.fixture
async def rotterdam(session):
    """The shop in which the kiosk of the sample data stands."""
    return await shops.this_shop(session, "S-01")
