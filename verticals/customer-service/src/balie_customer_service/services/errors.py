"""The rules that can be broken at this desk.

::

    RuleBroken
    ├── NoSuchThing                 it is not there, or it is somebody else's: both look alike (CS-9)
    │   ├── NoSuchCustomer              no-such-customer          query
    │   ├── NoSuchOrder                 no-such-order             number
    │   ├── NoSuchProduct               no-such-product           number, product
    │   ├── NoSuchTicket                no-such-ticket            number
    │   ├── NoSuchCallback              no-such-callback          start
    │   ├── NoSuchReturn                no-such-return            label
    │   ├── NoSuchDevice                no-such-device            serial
    │   ├── NoSuchService               no-such-service           service
    │   ├── NoSuchIncident              no-such-incident          number
    │   └── NoSuchArticle               no-such-article           slug
    ├── orders (CS-1, CS-2)
    │   ├── OrderAlreadyShipped         order-already-shipped     number, shipped_on, delivered_on, tracking
    │   ├── OrderAlreadyCancelled       order-already-cancelled   number, cancelled_on
    │   ├── OrderInWrongState           order-in-wrong-state      number, status
    │   ├── OrderEmpty                  order-empty
    │   ├── AddressIncomplete           address-incomplete        missing
    │   └── AddressAbroad               address-abroad            number, country
    ├── returns (CS-3)
    │   ├── OrderNotDelivered           order-not-delivered       number, status, due
    │   ├── ReturnWindowOver            return-window-over        number, delivered_on, until
    │   ├── NotReturnable               not-returnable            number, product
    │   ├── AlreadyReturned             already-returned          number, product, label
    │   └── ReturnInWrongState          return-in-wrong-state     label, status
    ├── tickets (CS-5)
    │   ├── TicketClosed                ticket-closed             number, closed_on
    │   └── TextMissing                 text-missing              field
    ├── callbacks (CS-6), all but the last two with ``alternatives``: the next free slots
    │   ├── SlotInPast                  slot-in-past              start
    │   ├── SlotTooFar                  slot-too-far              start, until
    │   ├── SlotOnHoliday               holiday                   start, holiday
    │   ├── SlotOutsideHours            outside-hours             start, opens, closes
    │   ├── SlotTaken                   slot-taken                start
    │   ├── CallbackAlreadyPlanned      callback-already-planned  start
    │   └── PhoneMissing                phone-missing
    ├── accounts (CS-7)
    │   ├── ResetTooOften               reset-too-often           minutes
    │   └── ResetLinkInvalid            reset-link-invalid
    └── incidents (CS-13)
        ├── IncidentAlreadyLinked       incident-already-linked   number, ticket
        └── IncidentResolved            incident-resolved         number, resolved_on

The last column names the facts. Dates are ``date`` in the shop's zone, instants are aware ``datetime``.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import ClassVar

from balie.errors import Incomplete, RuleBroken


class NoSuchThing(RuleBroken):
    """Not there, or not this customer's. Which of the two is never told."""

    slug: ClassVar[str] = "no-such-thing"
    status: ClassVar[int] = 404
    fact: ClassVar[str] = "number"
    words: ClassVar[str] = "There is no {}."

    def __init__(self, value: str) -> None:
        super().__init__(self.words.format(value), **{self.fact: value})


class NoSuchCustomer(NoSuchThing):
    """No customer is known by this number, name or address."""

    slug = "no-such-customer"
    fact = "query"
    words = "There is no customer {}."


class NoSuchOrder(NoSuchThing):
    """There is no such order for this customer."""

    slug = "no-such-order"
    words = "There is no order {} of yours."


class NoSuchProduct(NoSuchThing):
    """The product is not in the order, or the shop does not have it (``number`` is None)."""

    slug = "no-such-product"

    def __init__(self, number: str | None, product: str) -> None:
        where = f"in order {number}" if number else "in the shop"
        RuleBroken.__init__(self, f"There is no {product} {where}.", number=number, product=product)


class NoSuchTicket(NoSuchThing):
    """There is no such ticket for this customer."""

    slug = "no-such-ticket"
    words = "There is no ticket {} of yours."


class NoSuchCallback(NoSuchThing):
    """No callback is planned at this time for this customer."""

    slug = "no-such-callback"

    def __init__(self, start: datetime) -> None:
        RuleBroken.__init__(self, f"There is no callback at {start:%Y-%m-%d %H:%M}.", start=start)


class NoSuchReturn(NoSuchThing):
    """There is no return with this label."""

    slug = "no-such-return"
    fact = "label"
    words = "There is no return {}."


class NoSuchDevice(NoSuchThing):
    """There is no such device for this customer."""

    slug = "no-such-device"
    fact = "serial"
    words = "There is no device {} of yours."


class NoSuchService(NoSuchThing):
    """The shop runs no such service."""

    slug = "no-such-service"
    fact = "service"
    words = "There is no service {}."


class NoSuchIncident(NoSuchThing):
    """There is no such incident for this customer."""

    slug = "no-such-incident"
    words = "There is no incident {} of yours."


class NoSuchArticle(NoSuchThing):
    """The knowledge base has no such article for this reader."""

    slug = "no-such-article"
    fact = "slug"
    words = "There is no article {}."


class OrderAlreadyShipped(RuleBroken):
    """It is too late to cancel it or to send it elsewhere (CS-1, CS-2)."""

    slug = "order-already-shipped"

    def __init__(
        self, number: str, shipped_on: date, *, delivered_on: date | None, tracking: str | None
    ) -> None:
        super().__init__(
            f"Order {number} was shipped on {shipped_on}.",
            number=number,
            shipped_on=shipped_on,
            delivered_on=delivered_on,
            tracking=tracking,
        )


class OrderAlreadyCancelled(RuleBroken):
    """The order is cancelled."""

    slug = "order-already-cancelled"

    def __init__(self, number: str, cancelled_on: date) -> None:
        super().__init__(
            f"Order {number} was cancelled on {cancelled_on}.", number=number, cancelled_on=cancelled_on
        )


class OrderInWrongState(RuleBroken):
    """The order's next step is another one."""

    slug = "order-in-wrong-state"

    def __init__(self, number: str, status: str) -> None:
        super().__init__(f"Order {number} is {status.replace('_', ' ')}.", number=number, status=status)


class OrderEmpty(RuleBroken):
    """An order has at least one line, with at least one piece on it."""

    slug = "order-empty"

    def __init__(self) -> None:
        super().__init__("An order needs at least one product, and at least one of each.")


class AddressIncomplete(Incomplete):
    """A parcel would not arrive there (CS-2)."""

    slug = "address-incomplete"
    argument = "address"

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"The address lacks: {', '.join(missing)}.", missing=list(missing))


class AddressAbroad(RuleBroken):
    """An order stays in the country that it was ordered to (CS-2); ``country`` is that one."""

    slug = "address-abroad"

    def __init__(self, number: str, country: str) -> None:
        super().__init__(f"Order {number} can only go to {country}.", number=number, country=country)


class OrderNotDelivered(RuleBroken):
    """What has not arrived can't be sent back (CS-3)."""

    slug = "order-not-delivered"

    def __init__(self, number: str, status: str, due: date | None) -> None:
        super().__init__(f"Order {number} has not been delivered.", number=number, status=status, due=due)


class ReturnWindowOver(RuleBroken):
    """The days for sending back are over (CS-3)."""

    slug = "return-window-over"

    def __init__(self, number: str, *, delivered_on: date, until: date) -> None:
        super().__init__(
            f"Order {number} could be returned until {until}.",
            number=number,
            delivered_on=delivered_on,
            until=until,
        )


class NotReturnable(RuleBroken):
    """Products of this kind can't be sent back (CS-3)."""

    slug = "not-returnable"

    def __init__(self, number: str, product: str) -> None:
        super().__init__(f"{product} can't be returned.", number=number, product=product)


class AlreadyReturned(RuleBroken):
    """A line of an order comes back once."""

    slug = "already-returned"

    def __init__(self, number: str, *, product: str, label: str | None) -> None:
        super().__init__(
            f"The return of {product} is under way already.", number=number, product=product, label=label
        )


class ReturnInWrongState(RuleBroken):
    """The return's next step is another one."""

    slug = "return-in-wrong-state"

    def __init__(self, label: str, status: str) -> None:
        super().__init__(f"Return {label} is {status}.", label=label, status=status)


class TicketClosed(RuleBroken):
    """A closed ticket stays closed; a new one can refer to it."""

    slug = "ticket-closed"

    def __init__(self, number: str, closed_on: date) -> None:
        super().__init__(f"Ticket {number} was closed on {closed_on}.", number=number, closed_on=closed_on)


class TextMissing(RuleBroken):
    """Something has to be said here."""

    slug = "text-missing"

    def __init__(self, field: str) -> None:
        super().__init__(f"The {field} is empty.", field=field)


class SlotRefused(RuleBroken):
    """Nobody can be called then (CS-6). ``alternatives`` are the next slots that are free."""

    slug = "slot-refused"
    argument = "when"
    words: ClassVar[str] = "Nobody can call at that time."

    def __init__(self, start: datetime, alternatives: Sequence[datetime], **facts: object) -> None:
        super().__init__(self.words, start=start, alternatives=list(alternatives), **facts)


class SlotInPast(SlotRefused):
    """It has begun already."""

    slug = "slot-in-past"
    words = "That time is over."


class SlotTooFar(SlotRefused):
    """It is further ahead than callbacks are planned: fact ``until``, a date."""

    slug = "slot-too-far"
    words = "Callbacks are not planned that far ahead."

    def __init__(self, start: datetime, alternatives: Sequence[datetime], *, until: date) -> None:
        super().__init__(start, alternatives, until=until)


class SlotOnHoliday(SlotRefused):
    """The shop is closed on a public holiday: fact ``holiday``, its English name."""

    slug = "holiday"
    words = "The shop is closed on that day."

    def __init__(self, start: datetime, alternatives: Sequence[datetime], *, holiday: str) -> None:
        super().__init__(start, alternatives, holiday=holiday)


class SlotOutsideHours(SlotRefused):
    """Nobody is in, or it is not on the half hour: facts ``opens`` and ``closes``, times in Amsterdam."""

    slug = "outside-hours"
    words = "Callbacks start on the half hour, in opening hours."

    def __init__(
        self, start: datetime, alternatives: Sequence[datetime], *, opens: time, closes: time
    ) -> None:
        super().__init__(start, alternatives, opens=opens, closes=closes)


class SlotTaken(SlotRefused):
    """All places of the slot are taken."""

    slug = "slot-taken"
    words = "That time has just been taken."


class CallbackAlreadyPlanned(RuleBroken):
    """This customer is called at that time already."""

    slug = "callback-already-planned"

    def __init__(self, start: datetime) -> None:
        super().__init__("A callback is planned at that time already.", start=start)


class PhoneMissing(RuleBroken):
    """There is no number to call."""

    slug = "phone-missing"

    def __init__(self) -> None:
        super().__init__("There is no telephone number to call.")


class ResetTooOften(RuleBroken):
    """Too many links were asked for; the same answer whether there is an account or not (CS-7)."""

    slug = "reset-too-often"
    status = 429

    def __init__(self, minutes: int) -> None:
        super().__init__(
            f"Too many new passwords were asked for; try again in {minutes} minutes.", minutes=minutes
        )


class ResetLinkInvalid(RuleBroken):
    """The link was used, is too old, or was never sent."""

    slug = "reset-link-invalid"
    status = 410

    def __init__(self) -> None:
        super().__init__("This link can't be used any more; ask for a new one.")


class IncidentAlreadyLinked(RuleBroken):
    """An incident belongs to one ticket."""

    slug = "incident-already-linked"

    def __init__(self, number: str, ticket: str) -> None:
        super().__init__(f"Incident {number} belongs to ticket {ticket}.", number=number, ticket=ticket)


class IncidentResolved(RuleBroken):
    """What is resolved is not changed any more."""

    slug = "incident-resolved"

    def __init__(self, number: str, resolved_on: date) -> None:
        super().__init__(
            f"Incident {number} was resolved on {resolved_on}.", number=number, resolved_on=resolved_on
        )
