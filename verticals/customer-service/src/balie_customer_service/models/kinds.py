"""The closed sets of values."""

import enum


class Tier(enum.StrEnum):
    """How much a customer has bought here; it sets a ticket's priority (CS-5)."""

    STANDARD = "standard"
    SILVER = "silver"
    GOLD = "gold"


class OrderStatus(enum.StrEnum):
    """How far an order is."""

    PENDING_PAYMENT = "pending_payment"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class PaymentMethod(enum.StrEnum):
    """How an order is paid, and by which way a refund goes back."""

    IDEAL = "ideal"
    CARD = "card"
    PAYPAL = "paypal"
    BANK_TRANSFER = "bank_transfer"


class ProductKind(enum.StrEnum):
    """What a product is: a ``smart`` one registers as a device, a ``consumable`` is used up."""

    SMART = "smart"
    APPLIANCE = "appliance"
    ACCESSORY = "accessory"
    CONSUMABLE = "consumable"


class ShipmentStatus(enum.StrEnum):
    """Where a parcel is."""

    ANNOUNCED = "announced"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"


class ReturnKind(enum.StrEnum):
    """Money back, or the same again."""

    RETURN = "return"
    EXCHANGE = "exchange"


class ReturnStatus(enum.StrEnum):
    """How far a return is."""

    ANNOUNCED = "announced"
    RECEIVED = "received"
    COMPLETED = "completed"


class RefundStatus(enum.StrEnum):
    """How far a refund is; ``paid`` has left the shop's account."""

    ANNOUNCED = "announced"
    APPROVED = "approved"
    PAID = "paid"


class Priority(enum.StrEnum):
    """How soon a ticket is answered (CS-5)."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class TicketStatus(enum.StrEnum):
    """``waiting`` is for the customer's answer; a ``closed`` ticket stays closed."""

    OPEN = "open"
    WAITING = "waiting"
    SOLVED = "solved"
    CLOSED = "closed"


class TicketEventKind(enum.StrEnum):
    """What happened to a ticket; a ``note`` is for colleagues only."""

    OPENED = "opened"
    ANSWERED = "answered"
    REPLIED = "replied"
    NOTE = "note"
    ASSIGNED = "assigned"
    SOLVED = "solved"
    CLOSED = "closed"


class CallbackStatus(enum.StrEnum):
    """Whether the customer has been called."""

    PLANNED = "planned"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Audience(enum.StrEnum):
    """Who may read an article."""

    CUSTOMER = "customer"
    STAFF = "staff"


class ServiceStatus(enum.StrEnum):
    """How a service of the shop is doing."""

    OPERATIONAL = "operational"
    DEGRADED = "degraded"
    OUTAGE = "outage"
    MAINTENANCE = "maintenance"


class Severity(enum.StrEnum):
    """How much an incident hinders; ``critical`` is unsafe or stops everything."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class IncidentStatus(enum.StrEnum):
    """How far an incident is."""

    OPEN = "open"
    INVESTIGATING = "investigating"
    RESOLVED = "resolved"
