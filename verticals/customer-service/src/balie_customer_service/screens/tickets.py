"""For staff: the queue of tickets."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from balie.tui import ConfirmScreen, WritingScreen
from balie.tui.screens.records import Column, RecordsScreen, Row, heading
from balie.tui.widgets.facts import Facts
from sqlalchemy.ext.asyncio import AsyncSession
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from balie_customer_service.models import Ticket, TicketStatus
from balie_customer_service.screens.common import PRIORITY_TONES, STAFF, colleague, spoken, ticket_events
from balie_customer_service.services import tickets

MOST = 300
VIEWS = (TicketStatus.OPEN, TicketStatus.WAITING, TicketStatus.SOLVED, TicketStatus.CLOSED)

Change = Callable[[AsyncSession, datetime], Awaitable[Ticket]]


class TicketsScreen(RecordsScreen):
    """Open tickets, the most urgent first, and what staff do with them (CS-5, CS-8)."""

    TITLE = "Tickets"
    ROLES = STAFF
    COLUMNS = (Column("Ticket", 8), Column("Priority", 8), Column("Due", 16), Column("Subject"))
    SEARCH = "Search the open tickets"
    EMPTY = "No ticket here. Nicely done."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "assign", "Take"),
        Binding("r", "answer", "Answer"),
        Binding("n", "note", "Note"),
        Binding("s", "solve", "Solve"),
        Binding("c", "close", "Close"),
        Binding("v", "view", "View"),
        Binding("m", "mine", "Mine"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.view = TicketStatus.OPEN
        self.only_mine = False

    async def rows(self, search: str) -> Sequence[Row]:
        """The queue, or the tickets of another status, as far as they have the words searched for."""
        session = self.session
        async with session.read() as db:
            if self.view is TicketStatus.OPEN:
                found = await tickets.queue(db, limit=MOST)
            else:
                found = await tickets.list_tickets(db, customer=None, statuses=(self.view,), limit=MOST)
        wanted = search.casefold().split()
        return [self._row(ticket) for ticket in found if self._matches(ticket, wanted)]

    def _matches(self, ticket: Ticket, wanted: Sequence[str]) -> bool:
        if self.only_mine and ticket.assigned_to != colleague(self.session):
            return False
        text = f"{ticket.number} {ticket.subject} {ticket.customer.name} {ticket.customer.number}".casefold()
        return all(word in text for word in wanted)

    def _row(self, ticket: Ticket) -> Row:
        late = ticket.status is TicketStatus.OPEN and ticket.due_at < self.session.now()
        cells = (
            self.cell(ticket.number),
            self.cell(ticket.priority, PRIORITY_TONES[ticket.priority]),
            self.cell(self.session.moment(ticket.due_at), "error" if late else ""),
            self.cell(ticket.subject),
        )
        return Row(ticket.number, cells)

    async def detail(self, key: str) -> Sequence[Widget]:
        """Who, about what, by when, and everything that was said and done."""
        session = self.session
        async with session.read() as db:
            ticket = await tickets.get_ticket(db, key, customer=None)
        person = ticket.customer
        return [
            heading(f"{ticket.number}  {ticket.subject}"),
            Facts(
                [
                    ("Customer", f"{person.name}, {person.number}, {person.tier}"),
                    ("Order", ticket.order.number if ticket.order else ""),
                    ("Status", f"{spoken(ticket.status)}, {ticket.priority} priority"),
                    ("Answer by", session.moment(ticket.due_at)),
                    ("Answered", session.moment(ticket.answered_at) if ticket.answered_at else ""),
                    ("Assigned to", ticket.assigned_to or "nobody yet"),
                ]
            ),
            *ticket_events(session, ticket.events),
        ]

    def action_assign(self) -> None:
        """I take care of it."""
        me = colleague(self.session)
        self._change("assign", lambda number: partial(_assign, number=number, me=me))

    def action_answer(self) -> None:
        """Write to the customer."""
        self._write("Answer", "answer", tickets.answer_ticket)

    def action_note(self) -> None:
        """A word to colleagues."""
        self._write("Note for colleagues", "note", tickets.add_note, send="Keep")

    def action_solve(self) -> None:
        """How it was solved."""
        self._write("How it was solved", "solve", tickets.solve_ticket, send="Solve")

    def action_close(self) -> None:
        """Nothing more comes of it; asked once more, since it stays closed."""
        if self.current is None:
            return
        me = colleague(self.session)

        def decided(yes: bool | None) -> None:
            if yes:
                self._change("close", lambda number: partial(_close, number=number, me=me))

        self.app.push_screen(ConfirmScreen(f"Close {self.current}? A closed ticket stays closed."), decided)

    def _write(
        self, title: str, action: str, service: Callable[..., Awaitable[Ticket]], *, send: str = "Send"
    ) -> None:
        if self.current is None:
            return
        me = colleague(self.session)

        def written(text: str | None) -> None:
            if text:
                self._change(action, lambda number: partial(_say, service, number=number, text=text, me=me))

        self.app.push_screen(WritingScreen(f"{title}: {self.current}", send=send), written)

    def _change(self, action: str, change: Callable[[str], Change]) -> None:
        number = self.current
        if number is None:
            return

        async def work() -> None:
            await self.session.act(f"ticket.{action}", f"ticket:{number}", change(number))
            await self.load()

        self.attempt(work)

    def action_view(self) -> None:
        """The tickets of the next status."""
        self.view = VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]
        self._say_what_is_shown()

    def action_mine(self) -> None:
        """Only those assigned to me, or all."""
        self.only_mine = not self.only_mine
        self._say_what_is_shown()

    def _say_what_is_shown(self) -> None:
        mine = "my " if self.only_mine else "the "
        self.query_one(Input).placeholder = f"Search {mine}{spoken(self.view)} tickets  (/)"
        self.action_reload()


async def _assign(db: AsyncSession, now: datetime, *, number: str, me: str) -> Ticket:
    return await tickets.assign_ticket(db, number, me, by=me, now=now)


async def _close(db: AsyncSession, now: datetime, *, number: str, me: str) -> Ticket:
    return await tickets.close_ticket(db, number, by=me, now=now)


async def _say(
    service: Callable[..., Awaitable[Ticket]],
    db: AsyncSession,
    now: datetime,
    *,
    number: str,
    text: str,
    me: str,
) -> Ticket:
    return await service(db, number, text, by=me, now=now)
