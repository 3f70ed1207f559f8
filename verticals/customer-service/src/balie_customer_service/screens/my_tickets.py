"""For customers: their tickets."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from balie.tui import WritingScreen
from balie.tui.screens.records import Column, RecordsScreen, Row, heading
from balie.tui.widgets.facts import Facts
from sqlalchemy.ext.asyncio import AsyncSession
from textual.binding import Binding, BindingType
from textual.widget import Widget

from balie_customer_service.models import TicketStatus
from balie_customer_service.screens.common import CUSTOMERS, own, spoken, ticket_events
from balie_customer_service.services import tickets

MOST = 100
_TONES = {TicketStatus.WAITING: "warning", TicketStatus.SOLVED: "success"}


class MyTicketsScreen(RecordsScreen):
    """What was reported, and what the shop answered."""

    TITLE = "My tickets"
    ROLES = CUSTOMERS
    COLUMNS = (Column("Ticket", 8), Column("Opened", 10), Column("Status", 8), Column("Subject"))
    SEARCH = ""
    EMPTY = "No tickets. Tell the desk (F2) if something is wrong."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "reply", "Reply"),
        Binding("t", "talk", "Talk about it"),
    ]

    async def rows(self, search: str) -> Sequence[Row]:
        """The newest first."""
        customer = await own(self.session)
        async with self.session.read() as db:
            found = await tickets.list_tickets(db, customer=customer, limit=MOST)
        return [
            Row(
                ticket.number,
                (
                    self.cell(ticket.number),
                    self.cell(self.session.day(ticket.created_at)),
                    self.cell(ticket.status, _TONES.get(ticket.status, "")),
                    self.cell(ticket.subject),
                ),
            )
            for ticket in found
        ]

    async def detail(self, key: str) -> Sequence[Widget]:
        """What was said about it; what colleagues noted among themselves stays with them."""
        session = self.session
        customer = await own(session)
        async with session.read() as db:
            ticket = await tickets.get_ticket(db, key, customer=customer)
        return [
            heading(f"{ticket.number}  {ticket.subject}"),
            Facts(
                [
                    ("Status", f"{spoken(ticket.status)}, {ticket.priority} priority"),
                    ("Order", ticket.order.number if ticket.order else ""),
                    ("Answer by", session.moment(ticket.due_at) if ticket.answered_at is None else ""),
                ]
            ),
            *ticket_events(session, ticket.events),
        ]

    def action_reply(self) -> None:
        """Add something; a ticket that waited for it is open again."""
        if self.current is None:
            return
        number = self.current

        def written(text: str | None) -> None:
            if text:
                self.attempt(partial(self._reply, number, text))

        self.app.push_screen(WritingScreen(f"Reply to {number}"), written)

    async def _reply(self, number: str, text: str) -> None:
        customer = await own(self.session)
        if customer is None:
            return  # staff answer on their own screen

        async def work(db: AsyncSession, now: datetime) -> None:
            await tickets.reply_to_ticket(db, number, text, customer=customer, now=now)

        await self.session.act("ticket.reply", f"ticket:{number}", work)
        await self.load()

    async def action_talk(self) -> None:
        """To the desk, about this ticket."""
        if self.current is not None:
            await self.desk_app.talk_about(f"About ticket {self.current}: ")
