"""What a printed quote says, in words; how it is laid out is up to the paper it goes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from pathlib import Path

from balie.locales import RUNTIME, Words

from balie_retail_kiosk.models import Quote, QuoteLine
from balie_retail_kiosk.services.pricing import vat_totals
from balie_retail_kiosk.services.quotes import promotions_of

CHAIN = "Harbour & Home"
LOCALES = Path(__file__).parents[1] / "locales"


def words_in(language: str) -> Words:
    """The shop's words in a language."""
    return Words(language, LOCALES, RUNTIME)


@dataclass(frozen=True)
class Beside:
    """What a quote's paper says that is not in the quote.

    Attributes:
        opening: the shop's hours, one line for days that are alike.
        promotions: the names of promotions by code; a code without one is printed as it is.
        timezone: in which the day of the quote is told.
    """

    opening: tuple[str, ...] = ()
    promotions: Mapping[str, str] = field(default_factory=dict)
    timezone: tzinfo = UTC


@dataclass(frozen=True)
class SheetLine:
    """One product: how many, what, the price of one, what all cost, what is off, what remains."""

    quantity: str
    name: str
    sku: str
    each: str
    before: str
    discount: str
    promotions: str
    amount: str


@dataclass(frozen=True)
class Sheet:
    """Everything on the paper, each part as it is printed; what is empty is left out."""

    number: str
    title: str
    chain: str
    shop: tuple[str, ...]
    opening: tuple[str, ...]
    made: str
    valid: str
    member: str
    lines: tuple[SheetLine, ...]
    total_label: str
    total: str
    saved: str
    vat: tuple[tuple[str, str], ...]
    closing: tuple[str, ...]


def sheet(quote: Quote, words: Words, beside: Beside) -> Sheet:
    """The words of a quote's paper. Amounts are the quote's own; nothing is computed but sums of them (RK-5, RK-6).

    Args:
        quote: with its shop and its lines loaded.
    """

    def money(amount: Decimal) -> str:
        return words.money(amount, quote.currency)

    shop = quote.shop
    saved = sum((line.discount for line in quote.lines), Decimal(0))
    made = quote.created_at.astimezone(beside.timezone)
    return Sheet(
        number=quote.number,
        title=words("Quote"),
        chain=CHAIN,
        shop=(f"{shop.street}, {shop.postcode} {shop.city}", words("Telephone {number}", number=shop.phone)),
        opening=beside.opening,
        made=words("Made on {day}", day=_day(made, words)),
        valid=words("Valid until {day}", day=_day(quote.valid_until, words)),
        member=words("Members' prices") if quote.member else "",
        lines=tuple(_line(line, quote.currency, words, beside) for line in quote.lines),
        total_label=words("Total"),
        total=money(quote.total),
        saved=words("You save {amount}", amount=money(saved)) if saved else "",
        vat=tuple(
            (
                words("{percent}% VAT on {base}", percent=each.percent, base=money(each.base)),
                money(each.amount),
            )
            for each in vat_totals(quote.lines)
        ),
        closing=(
            words("Show this number or the code to a colleague."),
            words("The prices stand until the day above; the stock may change before."),
        ),
    )


def _line(line: QuoteLine, currency: str, words: Words, beside: Beside) -> SheetLine:
    codes = promotions_of(line)
    return SheetLine(
        quantity=f"{line.quantity} ×",
        name=line.name,
        sku=line.sku,
        each=words("{price} each", price=words.money(line.unit_price, currency)) if line.quantity > 1 else "",
        before=words.money(line.unit_price * line.quantity, currency),
        discount=words.money(-line.discount, currency) if line.discount else "",
        promotions=", ".join(beside.promotions.get(code, code) for code in codes),
        amount=words.money(line.amount, currency),
    )


def _day(value: date | datetime, words: Words) -> str:
    from babel.dates import format_date

    return format_date(value, "EEEE d MMMM y", locale=words.locale)
