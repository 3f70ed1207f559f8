"""What the tools come to: the facts that a reply may state, and nothing else.

A field that is named like a parameter (``product``, ``products``, ``items``, ``quote`` …) is what the
conversation speaks of from then on.
"""

from datetime import date, datetime, time
from decimal import Decimal

from msgspec import Struct

from balie_retail_kiosk.models import CallReason, ReservationStatus


class Delivery(Struct, frozen=True):
    """What is on its way to a shop."""

    quantity: int
    expected_on: date


class OtherShop(Struct, frozen=True):
    """What another shop has of a product."""

    shop_name: str
    available: int


class ProductStock(Struct, frozen=True):
    """What there is of a product, here and elsewhere.

    ``counted_at`` is when this shop counted; ``stale`` says that this was before today.
    """

    product: str
    name: str
    unit_price: Decimal
    shop_name: str
    available: int
    aisle: str | None
    shelf: str | None
    counted_at: datetime | None
    stale: bool
    incoming: list[Delivery]
    elsewhere: list[OtherShop]
    missing: list[str] = []


class Feature(Struct, frozen=True):
    """A line of a specification sheet, in the caller's language."""

    title: str
    value: str


class ProductDetails(Struct, frozen=True):
    """A product as its sheet describes it."""

    product: str
    name: str
    barcode: str
    description: str
    unit_price: Decimal
    features: list[Feature]
    warranty_months: int
    available: int
    aisle: str | None
    missing: list[str] = []


class ComparedFeature(Struct, frozen=True):
    """A line of a comparison: a value for each product, in the products' order; None where it has none."""

    title: str
    values: list[str | None]


class ProductComparison(Struct, frozen=True):
    """Two or three products side by side."""

    products: list[str]
    names: list[str]
    prices: list[Decimal]
    stocks: list[int]
    features: list[ComparedFeature]
    alike: list[Feature]


class ListedProduct(Struct, frozen=True):
    """A product in a list; ``available`` is in this shop."""

    name: str
    unit_price: Decimal
    available: int
    aisle: str | None


class ProductsFound(Struct, frozen=True):
    """What fits what somebody looks for; ``count`` is of all of it. ``product``: the only one there is."""

    searched: str
    products: list[str]
    product: str
    lines: list[ListedProduct]
    count: int


class Alternative(Struct, frozen=True):
    """Something else that would do; ``reasons`` are why, in the caller's language."""

    name: str
    unit_price: Decimal
    available: int
    aisle: str | None
    reasons: list[str]


class AlternativesFound(Struct, frozen=True):
    """What could be bought here instead of a product."""

    product: str
    products: list[str]
    name: str
    lines: list[Alternative]
    missing: list[str] = []


class AccessoriesFound(Struct, frozen=True):
    """What goes with a product."""

    product: str
    products: list[str]
    name: str
    lines: list[ListedProduct]
    missing: list[str] = []


class PromotionLine(Struct, frozen=True):
    """A promotion that is valid today, until and including ``until``."""

    title: str
    members_only: bool
    until: date


class PromotionsShown(Struct, frozen=True):
    """The promotions on something, or of all the shop where nothing is named; ``count`` is of all of them."""

    names: list[str]
    lines: list[PromotionLine]
    count: int


class DayHours(Struct, frozen=True):
    """A day's hours; None means closed. ``why`` they are not the usual ones, in the caller's language."""

    day: date
    opens: time | None
    closes: time | None
    why: str


class OpeningTimes(Struct, frozen=True):
    """When a shop is open, on one day or the coming ones; ``open_now`` where the first of them is today."""

    shop_name: str
    days: list[DayHours]
    open_now: bool | None


class PlaceFound(Struct, frozen=True):
    """Where something is in this shop; ``directions`` are in the caller's language. ``product``: if it is one."""

    product: str
    name: str
    aisle: str | None
    shelf: str | None
    directions: str


class PriceLine(Struct, frozen=True):
    """A line of a quote. ``discount`` is what the promotions took off, ``amount`` what is paid.

    ``fits``: of how many products that fit this is the cheapest one in stock here; 0 where it was named.
    """

    quantity: int
    name: str
    unit_price: Decimal
    discount: Decimal
    amount: Decimal
    promotions: list[str]
    fits: int = 0


class VatLine(Struct, frozen=True):
    """The VAT that is in the amounts at one rate."""

    percent: int
    amount: Decimal


class QuotePreview(Struct, frozen=True):
    """What the quote would say."""

    lines: list[PriceLine]
    total: Decimal
    saved: Decimal
    vat: list[VatLine]
    valid_until: date
    short: list["Shortage"]
    missing: list[str] = []


class Shortage(Struct, frozen=True):
    """Something of which this shop has fewer than the quote says."""

    name: str
    available: int


class QuoteMade(Struct, frozen=True):
    """A quote that holds until the end of ``valid_until``."""

    quote: str
    total: Decimal
    count: int
    valid_until: date


class QuoteDetails(Struct, frozen=True):
    """A quote as it was made; ``expired``: it does not hold any more."""

    quote: str
    lines: list[PriceLine]
    total: Decimal
    saved: Decimal
    vat: list[VatLine]
    made_on: date
    valid_until: date
    expired: bool


class PrintPreview(Struct, frozen=True):
    """The quote that would be printed."""

    total: Decimal


class QuotePrinting(Struct, frozen=True):
    """A quote on its way to the printer."""

    quote: str


class ReservedItem(Struct, frozen=True):
    """A line of a reservation; ``fits`` as in :class:`PriceLine`."""

    quantity: int
    name: str
    aisle: str | None = None
    fits: int = 0


class ReservationPreview(Struct, frozen=True):
    """What would be kept back, and until when."""

    lines: list[ReservedItem]
    shop_name: str
    until: datetime
    missing: list[str] = []


class ReservationMade(Struct, frozen=True):
    """What is kept back until ``until``."""

    reservation: str
    lines: list[ReservedItem]
    shop_name: str
    until: datetime


class ReservationDetails(Struct, frozen=True):
    """A reservation and how far it is."""

    reservation: str
    lines: list[ReservedItem]
    shop_name: str
    status: ReservationStatus
    until: datetime


class ReservationLines(Struct, frozen=True):
    """What a reservation holds, before it is changed."""

    lines: list[ReservedItem]


class ReservationCancelled(Struct, frozen=True):
    """A reservation that holds nothing any more."""

    reservation: str


class ReservationCollected(Struct, frozen=True):
    """A reservation that was handed over."""

    reservation: str
    lines: list[ReservedItem]


class CallPreview(Struct, frozen=True):
    """Where the colleague would come, and how many wait before."""

    where: str
    ahead: int


class StaffCalled(Struct, frozen=True):
    """A colleague is called; ``ahead`` are those who wait before."""

    call: str
    where: str
    ahead: int


class CallLine(Struct, frozen=True):
    """Somebody who waits for a colleague, since ``since``."""

    number: str
    why: CallReason
    where: str
    said: str
    since: datetime
    taken_by: str | None


class CallList(Struct, frozen=True):
    """Who waits, longest first. ``call``: the only one there is."""

    lines: list[CallLine]
    call: str


class CallDetails(Struct, frozen=True):
    """What a call is about, before it is changed."""

    why: CallReason
    where: str


class CallTaken(Struct, frozen=True):
    """A call that a colleague goes to."""

    call: str
    where: str


class CallClosed(Struct, frozen=True):
    """A call that is done."""

    call: str


class PriceMatchPreview(Struct, frozen=True):
    """What a price match would be asked for."""

    name: str
    our_price: Decimal


class PriceMatchRequested(Struct, frozen=True):
    """A price match that a colleague decides about."""

    match: str
    name: str
    seen_at: str
    seen_price: Decimal
    our_price: Decimal


class PriceMatchDetails(Struct, frozen=True):
    """A request, before it is decided."""

    name: str
    seen_at: str
    seen_price: Decimal
    our_price: Decimal


class PriceMatchDecided(Struct, frozen=True):
    """A request that was decided."""

    match: str
    name: str
    seen_price: Decimal
    approved: bool
