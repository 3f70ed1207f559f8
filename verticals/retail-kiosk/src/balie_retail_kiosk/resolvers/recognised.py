"""That a message names something of the catalogue, before anybody knows what is meant with it."""

from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk import search

_TAKE_PRODUCTS = frozenset({"product", "products", "items", "wanted"})


async def recognised(session: AsyncSession, text: str) -> frozenset[str]:
    """The parameters that take what a text names: those of products, where it names one or a kind of them."""
    words = await search.vocabulary(session)
    named = any(
        want.head or want.brand or want.sku or want.gtin
        for want in search.read(text, words)
        if not (want.negated or want.told)
    )
    return _TAKE_PRODUCTS if named else frozenset()
