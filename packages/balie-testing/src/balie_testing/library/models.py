"""Two tables."""

from datetime import date

from balie.db import EncryptedText, Timestamps, UuidKey, VerticalBase
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column


class Base(VerticalBase):
    """The base of the library's tables."""


class Book(UuidKey, Timestamps, Base):
    """A title, and how many copies stand on the shelf."""

    __tablename__ = "books"

    number: Mapped[str] = mapped_column(String(10), unique=True)
    title: Mapped[str] = mapped_column(String(100))
    copies: Mapped[int]


class Loan(UuidKey, Base):
    """A copy that somebody took home."""

    __tablename__ = "loans"

    book_id: Mapped[str] = mapped_column(ForeignKey("books.number"))
    member: Mapped[str] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(EncryptedText)
    due: Mapped[date]
