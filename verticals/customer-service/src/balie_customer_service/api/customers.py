"""Customers."""

from typing import Annotated

from balie.api import TheCaller, TheDesk
from litestar import Controller, get
from litestar.openapi.spec import Example
from litestar.params import PathParameter
from msgspec import Struct

from balie_customer_service.api.common import AddressView, own
from balie_customer_service.models import Customer, Tier
from balie_customer_service.services import accounts

CustomerNumber = Annotated[str, PathParameter(examples=[Example(value="C-1001")])]


class CustomerView(Struct, frozen=True):
    """A customer."""

    number: str
    name: str
    email: str
    phone: str | None
    address: AddressView
    tier: Tier
    language: str
    timezone: str

    @classmethod
    def of(cls, person: Customer) -> "CustomerView":
        """Of the row."""
        address = AddressView(person.street, person.postcode, person.city, person.country)
        return cls(
            number=person.number,
            name=person.name,
            email=person.email,
            phone=person.phone,
            address=address,
            tier=person.tier,
            language=person.language,
            timezone=person.timezone,
        )


class CustomerController(Controller):
    """A customer sees themselves, staff everybody."""

    path = "/customers"
    tags = ("Customers",)

    @get("/{number:str}", summary="What is on file about a customer")
    async def customer(self, desk: TheDesk, caller: TheCaller, number: CustomerNumber) -> CustomerView:
        """One customer."""
        async with desk.database.read() as session:
            return CustomerView.of(await accounts.get_customer(session, number, customer=own(caller)))
