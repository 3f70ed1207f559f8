"""Stock: what lies there less what is kept back, in every shop, and what is on its way."""

import asyncio
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from balie.db import Database, new_id
from balie_retail_kiosk.models import (
    Incoming,
    Product,
    Reservation,
    ReservationLine,
    ReservationStatus,
    Shop,
    Stock,
)
from balie_retail_kiosk.services import products, shops, stock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


async def reserve(session, shop, product, quantity, *, status=ReservationStatus.ACTIVE, expires_at=None):
    reservation = Reservation(
        id=new_id(),
        number=f"R-{uuid.uuid4().hex[:6]}",
        shop_id=shop.id,
        conversation=None,
        created_at=NOW,
        expires_at=expires_at or NOW + timedelta(hours=2),
        status=status,
    )
    session.add(reservation)
    await session.flush()
    session.add(
        ReservationLine(reservation_id=reservation.id, product_id=product.id, position=1, quantity=quantity)
    )
    await session.flush()


async def test_every_shop_has_its_own(session, now):
    product = await products.get_product(session, "HH-10001")
    found = await stock.availability(session, product, now)
    assert [(each.shop.number, each.on_hand, each.available) for each in found] == [
        ("S-01", 24, 24), ("S-02", 11, 11), ("S-03", 18, 18), ("S-04", 6, 6),
    ]  # fmt: skip
    assert (found[0].aisle, found[0].shelf) == ("A3", "2")
    assert found[0].counted_at is not None
    assert found[0].counted_at < now


async def test_what_is_on_its_way(session, now):
    product = await products.get_product(session, "HH-10003")
    found = {each.shop.number: each for each in await stock.availability(session, product, now)}
    assert (found["S-01"].on_hand, found["S-02"].on_hand) == (0, 7)
    assert found["S-01"].incoming == [(20, date(2026, 3, 13))]
    assert found["S-02"].incoming == []


async def test_a_delivery_of_yesterday_is_not_on_its_way(session, rotterdam, now):
    product = await products.get_product(session, "HH-30002")
    for days in (-1, 0):
        session.add(
            Incoming(
                shop_id=rotterdam.id,
                product_id=product.id,
                quantity=5,
                expected_on=date(2026, 3, 10) + timedelta(days=days),
            )
        )
    await session.flush()
    first = (await stock.availability(session, product, now))[0]
    assert first.incoming == [(5, date(2026, 3, 10)), (10, date(2026, 3, 15))]


async def test_a_shop_that_does_not_carry_it(session, now):
    carried = select(Stock.product_id).join(Shop, Stock.shop_id == Shop.id).where(Shop.number == "S-04")
    product = (await session.scalars(select(Product).where(Product.id.not_in(carried)).limit(1))).one()
    groningen = await shops.get_shop(session, "S-04")
    last = (await stock.availability(session, product, now))[-1]
    assert (last.on_hand, last.available, last.aisle, last.shelf, last.counted_at) == (0, 0, None, None, None)
    assert await stock.available(session, [product.id], groningen, now) == {product.id: 0}
    assert await stock.places(session, [product.id], groningen) == {}


async def test_what_is_reserved_can_not_be_sold(session, rotterdam, now):
    product = await products.get_product(session, "HH-20001")
    await reserve(session, rotterdam, product, 2)
    first = (await stock.availability(session, product, now))[0]
    assert (first.on_hand, first.reserved, first.available) == (3, 2, 1)
    assert await stock.available(session, [product.id], rotterdam, now) == {product.id: 1}
    utrecht = await shops.get_shop(session, "S-02")
    assert await stock.available(session, [product.id], utrecht, now) == {product.id: 2}


@pytest.mark.parametrize(
    "status", [ReservationStatus.COLLECTED, ReservationStatus.CANCELLED, ReservationStatus.EXPIRED]
)
async def test_a_reservation_that_is_over_keeps_nothing(session, rotterdam, now, status):
    product = await products.get_product(session, "HH-20001")
    await reserve(session, rotterdam, product, 2, status=status)
    assert await stock.available(session, [product.id], rotterdam, now) == {product.id: 3}


async def test_a_reservation_ends_by_the_clock(session, rotterdam, now):
    product = await products.get_product(session, "HH-20001")
    await reserve(session, rotterdam, product, 2, expires_at=now)
    assert await stock.available(session, [product.id], rotterdam, now) == {product.id: 3}
    assert await stock.available(session, [product.id], rotterdam, now - timedelta(seconds=1)) == {
        product.id: 1
    }


async def test_a_recount_below_what_is_reserved(session, rotterdam, now):
    product = await products.get_product(session, "HH-20001")
    await reserve(session, rotterdam, product, 3)
    await session.execute(
        update(Stock).where(Stock.shop_id == rotterdam.id, Stock.product_id == product.id).values(on_hand=1)
    )
    assert await stock.available(session, [product.id], rotterdam, now) == {product.id: 0}
    assert (await stock.availability(session, product, now))[0].available == 0


async def test_of_nothing(session, rotterdam, now):
    assert await stock.available(session, [], rotterdam, now) == {}


async def test_places(session, rotterdam):
    cable = await products.get_product(session, "HH-10001")
    kettle = await products.get_product(session, "HH-50001")
    found = await stock.places(session, [cable.id, kettle.id], rotterdam)
    assert found == {cable.id: ("A3", "2"), kettle.id: ("A10", "2")}


reservations = st.lists(
    st.tuples(
        st.integers(1, 40),
        st.sampled_from(list(ReservationStatus)),
        st.integers(-180, 180),  # minutes from now
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(on_hand=st.integers(0, 60), held=reservations)
def test_available_is_never_below_zero_and_never_above_what_lies_there(seeded_file, on_hand, held):
    asyncio.run(_never_below_zero(seeded_file, on_hand, held))


async def _never_below_zero(file, on_hand, held):
    database = Database(path=file)
    async with database.read() as session:
        shop = await shops.this_shop(session, "S-01")
        product = await products.get_product(session, "HH-50002")
        await session.execute(
            update(Stock)
            .where(Stock.shop_id == shop.id, Stock.product_id == product.id)
            .values(on_hand=on_hand)
        )
        for quantity, status, minutes in held:
            expires_at = NOW + timedelta(minutes=minutes)
            await reserve(session, shop, product, quantity, status=status, expires_at=expires_at)
        kept = sum(
            quantity
            for quantity, status, minutes in held
            if status == ReservationStatus.ACTIVE and minutes > 0
        )
        left = (await stock.available(session, [product.id], shop, NOW))[product.id]
        listed = (await stock.availability(session, product, NOW))[0]
        assert left == max(0, on_hand - kept)
        assert (listed.on_hand, listed.reserved, listed.available) == (on_hand, kept, left)
    await database.close()
