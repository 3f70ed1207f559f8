"""For staff: quotes, by the number on the paper."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from balie.locales import marked
from balie.tui.screens.records import Column, RecordsScreen, Row, heading
from balie.tui.widgets.facts import Facts
from sqlalchemy.ext.asyncio import AsyncSession
from textual.binding import Binding, BindingType
from textual.widget import Widget

from balie_retail_kiosk.models import Quote, QuoteLine
from balie_retail_kiosk.printing.dispatch import outgoing
from balie_retail_kiosk.screens.common import STAFF, here
from balie_retail_kiosk.services import pricing, quotes
from balie_retail_kiosk.services.errors import QuoteUnknown

LATEST = 50


class QuotesScreen(RecordsScreen):
    """The latest of this shop; any other by its number (RK-6, RK-12)."""

    TITLE = marked("Quotes")
    ROLES = STAFF
    COLUMNS = (
        Column(marked("Number"), 8),
        Column(marked("Made"), 16),
        Column(marked("Total"), 10),
        Column(marked("What")),
    )
    SEARCH = marked("Number of a quote")
    EMPTY = marked("No quote here.")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("p", "print", marked("Print"))]

    async def rows(self, search: str) -> Sequence[Row]:
        """The newest first; or the one with that number, of whichever shop."""
        async with self.session.read() as db:
            if search:
                found = await self._numbered(db, search)
            else:
                found = await quotes.latest(db, shop=await here(self.session, db), limit=LATEST)
        return [self._row(quote) for quote in found]

    @staticmethod
    async def _numbered(db: AsyncSession, number: str) -> Sequence[Quote]:
        try:
            return [await quotes.get(db, number)]
        except QuoteUnknown:
            return []

    def _row(self, quote: Quote) -> Row:
        what = ", ".join(f"{line.quantity} × {line.name}" for line in quote.lines)
        over = self._expired(quote)
        cells = (
            self.cell(quote.number, "warning" if over else ""),
            self.cell(self.session.moment(quote.created_at)),
            self.cell(self.session.money(quote.total)),
            self.cell(what),
        )
        return Row(quote.number, cells)

    def _expired(self, quote: Quote) -> bool:
        return quotes.expired(quote, self.session.now(), self.session.desk.timezone)

    async def detail(self, key: str) -> Sequence[Widget]:
        """Every line as it was priced, and the VAT in it."""
        session = self.session
        async with session.read() as db:
            quote = await quotes.get(db, key)
        day = session.day(quote.valid_until)
        holds = self.words("over since {day}", day=day) if self._expired(quote) else day
        saved = sum((line.discount for line in quote.lines), start=quote.total - quote.total)
        return [
            heading(f"{quote.number}  {session.money(quote.total)}"),
            Facts(
                [
                    (self.words("Shop"), quote.shop.name),
                    (self.words("Made"), session.moment(quote.created_at)),
                    (self.words("Valid until"), holds),
                    (
                        self.words("Prices"),
                        self.words("for members") if quote.member else self.words("for anybody"),
                    ),
                ]
            ),
            Facts([(f"{line.quantity} ×", self._line(line)) for line in quote.lines]),
            Facts(
                [
                    (self.words("Total"), session.money(quote.total)),
                    (self.words("Saved"), session.money(saved) if saved else ""),
                    *(
                        (
                            self.words("VAT {percent}%", percent=each.percent),
                            self.words(
                                "{vat} on {base}",
                                vat=session.money(each.amount),
                                base=session.money(each.base),
                            ),
                        )
                        for each in pricing.vat_totals(quote.lines)
                    ),
                ]
            ),
        ]

    def _line(self, line: QuoteLine) -> str:
        lines = [f"{line.name}  {line.sku}", self.session.money(line.amount)]
        if line.discount:
            lines[1] += f"  (−{self.session.money(line.discount)} {line.promotions})"
        return "\n".join(lines)

    def action_print(self) -> None:
        """On the printer of this desk."""
        if self.current is not None:
            self.attempt(partial(self._print, self.current))

    async def _print(self, number: str) -> None:
        desk, language = self.session.desk, self.session.caller.language

        async def work(db: AsyncSession, now: datetime) -> None:
            await quotes.request_print(
                db,
                number,
                language=language,
                now=now,
                timezone=desk.timezone,
                kiosk=desk.settings.kiosk.name,
            )

        await self.session.act("quote.print", f"quote:{number}", work)
        for told in await outgoing(desk, language):
            self.notify(told, markup=False)
