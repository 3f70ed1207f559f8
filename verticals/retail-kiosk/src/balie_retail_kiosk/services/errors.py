"""The rules that can be broken in the shop.

::

    RuleBroken
    ├── products
    │   ├── ProductUnknown        product-unknown       reference
    │   ├── GtinWrong             gtin-wrong            text, why, right
    │   ├── NothingFits           nothing-fits          wanted
    │   ├── OutOfStock            out-of-stock          product, name, available, wanted (RK-7)
    │   └── TooMany               too-many              quantity, most
    ├── the shop
    │   ├── ShopUnknown           shop-unknown          shop
    │   └── PlaceUnknown          place-unknown         place
    ├── quotes (RK-6)
    │   ├── NothingInQuote        nothing-in-quote
    │   ├── QuoteUnknown          quote-unknown         number
    │   └── QuoteExpired          quote-expired         number, valid_until
    ├── reservations (RK-8)
    │   ├── ReservationUnknown    reservation-unknown   number
    │   └── ReservationOver       reservation-over      number, status
    ├── members
    │   ├── CardUnknown           card-unknown          card
    │   └── CardEnded             card-ended            card, until
    ├── calls for a colleague
    │   ├── CallUnknown           call-unknown          number
    │   └── CallOver              call-over             number, status
    └── price matches (RK-10)
        ├── PriceNotLower         price-not-lower       price, our_price
        ├── MatchUnknown          match-unknown         number
        └── MatchDecided          match-decided         number, status

The last column names the facts. Prices are ``Decimal`` in euros, dates are ``date`` in the shop's zone,
and a status is its enumeration's value.
"""

import enum
from datetime import date
from decimal import Decimal
from typing import ClassVar

from balie.errors import RuleBroken


class NoSuchThing(RuleBroken):
    """It is not there; the fact named by ``fact`` is what was asked for."""

    slug: ClassVar[str] = "no-such-thing"
    status: ClassVar[int] = 404
    fact: ClassVar[str] = "number"
    words: ClassVar[str] = "There is no {}."

    def __init__(self, value: str) -> None:
        super().__init__(self.words.format(value), **{self.fact: value})


class ProductUnknown(NoSuchThing):
    """No shop sells a product with this SKU or GTIN."""

    slug = "product-unknown"
    argument = "product"
    fact = "reference"
    words = "There is no product {}."


class ShopUnknown(NoSuchThing):
    """The chain has no such shop."""

    slug = "shop-unknown"
    argument = "shop"
    fact = "shop"
    words = "There is no shop {}."


class PlaceUnknown(NoSuchThing):
    """The shop has no such place."""

    slug = "place-unknown"
    argument = "place"
    fact = "place"
    words = "There is no {} in this shop."


class QuoteUnknown(NoSuchThing):
    """No quote has this number."""

    slug = "quote-unknown"
    argument = "quote"
    words = "There is no quote {}."


class ReservationUnknown(NoSuchThing):
    """No reservation has this number."""

    slug = "reservation-unknown"
    argument = "reservation"
    words = "There is no reservation {}."


class CallUnknown(NoSuchThing):
    """Nobody called a colleague under this number."""

    slug = "call-unknown"
    argument = "call"
    words = "There is no call {}."


class MatchUnknown(NoSuchThing):
    """No price match request has this number."""

    slug = "match-unknown"
    argument = "match"
    words = "There is no price match request {}."


class CardUnknown(NoSuchThing):
    """No member has this card."""

    slug = "card-unknown"
    argument = "member"
    fact = "card"
    words = "There is no member's card {}."


class NothingFits(NoSuchThing):
    """No product is like what was said; ``wanted`` is what was said of it."""

    slug = "nothing-fits"
    argument = "product"
    fact = "wanted"
    words = "The shops sell nothing like {}."


class GtinFault(enum.StrEnum):
    """What can be wrong with the digits of a barcode."""

    NOT_DIGITS = "not_digits"
    LENGTH = "length"
    CHECK_DIGIT = "check_digit"


class GtinWrong(RuleBroken):
    """These are not the digits of a barcode.

    ``right`` is the number with the check digit that its other digits ask for, None where the fault is
    another one. It may be another product's: it is told, and not taken.
    """

    slug = "gtin-wrong"
    status = 422
    argument = "product"

    def __init__(self, text: str, why: GtinFault, right: str | None = None) -> None:
        what = {
            GtinFault.NOT_DIGITS: "it has something else than digits in it.",
            GtinFault.LENGTH: f"it has {len(text)} digits; a barcode has 8, 12, 13 or 14.",
            GtinFault.CHECK_DIGIT: f"its last digit should be {(right or '?')[-1]}.",
        }[why]
        super().__init__(f"{text} is no barcode: {what}", text=text, why=why.value, right=right)


class OutOfStock(RuleBroken):
    """The shop has fewer of it than are wanted (RK-7); ``product`` is the SKU."""

    slug = "out-of-stock"

    def __init__(self, product: str, name: str, *, available: int, wanted: int) -> None:
        super().__init__(
            f"There are {available} of {name} here, not {wanted}.",
            product=product,
            name=name,
            available=available,
            wanted=wanted,
        )


class TooMany(RuleBroken):
    """More than a kiosk deals with; a colleague can."""

    slug = "too-many"
    status = 422

    def __init__(self, quantity: int, most: int) -> None:
        super().__init__(f"{quantity} is more than {most}.", quantity=quantity, most=most)


class NothingInQuote(RuleBroken):
    """A quote has at least one product."""

    slug = "nothing-in-quote"
    status = 422
    argument = "items"

    def __init__(self) -> None:
        super().__init__("A quote needs at least one product.")


class QuoteExpired(RuleBroken):
    """The quote's price held until the end of that day (RK-6)."""

    slug = "quote-expired"
    status = 410

    def __init__(self, number: str, valid_until: date) -> None:
        super().__init__(
            f"Quote {number} was valid until {valid_until}.", number=number, valid_until=valid_until
        )


class ReservationOver(RuleBroken):
    """The reservation was collected or cancelled, or its two hours are over (RK-8)."""

    slug = "reservation-over"
    status = 410

    def __init__(self, number: str, status: str) -> None:
        super().__init__(f"Reservation {number} is {status}.", number=number, status=status)


class CardEnded(RuleBroken):
    """The membership ended; ``until`` was its last day."""

    slug = "card-ended"
    argument = "member"

    def __init__(self, card: str, until: date) -> None:
        super().__init__(f"Member's card {card} was valid until {until}.", card=card, until=until)


class CallOver(RuleBroken):
    """A colleague has taken the call already, or it is closed."""

    slug = "call-over"

    def __init__(self, number: str, status: str) -> None:
        super().__init__(f"Call {number} is {status}.", number=number, status=status)


class PriceNotLower(RuleBroken):
    """The price seen elsewhere is not below the one here (RK-10)."""

    slug = "price-not-lower"
    argument = "price"

    def __init__(self, price: Decimal, our_price: Decimal) -> None:
        super().__init__(f"{price} is not below our {our_price}.", price=price, our_price=our_price)


class MatchDecided(RuleBroken):
    """A colleague has decided about it already."""

    slug = "match-decided"

    def __init__(self, number: str, status: str) -> None:
        super().__init__(f"Price match request {number} is {status}.", number=number, status=status)
