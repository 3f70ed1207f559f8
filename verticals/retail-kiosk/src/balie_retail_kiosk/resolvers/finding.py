"""From words to products: what fits them, and which of it is meant."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

from balie.agent.recognise import in_focus
from balie.agent.resolution import Candidate, Evidence, ResolveContext
from balie.errors import RuleBroken
from msgspec import structs

from balie_retail_kiosk import search
from balie_retail_kiosk.facts import money
from balie_retail_kiosk.models import Product, Shop
from balie_retail_kiosk.resolvers import patterns
from balie_retail_kiosk.search import wants
from balie_retail_kiosk.search.analysis import analysed
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
# "Telly brackets, some kind of wall mount" are one thing.
_RENAMED = re.compile(
    r"\b(?:(?:some|a) (?:kind|sort|type)s? of|or something|that is|basically|called)\b|\bi\.e\.",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:,\s*the|:)\s*$", re.IGNORECASE)
_THAT = re.compile(r"\b(?:that|this|the same)\s+$", re.IGNORECASE)
_PLAIN = frozenset("the a an one ones that this please i mean want take with of is it it's to and".split())


@dataclass(frozen=True, slots=True)
class Fits:
    """What a part of a text could mean: products that fit all of it, best first.

    ``implied`` says that their kind was not said: it is that of what was spoken of.
    """

    want: wants.Want
    products: tuple[Product, ...]
    available: Mapping[UUID, int]
    implied: bool = False
    wrong: RuleBroken | None = None
    """Why it is no product."""

    @property
    def wanted(self) -> str:
        """What was said of it, without how many."""
        want = self.want
        return want.sku or want.gtin or (want.text if want.words else " ".join(want.unknown))

    @property
    def quantity(self) -> int | None:
        """How many are wanted, where that is said."""
        return self.want.quantity

    @property
    def categories(self) -> list[UUID]:
        """The categories of what fits, in the order of the fits."""
        return list(dict.fromkeys(product.category_id for product in self.products))

    def only(self, kept: Sequence[Product]) -> "Fits":
        """The same with only these."""
        return replace(self, products=tuple(kept))

    def chosen(self) -> tuple[Product, int]:
        """The one that a quote takes, and of how many it is the cheapest (RK-1).

        The cheapest in stock here, or the dearest where that was asked for; where none is in stock, of all.
        """
        here = [p for p in self.products if self.available.get(p.id, 0) > 0] or list(self.products)
        sign = -1 if self.want.choice == "dearest" else 1
        many = len(self.products) if sign > 0 and len(self.products) > 1 else 0
        return min(here, key=lambda p: (sign * p.price, p.sku)), many


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
    if not ctx.focus.get("items"):
        # What is not wanted says something only of a list that there is: "not the M50 but the M55".
        found = [want for want in found if not want.negated] or found
    implied = not found
    if implied:
        found = await _another_size(ctx, wants.read_one(text, words), spoken, words)
    fits: list[Fits] = []
    if not found:
        return fits
    shop = await this_shop(ctx)
    for want in found:
        try:
            fits.append(replace(await _fits(ctx, want, shop, listed, spoken, words), implied=implied))
        except (GtinWrong, NothingFits, ProductUnknown) as error:
            fits.append(Fits(want, (), {}, wrong=error))
    if fits and all(fit.wrong is not None for fit in fits):
        assert fits[0].wrong is not None
        raise fits[0].wrong
    return fits if _CHANGES.search(ctx.text) or ctx.tool == "compare_products" else _once(fits, text)


def _once(fits: list[Fits], text: str) -> list[Fits]:
    """Each thing once: what is said again, or more exactly, in a later clause is the same thing.

    "I should get a robot vacuum, so quote me the Tide R3" is one, "a robot vacuum and the Tide R3" are two.
    """
    kept: list[Fits] = []
    for place, fit in enumerate(fits):
        mine = {product.sku for product in fit.products}
        again = False
        for later in fits[place + 1 :]:
            its = {product.sku for product in later.products}
            apart = later.want.clause > fit.want.clause
            same_kind = len(fit.categories) == 1 and fit.categories == later.categories
            renamed = same_kind and _RENAMED.search(text[fit.want.end : later.want.start]) is not None
            # "The TV on the wall there, the Shore Q65"
            said = (
                _NAMED.search(text[fit.want.end : later.want.start]) if len(its) == 1 and its < mine else None
            )
            definite = _DEFINITE.search(text[: fit.want.start]) is not None
            renamed = renamed or (said is not None and (definite or said.group().startswith(":")))
            vague = same_kind and not fit.want.asked and not fit.want.brand and len(mine) > 1
            again = again or renamed or (apart and bool(its) and (its <= mine or vague))
        # "Is the Tide R3 any good? Quote me that robot."
        before = kept[-1] if kept else None
        if (
            before
            and len(before.products) == 1
            and before.want.clause < fit.want.clause
            and fit.want.quantity is None
        ):
            pointed = _THAT.search(text[: fit.want.start]) is not None
            if pointed and before.products[0].sku in mine and not again:
                continue
        if not again:
            kept.append(fit)
    return kept


async def _another_size(
    ctx: ResolveContext, want: wants.Want, spoken: Sequence[Product], words: search.Vocabulary
) -> list[wants.Want]:
    """ "The 5 m ones": a measure alone is one of the kind of product that was spoken of and has such a measure."""
    if not want.measures or want.words or want.unknown:
        return []
    for category in {product.category_id: product.category for product in reversed(spoken)}.values():
        kind = wants.read_one(category.name, words)
        of_kind = structs.replace(
            want, words=kind.words, groups=kind.groups, head=kind.head, category=category.slug
        )
        if await search.find(ctx.session, of_kind, limit=1):
            return [of_kind]
    return []


async def _spoken_of(ctx: ResolveContext) -> tuple[list[str], list[Product]]:
    """The products that were just listed, by SKU, and those that were spoken of last."""
    listed = [str(sku) for sku in ctx.focus.get("products") or ()]
    named = [str(ctx.focus["product"])] if ctx.focus.get("product") else []
    named += [str(item["product"]) for item in ctx.focus.get("items") or ()]
    known: list[Product] = []
    for sku in dict.fromkeys(named):
        with suppress(GtinWrong, ProductUnknown):
            known.append(await products.get_product(ctx.session, sku))
    return listed, known


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
    hits = await search.find(ctx.session, want, shop=shop, now=ctx.now, limit=MOST_HITS)
    fitting = [hit.product for hit in hits if not hit.missed]
    if not (want.head or want.category or want.brand or patterns.POINTING.search(ctx.text)):
        # "A remote control" is no fan that has one.
        fitting = [p for p in fitting if any(set(group) & _terms(p.name) for group in want.groups)]
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


def said(ctx: ResolveContext, found: re.Match[str]) -> Evidence:
    """That it was found there in the message."""
    return Evidence("message", (found.start() + ctx.offset, found.end() + ctx.offset))


def words_of(text: str) -> set[str]:
    """Its words, to compare."""
    return {word.casefold() for word in _WORD.findall(text)}


def label(ctx: ResolveContext, product: Product) -> str:
    """As a person is offered it: name and price."""
    return f"{product.name} ({money(product.price, ctx.language)})"


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
