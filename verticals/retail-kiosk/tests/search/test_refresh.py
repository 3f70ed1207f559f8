"""The index follows the products, all at once or some at a time."""

import uuid
from decimal import Decimal

import pytest
from balie.db import migrate
from balie_retail_kiosk import search
from balie_retail_kiosk.models import Category, Product
from balie_retail_kiosk.models.search import SearchDocument, SearchMeasure, SearchState, SearchTerm
from sqlalchemy import delete, func, select, text, update

pytestmark = pytest.mark.anyio


async def skus(session, wanted):
    return [hit.product.sku for hit in await search.find(session, wanted)]


async def category(session, slug):
    return await session.scalar(select(Category.id).where(Category.slug == slug))


async def everything(session):
    """What is indexed, whichever way it came about."""
    documents = await session.execute(
        select(
            SearchDocument.product_id,
            SearchDocument.sku,
            SearchDocument.price,
            SearchDocument.terms,
            SearchDocument.name_terms,
            SearchDocument.category_id,
        ).order_by(SearchDocument.sku)
    )
    measures = await session.execute(
        select(SearchDocument.sku, SearchMeasure.kind, SearchMeasure.low, SearchMeasure.high)
        .join(SearchMeasure, SearchMeasure.document_id == SearchDocument.id)
        .order_by(SearchDocument.sku, SearchMeasure.kind, SearchMeasure.low, SearchMeasure.high)
    )
    terms = await session.execute(select(SearchTerm.term, SearchTerm.uses).order_by(SearchTerm.term))
    return documents.all(), measures.all(), sorted(tuple(row) for row in terms)


async def test_new_product_is_found(own_shop, make_product):
    async with own_shop.write() as session:
        product = make_product(
            sku="HH-90001",
            name="Zephyr Desk Fan 30 cm",
            brand="Zephyr",
            category=await category(session, "kettles"),
            price="39.95",
            attributes={"power_w": 40},
            number=900,
        )
        session.add(product)
        assert await skus(session, "zephyr fan") == []
        await search.refresh(session, [product.id])
        assert await skus(session, "zephyr fan") == ["HH-90001"]
        assert await skus(session, "zephir fan 40 watt") == ["HH-90001"]
    async with own_shop.read() as session:
        assert await skus(session, "zephyr fan 30 cm") == ["HH-90001"]


async def test_changed_product_is_found_by_its_new_words_only(own_shop):
    async with own_shop.write() as session:
        product = await session.scalar(select(Product).where(Product.sku == "HH-50001"))
        product.name, product.price = "Kestrel Samovar 3 l", Decimal("99.00")
        product.attributes = {"volume_l": 3}
        await search.refresh(session, [product.id])
        assert await skus(session, "samovar") == ["HH-50001"]
        assert await skus(session, "kettle 3 litre") == ["HH-50001"]
        assert await skus(session, "kettle 1.7 litre") == []
        assert await skus(session, "kettle under 50") == ["HH-50003"]


async def test_product_that_is_not_sold_any_more_is_not_found(own_shop):
    async with own_shop.write() as session:
        product = await session.scalar(select(Product).where(Product.sku == "HH-50010"))
        product.active = False
        await search.refresh(session, [product.id])
        assert await skus(session, "toaster") == []
        assert await skus(session, "HH-50010") == []
        product.active = True
        await search.refresh(session, [product.id])
        assert await skus(session, "toaster") == ["HH-50010"]


async def test_some_at_a_time_comes_to_the_same_as_all_at_once(own_shop, make_product):
    async with own_shop.write() as session:
        products = (await session.scalars(select(Product).order_by(Product.sku))).all()
        for number, product in enumerate(products[:12]):
            product.price += number
            product.name = f"{product.name} Mark{number % 3}"
            product.active = number % 4 != 0
        extra = make_product(
            sku="HH-90002",
            name="Zephyr Lamp",
            brand="Zephyr",
            category=products[0].category_id,
            price="1.00",
            attributes={},
            number=901,
        )
        session.add(extra)
        await search.refresh(session, [*(product.id for product in products[:12]), extra.id, uuid.uuid4()])
        piecemeal = await everything(session)
        await search.refresh(session)
        assert await everything(session) == piecemeal
        if session.get_bind().dialect.name == "sqlite":
            # Raises if the full-text index is not what the documents say.
            await session.execute(text("INSERT INTO search_index(search_index) VALUES ('integrity-check')"))


async def test_same_rows_again_change_nothing_but_the_version(own_shop):
    async with own_shop.write() as session:
        before = await everything(session)
        version = await session.scalar(select(SearchState.version))
        ids = (await session.scalars(select(Product.id))).all()
        await search.refresh(session, ids[:10])
        assert await everything(session) == before
        assert await session.scalar(select(SearchState.version)) != version


async def test_vocabulary_is_of_the_state_that_the_session_sees(own_shop, make_product):
    async with own_shop.read() as session:
        words = await search.vocabulary(session)
        assert await search.vocabulary(session) is words
        assert words.knows("kettle")
        assert not words.knows("zephyr")
    async with own_shop.write() as session:
        product = make_product(
            sku="HH-90003",
            name="Zephyr Fan",
            brand="Zephyr",
            category=await category(session, "kettles"),
            price="1.00",
            attributes={},
            number=902,
        )
        session.add(product)
        await search.refresh(session, [product.id])
        assert (await search.vocabulary(session)).knows("zephyr")
        async with own_shop.read() as other:
            assert await search.vocabulary(other) is words
    async with own_shop.read() as session:
        assert "Zephyr" in (await search.vocabulary(session)).brands.values()


async def test_change_of_a_category_needs_all(own_shop):
    async with own_shop.write() as session:
        await session.execute(
            update(Category).where(Category.slug == "toasters").values(synonyms=["browning box"])
        )
        await search.refresh(session)
        assert await skus(session, "browning box") == ["HH-50010"]


async def test_index_of_other_rules_is_not_current(own_shop):
    async with own_shop.write() as session:
        assert await search.is_current(session)
        await session.execute(update(SearchState).values(rules="of another day"))
        assert not await search.is_current(session)
        await session.execute(delete(SearchState))
        assert not await search.is_current(session)
        assert await skus(session, "kettle") == []
        await search.refresh(session)
        assert await search.is_current(session)


async def test_undone_refresh_leaves_the_old_index(own_shop):
    async with own_shop.write() as session:
        await session.execute(update(Product).values(active=False))
        await search.refresh(session)
        assert await session.scalar(select(func.count()).select_from(SearchDocument)) == 0
        await session.rollback()
    async with own_shop.read() as session:
        assert await skus(session, "toaster") == ["HH-50010"]


async def test_tables_are_those_of_the_migration(own_shop, history):
    differences = await migrate.differences(own_shop, history)
    assert [each for each in differences if "search_" in str(each)] == []
