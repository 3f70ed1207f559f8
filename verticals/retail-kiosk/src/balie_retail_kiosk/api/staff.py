"""What waits for a colleague: calls to a kiosk, and price matches to decide about."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from balie.api import VISIBLE, Limit, Offset, TheCaller, TheDesk, TheWriter, page
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
    ShopNumber,
    UnprocessableException,
    leads_to,
    name_of,
    require_staff,
    the_shop,
)
from balie_retail_kiosk.models import CallReason, CallStatus, PriceMatch, PriceMatchStatus, StaffCall
from balie_retail_kiosk.services import calls, price_matches

CallNumber = Annotated[str, PathParameter(examples=[Example(value="H-1")])]
MatchNumber = Annotated[str, PathParameter(examples=[Example(value="M-1")])]


class CallView(Struct, frozen=True):
    """Somebody at a kiosk waits for a colleague."""

    number: str
    reason: CallReason
    place: str
    note: str
    status: CallStatus
    taken_by: str | None
    created_at: datetime

    @classmethod
    def of(cls, call: StaffCall) -> "CallView":
        """Of the row."""
        return cls(
            number=call.number,
            reason=call.reason,
            place=call.place,
            note=call.note,
            status=call.status,
            taken_by=call.taken_by,
            created_at=call.created_at,
        )


class NewCall(Struct, frozen=True, forbid_unknown_fields=True):
    """A call for a colleague."""

    reason: CallReason
    place: Annotated[
        str, Meta(min_length=1, max_length=60, pattern=VISIBLE, description="Where to come, such as Kiosk 1")
    ]
    note: Annotated[str, Meta(max_length=500)] = ""
    shop: ShopNumber | None = None


class PriceMatchView(Struct, frozen=True):
    """A lower price seen elsewhere."""

    number: str
    shop: str
    product: Annotated[str, Meta(description="A SKU")]
    name: str
    competitor: str
    price: Annotated[Amount, Meta(description="There")]
    our_price: Annotated[Amount, Meta(description="Here, when it was asked for")]
    status: PriceMatchStatus
    decided_by: str | None
    created_at: datetime

    @classmethod
    def of(cls, match: PriceMatch) -> "PriceMatchView":
        """Of the row, with its shop and product."""
        return cls(
            number=match.number,
            shop=match.shop.number,
            product=match.product.sku,
            name=match.product.name,
            competitor=match.competitor,
            price=Amount(match.price),
            our_price=Amount(match.our_price),
            status=match.status,
            decided_by=match.decided_by,
            created_at=match.created_at,
        )


class NewPriceMatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A lower price that somebody has seen."""

    product: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=20,
            pattern=r"^[!-~]+$",
            description="A SKU or a GTIN",
            examples=["HH-20001"],
        ),
    ]
    competitor: Annotated[
        str, Meta(min_length=1, max_length=80, pattern=VISIBLE, examples=["The shop next door"])
    ]
    price: Annotated[
        str,
        Meta(
            pattern=r"^([1-9][0-9]{0,6}(\.[0-9]{1,2})?|0\.(0[1-9]|[1-9][0-9]?))$",
            description="Euros, such as 12.95",
            examples=["459.00"],
        ),
    ]
    shop: ShopNumber | None = None


class Decision(Struct, frozen=True, forbid_unknown_fields=True):
    """What a colleague says to it."""

    decision: Literal["approve", "decline"]


class CallController(Controller):
    """Anybody may call; who waits is for staff."""

    path = "/calls"
    tags = ("Staff",)

    @get(
        "/",
        summary="Calls that are not closed, the longest first",
        description=FOR_STAFF,
        raises=[NotFoundException],
    )
    async def open_calls(
        self, desk: TheDesk, caller: TheCaller, shop: InShop = None, limit: Limit = 50, offset: Offset = 0
    ) -> OffsetPagination[CallView]:
        """Who waits."""
        require_staff(caller)
        async with desk.database.read() as session:
            found = await calls.open_calls(session, shop=await the_shop(session, desk, shop))
        return page([CallView.of(call) for call in found], limit, offset)

    @post("/", summary="Call a colleague to a place", operation_class=leads_to("takeCall", "closeCall"))
    async def call(self, desk: TheDesk, writer: TheWriter, data: JSONBody[NewCall]) -> CallView:
        """Call."""

        async def work(session: AsyncSession, now: datetime) -> CallView:
            made = await calls.call(
                session,
                shop=await the_shop(session, desk, data.shop),
                reason=data.reason,
                place=data.place,
                note=data.note,
                now=now,
                conversation=None,
            )
            return CallView.of(made)

        return await writer.run("call_staff", data, work, result=CallView, subject=_call)

    @post(
        "/{number:str}/take",
        operation_id="takeCall",
        status_code=200,
        summary="Say that you go there",
        description=FOR_STAFF,
    )
    async def take(self, caller: TheCaller, writer: TheWriter, number: CallNumber) -> CallView:
        """Take it."""
        require_staff(caller)

        async def work(session: AsyncSession, now: datetime) -> CallView:
            return CallView.of(await calls.take(session, number, by=name_of(caller), now=now))

        return await writer.run("take_call", {"number": number}, work, result=CallView, subject=_call)

    @post(
        "/{number:str}/close",
        operation_id="closeCall",
        status_code=200,
        summary="It is done",
        description=FOR_STAFF,
    )
    async def close(self, caller: TheCaller, writer: TheWriter, number: CallNumber) -> CallView:
        """Close it."""
        require_staff(caller)

        async def work(session: AsyncSession, now: datetime) -> CallView:
            return CallView.of(await calls.close(session, number, by=name_of(caller), now=now))

        return await writer.run("close_call", {"number": number}, work, result=CallView, subject=_call)


class PriceMatchController(Controller):
    """Anybody may ask; to decide is for staff."""

    path = "/price-matches"
    tags = ("Staff",)

    @get(
        "/",
        summary="What is still to be decided, the oldest first",
        description=FOR_STAFF,
        raises=[NotFoundException],
    )
    async def requested(
        self, desk: TheDesk, caller: TheCaller, shop: InShop = None, limit: Limit = 50, offset: Offset = 0
    ) -> OffsetPagination[PriceMatchView]:
        """What waits."""
        require_staff(caller)
        async with desk.database.read() as session:
            found = await price_matches.requested(session, shop=await the_shop(session, desk, shop))
        return page([PriceMatchView.of(match) for match in found], limit, offset)

    @post(
        "/",
        summary="Ask for a lower price seen elsewhere",
        raises=[UnprocessableException],
        operation_class=leads_to("openPriceMatch", "decidePriceMatch"),
    )
    async def request(
        self, desk: TheDesk, writer: TheWriter, data: JSONBody[NewPriceMatch]
    ) -> PriceMatchView:
        """Ask."""

        async def work(session: AsyncSession, now: datetime) -> PriceMatchView:
            match = await price_matches.request(
                session,
                data.product,
                competitor=data.competitor,
                price=Decimal(data.price),
                shop=await the_shop(session, desk, data.shop),
                now=now,
                timezone=desk.timezone,
                conversation=None,
            )
            return PriceMatchView.of(match)

        return await writer.run("request_price_match", data, work, result=PriceMatchView, subject=_match)

    @get("/{number:str}", operation_id="openPriceMatch", summary="A price match", description=FOR_STAFF)
    async def match(self, desk: TheDesk, caller: TheCaller, number: MatchNumber) -> PriceMatchView:
        """One of them."""
        require_staff(caller)
        async with desk.database.read() as session:
            return PriceMatchView.of(await price_matches.get(session, number))

    @post(
        "/{number:str}/decide",
        operation_id="decidePriceMatch",
        status_code=200,
        summary="Approve or decline",
        description=FOR_STAFF,
    )
    async def decide(
        self, caller: TheCaller, writer: TheWriter, number: MatchNumber, data: JSONBody[Decision]
    ) -> PriceMatchView:
        """Decide."""
        require_staff(caller)

        async def work(session: AsyncSession, now: datetime) -> PriceMatchView:
            decided = await price_matches.decide(
                session, number, approve=data.decision == "approve", by=name_of(caller), now=now
            )
            return PriceMatchView.of(decided)

        asked = {"number": number, "decision": data.decision}
        return await writer.run("decide_price_match", asked, work, result=PriceMatchView, subject=_match)


def _call(call: CallView) -> str:
    return f"call:{call.number}"


def _match(match: PriceMatchView) -> str:
    return f"price_match:{match.number}"
