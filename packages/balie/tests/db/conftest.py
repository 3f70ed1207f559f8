"""Every test of the data runs on SQLite, and on PostgreSQL too where BALIE_TEST_POSTGRES_URL names one."""

import asyncio
import os
import shutil

import pytest
from balie.db import Database, migrate

POSTGRES = os.environ.get("BALIE_TEST_POSTGRES_URL")
KINDS = ["sqlite", *(["postgresql"] if POSTGRES else [])]


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("BALIE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("BALIE_SECRET_KEY", raising=False)
    return tmp_path / "data"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("migrated") / "migrated.db"
    asyncio.run(migrate.upgrade(f"sqlite:///{file}"))
    return file


@pytest.fixture(params=KINDS)
def empty_url(request, tmp_path):
    """The URL of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    return asyncio.run(_emptied_of_this_worker())


@pytest.fixture(params=KINDS)
def url(request, tmp_path, migrated_file):
    """The URL of a database with the runtime's tables, empty."""
    if request.param == "sqlite":
        shutil.copy(migrated_file, tmp_path / "desk.db")
        return f"sqlite:///{tmp_path}/desk.db"
    url = asyncio.run(_emptied_of_this_worker())
    asyncio.run(migrate.upgrade(url))
    return url


@pytest.fixture
async def database(url):
    db = Database(url)
    yield db
    await db.close()


@pytest.fixture
async def file_database(tmp_path, migrated_file):
    shutil.copy(migrated_file, tmp_path / "file.db")
    db = Database(path=tmp_path / "file.db")
    yield db
    await db.close()


async def _emptied_of_this_worker():
    """A new database on the server; each test worker has its own, for they run side by side."""
    from sqlalchemy import make_url, text
    from sqlalchemy.ext.asyncio import create_async_engine

    server = make_url(POSTGRES).set(drivername="postgresql+asyncpg")
    name = f"balie_test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
