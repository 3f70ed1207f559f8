"""Which product is meant, or which several, or what is looked for."""

import re
from collections.abc import Sequence
from dataclasses import replace

from balie.agent.recognise import in_focus
from balie.agent.resolution import Candidate, Evidence, ResolveContext
from balie.errors import RuleBroken

from balie_retail_kiosk import search
from balie_retail_kiosk.models import Product
from balie_retail_kiosk.resolvers import finding, patterns
from balie_retail_kiosk.search import wants
from balie_retail_kiosk.services import products
from balie_retail_kiosk.services.errors import GtinWrong, ProductUnknown

MOST_COMPARED = 3
_NO_COMPARING = re.compile(r"\b(?:quote|reserve|print|where|add)\b", re.IGNORECASE)
_BESIDE = re.compile(r"\b(?:with|to)\b", re.IGNORECASE)
_SUCH_ONE = re.compile(r"\bthe (?:\w+ ){1,3}ones?\b", re.IGNORECASE)
# "Any offers this week?" is about all of the shop, whatever was spoken of.
_ALL_OFFERS = re.compile(
    r"\b(?:offers|promotions|promos|deals|discounts|bargains|sales)\b|\bon (?:sale|offer)\b|\bspecials\b",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(
    r"^(?:(?:hi|hello|hey|please|can you|could you|do you|have you|i'?m|i am|i|we|me|show|find|give|got|have|sell|"
    r"stock|carry|any|looking for|need|want|would like|searching for|search|what|which|is there|are there|for|some|"
    r"to see|to buy|list|all|your|the|a|an)[\s,]+)+",
    re.IGNORECASE,
)
# "55 inch TVs do you have under 600": what asks, in the middle of what is looked for.
_BETWEEN = re.compile(
    r"\b(?:do|can|have) (?:you|i) (?:have|sell|stock|carry|got|get)\b|\bare there\b", re.IGNORECASE
)
_TRAILING = re.compile(
    r"[\s,]*(?:do you (?:have|sell|stock|carry)|have you got|are there|is there|please|here|"
    r"in (?:stock|this shop|the shop))?[\s?.!]*$",
    re.IGNORECASE,
)


async def numbered(ctx: ResolveContext) -> list[Candidate]:
    """Products by SKU or bar code.

    A number of no product beside a right one stays as it was said: the command that is called with it tells
    what is wrong.

    Raises:
        ProductUnknown, GtinWrong: there are only numbers of no product.
    """
    seen: dict[str, Candidate] = {}
    wrong: dict[str, RuleBroken] = {}
    found = [m for shape in (patterns.SKU, patterns.BARCODE) for m in shape.finditer(ctx.text)]
    for each in sorted(found, key=lambda m: m.start()):
        try:
            product = await products.get_product(ctx.session, each.group())
        except (GtinWrong, ProductUnknown) as error:
            wrong[each.group()] = error
            seen.setdefault(each.group(), ctx.found(each.group(), *each.span()))
        else:
            name = finding.label(ctx, product)
            seen.setdefault(product.sku, ctx.found(product.sku, *each.span(), label=name))
    if wrong and len(wrong) == len(seen):
        raise next(iter(wrong.values()))
    # What is wrong comes first, so that what was spoken of last is right.
    return [seen[each] for each in sorted(seen, key=lambda each: each not in wrong)]


async def product(ctx: ResolveContext) -> Sequence[Candidate]:
    """A product: by number, by what is said of it, by its place in a list, else the one spoken of.

    What fits several things is a question. What is said and fits nothing is refused, never replaced.

    Raises:
        NothingFits, ProductUnknown, GtinWrong: what is named is no product.
    """
    if ctx.offered and (offered := finding.among_offered(ctx)):
        return offered
    if ctx.asked and patterns.ANOTHER_WISH.search(ctx.text):
        return []
    if by_number := await numbered(ctx):
        return by_number
    named = await finding.read_all(ctx)
    fits = [fit for fit in named if fit.wrong is None]
    if (
        not fits
        or (patterns.ORDINAL.search(ctx.text) and ctx.focus.get("products"))
        or (_points(ctx.text) and all(map(_describes, fits)) and in_focus(ctx, "product"))
    ):
        return await finding.listed(ctx) or await finding.spoken_of(ctx) or await _just_listed(ctx)
    # A number of no product is told by the command that is called with it, as in ``numbered``.
    wrong = [
        Candidate(fit.wanted, fit.wanted, Evidence("message", _span(ctx, fit)))
        for fit in named
        if fit.wrong is not None and not fit.missing
    ]
    missing = finding.missing(ctx, named)
    if len(fits) == 1 and not (wrong or missing):
        return [_candidate(ctx, fits[0], each, of) for each, of in _kept(ctx, finding.options(fits[0]))]
    # Several at once: each is the one that a quote would take (RK-1).
    first, *others = [_candidate(ctx, fit, *fit.chosen()) for fit in fits]
    return [*wrong, replace(first, parts=missing), *others]


def _points(text: str) -> bool:
    """Whether it points at what was spoken of; "the red one" says which one."""
    return bool(patterns.POINTING.search(text)) and not _SUCH_ONE.search(text)


def _describes(fits: finding.Fits) -> bool:
    """Whether it says what something is like, and not what it is: "is it waterproof"."""
    want = fits.want
    return not (want.head or want.brand or want.category or want.sku or want.gtin or fits.implied)


def _kept(ctx: ResolveContext, found: list[tuple[Product, int]]) -> list[tuple[Product, int]]:
    return [(each, of) for each, of in found if each.sku not in ctx.excluded]


def _candidate(ctx: ResolveContext, fits: finding.Fits, each: Product, of: int) -> Candidate:
    return Candidate(each.sku, finding.label(ctx, each), Evidence("message", _span(ctx, fits), of=of))


def _span(ctx: ResolveContext, fits: finding.Fits) -> tuple[int, int]:
    return fits.want.start + ctx.offset, fits.want.end + ctx.offset


async def _just_listed(ctx: ResolveContext) -> list[Candidate]:
    """What was just listed, to choose from."""
    shown = [await products.get_product(ctx.session, str(sku)) for sku in ctx.focus.get("products") or ()]
    return [
        Candidate(each.sku, finding.label(ctx, each), Evidence("conversation"))
        for each in shown
        if each.sku not in ctx.excluded
    ]


async def several(ctx: ResolveContext) -> Sequence[Candidate]:
    """Two or three products to compare: named, or the first ones of what was just listed.

    Raises:
        NothingFits, ProductUnknown, GtinWrong: what is named is no product.
    """
    if ctx.asked and _NO_COMPARING.search(ctx.text):
        return []
    named = await _named(ctx) or _pointed_at(ctx)
    spoken = str(ctx.focus.get("product") or "")
    beside = patterns.POINTING.search(ctx.text) or _BESIDE.search(ctx.text)
    if len(named) == 1 and beside and spoken:
        named = {spoken: Evidence("conversation"), **named}
    chosen = dict(list(named.items())[:MOST_COMPARED])
    if len(chosen) < 2:
        return []
    spans = [evidence.span for evidence in chosen.values() if evidence.span]
    whole = Evidence("conversation")
    if spans:
        whole = Evidence("message", (min(start for start, _ in spans), max(end for _, end in spans)))
    parts = {f"[{place}]": evidence for place, evidence in enumerate(chosen.values())}
    return [Candidate(list(chosen), ", ".join(chosen), whole, parts)]


async def _named(ctx: ResolveContext) -> dict[str, Evidence]:
    """The products that are named, by SKU; of something that fits many the first few, where it is all there is."""
    fits = _of_one_kind(await finding.read(ctx))
    return {
        product.sku: Evidence("message", (fit.want.start + ctx.offset, fit.want.end + ctx.offset))
        for fit in fits
        for product, _ in (finding.options(fit)[:MOST_COMPARED] if len(fits) == 1 else [fit.chosen()])
    }


def _of_one_kind(fits: Sequence[finding.Fits]) -> list[finding.Fits]:
    """Each only of a kind that another one is too: beside the S1 soundbar the S2 is no smoke alarm."""
    narrowed = []
    for fit in fits:
        kinds = {kind for other in fits if other is not fit for kind in other.categories}
        kept = [product for product in fit.products if product.category_id in kinds]
        narrowed.append(fit.only(kept) if kept else fit)
    return narrowed


def _pointed_at(ctx: ResolveContext) -> dict[str, Evidence]:
    """Those of the list that was shown: "the first two", "the first and the third", "them"."""
    listed = [str(sku) for sku in ctx.focus.get("products") or ()]
    if few := patterns.FIRST_FEW.search(ctx.text):
        count = patterns.count_of(few.group(1)) if few.group(1) else 2 if few.group(2) else MOST_COMPARED
        return dict.fromkeys(listed[:count], finding.said(ctx, few))
    places = {patterns.place_of(m): finding.said(ctx, m) for m in patterns.ORDINAL.finditer(ctx.text)}
    if places:
        return {
            listed[place]: evidence
            for place, evidence in places.items()
            if -len(listed) <= place < len(listed)
        }
    return dict.fromkeys(listed[:MOST_COMPARED], Evidence("conversation"))


async def about(ctx: ResolveContext) -> Sequence[Candidate]:
    """What promotions are asked about: products, a category, what was spoken of; nothing for all of them.

    Raises:
        NothingFits, ProductUnknown, GtinWrong: what is named is no product.
    """
    named = [(str(c.value), c.evidence.span) for c in await numbered(ctx)]
    for fit in [] if named else await finding.read(ctx):
        span = (fit.want.start + ctx.offset, fit.want.end + ctx.offset)
        if len(fit.products) == 1 or len(fit.categories) > 1:
            named += [(each.sku, span) for each in fit.products[:MOST_COMPARED]]
        else:
            named.append((fit.products[0].category.slug, span))
    if named:
        spans = [span for _, span in named if span]
        whole = Evidence("message", (min(s for s, _ in spans), max(e for _, e in spans)))
        parts = {f"[{n}]": Evidence("message", span) for n, (_, span) in enumerate(named)}
        values = list(dict.fromkeys(value for value, _ in named))
        return [Candidate(values, ", ".join(values), whole, parts if len(parts) == len(values) else {})]
    if _ALL_OFFERS.search(ctx.text) and not patterns.POINTING.search(ctx.text):
        return []
    if ctx.last == "find_products" and (kind := await finding.kind_looked_for(ctx)):
        return [Candidate([kind], kind, Evidence("conversation"))]
    items = [str(item["product"]) for item in ctx.focus.get("items") or ()]
    spoken = [str(ctx.focus["product"])] if ctx.focus.get("product") else []
    values = (items or spoken) if finding.speaks_of_list(ctx) else (spoken or items)
    return [Candidate(values, ", ".join(values), Evidence("conversation"))] if values else []


async def wanted(ctx: ResolveContext) -> Sequence[Candidate]:
    """What is looked for, in the person's words; each thing by itself where several are named."""
    text = ctx.text
    read = wants.read(text, await search.vocabulary(ctx.session))
    found = [want for want in read if not want.negated] or read
    if found:
        return [
            ctx.found(" ".join(_BETWEEN.sub(" ", text[w.start : w.end]).split()), w.start, w.end)
            for w in found
        ]
    lead = _ASKED_FOR.match(text)
    start = lead.end() if lead else len(text) - len(text.lstrip())
    end = start + len(_TRAILING.sub("", text[start:]))
    said = finding.words_of(text[start:end]) - {"something", "anything", "products", "else", "sell", "have"}
    if not said and ctx.asked and text.strip():
        return [ctx.found(text.strip(), 0, len(text))]
    return [ctx.found(text[start:end], start, end)] if said else []
