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
    asyncio.run(_emptied(POSTGRES))
    return POSTGRES


@pytest.fixture(params=KINDS)
def url(request, tmp_path, migrated_file):
    """The URL of a database with the runtime's tables, empty."""
    if request.param == "sqlite":
        shutil.copy(migrated_file, tmp_path / "desk.db")
        return f"sqlite:///{tmp_path}/desk.db"
    asyncio.run(_emptied(POSTGRES))
    asyncio.run(migrate.upgrade(POSTGRES))
    return POSTGRES


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


async def _emptied(url):
    from sqlalchemy import text

    db = Database(url)
    async with db.write() as session:
        await session.execute(text("DROP SCHEMA public CASCADE"))
        await session.execute(text("CREATE SCHEMA public"))
    await db.close()
