"""The base of the tables, and the series of numbers."""

from balie.db import VerticalBase
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column


class Base(VerticalBase):
    """The base of the kiosk's tables."""


class Counter(Base):
    """The last number given in a series; raised in the transaction that uses the next one."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int]
