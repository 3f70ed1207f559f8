"""The knowledge base."""

import uuid

from balie.db import Json, UuidKey, one_of
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from balie_customer_service.models.base import Base
from balie_customer_service.models.kinds import Audience


class Article(UuidKey, Base):
    """An answer to what is asked often; its ``slug`` is the name of its file in ``knowledge/``."""

    __tablename__ = "articles"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    category: Mapped[str] = mapped_column(String(40), index=True)
    audience: Mapped[Audience] = mapped_column(one_of(Audience))
    answer: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    questions: Mapped[list[str]] = mapped_column(Json(list[str]))
    related: Mapped[list[str]] = mapped_column(Json(list[str]))

    passages: Mapped[list["Passage"]] = relationship(lazy="raise", order_by="Passage.position")


class Passage(UuidKey, Base):
    """A section of an article, which can be quoted by itself."""

    __tablename__ = "passages"
    __table_args__ = (UniqueConstraint("article_id", "position"),)

    article_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("articles.id"))
    position: Mapped[int]
    heading: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text)
