"""The tables of the service desk, alike on SQLite and PostgreSQL.

A customer buys *products* in *orders*; an order travels as a *shipment* and comes back as a *return*,
which ends in a *refund*. What a person has to look at is a *ticket* or a *callback*. What a customer
has at home is a *device*; what breaks there, or in a *service* of the shop, is an *incident*. *Articles*
answer what is asked often.

Every rule that must hold under concurrent writers is a constraint here: a line is returned once
(``return_lines.order_line_id``), a callback slot has three places (``callbacks.starts_at, place``), a
refund belongs to one return. Relationships never load by themselves (``lazy="raise"``): a service says
what it needs.
"""

from balie_customer_service.models.base import (
    Base,
    Counter,
)
from balie_customer_service.models.desk import (
    CALLBACK_PLACES,
    Callback,
    PasswordReset,
    Ticket,
    TicketEvent,
)
from balie_customer_service.models.kinds import (
    Audience,
    CallbackStatus,
    IncidentStatus,
    OrderStatus,
    PaymentMethod,
    Priority,
    ProductKind,
    RefundStatus,
    ReturnKind,
    ReturnStatus,
    ServiceStatus,
    Severity,
    ShipmentStatus,
    TicketEventKind,
    TicketStatus,
    Tier,
)
from balie_customer_service.models.knowledge import (
    Article,
    Passage,
)
from balie_customer_service.models.shop import (
    Customer,
    Order,
    OrderLine,
    Product,
    Refund,
    Return,
    ReturnLine,
    Shipment,
    ShipmentEvent,
)
from balie_customer_service.models.technical import (
    Device,
    Incident,
    Service,
)

__all__ = [
    "CALLBACK_PLACES",
    "Article",
    "Audience",
    "Base",
    "Callback",
    "CallbackStatus",
    "Counter",
    "Customer",
    "Device",
    "Incident",
    "IncidentStatus",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Passage",
    "PasswordReset",
    "PaymentMethod",
    "Priority",
    "Product",
    "ProductKind",
    "Refund",
    "RefundStatus",
    "Return",
    "ReturnKind",
    "ReturnLine",
    "ReturnStatus",
    "Service",
    "ServiceStatus",
    "Severity",
    "Shipment",
    "ShipmentEvent",
    "ShipmentStatus",
    "Ticket",
    "TicketEvent",
    "TicketEventKind",
    "TicketStatus",
    "Tier",
]
