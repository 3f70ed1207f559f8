from datetime import UTC, datetime

import pytest
from balie.db import Database
from balie.importing import By, Import
from balie.vertical import prepare
from balie_testing import NOW
from balie_testing.library.importing import BookImporter
from balie_testing.library.vertical import VERTICAL

BY = By("test", "admin", "test")


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def database(tmp_path):
    database = Database(path=tmp_path / "library.db")
    await prepare(VERTICAL, database, today=NOW.date())
    yield database
    await database.close()


@pytest.fixture
def bring(database):
    """``await bring(text, Format.CSV)``: an import of books, in pieces of 7 bytes."""

    async def run(content, format_, *, importer=None, **options):
        data = content if isinstance(content, bytes) else content.encode()

        async def pieces():
            for place in range(0, len(data), 7):
                yield data[place : place + 7]

        work = Import(
            database,
            "books",
            importer or BookImporter(),
            by=BY,
            clock=lambda: datetime(2026, 3, 10, 8, tzinfo=UTC),
            **options,
        )
        return await work.run(pieces(), format_)

    return run
