"""From rows to the facts that replies state."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from balie.agent import ToolContext

from balie_retail_kiosk import results
from balie_retail_kiosk.models import Category, Place, Product, Promotion, Reservation, Shop
from balie_retail_kiosk.services import members, pricing, promotions, shops, stock
from balie_retail_kiosk.services.items import Item


def money(value: Decimal, language: str) -> str:
    """€12.95, as the language writes it."""
    from babel.numbers import format_currency

    return format_currency(value, pricing.CURRENCY, locale=language)


def today(ctx: ToolContext) -> date:
    """The day in the shop."""
    return ctx.now.astimezone(ctx.timezone).date()


async def this_shop(ctx: ToolContext) -> Shop:
    """The shop in which the desk stands."""
    return await shops.this_shop(ctx.session, ctx.site)


def where(ctx: ToolContext, place: str) -> str:
    """Where a colleague has to come: to this kiosk, unless the person is elsewhere."""
    return place or ctx.kiosk or ("de kiosk" if ctx.language == "nl" else "the kiosk")


def fits_of(ctx: ToolContext, items: Sequence[Item]) -> dict[str, int]:
    """By SKU: of how many products that fit it was chosen (RK-1)."""
    found = [(item.product, ctx.evidence.get(f"items[{n}]")) for n, item in enumerate(items)]
    return {sku: evidence.of for sku, evidence in found if evidence}


def missing_part(said: str) -> str:
    """How the evidence of an argument names what was said beside it and nothing fits: ``items[?mouse pad]``."""
    return f"[?{said}]"


def missing(ctx: ToolContext, argument: str) -> list[str]:
    """What was said beside an argument's products and nothing fits, in words."""
    lead = f"{argument}[?"
    return [part[len(lead) : -1] for part in ctx.evidence if part.startswith(lead)]


def title_of(thing: Category | Place | Promotion, language: str) -> str:
    """Its name in the caller's language."""
    return thing.name_nl if language == "nl" else thing.name


async def listed(
    ctx: ToolContext, shop: Shop, found: Sequence[Product]
) -> tuple[list[results.ListedProduct], dict[str, int]]:
    """Products as a list shows them, and by SKU what there is of each here."""
    free = await stock.available(ctx.session, [p.id for p in found], shop, ctx.now)
    places = await stock.places(ctx.session, [p.id for p in found], shop)
    lines = [
        results.ListedProduct(p.name, p.price, free.get(p.id, 0), places.get(p.id, (None, None))[0])
        for p in found
    ]
    return lines, {p.sku: free.get(p.id, 0) for p in found}


async def is_member(ctx: ToolContext, card: str) -> bool:
    """Whether members' prices count; a card that is shown must be good.

    Raises:
        CardUnknown, CardEnded: it is not.
    """
    if card:
        await members.check(ctx.session, card, today(ctx))
    return bool(card)


_FEASTS_NL = {
    "New Year's Day": "nieuwjaarsdag", "Good Friday": "Goede Vrijdag", "Easter Sunday": "eerste paasdag",
    "Easter Monday": "tweede paasdag", "King's Day": "Koningsdag", "Remembrance Day": "Dodenherdenking",
    "Liberation Day": "Bevrijdingsdag", "Ascension Day": "Hemelvaartsdag", "Whit Sunday": "eerste pinksterdag",
    "Whit Monday": "tweede pinksterdag", "Christmas Eve": "dag voor Kerstmis", "Christmas Day": "eerste kerstdag",
    "Second Day of Christmas": "tweede kerstdag", "New Year's Eve": "oudejaarsdag",
}  # fmt: skip


def feast(why: str, language: str) -> str:
    """Why a day's hours are its own, in the caller's language."""
    return _FEASTS_NL.get(why, why) if language == "nl" else why


async def promotion_titles(ctx: ToolContext, day: date) -> dict[str, str]:
    """By code: the names of a day's promotions."""
    return {p.code: title_of(p, ctx.language) for p in await promotions.running(ctx.session, day)}


def price_lines(
    lines: Iterable[pricing.PricedLine], titles: Mapping[str, str], fits: Mapping[str, int]
) -> list[results.PriceLine]:
    """Lines as a quote shows them."""
    return [
        results.PriceLine(
            quantity=line.quantity,
            name=line.product.name,
            unit_price=line.unit_price,
            discount=line.discount,
            amount=line.amount,
            promotions=[titles.get(code, code) for code in line.promotions],
            fits=fits.get(line.product.sku, 0),
        )
        for line in lines
    ]


def vat_lines(totals: Iterable[pricing.VatTotal]) -> list[results.VatLine]:
    """The VAT by rate, where there is any."""
    return [results.VatLine(total.percent, total.amount) for total in totals if total.amount]


def reserved(
    reservation: Reservation, places: Mapping[uuid.UUID, tuple[str, str]] | None = None
) -> list[results.ReservedItem]:
    """What a reservation holds, and the aisle where it lies, where that is given."""
    known = places or {}
    return [
        results.ReservedItem(
            line.quantity, line.product.name, known[line.product_id][0] if line.product_id in known else None
        )
        for line in reservation.lines
    ]
