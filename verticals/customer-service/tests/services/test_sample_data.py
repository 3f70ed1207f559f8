"""The sample data: as much as promised, the same every time, and possible in every detail."""

import asyncio
import re
import time
from collections import Counter
from datetime import date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal

import phonenumbers
import pytest
from balie.db import Database, migrate
from balie_customer_service.models import (
    Article,
    Base,
    Callback,
    Customer,
    Device,
    Incident,
    Order,
    OrderLine,
    OrderStatus,
    Priority,
    Product,
    Refund,
    RefundStatus,
    Return,
    ReturnLine,
    ReturnStatus,
    Service,
    Shipment,
    ShipmentStatus,
    Ticket,
    TicketEvent,
    TicketEventKind,
    TicketStatus,
    Tier,
)
from balie_customer_service.sample_data import seed
from balie_customer_service.services import hours, knowledge, returns, tickets
from balie_customer_service.services.fulfilment import shipping_cost
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

pytestmark = pytest.mark.anyio
DAYS = [date(2026, 3, 10), date(2026, 3, 15), date(2025, 12, 26), date(2028, 2, 29)]


async def _dump(url, history, day):
    database = Database(url)
    await migrate.upgrade(database, history)
    async with database.write() as session:
        await seed(session, day)
    async with database.read() as session:
        tables = {}
        for table in Base.metadata.sorted_tables:
            rows = await session.execute(select(table).order_by(*table.primary_key))
            tables[table.name] = [tuple(row) for row in rows]
    await database.close()
    return tables


def test_the_same_day_gives_the_same_shop(tmp_path, history, today):
    first, second = (
        asyncio.run(_dump(f"sqlite:///{tmp_path}/{name}.db", history, today)) for name in ("a", "b")
    )
    # The keys of articles are made when they are loaded.
    for tables in (first, second):
        tables["articles"] = sorted(str(row[1:]) for row in tables["articles"])
        tables["passages"] = sorted(str(row[2:]) for row in tables["passages"])
    assert first == second


async def test_there_is_as_much_as_promised(session):
    least = {
        Customer: 220,
        Order: 1050,
        Product: 80,
        Ticket: 310,
        Device: 100,
        Incident: 40,
        Service: 4,
        Return: 50,
        Refund: 50,
        Callback: 50,
    }
    for model, number in least.items():
        assert await session.scalar(select(func.count()).select_from(model)) >= number, model
    assert await session.scalar(select(func.count(Article.id))) == len(knowledge.articles())


async def test_customers_are_many_kinds_of_people(session):
    people = (await session.scalars(select(Customer))).all()
    assert len({person.name for person in people}) > 200
    assert {person.country for person in people} == {"NL", "BE", "DE", "IE", "FI"}
    assert {person.tier for person in people} == set(Tier)
    assert all(re.fullmatch(r"[a-z.]+\d*@example\.(org|com|net)", person.email) for person in people)
    for person in people:
        if person.phone:
            number = phonenumbers.parse(person.phone)
            assert phonenumbers.is_possible_number(number)
            national = phonenumbers.national_significant_number(number)
            assert national.startswith(("20000", "3023125", "19900", "207946")), person.phone


async def _check_orders(session, today):
    midnight = datetime.combine(today, clock(), hours.ZONE)
    found = await session.scalars(
        select(Order).options(
            selectinload(Order.lines).selectinload(OrderLine.product),
            selectinload(Order.shipment).selectinload(Shipment.events),
            selectinload(Order.returns).selectinload(Return.lines).selectinload(ReturnLine.order_line),
            selectinload(Order.refunds),
            selectinload(Order.customer),
        )
    )
    for order in found:
        goods = sum(line.amount for line in order.lines)
        assert goods > 0
        assert order.total == goods + order.shipping_cost
        assert order.shipping_cost == shipping_cost(goods)
        assert order.placed_at > order.customer.created_at
        steps = [order.placed_at, order.paid_at, order.shipped_at, order.delivered_at]
        known = [at for at in steps if at]
        assert known == sorted(known), order.number
        assert max(known) < midnight
        _check_shipment(order, midnight)
        _check_money(order, midnight)
        assert order.country in {"NL", "BE", "DE"}  # the shop delivers nowhere else
        waiting = order.status in {OrderStatus.PAID, OrderStatus.PACKED, OrderStatus.SHIPPED}
        assert not waiting or order.due_date >= today, order.number
        assert (order.due_date is None) == (order.status is OrderStatus.CANCELLED)


def _check_shipment(order, midnight):
    if order.shipped_at is None:
        assert order.shipment is None
        return
    events = [event.at for event in order.shipment.events]
    assert events == sorted(events)
    assert events[0] == order.shipped_at
    assert events[-1] < midnight
    delivered = order.shipment.status is ShipmentStatus.DELIVERED
    assert delivered == (order.delivered_at is not None)
    assert not delivered or events[-1] == order.delivered_at


def _check_money(order, midnight):
    assert sum((refund.amount for refund in order.refunds), Decimal(0)) <= order.total
    for refund in order.refunds:
        assert refund.announced_at < midnight
        assert refund.booked_at is None or refund.announced_at < refund.booked_at < midnight
    for back in order.returns:
        assert order.delivered_at < back.requested_at < midnight
        assert hours.local_day(back.requested_at) <= returns.last_day(order.delivered_at)
        assert back.lines
        assert (back.status is ReturnStatus.ANNOUNCED) == (back.received_at is None)
    if order.status is OrderStatus.CANCELLED:
        assert bool(order.refunds) == (order.paid_at is not None)
    if order.status is OrderStatus.RETURNED:
        home = {line.order_line_id for back in order.returns for line in back.lines}
        assert all(line.id in home for line in order.lines if line.product.returnable)


async def _check_tickets(session, today):
    midnight = datetime.combine(today, clock(), hours.ZONE)
    found = await session.scalars(
        select(Ticket).options(
            selectinload(Ticket.events), selectinload(Ticket.order), selectinload(Ticket.customer)
        )
    )
    for ticket in found:
        assert "{" not in ticket.subject + ticket.description
        times = [event.at for event in ticket.events]
        assert times == sorted(times)
        assert ticket.created_at == times[0]
        assert times[-1] < midnight
        assert ticket.order is None or ticket.order.placed_at < ticket.created_at, ticket.number
        assert ticket.order is None or ticket.order.customer_id == ticket.customer_id
        assert ticket.due_at == _due(ticket)
        kinds = Counter(event.kind for event in ticket.events)
        assert kinds[TicketEventKind.OPENED] == 1
        assert (ticket.status is TicketStatus.OPEN) == (ticket.answered_at is None)
        assert bool(kinds[TicketEventKind.CLOSED]) == (ticket.status is TicketStatus.CLOSED)
        assert bool(kinds[TicketEventKind.SOLVED]) == (ticket.solved_at is not None)


def _due(ticket):
    danger = ticket.priority is Priority.URGENT
    return tickets.due_at(ticket.customer.tier, ticket.created_at, danger=danger)


async def _check_technical(session, today):
    midnight = datetime.combine(today, clock(), hours.ZONE)
    for device in await session.scalars(select(Device).options(selectinload(Device.product))):
        assert device.registered_at < device.last_seen_at < midnight
        assert device.product.latest_firmware
        assert re.fullmatch(r"HB-[0-9A-F]{4}-\d{4}", device.serial)
    for incident in await session.scalars(select(Incident)):
        assert incident.reported_at < midnight
        assert incident.resolved_at is None or incident.reported_at < incident.resolved_at < midnight
    for callback in await session.scalars(select(Callback)):
        assert callback.starts_at.astimezone(hours.ZONE) in hours.slots(hours.local_day(callback.starts_at))
        assert callback.created_at < midnight


async def test_nothing_in_it_is_impossible(session, today):
    await _check_orders(session, today)
    await _check_tickets(session, today)
    await _check_technical(session, today)


@pytest.mark.parametrize("day", DAYS[1:])
async def test_it_holds_on_sundays_holidays_and_leap_days(tmp_path, history, day):
    database = Database(path=tmp_path / "other.db")
    await migrate.upgrade(database, history)
    async with database.write() as session:
        await seed(session, day)
        await session.flush()
        await _check_orders(session, day)
        await _check_tickets(session, day)
        await _check_technical(session, day)
        order = await session.scalar(select(Order).where(Order.number == "10234"))
        assert order.due_date == day + timedelta(days=2)
    await database.close()


async def test_the_known_orders_are_what_they_are(session, today):
    known = {
        "10234": ("C-1001", OrderStatus.SHIPPED, "129.85", 2),
        "10240": ("C-1001", OrderStatus.PAID, "89.90", 3),
        "10198": ("C-1001", OrderStatus.DELIVERED, "126.95", -6),
        "10177": ("C-1001", OrderStatus.RETURNED, "268.95", -17),
        "10156": ("C-1001", OrderStatus.DELIVERED, "89.00", -45),
        "10252": ("C-1001", OrderStatus.PENDING_PAYMENT, "49.90", 4),
        "10255": ("C-1001", OrderStatus.CANCELLED, "44.90", None),
        "10300": ("C-1002", OrderStatus.SHIPPED, "129.00", 1),
        "10302": ("C-1002", OrderStatus.PAID, "44.85", 3),
        "10288": ("C-1002", OrderStatus.DELIVERED, "74.50", -3),
        "10311": ("C-1003", OrderStatus.PAID, "149.00", 4),
    }
    found = await session.scalars(
        select(Order).where(Order.number < "2").options(selectinload(Order.customer))
    )
    stored = {order.number: order for order in found}
    assert stored.keys() == known.keys()
    for number, (customer, status, total, due) in known.items():
        order = stored[number]
        assert (order.customer.number, order.status, order.total) == (customer, status, Decimal(total))
        assert order.due_date == (None if due is None else today + timedelta(days=due))


async def test_some_letters_hide_an_instruction(session):
    texts = (await session.scalars(select(Ticket.description))).all()
    hidden = [
        text
        for text in texts
        if re.search(r"assistant|SYSTEM|system>|tool call|to the AI|mode;|Ignore", text)
    ]
    assert len(hidden) >= 6


async def test_open_refunds_are_waiting_for_their_parcel(session):
    states = Counter(await session.scalars(select(Refund.status)))
    assert set(states) >= {RefundStatus.APPROVED, RefundStatus.PAID}


async def test_notes_and_answers_are_in_the_story(session):
    kinds = Counter(await session.scalars(select(TicketEvent.kind)))
    assert set(kinds) == set(TicketEventKind)


def test_it_takes_less_than_two_seconds(tmp_path, history, today):
    async def measure():
        database = Database(path=tmp_path / "timed.db")
        await migrate.upgrade(database, history)
        hours.is_working_day(today)
        async with database.write() as session:
            begin = time.process_time()
            await seed(session, today)
            taken = time.process_time() - begin
        await database.close()
        return taken

    # Processor time: other work on the machine must not fail the test.
    assert asyncio.run(measure()) < 2.0
