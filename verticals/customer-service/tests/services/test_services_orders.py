"""Looking up, cancelling and redirecting orders (CS-1, CS-2), and whose they are (CS-8)."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest
from balie_customer_service.models import OrderStatus, PaymentMethod, RefundStatus
from balie_customer_service.services import fulfilment, orders
from balie_customer_service.services.errors import (
    AddressAbroad,
    AddressIncomplete,
    NoSuchOrder,
    NoSuchProduct,
    OrderAlreadyCancelled,
    OrderAlreadyShipped,
    OrderEmpty,
    OrderInWrongState,
)

pytestmark = pytest.mark.anyio
NEW_HOME = orders.Address("Havenstraat 5", "1012 AB", "Amsterdam")


async def test_an_order_comes_with_everything_about_it(session):
    order = await orders.get_order(session, "10234", customer="C-1001")
    assert order.status is OrderStatus.SHIPPED
    assert order.due_date == date(2026, 3, 12)
    assert [(line.product.name, line.quantity) for line in order.lines] == [
        ("Harbour Indoor Camera", 1),
        ("Harbour Motion Sensor", 2),
    ]
    assert order.shipment.tracking_number == "3SBAL004182736"
    assert [event.text for event in order.shipment.events][-1] == "Sorted at the parcel centre"
    assert order.total == Decimal("129.85")


async def test_an_order_that_came_back_still_names_its_products(session):
    for _again in range(2):
        order = await orders.get_order(session, "10177", customer="C-1001")
        assert [line.product.sku for line in order.lines] == ["BAL-1701", "BAL-1708"]
        assert [line.order_line_id for line in order.returns[0].lines] == [order.lines[0].id]


@pytest.mark.parametrize("number", ["10300", "99999", "", "10234'; --"])
async def test_somebody_elses_order_is_not_there(session, now, number):
    attempts = [
        orders.get_order(session, number, customer="C-1001"),
        orders.cancellable(session, number, customer="C-1001"),
        orders.cancel_order(session, number, customer="C-1001", now=now),
        orders.redirectable(session, number, customer="C-1001"),
        orders.change_address(session, number, NEW_HOME, customer="C-1001", now=now),
    ]
    for attempt in attempts:
        with pytest.raises(NoSuchOrder) as refused:
            await attempt
        assert refused.value.facts == {"number": number}


async def test_staff_sees_every_order(session):
    assert (await orders.get_order(session, "10300", customer=None)).customer.name == "Jonas Becker"
    assert await orders.count_orders(session, customer=None) == 1061


async def test_a_customer_lists_their_own_orders(session):
    mine = await orders.list_orders(session, customer="C-1001")
    assert {order.number for order in mine} == {
        "10234",
        "10240",
        "10198",
        "10177",
        "10156",
        "10252",
        "10255",
    }
    assert mine == sorted(mine, key=lambda order: order.placed_at, reverse=True)
    paid = await orders.list_orders(session, customer="C-1001", statuses=[OrderStatus.PAID])
    assert [order.number for order in paid] == ["10240"]
    assert await orders.list_orders(session, customer="C-1004") == []
    assert await orders.list_orders(session, customer="nobody") == []


async def test_cancelling_a_paid_order_announces_its_refund(database, now):
    async with database.write() as session:
        assert (await orders.cancellable(session, "10240", customer="C-1001")).status is OrderStatus.PAID
        cancelled = await orders.cancel_order(session, "10240", customer="C-1001", now=now)
        assert cancelled.order.status is OrderStatus.CANCELLED
        assert cancelled.order.refunds == [cancelled.refund]
        assert (cancelled.refund.amount, cancelled.refund.status, cancelled.refund.method) == (
            Decimal("89.90"),
            RefundStatus.ANNOUNCED,
            PaymentMethod.IDEAL,
        )
    async with database.write() as session:
        with pytest.raises(OrderAlreadyCancelled) as refused:
            await orders.cancel_order(session, "10240", customer="C-1001", now=now)
        assert refused.value.facts == {"number": "10240", "cancelled_on": date(2026, 3, 10)}


async def test_nothing_comes_back_for_what_was_not_paid(session, now):
    cancelled = await orders.cancel_order(session, "10252", customer="C-1001", now=now)
    assert cancelled.refund is None


@pytest.mark.parametrize(
    ("number", "shipped", "delivered"),
    [("10234", date(2026, 3, 9), None), ("10198", date(2026, 3, 2), date(2026, 3, 4))],
)
async def test_what_has_shipped_is_neither_cancelled_nor_redirected(session, now, number, shipped, delivered):
    for attempt in (
        orders.cancel_order(session, number, customer="C-1001", now=now),
        orders.change_address(session, number, NEW_HOME, customer="C-1001", now=now),
        orders.cancellable(session, number, customer="C-1001"),
    ):
        with pytest.raises(OrderAlreadyShipped) as refused:
            await attempt
        assert refused.value.facts["shipped_on"] == shipped
        assert refused.value.facts["delivered_on"] == delivered
        assert refused.value.facts["tracking"].startswith("3SBAL")


async def test_an_order_goes_to_another_address_and_only_that_order(session, now):
    order = await orders.change_address(session, "10240", NEW_HOME, customer="C-1001", now=now)
    assert (order.street, order.postcode, order.city) == ("Havenstraat 5", "1012 AB", "Amsterdam")
    assert order.recipient == "Marit de Vries"
    assert order.customer.street == "Duinpad 18"
    other = orders.Address(" Dijk  1", "1111aa ", "Delft", "nl", "A. Buur")
    order = await orders.change_address(session, "10240", other, customer=None, now=now)
    assert (order.street, order.postcode, order.country, order.recipient) == (
        "Dijk 1",
        "1111AA",
        "NL",
        "A. Buur",
    )


async def test_an_order_stays_in_its_country(session, now):
    abroad = orders.Address("Hauptstr. 1", "10115", "Berlin", "DE")
    for attempt in (
        orders.redirectable(session, "10240", abroad, customer="C-1001"),
        orders.change_address(session, "10240", abroad, customer="C-1001", now=now),
    ):
        with pytest.raises(AddressAbroad) as refused:
            await attempt
        assert refused.value.facts == {"number": "10240", "country": "NL"}
    german = await orders.change_address(session, "10302", abroad, customer="C-1002", now=now)
    assert (german.city, german.country) == ("Berlin", "DE")
    german = await orders.change_address(session, "10302", NEW_HOME, customer="C-1002", now=now)
    assert german.country == "DE"


@pytest.mark.parametrize(
    ("address", "missing"),
    [
        (orders.Address("", "", ""), ["street", "postcode", "city"]),
        (orders.Address("Havenstraat", "1012 AB", "Amsterdam"), ["house_number"]),
        (orders.Address("Havenstraat 1", " ", "Amsterdam", "Nederland"), ["postcode", "country"]),
    ],
)
async def test_an_incomplete_address_is_refused_before_anything_changes(session, now, address, missing):
    with pytest.raises(AddressIncomplete) as refused:
        await orders.change_address(session, "10240", address, customer="C-1001", now=now)
    assert refused.value.facts == {"missing": missing}


async def test_an_order_is_taken_at_todays_prices(shop, now):
    async with shop.write() as session:
        order = await fulfilment.place_order(
            session,
            {"BAL-1502": 2, "BAL-1408": 1},
            customer="C-1003",
            payment_method=PaymentMethod.CARD,
            now=now,
        )
        assert order.total == Decimal("51.80")  # 2 × 19.95 + 6.95 + 4.95 for sending
        assert order.status is OrderStatus.PENDING_PAYMENT
        assert order.due_date == date(2026, 3, 16)
        assert (order.city, order.recipient) == ("Bremen", "Sofia Lindqvist")
        for basket, error in (({}, OrderEmpty), ({"BAL-1502": 0}, OrderEmpty), ({"X": 1}, NoSuchProduct)):
            with pytest.raises(error):
                await fulfilment.place_order(
                    session, basket, customer="C-1003", payment_method=PaymentMethod.CARD, now=now
                )
        with pytest.raises(OrderInWrongState):
            await fulfilment.deliver_order(session, order.number, now=now)


async def _attempt(database, action):
    async with database.write() as session:
        try:
            return await action(session)
        except (OrderAlreadyCancelled, OrderAlreadyShipped, OrderInWrongState) as error:
            return error


async def test_of_many_cancellations_at_once_one_succeeds(shops, now):
    async with shops[0].write() as session:
        order = await fulfilment.place_order(
            session, {"BAL-1301": 1}, customer="C-1001", payment_method=PaymentMethod.IDEAL, now=now
        )
        await fulfilment.pay_order(session, order.number, now=now)
    results = await asyncio.gather(
        *(
            _attempt(
                door,
                lambda session: orders.cancel_order(session, order.number, customer="C-1001", now=now),
            )
            for door in shops * 2
        )
    )
    assert sum(isinstance(result, orders.Cancelled) for result in results) == 1
    assert sum(isinstance(result, OrderAlreadyCancelled) for result in results) == len(results) - 1
    async with shops[0].read() as session:
        assert len((await orders.get_order(session, order.number, customer=None)).refunds) == 1


async def test_of_cancelling_and_shipping_at_once_one_succeeds(shops, now):
    async with shops[0].write() as session:
        order = await fulfilment.place_order(
            session, {"BAL-1301": 1}, customer="C-1001", payment_method=PaymentMethod.IDEAL, now=now
        )
        await fulfilment.pay_order(session, order.number, now=now)
    cancelled, shipped = await asyncio.gather(
        _attempt(shops[0], lambda s: orders.cancel_order(s, order.number, customer="C-1001", now=now)),
        _attempt(shops[1], lambda s: fulfilment.ship_order(s, order.number, now=now)),
    )
    assert isinstance(cancelled, orders.Cancelled) != (
        getattr(shipped, "status", None) is OrderStatus.SHIPPED
    )


async def test_numbers_are_given_once(shops, now):
    async def place(database):
        async with database.write() as session:
            order = await fulfilment.place_order(
                session, {"BAL-1502": 1}, customer="C-1002", payment_method=PaymentMethod.CARD, now=now
            )
            return order.number

    numbers = await asyncio.gather(*(place(database) for database in shops * 3))
    assert sorted(numbers) == [str(10001 + index) for index in range(12)]
