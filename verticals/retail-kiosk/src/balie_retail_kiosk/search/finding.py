"""Finding the products that are wanted: candidates from the database's index, ranked by one function."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from msgspec import Struct, structs
from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from balie_retail_kiosk.models import (
    Category,
    Product,
    Reservation,
    ReservationLine,
    ReservationStatus,
    Shop,
    Stock,
)
from balie_retail_kiosk.models.search import LEXEMES, SearchDocument, SearchMeasure
from balie_retail_kiosk.search.analysis import number_term
from balie_retail_kiosk.search.ranking import Candidate, score
from balie_retail_kiosk.search.tokens import tokens
from balie_retail_kiosk.search.vocabulary import vocabulary
from balie_retail_kiosk.search.wants import Want, read_one

_MODEL = re.compile(r"[^\W\d_]+-?\d\w*|\d{2,}\w*|\d+[^\W\d_]+")
_JOINED_SKU = re.compile(r"^([A-Z]+)(\d)")
MOST_CANDIDATES = 300
"""How many are ranked. A want that fits more says so little that they differ by price alone."""


class Hit(Struct, frozen=True):
    """A product that is what was wanted, with its category loaded.

    Attributes:
        score: 0 to 1, by how much of the product's name was said and how directly.
        matched: the want's terms, and what was said of measures, that the product has: all of them.
        missed: words of the want that name nothing in the catalogue, as they were said. Say so before
            anything is sold on such a hit.
    """

    product: Product
    score: float
    matched: tuple[str, ...]
    missed: tuple[str, ...]


async def find(
    session: AsyncSession,
    wanted: Want | str,
    *,
    shop: Shop | None = None,
    now: datetime | None = None,
    in_stock: bool = False,
    limit: int = 20,
) -> list[Hit]:
    """The products that have every word and measure of the want and keep to its price, the best first.

    A product that *is* what was named goes before everything that only has its name: "TV" finds no bracket
    for one where there are televisions. With a choice of "cheapest" or "dearest" they are in order of price.

    Args:
        session: any; what is found is as of its transaction.
        wanted: a want, or the text of a search field.
        shop: where it must be in stock; None is any shop.
        now: what counts as reserved at this time; needed for ``in_stock``.
        in_stock: only what can be sold now: on hand, less what is reserved.
        limit: how many at most; MOST_CANDIDATES are considered.

    Raises:
        ValueError: ``in_stock`` without ``now``.
    """
    if in_stock and now is None:
        raise ValueError("What is in stock depends on the time: give now.")
    want = read_one(wanted, await vocabulary(session)) if isinstance(wanted, str) else wanted
    if want.perhaps:
        called = structs.replace(
            want,
            words=(*want.words, *(group[0] for group in want.perhaps)),
            groups=(*want.groups, *want.perhaps),
            perhaps=(),
        )
        if found := await find(session, called, shop=shop, now=now, in_stock=in_stock, limit=limit):
            return found
    available = _available(shop, now) if in_stock and now is not None else None
    if want.sku or want.gtin:
        return await _by_number(session, want, available)
    if not want.groups or _names_another(want):
        return []
    others_named = False
    for tier in _tiers(want):
        rows = (await session.execute(_candidates(session, want, tier, available))).all()
        if others_named:
            rows = [row for row in rows if _is_named_in_full(want, row)]
        if rows:
            return await _ranked(session, want, tier, rows, limit)
        # Where there are televisions but none for so little, a cable for one is no answer; what was named in
        # full is.
        if not others_named:
            # In an order, since PostgreSQL would for any one row rather read the table than the index.
            first = _named(session, want, tier, SearchDocument.sku).order_by(SearchDocument.sku).limit(1)
            others_named = await session.scalar(first) is not None
    return []


def _is_named_in_full(want: Want, row: Any) -> bool:
    said = {term for group in want.groups for term in group}
    said.update(number_term(token.text) for measure in want.measures for token in tokens(measure.text))
    return said.issuperset(row.terms.split()[: row.name_terms])


def _names_another(want: Want) -> bool:
    """Whether a model or number was said that no product has: a "Meridian M56" is not the M55."""
    return any(_MODEL.fullmatch(word) for word in want.unknown)


async def _by_number(session: AsyncSession, want: Want, available: ColumnElement[bool] | None) -> list[Hit]:
    query = select(Product).options(joinedload(Product.category)).where(Product.active)
    if want.gtin:
        query = query.where(Product.gtin == want.gtin.zfill(14))
    else:
        said = want.sku or ""
        written = (said, said.lower(), _JOINED_SKU.sub(r"\1-\2", said))
        query = query.where(Product.sku.in_(written))
    if available is not None:
        query = query.where(exists().where(Stock.product_id == Product.id, available))
    found = (await session.scalars(query)).all()
    return [Hit(product, 1.0, (want.gtin or want.sku or "",), want.unknown) for product in found]


class _Tier(NamedTuple):
    """How strictly to look."""

    in_category: bool
    """In the category that is named."""
    head: Literal["n", "h", ""]
    """The want's head is what the product's name says it is, or what its category is."""
    synonyms: bool
    """A category's synonyms count as a product's words."""


def _tiers(want: Want) -> Iterable[_Tier]:
    """The strictest first; the first that finds something has the answer."""
    for in_category in (True, False) if want.category else (False,):
        if want.head:
            # A dryer may be among the washing machines, and is none.
            yield _Tier(in_category, "n", synonyms=False)
            yield _Tier(in_category, "h", synonyms=False)
            yield _Tier(in_category, "n", synonyms=True)
            yield _Tier(in_category, "h", synonyms=True)
    if not (want.head and want.surely):
        yield _Tier(in_category=False, head="", synonyms=False)
        yield _Tier(in_category=False, head="", synonyms=True)


def _candidates(
    session: AsyncSession, want: Want, tier: _Tier, available: ColumnElement[bool] | None
) -> Select[Any]:
    document = SearchDocument
    query = _named(
        session,
        want,
        tier,
        *(document.id, document.sku, document.price, document.terms, document.name_terms),
    )
    for measure in want.measures:
        query = query.where(
            exists().where(
                SearchMeasure.document_id == document.id,
                SearchMeasure.kind == measure.kind,
                SearchMeasure.low <= measure.high,
                SearchMeasure.high >= measure.low,
            )
        )
    if want.price_min is not None:
        query = query.where(document.price >= want.price_min)
    if want.price_max is not None:
        query = query.where(document.price <= want.price_max)
    if available is not None:
        query = query.where(exists().where(Stock.product_id == document.product_id, available))
    if want.choice == "dearest":
        return query.order_by(document.price.desc(), document.sku).limit(MOST_CANDIDATES)
    return query.order_by(document.price, document.sku).limit(MOST_CANDIDATES)


def _named(session: AsyncSession, want: Want, tier: _Tier, *columns: Any) -> Select[Any]:
    """The products that have the words, whatever they measure and cost."""
    query: Select[Any] = select(*columns).select_from(SearchDocument).where(_matching(session, want, tier))
    if tier.in_category:
        category = select(Category.id).where(Category.slug == want.category).scalar_subquery()
        query = query.where(SearchDocument.category_id == category)
    return query


def _matching(session: AsyncSession, want: Want, tier: _Tier) -> ColumnElement[bool]:
    """The condition that the full-text index answers."""
    groups = [(*group, *(f"w_{term}" for term in group)) if tier.synonyms else group for group in want.groups]
    if tier.head:
        groups.append(tuple(f"{tier.head}_{term}" for term in want.head))
    if session.get_bind().dialect.name == "sqlite":
        wanted = " AND ".join(f"({' OR '.join(map(_fts5, group))})" for group in groups)
        for term in want.without:
            wanted = f"({wanted}) NOT {_fts5(term)}"
        index = table("search_index")
        return SearchDocument.id.in_(
            select(literal_column("rowid"))
            .select_from(index)
            .where(text("search_index MATCH :wanted").bindparams(bindparam("wanted", wanted)))
        )
    wanted = " & ".join(f"({' | '.join(map(_lexeme, group))})" for group in groups)
    wanted += "".join(f" & !{_lexeme(term)}" for term in want.without)
    return text(f"{LEXEMES} @@ CAST(CAST(:wanted AS text) AS tsquery)").bindparams(
        bindparam("wanted", wanted)
    )  # type: ignore[return-value]


def _fts5(term: str) -> str:
    escaped = term.replace('"', '""')
    return f'"{escaped}"'


def _lexeme(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _available(shop: Shop | None, now: datetime) -> ColumnElement[bool]:
    """On hand, less what is reserved and has not run out (RK-7), is more than nothing."""
    reserved = (
        select(func.coalesce(func.sum(ReservationLine.quantity), literal(0)))
        .join(Reservation, Reservation.id == ReservationLine.reservation_id)
        .where(
            ReservationLine.product_id == Stock.product_id,
            Reservation.shop_id == Stock.shop_id,
            Reservation.status == ReservationStatus.ACTIVE,
            Reservation.expires_at > now,
        )
        .correlate(Stock)
        .scalar_subquery()
    )
    free = (Stock.on_hand > 0) & (Stock.on_hand > reserved)
    return free & (Stock.shop_id == shop.id) if shop is not None else free


async def _ranked(
    session: AsyncSession, want: Want, tier: _Tier, rows: Sequence[Any], limit: int
) -> list[Hit]:
    scored: list[tuple[float, Decimal, str, int]] = []
    for number, sku, price, terms, name_terms in rows:
        candidate = Candidate(terms.split(), name_terms, tier.in_category)
        scored.append((score(want, candidate), price, sku, number))
    match want.choice:
        case "cheapest":
            scored.sort(key=lambda each: (each[1], -each[0], each[2]))
        case "dearest":
            scored.sort(key=lambda each: (-each[1], -each[0], each[2]))
        case _:
            scored.sort(key=lambda each: (-each[0], each[1], each[2]))
    best = scored[:limit]
    query = (
        select(SearchDocument.id, Product)
        .join(Product, Product.id == SearchDocument.product_id)
        .options(joinedload(Product.category))
        .where(SearchDocument.id.in_([each[3] for each in best]))
    )
    products = {row.id: row.Product for row in await session.execute(query)}
    matched = (*want.words, *(measure.text for measure in want.measures))
    return [Hit(products[key], points, matched, want.unknown) for points, _price, _sku, key in best]
