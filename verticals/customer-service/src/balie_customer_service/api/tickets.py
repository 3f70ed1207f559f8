"""Tickets, for the customer who opened one and for the staff who look after it."""

from datetime import datetime
from typing import Annotated, Literal

from balie.agent import Caller
from balie.api import VISIBLE, Limit, Offset, TheCaller, TheDesk, TheWriter
from balie.errors import Forbidden
from litestar import Controller, get, post
from litestar.exceptions import NotFoundException
from litestar.openapi.spec import Example
from litestar.pagination import OffsetPagination
from litestar.params import FromQuery, JSONBody, PathParameter
from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from balie_customer_service.api.common import FOR_A_CUSTOMER, OfCustomer, chosen, own, the_customer
from balie_customer_service.facts import severity_of
from balie_customer_service.models import Priority, Severity, Ticket, TicketEventKind, TicketStatus
from balie_customer_service.services import tickets

TicketNumber = Annotated[str, PathParameter(examples=[Example(value="T-20001")])]


class TicketSummary(Struct, frozen=True):
    """A ticket in a list."""

    number: str
    customer: str
    order: str | None
    subject: str
    status: TicketStatus
    priority: Priority
    assigned_to: str | None
    created_at: datetime
    due_at: Annotated[datetime, Meta(description="Until when a person has answered")]

    @classmethod
    def of(cls, ticket: Ticket) -> "TicketSummary":
        """Of the row, with its customer and order."""
        return cls(
            number=ticket.number,
            customer=ticket.customer.number,
            order=ticket.order.number if ticket.order else None,
            subject=ticket.subject,
            status=ticket.status,
            priority=ticket.priority,
            assigned_to=ticket.assigned_to,
            created_at=ticket.created_at,
            due_at=ticket.due_at,
        )


class TicketEventView(Struct, frozen=True):
    """One thing that was said or done about a ticket."""

    at: datetime
    author: str
    kind: TicketEventKind
    text: str


class TicketView(Struct, frozen=True):
    """A ticket with everything that was said and done; notes among colleagues are for staff only."""

    number: str
    customer: str
    order: str | None
    subject: str
    description: str
    status: TicketStatus
    priority: Priority
    assigned_to: str | None
    created_at: datetime
    due_at: datetime
    answered_at: datetime | None
    solved_at: datetime | None
    events: list[TicketEventView]

    @classmethod
    def of(cls, ticket: Ticket) -> "TicketView":
        """Of the row, with its customer, order and events."""
        return cls(
            number=ticket.number,
            customer=ticket.customer.number,
            order=ticket.order.number if ticket.order else None,
            subject=ticket.subject,
            description=ticket.description,
            status=ticket.status,
            priority=ticket.priority,
            assigned_to=ticket.assigned_to,
            created_at=ticket.created_at,
            due_at=ticket.due_at,
            answered_at=ticket.answered_at,
            solved_at=ticket.solved_at,
            events=[TicketEventView(each.at, each.author, each.kind, each.text) for each in ticket.events],
        )


class NewTicket(Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket to open."""

    subject: Annotated[str, Meta(min_length=1, max_length=tickets.SUBJECT_LENGTH, pattern=VISIBLE)]
    description: Annotated[str, Meta(min_length=1, max_length=4000, pattern=VISIBLE)]
    danger: Annotated[bool, Meta(description="Somebody could get hurt; seen in the description too")] = False
    pressing: Annotated[bool, Meta(description="It can't wait")] = False
    order: Annotated[str | None, Meta(description="The number of the order that it is about")] = None


class NewEvent(Struct, frozen=True, forbid_unknown_fields=True):
    """What is said or done. A customer replies; the others are for staff."""

    kind: Annotated[
        Literal["replied", "answered", "note", "assigned", "solved", "closed"],
        Meta(description="`assigned` names who takes care of it in `text`; `closed` needs no text"),
    ]
    text: Annotated[str, Meta(max_length=4000)] = ""


class TicketController(Controller):
    """A customer sees their own tickets, staff all of them."""

    path = "/tickets"
    tags = ("Tickets and callbacks",)

    @get("/", summary="Tickets, the newest first", raises=[NotFoundException])
    async def tickets(
        self,
        desk: TheDesk,
        caller: TheCaller,
        customer: OfCustomer = None,
        status: FromQuery[tuple[TicketStatus, ...]] = (),
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> OffsetPagination[TicketSummary]:
        """A page of tickets."""
        async with desk.database.read() as session:
            whose = await chosen(session, caller, customer)
            found = await tickets.list_tickets(
                session, customer=whose, statuses=status, limit=limit, offset=offset
            )
            total = await tickets.count_tickets(session, customer=whose, statuses=status)
        return OffsetPagination([TicketSummary.of(each) for each in found], limit, offset, total)

    @get("/queue", summary="For staff: the open tickets, the most urgent first")
    async def queue(
        self, desk: TheDesk, caller: TheCaller, limit: Limit = 50, offset: Offset = 0
    ) -> OffsetPagination[TicketSummary]:
        """What waits for an answer."""
        _for_staff(caller)
        async with desk.database.read() as session:
            found = await tickets.queue(session, limit=limit, offset=offset)
            total = await tickets.count_tickets(session, customer=None, statuses=(TicketStatus.OPEN,))
        return OffsetPagination([TicketSummary.of(each) for each in found], limit, offset, total)

    @post("/", summary="Open a ticket", description=FOR_A_CUSTOMER)
    async def create(self, caller: TheCaller, writer: TheWriter, data: JSONBody[NewTicket]) -> TicketView:
        """Open one."""
        customer = the_customer(caller)

        async def work(session: AsyncSession, now: datetime) -> TicketView:
            opened = await tickets.create_ticket(
                session,
                customer=customer,
                subject=data.subject,
                description=data.description,
                danger=data.danger or severity_of(data.description) is Severity.CRITICAL,
                pressing=data.pressing,
                order=data.order,
                now=now,
            )
            return TicketView.of(opened)

        return await writer.run("create_ticket", data, work, result=TicketView, subject=_subject)

    @get("/{number:str}", summary="A ticket with everything about it")
    async def ticket(self, desk: TheDesk, caller: TheCaller, number: TicketNumber) -> TicketView:
        """One ticket."""
        async with desk.database.read() as session:
            return TicketView.of(await tickets.get_ticket(session, number, customer=own(caller)))

    @post("/{number:str}/events", summary="Say or do something about a ticket")
    async def event(
        self, caller: TheCaller, writer: TheWriter, number: TicketNumber, data: JSONBody[NewEvent]
    ) -> TicketView:
        """Say or do something."""
        mine = own(caller)
        if (mine is None) == (data.kind == "replied"):
            raise Forbidden("A customer replies, staff do everything else.")
        by = caller.identity or caller.role

        async def work(session: AsyncSession, now: datetime) -> TicketView:
            return TicketView.of(await _do(session, number, data, customer=mine or "", by=by, now=now))

        asked = {"number": number, "event": data}
        return await writer.run(f"ticket_{data.kind}", asked, work, result=TicketView, subject=_subject)


async def _do(
    session: AsyncSession, number: str, event: NewEvent, *, customer: str, by: str, now: datetime
) -> Ticket:
    match event.kind:
        case "replied":
            return await tickets.reply_to_ticket(session, number, event.text, customer=customer, now=now)
        case "answered":
            return await tickets.answer_ticket(session, number, event.text, by=by, now=now)
        case "note":
            return await tickets.add_note(session, number, event.text, by=by, now=now)
        case "assigned":
            return await tickets.assign_ticket(session, number, event.text, by=by, now=now)
        case "solved":
            return await tickets.solve_ticket(session, number, event.text, by=by, now=now)
        case "closed":
            return await tickets.close_ticket(session, number, by=by, now=now)


def _for_staff(caller: Caller) -> None:
    if not caller.is_staff:
        raise Forbidden("This is for staff.")


def _subject(ticket: TicketView) -> str:
    return f"ticket:{ticket.number}"
