"""Products and their categories."""

from decimal import Decimal
from typing import Annotated

from balie.api import Limit, Offset, TheDesk, page
from litestar import Controller, get
from litestar.exceptions import NotFoundException
from litestar.pagination import OffsetPagination
from litestar.params import QueryParameter
from msgspec import Meta, Struct

from balie_retail_kiosk import search
from balie_retail_kiosk.api.common import (
    Amount,
    InShop,
    ProductReference,
    UnprocessableException,
    the_shop,
)
from balie_retail_kiosk.models import Category, Product, Vat
from balie_retail_kiosk.services import catalogue, gtin, products, stock

MOST_FOUND = 300

Euros = Annotated[
    str | None, QueryParameter(pattern=r"^[0-9]{1,7}(\.[0-9]{1,2})?$", description="Euros, such as 12.95")
]


class ProductSummary(Struct, frozen=True):
    """A product in a list."""

    sku: str
    gtin: Annotated[str, Meta(description="As it is printed under the barcode")]
    name: str
    brand: str
    category: Annotated[str, Meta(description="The category's slug")]
    price: Annotated[Amount, Meta(description="With VAT, without promotions")]
    vat: Vat
    active: Annotated[bool, Meta(description="It is sold")]
    available: Annotated[int, Meta(description="What can be sold now in the shop that was asked about")]

    @classmethod
    def of(cls, product: Product, available: int) -> "ProductSummary":
        """Of the row, with its category."""
        return cls(
            sku=product.sku,
            gtin=gtin.shown(product.gtin),
            name=product.name,
            brand=product.brand,
            category=product.category.slug,
            price=Amount(product.price),
            vat=product.vat,
            active=product.active,
            available=available,
        )


class ProductView(Struct, frozen=True):
    """A product with everything about it."""

    sku: str
    gtin: str
    name: str
    brand: str
    category: str
    description: str
    price: Amount
    vat: Vat
    attributes: Annotated[
        dict[str, str | float | bool],
        Meta(description="What a specification sheet says, by name with its unit"),
    ]
    warranty_months: int
    active: bool

    @classmethod
    def of(cls, product: Product) -> "ProductView":
        """Of the row, with its category."""
        return cls(
            sku=product.sku,
            gtin=gtin.shown(product.gtin),
            name=product.name,
            brand=product.brand,
            category=product.category.slug,
            description=product.description,
            price=Amount(product.price),
            vat=product.vat,
            attributes=dict(product.attributes),
            warranty_months=product.warranty_months,
            active=product.active,
        )


class CategoryView(Struct, frozen=True):
    """A kind of product."""

    slug: str
    name: str
    name_nl: str
    department: str

    @classmethod
    def of(cls, category: Category) -> "CategoryView":
        """Of the row."""
        return cls(category.slug, category.name, category.name_nl, category.department)


class ProductController(Controller):
    """What the shops sell; anybody may know."""

    path = "/products"
    tags = ("Products",)

    @get(
        "/",
        summary="Products: all of them by SKU, or what fits a search, the best first",
        description=f"A search considers the best {MOST_FOUND} products.",
        raises=[NotFoundException],
    )
    async def products(
        self,
        desk: TheDesk,
        q: Annotated[
            str | None,
            QueryParameter(description="As one would type it: `55 inch tv under 600`", max_length=200),
        ] = None,
        category: Annotated[str | None, QueryParameter(description="A slug", max_length=40)] = None,
        brand: Annotated[str | None, QueryParameter(max_length=40)] = None,
        price_min: Euros = None,
        price_max: Euros = None,
        in_stock: Annotated[
            bool, QueryParameter(description="Only what can be sold now in the shop")
        ] = False,
        active: Annotated[bool, QueryParameter(description="false: what is no longer sold")] = True,
        shop: InShop = None,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> OffsetPagination[ProductSummary]:
        """A page of products."""
        now = desk.clock()
        wanted = catalogue.Filter(
            category=category,
            brand=brand,
            price_min=_euros(price_min),
            price_max=_euros(price_max),
            active=active,
        )
        async with desk.database.read() as session:
            where = await the_shop(session, desk, shop)
            if q is not None and q.strip():
                hits = await search.find(session, q, shop=where, now=now, in_stock=in_stock, limit=MOST_FOUND)
                fitting = [hit.product for hit in hits if wanted.takes(hit.product)]
                found, total = fitting[offset : offset + limit], len(fitting)
            else:
                at = where if in_stock else None
                found = list(
                    await catalogue.list_products(
                        session, wanted, in_stock_at=at, now=now, limit=limit, offset=offset
                    )
                )
                total = await catalogue.count_products(session, wanted, in_stock_at=at, now=now)
            left = await stock.available(session, [product.id for product in found], where, now)
        views = [ProductSummary.of(product, left.get(product.id, 0)) for product in found]
        return OffsetPagination(items=views, limit=limit, offset=offset, total=total)

    @get("/{reference:str}", summary="A product", raises=[UnprocessableException])
    async def product(self, desk: TheDesk, reference: ProductReference) -> ProductView:
        """One product."""
        async with desk.database.read() as session:
            return ProductView.of(await products.get_product(session, reference))


class CategoryController(Controller):
    """The kinds of products; anybody may know."""

    path = "/categories"
    tags = ("Products",)

    @get("/", summary="Categories, by slug")
    async def categories(
        self, desk: TheDesk, limit: Limit = 50, offset: Offset = 0
    ) -> OffsetPagination[CategoryView]:
        """A page of categories."""
        async with desk.database.read() as session:
            found = await catalogue.list_categories(session)
        return page([CategoryView.of(category) for category in found], limit, offset)


def _euros(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
