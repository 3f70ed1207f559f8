"""A day in the shop, played at random: what is promised never exceeds what is there (RK-7, RK-8)."""

import asyncio
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from balie.db import Database
from balie_retail_kiosk.models import Product, Shop, Stock
from balie_retail_kiosk.services import reservations, stock
from balie_retail_kiosk.services.errors import OutOfStock, ReservationOver
from balie_retail_kiosk.services.items import Item
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update

SKUS = ("T-1", "T-2", "T-3")
wishes = st.lists(st.builds(Item, st.sampled_from(SKUS), st.integers(1, 3)), min_size=1, max_size=3)


class ADayInTheShop(RuleBasedStateMachine):
    """Kiosks reserve, sometimes all at once, while units are handed over, counted and given back.

    ``there`` and ``held`` are what the shop must have and keep back by then, kept by simple sums.
    """

    kept = Bundle("kept")
    file: Path

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.Runner()
        shutil.copy(self.file, Path(self.folder.name) / "shop.db")
        self.doors = [Database(path=Path(self.folder.name) / "shop.db") for _ in range(3)]
        self.now = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
        self.there = {"T-1": 8, "T-2": 1, "T-3": 40}
        self.held = {}
        self.loop.run(self.look_up())

    async def look_up(self):
        async with self.doors[0].read() as session:
            self.shop = await session.scalar(select(Shop).where(Shop.number == "S-01"))
            self.ids = {one.sku: one.id for one in await session.scalars(select(Product))}

    async def attempt(self, door, wanted):
        try:
            async with self.doors[door].write() as session:
                made = await reservations.make(
                    session, wanted, shop=self.shop, now=self.now, conversation=None
                )
                return made.number, {line.product.sku: line.quantity for line in made.lines}, made.expires_at
        except OutOfStock as error:
            return error.facts

    def free(self, sku):
        held = sum(units.get(sku, 0) for units, until in self.held.values() if until > self.now)
        return max(0, self.there[sku] - held)

    @rule(target=kept, wanted=wishes)
    def reserve(self, wanted):
        total = {sku: sum(item.quantity for item in wanted if item.product == sku) for sku in SKUS}
        fits = all(count <= self.free(sku) for sku, count in total.items() if count)
        outcome = self.loop.run(self.attempt(0, wanted))
        assert isinstance(outcome, tuple) == fits
        if not fits:
            assert outcome["available"] == self.free(outcome["product"]) < outcome["wanted"]
            return multiple()
        number, units, until = outcome
        assert units == {sku: count for sku, count in total.items() if count}
        self.held[number] = (units, until)
        return number

    @rule(target=kept, rush=st.lists(wishes, min_size=2, max_size=6))
    def reserve_at_the_same_moment(self, rush):
        async def all_at_once():
            return await asyncio.gather(
                *(self.attempt(index % 3, wanted) for index, wanted in enumerate(rush))
            )

        outcomes = self.loop.run(all_at_once())
        before = {sku: self.free(sku) for sku in SKUS}
        got = [outcome for outcome in outcomes if isinstance(outcome, tuple)]
        for sku in SKUS:
            assert sum(units.get(sku, 0) for _, units, _ in got) <= before[sku]
        self.held |= {number: (units, until) for number, units, until in got}
        return multiple(*(number for number, _, _ in got))

    @rule(number=kept, collect=st.booleans())
    def end(self, number, collect):
        async def ended():
            async with self.doors[1].write() as session:
                work = reservations.collect if collect else reservations.cancel
                return await work(session, number, now=self.now)

        units, until = self.held.get(number, ({}, self.now))
        if until <= self.now:
            try:
                self.loop.run(ended())
            except ReservationOver:
                return
            raise AssertionError("it was over")
        self.loop.run(ended())
        del self.held[number]
        if collect:
            for sku, count in units.items():
                self.there[sku] = max(0, self.there[sku] - count)

    @rule(minutes=st.integers(1, 150))
    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(sku=st.sampled_from(SKUS), count=st.integers(0, 12))
    def recount(self, sku, count):
        async def counted():
            async with self.doors[2].write() as session:
                chosen = (Stock.shop_id == self.shop.id, Stock.product_id == self.ids[sku])
                await session.execute(update(Stock).where(*chosen).values(on_hand=count, counted_at=self.now))

        self.loop.run(counted())
        self.there[sku] = count

    @rule()
    def write_down_what_is_over(self):
        async def written():
            async with self.doors[0].write() as session:
                await reservations.expire_due(session, self.now)

        self.loop.run(written())

    @invariant()
    def what_can_be_had_is_what_is_there_less_what_is_held(self):
        async def looked():
            async with self.doors[0].read() as session:
                left = await stock.available(session, list(self.ids.values()), self.shop, self.now)
                active = await reservations.active(session, shop=self.shop, now=self.now)
                return left, {one.number for one in active}

        left, active = self.loop.run(looked())
        assert {sku: left[self.ids[sku]] for sku in SKUS} == {sku: self.free(sku) for sku in SKUS}
        assert min(left.values()) >= 0
        assert active == {number for number, (_, until) in self.held.items() if until > self.now}

    def teardown(self):
        async def closed():
            for door in self.doors:
                await door.close()

        self.loop.run(closed())
        self.loop.close()
        self.folder.cleanup()


def test_what_is_promised_never_exceeds_what_is_there(small_shop):
    ADayInTheShop.file = small_shop
    run_state_machine_as_test(
        ADayInTheShop,
        settings=settings(
            max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
