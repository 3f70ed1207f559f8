"""Orders: 1,050 made-up ones over the last twelve months, and the way each has gone since.

An order's whole way is planned first, then cut off at the beginning of today: what would have happened
later has not happened yet.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from msgspec import Struct

from balie_customer_service.models import (
    Order,
    OrderLine,
    OrderStatus,
    PaymentMethod,
    Product,
    Refund,
    RefundStatus,
    Return,
    ReturnKind,
    ReturnLine,
    ReturnStatus,
    Shipment,
    ShipmentEvent,
    ShipmentStatus,
)
from balie_customer_service.sample_data.catalogue import CATALOGUE, CatalogueProduct
from balie_customer_service.sample_data.people import Person
from balie_customer_service.sample_data.rows import Rows
from balie_customer_service.services.fulfilment import promised_day, shipping_cost
from balie_customer_service.services.hours import local_day, working_days
from balie_customer_service.services.returns import RETURN_DAYS, SEND_WITHIN, WITHDRAWAL

FIRST_NUMBER = 20001
ORDERS = 1050
FIRST_LABEL = 49001
_DAYS = 365
_CARRIERS = ("Noordpost", "Kustkoerier", "Veldbode")
_DEPOTS = ("Rotterdam", "Amersfoort", "Zwolle", "Eindhoven")
_REASONS = (
    "It does not fit where I wanted to put it.",
    "Changed my mind, it looks different from the pictures.",
    "It makes more noise than I expected.",
    "Ordered the wrong one by mistake.",
    "It stopped working after two days.",
    "The box was damaged and there is a scratch on the side.",
    "It does not work together with what I have at home.",
    "I was given the same as a present.",
    "Arrived too late, I have bought one in a shop.",
)


class Line(Struct, frozen=True):
    """A line of an order."""

    id: uuid.UUID
    product: CatalogueProduct
    quantity: int


class Purchase(Struct, frozen=True):
    """An order, as the other parts of the sample data need it."""

    id: uuid.UUID
    number: str
    person: Person
    status: OrderStatus
    placed_at: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None
    total: Decimal
    payment_method: PaymentMethod
    lines: Sequence[Line]


class Way(Struct, frozen=True):
    """When an order goes through its steps; None is never."""

    placed_at: datetime
    paid_at: datetime | None = None
    packed_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None

    def until(self, cutoff: datetime) -> "Way":
        """What of it has happened before the cutoff."""
        steps = (self.paid_at, self.packed_at, self.shipped_at, self.delivered_at, self.cancelled_at)
        return Way(self.placed_at, *(at if at is not None and at < cutoff else None for at in steps))

    @property
    def status(self) -> OrderStatus:
        """How far the order is."""
        for at, status in (
            (self.cancelled_at, OrderStatus.CANCELLED),
            (self.delivered_at, OrderStatus.DELIVERED),
            (self.shipped_at, OrderStatus.SHIPPED),
            (self.packed_at, OrderStatus.PACKED),
            (self.paid_at, OrderStatus.PAID),
        ):
            if at is not None:
                return status
        return OrderStatus.PENDING_PAYMENT


def add_products(rows: Rows) -> dict[str, uuid.UUID]:
    """The whole catalogue: keys by SKU."""
    names = CatalogueProduct.__struct_fields__
    return {
        product.sku: rows.add(Product, **{name: getattr(product, name) for name in names})
        for product in CATALOGUE
    }


def add_order(
    rows: Rows,
    products: dict[str, uuid.UUID],
    person: Person,
    number: str,
    basket: Sequence[tuple[CatalogueProduct, int]],
    way: Way,
    *,
    due: date | None,
    payment_method: PaymentMethod,
    status: OrderStatus | None = None,
) -> Purchase:
    """One order with its lines; ``status`` where the way alone does not tell it (``returned``)."""
    goods = sum((product.price * count for product, count in basket), Decimal("0.00"))
    status = status or way.status
    times = [at for at in (getattr(way, name) for name in way.__struct_fields__) if at is not None]
    key = rows.add(
        Order,
        number=number,
        customer_id=person.id,
        status=status,
        placed_at=way.placed_at,
        paid_at=way.paid_at,
        shipped_at=way.shipped_at,
        delivered_at=way.delivered_at,
        cancelled_at=way.cancelled_at,
        due_date=None if way.cancelled_at else due,
        recipient=person.name,
        street=person.street,
        postcode=person.postcode,
        city=person.city,
        country=person.country,
        shipping_cost=shipping_cost(goods),
        total=goods + shipping_cost(goods),
        payment_method=payment_method,
        created_at=way.placed_at,
        updated_at=max(times),
    )
    lines = [
        Line(
            rows.add(
                OrderLine,
                order_id=key,
                product_id=products[product.sku],
                position=position,
                quantity=count,
                unit_price=product.price,
            ),
            product,
            count,
        )
        for position, (product, count) in enumerate(basket, start=1)
    ]
    return Purchase(
        key,
        number,
        person,
        status,
        way.placed_at,
        way.shipped_at,
        way.delivered_at,
        goods + shipping_cost(goods),
        payment_method,
        lines,
    )


def add_shipment(
    rows: Rows,
    order: Purchase,
    carrier: str,
    tracking: str,
    events: Sequence[tuple[datetime, str, str]],
) -> None:
    """The parcel of an order that was shipped, with what the carrier saw of it: time, place, text."""
    status = ShipmentStatus.DELIVERED if order.delivered_at else ShipmentStatus.IN_TRANSIT
    key = rows.add(Shipment, order_id=order.id, carrier=carrier, tracking_number=tracking, status=status)
    for at, place, text in events:
        rows.add(ShipmentEvent, shipment_id=key, at=at, place=place, text=text)


def add_return(
    rows: Rows,
    order: Purchase,
    lines: Sequence[Line],
    label: str,
    *,
    kind: ReturnKind,
    reason: str,
    requested_at: datetime,
    received_at: datetime | None,
    completed_at: datetime | None,
) -> None:
    """Lines of an order on their way back, and the refund that comes of it."""
    status = ReturnStatus.ANNOUNCED
    refund = RefundStatus.ANNOUNCED
    if received_at:
        status, refund = ReturnStatus.RECEIVED, RefundStatus.APPROVED
    if completed_at:
        status, refund = ReturnStatus.COMPLETED, RefundStatus.PAID
    key = rows.add(
        Return,
        label=label,
        order_id=order.id,
        kind=kind,
        reason=reason,
        status=status,
        requested_at=requested_at,
        received_at=received_at,
        send_by=local_day(requested_at + SEND_WITHIN),
    )
    for line in lines:
        rows.add(ReturnLine, return_id=key, order_line_id=line.id)
    if kind is ReturnKind.RETURN:
        goods = sum((line.product.price * line.quantity for line in lines), Decimal("0.00"))
        soon = order.delivered_at and local_day(requested_at) <= local_day(order.delivered_at + WITHDRAWAL)
        whole = len(lines) == len(order.lines)
        rows.add(
            Refund,
            order_id=order.id,
            return_id=key,
            amount=order.total if soon and whole else goods,
            status=refund,
            method=order.payment_method,
            announced_at=requested_at,
            booked_at=completed_at,
        )


def add_orders(rows: Rows, products: dict[str, uuid.UUID], people: Sequence[Person]) -> list[Purchase]:
    """The made-up orders, numbered in the order in which they were placed."""
    placed = sorted(
        rows.moment(rows.at(-rows.random.randint(1, _DAYS), time()).date()) for _ in range(ORDERS)
    )
    # Some people buy often, most now and then.
    weights = [rows.random.paretovariate(1.6) for _ in people]
    orders = []
    for index, placed_at in enumerate(placed):
        person = rows.random.choices(people, weights)[0]
        orders.append(_add_order(rows, products, person, index, placed_at))
    _add_returns(rows, orders)
    return orders


def _add_order(
    rows: Rows, products: dict[str, uuid.UUID], person: Person, index: int, placed_at: datetime
) -> Purchase:
    basket = {
        product.sku: (product, 1 if product.price > 60 else rows.random.choice((1, 1, 1, 2, 2, 3)))
        for product in rows.random.choices(CATALOGUE, k=rows.random.choice((1, 1, 1, 2, 2, 3, 4)))
    }
    method = rows.random.choices(list(PaymentMethod), (45, 25, 20, 10))[0]
    whole = _way(rows, placed_at, method, person.country)
    way = whole.until(rows.cutoff)
    due = promised_day(placed_at, person.country)
    # In one of twelve cases the parcel is later than was promised, and everybody knows the new day.
    if way.shipped_at and not way.delivered_at and whole.delivered_at:
        due = local_day(whole.delivered_at)
    elif not way.cancelled_at and not way.delivered_at:
        due = max(due, promised_day(rows.cutoff, person.country))
    order = add_order(
        rows,
        products,
        person,
        str(FIRST_NUMBER + index),
        list(basket.values()),
        way,
        due=due,
        payment_method=method,
    )
    if way.shipped_at:
        add_shipment(
            rows,
            order,
            rows.random.choice(_CARRIERS),
            f"3SBAL{2_000_001 + index:09}",
            [event for event in _events(rows, order, whole) if event[0] < rows.cutoff],
        )
    if way.cancelled_at and way.paid_at:
        booked = way.cancelled_at + timedelta(days=rows.random.randint(2, 5), minutes=11)
        paid = booked < rows.cutoff
        rows.add(
            Refund,
            order_id=order.id,
            return_id=None,
            amount=order.total,
            status=RefundStatus.PAID if paid else RefundStatus.ANNOUNCED,
            method=method,
            announced_at=way.cancelled_at,
            booked_at=booked if paid else None,
        )
    return order


def _way(rows: Rows, placed_at: datetime, method: PaymentMethod, country: str) -> Way:
    chance, between = rows.random.random, rows.random.uniform
    wait = timedelta(days=between(0.6, 4)) if method is PaymentMethod.BANK_TRANSFER else timedelta(minutes=2)
    if chance() < 0.03:
        # Never paid: the shop gives up after a week.
        return Way(placed_at, cancelled_at=placed_at + timedelta(days=7))
    paid_at = placed_at + wait
    if chance() < 0.04:
        return Way(placed_at, paid_at, cancelled_at=paid_at + timedelta(hours=between(0.2, 14)))
    packed_at = rows.moment(_working_day(paid_at + timedelta(hours=14)), 10, 15)
    shipped_at = rows.moment(
        _working_day(packed_at + timedelta(hours=rows.random.choice((0, 0, 12)))), 15, 18
    )
    days = rows.random.randint(1, 2) if country == "NL" else rows.random.randint(2, 3)
    late = rows.random.randint(2, 5) if chance() < 1 / 12 else 0
    delivered_at = rows.moment(_working_day(shipped_at + timedelta(days=days + late)), 9, 18)
    return Way(placed_at, paid_at, packed_at, shipped_at, delivered_at)


def _working_day(moment: datetime) -> date:
    return next(working_days(local_day(moment)))


def _events(rows: Rows, order: Purchase, way: Way) -> list[tuple[datetime, str, str]]:
    if way.shipped_at is None or way.delivered_at is None:
        return []
    depot, city = rows.random.choice(_DEPOTS), order.person.city
    span = way.delivered_at - way.shipped_at
    events = [
        (way.shipped_at, "Rotterdam", "Handed to the carrier"),
        (way.shipped_at + span * 0.3, depot, "Sorted at the parcel centre"),
    ]
    if order.person.country != "NL":
        events.append((way.shipped_at + span * 0.55, depot, "On its way to the country of destination"))
    if span > timedelta(days=3):
        events.append((way.shipped_at + span * 0.6, city, "Delayed: the parcel arrives later than planned"))
    return [
        *events,
        (way.shipped_at + span * 0.9, city, "Out for delivery"),
        (way.delivered_at, city, "Delivered"),
    ]


def spent(orders: Sequence[Purchase]) -> dict[uuid.UUID, Decimal]:
    """What each customer paid for goods that were delivered and kept, in euros."""
    sums: dict[uuid.UUID, Decimal] = defaultdict(Decimal)
    for order in orders:
        if order.status is OrderStatus.DELIVERED:
            sums[order.person.id] += sum(line.product.price * line.quantity for line in order.lines)
    return sums


def _add_returns(rows: Rows, orders: list[Purchase]) -> None:
    chosen = []
    for index, order in enumerate(orders):
        lines = [line for line in order.lines if line.product.returnable]
        if order.delivered_at is None or not lines or rows.random.random() > 0.08:
            continue
        requested = order.delivered_at + timedelta(days=rows.random.uniform(0.2, RETURN_DAYS - 1))
        if requested < rows.cutoff:
            back = lines if rows.random.random() < 0.6 else lines[:1]
            chosen.append((requested, index, back))
    for number, (requested, index, back) in enumerate(sorted(chosen, key=lambda each: each[:2])):
        order = orders[index]
        kind = ReturnKind.EXCHANGE if rows.random.random() < 0.2 else ReturnKind.RETURN
        received: datetime | None = requested + timedelta(days=rows.random.uniform(3, 12))
        completed: datetime | None = requested + timedelta(days=rows.random.uniform(13, 18))
        received = received if received and received < rows.cutoff else None
        completed = completed if completed and completed < rows.cutoff else None
        add_return(
            rows,
            order,
            back,
            f"R-{FIRST_LABEL + number}",
            kind=kind,
            reason=rows.random.choice(_REASONS),
            requested_at=requested,
            received_at=received,
            completed_at=completed,
        )
        everything = len(back) == sum(line.product.returnable for line in order.lines)
        if received and everything and kind is ReturnKind.RETURN:
            row = next(row for row in rows.of(Order) if row["id"] == order.id)
            row["status"] = OrderStatus.RETURNED
            row["updated_at"] = received
