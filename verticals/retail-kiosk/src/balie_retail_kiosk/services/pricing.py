"""What several products cost together: promotions (RK-3, RK-4), VAT and rounding (RK-5).

:func:`priced` is a pure function of products, promotions and what is wanted. It counts in whole cents and,
under a percentage, in hundredths of a cent; it never sees a float.

Every unit is in one promotion at most. Bundles come first, at most :data:`MOST_BUNDLES` different ones;
what they leave of a product is divided over its other promotions so that it costs least. All choices of
bundles are compared, so one promotion more, or a member's card, never makes anything dearer: each choice
that was there before is still there.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import Product, Promotion, PromotionKind, QuoteLine, Vat
from balie_retail_kiosk.services.items import Item, wanted
from balie_retail_kiosk.services.promotions import is_on, runs, to_price

CURRENCY = "EUR"
"""ISO 4217; the chain has no other."""

VAT_PERCENT: Mapping[Vat, int] = {Vat.STANDARD: 21, Vat.REDUCED: 9, Vat.ZERO: 0}
"""Article 9 of the Wet op de omzetbelasting 1968: 21, 9 for its table I, nil for its table II (RK-5)."""

MOST_BUNDLES = 3
"""So many different bundles count in one quote, each as often as it is complete (RK-3)."""


class PricedLine(Struct, frozen=True):
    """A product with its price: ``amount`` = ``unit_price`` times ``quantity``, less ``discount``.

    ``vat_amount`` is in ``amount``, at ``vat_percent``. ``promotions`` are the codes of those that count.
    """

    product: Product
    quantity: int
    unit_price: Decimal
    discount: Decimal
    amount: Decimal
    vat: Vat
    vat_percent: int
    vat_amount: Decimal
    promotions: list[str]


class VatTotal(Struct, frozen=True):
    """Of all lines at one rate: what is charged without VAT (``base``), and the VAT on it (``amount``)."""

    percent: int
    base: Decimal
    amount: Decimal


class Priced(Struct, frozen=True):
    """Lines, and what they come to; ``saved`` is what the promotions took off."""

    lines: list[PricedLine]
    total: Decimal
    vat: list[VatTotal]
    saved: Decimal
    currency: str = CURRENCY


async def price(session: AsyncSession, items: Sequence[Item], *, day: date, member: bool) -> Priced:
    """What these cost on a day of the shop, for a member or for anybody.

    Raises:
        NothingInQuote, BadRequest, TooMany, ProductUnknown, GtinWrong: as :func:`.items.wanted`.
    """
    products = await wanted(session, items)
    promotions = await to_price(session, [product for product, _ in products], day, member=member)
    return priced(products, promotions, member=member, day=day)


def priced(
    products: Sequence[tuple[Product, int]], promotions: Collection[Promotion], *, member: bool, day: date
) -> Priced:
    """What so many of each product cost; a line for each product, in the order in which they came.

    Args:
        products: each with how many are wanted. A product that comes twice is one line.
        promotions: any, with their parts; only those that run on ``day`` count.
    """
    basket: dict[str, _Wanted] = {}
    for product, quantity in products:
        before = basket.get(product.sku)
        basket[product.sku] = _Wanted(product, quantity + (before.quantity if before else 0))
    counting = [promotion for promotion in promotions if runs(promotion, day, member=member)]
    lines = [_line(basket[sku], paid) for sku, paid in _cheapest(basket, counting).items()]
    return Priced(
        lines=lines,
        total=sum((line.amount for line in lines), Decimal("0.00")),
        vat=vat_totals(lines),
        saved=sum((line.discount for line in lines), Decimal("0.00")),
    )


def vat_totals(lines: Collection[PricedLine | QuoteLine]) -> list[VatTotal]:
    """The VAT by rate, the highest first: of each the sum of its lines (RK-5)."""
    totals = []
    for percent in sorted({line.vat_percent for line in lines}, reverse=True):
        of_rate = [line for line in lines if line.vat_percent == percent]
        vat = sum((line.vat_amount for line in of_rate), Decimal("0.00"))
        charged = sum((line.amount for line in of_rate), Decimal("0.00"))
        totals.append(VatTotal(percent, charged - vat, vat))
    return totals


def vat_in(cents: int, percent: int) -> int:
    """The VAT in an amount that includes it; half a cent or more counts as one (RK-5)."""
    return _half_up(cents * percent, 100 + percent)


@dataclass(frozen=True)
class _Wanted:
    product: Product
    quantity: int

    @property
    def cents(self) -> int:
        """The price of one, by the label on the shelf."""
        return int(self.product.price.scaleb(2))


@dataclass(frozen=True, order=True)
class _Paid:
    """What units of a product come to, in the ``parts`` of a cent that its maker counts in, and why.

    Ordered by amount. Of equal amounts the one with fewer promotions, then with the lower codes, is less,
    so that the same question always has the same answer.
    """

    amount: int
    count: int = 0
    codes: tuple[str, ...] = ()

    def and_(self, amount: int, *codes: str) -> "_Paid":
        """With this much more, by these promotions."""
        together = tuple(sorted({*self.codes, *codes}))
        return _Paid(self.amount + amount, len(together), together)


@dataclass(frozen=True)
class _Bundled:
    """A bundle that counts: which units it takes, and what each product's units cost in it, in cents."""

    code: str
    units: Mapping[str, int]
    cents: Mapping[str, int]
    off: Mapping[str, int]


def _cheapest(basket: Mapping[str, _Wanted], promotions: Sequence[Promotion]) -> dict[str, _Paid]:
    """For each product what it costs, in cents: the best of all choices of bundles (RK-3)."""
    alone = {sku: _without_bundles(line, promotions) for sku, line in basket.items()}
    whole = {sku: line.quantity for sku, line in basket.items()}
    bundles = [
        promotion
        for promotion in sorted(promotions, key=lambda promotion: (-(promotion.amount or 0), promotion.code))
        if promotion.kind is PromotionKind.BUNDLE and _taken(promotion, whole, basket)
    ]
    best: dict[str, _Paid] = {}
    least: tuple[int, int, tuple[str, ...]] | None = None
    for size in range(MOST_BUNDLES + 1):
        for chosen in combinations(bundles, size):
            paid = _paid(chosen, basket, alone)
            if paid is None:
                continue
            codes = tuple(bundle.code for bundle in chosen)
            rank = (sum(line.amount for line in paid.values()), size, codes)
            if least is None or rank < least:
                best, least = paid, rank
    return best


def _without_bundles(line: _Wanted, promotions: Sequence[Promotion]) -> list[_Paid]:
    """What 0, 1 … of a product cost at least, in cents, each unit being in one promotion at most."""
    ways = list(_ways(line, promotions))
    exact = [_Paid(0)]
    for count in range(1, line.quantity + 1):
        exact.append(
            min(exact[count - units].and_(amount, *codes) for units, amount, *codes in ways if units <= count)
        )
    return [_rounded(paid, line.cents * units) for units, paid in enumerate(exact)]


def _rounded(paid: _Paid, full: int) -> _Paid:
    """To cents, half a cent to the customer; a promotion that takes off nothing then is not named (RK-5)."""
    cents = -_half_up(-paid.amount, 100)
    return _Paid(cents, paid.count, paid.codes) if cents < full else _Paid(full)


def _ways(line: _Wanted, promotions: Sequence[Promotion]) -> Iterator[tuple[int, int, *tuple[str, ...]]]:
    """How units can be paid: so many for so much, in hundredths of a cent, by this promotion."""
    yield 1, line.cents * 100
    for promotion in promotions:
        if not any(is_on(part, line.product) for part in promotion.parts):
            continue
        match promotion:
            case Promotion(kind=PromotionKind.PERCENTAGE, percent=int(percent)):
                yield 1, line.cents * (100 - percent), promotion.code
            case Promotion(kind=PromotionKind.AMOUNT_OFF, amount=Decimal() as amount):
                yield 1, max(0, line.cents - int(amount.scaleb(2))) * 100, promotion.code
            case Promotion(kind=PromotionKind.MULTI_BUY, buy=int(buy), pay=int(pay)):
                yield buy, pay * line.cents * 100, promotion.code


def _paid(
    bundles: Sequence[Promotion], basket: Mapping[str, _Wanted], alone: Mapping[str, list[_Paid]]
) -> dict[str, _Paid] | None:
    """What each product costs if these bundles count, one after the other; None if one is not complete."""
    left = {sku: line.quantity for sku, line in basket.items()}
    counted = []
    for promotion in bundles:
        taken = _taken(promotion, left, basket)
        if not taken:
            return None
        for sku, units in taken[1].items():
            left[sku] -= units
        counted.append(_bundled(promotion, *taken, basket))
    paid = {sku: alone[sku][units] for sku, units in left.items()}
    for bundle in counted:
        for sku, cents in bundle.cents.items():
            paid[sku] = paid[sku].and_(cents, *([bundle.code] if bundle.off[sku] else []))
    return paid


def _taken(
    bundle: Promotion, left: Mapping[str, int], basket: Mapping[str, _Wanted]
) -> tuple[int, dict[str, int]] | None:
    """How often a bundle is complete in what is left, and the units it takes; None if it is not."""
    fits = {
        part.position: [sku for sku, line in basket.items() if is_on(part, line.product)]
        for part in bundle.parts
    }
    # What names a product has no choice, so it comes before what takes any of a category.
    parts = sorted(bundle.parts, key=lambda part: (part.product_id is None, part.position))
    needed: dict[frozenset[str], int] = {}
    for part in parts:
        skus = frozenset(fits[part.position])
        needed[skus] = needed.get(skus, 0) + part.quantity
    if not parts or frozenset() in needed:
        return None
    times = min(
        sum(left[sku] for sku in skus) // sum(count for others, count in needed.items() if others <= skus)
        for skus in needed
    )
    if not times:
        return None
    units: dict[str, int] = {}
    for part in parts:
        missing = times * part.quantity
        # The dearest first: the most that the bundle's amount can be taken off.
        for sku in sorted(fits[part.position], key=lambda sku: (-basket[sku].cents, sku)):
            count = min(missing, left[sku] - units.get(sku, 0))
            if count:
                units[sku] = units.get(sku, 0) + count
                missing -= count
    return times, units


def _bundled(
    bundle: Promotion, times: int, units: Mapping[str, int], basket: Mapping[str, _Wanted]
) -> _Bundled:
    """A bundle's amount, off the prices of its units: shared in proportion to them, in whole cents."""
    worth = {sku: basket[sku].cents * count for sku, count in sorted(units.items())}
    together = sum(worth.values())
    off = min(times * int((bundle.amount or Decimal(0)).scaleb(2)), together)
    shares = {sku: off * cents // together if together else 0 for sku, cents in worth.items()}
    # The cents that rounding down left go to the largest remainders.
    rest = sorted(worth, key=lambda sku: (-(off * worth[sku] % together) if together else 0, sku))
    for sku in rest[: off - sum(shares.values())]:
        shares[sku] += 1
    return _Bundled(bundle.code, units, {sku: worth[sku] - shares[sku] for sku in worth}, shares)


def _line(line: _Wanted, paid: _Paid) -> PricedLine:
    percent = VAT_PERCENT[line.product.vat]
    return PricedLine(
        product=line.product,
        quantity=line.quantity,
        unit_price=_euros(line.cents),
        discount=_euros(line.cents * line.quantity - paid.amount),
        amount=_euros(paid.amount),
        vat=line.product.vat,
        vat_percent=percent,
        vat_amount=_euros(vat_in(paid.amount, percent)),
        promotions=list(paid.codes),
    )


def _half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number; the upper one of two that are as near."""
    return (2 * numerator + denominator) // (2 * denominator)


def _euros(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)
