"""From words to products: what fits them, and which of it is meant."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from balie.agent.recognise import in_focus
from balie.agent.resolution import Candidate, Evidence, ResolveContext

from balie_retail_kiosk import facts, search
from balie_retail_kiosk.models import Product, Shop
from balie_retail_kiosk.resolvers import naming, patterns, siblings
from balie_retail_kiosk.resolvers.fits import Fits
from balie_retail_kiosk.search import wants
from balie_retail_kiosk.search.analysis import analysed
from balie_retail_kiosk.search.parts import is_code
from balie_retail_kiosk.services import products, shops, stock
from balie_retail_kiosk.services.errors import GtinWrong, NothingFits, ProductUnknown

MOST_HITS = 100
_ITEM_TOOLS = frozenset({"make_quote", "print_quote", "reserve_items", "cancel_reservation"})
_DEFINITE = re.compile(
    r"\b(?:the|that|this|those|these|my)\b\s*$|^(?:the|that|this|those|these|my)\b", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_MODEL = re.compile(r"[^\W\d_]+\d\w*")
# Words of an answer that tell no option from another.
# What is done with a list names a thing more than once.
_CHANGES = re.compile(
    r"\b(?:add|adding|remove|removing|drop|delete|swap|switch|replace|take off|instead|without|change)\b",
    re.IGNORECASE,
)
_PLAIN = frozenset(
    """
    a about an and how i in is it it's mean of oh ok or one ones please that the then this to take want what with
    """.split()
)
# "And in purple?" is asked of what was spoken of, and of nothing else.
_GOES_ON = re.compile(r"^\W*(?:(?:oh|ok|okay|hm+)\W+)?(?:and|or|also|in|(?:what|how) about)\b", re.IGNORECASE)


async def this_shop(ctx: ResolveContext) -> Shop:
    """The shop in which the desk stands."""
    return await shops.this_shop(ctx.session, ctx.site)


async def read(ctx: ResolveContext) -> list[Fits]:
    """Everything in the text that speaks of products, each with what fits it.

    Raises:
        NothingFits: something is wanted that no product is.
        ProductUnknown, GtinWrong: it is a number, of no product.
    """
    found = await read_all(ctx)
    for fit in found:
        if fit.wrong is not None:
            raise fit.wrong
    return found


async def read_all(ctx: ResolveContext) -> list[Fits]:
    """The same with what is wrong beside what is right.

    Raises:
        NothingFits, ProductUnknown, GtinWrong: nothing is right.
    """
    words = await search.vocabulary(ctx.session)
    text = patterns.blanked(ctx.text, ctx.tool)
    found = wants.read(text, words)
    listed, spoken = await _spoken_of(ctx)
    if ctx.tool == "request_price_match" or (spoken and patterns.POINTING.search(ctx.text)):
        # What is unknown is the other shop, or said of what is pointed at: "how much is it altogether".
        found = [want for want in found if want.words or want.sku or want.gtin]
    if ctx.tool == "find_accessories":
        found = _gone_with(wants.read(text, words, told=True), ctx.text)
    if not ctx.focus.get("items"):
        # What is not wanted says something only of a list that there is: "not the M50 but the M55".
        found = [want for want in found if not want.negated] or found
    implied = not found
    if implied:
        found = await siblings.another_size(ctx, wants.read_one(text, words), spoken, words)
    fits: list[Fits] = []
    if not found:
        return fits
    shop = await this_shop(ctx)
    for want in found:
        try:
            fit = await _fits(ctx, want, shop, listed, spoken, words)
            if implied:
                fit = replace(fit.only(siblings.nearest(want, spoken, fit.products)), implied=True)
            fits.append(fit)
        except (GtinWrong, NothingFits, ProductUnknown) as error:
            fits.append(Fits(want, (), {}, wrong=error))
    if fits and all(fit.wrong is not None for fit in fits):
        assert fits[0].wrong is not None
        raise fits[0].wrong
    if _CHANGES.search(ctx.text):
        return fits
    fits = naming.headed(fits, text)
    return fits if ctx.tool == "compare_products" else naming.once(fits, text)


def _gone_with(found: list[wants.Want], text: str) -> list[wants.Want]:
    """Without what is looked for: "which ink goes in my Jet 50" is asked of that printer.

    That is what it must fit, what somebody has, or what is called by its brand or model.
    """
    fitting = patterns.FITTING.search(text)
    after = [want for want in found if fitting and want.start >= fitting.end()]
    return (
        after
        or [want for want in found if want.told or want.sku or want.gtin]
        or [want for want in found if want.brand or any(map(is_code, want.words))]
        or found
    )


async def _spoken_of(ctx: ResolveContext) -> tuple[list[str], list[Product]]:
    """The products that were just listed, by SKU, and those that were spoken of last."""
    listed = [str(sku) for sku in ctx.focus.get("products") or ()]
    named = [str(ctx.focus["product"])] if ctx.focus.get("product") else []
    named += [str(item["product"]) for item in ctx.focus.get("items") or ()]
    # What was offered to choose from is spoken of too.
    named = [*_offered(ctx), *named]
    known: list[Product] = []
    for sku in dict.fromkeys(named):
        with suppress(GtinWrong, ProductUnknown):
            known.append(await products.get_product(ctx.session, sku))
    return listed, known


def _offered(ctx: ResolveContext) -> list[str]:
    """The products of an open question: of a list, the one in which the options differ."""
    values = [option.value for option in ctx.offered]
    lists = [[str(item["product"]) for item in value] for value in values if isinstance(value, list)]
    every = [set(skus) for skus in lists]
    same: set[str] = set.intersection(*every) if len(every) > 1 else set()
    of_lists = [sku for skus in lists for sku in skus if sku not in same]
    return [*(value for value in values if isinstance(value, str)), *of_lists]


async def _fits(
    ctx: ResolveContext,
    want: wants.Want,
    shop: Shop,
    listed: Sequence[str],
    spoken: Sequence[Product],
    words: search.Vocabulary,
) -> Fits:
    if number := want.sku or want.gtin:
        product = await products.get_product(ctx.session, number)
        return Fits(want, (product,), await stock.available(ctx.session, [product.id], shop, ctx.now))
    of_kind = await siblings.of_kind(ctx.session, want, spoken, words)
    hits = of_kind or await search.find(ctx.session, want, shop=shop, now=ctx.now, limit=MOST_HITS)
    fitting = [hit.product for hit in hits if not hit.missed]
    if not of_kind and spoken and siblings.only_describes(want) and _GOES_ON.match(ctx.text):
        fitting = [p for p in fitting if p.sku in listed]
    if not (want.head or want.category or want.brand or patterns.POINTING.search(ctx.text)):
        # "A remote control" is no fan that has one.
        fitting = [p for p in fitting if any(set(group) & _terms(p.name) for group in want.groups)]
        # "An H30 black" is the ink and not the printer that takes it.
        whole = [p for p in fitting if all(set(group) & _terms(p.name) for group in want.groups)]
        fitting = whole or fitting
    if not fitting:
        raise NothingFits(want.text)
    definite = _DEFINITE.search(ctx.text[: want.start]) or _DEFINITE.match(want.text)
    if definite and not want.choice:
        # "The TV", once one was spoken of, is that one.
        kept = [p for p in fitting if p.sku in {known.sku for known in spoken}]
        fitting = kept or [p for p in fitting if p.sku in listed] or fitting
    elif want.category is None:
        # "The Shore one" after a list, "the 5 m ones" after cables: of those, where any of those fits.
        kinds = {product.category_id for product in spoken}
        fitting = (
            [p for p in fitting if p.sku in listed]
            or [p for p in fitting if p.category_id in kinds]
            or fitting
        )
    if len(ctx.offered) > 1:
        fitting = siblings.like_all(spoken, fitting)
    if siblings.only_describes(want):
        fitting = siblings.nearest(want, spoken, fitting)
    named = [p for p in fitting if _names(want.text, p.name)]
    if len(named) == 1:
        fitting = named
    fitting = _of_that_model(want, fitting)
    fitting = _for_that(want, fitting, words)
    available = await stock.available(ctx.session, [p.id for p in fitting], shop, ctx.now)
    return Fits(want, tuple(fitting), available)


def _terms(name: str) -> set[str]:
    return set(analysed(name).terms)


def _of_that_model(want: wants.Want, fitting: list[Product]) -> list[Product]:
    """Those whose name ends in the model that was said, if any does: "the Q55" is no "Q55 Pro"."""
    models = {word for word in words_of(want.text) if _MODEL.fullmatch(word)}
    return [p for p in fitting if p.name.casefold().split()[-1] in models] or fitting


def _for_that(want: wants.Want, fitting: list[Product], words: search.Vocabulary) -> list[Product]:
    """Of several kinds those that go with what was said after "for": "filters for the coffee machine"."""
    if not want.context or len({p.category_id for p in fitting}) < 2:
        return fitting
    for term in want.context:
        slugs = {c.slug for c in words.categories if any(term in phrase for phrase in c.phrases)}
        if kept := [p for p in fitting if p.category.slug in slugs]:
            fitting = kept
    return fitting


def _names(text: str, name: str) -> bool:
    """Whether a text has all the words of a product's name."""
    return words_of(name) <= words_of(text)


def missing(ctx: ResolveContext, fits: Sequence[Fits]) -> dict[str, Evidence]:
    """What nothing fits, as parts of what was found beside it: the result tells it, and goes on with the rest."""
    return {
        facts.missing_part(fit.wanted): Evidence(
            "message", (fit.want.start + ctx.offset, fit.want.end + ctx.offset)
        )
        for fit in fits
        if fit.missing and not fit.want.negated
    }


def said(ctx: ResolveContext, found: re.Match[str]) -> Evidence:
    """That it was found there in the message."""
    return Evidence("message", (found.start() + ctx.offset, found.end() + ctx.offset))


def words_of(text: str) -> set[str]:
    """Its words, to compare."""
    return {word.casefold() for word in _WORD.findall(text)}


def label(ctx: ResolveContext, product: Product) -> str:
    """As a person is offered it: name and price."""
    return f"{product.name} ({facts.money(product.price, ctx.language)})"


def options(fits: Fits) -> list[tuple[Product, int]]:
    """Which could be meant, at most a few, each with of how many it was chosen (RK-1).

    The one there is; the one that a superlative means; of several categories one each, the cheapest; else
    the cheapest ones that are in stock.
    """
    if len(fits.products) == 1:
        return [(fits.products[0], 0)]
    if fits.want.choice in ("cheapest", "dearest"):
        return [fits.chosen()]
    if len(fits.categories) > 1:
        kinds = [fits.only([p for p in fits.products if p.category_id == kind]) for kind in fits.categories]
        return [(kind.chosen()[0], 0) for kind in kinds]
    # Which one is best no data tell: the dearest ones are what there is to choose from.
    sign = -1 if fits.want.choice == "best" else 1
    by_price = sorted(fits.products, key=lambda p: (fits.available.get(p.id, 0) == 0, sign * p.price, p.sku))
    return [(p, 0) for p in by_price]


def among_offered(ctx: ResolveContext) -> list[Candidate]:
    """The options of the open question that the words of an answer fit."""
    told = words_of(ctx.text) - _PLAIN
    if not told:
        return []
    fitting = [option for option in ctx.offered if told <= words_of(option.label)]
    start = len(ctx.text) - len(ctx.text.lstrip())
    return [ctx.found(o.value, start, len(ctx.text.rstrip()), label=o.label) for o in fitting]


async def listed(ctx: ResolveContext) -> list[Candidate]:
    """Which of the products that were just listed is pointed at: "the second one", "the cheapest"."""
    skus = [str(sku) for sku in ctx.focus.get("products") or ()]
    if not skus:
        return []
    if found := patterns.OTHER.search(ctx.text):
        taken = {str(ctx.focus.get("product")), *(str(i["product"]) for i in ctx.focus.get("items") or ())}
        others = [sku for sku in skus if sku not in taken]
        return [await _known(ctx, sku, found) for sku in others]
    if found := patterns.ORDINAL.search(ctx.text):
        place = patterns.place_of(found)
        return [await _known(ctx, skus[place], found)] if place < len(skus) else []
    for shape, sign in ((patterns.CHEAPEST, 1), (patterns.DEAREST, -1)):
        if found := shape.search(ctx.text):
            shown = [await products.get_product(ctx.session, sku) for sku in skus]
            best = min(shown, key=lambda p: (sign * p.price, p.sku))
            return [ctx.found(best.sku, *found.span(), label=label(ctx, best))]
    return []


async def _known(ctx: ResolveContext, sku: str, found: re.Match[str]) -> Candidate:
    product = await products.get_product(ctx.session, sku)
    return ctx.found(product.sku, *found.span(), label=label(ctx, product))


async def kind_looked_for(ctx: ResolveContext) -> str | None:
    """The kind of product that was looked for last: what "they" are after "do you sell toasters"."""
    want = wants.read_one(str(ctx.focus.get("wanted") or ""), await search.vocabulary(ctx.session))
    return want.category


def speaks_of_list(ctx: ResolveContext) -> bool:
    """Whether the list of a quote or reservation is what was spoken of last, and not a single product."""
    skus = {str(item["product"]) for item in ctx.focus.get("items") or ()}
    if ctx.last == "show_promotions":
        return bool(skus & {str(about) for about in ctx.focus.get("about") or ()})
    return bool(skus) and ctx.last in _ITEM_TOOLS


async def spoken_of(ctx: ResolveContext) -> list[Candidate]:
    """The product that was spoken of last, or those of the list that was."""
    items = [str(item["product"]) for item in ctx.focus.get("items") or ()]
    if not speaks_of_list(ctx) and (found := in_focus(ctx, "product")):
        return found
    known = [await products.get_product(ctx.session, sku) for sku in items if sku not in ctx.excluded]
    if known:
        return [Candidate(p.sku, label(ctx, p), Evidence("conversation")) for p in known]
    return in_focus(ctx, "product")
