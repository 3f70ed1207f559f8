"""Reservations."""

from datetime import datetime
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
    GoneException,
    InShop,
    NewItems,
    ShopNumber,
    UnprocessableException,
    leads_to,
    require_staff,
    the_shop,
)
from balie_retail_kiosk.models import Reservation, ReservationStatus
from balie_retail_kiosk.services import reservations

ReservationNumber = Annotated[str, PathParameter(examples=[Example(value="R-7K2M9P")])]


class ReservedItem(Struct, frozen=True):
    """So many of a product."""

    sku: str
    name: str
    quantity: int


class ReservationView(Struct, frozen=True):
    """What is kept back for whoever comes with the number."""

    number: str
    shop: str
    created_at: datetime
    expires_at: Annotated[datetime, Meta(description="Until then it is kept back")]
    status: ReservationStatus
    lines: list[ReservedItem]

    @classmethod
    def of(cls, reservation: Reservation, now: datetime) -> "ReservationView":
        """Of the row, with its shop, lines and products."""
        return cls(
            number=reservation.number,
            shop=reservation.shop.number,
            created_at=reservation.created_at,
            expires_at=reservation.expires_at,
            status=reservations.status_at(reservation, now),
            lines=[
                ReservedItem(each.product.sku, each.product.name, each.quantity) for each in reservation.lines
            ],
        )


class NewReservation(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be kept back."""

    items: NewItems
    shop: ShopNumber | None = None


class ReservationController(Controller):
    """Who has the number may cancel; everything else about others' reservations is for staff."""

    path = "/reservations"
    tags = ("Reservations",)

    @post(
        "/",
        summary="Keep products back for two hours",
        raises=[UnprocessableException],
        operation_class=leads_to("openReservation", "cancelReservation", "collectReservation"),
    )
    async def make(self, desk: TheDesk, writer: TheWriter, data: JSONBody[NewReservation]) -> ReservationView:
        """Make one: all of it, or nothing."""

        async def work(session: AsyncSession, now: datetime) -> ReservationView:
            made = await reservations.make(
                session,
                [each.item for each in data.items],
                shop=await the_shop(session, desk, data.shop),
                now=now,
                timezone=desk.timezone,
                conversation=None,
            )
            return ReservationView.of(made, now)

        return await writer.run("reserve_items", data, work, result=ReservationView, subject=_subject)

    @get("/", summary="Reservations, the newest first", description=FOR_STAFF, raises=[NotFoundException])
    async def latest(
        self, desk: TheDesk, caller: TheCaller, shop: InShop = None, limit: Limit = 50, offset: Offset = 0
    ) -> OffsetPagination[ReservationView]:
        """A page of a shop's reservations."""
        require_staff(caller)
        now = desk.clock()
        async with desk.database.read() as session:
            where = await the_shop(session, desk, shop)
            found = await reservations.latest(session, shop=where, limit=limit, offset=offset)
            total = await reservations.count(session, shop=where)
        return OffsetPagination([ReservationView.of(each, now) for each in found], limit, offset, total)

    @get("/{number:str}", operation_id="openReservation", summary="A reservation", description=FOR_STAFF)
    async def reservation(
        self, desk: TheDesk, caller: TheCaller, number: ReservationNumber
    ) -> ReservationView:
        """One reservation."""
        require_staff(caller)
        async with desk.database.read() as session:
            return ReservationView.of(await reservations.get(session, number), desk.clock())

    @post(
        "/{number:str}/cancel",
        operation_id="cancelReservation",
        status_code=200,
        summary="Give it back",
        raises=[GoneException],
    )
    async def cancel(self, writer: TheWriter, number: ReservationNumber) -> ReservationView:
        """Cancel it."""

        async def work(session: AsyncSession, now: datetime) -> ReservationView:
            return ReservationView.of(await reservations.cancel(session, number, now=now), now)

        return await writer.run(
            "cancel_reservation", {"number": number}, work, result=ReservationView, subject=_subject
        )

    @post(
        "/{number:str}/collect",
        operation_id="collectReservation",
        status_code=200,
        summary="It was handed over",
        description=FOR_STAFF,
        raises=[GoneException],
    )
    async def collect(
        self, caller: TheCaller, writer: TheWriter, number: ReservationNumber
    ) -> ReservationView:
        """Collect it."""
        require_staff(caller)

        async def work(session: AsyncSession, now: datetime) -> ReservationView:
            return ReservationView.of(await reservations.collect(session, number, now=now), now)

        return await writer.run(
            "collect_reservation", {"number": number}, work, result=ReservationView, subject=_subject
        )


def _subject(reservation: ReservationView) -> str:
    return f"reservation:{reservation.number}"
