"""The sample shop: what is in it is found by what it is called, and the anchors by what people say."""

import asyncio
from datetime import date

import pytest
from balie.db import Database, migrate
from balie_retail_kiosk import search
from balie_retail_kiosk.models import Category, Product
from balie_retail_kiosk.sample_data import seed
from sqlalchemy import select

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def seeded(tmp_path_factory, history):
    file = tmp_path_factory.mktemp("seeded") / "shop.db"

    async def fill():
        database = Database(path=file)
        await migrate.upgrade(database, history)
        async with database.write() as session:
            await seed(session, date(2026, 3, 10))
        await database.close()

    asyncio.run(fill())
    return file


@pytest.fixture
async def session(seeded):
    database = Database(path=seeded)
    async with database.read() as session:
        yield session
    await database.close()


async def test_every_third_product_by_its_name(session):
    words = await search.vocabulary(session)
    wrong = []
    for product in (await session.scalars(select(Product).order_by(Product.sku))).all()[::3]:
        wants = search.read(product.name, words)
        if [(want.quantity, want.unknown, want.price_max) for want in wants] != [(None, (), None)]:
            wrong.append(product.name)
            continue
        hits = await search.find(session, wants[0], limit=5)
        if product.name not in {hit.product.name for hit in hits}:
            wrong.append(product.name)
    assert wrong == []


async def test_every_category_by_its_name_and_synonyms(session):
    for category in (await session.scalars(select(Category))).all():
        for name in (category.name, *category.synonyms):
            hits = await search.find(session, name, limit=100)
            assert {hit.product.category.slug for hit in hits} == {category.slug}, name


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("the cheapest 55 inch TV under 600", "HH-20001"),
        ("cheapest tv of 140 cm", "HH-20001"),
        ("the cheapest HDMI cable of 2 m from Harbour", "HH-10001"),
        ("cheapest hdmi cable", "HH-10002"),
        ("Shore Q55", "HH-20002"),
        ("Tide R3 robot vacuum", "HH-30001"),
        ("Dune drip coffee maker", "HH-40001"),
        ("dune uno espresso", "HH-40002"),
        ("Kestrel kettle 1.7 l", "HH-50001"),
        ("Lumen E27 bulb of 8 W", "HH-50002"),
        ("harbour usb-c charger 65w", "HH-60001"),
        ("harbour aa batteries, 8 pieces", "HH-60002"),
    ],
)
async def test_anchors(session, text, first):
    hits = await search.find(session, text)
    assert hits[0].product.sku == first
    assert hits[0].missed == ()
