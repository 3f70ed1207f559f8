import asyncio
import shutil

import pytest
from balie.db import Database, migrate


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("migrated") / "migrated.db"
    asyncio.run(migrate.upgrade(f"sqlite:///{file}"))
    return file


@pytest.fixture
async def database(tmp_path, migrated_file):
    shutil.copy(migrated_file, tmp_path / "desk.db")
    db = Database(path=tmp_path / "desk.db")
    yield db
    await db.close()
