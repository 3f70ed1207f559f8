"""What differs from the product that was spoken of in one thing: "and in blue?", "the 5 m ones"."""

from collections.abc import Iterator, Sequence

from balie.agent.resolution import ResolveContext
from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk import search
from balie_retail_kiosk.models import Product
from balie_retail_kiosk.search import wants
from balie_retail_kiosk.search.analysis import analysed

_MOST = 100


async def another_size(
    ctx: ResolveContext, want: wants.Want, spoken: Sequence[Product], words: search.Vocabulary
) -> list[wants.Want]:
    """ "The 5 m ones": a measure alone is one of the kind of product that was spoken of and has such a measure."""
    if not want.measures or want.words or want.unknown:
        return []
    for each in _of_kinds(want, spoken, words):
        if await search.find(ctx.session, each, limit=1):
            return [each]
    return []


async def of_kind(
    session: AsyncSession, want: wants.Want, spoken: Sequence[Product], words: search.Vocabulary
) -> list[search.Hit]:
    """What is as it is described, of the kind that was spoken of; nothing where another kind is named."""
    if only_describes(want) and want.words:
        for each in _of_kinds(want, spoken, words):
            if hits := await search.find(session, each, limit=_MOST):
                return hits
    return []


def _of_kinds(want: wants.Want, spoken: Sequence[Product], words: search.Vocabulary) -> Iterator[wants.Want]:
    """The want with the kinds of what was spoken of, the last first."""
    for category in {product.category_id: product.category for product in reversed(spoken)}.values():
        kind = wants.read_one(category.name, words)
        yield structs.replace(
            want,
            words=(*want.words, *kind.words),
            groups=(*want.groups, *kind.groups),
            head=kind.head,
            category=category.slug,
        )


def only_describes(want: wants.Want) -> bool:
    """Whether nothing says what kind of thing it is: "in blue", "the large one"."""
    return not (want.head or want.brand or want.category or want.sku or want.gtin)


def nearest(want: wants.Want, spoken: Sequence[Product], fitting: Sequence[Product]) -> list[Product]:
    """Of what fits, what differs from what was spoken of last in nothing but what was said, if that is there.

    After the Quiet kettle of one litre "in blue" is the Quiet kettle of one litre in blue. Where that is not
    there, it is anything of this kind.
    """
    said = {term for group in (*want.groups, *want.perhaps) for term in group}
    kinds = {measure.kind for measure in want.measures}
    for known in reversed(spoken):
        alike = [p for p in fitting if p.category_id == known.category_id]
        same = [p for p in alike if _added(p, known) <= {*said, *kinds}]
        if same:
            least = min(len(_traits(known) - _traits(p)) for p in same)
            return [p for p in same if len(_traits(known) - _traits(p)) == least]
        if alike:
            return alike
    return list(fitting)


def _added(product: Product, known: Product) -> set[str]:
    """What its name says that the other one's does not: words, and which kinds of measures."""
    added = _traits(product) - _traits(known)
    return {each if isinstance(each, str) else each[0] for each in added if not _is_number(each)}


def _is_number(trait: str | tuple[str, float, float]) -> bool:
    return isinstance(trait, str) and trait.replace("_", "").isdigit()


def like_all(offered: Sequence[Product], fitting: Sequence[Product]) -> list[Product]:
    """Of what fits, what has all that the products to choose from have in common: that was said before.

    "A Retro in mint": toaster, kettle or microwave? "The mixer": the one in mint.
    """
    names = [set(analysed(product.name).terms) for product in offered]
    common = set.intersection(*names) if len(names) > 1 else set()
    return [p for p in fitting if common <= set(analysed(p.name).terms)] or list(fitting)


def _traits(product: Product) -> set[str | tuple[str, float, float]]:
    name = analysed(product.name)
    return {*name.terms, *name.measures}
