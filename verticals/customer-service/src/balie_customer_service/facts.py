"""From rows to the facts that replies state."""

import re
from collections.abc import Iterable
from datetime import datetime

from balie.agent import ToolContext

from balie_customer_service import results
from balie_customer_service.models import Customer, Incident, Order, OrderLine, OrderStatus, Severity
from balie_customer_service.resolvers.patterns import SAFETY
from balie_customer_service.services.accounts import scope

_LATE = frozenset({OrderStatus.PAID, OrderStatus.PACKED, OrderStatus.SHIPPED})


def own(ctx: ToolContext) -> str | None:
    """Whose things the caller may reach: a customer their own, staff anybody's (None)."""
    return scope(ctx.caller.role, ctx.caller.identity)


def local(ctx: ToolContext, at: datetime) -> datetime:
    """A time in the shop's zone."""
    return at.astimezone(ctx.timezone)


def items_of(lines: Iterable[OrderLine]) -> list[results.Item]:
    """The lines of an order."""
    return [results.Item(line.quantity, line.product.name, line.amount) for line in lines]


def order_details(ctx: ToolContext, order: Order) -> results.OrderDetails:
    """Everything a reply may say about an order."""
    late = (
        order.status in _LATE and order.due_date is not None and order.due_date < local(ctx, ctx.now).date()
    )
    return results.OrderDetails(
        order=order.number,
        status=order.status,
        items=items_of(order.lines),
        shipping=order.shipping_cost,
        total=order.total,
        placed_on=local(ctx, order.placed_at).date(),
        due=order.due_date,
        overdue=late,
        shipped_on=local(ctx, order.shipped_at).date() if order.shipped_at else None,
        delivered_on=local(ctx, order.delivered_at).date() if order.delivered_at else None,
        cancelled_on=local(ctx, order.cancelled_at).date() if order.cancelled_at else None,
        carrier=order.shipment.carrier if order.shipment else None,
        tracking=order.shipment.tracking_number if order.shipment else None,
    )


def address_line(person: Customer) -> str:
    """Street, postcode and city in a line."""
    return f"{person.street}, {person.postcode} {person.city}"


def phone_ending(phone: str) -> str:
    """The last digits of a number: enough to know it by, not enough to learn it."""
    return re.sub(r"\D", "", phone)[-3:]


def email_hint(email: str) -> str:
    """Enough of an address to know it by (CS-14)."""
    name, _, place = email.partition("@")
    return f"{name[:1]}…@{place}"


def device_name(incident: Incident) -> str:
    """What an incident is about."""
    if incident.device:
        return incident.device.name
    return incident.service.name if incident.service else incident.number


def severity_of(description: str) -> Severity:
    """Critical where somebody could get hurt (CS-5), else medium."""
    return Severity.CRITICAL if SAFETY.search(description) else Severity.MEDIUM
