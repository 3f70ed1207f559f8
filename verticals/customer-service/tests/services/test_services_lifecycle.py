"""Whatever is asked of orders, in whatever order: what must always hold, holds."""

import asyncio
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from balie.db import Database
from balie.errors import RuleBroken
from balie_customer_service.models import OrderStatus, PaymentMethod, ReturnKind, ReturnStatus
from balie_customer_service.services import fulfilment, orders, returns
from balie_customer_service.services.errors import (
    AlreadyReturned,
    NoSuchOrder,
    NotReturnable,
    OrderAlreadyCancelled,
    OrderAlreadyShipped,
    OrderInWrongState,
    OrderNotDelivered,
    ReturnInWrongState,
    ReturnWindowOver,
)
from balie_customer_service.services.hours import local_day
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

SKUS = ("BAL-1301", "BAL-1402", "BAL-1809", "BAL-1604")
NOT_RETURNABLE = {"BAL-1809"}
OWNER, OTHER = "C-1001", "C-1002"
BEFORE = {
    "pay": {OrderStatus.PENDING_PAYMENT},
    "pack": {OrderStatus.PAID},
    "ship": {OrderStatus.PAID, OrderStatus.PACKED},
    "deliver": {OrderStatus.SHIPPED},
}
AFTER = {
    "pay": OrderStatus.PAID,
    "pack": OrderStatus.PACKED,
    "ship": OrderStatus.SHIPPED,
    "deliver": OrderStatus.DELIVERED,
}


class Expected:
    """What the test believes about an order."""

    def __init__(self, basket):
        self.basket = basket
        self.status = OrderStatus.PENDING_PAYMENT
        self.paid = False
        self.delivered = None
        self.returns = {}  # label → (kind, skus, status)

    @property
    def under_way(self):
        return {sku for _kind, skus, _status in self.returns.values() for sku in skus}

    def settle(self):
        home = {
            sku
            for kind, skus, status in self.returns.values()
            for sku in skus
            if kind is ReturnKind.RETURN and status is not ReturnStatus.ANNOUNCED
        }
        if self.delivered and set(self.basket) - NOT_RETURNABLE <= home:
            self.status = OrderStatus.RETURNED


class Desk(RuleBasedStateMachine):
    """A shop, its customers and its warehouse, all pulling at the same orders."""

    template: Path
    placed = Bundle("placed")

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "desk.db"
        shutil.copy(self.template, path)
        self.runner = asyncio.Runner()
        self.database = Database(path=path)
        self.now = datetime(2026, 3, 10, 8, tzinfo=UTC)
        self.expected = {}

    def teardown(self):
        self.runner.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()

    def do(self, action, *arguments, **values):
        async def run():
            async with self.database.write() as session:
                return await action(session, *arguments, **values)

        try:
            return self.runner.run(run())
        except RuleBroken as error:
            return error

    @rule(
        target=placed,
        basket=st.dictionaries(st.sampled_from(SKUS), st.integers(1, 3), min_size=1, max_size=3),
    )
    def place(self, basket):
        order = self.do(
            fulfilment.place_order,
            basket,
            customer=OWNER,
            payment_method=PaymentMethod.CARD,
            now=self.now,
        )
        self.expected[order.number] = Expected(basket)
        return order.number

    @rule(number=placed, step=st.sampled_from(sorted(BEFORE)))
    def warehouse(self, number, step):
        expected = self.expected[number]
        result = self.do(getattr(fulfilment, f"{step}_order"), number, now=self.now)
        if expected.status not in BEFORE[step]:
            assert isinstance(result, OrderInWrongState)
            return
        expected.status = AFTER[step]
        expected.paid = True
        if step == "deliver":
            expected.delivered = self.now

    @rule(number=placed, customer=st.sampled_from([OWNER, OTHER, None]))
    def cancel(self, number, customer):
        expected = self.expected[number]
        result = self.do(orders.cancel_order, number, customer=customer, now=self.now)
        if customer == OTHER:
            assert isinstance(result, NoSuchOrder)
        elif expected.status is OrderStatus.CANCELLED:
            assert isinstance(result, OrderAlreadyCancelled)
        elif expected.status not in orders.NOT_SHIPPED:
            assert isinstance(result, OrderAlreadyShipped)
        else:
            assert (result.refund is not None) == expected.paid
            expected.status = OrderStatus.CANCELLED

    @rule(number=placed)
    def redirect(self, number):
        expected = self.expected[number]
        address = orders.Address("Nieuweweg 1", "1000 AA", "Ede")
        result = self.do(orders.change_address, number, address, customer=OWNER, now=self.now)
        if expected.status in orders.NOT_SHIPPED:
            assert result.city == "Ede"
        else:
            assert isinstance(result, OrderAlreadyShipped | OrderAlreadyCancelled)

    @rule(number=placed, kind=st.sampled_from(ReturnKind), one=st.none() | st.sampled_from(SKUS))
    def send_back(self, number, kind, one):
        expected = self.expected[number]
        skus = [one] if one in expected.basket else []
        result = self.do(
            returns.start_return,
            number,
            kind=kind,
            reason="no good",
            skus=skus,
            customer=OWNER,
            now=self.now,
        )
        free = set(skus or expected.basket) - NOT_RETURNABLE - expected.under_way
        if not expected.delivered:
            assert isinstance(result, OrderNotDelivered)
        elif not free:
            assert isinstance(result, AlreadyReturned | NotReturnable)
        elif local_day(self.now) > returns.last_day(expected.delivered):
            assert isinstance(result, ReturnWindowOver)
        else:
            expected.returns[result.label] = (kind, free, ReturnStatus.ANNOUNCED)

    @rule(
        number=placed,
        step=st.sampled_from(
            [
                (returns.receive_return, ReturnStatus.ANNOUNCED, ReturnStatus.RECEIVED),
                (returns.complete_return, ReturnStatus.RECEIVED, ReturnStatus.COMPLETED),
            ]
        ),
    )
    def handle_returns(self, number, step):
        action, before, after = step
        expected = self.expected[number]
        for label, (kind, skus, status) in list(expected.returns.items()):
            result = self.do(action, label, now=self.now)
            if status is before:
                expected.returns[label] = (kind, skus, after)
            else:
                assert isinstance(result, ReturnInWrongState)
        expected.settle()

    @rule(hours=st.integers(1, 24 * 12))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @invariant()
    def every_order_is_as_expected(self):
        async def check():
            async with self.database.read() as session:
                for number, expected in self.expected.items():
                    order = await orders.get_order(session, number, customer=OWNER)
                    check_order(order, expected)

        self.runner.run(check())


def check_order(order, expected):
    assert order.status is expected.status
    assert {line.product.sku: line.quantity for line in order.lines} == expected.basket
    goods = sum(line.amount for line in order.lines)
    assert order.total == goods + order.shipping_cost
    assert order.shipping_cost == fulfilment.shipping_cost(goods)
    times = [order.placed_at, order.paid_at, order.shipped_at, order.delivered_at]
    known = [at for at in times if at is not None]
    assert known == sorted(known)
    assert (order.shipment is not None) == (order.shipped_at is not None)
    assert not (order.cancelled_at and order.shipped_at)
    assert {each.label: each.status for each in order.returns} == {
        label: status for label, (_kind, _skus, status) in expected.returns.items()
    }
    refunded = sum((refund.amount for refund in order.refunds), Decimal(0))
    assert refunded <= order.total
    if order.cancelled_at:
        assert refunded == (order.total if order.paid_at else 0)
    prices = {line.product.sku: line.amount for line in order.lines}
    if not order.cancelled_at:
        money_back = {each.label: each for each in order.returns if each.kind is ReturnKind.RETURN}
        goods_back = sum(prices[sku] for label in money_back for sku in expected.returns[label][1])
        assert refunded in {goods_back, goods_back + order.shipping_cost}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_orders_keep_their_promises(shop_file):
    Desk.template = shop_file
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
