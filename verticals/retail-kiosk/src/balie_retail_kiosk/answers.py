"""What the tools that only read come to."""

from collections.abc import Sequence
from datetime import date, timedelta

from balie.agent import ToolContext

from balie_retail_kiosk import facts, features, results, search
from balie_retail_kiosk.models import Product, Quote, Reservation
from balie_retail_kiosk.services import alternatives as near
from balie_retail_kiosk.services import (
    directory,
    gtin,
    pricing,
    products,
    promotions,
    quotes,
    reservations,
    shops,
    stock,
)
from balie_retail_kiosk.services.errors import PlaceUnknown, ProductUnknown

MOST_LISTED = 5
MOST_COMPARED = 10
MOST_OFFERS = 8
_MOST_HITS = 200
_DAYS_SHOWN = 7


async def product_stock(ctx: ToolContext, product: Product) -> results.ProductStock:
    """What there is of it; "when it was counted" is said where that was before today."""
    shop = await facts.this_shop(ctx)
    known = await stock.availability(ctx.session, product, ctx.now)
    here = next((each for each in known if each.shop.id == shop.id), None)
    counted = here.counted_at if here else None
    return results.ProductStock(
        product=product.sku,
        name=product.name,
        unit_price=product.price,
        shop_name=shop.city,
        available=here.available if here else 0,
        aisle=here.aisle if here else None,
        shelf=here.shelf if here else None,
        counted_at=counted,
        stale=counted is not None and counted.astimezone(ctx.timezone).date() < facts.today(ctx),
        incoming=[results.Delivery(quantity, day) for quantity, day in (here.incoming if here else [])],
        elsewhere=[
            results.OtherShop(each.shop.city, each.available)
            for each in known
            if each.shop.id != shop.id and each.available > 0
        ],
        missing=facts.missing(ctx, "product"),
    )


async def product_details(ctx: ToolContext, product: Product) -> results.ProductDetails:
    """All that its sheet says."""
    shop = await facts.this_shop(ctx)
    (line,), _ = await facts.listed(ctx, shop, [product])
    return results.ProductDetails(
        product=product.sku,
        name=product.name,
        barcode=gtin.shown(product.gtin),
        description=product.description,
        unit_price=product.price,
        features=features.sheet(product, ctx.language),
        warranty_months=product.warranty_months,
        available=line.available,
        aisle=line.aisle,
        missing=facts.missing(ctx, "product"),
    )


async def comparison(ctx: ToolContext, references: Sequence[str]) -> results.ProductComparison:
    """Side by side: what differs line by line, and what does not in one."""
    chosen = [await products.get_product(ctx.session, reference) for reference in references]
    lines, _ = await facts.listed(ctx, await facts.this_shop(ctx), chosen)
    rows = [row for row in products.comparison(chosen) if row.name != "price"]
    shown = [
        (
            features.title(row.name, ctx.language),
            [None if v is None else features.shown(row.name, v, ctx.language) for v in row.values],
        )
        for row in rows
    ]
    return results.ProductComparison(
        products=[p.sku for p in chosen],
        names=[p.name for p in chosen],
        prices=[p.price for p in chosen],
        stocks=[line.available for line in lines],
        features=[results.ComparedFeature(title, values) for title, values in shown if len(set(values)) > 1][
            :MOST_COMPARED
        ],
        alike=[
            results.Feature(title, values[0])
            for title, values in shown
            if len(set(values)) == 1 and values[0]
        ],
    )


async def products_found(ctx: ToolContext, wanted: str) -> results.ProductsFound:
    """What fits all that was said, what is in stock here first."""
    shop = await facts.this_shop(ctx)
    hits = await search.find(ctx.session, wanted, shop=shop, now=ctx.now, limit=_MOST_HITS)
    fitting = [hit.product for hit in hits if not hit.missed]
    lines, here = await facts.listed(ctx, shop, fitting)
    order = sorted(range(len(fitting)), key=lambda n: here[fitting[n].sku] <= 0)[:MOST_LISTED]
    shown = [fitting[n] for n in order]
    return results.ProductsFound(
        searched=wanted,
        products=[p.sku for p in shown],
        product=shown[0].sku if len(fitting) == 1 else "",
        lines=[lines[n] for n in order],
        count=len(fitting),
    )


async def alternatives(ctx: ToolContext, product: Product) -> results.AlternativesFound:
    """What could be bought here instead, and why it would do."""
    shop = await facts.this_shop(ctx)
    found = await near.alternatives(ctx.session, product, shop, ctx.now)
    lines, _ = await facts.listed(ctx, shop, [each.product for each in found])
    return results.AlternativesFound(
        product=product.sku,
        products=[each.product.sku for each in found],
        name=product.name,
        lines=[
            results.Alternative(
                line.name,
                line.unit_price,
                line.available,
                line.aisle,
                [features.why(reason, ctx.language) for reason in each.reasons],
            )
            for each, line in zip(found, lines, strict=True)
        ],
        missing=facts.missing(ctx, "product"),
    )


async def accessories(ctx: ToolContext, product: Product) -> results.AccessoriesFound:
    """What goes with it."""
    shop = await facts.this_shop(ctx)
    found = await products.accessories(ctx.session, product, shop, ctx.now)
    lines, _ = await facts.listed(ctx, shop, [each.product for each in found])
    return results.AccessoriesFound(
        product=product.sku,
        products=[each.product.sku for each in found],
        name=product.name,
        lines=lines,
        missing=facts.missing(ctx, "product"),
    )


async def promotions_shown(ctx: ToolContext, about: Sequence[str]) -> results.PromotionsShown:
    """The promotions of today on products (by SKU) and categories (by slug); all of them without any.

    On a category are also those on one of its products.
    """
    on_products, on_categories = [], []
    for reference in about:
        if category := await directory.category(ctx.session, reference):
            on_categories.append(category)
        else:
            on_products.append(await products.get_product(ctx.session, reference))
    kinds = {category.id for category in on_categories}
    found = [
        promotion
        for promotion in await promotions.running(ctx.session, facts.today(ctx))
        if not about
        or any(
            part.category_id in kinds
            or (part.product is not None and part.product.category_id in kinds)
            or any(promotions.is_on(part, product) for product in on_products)
            for part in promotion.parts
        )
    ]
    names = [p.name for p in on_products] + [facts.title_of(c, ctx.language) for c in on_categories]
    return results.PromotionsShown(
        names=names,
        lines=[
            results.PromotionLine(facts.title_of(p, ctx.language), p.members_only, p.ends_on)
            for p in found[:MOST_OFFERS]
        ],
        count=len(found),
    )


async def opening_times(ctx: ToolContext, number: str, day: date | None) -> results.OpeningTimes:
    """One day's hours, or those of the days that come; of today also whether it is open now."""
    shop = await (shops.get_shop(ctx.session, number) if number else facts.this_shop(ctx))
    today = facts.today(ctx)
    days = [day] if day else [today + timedelta(days=ahead) for ahead in range(_DAYS_SHOWN)]
    hours = [await shops.hours_on(ctx.session, shop, each) for each in days]
    return results.OpeningTimes(
        shop_name=shop.name,
        days=[
            results.DayHours(each, h.opens, h.closes, facts.feast(h.why, ctx.language))
            for each, h in zip(days, hours, strict=True)
        ],
        open_now=await shops.is_open(ctx.session, shop, ctx.now, ctx.timezone) if days[0] == today else None,
    )


async def place_found(ctx: ToolContext, place: str) -> results.PlaceFound:
    """Where a place, a kind of product or a product is in this shop.

    Raises:
        PlaceUnknown: none of that is here.
    """
    shop = await facts.this_shop(ctx)
    if known := await shops.find_place(ctx.session, shop, place):
        directions = known.directions_nl if ctx.language == "nl" else known.directions
        return results.PlaceFound("", facts.title_of(known, ctx.language), None, None, directions)
    try:
        found = await products.get_product(ctx.session, place)
    except ProductUnknown as error:
        raise PlaceUnknown(place) from error
    here = (await stock.places(ctx.session, [found.id], shop)).get(found.id)
    return results.PlaceFound(found.sku, found.name, here[0] if here else None, here[1] if here else None, "")


async def quote_details(ctx: ToolContext, quote: Quote) -> results.QuoteDetails:
    """The quote as it was made."""
    made_on = quote.created_at.astimezone(ctx.timezone).date()
    titles = await facts.promotion_titles(ctx, made_on)
    return results.QuoteDetails(
        quote=quote.number,
        lines=[
            results.PriceLine(
                quantity=line.quantity,
                name=line.name,
                unit_price=line.unit_price,
                discount=line.discount,
                amount=line.amount,
                promotions=[titles.get(code, code) for code in quotes.promotions_of(line)],
            )
            for line in quote.lines
        ],
        total=quote.total,
        saved=sum((line.discount for line in quote.lines), quote.total * 0),
        vat=facts.vat_lines(pricing.vat_totals(quote.lines)),
        made_on=made_on,
        valid_until=quote.valid_until,
        expired=quotes.expired(quote, ctx.now, ctx.timezone),
    )


async def reservation_details(ctx: ToolContext, reservation: Reservation) -> results.ReservationDetails:
    """The reservation, and where its things lie."""
    ids = [line.product_id for line in reservation.lines]
    return results.ReservationDetails(
        reservation=reservation.number,
        lines=facts.reserved(reservation, await stock.places(ctx.session, ids, reservation.shop)),
        shop_name=reservation.shop.name,
        status=reservations.status_at(reservation, ctx.now),
        until=reservation.expires_at,
    )
