"""What a quote or a reservation is made of: products and quantities, new or changed by what is said."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from balie.agent.resolution import Candidate, Evidence, ResolveContext

from balie_retail_kiosk.models import Product
from balie_retail_kiosk.resolvers import finding, patterns
from balie_retail_kiosk.services import products
from balie_retail_kiosk.services.errors import GtinWrong, NothingInQuote, ProductUnknown, TooMany
from balie_retail_kiosk.services.items import MOST_UNITS, Item

_ADD = re.compile(
    r"\b(?:add|also|plus|extra|another|more|throw in|include|including|together with|along with|as well as|with)\b"
    r"|^\s*and\b",
    re.IGNORECASE,
)
_TRAILING_ADD = re.compile(
    r"\b(?:too|as well|on top|to (?:it|that|the quote|my quote|the list|this))\W*$", re.IGNORECASE
)
_REMOVE = re.compile(
    r"\b(?:without|remove|removing|drop|delete|skip|scrap|minus|except|take (?:off|out|away)|leave (?:off|out)|"
    r"get rid of|don'?t (?:want|need))\b|\b(?:no|not)(?:\s+(?:the|a|any))?\s*$",
    re.IGNORECASE,
)
_TRAILING_REMOVE = re.compile(r"^\W*(?:ones?\s+)?(?:off|out|away|can go|isn'?t needed)\b", re.IGNORECASE)
_CHANGE = re.compile(r"\b(?:make|change|instead|rather|swap|replace|switch|set|meant|mean)\b", re.IGNORECASE)
_SWAP = re.compile(r"\b(?:for|with|to|into|by)\b", re.IGNORECASE)
# After the first thing that is removed, so are those that are merely listed beside it.
_LISTED = re.compile(
    r"^\W*(?:and|or|nor|,)?\W*(?:the|my|those|these|that|this|also|all|both|\s)*$", re.IGNORECASE
)
_IN_PLACE_OF = re.compile(r"\b(?:instead of|rather than|in place of)\b[^,.;]*$", re.IGNORECASE)
_MORE = re.compile(r"\b(?:more|another|extra|additional)\b", re.IGNORECASE)
_EACH = re.compile(r"\b(?:each|every|all)\b", re.IGNORECASE)
# "One" counts only where something is made one: not in "that one", "which one".
_ONE = re.compile(
    r"\b(?:(?:it|that|them|just|only|to)\s+one|one\s+(?:of|more|piece))\b(?!\s+(?:is|instead))", re.IGNORECASE
)
_MOST_LISTED = 3


@dataclass(frozen=True, slots=True)
class Line:
    """So many of a product, and where that was found."""

    product: Product
    quantity: int
    evidence: Evidence


@dataclass(slots=True)
class Basket:
    """The list as the text changes it. Where a thing could be one of several, ``others`` are all of them."""

    lines: list[Line]
    touched: list[Evidence] = field(default_factory=list)
    place: int = 0
    others: list[Line] = field(default_factory=list)

    def find(self, fits: finding.Fits) -> int | None:
        """Which line is one of the products that fit, and of several lines the one that fits best."""
        places = {line.product.sku: n for n, line in reversed([*enumerate(self.lines)])}
        return next((places[product.sku] for product in fits.products if product.sku in places), None)

    def alike(self, fits: finding.Fits) -> int | None:
        """Which line is of the same kind as what fits; the last one of several."""
        places = [n for n, line in enumerate(self.lines) if line.product.category_id in fits.categories]
        return places[-1] if places else None

    def put(self, line: Line, place: int | None = None) -> int:
        """A line in the place of another, or at the end; the same product twice is one line."""
        self.touched.append(line.evidence)
        if place is not None:
            self.lines[place] = line
            return place
        for n, known in enumerate(self.lines):
            if known.product.sku == line.product.sku:
                quantity = _checked(known.quantity + line.quantity)
                self.lines[n] = replace(line, quantity=quantity)
                return n
        self.lines.append(line)
        return len(self.lines) - 1

    def drop(self, place: int, evidence: Evidence, quantity: int | None = None) -> None:
        """Without that line, or so many of it."""
        self.touched.append(evidence)
        line = self.lines[place]
        if quantity is not None and quantity < line.quantity:
            self.lines[place] = replace(line, quantity=line.quantity - quantity, evidence=evidence)
        else:
            del self.lines[place]


async def items(ctx: ResolveContext) -> Sequence[Candidate]:
    """The whole list: what is named, or the running list with what is changed of it, or what was spoken of.

    One candidate, with the evidence of each line; several only where one thing could be one of several.

    Raises:
        NothingFits, ProductUnknown, GtinWrong: something that is named is no product.
        TooMany: more of one than a kiosk deals with. NothingInQuote: nothing is left of the list.
    """
    if ctx.offered and (offered := finding.among_offered(ctx)):
        return offered
    running = await _running(ctx)
    named = await finding.read_all(ctx)
    fits = [fit for fit in named if fit.wrong is None]
    if not fits or (patterns.ORDINAL.search(ctx.text) and not running and ctx.focus.get("products")):
        return await _pointed_at(ctx, running)
    changes = bool(running) and bool(
        _CHANGE.search(ctx.text)
        or _removes(ctx, fits)
        or any(fit.implied or fit.want.negated for fit in fits)
    )
    first = ctx.text[: fits[0].want.start]
    if _MORE.search(fits[0].want.text):
        first = fits[0].want.text
    adds = bool(running) and bool(_ADD.search(first) or _TRAILING_ADD.search(ctx.text))
    basket = Basket(list(running) if changes or adds else [])
    _read_into(ctx, basket, fits, changes=changes)
    # A number of no product is a list of its own, before the other: that is told, and the other one goes on.
    wrong = [fit for fit in named if fit.wrong is not None and not (fit.missing or fit.want.negated)]
    missing = finding.missing(ctx, named)
    found = [replace(each, parts={**each.parts, **missing}) for each in _candidates(ctx, basket)]
    return [*(_wrong(ctx, fit) for fit in wrong if not basket.others), *found]


def _wrong(ctx: ResolveContext, fit: finding.Fits) -> Candidate:
    span = (fit.want.start + ctx.offset, fit.want.end + ctx.offset)
    return Candidate([Item(fit.wanted, 1)], fit.wanted, Evidence("message", span))


def _removes(ctx: ResolveContext, fits: Sequence[finding.Fits]) -> bool:
    leads = (ctx.text[: fit.want.start] for fit in fits)
    return any(map(_REMOVE.search, leads)) or bool(_TRAILING_REMOVE.match(ctx.text[fits[-1].want.end :]))


async def _running(ctx: ResolveContext) -> list[Line]:
    """The list that was spoken of last; a wrong number that was in it is not."""
    known = Evidence("conversation")
    lines: list[Line] = []
    for item in ctx.focus.get("items") or ():
        with suppress(GtinWrong, ProductUnknown):
            product = await products.get_product(ctx.session, str(item["product"]))
            lines.append(Line(product, int(item["quantity"]), known))
    return lines


def _read_into(ctx: ResolveContext, basket: Basket, fits: Sequence[finding.Fits], *, changes: bool) -> None:
    end = 0
    swapped: int | None = None
    removing = False
    replaced = _in_place_of(ctx, basket, fits)
    for number, fit in enumerate(fits):
        lead = ctx.text[end : fit.want.start]
        end = fit.want.end
        last = number + 1 == len(fits)
        tail = ctx.text[end : len(ctx.text) if last else fits[number + 1].want.start]
        span = (fit.want.start + ctx.offset, end + ctx.offset)
        known = basket.find(fit)
        removing = bool(
            fit.want.negated
            or _REMOVE.search(lead)
            or (removing and _LISTED.match(lead))
            or _TRAILING_REMOVE.match(tail)
        )
        if fit.want.negated and (known is None or number in replaced.values()):
            continue
        if known is not None and changes:
            if removing:
                basket.drop(known, Evidence("message", span), fit.quantity)
                continue
            if not last and swapped is None and _SWAP.search(tail) and _CHANGE.search(ctx.text):
                swapped = known
                continue
        more = bool(_ADD.search(lead) or _MORE.search(fit.want.text))
        if number in replaced and (before_it := basket.find(fits[replaced[number]])) is not None:
            swapped = before_it
        place = None
        if swapped is not None:
            place, swapped, known = swapped, None, None
        elif changes and not more:
            place = known if known is not None else basket.alike(fit)
        before = basket.lines[place].quantity if place is not None else 1
        quantity = _checked(fit.quantity or (_count(tail) if changes else None) or before)
        chosen = [
            Line(product, quantity, Evidence("message", span, of=of))
            for product, of in _choices(fit, basket, known, place)
        ]
        put = basket.put(chosen[0], place)
        if len(chosen) > 1 and not basket.others:
            basket.place, basket.others = put, chosen


def _in_place_of(ctx: ResolveContext, basket: Basket, fits: Sequence[finding.Fits]) -> dict[int, int]:
    """Which thing takes the place of which that is said after it: "an M55 instead of the M50"."""
    return {
        number - 1: number
        for number, fit in enumerate(fits)
        if number
        and _IN_PLACE_OF.search(ctx.text[fits[number - 1].want.end : fit.want.start])
        and basket.find(fit) is not None
    }


def _choices(
    fit: finding.Fits, basket: Basket, known: int | None, place: int | None
) -> list[tuple[Product, int]]:
    """What to take for a thing: what the list has of it already, what RK-1 chooses, or what to ask about."""
    if known is not None and not fit.want.choice:
        return [(basket.lines[known].product, 0)]
    if place is not None:
        kind = basket.lines[place].product.category_id
        fit = fit.only([p for p in fit.products if p.category_id == kind]) if kind in fit.categories else fit
    if len(fit.categories) > 1 or (fit.want.choice == "best" and len(fit.products) > 1):
        return finding.options(fit)
    return [fit.chosen()]


async def _pointed_at(ctx: ResolveContext, running: list[Line]) -> Sequence[Candidate]:
    """The list where nothing is named: "make it three", "reserve them", "two of the first one"."""
    listed = [str(sku) for sku in ctx.focus.get("products") or ()]
    found = patterns.COUNT.search(ctx.text)
    more = bool(_MORE.search(ctx.text))
    count = _count(ctx.text) or (1 if more else None)
    counted = finding.said(ctx, found) if found and count is not None else Evidence("conversation")
    other = patterns.OTHER.search(ctx.text) and await finding.listed(ctx)
    if running and not other and (finding.speaks_of_list(ctx) or not (ctx.focus.get("product") or listed)):
        place = patterns.ORDINAL.search(ctx.text)
        if place and -len(running) <= patterns.place_of(place) < len(running) and _REMOVE.search(ctx.text):
            basket = Basket(list(running))
            basket.drop(patterns.place_of(place), finding.said(ctx, place))
            return _candidates(ctx, basket)
        if count is None:
            return _candidates(ctx, Basket(running))
        changed = [
            replace(line, quantity=_checked(count + (line.quantity if more else 0)), evidence=counted)
            for line in running
        ]
        if len(running) == 1 or _EACH.search(ctx.text):
            return _candidates(ctx, Basket(changed, [counted]))
        return [
            c
            for n, line in enumerate(changed)
            for c in _candidates(ctx, Basket([*running[:n], line, *running[n + 1 :]], [counted]), line)
        ]
    if few := patterns.FIRST_FEW.search(ctx.text):
        each = patterns.count_of(few.group(1)) if few.group(1) else 2 if few.group(2) else _MOST_LISTED
        shown = [await products.get_product(ctx.session, sku) for sku in listed[:each]]
        lines = [Line(product, 1, finding.said(ctx, few)) for product in shown]
        return _candidates(ctx, Basket(lines, [line.evidence for line in lines])) if lines else []
    quantity = _checked(count or 1)
    pointed = await finding.listed(ctx) or await finding.spoken_of(ctx)
    if not pointed:
        pointed = [Candidate(sku, sku, Evidence("conversation")) for sku in listed[:_MOST_LISTED]]
    lines = [
        Line(
            await products.get_product(ctx.session, str(c.value)),
            quantity,
            c.evidence if c.evidence.span else counted,
        )
        for c in pointed
    ]
    if len(lines) > 1 and count is None and patterns.SEVERAL.search(ctx.text):
        return _candidates(ctx, Basket(lines, [counted]))
    return [c for line in lines for c in _candidates(ctx, Basket([line], [line.evidence]), line)]


def _count(text: str) -> int | None:
    """How many, where the text counts."""
    for found in patterns.COUNT.finditer(text):
        if found.group().lower() != "one" or _ONE.search(text):
            return patterns.count_of(found.group())
    return None


def _checked(quantity: int) -> int:
    """A quantity that a kiosk deals with.

    Raises:
        TooMany: it does not.
    """
    if quantity > MOST_UNITS:
        raise TooMany(quantity, MOST_UNITS)
    return max(quantity, 1)


def _candidates(ctx: ResolveContext, basket: Basket, asked: Line | None = None) -> list[Candidate]:
    """The list as a value; one for each thing that it could be, where that is open.

    Args:
        asked: the line that tells this list from the others that are offered.

    Raises:
        NothingInQuote: nothing is left of it.
    """
    if not basket.lines:
        raise NothingInQuote
    options = basket.others or [basket.lines[basket.place]]
    made = []
    for option in options:
        lines = list(basket.lines)
        lines[basket.place] = option
        shown = asked or (option if basket.others else None)
        name = f"{shown.quantity} × {finding.label(ctx, shown.product)}" if shown else _named(lines)
        value = [Item(line.product.sku, line.quantity) for line in lines]
        parts = {f"[{n}]": line.evidence for n, line in enumerate(lines)}
        made.append(Candidate(value, name, _together(basket.touched), parts))
    return [
        c
        for c in made
        if str([{"product": i.product, "quantity": i.quantity} for i in c.value]) not in ctx.excluded
    ]


def _named(lines: Sequence[Line]) -> str:
    return ", ".join(f"{line.quantity} × {line.product.name}" for line in lines)


def _together(touched: Sequence[Evidence]) -> Evidence:
    """From the first to the last place in the message that speaks of the list."""
    spans = [evidence.span for evidence in touched if evidence.span]
    if not spans:
        return Evidence("conversation")
    return Evidence("message", (min(start for start, _ in spans), max(end for _, end in spans)))
