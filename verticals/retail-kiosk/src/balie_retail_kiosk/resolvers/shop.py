"""The shop itself: which one, which day, where something is, and where the person stands."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from balie.agent.moments import find_moment
from balie.agent.recognise import in_focus
from balie.agent.resolution import Candidate, Evidence, ResolveContext

from balie_retail_kiosk import search
from balie_retail_kiosk.models import PlaceKind, Shop
from balie_retail_kiosk.resolvers import finding, patterns
from balie_retail_kiosk.resolvers.products import numbered
from balie_retail_kiosk.search import wants
from balie_retail_kiosk.services import directory, shops
from balie_retail_kiosk.services.errors import NothingFits

_SHOP = re.compile(r"\bS-?0?(\d)\b", re.IGNORECASE)
_WEEKDAYS = re.compile(r"\b((?:mon|tues|wednes|thurs|fri|satur|sun)day)s\b", re.IGNORECASE)
_WEEKEND = re.compile(r"\b(?:this |the |next )?weekend\b", re.IGNORECASE)
# As the shops' special days are called, by the words for them; the longer names first.
_FEASTS = {
    "Second Day of Christmas": r"boxing day|second (?:day of christmas|christmas day)|26 december",
    "Christmas Eve": r"christmas eve|24 december",
    "Christmas Day": r"christmas(?: day)?|xmas|25 december",
    "New Year's Eve": r"new year'?s eve|31 december",
    "New Year's Day": r"new year'?s?(?: day)?",
    "Easter Monday": r"easter monday|second (?:easter day|day of easter)",
    "Easter Sunday": r"easter(?: sunday| day)?",
    "Good Friday": r"good friday",
    "King's Day": r"king'?s ?day|koningsdag",
    "Liberation Day": r"liberation day",
    "Remembrance Day": r"remembrance day",
    "Ascension Day": r"ascension(?: day)?",
    "Whit Monday": r"whit ?monday|pentecost monday",
    "Whit Sunday": r"whit ?sunday|pentecost|whitsun",
}
_SOUGHT = re.compile(
    r"\b(?:where|which (?:aisle|shelf|row)|what (?:aisle|shelf|row)|how do i get to|way to|looking for|"
    r"find|direct me to|show me to|"
    r"point me to|is there|do you have|have you got|nearest)\b(?:'s|’s)?"
    r"(?:\s+(?:is|are|can|do|does|could|would|will|might|i|we|you|find|get|see|the|a|an|my|your|of|to|some|any|go|look|keep|store|for|lie|located)\b)*\s*",
    re.IGNORECASE,
)
_SOUGHT_END = re.compile(
    r"[\s,]*(?:\b(?:please|here|located|kept|in (?:this|the|your) (?:shop|store|building)|"
    r"around here|lie|are|is|in|at)\b[\s,]*)*[?.!\s]*$",
    re.IGNORECASE,
)
# What people say that they want to do there.
_DOING = {
    "tills": r"pay(?: for)?|check ?out",
    "service-desk": r"return (?:it|this|something|an item)|bring (?:it|this|something) back|get a refund|complain",
    "pickup-point": r"pick (?:it |this |that |them |something )?up|collect (?:it|my|an order|a reservation)",
}
_SPOT = re.compile(
    r"\b(?P<aisle>(?:aisle|row)\s+[A-Z]?\d{1,2})\b|\b(?P<kiosk>kiosk\s+\d{1,2})\b"
    r"|\b(?:at|in|near|by|next to|beside|to|from)\s+the\s+(?P<at>[a-z][\w-]*(?:\s+[a-z][\w-]*){0,2})",
    re.IGNORECASE,
)


async def shop(ctx: ResolveContext) -> Sequence[Candidate]:
    """A shop of the chain, by number or town; nothing where none is named: then it is this one."""
    for each in await directory.all_shops(ctx.session):
        for name in (each.city, each.number):
            if found := re.search(rf"\b{re.escape(name)}\b", ctx.text, re.IGNORECASE):
                return [ctx.found(each.number, *found.span(), label=each.name)]
    return []


async def day(ctx: ResolveContext) -> Sequence[Candidate]:
    """The day that is asked about: a date, a weekday, a feast; nothing where none is named."""
    today = ctx.now.astimezone(ctx.timezone).date()
    chosen = await finding.this_shop(ctx)
    for why, words in _FEASTS.items():
        if found := re.search(rf"\b(?:{words})\b", ctx.text, re.IGNORECASE):
            when = await directory.feast(ctx.session, chosen, why, after=today)
            if when is not None:
                return [ctx.found(when, *found.span())]
    if found := _WEEKEND.search(ctx.text):
        return [ctx.found(date.fromordinal(today.toordinal() + (5 - today.weekday()) % 7), *found.span())]
    # "On Sundays" is said of the next one.
    text = _WEEKDAYS.sub(r"\1 ", ctx.text)
    moment = find_moment(text, ctx.now, ctx.timezone)
    if moment and moment.day:
        return [ctx.found(moment.day, moment.start, moment.end)]
    if found := re.search(
        r"\b(?:now|right now|tonight|this (?:morning|afternoon|evening)|still open|close(?:s|d)? at)\b",
        ctx.text,
        re.IGNORECASE,
    ):
        return [ctx.found(today, *found.span())]
    return []


async def place(ctx: ResolveContext) -> Sequence[Candidate]:
    """What is looked for in the shop: a place by its slug, a kind of product by its slug, a product by its SKU.

    Words that name nothing of that are kept as they are, for the answer to say so.
    """
    if by_number := await numbered(ctx):
        return by_number
    here = await finding.this_shop(ctx)
    text, start = _sought(ctx.text)
    for name, doing in _DOING.items():
        said = re.search(rf"\b(?:{doing})\b", ctx.text, re.IGNORECASE)
        if said and (known := await shops.find_place(ctx.session, here, name)):
            return [ctx.found(known.slug, *said.span(), label=known.name)]
    found = wants.read(patterns.blanked(ctx.text, ctx.tool), await search.vocabulary(ctx.session))
    if text and not found and (known := await shops.find_place(ctx.session, here, text)):
        return [ctx.found(known.slug, start, start + len(text), label=known.name)]
    beside = await _beside(ctx, here, found)
    if beside:
        # "The coffee corner" is no coffee; who bought a kettle and looks for the service desk wants that.
        found = [want for want in found if not (want.told or _touch(want, beside, ctx.offset))]
        if not found:
            return [beside]
    if found:
        with suppress(NothingFits):
            fits = [
                fit
                for fit in await finding.read(ctx)
                if not (beside and _touch(fit.want, beside, ctx.offset))
            ]
            things = [thing for fit in fits for thing in _of_kind(ctx, fit)]
            return [*things, beside] if beside else things
        kinds = [ctx.found(str(w.category), w.start, w.end, label=w.text) for w in found if w.category]
        if len(kinds) == len(found) and not any(w.unknown for w in found):
            return kinds
    if listed := await finding.listed(ctx):
        return listed
    if not text or patterns.POINTING.fullmatch(text):
        if ctx.last == "find_products" and (kind := await finding.kind_looked_for(ctx)):
            return [Candidate(kind, kind, Evidence("conversation"))]
        return in_focus(ctx, "product") or in_focus(ctx, "place")
    return [ctx.found(text, start, start + len(text))]


def _of_kind(ctx: ResolveContext, fit: finding.Fits) -> list[Candidate]:
    """A product where one is meant, with a shelf of its own; else its kind, with a department; or each kind."""
    start, end = fit.want.start, fit.want.end
    if len(fit.products) == 1 or fit.want.choice:
        product, _ = fit.chosen()
        return [ctx.found(product.sku, start, end, label=product.name)]
    kinds = {product.category.slug: product.category.name for product in fit.products}
    return [ctx.found(slug, start, end, label=name) for slug, name in kinds.items()]


def _touch(want: wants.Want, place: Candidate, offset: int) -> bool:
    """Whether a want's words are the place's."""
    start, end = place.evidence.span or (0, 0)
    return want.start + offset < end and start < want.end + offset


async def _beside(ctx: ResolveContext, here: Shop, found: Sequence[wants.Want]) -> Candidate | None:
    """A place that is no department, named beside products or with a product's word: "the coffee corner"."""
    if not found:
        return None
    rest = ctx.text
    for want in found:
        rest = rest[: want.start] + " " * (want.end - want.start) + rest[want.end :]
    for text in (rest, ctx.text if len(found) == 1 else ""):
        known = await shops.find_place(ctx.session, here, text) if text.strip() else None
        if known is None or known.kind is PlaceKind.DEPARTMENT:
            continue
        for name in sorted((known.name, *known.words), key=len, reverse=True):
            if at := re.search(rf"\b{re.escape(name)}\b", ctx.text, re.IGNORECASE):
                inside = any(want.start < at.end() and at.start() < want.end for want in found)
                if text is rest or inside:
                    return ctx.found(known.slug, *at.span(), label=known.name)
    return None


def _sought(text: str) -> tuple[str, int]:
    """The part of a question that says what is looked for, and where it begins."""
    lead = _SOUGHT.search(text)
    start = lead.end() if lead else len(text) - len(text.lstrip())
    end = start + len(_SOUGHT_END.sub("", text[start:]))
    return text[start:end], start


async def spot(ctx: ResolveContext) -> Sequence[Candidate]:
    """Where the person is, if not at this kiosk."""
    for found in _SPOT.finditer(ctx.text):
        if said := found["aisle"] or found["kiosk"]:
            return [ctx.found(said.replace("kiosk", "Kiosk"), *found.span())]
        words = found["at"].split()
        here = await finding.this_shop(ctx)
        for length in range(1, len(words) + 1):
            said = " ".join(words[:length])
            if known := await shops.find_place(ctx.session, here, said):
                begin = found.start("at")
                name = f"{known.name} ({known.aisle})" if known.aisle else known.name
                return [ctx.found(name, begin, begin + len(said))]
    return []
