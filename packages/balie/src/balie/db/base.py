"""What every table stands on: two declarative bases, and the mixins for keys and times.

The runtime's tables hang on :class:`Base`. A vertical makes its own base, with metadata, naming
convention and class names of its own, so that several verticals live in one process::

    class Base(VerticalBase):
        "The tables of this vertical."

A ``Mapped[datetime]`` is a :class:`UtcDateTime`, a ``Mapped[Decimal]`` is :class:`Money`, and an
enumeration is stored by its values.
"""

import enum
import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Enum, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from uuid_utils.compat import uuid7

from balie.db.types import Money, UtcDateTime, values_of

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def _registry() -> registry:
    return registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UtcDateTime,
            Decimal: Money,
            enum.Enum: Enum(enum.Enum, native_enum=False, length=40, values_callable=values_of),
        },
    )


class Base(DeclarativeBase):
    """The runtime's own tables."""

    registry = _registry()


class VerticalBase(DeclarativeBase):
    """Subclass it once in a vertical; that class is the base of the vertical's tables."""

    registry = _registry()

    def __init_subclass__(cls, **options: Any) -> None:
        if VerticalBase in cls.__bases__:
            cls.__abstract__ = True
            cls.registry = _registry()
            cls.metadata = cls.registry.metadata
            # SQLAlchemy looks class names up here; without it two verticals could not both have a Ticket.
            cls._sa_registry = cls.registry
        super().__init_subclass__(**options)


def new_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): unique, and in the order of its making."""
    return uuid7()


def _now() -> datetime:
    return datetime.now(UTC)


class UuidKey:
    """``id``: a UUIDv7 primary key, made here and not in the database."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-10)


class Timestamps:
    """``created_at`` and ``updated_at``, in UTC; a caller with a clock of its own sets them itself."""

    created_at: Mapped[datetime] = mapped_column(default=_now, sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(default=_now, onupdate=_now, sort_order=91)
