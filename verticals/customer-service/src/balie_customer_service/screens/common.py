"""What the screens of this desk have in common: who sees them, and how states are named and coloured."""

from collections.abc import Iterable

from balie.tui import DeskSession
from balie.tui.widgets.entry import Entry

from balie_customer_service.models import Priority, ShipmentEvent, TicketEvent, TicketEventKind
from balie_customer_service.services.accounts import scope

STAFF = frozenset({"staff", "admin"})
CUSTOMERS = frozenset({"customer"})

PRIORITY_TONES = {Priority.URGENT: "error", Priority.HIGH: "warning", Priority.NORMAL: "", Priority.LOW: ""}
_KIND_TONES = {
    TicketEventKind.ANSWERED: "staff",
    TicketEventKind.ASSIGNED: "staff",
    TicketEventKind.NOTE: "hidden",
    TicketEventKind.SOLVED: "good",
    TicketEventKind.CLOSED: "good",
}


_SPOKEN = {"pending_payment": "to be paid", "ideal": "iDEAL", "paypal": "PayPal"}


def spoken(value: str) -> str:
    """A state or a way of paying, as people say it: in transit."""
    return _SPOKEN.get(value, value.replace("_", " "))


def colleague(session: DeskSession) -> str:
    """The name under which a member of staff does something."""
    return session.caller.identity or str(session.caller.role)


async def own(session: DeskSession) -> str | None:
    """Whose things the person at the screen may see: their own, or everybody's (None) for staff.

    Raises:
        Unauthenticated: a customer of whom nobody knows who it is.
    """
    return scope(session.caller.role, await session.known_as())


def ticket_events(session: DeskSession, events: Iterable[TicketEvent]) -> list[Entry]:
    """What was said and done about a ticket, in order."""
    return [
        Entry(
            session.moment(event.at),
            event.author,
            f"assigned to {event.text}" if event.kind is TicketEventKind.ASSIGNED else spoken(event.kind),
            "" if event.kind is TicketEventKind.ASSIGNED else event.text,
            tone=_KIND_TONES.get(event.kind, ""),
        )
        for event in events
    ]


def shipment_events(session: DeskSession, events: Iterable[ShipmentEvent]) -> list[Entry]:
    """Where a parcel was seen, the latest first."""
    return [Entry(session.moment(event.at), event.place, text=event.text) for event in reversed(list(events))]
