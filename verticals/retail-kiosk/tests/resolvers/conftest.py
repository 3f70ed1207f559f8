"""The sample shop, and what a resolver is given to read in it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime
from pathlib import Path

import balie_retail_kiosk
import pytest
from balie.agent.policy import Caller
from balie.agent.resolution import ResolveContext
from balie.db import Database, migrate
from balie_retail_kiosk.models import Base
from balie_retail_kiosk.sample_data import seed
from balie_retail_kiosk.services.shops import TIMEZONE
from sqlalchemy.ext.asyncio import AsyncSession

HISTORY = migrate.VerticalMigrations(
    "retail-kiosk", Path(balie_retail_kiosk.__file__).parent / "migrations", Base.metadata
)

Say = Callable[..., ResolveContext]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def sample_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop in a file; only read."""
    file = tmp_path_factory.mktemp("resolvers") / "shop.db"

    async def fill() -> None:
        database = Database(path=file)
        await migrate.upgrade(database, HISTORY)
        async with database.write() as session:
            await seed(session, date(2026, 3, 10))
        await database.close()

    asyncio.run(fill())
    return file


@pytest.fixture
async def session(sample_shop: Path) -> AsyncIterator[AsyncSession]:
    database = Database(path=sample_shop)
    async with database.read() as session:
        yield session
    await database.close()


@pytest.fixture
def say(session: AsyncSession) -> Say:
    """What is said, as a resolver is given it."""

    def said(text: str, tool: str = "make_quote", *, last: str = "", **focus: object) -> ResolveContext:
        return ResolveContext(
            text=text,
            offset=0,
            tool=tool,
            session=session,
            caller=Caller(),
            now=datetime(2026, 3, 10, 9, tzinfo=TIMEZONE),
            timezone=TIMEZONE,
            language="en",
            focus=focus,
            arguments={},
            site="S-01",
            last=last,
        )

    return said
