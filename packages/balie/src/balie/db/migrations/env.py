"""Alembic's environment for every history; :mod:`balie.db.migrate` hands over the connection."""

from typing import Any, Literal

from alembic import context
from balie.db import types
from balie.db.migrate import VerticalMigrations, of_this_history
from sqlalchemy.types import TypeDecorator


def plain(kind: str, item: Any, _autogenerate: object) -> str | Literal[False]:
    """Write a column type of Balie as what it is in the database: migrations outlive our classes."""
    if kind == "type" and isinstance(item, TypeDecorator) and type(item).__module__ == types.__name__:
        return f"sa.{item.impl_instance!r}"
    return False


history: VerticalMigrations = context.config.attributes["history"]
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=history.metadata,
    version_table=history.version_table,
    include_object=of_this_history,
    render_item=plain,
    # SQLite alters a table by making it anew. A first migration makes all of them and alters none.
    render_as_batch=bool(list(history.folder.glob("versions/*.py"))),
)
with context.begin_transaction():
    context.run_migrations()
