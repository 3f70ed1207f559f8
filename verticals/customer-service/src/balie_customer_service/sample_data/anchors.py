"""What tests, demos and scenarios know by number. Everything else in the sample data may change; this not.

The orders have a series of their own (10156 … 10311), so that they stay what they are whatever else is
made up.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, time

from balie_customer_service.models import (
    OrderStatus,
    PaymentMethod,
    Refund,
    RefundStatus,
    ReturnKind,
)
from balie_customer_service.sample_data.catalogue import CATALOGUE
from balie_customer_service.sample_data.people import Person
from balie_customer_service.sample_data.purchases import (
    Purchase,
    Way,
    add_order,
    add_return,
    add_shipment,
)
from balie_customer_service.sample_data.rows import Rows

RETURN_LABEL = "R-50001"

# order | customer | placed | paid | shipped | delivered | cancelled | due | payment | products
# A moment is the number of days before today and the time of day; due is days from today.
_ORDERS = """
10234 | C-1001 | 4 20:14 | 4 20:15 | 1 16:40 | | | 2 | ideal | BAL-1301 BAL-1402*2
10240 | C-1001 | 2 11:32 | 2 11:33 | | | | 3 | ideal | BAL-1501 BAL-1604
10198 | C-1001 | 9 10:05 | 9 10:06 | 8 15:20 | 6 13:20 | | -6 | ideal | BAL-1801 BAL-1809
10177 | C-1001 | 20 19:47 | 20 19:48 | 19 16:05 | 17 11:52 | | -17 | card | BAL-1701 BAL-1708
10156 | C-1001 | 49 08:31 | 49 08:32 | 48 14:55 | 45 16:38 | | -45 | ideal | BAL-1901
10252 | C-1001 | 1 21:05 | | | | | 4 | bank_transfer | BAL-1403
10255 | C-1001 | 5 12:20 | 5 12:21 | | | 3 09:15 | | ideal | BAL-1806
10300 | C-1002 | 3 17:58 | 3 17:59 | 1 16:42 | | | 1 | paypal | BAL-1606
10302 | C-1002 | 1 18:26 | 1 18:27 | | | | 3 | paypal | BAL-1601*2
10288 | C-1002 | 7 22:10 | 7 22:11 | 6 15:45 | 3 12:08 | | -3 | paypal | BAL-1904
10311 | C-1003 | 1 13:02 | 1 13:03 | | | | 4 | card | BAL-1201
"""

# order | carrier | tracking number | events: days before today, time, place, text
_SHIPMENTS = """
10234 | Noordpost | 3SBAL004182736 | 1 16:40 Rotterdam Handed to the carrier; 1 21:40 Den_Haag Sorted at the parcel centre
10300 | Kustkoerier | 3SBAL004195028 | 1 16:42 Rotterdam Handed to the carrier; 1 22:05 Amersfoort Sorted at the parcel centre
10198 | Noordpost | 3SBAL003917264 | 8 15:20 Rotterdam Handed to the carrier; 7 02:10 Den_Haag Sorted at the parcel centre; 6 08:44 Den_Haag Out for delivery; 6 13:20 Den_Haag Delivered
10177 | Noordpost | 3SBAL003644191 | 19 16:05 Rotterdam Handed to the carrier; 18 03:31 Den_Haag Sorted at the parcel centre; 17 08:20 Den_Haag Out for delivery; 17 11:52 Den_Haag Delivered
10156 | Kustkoerier | 3SBAL003108820 | 48 14:55 Rotterdam Handed to the carrier; 46 01:15 Den_Haag Sorted at the parcel centre; 45 09:02 Den_Haag Out for delivery; 45 16:38 Den_Haag Delivered
10288 | Kustkoerier | 3SBAL004101573 | 6 15:45 Rotterdam Handed to the carrier; 5 04:12 Zwolle On its way to the country of destination; 3 07:55 Hamburg Out for delivery; 3 12:08 Hamburg Delivered
"""  # noqa: E501 - one parcel a line


def add_anchored_orders(
    rows: Rows, products: dict[str, uuid.UUID], people: Sequence[Person]
) -> dict[str, Purchase]:
    """The orders that are known by number, with their shipments, return and refunds."""
    by_number = {person.number: person for person in people}
    by_sku = {product.sku: product for product in CATALOGUE}
    orders: dict[str, Purchase] = {}
    for line in _ORDERS.strip().splitlines():
        number, customer, *moments, due, method, goods = (part.strip() for part in line.split("|"))
        placed, paid, shipped, delivered, cancelled = (
            _moment(rows, moment) if moment else None for moment in moments
        )
        if placed is None:
            raise ValueError(f"order {number} was never placed")
        basket = [
            (by_sku[sku], int(count or 1))
            for sku, _times, count in (each.partition("*") for each in goods.split())
        ]
        orders[number] = add_order(
            rows,
            products,
            by_number[customer],
            number,
            basket,
            Way(placed, paid, shipped, shipped, delivered, cancelled),
            due=rows.at(int(due), time()).date() if due else None,
            payment_method=PaymentMethod(method),
            status=OrderStatus.RETURNED if number == "10177" else None,
        )
    for line in _SHIPMENTS.strip().splitlines():
        number, carrier, tracking, seen = (part.strip() for part in line.split("|"))
        events = []
        for each in seen.split("; "):
            days, clock, place, text = each.split(" ", 3)
            events.append((_moment(rows, f"{days} {clock}"), place.replace("_", " "), text))
        add_shipment(rows, orders[number], carrier, tracking, events)
    _add_money_back(rows, orders)
    return orders


def _add_money_back(rows: Rows, orders: dict[str, Purchase]) -> None:
    vacuum = orders["10177"]
    add_return(
        rows,
        vacuum,
        vacuum.lines[:1],
        RETURN_LABEL,
        kind=ReturnKind.RETURN,
        reason="It gets stuck on the edge of the carpet.",
        requested_at=_moment(rows, "14 20:31"),
        received_at=_moment(rows, "6 10:12"),
        completed_at=_moment(rows, "2 14:00"),
    )
    frother = orders["10255"]
    rows.add(
        Refund,
        order_id=frother.id,
        return_id=None,
        amount=frother.total,
        status=RefundStatus.APPROVED,
        method=frother.payment_method,
        announced_at=_moment(rows, "3 09:15"),
        booked_at=None,
    )


def _moment(rows: Rows, text: str) -> datetime:
    days, _space, clock = text.partition(" ")
    return rows.at(-int(days), time.fromisoformat(clock))
