"""The base of the tables, and the series of numbers."""

from balie.db import CounterColumns, VerticalBase


class Base(VerticalBase):
    """The base of the kiosk's tables."""


class Counter(CounterColumns, Base):
    """The last number given in a series; raised in the transaction that uses the next one."""

    __tablename__ = "counters"
