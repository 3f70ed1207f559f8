"""What this desk can do: a thin typed skin over the services.

Rules are in the services and in ``policy.md``; a tool only turns rows into facts.
"""

from decimal import Decimal

from balie.agent import Agent, Effect, Role, Team, ToolContext, tool

from balie_retail_kiosk import answers, facts, replies, resolvers, results
from balie_retail_kiosk.models import CallReason
from balie_retail_kiosk.parameters import (
    About,
    CallNumber,
    Competitor,
    Day,
    DecisionOf,
    Items,
    MatchNumber,
    MemberCard,
    Note,
    Price,
    Product,
    Products,
    QuoteNumber,
    Reason,
    ReservationNumber,
    ShopNumber,
    Sought,
    Spot,
    Wanted,
)
from balie_retail_kiosk.resolvers import Decision
from balie_retail_kiosk.services import calls, price_matches, pricing, products, quotes, reservations, stock
from balie_retail_kiosk.services.items import Item

EVERYBODY = {Role.CUSTOMER, Role.STAFF, Role.ADMIN}
STAFF = {Role.STAFF, Role.ADMIN}


@tool(effect=Effect.READ, roles=EVERYBODY)
async def check_stock(ctx: ToolContext, product: Product) -> results.ProductStock:
    """Check what there is of a product: here, in other shops, on its way, and on which shelf."""
    return await answers.product_stock(ctx, await products.get_product(ctx.session, product))


@tool(effect=Effect.READ, roles=EVERYBODY)
async def product_details(ctx: ToolContext, product: Product) -> results.ProductDetails:
    """Show a product: price, what it can do, warranty."""
    return await answers.product_details(ctx, await products.get_product(ctx.session, product))


@tool(effect=Effect.READ, roles=EVERYBODY)
async def compare_products(ctx: ToolContext, products: Products) -> results.ProductComparison:
    """Put two or three products side by side."""
    return await answers.comparison(ctx, products)


@tool(effect=Effect.READ, roles=EVERYBODY)
async def find_products(ctx: ToolContext, wanted: Wanted) -> results.ProductsFound:
    """Find products by name, kind, brand, size or price."""
    return await answers.products_found(ctx, wanted)


@tool(effect=Effect.READ, roles=EVERYBODY)
async def find_alternatives(ctx: ToolContext, product: Product) -> results.AlternativesFound:
    """Find what is in stock here and comes near to a product."""
    return await answers.alternatives(ctx, await products.get_product(ctx.session, product))


@tool(effect=Effect.READ, roles=EVERYBODY)
async def find_accessories(ctx: ToolContext, product: Product) -> results.AccessoriesFound:
    """Find what goes with a product."""
    return await answers.accessories(ctx, await products.get_product(ctx.session, product))


@tool(effect=Effect.READ, roles=EVERYBODY)
async def show_promotions(ctx: ToolContext, about: About = None) -> results.PromotionsShown:
    """Show the promotions on a product or a category, or all that are valid now."""
    return await answers.promotions_shown(ctx, about or [])


@tool(effect=Effect.READ, roles=EVERYBODY)
async def opening_hours(ctx: ToolContext, shop: ShopNumber = "", day: Day = None) -> results.OpeningTimes:
    """Show when a shop is open."""
    return await answers.opening_times(ctx, shop, day)


@tool(effect=Effect.READ, roles=EVERYBODY)
async def find_place(ctx: ToolContext, place: Sought) -> results.PlaceFound:
    """Show where something is in this shop: a department, a product, the toilet."""
    return await answers.place_found(ctx, place)


@tool(effect=Effect.WRITE, roles=EVERYBODY)
async def make_quote(ctx: ToolContext, items: Items, member: MemberCard = "") -> results.QuoteMade:
    """Make a price quote for one or more products, with promotions and VAT."""
    made = await quotes.make(
        ctx.session,
        items,
        shop=await facts.this_shop(ctx),
        now=ctx.now,
        timezone=ctx.timezone,
        member=await facts.is_member(ctx, member),
        conversation=ctx.conversation,
    )
    return results.QuoteMade(
        quote=made.number,
        total=made.total,
        count=sum(line.quantity for line in made.lines),
        valid_until=made.valid_until,
    )


@make_quote.preview
async def _(ctx: ToolContext, items: list[Item], member: str = "") -> results.QuotePreview:
    day = facts.today(ctx)
    priced = await pricing.price(ctx.session, items, day=day, member=await facts.is_member(ctx, member))
    shop = await facts.this_shop(ctx)
    here = await stock.available(ctx.session, [line.product.id for line in priced.lines], shop, ctx.now)
    return results.QuotePreview(
        lines=facts.price_lines(
            priced.lines, await facts.promotion_titles(ctx, day), facts.fits_of(ctx, items)
        ),
        total=priced.total,
        saved=priced.saved,
        vat=facts.vat_lines(priced.vat),
        valid_until=quotes.valid_until(ctx.now, ctx.timezone),
        short=[
            results.Shortage(line.product.name, here.get(line.product.id, 0))
            for line in priced.lines
            if here.get(line.product.id, 0) < line.quantity
        ],
        missing=facts.missing(ctx, "items"),
    )


@tool(effect=Effect.WRITE, roles=EVERYBODY)
async def print_quote(ctx: ToolContext, quote: QuoteNumber) -> results.QuotePrinting:
    """Print a quote."""
    printed = await quotes.request_print(
        ctx.session,
        quote,
        language=ctx.language,
        now=ctx.now,
        timezone=ctx.timezone,
        kiosk=ctx.kiosk,
    )
    return results.QuotePrinting(quote=printed.number)


@print_quote.preview
async def _(ctx: ToolContext, quote: str) -> results.PrintPreview:
    found = await quotes.get_valid(ctx.session, quote, now=ctx.now, timezone=ctx.timezone)
    return results.PrintPreview(found.total)


@tool(effect=Effect.WRITE, roles=EVERYBODY)
async def reserve_items(ctx: ToolContext, items: Items) -> results.ReservationMade:
    """Keep products back for pickup in this shop within two hours."""
    shop = await facts.this_shop(ctx)
    made = await reservations.make(
        ctx.session, items, shop=shop, now=ctx.now, timezone=ctx.timezone, conversation=ctx.conversation
    )
    return results.ReservationMade(
        reservation=made.number, lines=facts.reserved(made), shop_name=shop.name, until=made.expires_at
    )


@reserve_items.preview
async def _(ctx: ToolContext, items: list[Item]) -> results.ReservationPreview:
    shop = await facts.this_shop(ctx)
    kept = await reservations.check(ctx.session, items, shop=shop, now=ctx.now, timezone=ctx.timezone)
    fits = facts.fits_of(ctx, items)
    lines = [
        results.ReservedItem(quantity, product.name, fits=fits.get(product.sku, 0))
        for product, quantity in kept.lines
    ]
    return results.ReservationPreview(
        lines=lines, shop_name=shop.name, until=kept.expires_at, missing=facts.missing(ctx, "items")
    )


@tool(effect=Effect.DESTRUCTIVE, roles=EVERYBODY)
async def cancel_reservation(
    ctx: ToolContext, reservation: ReservationNumber
) -> results.ReservationCancelled:
    """Cancel a reservation."""
    done = await reservations.cancel(ctx.session, reservation, now=ctx.now)
    return results.ReservationCancelled(reservation=done.number)


@cancel_reservation.preview
async def _(ctx: ToolContext, reservation: str) -> results.ReservationLines:
    found = await reservations.get_active(ctx.session, reservation, now=ctx.now)
    return results.ReservationLines(facts.reserved(found))


@tool(effect=Effect.WRITE, roles=EVERYBODY)
async def call_staff(
    ctx: ToolContext, reason: Reason = CallReason.OTHER, place: Spot = "", note: Note = ""
) -> results.StaffCalled:
    """Call a colleague to come and help."""
    made = await calls.call(
        ctx.session,
        shop=await facts.this_shop(ctx),
        reason=reason,
        place=facts.where(ctx, place),
        note=note,
        now=ctx.now,
        conversation=ctx.conversation,
    )
    ahead = max(await calls.position(ctx.session, made) - 1, 0)
    return results.StaffCalled(call=made.number, where=made.place, ahead=ahead)


@call_staff.preview
async def _(
    ctx: ToolContext, reason: CallReason = CallReason.OTHER, place: str = "", note: str = ""
) -> results.CallPreview:
    shop = await facts.this_shop(ctx)
    mine = await calls.mine_waiting(ctx.session, shop=shop, conversation=ctx.conversation)
    ahead = await calls.count_waiting(ctx.session, shop=shop)
    if mine:
        ahead = max(await calls.position(ctx.session, mine) - 1, 0)
    return results.CallPreview(where=facts.where(ctx, place), ahead=ahead)


@tool(effect=Effect.WRITE, roles=EVERYBODY)
async def request_price_match(
    ctx: ToolContext, product: Product, competitor: Competitor, price: Price
) -> results.PriceMatchRequested:
    """Ask for the lower price that another shop has."""
    made = await price_matches.request(
        ctx.session,
        product,
        competitor=competitor,
        price=price,
        shop=await facts.this_shop(ctx),
        now=ctx.now,
        timezone=ctx.timezone,
        conversation=ctx.conversation,
    )
    return results.PriceMatchRequested(
        match=made.number,
        name=made.product.name,
        seen_at=made.competitor,
        seen_price=made.price,
        our_price=made.our_price,
    )


@request_price_match.preview
async def _(ctx: ToolContext, product: str, competitor: str, price: Decimal) -> results.PriceMatchPreview:
    found, ours = await price_matches.check(
        ctx.session, product, price=price, now=ctx.now, timezone=ctx.timezone
    )
    return results.PriceMatchPreview(found.name, ours)


@tool(effect=Effect.READ, roles=STAFF)
async def open_quote(ctx: ToolContext, quote: QuoteNumber) -> results.QuoteDetails:
    """Open a quote by its number."""
    return await answers.quote_details(ctx, await quotes.get(ctx.session, quote))


@tool(effect=Effect.READ, roles=STAFF)
async def list_calls(ctx: ToolContext) -> results.CallList:
    """Show who waits for a colleague."""
    found = await calls.open_calls(ctx.session, shop=await facts.this_shop(ctx))
    return results.CallList(
        lines=[
            results.CallLine(c.number, c.reason, c.place, c.note, c.created_at, c.taken_by) for c in found
        ],
        call=found[0].number if len(found) == 1 else "",
    )


@tool(effect=Effect.WRITE, roles=STAFF)
async def take_call(ctx: ToolContext, call: CallNumber) -> results.CallTaken:
    """Take a call: say that you go there."""
    taken = await calls.take(ctx.session, call, by=ctx.caller.identity or ctx.caller.actor, now=ctx.now)
    return results.CallTaken(call=taken.number, where=taken.place)


@tool(effect=Effect.WRITE, roles=STAFF)
async def close_call(ctx: ToolContext, call: CallNumber) -> results.CallClosed:
    """Close a call that is done."""
    closed = await calls.close(ctx.session, call, by=ctx.caller.identity or ctx.caller.actor, now=ctx.now)
    return results.CallClosed(call=closed.number)


@take_call.preview
async def _(ctx: ToolContext, call: str) -> results.CallDetails:
    found = await calls.get_free(ctx.session, call, by=ctx.caller.identity or ctx.caller.actor)
    return results.CallDetails(found.reason, found.place)


@close_call.preview
async def _(ctx: ToolContext, call: str) -> results.CallDetails:
    found = await calls.get_open(ctx.session, call)
    return results.CallDetails(found.reason, found.place)


@tool(effect=Effect.READ, roles=STAFF)
async def open_reservation(ctx: ToolContext, reservation: ReservationNumber) -> results.ReservationDetails:
    """Open a reservation by its number."""
    return await answers.reservation_details(ctx, await reservations.get(ctx.session, reservation))


@tool(effect=Effect.WRITE, roles=STAFF)
async def collect_reservation(
    ctx: ToolContext, reservation: ReservationNumber
) -> results.ReservationCollected:
    """Hand over what was reserved."""
    done = await reservations.collect(ctx.session, reservation, now=ctx.now)
    return results.ReservationCollected(reservation=done.number, lines=facts.reserved(done))


@collect_reservation.preview
async def _(ctx: ToolContext, reservation: str) -> results.ReservationLines:
    found = await reservations.get_active(ctx.session, reservation, now=ctx.now)
    return results.ReservationLines(facts.reserved(found))


@tool(effect=Effect.WRITE, roles=STAFF)
async def decide_price_match(
    ctx: ToolContext, match: MatchNumber, decision: DecisionOf
) -> results.PriceMatchDecided:
    """Approve or decline a price match."""
    approve = decision is Decision.APPROVED
    by = ctx.caller.identity or ctx.caller.actor
    done = await price_matches.decide(ctx.session, match, approve=approve, by=by, now=ctx.now)
    return results.PriceMatchDecided(
        match=done.number, name=done.product.name, seen_price=done.price, approved=approve
    )


@decide_price_match.preview
async def _(ctx: ToolContext, match: str, decision: Decision) -> results.PriceMatchDetails:
    found = await price_matches.get_requested(ctx.session, match)
    return results.PriceMatchDetails(found.product.name, found.competitor, found.price, found.our_price)


SHOP = Agent(
    name="shop",
    title="Shop assistant",
    description="Products, prices, stock, quotes, reservations, and the shop itself.",
    tools=(
        check_stock,
        product_details,
        compare_products,
        find_products,
        find_alternatives,
        find_accessories,
        show_promotions,
        opening_hours,
        find_place,
        make_quote,
        print_quote,
        reserve_items,
        cancel_reservation,
        call_staff,
        request_price_match,
        open_quote,
        list_calls,
        take_call,
        close_call,
        open_reservation,
        collect_reservation,
        decide_price_match,
    ),
)

# Beside one of these a bare "and the cheapest TV" is one more of its list, whatever it reads like by itself.
_PRODUCT_TOOLS = frozenset(
    {"check_stock", "product_details", "find_products", "find_alternatives", "find_accessories", "find_place"}
)

TEAM = Team(
    name="retail-kiosk",
    agents=(SHOP,),
    replies=replies.REPLIES,
    mentions=resolvers.MENTIONS,
    shortcuts=resolvers.SHORTCUTS,
    recognises=resolvers.recognised,
    person="call_staff",
    gathers={
        "make_quote": _PRODUCT_TOOLS | {"reserve_items"},
        "reserve_items": _PRODUCT_TOOLS | {"make_quote"},
        "compare_products": _PRODUCT_TOOLS | {"make_quote"},
        "show_promotions": _PRODUCT_TOOLS | {"make_quote"},
    },
)
