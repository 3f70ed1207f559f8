"""For visitors: what they may buy, what it costs together, and that on paper."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path, PurePath
from typing import Any, ClassVar

from balie.agent import Turn
from balie.errors import BalieError
from balie.locales import marked
from balie.tui import DeskScreen
from balie.tui.text import shown
from balie.tui.widgets.bubble import Said, Speaker
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Static

from balie_retail_kiosk.models import Quote
from balie_retail_kiosk.screens.common import VISITORS, named
from balie_retail_kiosk.services import members, pricing, products, promotions, quotes
from balie_retail_kiosk.services.items import MOST_UNITS, Item
from balie_retail_kiosk.services.pricing import Priced, PricedLine


class Step(Button):
    """One more, or one fewer. A button is deaf while it shows that it was touched: this one shows nothing."""

    def __init__(self, sign: str, **options: Any) -> None:
        super().__init__(sign, **options)
        self.active_effect_duration = 0


class QuoteLineRow(Horizontal):
    """One product of it: what, how many, how much; a touch makes it one more or one fewer."""

    class Changed(Message):
        """So many of a product are wanted now."""

        def __init__(self, sku: str, quantity: int) -> None:
            super().__init__()
            self.sku = sku
            self.quantity = quantity

    def __init__(self, sku: str) -> None:
        super().__init__()
        self.sku = sku
        self.quantity = 0

    def compose(self) -> ComposeResult:
        """Name and price, fewer, how many, more, amount."""
        yield Static(classes="line-name")
        yield Step("−", classes="fewer")
        yield Static(classes="line-quantity")
        yield Step("+", classes="more")
        yield Static(classes="line-amount")

    def show(self, quantity: int, name: Content, amount: str) -> None:
        """What it is now."""
        self.quantity = quantity
        self.query_one(".line-name", Static).update(name)
        self.query_one(".line-quantity", Static).update(str(quantity))
        self.query_one(".line-amount", Static).update(shown(amount))
        self.query_one(".more", Button).disabled = quantity >= MOST_UNITS

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """One more or one fewer."""
        event.stop()
        self.change(1 if event.button.has_class("more") else -1)

    def change(self, by: int) -> None:
        """So many more, or fewer; whoever touches it twice in a moment means two."""
        self.quantity = min(max(0, self.quantity + by), MOST_UNITS)
        self.post_message(self.Changed(self.sku, self.quantity))


class MyQuoteScreen(DeskScreen):
    """Lines that can be changed, their prices of today, and what can be done with them (RK-3 to RK-8).

    It begins with the quote that was made last in the conversation. Nothing is kept before it is made:
    then it has a number, can be printed, and stays what it is.
    """

    TITLE = marked("My quote")
    ROLES = VISITORS
    KIOSK = True
    AUTO_FOCUS = "#make"
    CSS_PATH: ClassVar[list[str | PurePath]] = [Path(__file__).parent / "my_quote.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus", "change(1)", marked("More"), key_display="+"),
        Binding("minus", "change(-1)", marked("Fewer"), key_display="−"),
        Binding("m", "make", marked("Make the quote")),
        Binding("p", "print", marked("Print")),
        Binding("k", "reserve", marked("Keep it for me")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[str, int] = {}
        self._showing = asyncio.Lock()
        self.card = ""
        self.number = ""
        self._taken_over = ""
        self._valid = ""

    def body(self) -> ComposeResult:
        """The lines, and below them what they come to."""
        yield Static(id="quote-head")
        yield VerticalScroll(id="quote-lines", can_focus=False)
        with Horizontal(id="quote-foot"):
            yield Static(id="quote-sums")
            with Vertical(id="quote-doing"), Horizontal():
                yield Button(self.words("Make the quote"), id="make", variant="primary")
                yield Button(self.words("Print"), id="print", variant="primary")
                yield Button(self.words("Keep it for me"), id="reserve")
                yield Button(self.words("Start again"), id="clear")

    async def load(self) -> None:
        """Take over what was made by talking, and price it."""
        session = self.session
        async with session.read() as db:
            made = (
                await quotes.running(db, session.conversation) if session.conversation is not None else None
            )
        if made is not None and made.number != self._taken_over:
            self._take_over(made)
        await self._show()

    def _take_over(self, quote: Quote) -> None:
        self.items = {item.product: item.quantity for item in quotes.items_of(quote)}
        self.number = self._taken_over = quote.number
        self._valid = self.session.day(quote.valid_until)
        if not quote.member:
            self.card = ""

    async def add(self, sku: str) -> None:
        """One more of a product."""
        await self.load()  # what was made by talking meanwhile stays in it
        await self._set(sku, self.items.get(sku, 0) + 1)

    async def scanned(self, digits: str) -> bool:
        """A product goes into the quote; a member's card changes its prices."""
        try:
            async with self.session.read() as db:
                is_card = await members.is_member(db, digits, self.session.now().date())
                sku = "" if is_card else (await products.get_product(db, digits)).sku
            if is_card:
                self.card, self.number = digits, ""
                await self._show()
            else:
                await self.add(sku)
        except BalieError:
            return False
        return True

    async def _set(self, sku: str, quantity: int) -> None:
        before, number = dict(self.items), self.number
        if quantity > 0:
            self.items[sku] = quantity
        else:
            self.items.pop(sku, None)
        self.number = ""
        try:
            await self._show()
        except BalieError:
            self.items, self.number = before, number
            await self._show()
            raise

    # What is shown

    async def _show(self) -> None:
        async with self._showing:
            await self._show_all()

    async def _show_all(self) -> None:
        priced, names = await self._priced()
        there = self.query("#quote-lines")
        if not there:
            return  # it is being composed in another language, and shown after that
        lines = there.only_one(VerticalScroll)
        rows = {row.sku: row for row in lines.query(QuoteLineRow)}
        with self.app.batch_update():
            for sku, row in rows.items():
                if sku not in self.items:
                    await row.remove()
            await lines.query(".empty").remove()
            for line in priced.lines if priced else ():
                row = rows.get(line.product.sku) or QuoteLineRow(line.product.sku)
                if row.sku not in rows:
                    await lines.mount(row)
                row.show(line.quantity, self._named(line, names), self.session.money(line.amount))
            if priced is None:
                await lines.mount(Static(shown(self._nothing()), classes="empty"))
            self._tell(priced)

    async def _priced(self) -> tuple[Priced | None, dict[str, str]]:
        if not self.items:
            return None, {}
        session = self.session
        today = session.now().date()
        async with session.read() as db:
            priced = await pricing.price(db, self._wanted(), day=today, member=bool(self.card))
            offers = await promotions.running(db, today, products=[line.product for line in priced.lines])
        return priced, {offer.code: named(offer, session) for offer in offers}

    def _wanted(self) -> list[Item]:
        return [Item(sku, quantity) for sku, quantity in self.items.items()]

    def _named(self, line: PricedLine, names: dict[str, str]) -> Content:
        session = self.session
        lower = [self.words("{price} each", price=session.money(line.unit_price))]
        if line.discount:
            why = ", ".join(names.get(code, code) for code in line.promotions)
            lower.append(f"−{session.money(line.discount)} {why}")
        return Content.assemble(
            shown(line.product.name, "bold"), "\n", shown("  ·  ".join(lower), "$text-muted")
        )

    def _nothing(self) -> str:
        return self.words(
            "There is nothing in it yet. Choose under Products, scan a barcode, or ask in the chat."
        )

    def _tell(self, priced: Priced | None) -> None:
        session = self.session
        if self.number:
            head = self.words("Quote {number}, valid until {day}", number=self.number, day=self._valid)
        else:
            head = self.words("Not made yet: prices of today") if priced else ""
        if self.card:
            head = f"{head}  ·  {self.words('with members’ prices')}"
        self.query_one("#quote-head", Static).update(shown(head))
        sums = Content("")
        if priced:
            lines = [shown(f"{self.words('Total')} {session.money(priced.total)}", "bold")]
            if priced.saved:
                lines.append(
                    shown(
                        self.words("You save {amount}", amount=session.money(priced.saved)), "$text-success"
                    )
                )
            vat = "  ".join(
                self.words("VAT {percent}% {amount}", percent=each.percent, amount=session.money(each.amount))
                for each in priced.vat
            )
            sums = Content("\n").join([*lines, shown(vat, "$text-muted")])
        self.query_one("#quote-sums", Static).update(sums)
        self.query_one("#make", Button).display = not self.number
        self.query_one("#print", Button).display = bool(self.number)
        for button in self.query("#quote-doing Button"):
            button.disabled = priced is None

    # What can be done

    def on_quote_line_row_changed(self, event: QuoteLineRow.Changed) -> None:
        """So many now."""
        event.stop()
        self.attempt(partial(self._set, event.sku, event.quantity))

    def action_change(self, by: int) -> None:
        """Of the line in which the focus is, or of the last one."""
        rows = list(self.query(QuoteLineRow))
        focused = [row for row in rows if self.focused is not None and row in self.focused.ancestors]
        for row in (focused or rows)[-1:]:
            row.change(by)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """By touch, or by enter on it."""
        event.stop()
        match event.button.id:
            case "make":
                self.action_make()
            case "print":
                self.action_print()
            case "reserve":
                self.action_reserve()
            case "clear":
                self.attempt(self._clear)

    async def _clear(self) -> None:
        self.items, self.number, self.card = {}, "", ""
        await self._show()

    def action_make(self) -> None:
        """Have it made, with a number."""
        if self.items and not self.number:
            arguments: dict[str, Any] = {"items": self._asked()}
            if self.card:
                arguments["member"] = self.card
            self._ask(self.words("Make the quote"), "make_quote", arguments)

    def action_print(self) -> None:
        """Have it printed."""
        if self.number:
            said = self.words("Print quote {number}", number=self.number)
            self._ask(said, "print_quote", {"quote": self.number})

    def action_reserve(self) -> None:
        """Have it kept back for a while."""
        if self.items:
            self._ask(self.words("Keep it for me"), "reserve_items", {"items": self._asked()})

    def _asked(self) -> list[dict[str, Any]]:
        return [{"product": item.product, "quantity": item.quantity} for item in self._wanted()]

    def _ask(self, said: str, tool: str, arguments: dict[str, Any]) -> None:
        self.attempt(partial(self._run, said, tool, arguments))

    async def _run(self, said: str, tool: str, arguments: dict[str, Any]) -> None:
        app = self.desk_app
        turn = await self.session.run(tool, arguments)
        await app.conversation.log_view.add(Said(Speaker.PERSON, said))
        await app.conversation.show(turn, then=self._done)
        if app.kiosk is not None:
            await app.switch_mode(app.DEFAULT_MODE)  # the question stands there, with its yes and no

    async def _done(self, turn: Turn) -> None:
        if self.is_current:
            await self.load()
