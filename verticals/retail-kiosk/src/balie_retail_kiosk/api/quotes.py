"""Quotes."""

from datetime import date, datetime
from typing import Annotated

from balie.api import Limit, Offset, TheCaller, TheDesk, TheWriter
from litestar import Controller, get, post
from litestar.exceptions import NotFoundException
from litestar.openapi.spec import Example
from litestar.pagination import OffsetPagination
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.api.common import (
    FOR_STAFF,
    Amount,
    InShop,
    NewItems,
    ShopNumber,
    UnprocessableException,
    leads_to,
    require_staff,
    the_shop,
)
from balie_retail_kiosk.models import Quote, QuoteLine, Vat
from balie_retail_kiosk.services import members, pricing, quotes

QuoteNumber = Annotated[str, PathParameter(examples=[Example(value="Q-7K2M9P")])]


class QuoteLineView(Struct, frozen=True):
    """A product of a quote: `amount` is `quantity` times `unit_price`, less `discount`."""

    sku: str
    name: str
    quantity: int
    unit_price: Amount
    discount: Amount
    amount: Amount
    vat: Vat
    vat_percent: int
    vat_amount: Annotated[Amount, Meta(description="In `amount`")]
    promotions: Annotated[list[str], Meta(description="Codes of the promotions that count")]

    @classmethod
    def of(cls, line: QuoteLine) -> "QuoteLineView":
        """Of the row."""
        return cls(
            sku=line.sku,
            name=line.name,
            quantity=line.quantity,
            unit_price=Amount(line.unit_price),
            discount=Amount(line.discount),
            amount=Amount(line.amount),
            vat=line.vat,
            vat_percent=line.vat_percent,
            vat_amount=Amount(line.vat_amount),
            promotions=quotes.promotions_of(line),
        )


class VatView(Struct, frozen=True):
    """The VAT of all lines at one rate."""

    percent: int
    base: Annotated[Amount, Meta(description="Without the VAT")]
    amount: Amount


class QuoteView(Struct, frozen=True):
    """A price that holds until the end of a day."""

    number: str
    shop: str
    created_at: datetime
    valid_until: Annotated[date, Meta(description="The last day")]
    member: Annotated[bool, Meta(description="With members' prices")]
    total: Annotated[Amount, Meta(description="With VAT")]
    vat: list[VatView]
    lines: list[QuoteLineView]

    @classmethod
    def of(cls, quote: Quote) -> "QuoteView":
        """Of the row, with its shop and lines."""
        return cls(
            number=quote.number,
            shop=quote.shop.number,
            created_at=quote.created_at,
            valid_until=quote.valid_until,
            member=quote.member,
            total=Amount(quote.total, quote.currency),
            vat=[
                VatView(each.percent, Amount(each.base), Amount(each.amount))
                for each in pricing.vat_totals(quote.lines)
            ],
            lines=[QuoteLineView.of(line) for line in quote.lines],
        )


class NewQuote(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be priced."""

    items: NewItems
    member: Annotated[str, Meta(max_length=20, description="A member's card, for members' prices")] | None = (
        None
    )
    shop: ShopNumber | None = None


class QuoteController(Controller):
    """Anybody may have a price; the quotes of others are for staff."""

    path = "/quotes"
    tags = ("Quotes",)

    @post(
        "/",
        summary="Make a quote",
        raises=[UnprocessableException],
        operation_class=leads_to("openQuote"),
    )
    async def make(self, desk: TheDesk, writer: TheWriter, data: JSONBody[NewQuote]) -> QuoteView:
        """Make one."""

        async def work(session: AsyncSession, now: datetime) -> QuoteView:
            shop = await the_shop(session, desk, data.shop)
            if data.member is not None:
                await members.check(session, data.member, now.astimezone(desk.timezone).date())
            made = await quotes.make(
                session,
                [each.item for each in data.items],
                shop=shop,
                now=now,
                timezone=desk.timezone,
                member=data.member is not None,
                conversation=None,
            )
            return QuoteView.of(made)

        return await writer.run(
            "make_quote", data, work, result=QuoteView, subject=lambda quote: f"quote:{quote.number}"
        )

    @get("/", summary="Quotes, the newest first", description=FOR_STAFF, raises=[NotFoundException])
    async def latest(
        self, desk: TheDesk, caller: TheCaller, shop: InShop = None, limit: Limit = 50, offset: Offset = 0
    ) -> OffsetPagination[QuoteView]:
        """A page of a shop's quotes."""
        require_staff(caller)
        async with desk.database.read() as session:
            where = await the_shop(session, desk, shop)
            found = await quotes.latest(session, shop=where, limit=limit, offset=offset)
            total = await quotes.count(session, shop=where)
        return OffsetPagination([QuoteView.of(quote) for quote in found], limit, offset, total)

    @get(
        "/{number:str}",
        operation_id="openQuote",
        summary="A quote as it was made",
        description=f"{FOR_STAFF} One that has expired is shown too.",
    )
    async def quote(self, desk: TheDesk, caller: TheCaller, number: QuoteNumber) -> QuoteView:
        """One quote."""
        require_staff(caller)
        async with desk.database.read() as session:
            return QuoteView.of(await quotes.get(session, number))
