"""For staff: whom to call, and when."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar
from zoneinfo import ZoneInfo

from balie.tui.screens.records import Column, RecordsScreen, Row, heading, paragraph
from balie.tui.widgets.facts import Facts
from sqlalchemy.ext.asyncio import AsyncSession
from textual.binding import Binding, BindingType
from textual.widget import Widget

from balie_customer_service.models import Callback, CallbackStatus
from balie_customer_service.screens.common import STAFF, colleague
from balie_customer_service.services import callbacks

_TONES = {CallbackStatus.DONE: "success", CallbackStatus.MISSED: "warning"}


class CallbacksScreen(RecordsScreen):
    """Today's calls and the next ones, in order (CS-6, CS-8)."""

    TITLE = "Callbacks"
    ROLES = STAFF
    COLUMNS = (Column("When", 16), Column("Customer", 20), Column("About"), Column("Status", 8))
    SEARCH = "Search the calls"
    EMPTY = "Nobody waits for a call."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "finish(True)", "Called"),
        Binding("x", "finish(False)", "Not reached"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._calls: dict[str, Callback] = {}

    async def rows(self, search: str) -> Sequence[Row]:
        """From this morning on."""
        session = self.session
        midnight = session.now().replace(hour=0, minute=0, second=0, microsecond=0)
        until = midnight + timedelta(days=callbacks.DAYS_AHEAD + 1)
        async with session.read() as db:
            found = await callbacks.list_callbacks(db, customer=None, since=midnight, until=until)
        wanted = search.casefold().split()
        self._calls = {
            f"{callback.starts_at.isoformat()} {callback.customer.number}": callback
            for callback in found
            if all(word in f"{callback.customer.name} {callback.about}".casefold() for word in wanted)
        }
        return [self._row(key, callback) for key, callback in self._calls.items()]

    def _row(self, key: str, callback: Callback) -> Row:
        late = callback.status is CallbackStatus.PLANNED and callback.starts_at < self.session.now()
        cells = (
            self.cell(self.session.moment(callback.starts_at), "error" if late else ""),
            self.cell(callback.customer.name),
            self.cell(callback.about),
            self.cell(callback.status, _TONES.get(callback.status, "")),
        )
        return Row(key, cells)

    async def detail(self, key: str) -> Sequence[Widget]:
        """Whom, at which number, about what."""
        callback = self._calls[key]
        person = callback.customer
        there = callback.starts_at.astimezone(ZoneInfo(person.timezone))
        here = callback.starts_at.astimezone(self.session.desk.timezone)
        elsewhere = there.utcoffset() != here.utcoffset()
        return [
            heading(person.name),
            Facts(
                [
                    ("When", self.session.moment(callback.starts_at)),
                    ("There", f"{there:%H:%M} in {person.timezone}" if elsewhere else ""),
                    ("Telephone", callback.phone),
                    ("Customer", f"{person.number}, {person.tier}"),
                    ("Status", callback.status),
                    ("Called by", callback.assigned_to),
                ]
            ),
            paragraph(callback.about),
        ]

    def action_finish(self, reached: bool) -> None:
        """The customer has been called."""
        if self.current is not None:
            self.attempt(partial(self._finish, self._calls[self.current], reached))

    async def _finish(self, callback: Callback, reached: bool) -> None:
        number, me = callback.customer.number, colleague(self.session)

        async def work(db: AsyncSession, now: datetime) -> None:
            await callbacks.finish_callback(
                db, callback.starts_at, customer=number, reached=reached, by=me, now=now
            )

        action = "callback.done" if reached else "callback.missed"
        await self.session.act(action, f"customer:{number}", work)
        await self.load()
