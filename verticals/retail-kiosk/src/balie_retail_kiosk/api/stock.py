"""Stock: of a product in every shop, and of everything in a shop; and the shops."""

from datetime import date, datetime
from typing import Annotated

from balie.api import Limit, Offset, TheDesk, page
from litestar import Controller, get
from litestar.exceptions import NotFoundException
from litestar.pagination import OffsetPagination
from msgspec import Meta, Struct

from balie_retail_kiosk.api.common import InShop, ProductReference, UnprocessableException, the_shop
from balie_retail_kiosk.models import Shop
from balie_retail_kiosk.services import catalogue, products, stock
from balie_retail_kiosk.services.catalogue import StockLine
from balie_retail_kiosk.services.stock import ShopStock


class Delivery(Struct, frozen=True):
    """What is on its way."""

    quantity: int
    expected_on: date


class StockView(Struct, frozen=True):
    """What a shop has of a product."""

    shop: str
    on_hand: Annotated[int, Meta(description="As it was counted")]
    reserved: Annotated[int, Meta(description="Kept back for somebody")]
    available: Annotated[int, Meta(description="What can be sold")]
    aisle: Annotated[str | None, Meta(description="null where the shop does not carry it")]
    shelf: str | None
    counted_at: datetime | None
    incoming: list[Delivery]

    @classmethod
    def of(cls, there: ShopStock) -> "StockView":
        """Of what a shop has."""
        return cls(
            shop=there.shop.number,
            on_hand=there.on_hand,
            reserved=there.reserved,
            available=there.available,
            aisle=there.aisle,
            shelf=there.shelf,
            counted_at=there.counted_at,
            incoming=[Delivery(quantity, expected_on) for quantity, expected_on in there.incoming],
        )


class StockLineView(Struct, frozen=True):
    """A product in a shop."""

    sku: str
    name: str
    on_hand: int
    reserved: int
    available: int
    aisle: str
    shelf: str
    counted_at: datetime

    @classmethod
    def of(cls, line: StockLine) -> "StockLineView":
        """Of the row, with its product."""
        return cls(
            sku=line.stock.product.sku,
            name=line.stock.product.name,
            on_hand=line.stock.on_hand,
            reserved=line.reserved,
            available=line.available,
            aisle=line.stock.aisle,
            shelf=line.stock.shelf,
            counted_at=line.stock.counted_at,
        )


class ShopView(Struct, frozen=True):
    """A shop."""

    number: str
    name: str
    street: str
    postcode: str
    city: str
    phone: str

    @classmethod
    def of(cls, shop: Shop) -> "ShopView":
        """Of the row."""
        return cls(shop.number, shop.name, shop.street, shop.postcode, shop.city, shop.phone)


class StockController(Controller):
    """How much there is; anybody may know."""

    tags = ("Stock",)

    @get(
        "/products/{reference:str}/stock",
        summary="A product in every shop, by the shops' numbers",
        raises=[UnprocessableException],
    )
    async def of_product(
        self, desk: TheDesk, reference: ProductReference, limit: Limit = 50, offset: Offset = 0
    ) -> OffsetPagination[StockView]:
        """Where there is how much of it."""
        async with desk.database.read() as session:
            product = await products.get_product(session, reference)
            there = await stock.availability(session, product, desk.clock())
        return page([StockView.of(each) for each in there], limit, offset)

    @get("/stock", summary="Everything in a shop, by SKU", raises=[NotFoundException])
    async def of_shop(
        self, desk: TheDesk, shop: InShop = None, limit: Limit = 50, offset: Offset = 0
    ) -> OffsetPagination[StockLineView]:
        """A page of a shop's stock."""
        async with desk.database.read() as session:
            where = await the_shop(session, desk, shop)
            found = await catalogue.list_stock(session, where, now=desk.clock(), limit=limit, offset=offset)
            total = await catalogue.count_stock(session, where)
        return OffsetPagination([StockLineView.of(each) for each in found], limit, offset, total)


class ShopController(Controller):
    """The shops of the chain; anybody may know."""

    path = "/shops"
    tags = ("Stock",)

    @get("/", summary="Shops, by number")
    async def shops(self, desk: TheDesk, limit: Limit = 50, offset: Offset = 0) -> OffsetPagination[ShopView]:
        """A page of shops."""
        async with desk.database.read() as session:
            found = await catalogue.list_shops(session)
        return page([ShopView.of(shop) for shop in found], limit, offset)
