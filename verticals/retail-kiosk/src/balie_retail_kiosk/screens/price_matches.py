"""For staff: lower prices that somebody has seen elsewhere."""

from collections.abc import Sequence
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

from balie_retail_kiosk.models import PriceMatch
from balie_retail_kiosk.screens.common import MATCH_STATES, STAFF, colleague, here
from balie_retail_kiosk.services import price_matches


class PriceMatchesScreen(RecordsScreen):
    """What is still to be decided, oldest first (RK-10, RK-12)."""

    TITLE = marked("Price matches")
    ROLES = STAFF
    COLUMNS = (
        Column(marked("Number"), 6),
        Column(marked("Product")),
        Column(marked("There"), 9),
        Column(marked("Here"), 9),
    )
    SEARCH = ""
    EMPTY = marked("No price match is asked for.")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "decide(True)", marked("Approve")),
        Binding("d", "decide(False)", marked("Decline")),
    ]

    async def rows(self, search: str) -> Sequence[Row]:
        """Of this shop."""
        async with self.session.read() as db:
            found = await price_matches.requested(db, shop=await here(self.session, db))
        return [self._row(match) for match in found]

    def _row(self, match: PriceMatch) -> Row:
        cells = (
            self.cell(match.number),
            self.cell(match.product.name),
            self.cell(self.session.money(match.price), "success"),
            self.cell(self.session.money(match.our_price)),
        )
        return Row(match.number, cells)

    async def detail(self, key: str) -> Sequence[Widget]:
        """Where it was seen, and what the difference is."""
        session = self.session
        async with session.read() as db:
            match = await price_matches.get(db, key)
        return [
            heading(f"{match.number}  {match.product.name}"),
            Facts(
                [
                    (self.words("Seen at"), match.competitor),
                    (self.words("Price there"), session.money(match.price)),
                    (self.words("Price here"), session.money(match.our_price)),
                    (self.words("Difference"), session.money(match.our_price - match.price)),
                    (self.words("Product"), match.product.sku),
                    (self.words("Asked"), session.moment(match.created_at)),
                    (self.words("Status"), self.words(MATCH_STATES[match.status])),
                ]
            ),
        ]

    def action_decide(self, approve: bool) -> None:
        """Yes or no; asked once more, since it stays."""
        number = self.current
        if number is None:
            return

        def decided(yes: bool | None) -> None:
            if yes:
                self.attempt(partial(self._decide, number, approve))

        approving = self.words("Approve price match {number}?", number=number)
        declining = self.words("Decline price match {number}?", number=number)
        self.app.push_screen(ConfirmScreen(approving if approve else declining), decided)

    async def _decide(self, number: str, approve: bool) -> None:
        me = colleague(self.session)

        async def work(db: AsyncSession, now: datetime) -> None:
            await price_matches.decide(db, number, approve=approve, by=me, now=now)

        action = "price_match.approve" if approve else "price_match.decline"
        await self.session.act(action, f"price_match:{number}", work)
        await self.load()
