"""What the resources share: money and addresses as they are shown, and whose things a caller reaches."""

from decimal import Decimal
from typing import Annotated

from balie.agent import Caller
from balie.errors import Forbidden
from litestar.params import QueryParameter
from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from balie_customer_service.services import accounts

CURRENCY = "EUR"

FOR_A_CUSTOMER = "For the customer who calls, or on whose behalf staff call."

OfCustomer = Annotated[
    str | None, QueryParameter(name="customer", description="Only of this customer, `C-1001`", max_length=20)
]


class Amount(Struct, frozen=True):
    """Money."""

    amount: Annotated[Decimal, Meta(description="Two digits after the point", examples=["89.90"])]
    currency: Annotated[str, Meta(description="ISO 4217")] = CURRENCY


class AddressView(Struct, frozen=True):
    """Where somebody lives, or a parcel goes."""

    street: str
    postcode: str
    city: str
    country: Annotated[str, Meta(description="ISO 3166-1 alpha-2")]


def own(caller: Caller) -> str | None:
    """Whose things the caller reaches: a customer their own, staff anybody's (None).

    Raises:
        Unauthenticated: a customer of whom nobody knows who it is.
    """
    return accounts.scope(caller.role, caller.identity)


def the_customer(caller: Caller) -> str:
    """The customer for whom something is written.

    Raises:
        Unauthenticated: a customer of whom nobody knows who it is.
        Forbidden: staff who do not say on whose behalf.
    """
    customer = own(caller)
    if customer is None:
        raise Forbidden("Say for which customer, in the header X-Balie-On-Behalf-Of.")
    return customer


async def chosen(session: AsyncSession, caller: Caller, asked: str | None) -> str | None:
    """Whose things a list shows: those of ``asked``, or all that the caller reaches.

    Raises:
        NoSuchCustomer: ``asked`` is nobody, or somebody else than the customer who asks.
    """
    mine = own(caller)
    if asked is None:
        return mine
    return (await accounts.get_customer(session, asked, customer=mine)).number
