"""For customers: their orders."""

from collections.abc import Sequence
from typing import ClassVar

from balie.tui.screens.records import Column, RecordsScreen, Row, heading
from balie.tui.widgets.entry import Entry
from balie.tui.widgets.facts import Facts
from textual.binding import Binding, BindingType
from textual.widget import Widget

from balie_customer_service.models import Order, OrderStatus
from balie_customer_service.screens.common import CUSTOMERS, own, shipment_events, spoken
from balie_customer_service.services import orders

MOST = 100
_TONES = {
    OrderStatus.PENDING_PAYMENT: "warning",
    OrderStatus.SHIPPED: "primary",
    OrderStatus.DELIVERED: "success",
}


class MyOrdersScreen(RecordsScreen):
    """What was ordered, what is in it, where the parcel is."""

    TITLE = "My orders"
    ROLES = CUSTOMERS
    COLUMNS = (
        Column("Order", 6),
        Column("Placed", 10),
        Column("Status", 10),
        Column("Total", 8),
        Column("What"),
    )
    SEARCH = "Search my orders"
    EMPTY = "No orders here."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("t", "talk", "Talk about it")]

    async def rows(self, search: str) -> Sequence[Row]:
        """The newest first."""
        customer = await own(self.session)
        async with self.session.read() as db:
            found = await orders.list_orders(db, customer=customer, limit=MOST)
        wanted = search.casefold().split()
        rows = [(order, ", ".join(line.product.name for line in order.lines)) for order in found]
        return [
            self._row(order, what)
            for order, what in rows
            if all(word in f"{order.number} {what} {spoken(order.status)}".casefold() for word in wanted)
        ]

    def _row(self, order: Order, what: str) -> Row:
        cells = (
            self.cell(order.number),
            self.cell(self.session.day(order.placed_at)),
            self.cell(spoken(order.status), _TONES.get(order.status, "")),
            self.cell(self.session.money(order.total)),
            self.cell(what),
        )
        return Row(order.number, cells)

    async def detail(self, key: str) -> Sequence[Widget]:
        """Everything about an order."""
        session = self.session
        customer = await own(session)
        async with session.read() as db:
            order = await orders.get_order(db, key, customer=customer)
        parcel = order.shipment
        dates = (
            ("Placed", order.placed_at),
            ("Due", order.due_date if order.delivered_at is None else None),
            ("Delivered", order.delivered_at),
            ("Cancelled", order.cancelled_at),
        )
        widgets: list[Widget] = [
            heading(f"Order {order.number}  {spoken(order.status)}"),
            Facts([(label, session.day(value) if value else "") for label, value in dates]),
            Facts(
                [
                    *(
                        (f"{line.quantity} ×", f"{line.product.name}  {session.money(line.amount)}")
                        for line in order.lines
                    ),
                    ("", ""),
                    ("Shipping", session.money(order.shipping_cost)),
                    ("Total", f"{session.money(order.total)}  {spoken(order.payment_method)}"),
                    ("To", f"{order.recipient}, {order.street}, {order.postcode} {order.city}"),
                ]
            ),
        ]
        widgets += [
            Entry(
                session.day(each.requested_at), each.label, f"{each.kind} {spoken(each.status)}", each.reason
            )
            for each in order.returns
        ]
        widgets += [
            Entry(
                session.day(each.booked_at or each.announced_at),
                "Refund",
                spoken(each.status),
                f"{session.money(each.amount)} by {spoken(each.method)}",
                tone="good",
            )
            for each in order.refunds
        ]
        if parcel is not None:
            widgets += [
                heading(f"{parcel.carrier}  {parcel.tracking_number}"),
                *shipment_events(session, parcel.events),
            ]
        return widgets

    async def action_talk(self) -> None:
        """To the desk, about this order."""
        if self.current is not None:
            await self.desk_app.talk_about(f"About order {self.current}: ")
