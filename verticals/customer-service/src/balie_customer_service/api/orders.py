"""Orders and returns."""

from datetime import date, datetime
from typing import Annotated

from balie.api import Limit, Offset, TheCaller, TheDesk
from litestar import Controller, get
from litestar.exceptions import NotFoundException
from litestar.openapi.spec import Example
from litestar.pagination import OffsetPagination
from litestar.params import FromQuery, PathParameter
from msgspec import Struct

from balie_customer_service.api.common import AddressView, Amount, OfCustomer, chosen, own
from balie_customer_service.models import (
    Order,
    OrderStatus,
    PaymentMethod,
    Refund,
    RefundStatus,
    Return,
    ReturnKind,
    ReturnStatus,
    ShipmentStatus,
)
from balie_customer_service.services import orders, returns
from balie_customer_service.services.errors import NoSuchOrder, NoSuchReturn

OrderNumber = Annotated[str, PathParameter(examples=[Example(value="10234")])]
ReturnLabel = Annotated[str, PathParameter(examples=[Example(value="R-50001")])]


class OrderSummary(Struct, frozen=True):
    """An order in a list."""

    number: str
    customer: str
    status: OrderStatus
    placed_at: datetime
    due_date: date | None
    total: Amount

    @classmethod
    def of(cls, order: Order) -> "OrderSummary":
        """Of the row, with its customer."""
        return cls(
            number=order.number,
            customer=order.customer.number,
            status=order.status,
            placed_at=order.placed_at,
            due_date=order.due_date,
            total=Amount(order.total),
        )


class OrderLineView(Struct, frozen=True):
    """A product in an order."""

    sku: str
    product: str
    quantity: int
    unit_price: Amount
    amount: Amount


class Scan(Struct, frozen=True):
    """What the carrier saw of a parcel."""

    at: datetime
    place: str
    text: str


class ShipmentView(Struct, frozen=True):
    """An order's parcel."""

    carrier: str
    tracking_number: str
    status: ShipmentStatus
    scans: list[Scan]


class RefundView(Struct, frozen=True):
    """Money on its way back."""

    amount: Amount
    status: RefundStatus
    method: PaymentMethod
    announced_at: datetime
    booked_at: datetime | None

    @classmethod
    def of(cls, refund: Refund) -> "RefundView":
        """Of the row."""
        return cls(
            amount=Amount(refund.amount),
            status=refund.status,
            method=refund.method,
            announced_at=refund.announced_at,
            booked_at=refund.booked_at,
        )


class ReturnReference(Struct, frozen=True):
    """A return of an order."""

    label: str
    kind: ReturnKind
    status: ReturnStatus


class OrderView(Struct, frozen=True):
    """An order with everything about it."""

    number: str
    customer: str
    status: OrderStatus
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    due_date: date | None
    recipient: str
    address: AddressView
    payment_method: PaymentMethod
    lines: list[OrderLineView]
    shipping_cost: Amount
    total: Amount
    shipment: ShipmentView | None
    returns: list[ReturnReference]
    refunds: list[RefundView]

    @classmethod
    def of(cls, order: Order) -> "OrderView":
        """Of the row, with everything about it."""
        parcel = order.shipment
        return cls(
            number=order.number,
            customer=order.customer.number,
            status=order.status,
            placed_at=order.placed_at,
            paid_at=order.paid_at,
            shipped_at=order.shipped_at,
            delivered_at=order.delivered_at,
            cancelled_at=order.cancelled_at,
            due_date=order.due_date,
            recipient=order.recipient,
            address=AddressView(order.street, order.postcode, order.city, order.country),
            payment_method=order.payment_method,
            lines=[
                OrderLineView(
                    line.product.sku,
                    line.product.name,
                    line.quantity,
                    Amount(line.unit_price),
                    Amount(line.amount),
                )
                for line in order.lines
            ],
            shipping_cost=Amount(order.shipping_cost),
            total=Amount(order.total),
            shipment=ShipmentView(
                parcel.carrier,
                parcel.tracking_number,
                parcel.status,
                [Scan(event.at, event.place, event.text) for event in parcel.events],
            )
            if parcel
            else None,
            returns=[ReturnReference(each.label, each.kind, each.status) for each in order.returns],
            refunds=[RefundView.of(refund) for refund in order.refunds],
        )


class ReturnLineView(Struct, frozen=True):
    """A product on its way back."""

    sku: str
    product: str
    quantity: int
    amount: Amount


class ReturnView(Struct, frozen=True):
    """Products of an order on their way back, under one label."""

    label: str
    order: str
    kind: ReturnKind
    reason: str
    status: ReturnStatus
    requested_at: datetime
    received_at: datetime | None
    send_by: date
    lines: list[ReturnLineView]
    refund: RefundView | None

    @classmethod
    def of(cls, back: Return) -> "ReturnView":
        """Of the row, with its order, lines, products and refund."""
        lines = [each.order_line for each in back.lines]
        return cls(
            label=back.label,
            order=back.order.number,
            kind=back.kind,
            reason=back.reason,
            status=back.status,
            requested_at=back.requested_at,
            received_at=back.received_at,
            send_by=back.send_by,
            lines=[
                ReturnLineView(line.product.sku, line.product.name, line.quantity, Amount(line.amount))
                for line in lines
            ],
            refund=RefundView.of(back.refund) if back.refund else None,
        )


class OrderController(Controller):
    """A customer sees their own orders, staff all of them."""

    path = "/orders"
    tags = ("Orders",)

    @get("/", summary="Orders, the newest first", raises=[NotFoundException])
    async def orders(
        self,
        desk: TheDesk,
        caller: TheCaller,
        customer: OfCustomer = None,
        status: FromQuery[tuple[OrderStatus, ...]] = (),
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> OffsetPagination[OrderSummary]:
        """A page of orders."""
        async with desk.database.read() as session:
            whose = await chosen(session, caller, customer)
            found = await orders.list_orders(
                session, customer=whose, statuses=status, limit=limit, offset=offset
            )
            total = await orders.count_orders(session, customer=whose, statuses=status)
        return OffsetPagination([OrderSummary.of(each) for each in found], limit, offset, total)

    @get("/{number:str}", summary="An order with everything about it")
    async def order(self, desk: TheDesk, caller: TheCaller, number: OrderNumber) -> OrderView:
        """One order."""
        async with desk.database.read() as session:
            return OrderView.of(await orders.get_order(session, number, customer=own(caller)))


class ReturnController(Controller):
    """A customer sees their own returns, staff all of them."""

    path = "/returns"
    tags = ("Orders",)

    @get("/{label:str}", summary="A return by its label")
    async def back(self, desk: TheDesk, caller: TheCaller, label: ReturnLabel) -> ReturnView:
        """One return."""
        mine = own(caller)
        async with desk.database.read() as session:
            back = ReturnView.of(await returns.get_return(session, label))
            try:
                await orders.get_order(session, back.order, customer=mine)
            except NoSuchOrder as error:
                raise NoSuchReturn(label) from error
            return back
