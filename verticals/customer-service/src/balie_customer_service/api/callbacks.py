"""Callbacks: when somebody calls whom, and when somebody could."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from balie.api import VISIBLE, Limit, Offset, TheCaller, TheDesk, TheWriter, page
from balie.errors import BadRequest
from litestar import Controller, get, post
from litestar.exceptions import NotFoundException
from litestar.pagination import OffsetPagination
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from balie_customer_service.api.common import FOR_A_CUSTOMER, OfCustomer, chosen, the_customer
from balie_customer_service.models import Callback, CallbackStatus
from balie_customer_service.services import callbacks

Since = Annotated[
    str | None,
    QueryParameter(
        description="From this time on (RFC 3339); now, if left out", schema_extra={"format": "date-time"}
    ),
]


class CallbackView(Struct, frozen=True):
    """A promise to call somebody."""

    customer: str
    name: str
    phone: str
    starts_at: datetime
    about: str
    status: CallbackStatus
    assigned_to: str | None

    @classmethod
    def of(cls, call: Callback) -> "CallbackView":
        """Of the row, with its customer."""
        return cls(
            customer=call.customer.number,
            name=call.customer.name,
            phone=call.phone,
            starts_at=call.starts_at,
            about=call.about,
            status=call.status,
            assigned_to=call.assigned_to,
        )


class Slot(Struct, frozen=True):
    """A time at which somebody can be called, with a place free."""

    starts_at: datetime


class NewCallback(Struct, frozen=True, forbid_unknown_fields=True):
    """A callback to plan."""

    starts_at: Annotated[datetime, Meta(tz=True, description="The start of a free slot")]
    about: Annotated[str, Meta(min_length=1, max_length=500, pattern=VISIBLE)]
    phone: Annotated[str, Meta(max_length=30, description="Not the one on file")] | None = None


class CallbackController(Controller):
    """A customer sees their own callbacks, staff all of them."""

    tags = ("Tickets and callbacks",)

    @get("/callbacks", summary="Callbacks from a time on, in order", raises=[NotFoundException])
    async def callbacks(
        self,
        desk: TheDesk,
        caller: TheCaller,
        customer: OfCustomer = None,
        since: Since = None,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> OffsetPagination[CallbackView]:
        """A page of callbacks."""
        async with desk.database.read() as session:
            whose = await chosen(session, caller, customer)
            found = await callbacks.list_callbacks(
                session, customer=whose, since=_instant(since) or desk.clock()
            )
            return page([CallbackView.of(each) for each in found], limit, offset)

    @post("/callbacks", summary="Plan a callback", description=FOR_A_CUSTOMER)
    async def plan(self, caller: TheCaller, writer: TheWriter, data: JSONBody[NewCallback]) -> CallbackView:
        """Plan one."""
        customer = the_customer(caller)

        async def work(session: AsyncSession, now: datetime) -> CallbackView:
            planned = await callbacks.schedule_callback(
                session, _utc(data.starts_at), about=data.about, customer=customer, phone=data.phone, now=now
            )
            return CallbackView.of(planned)

        return await writer.run(
            "schedule_callback",
            data,
            work,
            result=CallbackView,
            subject=lambda call: f"customer:{call.customer}",
        )

    @get("/callback-slots", summary="The next times at which somebody can be called")
    async def slots(self, desk: TheDesk, after: Since = None, limit: Limit = 10) -> OffsetPagination[Slot]:
        """Free slots."""
        async with desk.database.read() as session:
            free = await callbacks.next_free_slots(session, limit, now=desk.clock(), after=_instant(after))
        return page([Slot(start) for start in free], limit, 0)


def _instant(text: str | None) -> datetime | None:
    # A parameter of type datetime would also take a number, and a time without its zone.
    if text is None:
        return None
    try:
        return _utc(msgspec.convert(text, Annotated[datetime, Meta(tz=True)]))
    except msgspec.ValidationError as error:
        raise BadRequest(f"{text} is no time; 2026-03-11T10:30:00+01:00 is one.") from error


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise BadRequest("This time is too far away.") from error
