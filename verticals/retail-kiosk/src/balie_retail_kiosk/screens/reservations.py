"""For staff: what is kept back, and for how long."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from balie.locales import marked
from balie.tui import ConfirmScreen
from balie.tui.screens.records import Column, RecordsScreen, Row, heading
from balie.tui.widgets.facts import Facts
from sqlalchemy.ext.asyncio import AsyncSession
from textual.binding import Binding, BindingType
from textual.widget import Widget

from balie_retail_kiosk.models import Reservation, ReservationStatus
from balie_retail_kiosk.screens.common import RESERVATION_STATES, STAFF, here
from balie_retail_kiosk.services import reservations
from balie_retail_kiosk.services.errors import ReservationUnknown

_TONES = {
    ReservationStatus.COLLECTED: "success",
    ReservationStatus.CANCELLED: "warning",
    ReservationStatus.EXPIRED: "warning",
}


class ReservationsScreen(RecordsScreen):
    """What is kept back now, the next to expire first; any other by its number (RK-8, RK-12)."""

    TITLE = marked("Reservations")
    ROLES = STAFF
    COLUMNS = (
        Column(marked("Number"), 8),
        Column(marked("Until"), 6),
        Column(marked("Status"), 10),
        Column(marked("What")),
    )
    SEARCH = marked("Number of a reservation")
    EMPTY = marked("Nothing is kept back.")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "collect", marked("Handed over")),
        Binding("x", "cancel", marked("Cancel")),
    ]

    async def rows(self, search: str) -> Sequence[Row]:
        """Of this shop; or the one with that number, however far it is."""
        now = self.session.now()
        async with self.session.read() as db:
            if search:
                found = await self._numbered(db, search)
            else:
                found = await reservations.active(db, shop=await here(self.session, db), now=now)
        return [self._row(each) for each in found]

    @staticmethod
    async def _numbered(db: AsyncSession, number: str) -> Sequence[Reservation]:
        try:
            return [await reservations.get(db, number)]
        except ReservationUnknown:
            return []

    def _row(self, reservation: Reservation) -> Row:
        status = reservations.status_at(reservation, self.session.now())
        what = ", ".join(f"{line.quantity} × {line.product.name}" for line in reservation.lines)
        cells = (
            self.cell(reservation.number),
            self.cell(self.session.time(reservation.expires_at)),
            self.cell(self.words(RESERVATION_STATES[status]), _TONES.get(status, "")),
            self.cell(what),
        )
        return Row(reservation.number, cells)

    async def detail(self, key: str) -> Sequence[Widget]:
        """What it holds."""
        session = self.session
        async with session.read() as db:
            reservation = await reservations.get(db, key)
        status = reservations.status_at(reservation, session.now())
        return [
            heading(f"{reservation.number}  {self.words(RESERVATION_STATES[status])}"),
            Facts(
                [
                    (self.words("Shop"), reservation.shop.name),
                    (self.words("Made"), session.moment(reservation.created_at)),
                    (self.words("Until"), session.moment(reservation.expires_at)),
                ]
            ),
            Facts(
                [
                    (f"{line.quantity} ×", f"{line.product.name}  {line.product.sku}")
                    for line in reservation.lines
                ]
            ),
        ]

    def action_collect(self) -> None:
        """It was handed over: it leaves the stock."""
        if self.current is not None:
            self.attempt(partial(self._carry_out, "collect", reservations.collect, self.current))

    def action_cancel(self) -> None:
        """Give it back; asked once more, since nobody can undo it."""
        number = self.current
        if number is None:
            return

        def decided(yes: bool | None) -> None:
            if yes:
                self.attempt(partial(self._carry_out, "cancel", reservations.cancel, number))

        question = self.words(
            "Cancel reservation {number}? What it keeps back can be sold again.", number=number
        )
        self.app.push_screen(ConfirmScreen(question), decided)

    async def _carry_out(
        self, action: str, service: Callable[..., Awaitable[Reservation]], number: str
    ) -> None:
        async def work(db: AsyncSession, now: datetime) -> None:
            await service(db, number, now=now)

        await self.session.act(f"reservation.{action}", f"reservation:{number}", work)
        await self.load()
