"""Promotions."""

from datetime import date
from typing import Annotated

from balie.api import Limit, Offset, TheDesk
from balie.errors import BadRequest
from litestar import Controller, get
from litestar.exceptions import NotFoundException
from litestar.pagination import OffsetPagination
from litestar.params import QueryParameter
from msgspec import Meta, Struct

from balie_retail_kiosk.api.common import Amount, UnprocessableException
from balie_retail_kiosk.models import Promotion, PromotionKind, PromotionPart
from balie_retail_kiosk.services import products, promotions


class PartView(Struct, frozen=True):
    """What a promotion is on: a product, or a category."""

    product: Annotated[str | None, Meta(description="A SKU")]
    category: Annotated[str | None, Meta(description="A slug")]
    quantity: Annotated[int, Meta(description="How many of it a bundle takes")]

    @classmethod
    def of(cls, part: PromotionPart) -> "PartView":
        """Of the row, with what it is on."""
        return cls(
            product=part.product.sku if part.product else None,
            category=part.category.slug if part.category else None,
            quantity=part.quantity,
        )


class PromotionView(Struct, frozen=True):
    """A lower price under a condition."""

    code: str
    name: str
    name_nl: str
    kind: PromotionKind
    members_only: bool
    starts_on: date
    ends_on: Annotated[date, Meta(description="The last day")]
    percent: Annotated[int | None, Meta(description="Off the price, for `percentage`")]
    amount: Annotated[Amount | None, Meta(description="Off, for `amount_off` and `bundle`")]
    buy: Annotated[int | None, Meta(description="Of so many …, for `multi_buy`")]
    pay: Annotated[int | None, Meta(description="… so many are paid")]
    parts: list[PartView]

    @classmethod
    def of(cls, promotion: Promotion) -> "PromotionView":
        """Of the row, with its parts."""
        return cls(
            code=promotion.code,
            name=promotion.name,
            name_nl=promotion.name_nl,
            kind=promotion.kind,
            members_only=promotion.members_only,
            starts_on=promotion.starts_on,
            ends_on=promotion.ends_on,
            percent=promotion.percent,
            amount=None if promotion.amount is None else Amount(promotion.amount),
            buy=promotion.buy,
            pay=promotion.pay,
            parts=[PartView.of(part) for part in promotion.parts],
        )


class PromotionController(Controller):
    """What is on offer; anybody may know."""

    path = "/promotions"
    tags = ("Promotions",)

    @get(
        "/",
        summary="The promotions of a day, by code",
        raises=[NotFoundException, UnprocessableException],
    )
    async def promotions(
        self,
        desk: TheDesk,
        day: Annotated[
            str | None,
            QueryParameter(description="Today, if left out", schema_extra={"format": "date"}, max_length=10),
        ] = None,
        product: Annotated[
            str | None, QueryParameter(description="Only on this one: a SKU or a GTIN", max_length=20)
        ] = None,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> OffsetPagination[PromotionView]:
        """A page of promotions."""
        when = desk.clock().astimezone(desk.timezone).date() if day is None else _day(day)
        async with desk.database.read() as session:
            on = [] if product is None else [await products.get_product(session, product)]
            found = await promotions.running(session, when, products=on, limit=limit, offset=offset)
            total = await promotions.count_running(session, when, products=on)
        return OffsetPagination([PromotionView.of(each) for each in found], limit, offset, total)


def _day(text: str) -> date:
    # A parameter of type date would also take a number.
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(f"{text} is no day; 2026-03-10 is one.") from error
