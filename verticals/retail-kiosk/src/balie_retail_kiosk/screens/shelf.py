"""Products, found by words or a barcode: what visitors and staff see of them."""

from collections.abc import Sequence

from balie.locales import marked
from balie.tui.screens.records import Column, RecordsScreen, Row, heading, paragraph
from balie.tui.widgets.facts import Facts
from rich.text import Text
from sqlalchemy.ext.asyncio import AsyncSession
from textual.widget import Widget

from balie_retail_kiosk import search
from balie_retail_kiosk.models import Product, Promotion, Shop
from balie_retail_kiosk.screens.common import here, named
from balie_retail_kiosk.services import attributes, gtin, products, promotions, stock
from balie_retail_kiosk.services.stock import ShopStock

AT_A_KIOSK = (Column(marked("Product")), Column(marked("Price"), 9))
"""The columns where a row has two lines, and says the rest in the second."""
MOST = 40
"""Products in the list; who wants another one says more of it."""


class ShelfScreen(RecordsScreen):
    """A list of products to search as one types, and beside it all that is known of one."""

    COLUMNS = (
        Column(marked("Product")),
        Column(marked("Price"), 9),
        Column(marked("Here"), 5),
        Column(marked("Aisle"), 5),
    )
    SEARCH = marked("Name, brand, size, price or barcode")
    EMPTY = marked("Nothing here is like that.")

    def on_mount(self) -> None:
        """At a kiosk there is more height than width."""
        if self.desk_app.kiosk is not None:
            self.COLUMNS = AT_A_KIOSK  # type: ignore[misc]  # of this screen only

    async def rows(self, search: str) -> Sequence[Row]:
        """What fits the words, the best first."""
        async with self.session.read() as db:
            return await self.found(db, search, await here(self.session, db))

    async def found(self, db: AsyncSession, words: str, shop: Shop) -> Sequence[Row]:
        """The rows for what fits."""
        now = self.session.now()
        if gtin.looks_scanned(words):
            hits: Sequence[Product] = [await products.get_product(db, words)]
        else:
            hits = [hit.product for hit in await search.find(db, words, shop=shop, now=now, limit=MOST)]
        ids = [product.id for product in hits]
        free = await stock.available(db, ids, shop, now)
        places = await stock.places(db, ids, shop)
        offered = await promotions.running(db, now.date(), products=hits) if hits else ()
        return [
            self._row(
                product,
                free.get(product.id, 0),
                places[product.id][0] if product.id in places else "",
                self._is_offered(product, offered),
            )
            for product in hits
        ]

    def _row(self, product: Product, free: int, aisle: str, offered: bool) -> Row:
        price = self.cell(self.session.money(product.price), "success" if offered else "")
        if self.desk_app.kiosk is not None:
            there = self.words("{count} here", count=free) if free else self.words("none here now")
            return Row(product.sku, (self.two_lines(product.name, there, self.aisle(aisle)), price))
        number = self.cell(free or "–", "" if free else "warning")
        return Row(product.sku, (self.cell(product.name), price, number, self.cell(aisle)))

    def two_lines(self, name: str, *facts: str) -> Text:
        """A cell as high as a finger: a name, and under it what there is to say of it."""
        below = self.cell("  ".join(fact for fact in facts if fact), "muted")
        return Text.assemble(self.cell(name), "\n", below, no_wrap=True, overflow="ellipsis")

    def aisle(self, aisle: str | None) -> str:
        """Where to go; empty where that is not known."""
        return self.words("aisle {aisle}", aisle=aisle) if aisle else ""

    @staticmethod
    def _is_offered(product: Product, offered: Sequence[Promotion]) -> bool:
        return any(promotions.is_on(part, product) for each in offered for part in each.parts)

    async def detail(self, key: str) -> Sequence[Widget]:
        """Price, where it is, what it can do, and what is off."""
        session = self.session
        async with session.read() as db:
            product = await products.get_product(db, key)
            shop = await here(session, db)
            everywhere = await stock.availability(db, product, session.now())
            offers = await promotions.running(db, session.now().date(), products=[product])
        mine = [each for each in everywhere if each.shop.id == shop.id]
        others = [each for each in everywhere if each.shop.id != shop.id]
        widgets: list[Widget] = [heading(product.name), *self.doing(product)]
        widgets.append(
            Facts(
                [
                    (self.words("Price"), session.money(product.price)),
                    *((self.words("Offer"), self._offer(each)) for each in offers),
                    *((self.words("Here"), self.here_told(each)) for each in mine),
                    *((self.words("On its way"), self._coming(each)) for each in mine if each.incoming),
                    *((each.shop.city, self.elsewhere_told(each)) for each in others),
                ]
            )
        )
        if product.description:
            widgets.append(paragraph(product.description))
        language = session.caller.language
        widgets.append(
            Facts(
                [
                    *(
                        (attributes.label(name, language), attributes.shown(name, value, language))
                        for name, value in product.attributes.items()
                    ),
                    (self.words("Brand"), product.brand),
                    (self.words("Warranty"), self.words("{months} months", months=product.warranty_months)),
                    (self.words("Number"), product.sku),
                    (self.words("Barcode"), gtin.shown(product.gtin)),
                ]
            )
        )
        return widgets

    def doing(self, product: Product) -> Sequence[Widget]:
        """What can be done with it, to be touched."""
        return ()

    def here_told(self, there: ShopStock) -> str:
        """How many there are in this shop, and where they lie."""
        if not there.available:
            return self.words("none now")
        return self.words(
            "{count}, aisle {aisle}, shelf {shelf}",
            count=there.available,
            aisle=there.aisle,
            shelf=there.shelf,
        )

    def elsewhere_told(self, there: ShopStock) -> str:
        """How many there are in another shop."""
        return str(there.available or self.words("none"))

    def _coming(self, there: ShopStock) -> str:
        return "\n".join(
            self.words("{count} on {day}", count=quantity, day=self.session.day(expected))
            for quantity, expected in there.incoming
        )

    def _offer(self, offer: Promotion) -> str:
        name = named(offer, self.session)
        return f"{name} ({self.words('for members')})" if offer.members_only else name
