"""Reservations (RK-8): until when, of how much, and that nobody is promised what another has (RK-7)."""

import asyncio
import re
import sys
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from balie.db import outbox
from balie_retail_kiosk.models import OpeningHours, ReservationStatus, Shop, Stock
from balie_retail_kiosk.services import reservations, stock
from balie_retail_kiosk.services.errors import (
    NothingInQuote,
    OutOfStock,
    ProductUnknown,
    ReservationOver,
    ReservationUnknown,
    TooMany,
)
from balie_retail_kiosk.services.items import Item
from balie_retail_kiosk.services.products import get_product
from sqlalchemy import delete, select, update

pytestmark = pytest.mark.anyio


async def make(session, items, now, *, shop="S-01", conversation=None):
    shop = await session.scalar(select(Shop).where(Shop.number == shop))
    return await reservations.make(session, items, shop=shop, now=now, conversation=conversation)


async def available(session, sku, now, *, shop="S-01"):
    shop = await session.scalar(select(Shop).where(Shop.number == shop))
    product = await get_product(session, sku)
    return (await stock.available(session, [product.id], shop, now))[product.id]


async def on_hand(session, sku):
    product = await get_product(session, sku)
    chosen = select(Stock.on_hand).join(Shop).where(Stock.product_id == product.id, Shop.number == "S-01")
    return await session.scalar(chosen)


async def test_units_are_kept_back_for_two_hours(session, now):
    visit = uuid.uuid4()
    kept = await make(session, [Item("T-1", 2), Item("T-3", 1), Item("T-1", 1)], now, conversation=visit)
    assert re.fullmatch("R-[0-9A-HJKMNP-TV-Z]{6}", kept.number)
    assert (kept.shop.number, kept.status, kept.conversation) == ("S-01", ReservationStatus.ACTIVE, visit)
    assert (kept.created_at, kept.expires_at) == (now, now + timedelta(hours=2))
    assert [(line.product.sku, line.quantity) for line in kept.lines] == [("T-1", 3), ("T-3", 1)]
    assert await available(session, "T-1", now) == 5
    assert await available(session, "T-1", now, shop="S-02") == 2
    assert await on_hand(session, "T-1") == 8


async def test_when_its_time_is_over_the_units_are_there_again_by_the_clock_alone(database, now):
    async with database.write() as session:
        kept = await make(session, [Item("T-2", 1)], now)
    over = kept.expires_at
    for moment, left in ((over - timedelta(microseconds=1), 0), (over, 1), (over + timedelta(days=1), 1)):
        async with database.read() as session:
            assert await available(session, "T-2", moment) == left
            stored = await reservations.get(session, kept.number)
            assert stored.status is ReservationStatus.ACTIVE  # nothing has run
            assert (reservations.status_at(stored, moment) is ReservationStatus.EXPIRED) == bool(left)
    async with database.write() as session:
        with pytest.raises(OutOfStock):
            await make(session, [Item("T-2", 1)], over - timedelta(microseconds=1))
        for attempt in (reservations.cancel, reservations.collect, reservations.get_active):
            with pytest.raises(ReservationOver) as refused:
                await attempt(session, kept.number, now=over)
            assert refused.value.facts == {"number": kept.number, "status": "expired"}
        again = await make(session, [Item("T-2", 1)], over)
        assert again.number != kept.number


async def test_writing_down_what_is_over_changes_nothing_else(session, now):
    kept, later = await make(session, [Item("T-1", 1)], now), now + timedelta(hours=2)
    holding = await make(session, [Item("T-1", 1)], now + timedelta(minutes=1))
    gone = await make(session, [Item("T-3", 1)], now)
    await reservations.cancel(session, gone.number, now=now)
    assert await available(session, "T-1", later) == 7
    assert await reservations.expire_due(session, later) == 1
    assert await reservations.expire_due(session, later) == 0
    assert await available(session, "T-1", later) == 7
    states = [(await reservations.get(session, one.number)).status.value for one in (kept, holding, gone)]
    assert states == ["expired", "active", "cancelled"]


@pytest.mark.parametrize(
    ("made", "until"),
    [
        ("2026-03-10 09:00", "2026-03-10 11:00"),
        ("2026-03-10 16:00", "2026-03-10 18:00"),
        ("2026-03-10 17:00", "2026-03-11 10:00"),
        ("2026-03-10 18:00", "2026-03-11 11:00"),
        ("2026-03-10 07:30", "2026-03-10 11:00"),
        ("2026-03-11 17:59", "2026-03-13 10:59"),  # closed on Thursday
        ("2026-03-14 17:30", "2026-03-16 10:30"),  # and on Sunday
        ("2026-03-28 17:00", "2026-03-30 10:00"),  # the night in which the clock changes
    ],
)
async def test_only_the_time_counts_in_which_the_shop_is_open(session, zone, made, until):
    kept = await make(session, [Item("T-1", 1)], datetime.fromisoformat(made).replace(tzinfo=zone))
    assert kept.expires_at == datetime.fromisoformat(until).replace(tzinfo=zone)
    assert kept.expires_at.tzinfo is UTC


async def test_a_shop_that_does_not_open_keeps_things_back_for_two_hours(session, now):
    await session.execute(delete(OpeningHours))
    assert (await make(session, [Item("T-1", 1)], now)).expires_at == now + timedelta(hours=2)


async def test_what_cannot_be_reserved(session, now, rotterdam):
    with pytest.raises(NothingInQuote):
        await make(session, [], now)
    for unknown in ("T-9", "T-4"):
        with pytest.raises(ProductUnknown):
            await make(session, [Item(unknown, 1)], now)
    with pytest.raises(TooMany) as many:
        await make(session, [Item("T-3", 6), Item("T-3", 5)], now)
    assert many.value.facts == {"quantity": 11, "most": reservations.MOST_UNITS}
    with pytest.raises(OutOfStock) as out:
        await make(session, [Item("T-1", 1), Item("T-2", 2)], now)
    assert out.value.facts == {"product": "T-2", "name": "Television", "available": 1, "wanted": 2}
    # All or nothing: the cable was not kept back either.
    assert await available(session, "T-1", now) == 8
    assert await reservations.count(session) == 0
    kept = await reservations.check(session, [Item("T-2", 1)], shop=rotterdam, now=now)
    assert [(product.sku, quantity) for product, quantity in kept.lines] == [("T-2", 1)]
    assert kept.expires_at == now + timedelta(hours=2)
    assert await reservations.count(session) == 0


async def test_a_shop_without_the_product_has_none(session, now):
    await session.execute(delete(Stock).where(Stock.on_hand == 1))
    with pytest.raises(OutOfStock) as out:
        await make(session, [Item("T-2", 1)], now)
    assert out.value.facts["available"] == 0


async def test_cancelling_gives_the_units_back_once(session, now):
    kept = await make(session, [Item("T-2", 1)], now)
    cancelled = await reservations.cancel(session, kept.number.lower().replace("-", " "), now=now)
    assert cancelled.status is ReservationStatus.CANCELLED
    assert await available(session, "T-2", now) == 1
    for attempt in (reservations.cancel, reservations.collect):
        with pytest.raises(ReservationOver) as over:
            await attempt(session, kept.number, now=now)
        assert over.value.facts["status"] == "cancelled"
    with pytest.raises(ReservationUnknown):
        await reservations.cancel(session, "R-000000", now=now)


async def test_what_is_handed_over_leaves_the_stock(session, now):
    kept = await make(session, [Item("T-1", 3), Item("T-3", 1)], now)
    assert (await reservations.collect(session, kept.number, now=now)).status is ReservationStatus.COLLECTED
    assert [await on_hand(session, sku) for sku in ("T-1", "T-3")] == [5, 39]
    assert [await available(session, sku, now) for sku in ("T-1", "T-3")] == [5, 39]
    assert await available(session, "T-1", now, shop="S-02") == 2
    with pytest.raises(ReservationOver):
        await reservations.collect(session, kept.number, now=now)
    assert await on_hand(session, "T-1") == 5


async def test_a_count_that_finds_fewer_than_are_kept_back_leaves_none(session, now):
    kept = await make(session, [Item("T-1", 5)], now)
    await session.execute(update(Stock).where(Stock.on_hand == 8).values(on_hand=2))
    assert await available(session, "T-1", now) == 0
    with pytest.raises(OutOfStock):
        await make(session, [Item("T-1", 1)], now)
    await reservations.collect(session, kept.number, now=now)
    assert await on_hand(session, "T-1") == 0


async def test_other_systems_hear_of_a_reservation_and_of_its_end(session, now):
    kept = await make(session, [Item("T-1", 2)], now, conversation=uuid.uuid4())
    await reservations.cancel(session, kept.number, now=now)
    made, cancelled = await outbox.pending(session)
    assert (made.topic, made.recipient) == ("reservation.made", "webhook")
    assert made.payload == {
        "number": kept.number, "shop": "S-01", "created_at": "2026-03-10T08:00:00+00:00",
        "expires_at": "2026-03-10T10:00:00+00:00", "lines": [{"sku": "T-1", "quantity": 2}],
    }  # fmt: skip
    assert (cancelled.topic, cancelled.payload) == (
        "reservation.cancelled", {"number": kept.number, "shop": "S-01"}
    )  # fmt: skip


async def test_staff_see_what_is_kept_back(session, now, rotterdam):
    later = now + timedelta(hours=1)
    first, second = await make(session, [Item("T-1", 1)], now), await make(session, [Item("T-3", 1)], later)
    await reservations.cancel(session, (await make(session, [Item("T-2", 1)], now)).number, now=now)
    assert [one.number for one in await reservations.active(session, shop=rotterdam, now=later)] == [
        first.number, second.number
    ]  # fmt: skip
    over = now + timedelta(hours=2)
    assert [one.number for one in await reservations.active(session, now=over)] == [second.number]
    assert (await reservations.latest(session, shop=rotterdam, limit=1))[0].number == second.number
    assert await reservations.count(session, shop=rotterdam) == 3


async def test_the_last_units_are_reserved_once_when_many_ask_at_the_same_moment(doors, now):
    async def attempt(index):
        try:
            async with doors[index % len(doors)].write() as session:
                return (await make(session, [Item("T-1", 1 + index % 3), Item("T-3", 1)], now)).number
        except OutOfStock:
            return None

    numbers = await asyncio.gather(*map(attempt, range(16)))
    async with doors[0].read() as session:
        held = await reservations.active(session, now=now)
        assert {one.number for one in held} == set(numbers) - {None}
        promised = sum(line.quantity for one in held for line in one.lines if line.product.sku == "T-1")
        assert promised == 8  # all of them: there are single ones to fill up with
        assert await available(session, "T-1", now) == 0
        assert await available(session, "T-3", now) == 40 - len(held)


PROGRAM = """
import asyncio, sys
from datetime import datetime
from balie.db import Database
from balie_retail_kiosk.models import Shop
from balie_retail_kiosk.services import reservations
from balie_retail_kiosk.services.errors import OutOfStock
from balie_retail_kiosk.services.items import Item
from sqlalchemy import select

async def main(url, now):
    database, got = Database(url), 0
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(6):
        try:
            async with database.write() as session:
                shop = await session.scalar(select(Shop).where(Shop.number == "S-01"))
                await reservations.make(session, [Item("T-1", 1)], shop=shop, now=now, conversation=None)
            got += 1
        except OutOfStock:
            break
    print(got, flush=True)
    await database.close()

asyncio.run(main(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
"""


async def test_several_programs_cannot_reserve_more_than_there_is(url, database, now):
    pipe = asyncio.subprocess.PIPE
    programs = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, url, now.isoformat(), stdin=pipe, stdout=pipe
        )
        for _ in range(3)
    ]
    for program in programs:
        assert await program.stdout.readline() == b"ready\n"
    for program in programs:
        program.stdin.write(b"go\n")
    got = [int((await program.communicate())[0]) for program in programs]
    assert sum(got) == 8
    async with database.read() as session:
        assert await available(session, "T-1", now) == 0
        assert await reservations.count(session) == 8
