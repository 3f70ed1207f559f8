"""What the resources share: money, items, whose shop it is, and what else an operation may answer."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from balie.agent import Caller
from balie.agent.desk import Desk
from balie.errors import Forbidden
from litestar.exceptions import ClientException
from litestar.openapi.spec import Example, Link, OpenAPIResponse, Operation
from litestar.params import PathParameter, QueryParameter
from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import Shop
from balie_retail_kiosk.services import items, shops

CURRENCY = "EUR"

FOR_STAFF = "For staff."

ProductReference = Annotated[
    str,
    PathParameter(
        description="A SKU, or a GTIN of 8, 12, 13 or 14 digits", examples=[Example(value="HH-10001")]
    ),
]
InShop = Annotated[
    str | None,
    QueryParameter(
        name="shop",
        description="A shop's number, `S-01`, or its city; this desk's, if left out",
        min_length=1,
        max_length=8,
        pattern=r"^[!-~]+$",
    ),
]
ShopNumber = Annotated[
    str,
    Meta(min_length=1, max_length=8, pattern=r"^[!-~]+$", description="A shop's number, `S-01`"),
]


class UnprocessableException(ClientException):
    """For the description: it is understood, and no such values are possible."""

    status_code = 422


class GoneException(ClientException):
    """For the description: its time is over."""

    status_code = 410


def leads_to(*operations: str) -> type[Operation]:
    """For the description: with the ``number`` in the answer these operations can be called next."""

    @dataclass
    class Leading(Operation):
        def __post_init__(self) -> None:
            for answer in (self.responses or {}).values():
                if isinstance(answer, OpenAPIResponse) and "application/json" in (answer.content or {}):
                    number = {"number": "$response.body#/number"}
                    answer.links = {each: Link(operation_id=each, parameters=number) for each in operations}
                    # What comes after the answer that it worked are problems.
                    break

    return Leading


class Amount(Struct, frozen=True):
    """Money."""

    amount: Annotated[Decimal, Meta(description="Two digits after the point", examples=["89.90"])]
    currency: Annotated[str, Meta(description="ISO 4217")] = CURRENCY


class NewItem(Struct, frozen=True):
    """So many of a product."""

    product: Annotated[
        str, Meta(min_length=1, max_length=20, pattern=r"^[!-~]+$", description="A SKU or a GTIN")
    ]
    quantity: Annotated[int, Meta(ge=1, le=items.MOST_UNITS)]

    @property
    def item(self) -> items.Item:
        """For the services."""
        return items.Item(self.product, self.quantity)


NewItems = Annotated[
    list[NewItem],
    Meta(min_length=1, max_length=100, examples=[[{"product": "HH-10001", "quantity": 2}]]),
]


def require_staff(caller: Caller) -> None:
    """Refuse who is not of the staff.

    Raises:
        Forbidden: so it is.
    """
    if not caller.is_staff:
        raise Forbidden("This is for staff.")


def name_of(caller: Caller) -> str:
    """How a colleague is noted on what they did."""
    return (caller.identity or str(caller.role))[:60]


async def the_shop(session: AsyncSession, desk: Desk, number: str | None) -> Shop:
    """The shop that was asked for, or the desk's own.

    Raises:
        ShopUnknown: there is none of that number.
    """
    if number is None:
        return await shops.this_shop(session, desk.settings.site)
    return await shops.get_shop(session, number)
