"""Sending things back (CS-3), and the money for it (CS-4)."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from balie.db import OutboxMessage
from balie_customer_service.models import (
    OrderStatus,
    PaymentMethod,
    RefundStatus,
    ReturnKind,
    ReturnStatus,
)
from balie_customer_service.services import fulfilment, orders, returns
from balie_customer_service.services.errors import (
    AlreadyReturned,
    NoSuchOrder,
    NoSuchProduct,
    NoSuchReturn,
    NotReturnable,
    OrderNotDelivered,
    ReturnInWrongState,
    ReturnWindowOver,
    TextMissing,
)
from balie_customer_service.services.hours import ZONE
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

pytestmark = pytest.mark.anyio
LABEL = "R-50002"


async def start(session, number, now, *, customer="C-1001", kind=ReturnKind.RETURN, skus=()):
    return await returns.start_return(
        session, number, kind=kind, reason="it drips", skus=skus, customer=customer, now=now
    )


async def test_a_return_takes_what_can_be_returned_and_announces_its_price(database, now):
    async with database.write() as session:
        possible = await returns.returnable(session, "10198", customer="C-1001", now=now)
        assert (possible.amount, possible.until) == (Decimal("119.00"), date(2026, 4, 3))
        back = await start(session, "10198", now)
        assert (back.label, back.status, back.send_by) == (LABEL, ReturnStatus.ANNOUNCED, date(2026, 3, 24))
        assert [line.order_line.product.sku for line in back.lines] == ["BAL-1801"]
        assert (back.refund.amount, back.refund.status) == (Decimal("119.00"), RefundStatus.ANNOUNCED)
        mail = await session.scalar(select(OutboxMessage))
        assert (mail.topic, mail.recipient) == ("email", "marit.devries@example.org")
        assert mail.payload["label"] == LABEL
    async with database.read() as session:
        with pytest.raises(AlreadyReturned) as refused:
            await start(session, "10198", now, skus=["BAL-1801"])
        assert refused.value.facts == {
            "number": "10198",
            "product": "Dune Drip Coffee Maker",
            "label": LABEL,
        }


async def test_an_exchange_announces_no_money(session, now):
    back = await start(session, "10198", now, kind=ReturnKind.EXCHANGE)
    assert back.refund is None
    assert await returns.refunds_of(session, "10198", customer="C-1001") == []


@pytest.mark.parametrize(
    ("number", "skus", "error", "facts"),
    [
        (
            "10198",
            ["BAL-1809"],
            NotReturnable,
            {"number": "10198", "product": "Dune Paper Filters, 200 pieces"},
        ),
        ("10198", ["BAL-1801", "BAL-1809"], NotReturnable, None),
        ("10198", ["BAL-1101"], NoSuchProduct, {"number": "10198", "product": "BAL-1101"}),
        (
            "10156",
            [],
            ReturnWindowOver,
            {"number": "10156", "delivered_on": date(2026, 1, 24), "until": date(2026, 2, 23)},
        ),
        ("10234", [], OrderNotDelivered, {"number": "10234", "status": "shipped", "due": date(2026, 3, 12)}),
        ("10240", [], OrderNotDelivered, None),
        ("10255", [], OrderNotDelivered, None),
        (
            "10177",
            [],
            AlreadyReturned,
            {"number": "10177", "product": "Tide R3 Robot Vacuum", "label": "R-50001"},
        ),
        ("10288", [], NoSuchOrder, {"number": "10288"}),
    ],
)
async def test_what_can_not_be_sent_back(session, now, number, skus, error, facts):
    for attempt in (
        returns.returnable(session, number, skus=skus, customer="C-1001", now=now),
        start(session, number, now, skus=skus),
    ):
        with pytest.raises(error) as refused:
            await attempt
        assert facts is None or refused.value.facts == facts


async def test_a_return_needs_a_reason(session, now):
    with pytest.raises(TextMissing):
        await returns.start_return(
            session, "10198", kind=ReturnKind.RETURN, reason=" ", customer="C-1001", now=now
        )


async def test_the_whole_order_sent_back_soon_brings_its_shipping_back(shop, now):
    async with shop.write() as session:
        order = await fulfilment.place_order(
            session,
            {"BAL-1502": 1, "BAL-1804": 1, "BAL-1402": 1},
            customer="C-1001",
            payment_method=PaymentMethod.IDEAL,
            now=now,
        )
        cheap = await fulfilment.place_order(
            session, {"BAL-1402": 1}, customer="C-1001", payment_method=PaymentMethod.IDEAL, now=now
        )
        for number in (order.number, cheap.number):
            for step in (fulfilment.pay_order, fulfilment.ship_order, fulfilment.deliver_order):
                await step(session, number, now=now)
        for days, amount in ((14, "29.90"), (15, "24.95")):
            later = now + timedelta(days=days)
            possible = await returns.returnable(session, cheap.number, customer="C-1001", now=later)
            assert possible.amount == Decimal(amount)
        one = await start(session, order.number, now, skus=["BAL-1502"])
        assert one.refund.amount == Decimal("19.95")


async def test_refunds_are_their_owners_business(session):
    (paid,) = await returns.refunds_of(session, "10177", customer="C-1001")
    assert (paid.amount, paid.status) == (Decimal("249.00"), RefundStatus.PAID)
    assert paid.booked_at.astimezone(ZONE).date() == date(2026, 3, 8)
    (approved,) = await returns.refunds_of(session, "10255", customer="C-1001")
    assert (approved.amount, approved.status) == (Decimal("44.90"), RefundStatus.APPROVED)
    with pytest.raises(NoSuchOrder):
        await returns.refunds_of(session, "10177", customer="C-1002")


async def test_a_return_is_received_once_and_paid_once(database, now):
    async with database.write() as session:
        await start(session, "10198", now)
        back = await returns.receive_return(session, LABEL, now=now)
        assert (back.status, back.refund.status) == (ReturnStatus.RECEIVED, RefundStatus.APPROVED)
        order = await orders.get_order(session, "10198", customer=None)
        assert order.status is OrderStatus.RETURNED
        back = await returns.complete_return(session, LABEL, now=now)
        assert (back.status, back.refund.status, back.refund.booked_at) == (
            ReturnStatus.COMPLETED,
            RefundStatus.PAID,
            now,
        )
        for step in (returns.receive_return, returns.complete_return):
            with pytest.raises(ReturnInWrongState):
                await step(session, LABEL, now=now)
        with pytest.raises(NoSuchReturn):
            await returns.receive_return(session, "R-1", now=now)


@given(
    delivered=st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    later=st.timedeltas(timedelta(), timedelta(days=45)),
)
def test_the_window_is_thirty_days_after_the_day_of_delivery(delivered, later):
    last = returns.last_day(delivered)
    assert last - delivered.astimezone(ZONE).date() == timedelta(days=30)
    asked = (delivered + later).astimezone(ZONE).date()
    inside = asked <= last
    assert inside or later > timedelta(days=29)
    assert not inside or later < timedelta(days=31, hours=1)


async def test_the_last_minute_of_the_window_is_amsterdams(session):
    # 10288 was delivered on 7 March; its last day is 6 April, which ends at 22:00 UTC (summer time).
    last_minute = datetime(2026, 4, 6, 21, 59, tzinfo=UTC)
    possible = await returns.returnable(session, "10288", customer="C-1002", now=last_minute)
    assert possible.until == date(2026, 4, 6)
    with pytest.raises(ReturnWindowOver):
        await returns.returnable(session, "10288", customer="C-1002", now=last_minute + timedelta(minutes=1))


async def test_of_many_returns_at_once_one_succeeds(shops, now):
    async with shops[0].write() as session:
        order = await fulfilment.place_order(
            session, {"BAL-1301": 1}, customer="C-1001", payment_method=PaymentMethod.IDEAL, now=now
        )
        for step in (fulfilment.pay_order, fulfilment.ship_order, fulfilment.deliver_order):
            await step(session, order.number, now=now)

    async def attempt(database):
        async with database.write() as session:
            try:
                return (await start(session, order.number, now)).label
            except AlreadyReturned:
                return None

    labels = [label for label in await asyncio.gather(*map(attempt, shops * 2)) if label]
    assert len(labels) == 1
    async with shops[0].read() as session:
        assert len(await returns.refunds_of(session, order.number, customer="C-1001")) == 1
