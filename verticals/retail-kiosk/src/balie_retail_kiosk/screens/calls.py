"""For staff: who waits for a colleague, and where."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from balie.locales import marked
from balie.tui.screens.records import Column, RecordsScreen, Row, heading, paragraph
from balie.tui.widgets.facts import Facts
from sqlalchemy.ext.asyncio import AsyncSession
from textual.binding import Binding, BindingType
from textual.widget import Widget

from balie_retail_kiosk.models import CallStatus, StaffCall
from balie_retail_kiosk.screens.common import CALL_STATES, REASONS, STAFF, colleague, here
from balie_retail_kiosk.services import calls

SECONDS = 5.0
"""How often the queue is read again while somebody looks at it."""
LATE_MINUTES = 5
"""Who has waited so long is shown in another colour."""


class CallsScreen(RecordsScreen):
    """The calls that are not closed, longest first (RK-9, RK-12)."""

    TITLE = marked("Calls")
    ROLES = STAFF
    COLUMNS = (
        Column(marked("Since"), 6),
        Column(marked("Where"), 14),
        Column(marked("Why")),
        Column(marked("Who goes"), 10),
    )
    SEARCH = ""
    EMPTY = marked("Nobody waits.")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "take", marked("I go")),
        Binding("c", "close", marked("Done")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._calls: dict[str, StaffCall] = {}

    def on_mount(self) -> None:
        """Somebody may call at any time."""
        self.set_interval(SECONDS, self._look_again)

    def _look_again(self) -> None:
        if self.is_current:
            self.action_reload()

    async def rows(self, search: str) -> Sequence[Row]:
        """Of this shop."""
        async with self.session.read() as db:
            found = await calls.open_calls(db, shop=await here(self.session, db))
        self._calls = {call.number: call for call in found}
        return [self._row(call) for call in found]

    def _row(self, call: StaffCall) -> Row:
        waiting = call.status is CallStatus.WAITING
        minutes = (self.session.now() - call.created_at).total_seconds() / 60
        late = waiting and minutes >= LATE_MINUTES
        cells = (
            self.cell(self.session.time(call.created_at), "error" if late else ""),
            self.cell(call.place),
            self.cell(self.words(REASONS[call.reason])),
            self.cell(call.taken_by or self.words("nobody"), "warning" if waiting else ""),
        )
        return Row(call.number, cells)

    async def detail(self, key: str) -> Sequence[Widget]:
        """What they said."""
        call = self._calls[key]
        return [
            heading(f"{call.number}  {call.place}"),
            Facts(
                [
                    (self.words("Why"), self.words(REASONS[call.reason])),
                    (self.words("Status"), self.words(CALL_STATES[call.status])),
                    (self.words("Since"), self.session.moment(call.created_at)),
                    (self.words("Who goes"), call.taken_by),
                ]
            ),
            paragraph(call.note or self.words("Nothing was said about it.")),
        ]

    def action_take(self) -> None:
        """I go there."""
        self._change("take", calls.take)

    def action_close(self) -> None:
        """It is done, or nobody was there."""
        self._change("close", calls.close)

    def _change(self, action: str, service: Callable[..., Awaitable[StaffCall]]) -> None:
        if self.current is not None:
            self.attempt(partial(self._carry_out, action, service, self.current))

    async def _carry_out(
        self, action: str, service: Callable[..., Awaitable[StaffCall]], number: str
    ) -> None:
        me = colleague(self.session)

        async def work(db: AsyncSession, now: datetime) -> None:
            await service(db, number, by=me, now=now)

        await self.session.act(f"call.{action}", f"call:{number}", work)
        await self.load()
