"""Tickets: what a customer wants a person to look at (CS-5), and what the people do with it (CS-8)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from balie.db import new_id
from sqlalchemy import Select, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from balie_customer_service.models import (
    Order,
    Priority,
    Ticket,
    TicketEvent,
    TicketEventKind,
    TicketStatus,
    Tier,
)
from balie_customer_service.services.accounts import belongs_to, get_customer
from balie_customer_service.services.errors import NoSuchOrder, NoSuchTicket, TextMissing, TicketClosed
from balie_customer_service.services.hours import after_working_time, local_day
from balie_customer_service.services.numbers import Series, next_number

SUBJECT_LENGTH = 120
FIRST_ANSWER: dict[Tier, timedelta] = {
    Tier.STANDARD: timedelta(hours=8),
    Tier.SILVER: timedelta(hours=4),
    Tier.GOLD: timedelta(hours=2),
}
"""Within how much working time a person answers (CS-5)."""

FIRST_ANSWER_IN_DANGER = timedelta(hours=1)
"""The same, for everybody, where somebody could get hurt (CS-5)."""

_WITH_PEOPLE = (joinedload(Ticket.customer, innerjoin=True), joinedload(Ticket.order))
_TO_DO = (TicketStatus.OPEN, TicketStatus.WAITING)
_RANK = case(
    {priority: rank for rank, priority in enumerate(reversed(Priority))},
    value=Ticket.priority,
    else_=len(Priority),
)


def priority_for(tier: Tier, *, danger: bool = False, pressing: bool = False) -> Priority:
    """The priority of a new ticket (CS-5).

    Args:
        danger: somebody could get hurt: smoke, fire, shock, overheating.
        pressing: the matter can't wait.
    """
    if danger:
        return Priority.URGENT
    if tier is Tier.GOLD or (tier is Tier.SILVER and pressing):
        return Priority.HIGH
    return Priority.NORMAL


def first_answer(tier: Tier, *, danger: bool = False) -> timedelta:
    """Within how much working time a person answers (CS-5)."""
    return FIRST_ANSWER_IN_DANGER if danger else FIRST_ANSWER[tier]


def due_at(tier: Tier, opened_at: datetime, *, danger: bool = False) -> datetime:
    """By when (UTC, within opening hours) a person has answered (CS-5)."""
    return after_working_time(opened_at, first_answer(tier, danger=danger))


async def get_ticket(session: AsyncSession, number: str, *, customer: str | None) -> Ticket:
    """A ticket with its customer, order and events; notes among colleagues are in it for staff only (CS-8).

    Raises:
        NoSuchTicket: it is not there, or not this customer's (CS-9).
    """
    events = (
        Ticket.events if customer is None else Ticket.events.and_(TicketEvent.kind != TicketEventKind.NOTE)
    )
    ticket = await session.scalar(
        select(Ticket)
        .where(Ticket.number == number, *belongs_to(Ticket.customer_id, customer))
        .options(*_WITH_PEOPLE, selectinload(events))
        .execution_options(populate_existing=True)
    )
    if ticket is None:
        raise NoSuchTicket(number)
    return ticket


async def list_tickets(
    session: AsyncSession,
    *,
    customer: str | None,
    statuses: Collection[TicketStatus] = (),
    limit: int = 20,
    offset: int = 0,
) -> Sequence[Ticket]:
    """Tickets with their customers, the newest first; of everybody where ``customer`` is None."""
    chosen = (
        _chosen(customer, statuses)
        .options(*_WITH_PEOPLE)
        .order_by(Ticket.created_at.desc(), Ticket.number.desc())
        .limit(limit)
        .offset(offset)
    )
    return (await session.scalars(chosen)).all()


async def count_tickets(
    session: AsyncSession, *, customer: str | None, statuses: Collection[TicketStatus] = ()
) -> int:
    """How many :func:`list_tickets` would give without a limit."""
    return await session.scalar(_chosen(customer, statuses).with_only_columns(func.count(Ticket.id))) or 0


async def queue(
    session: AsyncSession, *, assigned_to: str | None = None, limit: int = 50, offset: int = 0
) -> Sequence[Ticket]:
    """For staff: the open tickets, the most urgent first, then by when an answer is due (CS-5)."""
    chosen = (
        select(Ticket)
        .where(Ticket.status == TicketStatus.OPEN)
        .options(*_WITH_PEOPLE)
        .order_by(_RANK, Ticket.due_at, Ticket.number)
        .limit(limit)
        .offset(offset)
    )
    if assigned_to is not None:
        chosen = chosen.where(Ticket.assigned_to == assigned_to)
    return (await session.scalars(chosen)).all()


def _chosen(customer: str | None, statuses: Collection[TicketStatus]) -> Select[Ticket]:
    chosen = select(Ticket).where(*belongs_to(Ticket.customer_id, customer))
    return chosen.where(Ticket.status.in_(statuses)) if statuses else chosen


async def create_ticket(
    session: AsyncSession,
    *,
    customer: str,
    subject: str,
    description: str,
    danger: bool = False,
    pressing: bool = False,
    order: str | None = None,
    now: datetime,
) -> Ticket:
    """Open a ticket for a customer, about one of their orders or about anything (CS-5).

    ``danger`` and ``pressing`` are those of :func:`priority_for`.

    Raises:
        TextMissing, NoSuchCustomer, NoSuchOrder
    """
    description = description.strip()
    subject = " ".join(subject.split())[:SUBJECT_LENGTH]
    if not description:
        raise TextMissing("description")
    if not subject:
        raise TextMissing("subject")
    person = await get_customer(session, customer, customer=customer)
    order_id = None
    if order is not None:
        order_id = await session.scalar(
            select(Order.id).where(Order.number == order, Order.customer_id == person.id)
        )
        if order_id is None:
            raise NoSuchOrder(order)
    number = await next_number(session, Series.TICKET)
    opened = TicketEvent(at=now, author=person.name, kind=TicketEventKind.OPENED, text=description)
    session.add(
        Ticket(
            id=new_id(),
            number=number,
            customer_id=person.id,
            order_id=order_id,
            subject=subject,
            description=description,
            priority=priority_for(person.tier, danger=danger, pressing=pressing),
            status=TicketStatus.OPEN,
            due_at=due_at(person.tier, now, danger=danger),
            created_at=now,
            updated_at=now,
            events=[opened],
        )
    )
    await session.flush()
    return await get_ticket(session, number, customer=customer)


async def reply_to_ticket(
    session: AsyncSession, number: str, text: str, *, customer: str, now: datetime
) -> Ticket:
    """The customer adds something; a ticket that waited for it, or was solved, is open again.

    Raises:
        TextMissing, NoSuchTicket, TicketClosed
    """
    text = _required(text, "message")
    ticket = await _change(
        session,
        number,
        (TicketStatus.OPEN, TicketStatus.WAITING, TicketStatus.SOLVED),
        customer,
        status=TicketStatus.OPEN,
        solved_at=None,
        updated_at=now,
    )
    return await _record(session, ticket, ticket.customer.name, TicketEventKind.REPLIED, text, customer, now)


async def assign_ticket(session: AsyncSession, number: str, to: str, *, by: str, now: datetime) -> Ticket:
    """For staff: somebody takes care of it (CS-8).

    Raises:
        TextMissing, NoSuchTicket, TicketClosed
    """
    to = _required(to, "name")
    ticket = await _change(session, number, _TO_DO, None, assigned_to=to, updated_at=now)
    return await _record(session, ticket, by, TicketEventKind.ASSIGNED, to, None, now)


async def answer_ticket(session: AsyncSession, number: str, text: str, *, by: str, now: datetime) -> Ticket:
    """For staff: answer the customer; the ticket waits for them, and the first answer's time is kept (CS-8).

    Raises:
        TextMissing, NoSuchTicket, TicketClosed
    """
    text = _required(text, "answer")
    ticket = await _change(
        session,
        number,
        _TO_DO,
        None,
        status=TicketStatus.WAITING,
        answered_at=func.coalesce(Ticket.answered_at, now),
        assigned_to=func.coalesce(Ticket.assigned_to, by),
        updated_at=now,
    )
    return await _record(session, ticket, by, TicketEventKind.ANSWERED, text, None, now)


async def add_note(session: AsyncSession, number: str, text: str, *, by: str, now: datetime) -> Ticket:
    """For staff: a word to colleagues, which the customer never sees (CS-8).

    Raises:
        TextMissing, NoSuchTicket, TicketClosed
    """
    text = _required(text, "note")
    ticket = await _change(session, number, (*_TO_DO, TicketStatus.SOLVED), None, updated_at=now)
    return await _record(session, ticket, by, TicketEventKind.NOTE, text, None, now)


async def set_priority(
    session: AsyncSession, number: str, priority: Priority, *, by: str, now: datetime
) -> Ticket:
    """For staff: another priority than CS-5 gives (CS-8). When the first answer is due stays.

    Raises:
        NoSuchTicket, TicketClosed
    """
    ticket = await _change(session, number, _TO_DO, None, priority=priority, updated_at=now)
    return await _record(session, ticket, by, TicketEventKind.NOTE, f"priority: {priority}", None, now)


async def solve_ticket(session: AsyncSession, number: str, text: str, *, by: str, now: datetime) -> Ticket:
    """For staff: it is solved, and how; the customer's next word opens it again (CS-8).

    Raises:
        TextMissing, NoSuchTicket, TicketClosed
    """
    text = _required(text, "solution")
    ticket = await _change(
        session, number, _TO_DO, None, status=TicketStatus.SOLVED, solved_at=now, updated_at=now
    )
    return await _record(session, ticket, by, TicketEventKind.SOLVED, text, None, now)


async def close_ticket(session: AsyncSession, number: str, *, by: str, now: datetime) -> Ticket:
    """For staff: nothing more comes of it (CS-8). A closed ticket stays closed.

    Raises:
        NoSuchTicket, TicketClosed
    """
    ticket = await _change(
        session,
        number,
        (*_TO_DO, TicketStatus.SOLVED),
        None,
        status=TicketStatus.CLOSED,
        solved_at=func.coalesce(Ticket.solved_at, now),
        updated_at=now,
    )
    return await _record(session, ticket, by, TicketEventKind.CLOSED, "", None, now)


def _required(text: str, field: str) -> str:
    if not text.strip():
        raise TextMissing(field)
    return text.strip()


async def _change(
    session: AsyncSession,
    number: str,
    before: Collection[TicketStatus],
    customer: str | None,
    **values: Any,
) -> Ticket:
    changed = await session.scalar(
        update(Ticket)
        .where(Ticket.number == number, Ticket.status.in_(before), *belongs_to(Ticket.customer_id, customer))
        .values(**values)
        .returning(Ticket.id)
        .execution_options(synchronize_session=False)
    )
    ticket = await get_ticket(session, number, customer=customer)
    if changed is None:
        raise TicketClosed(number, local_day(ticket.solved_at or ticket.updated_at))
    return ticket


async def _record(
    session: AsyncSession,
    ticket: Ticket,
    author: str,
    kind: TicketEventKind,
    text: str,
    customer: str | None,
    now: datetime,
) -> Ticket:
    session.add(TicketEvent(ticket_id=ticket.id, at=now, author=author, kind=kind, text=text))
    await session.flush()
    return await get_ticket(session, ticket.number, customer=customer)
