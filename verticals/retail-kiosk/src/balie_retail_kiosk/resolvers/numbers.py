"""Things with a number: quotes, reservations, calls, price matches, members' cards."""

import re
from collections.abc import Sequence

from balie.agent.recognise import from_database, in_focus
from balie.agent.resolution import Candidate, ResolveContext

from balie_retail_kiosk.resolvers import finding, patterns
from balie_retail_kiosk.services import calls, numbers, price_matches
from balie_retail_kiosk.services.numbers import Drawn

_MOST = 4
_WORD = re.compile(r"[a-z]+\b", re.IGNORECASE)


def _drawn(ctx: ResolveContext, shape: re.Pattern[str], kind: Drawn) -> list[Candidate]:
    seen: dict[str, Candidate] = {}
    for found in [*shape.finditer(ctx.text)] or [*(patterns.DRAWN.finditer(ctx.text) if ctx.asked else ())]:
        said = next(group for group in found.groups() if group)
        value = numbers.read(_WORD.sub(_digit, said), kind)
        seen.setdefault(value, ctx.found(value, *found.span()))
    return [c for value, c in seen.items() if value not in ctx.excluded]


def _digit(word: re.Match[str]) -> str:
    return patterns.SPOKEN_DIGITS.get(word.group().lower(), word.group())


def _counted(ctx: ResolveContext, shape: re.Pattern[str], letter: str) -> list[Candidate]:
    seen: dict[str, Candidate] = {}
    for found in shape.finditer(ctx.text):
        value = f"{letter}-{int(found.group(1) or found.group(2))}"
        seen.setdefault(value, ctx.found(value, *found.span()))
    if not seen and ctx.asked and (bare := re.search(r"\b\d{1,6}\b", ctx.text)):
        value = f"{letter}-{int(bare.group())}"
        return [ctx.found(value, *bare.span())]
    return [c for value, c in seen.items() if value not in ctx.excluded]


async def quote(ctx: ResolveContext) -> Sequence[Candidate]:
    """A quote by its number, else the one that was made or opened last."""
    return _drawn(ctx, patterns.QUOTE, Drawn.QUOTE) or in_focus(ctx, "quote")


async def reservation(ctx: ResolveContext) -> Sequence[Candidate]:
    """A reservation by its number, else the one that was made or opened last."""
    return _drawn(ctx, patterns.RESERVATION, Drawn.RESERVATION) or in_focus(ctx, "reservation")


async def call(ctx: ResolveContext) -> Sequence[Candidate]:
    """A call by its number, else the one spoken of, else those that are open in this shop."""
    if found := _counted(ctx, patterns.CALL, "H") or in_focus(ctx, "call"):
        return found
    shop = await finding.this_shop(ctx)
    some = await (calls.waiting if ctx.tool == "take_call" else calls.open_calls)(ctx.session, shop=shop)
    return [
        from_database(each.number, f"{each.number} ({each.place})")
        for each in some[:_MOST]
        if each.number not in ctx.excluded
    ]


async def match(ctx: ResolveContext) -> Sequence[Candidate]:
    """A price match by its number, else the one spoken of, else those to be decided in this shop."""
    if found := _counted(ctx, patterns.MATCH, "M") or in_focus(ctx, "match"):
        return found
    some = await price_matches.requested(ctx.session, shop=await finding.this_shop(ctx))
    return [
        from_database(each.number, f"{each.number} ({each.product.name})")
        for each in some[:_MOST]
        if each.number not in ctx.excluded
    ]


async def member(ctx: ResolveContext) -> Sequence[Candidate]:
    """A member's card that is scanned or typed; what was shown once holds for the visit (RK-4)."""
    if found := patterns.CARD.search(ctx.text):
        return [ctx.found(found.group(), *found.span())]
    return in_focus(ctx, "member")
