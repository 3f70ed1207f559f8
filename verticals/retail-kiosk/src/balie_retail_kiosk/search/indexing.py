"""Keeping the index as the products are."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from balie.db import new_id
from sqlalchemy import Table, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import Category, Product
from balie_retail_kiosk.models.search import SearchDocument, SearchMeasure, SearchState, SearchTerm
from balie_retail_kiosk.search import synonyms
from balie_retail_kiosk.search.analysis import analysed, analysed_attribute, heads

_RULES = "3"  # to be raised with every change of what the analysis makes of a text
_AT_ONCE = 5_000
_FEW = 500
_LENGTHS = frozenset({"width", "height", "depth", "other"})
_COLUMNS = (
    Product.id,
    Product.sku,
    Product.name,
    Product.brand,
    Product.category_id,
    Product.price,
    Product.attributes,
)

Kind = TypeVar("Kind")


class _Category(NamedTuple):
    strong: tuple[str, ...]
    weak: tuple[str, ...]
    heads: tuple[str, ...]

    def said_by(self, name: Sequence[str]) -> tuple[str, ...]:
        """The heads that a product's name says; all of them where it says none."""
        return tuple(head for head in self.heads if head in name) or self.heads


class _Entry(NamedTuple):
    terms: str
    name_terms: int
    measures: list[tuple[str, float, float]]


def rules() -> str:
    """What the index depends on beside the products, as a hash."""
    return hashlib.sha256(f"{_RULES} {synonyms.digest()}".encode()).hexdigest()


async def is_current(session: AsyncSession) -> bool:
    """Whether the index was made by this code's rules and synonyms; if not, ``refresh`` all of it."""
    return await session.scalar(select(SearchState.rules)) == rules()


async def refresh(session: AsyncSession, product_ids: Iterable[uuid.UUID] | None = None) -> None:
    """Bring the index to what the products are now, within the session's transaction (a writing one).

    Args:
        product_ids: those that were added or changed; None for all, and to be called so after a change of
            categories. Products that are not sold any more go out of the index.
    """
    await session.flush()
    categories = await _categories(session)
    wanted = None if product_ids is None else list(dict.fromkeys(product_ids))
    indexed = await session.scalar(select(func.count()).select_from(SearchDocument)) or 0
    if wanted is None or not indexed or (len(wanted) > _AT_ONCE and 2 * len(wanted) > indexed):
        await _all(session, categories)
    else:
        for some in _chunks(wanted, _FEW):
            await _some(session, some, categories)
    await session.execute(delete(SearchState))
    await session.execute(insert(SearchState).values(id=1, version=new_id(), rules=rules()))


async def _categories(session: AsyncSession) -> Mapping[uuid.UUID, _Category]:
    rows = await session.execute(select(Category.id, Category.name, Category.synonyms))
    return {key: _category(name, others) for key, name, others in rows}


def _category(name: str, others: Sequence[str]) -> _Category:
    strong = analysed(name).terms
    weak = dict.fromkeys(term for each in others for term in analysed(each).terms if term not in strong)
    nouns = dict.fromkeys(noun for each in (name, *others) for noun in heads(each))
    return _Category(strong, tuple(weak), tuple(nouns))


async def _all(session: AsyncSession, categories: Mapping[uuid.UUID, _Category]) -> None:
    is_sqlite = _is_sqlite(session)
    if is_sqlite:
        await session.execute(text("INSERT INTO search_index(search_index) VALUES ('delete-all')"))
    for table in (SearchMeasure, SearchDocument, SearchTerm):
        await session.execute(delete(table))
    uses: Counter[str] = Counter()
    last, number = uuid.UUID(int=0), 0
    page = select(*_COLUMNS).where(Product.active).order_by(Product.id).limit(_AT_ONCE)
    while rows := (await session.execute(page.where(Product.id > last))).all():
        documents: list[dict[str, Any]] = []
        measures: list[dict[str, Any]] = []
        for row in rows:
            number += 1
            entry = _entry(row, categories[row.category_id])
            documents.append(_document(number, row, entry))
            measures.extend(_measures(number, entry))
            uses.update(_counted(entry.terms))
        last = rows[-1].id
        await _insert(session, documents, measures)
    if is_sqlite:
        await session.execute(
            text("INSERT INTO search_index(rowid, terms) SELECT id, terms FROM search_documents")
        )
    for some in _chunks(sorted(uses.items()), _AT_ONCE):
        await session.execute(insert(SearchTerm), [{"term": term, "uses": count} for term, count in some])


async def _some(
    session: AsyncSession, ids: Sequence[uuid.UUID], categories: Mapping[uuid.UUID, _Category]
) -> None:
    rows = (await session.execute(select(*_COLUMNS).where(Product.id.in_(ids), Product.active))).all()
    table = SearchDocument
    found = await session.execute(
        select(table.id, table.product_id, table.terms).where(table.product_id.in_(ids))
    )
    old = {product: (number, terms) for number, product, terms in found}
    number = await session.scalar(select(func.max(table.id))) or 0
    documents: list[dict[str, Any]] = []
    measures: list[dict[str, Any]] = []
    changed: list[tuple[dict[str, Any], str]] = []
    uses: Counter[str] = Counter()
    gone = [*old.values()]
    for row in rows:
        entry = _entry(row, categories[row.category_id])
        if row.id in old:
            key, terms = old[row.id]
            gone.remove((key, terms))
            changed.append((_document(key, row, entry), terms))
            uses.subtract(_counted(terms))
        else:
            number += 1
            key = number
            documents.append(_document(key, row, entry))
        measures.extend(_measures(key, entry))
        uses.update(_counted(entry.terms))
    for _key, terms in gone:
        uses.subtract(_counted(terms))
    await _take_out(session, [(each["id"], terms) for each, terms in changed], gone)
    if changed:
        await session.execute(update(table), [document for document, _terms in changed])
    await _insert(session, documents, measures)
    if _is_sqlite(session):
        await _into_fts(session, [*documents, *(document for document, _terms in changed)])
    await _count(session, uses)


async def _take_out(
    session: AsyncSession, changed: Sequence[tuple[int, str]], gone: Sequence[tuple[int, str]]
) -> None:
    """Take documents out of the full-text index and their measures away; those gone for good too."""
    every = [*changed, *gone]
    if not every:
        return
    if _is_sqlite(session):
        # An index over external content must be told the old text.
        await session.execute(
            text("INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', :id, :terms)"),
            [{"id": key, "terms": terms} for key, terms in every],
        )
    await session.execute(
        delete(SearchMeasure).where(SearchMeasure.document_id.in_([key for key, _terms in every]))
    )
    if gone:
        await session.execute(
            delete(SearchDocument).where(SearchDocument.id.in_([key for key, _terms in gone]))
        )


async def _insert(
    session: AsyncSession, documents: list[dict[str, Any]], measures: list[dict[str, Any]]
) -> None:
    # Into the tables and not the models: so many objects would cost as much as everything else.
    for model, rows in ((SearchDocument, documents), (SearchMeasure, measures)):
        if rows:
            await session.execute(insert(cast("Table", model.__table__)), rows)


async def _into_fts(session: AsyncSession, documents: Sequence[Mapping[str, Any]]) -> None:
    if documents:
        await session.execute(
            text("INSERT INTO search_index(rowid, terms) VALUES (:id, :terms)"),
            [{"id": each["id"], "terms": each["terms"]} for each in documents],
        )


async def _count(session: AsyncSession, uses: Counter[str]) -> None:
    rows = [{"term": term, "uses": count} for term, count in sorted(uses.items()) if count]
    if not rows:
        return
    dialect = sqlite if _is_sqlite(session) else postgresql
    statement = dialect.insert(SearchTerm)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[SearchTerm.term], set_={"uses": SearchTerm.uses + statement.excluded.uses}
        ),
        rows,
    )
    await session.execute(delete(SearchTerm).where(SearchTerm.uses <= 0))


def _entry(product: Any, category: _Category) -> _Entry:
    """The terms and measures of a product."""
    name = analysed(product.name)
    attributes = [analysed_attribute(key, value) for key, value in product.attributes.items()]
    strong = dict.fromkeys(
        (
            *name.terms,
            *analysed_attribute("brand", product.brand).terms,
            *category.strong,
            *name.bound,
            *(term for each in attributes for term in each.terms),
        )
    )
    weak = (f"w_{term}" for term in category.weak if term not in strong)
    measures = {*name.measures, *_ranges(product.attributes)}
    measures.update(measure for each in attributes for measure in each.measures)
    if not any(kind == "length" for kind, _low, _high in measures):
        # "A shelf of 80 cm" has no length of its own.
        measures |= {("length", low, high) for kind, low, high in measures if kind in _LENGTHS}
    kinds = (f"h_{head}" for head in category.heads)
    own = (f"n_{head}" for head in category.said_by(name.terms))
    return _Entry(" ".join((*strong, *weak, *kinds, *own)), len(name.terms), sorted(measures))


def _ranges(attributes: Mapping[str, Any]) -> Iterator[tuple[str, float, float]]:
    """What is given as two attributes: ``min_inch`` and ``max_inch``."""
    for name, least in attributes.items():
        most = attributes.get(name.replace("min_", "max_", 1)) if name.startswith("min_") else None
        if most is not None and not isinstance(least, (str, bool)) and not isinstance(most, (str, bool)):
            low, high = analysed_attribute(name, least).measures, analysed_attribute(name, most).measures
            if low and high:
                yield low[0][0], low[0][1], high[0][2]


def _document(number: int, product: Any, entry: _Entry) -> dict[str, Any]:
    return {
        "id": number,
        "product_id": product.id,
        "category_id": product.category_id,
        "sku": product.sku,
        "price": product.price,
        "terms": entry.terms,
        "name_terms": entry.name_terms,
    }


def _measures(number: int, entry: _Entry) -> Iterator[dict[str, Any]]:
    for kind, low, high in entry.measures:
        yield {"document_id": number, "kind": kind, "low": low, "high": high}


def _counted(terms: str) -> list[str]:
    return [term for term in terms.split() if not term.startswith(("w_", "h_", "n_"))]


def _is_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _chunks(items: Sequence[Kind], size: int) -> Iterator[Sequence[Kind]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
