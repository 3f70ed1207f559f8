"""One thing that is named more than once: in other words, more exactly, under a heading."""

import re
from collections.abc import Sequence
from dataclasses import replace

from msgspec import structs

from balie_retail_kiosk.resolvers.fits import Fits

# "Telly brackets, some kind of wall mount" are one thing.
_RENAMED = re.compile(
    r"\b(?:(?:some|a) (?:kind|sort|type)s? of|or something|that is|basically|called)\b|\bi\.e\.",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:,|(?P<heading>:))\s*(?P<the>the)?\s*$", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:the|that|this|those|these)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_THAT = re.compile(r"\b(?:that|this|the same)\s+$", re.IGNORECASE)


def headed(fits: Sequence[Fits], text: str) -> list[Fits]:
    """Without what only says of which kind the next thing is, and that next thing of this kind only.

    "The TV on the wall there, the Shore Q65", "compare two toasters: the Alba 2 and the Retro 4". What does not
    follow a colon or a comma and "the" is another thing.
    """
    found = list(fits)
    place = 0
    while place + 1 < len(found):
        fit, later = found[place : place + 2]
        said = _NAMED.search(text[fit.want.end : later.want.start])
        place += 1
        if said is None or len(fit.products) < 2:
            continue
        mine = {product.sku for product in fit.products}
        # "The tall fridge, Brennet 281 l": without "the" it must be one of these.
        pointed = _DEFINITE.search(text[: fit.want.start]) is not None and later.quantity is None
        exact = pointed and all(product.sku in mine for product in later.products)
        if not (said["heading"] or said["the"] or exact):
            continue
        if not any(product.sku in mine for product in later.products):
            continue
        under = found[place:] if said["heading"] else [later]
        narrowed = [each.only([p for p in each.products if p.sku in mine]) for each in under]
        found[place : place + len(under)] = [
            one if one.products else each for one, each in zip(narrowed, under, strict=True)
        ]
        if later.quantity is None and not said["heading"]:
            counted = structs.replace(later.want, quantity=fit.quantity)
            found[place] = replace(found[place], want=counted)
        place -= 1
        del found[place]
    return found


def once(fits: list[Fits], text: str) -> list[Fits]:
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
