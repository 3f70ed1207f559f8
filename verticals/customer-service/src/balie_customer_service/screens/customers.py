"""For staff: who a customer is, and what they have with us."""

from collections.abc import Sequence

from balie.tui.screens.records import Column, RecordsScreen, Row, heading, paragraph
from balie.tui.widgets.facts import Facts
from textual.widget import Widget

from balie_customer_service.facts import address_line
from balie_customer_service.screens.common import STAFF, spoken
from balie_customer_service.services import accounts, devices, orders, tickets

MOST = 30
LATEST = 5


class CustomersScreen(RecordsScreen):
    """Find a customer by name, number or e-mail address (CS-8)."""

    TITLE = "Customers"
    ROLES = STAFF
    COLUMNS = (Column("Number", 8), Column("Name"), Column("Tier", 8), Column("City", 16))
    SEARCH = "Name, number or e-mail address"
    EMPTY = "Type a name, a number or an e-mail address above."
    AUTO_FOCUS = "Input"

    async def rows(self, search: str) -> Sequence[Row]:
        """The likeliest first; nobody before something is typed."""
        async with self.session.read() as db:
            found = await accounts.find_customers(db, search, limit=MOST)
        return [
            Row(
                person.number,
                (
                    self.cell(person.number),
                    self.cell(person.name),
                    self.cell(person.tier, "warning" if person.tier == "gold" else ""),
                    self.cell(person.city),
                ),
            )
            for person in found
        ]

    async def detail(self, key: str) -> Sequence[Widget]:
        """What is on file, and the latest orders, tickets and devices."""
        session = self.session
        async with session.read() as db:
            person = await accounts.get_customer(db, key, customer=None)
            bought = await orders.list_orders(db, customer=key, limit=LATEST)
            asked = await tickets.list_tickets(db, customer=key, limit=LATEST)
            owned = await devices.list_devices(db, customer=key, limit=LATEST)
        widgets: list[Widget] = [
            heading(f"{person.name}  {person.number}"),
            Facts(
                [
                    ("Tier", person.tier),
                    ("E-mail", person.email),
                    ("Telephone", person.phone or "none on file"),
                    ("Address", f"{address_line(person)}, {person.country}"),
                    ("Time zone", person.timezone),
                ]
            ),
            heading("Latest orders"),
        ]
        widgets.append(
            Facts(
                [
                    (
                        each.number,
                        f"{session.day(each.placed_at)}  {session.money(each.total)}  {spoken(each.status)}",
                    )
                    for each in bought
                ]
            )
            if bought
            else paragraph("None.")
        )
        if asked:
            lines = [(each.number, f"{each.subject}  ({spoken(each.status)})") for each in asked]
            widgets += [heading("Latest tickets"), Facts(lines)]
        if owned:
            lines = [(each.serial, f"{each.name}, {each.product.name}") for each in owned]
            widgets += [heading("Devices"), Facts(lines)]
        return widgets
