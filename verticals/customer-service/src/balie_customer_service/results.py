"""What the tools come to: the facts that a reply may state, and nothing else."""

from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct


class Item(Struct, frozen=True):
    """A line of an order."""

    quantity: int
    name: str
    amount: Decimal


class CustomerDetails(Struct, frozen=True):
    """A customer's account; ``mine`` where the customer asks about themselves."""

    customer: str
    name: str
    email: str
    phone: str | None
    address: str
    tier: str
    mine: bool


class OrderLineSummary(Struct, frozen=True):
    """An order in a list."""

    number: str
    status: str
    first_item: str
    more_items: int
    total: Decimal
    placed_on: date


class OrderList(Struct, frozen=True):
    """A customer's latest orders; ``count`` is of all of them."""

    customer: str
    orders: list[OrderLineSummary]
    count: int
    mine: bool


class OrderDetails(Struct, frozen=True):
    """An order: how far it is, what is in it, when it comes. Dates are in the shop's zone."""

    order: str
    status: str
    items: list[Item]
    shipping: Decimal
    total: Decimal
    placed_on: date
    due: date | None = None
    overdue: bool = False
    shipped_on: date | None = None
    delivered_on: date | None = None
    cancelled_on: date | None = None
    carrier: str | None = None
    tracking: str | None = None


class Scan(Struct, frozen=True):
    """What the carrier saw of a parcel."""

    at: datetime
    place: str
    text: str


class ShipmentTracked(Struct, frozen=True):
    """Where a parcel is; ``scans`` latest first. No tracking number: it has not been shipped."""

    order: str
    order_status: str
    status: str | None = None
    carrier: str | None = None
    tracking: str | None = None
    due: date | None = None
    delivered_on: date | None = None
    scans: list[Scan] = []


class CancelPreview(Struct, frozen=True):
    """What would be cancelled."""

    items: list[Item]
    total: Decimal
    paid: bool


class OrderCancelled(Struct, frozen=True):
    """It is cancelled; ``refund`` is what comes back, None where nothing was paid."""

    order: str
    refund: Decimal | None
    method: str | None


class AddressPreview(Struct, frozen=True):
    """Where the order would go."""

    street: str
    postcode: str
    city: str


class AddressChanged(Struct, frozen=True):
    """Where the order goes now."""

    order: str
    street: str
    postcode: str
    city: str


class ReturnPreview(Struct, frozen=True):
    """What would come back, what it cost, and until when it could."""

    items: list[Item]
    amount: Decimal
    until: date
    exchange: bool


class ReturnStarted(Struct, frozen=True):
    """The label to send it back with."""

    order: str
    label: str
    items: list[Item]
    amount: Decimal
    send_by: date
    exchange: bool


class RefundLine(Struct, frozen=True):
    """Money on its way back."""

    amount: Decimal
    status: str
    method: str
    announced_on: date
    booked_on: date | None


class RefundStatus(Struct, frozen=True):
    """The refunds of an order; none means that none is booked (CS-4)."""

    order: str
    refunds: list[RefundLine]


class TicketPreview(Struct, frozen=True):
    """How soon the ticket would be answered (CS-5), and whether somebody could get hurt (CS-11)."""

    ticket_priority: str
    danger: bool


class TicketCreated(Struct, frozen=True):
    """A new ticket, and until when it is answered."""

    ticket: str
    subject: str
    priority: str
    answer_by: datetime


class TicketDetails(Struct, frozen=True):
    """A ticket and the last answer to it."""

    ticket: str
    subject: str
    status: str
    priority: str
    opened_on: date
    answer_by: datetime
    last_answer: str | None
    last_answer_on: date | None


class SlotPreview(Struct, frozen=True):
    """The slot, in the customer's time zone, and the end of the number that is called."""

    start: datetime
    phone_ending: str


class CallbackScheduled(Struct, frozen=True):
    """When somebody calls, in the customer's time zone."""

    customer: str
    start: datetime
    about: str
    phone_ending: str


class PasswordResetSent(Struct, frozen=True):
    """The same for everybody, account or not (CS-7)."""

    minutes: int


class KnowledgeAnswer(Struct, frozen=True):
    """What the knowledge base says, quoted, and where (CS-15). No ``title``: it says nothing about it."""

    question: str
    title: str | None = None
    slug: str | None = None
    quote: str | None = None
    link: str | None = None


class FindingLine(Struct, frozen=True):
    """One thing that diagnostics found."""

    severity: str
    text: str
    advice: str
    article: str | None


class DiagnosticsReport(Struct, frozen=True):
    """How a device or a service is doing."""

    device: str
    name: str
    is_service: bool
    state: str
    since: datetime | None
    findings: list[FindingLine]


class IncidentPreview(Struct, frozen=True):
    """What the incident would be about."""

    name: str


class IncidentCreated(Struct, frozen=True):
    """A new incident."""

    incident: str
    device: str
    name: str
    severity: str


class IncidentDetails(Struct, frozen=True):
    """An incident and how far it is."""

    incident: str
    name: str
    severity: str
    status: str
    reported_on: date
    ticket: str | None


class IncidentLinked(Struct, frozen=True):
    """An incident and the ticket that it belongs to now."""

    incident: str
    ticket: str
