"""The tables: as the migration makes them, and refusing what must never be in them."""

from datetime import UTC, datetime, timedelta

import pytest
from balie.db import Database, migrate
from balie.errors import MigrationNeeded
from balie_customer_service.models import Callback, Counter, Customer, Order, OrderLine, ReturnLine, Ticket
from balie_customer_service.services.numbers import Series, next_number
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)


async def test_the_migration_makes_what_the_models_say(shop, history):
    assert await migrate.is_current(shop, history)
    assert await migrate.differences(shop, history) == []


async def test_the_migration_can_be_taken_back(tmp_path, history):
    database = Database(path=tmp_path / "empty.db")
    await migrate.upgrade(database, history)
    await migrate.erase(database, history)
    assert await migrate.upgrade(database, history)
    async with database.write() as session:
        assert await next_number(session, Series.TICKET) == "T-20001"
        assert await next_number(session, Series.PARCEL) == "3SBAL000000001"
        await session.execute(delete(Counter))
        with pytest.raises(MigrationNeeded):
            await next_number(session, Series.TICKET)
    await database.close()


@pytest.mark.parametrize(
    "change",
    [
        {"status": "lost"},
        {"status": "shipped"},
        {"status": "cancelled"},
        {"cancelled_at": NOW},
        {"shipped_at": NOW},
        {"total": -1},
        {"paid_at": NOW - timedelta(days=400)},
        {"paid_at": None},
        {"number": "10234"},
    ],
)
async def test_an_order_is_never_what_it_can_not_be(session, change):
    values = ", ".join(f"{name} = :{name}" for name in change)
    bound = {
        name: value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value
        for name, value in change.items()
    }
    with pytest.raises(IntegrityError):
        await session.execute(text(f"UPDATE orders SET {values} WHERE number = '10240'"), bound)


async def test_a_line_comes_back_once(session):
    line = (await session.scalars(select(ReturnLine))).first()
    session.add(ReturnLine(return_id=line.return_id, order_line_id=line.order_line_id))
    with pytest.raises(IntegrityError):
        await session.flush()


@pytest.mark.parametrize(
    "values", [{"place": 4}, {"place": 0}, {"place": None}, {"place": 1}, {"status": "cancelled"}]
)
async def test_a_slot_has_three_places(session, values):
    there = await session.scalar(select(Callback).where(Callback.place == 1, Callback.status == "planned"))
    other = await session.scalar(select(Customer).where(Customer.number == "C-1003"))
    given = {"place": 3, "status": "planned", **values}
    session.add(Callback(customer_id=other.id, starts_at=there.starts_at, phone="+1", about="x", **given))
    with pytest.raises(IntegrityError):
        await session.flush()


async def test_nothing_points_to_nothing(session):
    with pytest.raises(IntegrityError):
        await session.execute(delete(Customer).where(Customer.number == "C-1001"))
    with pytest.raises(IntegrityError):
        await session.execute(update(OrderLine).values(order_id=await session.scalar(select(Ticket.id))))
    assert await session.scalar(select(Order.id).where(Order.number == "10234"))
