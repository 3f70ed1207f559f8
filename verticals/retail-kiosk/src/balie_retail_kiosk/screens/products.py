"""For visitors: what the shop sells."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import ClassVar

from balie.errors import BalieError
from balie.locales import marked
from balie.tui.screens.records import RecordsScreen, Row, heading, paragraph
from sqlalchemy.ext.asyncio import AsyncSession
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Button, DataTable, Input

from balie_retail_kiosk.models import Category, Product, Shop
from balie_retail_kiosk.screens.common import VISITORS, named
from balie_retail_kiosk.screens.my_quote import MyQuoteScreen
from balie_retail_kiosk.screens.shelf import ShelfScreen
from balie_retail_kiosk.services import directory, gtin, products

_CATEGORY = "category "
"""What the key of a row begins with that is a category and no product."""


class ProductsScreen(ShelfScreen):
    """Categories to look around in, products to search; a scanned barcode shows its product."""

    TITLE = marked("Products")
    ROLES = VISITORS
    KIOSK = True
    CSS_PATH: ClassVar[list[str | PurePath]] = [
        *RecordsScreen.CSS_PATH,
        Path(__file__).parent / "visitors.tcss",
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", marked("To my quote")),
        Binding("t", "talk", marked("Ask about it")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._categories: dict[str, Category] = {}

    async def found(self, db: AsyncSession, words: str, shop: Shop) -> Sequence[Row]:
        """The categories, before anything is typed."""
        if words:
            return await super().found(db, words, shop)
        every = await directory.categories(db)
        aisles = {place.slug: place.aisle for place in await directory.places(db, shop)}
        self._categories = {f"{_CATEGORY}{each.slug}": each for each in every}
        return [self._way_in(key, each, aisles.get(each.slug)) for key, each in self._categories.items()]

    def _way_in(self, key: str, category: Category, aisle: str | None) -> Row:
        name, nothing = named(category, self.session), self.cell("")
        if self.desk_app.kiosk is not None:
            return Row(key, (self.two_lines(name, self.aisle(aisle)), nothing))
        return Row(key, (self.cell(name), nothing, nothing, self.cell(aisle or "")))

    async def detail(self, key: str) -> Sequence[Widget]:
        """Of a product, everything; of a category, the way in."""
        if key not in self._categories:
            return await super().detail(key)
        name = named(self._categories[key], self.session)
        return [
            heading(name),
            Horizontal(Button(self.words("Show them"), id="look", variant="primary"), classes="doing"),
            paragraph(self.words("Or say what you are looking for, as in: a kettle under 40")),
        ]

    def doing(self, product: Product) -> Sequence[Widget]:
        """Into the quote, or a question."""
        return [
            Horizontal(
                Button(self.words("To my quote"), id="add", variant="primary"),
                Button(self.words("Ask about it"), id="talk"),
                classes="doing",
            )
        ]

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter or a touch: into the category, or into what is known of the product."""
        if str(event.row_key.value) in self._categories:
            event.stop()
            self.look()
        else:
            super().on_data_table_row_selected(event)

    def look(self) -> None:
        """The products of the category under the cursor."""
        if self.current in self._categories:
            self.query_one(Input).value = self._categories[self.current].name

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """By touch, or by enter on it."""
        event.stop()
        match event.button.id:
            case "look":
                self.look()
            case "add":
                self.action_add()
            case "talk":
                await self.action_talk()

    async def scanned(self, digits: str) -> bool:
        """Show the product of a barcode; what no product has, the conversation answers."""
        try:
            async with self.session.read() as db:
                product = await products.get_product(db, digits)
        except BalieError:
            return False
        self.query_one(Input).value = gtin.shown(product.gtin)
        return True

    @property
    def _product(self) -> str | None:
        return None if self.current in self._categories else self.current

    def action_add(self) -> None:
        """One of it into the quote."""
        if self._product is not None:
            self.attempt(partial(self._add, self._product))

    async def _add(self, sku: str) -> None:
        app = self.desk_app
        mode = next(page.mode for page in app.pages if page.screen is MyQuoteScreen)
        await app.switch_mode(mode)
        assert isinstance(app.screen, MyQuoteScreen)
        await app.screen.add(sku)

    async def action_talk(self) -> None:
        """To the desk, about this product."""
        if self._product is not None:
            await self.desk_app.talk_about(f"{self._product} ")
