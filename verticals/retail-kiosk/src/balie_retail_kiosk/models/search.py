"""What the search looks in: a line of terms a product, its measures, and the terms there are.

All of it is derived from products and categories; :func:`balie_retail_kiosk.search.refresh` writes it. Over
``terms`` lies the database's own full-text index: the FTS5 table ``search_index`` on SQLite, a GIN index on
PostgreSQL. Both are made in the migration, and no model shows them.
"""

import uuid
from decimal import Decimal

from sqlalchemy import Float, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from balie_retail_kiosk.models.base import Base

LEXEMES = "array_to_tsvector(string_to_array(terms, ' '))"
"""The terms as PostgreSQL searches them; no dictionary of the server's changes them."""


class SearchDocument(Base):
    """A product that is sold, as the search knows it.

    Attributes:
        terms: one after the other; those of the name come first, and there are ``name_terms`` of them.
            ``w_`` begins a term that is only a synonym of the category, ``h_`` a noun that says what its
            category is ("h_cable"), ``n_`` the one of them that its own name says.
        price: as in the product, so that the cheapest is found without reading every product.
    """

    __tablename__ = "search_documents"
    __table_args__ = (
        Index("ix_search_documents_terms", text(LEXEMES), postgresql_using="gin").ddl_if(
            dialect="postgresql"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("products.id"), unique=True)
    category_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("categories.id"))
    sku: Mapped[str] = mapped_column(String(20))
    price: Mapped[Decimal]
    terms: Mapped[str] = mapped_column(Text)
    name_terms: Mapped[int] = mapped_column(SmallInteger)


class SearchMeasure(Base):
    """A measure of a product in the base unit of its kind, as a range: ``low`` is ``high`` for most."""

    __tablename__ = "search_measures"
    __table_args__ = ({"sqlite_with_rowid": False},)

    document_id: Mapped[int] = mapped_column(ForeignKey("search_documents.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    low: Mapped[float] = mapped_column(Float(53), primary_key=True)
    high: Mapped[float] = mapped_column(Float(53), primary_key=True)


class SearchTerm(Base):
    """A term and the number of products it is in."""

    __tablename__ = "search_terms"
    __table_args__ = ({"sqlite_with_rowid": False},)

    term: Mapped[str] = mapped_column(String(60), primary_key=True)
    uses: Mapped[int]


class SearchState(Base):
    """One row: ``version`` is another one after every change, ``rules`` is of the code that made the terms."""

    __tablename__ = "search_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[uuid.UUID]
    rules: Mapped[str] = mapped_column(String(64))
