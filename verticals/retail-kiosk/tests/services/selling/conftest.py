"""A shop small enough to know by heart: for what is sold in it, and what is promised of it."""

import asyncio
import os
import shutil
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import balie_retail_kiosk
import pytest
from balie.db import Database, migrate
from balie_retail_kiosk.models import (
    Base,
    Category,
    Member,
    OpeningHours,
    Product,
    Promotion,
    PromotionKind,
    PromotionPart,
    Shop,
    SpecialDay,
    Stock,
    Vat,
)
from sqlalchemy import select

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
def now():
    return datetime(2026, 3, 10, 8, 0, tzinfo=UTC)  # nine o'clock in Rotterdam, when it opens


@pytest.fixture(scope="session")
def zone():
    return ZoneInfo("Europe/Amsterdam")


async def _fill(session):
    """Two shops, four products: cables and beans on promotion, a television of which there is one."""
    kinds = {
        slug: Category(slug=slug, name=slug, name_nl=slug, department="all", synonyms=[])
        for slug in ("cables", "televisions", "coffee")
    }
    shops = [
        Shop(
            number=f"S-0{number}",
            name=city,
            street="Kade 1",
            postcode="3011 AA",
            city=city,
            phone="+31100000042",
        )
        for number, city in enumerate(("Rotterdam", "Utrecht"), start=1)
    ]
    session.add_all([*kinds.values(), *shops])
    await session.flush()
    sold = [
        ("T-1", "Cable", "cables", "12.95", Vat.STANDARD, True, 8),
        ("T-2", "Television", "televisions", "479.00", Vat.STANDARD, True, 1),
        ("T-3", "Beans", "coffee", "14.95", Vat.REDUCED, True, 40),
        ("T-4", "Old cable", "cables", "5.00", Vat.STANDARD, False, 3),
    ]
    for index, (sku, name, kind, price, vat, active, on_hand) in enumerate(sold):
        product = Product(
            sku=sku, gtin=f"{index:014}", name=name, brand="Harbour", category_id=kinds[kind].id, description="",
            price=Decimal(price), vat=vat, attributes={}, warranty_months=24, active=active,
        )  # fmt: skip
        session.add(product)
        await session.flush()
        counted = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)
        session.add_all(
            Stock(
                shop_id=shop.id,
                product_id=product.id,
                on_hand=count,
                aisle="A1",
                shelf="2",
                counted_at=counted,
            )
            for shop, count in zip(shops, (on_hand, 2), strict=True)
        )
        if sku == "T-2":
            television = product
    tenth = Promotion(
        code="P-1", name="Cable week", name_nl="Kabelweek", kind=PromotionKind.PERCENTAGE, percent=10,
        members_only=False, starts_on=TODAY, ends_on=TODAY + timedelta(days=1),
        parts=[PromotionPart(position=1, category_id=kinds["cables"].id)],
    )  # fmt: skip
    card = Promotion(
        code="P-2", name="Members' beans", name_nl="Bonen", kind=PromotionKind.MULTI_BUY, buy=3, pay=2,
        members_only=True, starts_on=TODAY, ends_on=TODAY,
        parts=[PromotionPart(position=1, category_id=kinds["coffee"].id)],
    )  # fmt: skip
    tomorrow = Promotion(
        code="P-3", name="Cheap television", name_nl="Tv", kind=PromotionKind.AMOUNT_OFF, amount=Decimal(50),
        members_only=False, starts_on=TODAY + timedelta(days=1), ends_on=TODAY + timedelta(days=9),
        parts=[PromotionPart(position=1, product_id=television.id)],
    )  # fmt: skip
    session.add_all([tenth, card, tomorrow])
    session.add_all(
        [Member(card="2900000000018", until=TODAY), Member(card="2900000000025", until=TODAY - timedelta(1))]
    )
    # Monday to Saturday from nine to six, and not on the Thursday of this week.
    session.add_all(
        OpeningHours(shop_id=shops[0].id, weekday=weekday, opens=time(9), closes=time(18))
        for weekday in range(6)
    )
    session.add(
        SpecialDay(shop_id=shops[0].id, day=date(2026, 3, 12), opens=None, closes=None, why="stocktaking")
    )


async def _made(url):
    database = Database(url)
    await migrate.upgrade(database, HISTORY)
    async with database.write() as session:
        await _fill(session)
    await database.close()


async def _empty_on_server():
    """A new database on the server; each test worker has its own, for they run side by side."""
    from sqlalchemy import make_url, text
    from sqlalchemy.ext.asyncio import create_async_engine

    server = make_url(POSTGRES).set(drivername="postgresql+asyncpg")
    name = f"balie_selling_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def small_shop(tmp_path_factory):
    """The file of the small shop; only copied from."""
    file = tmp_path_factory.mktemp("small") / "shop.db"
    asyncio.run(_made(f"sqlite:///{file}"))
    return file


@pytest.fixture(params=KINDS)
def url(request, tmp_path, small_shop):
    """The URL of a small shop, this test's own."""
    if request.param == "sqlite":
        shutil.copy(small_shop, tmp_path / "shop.db")
        return f"sqlite:///{tmp_path}/shop.db"
    made = asyncio.run(_empty_on_server())
    asyncio.run(_made(made))
    return made


@pytest.fixture
async def database(url):
    database = Database(url)
    yield database
    await database.close()


@pytest.fixture
async def doors(url):
    """Four doors to the same shop, so that the database's own lock decides and not one process's queue."""
    databases = [Database(url) for _ in range(4)]
    yield databases
    for database in databases:
        await database.close()


@pytest.fixture
async def session(database):
    """One transaction, for one test."""
    async with database.write() as session:
        yield session


@pytest.fixture
async def rotterdam(session):
    return await session.scalar(select(Shop).where(Shop.number == "S-01"))
