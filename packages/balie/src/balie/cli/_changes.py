"""What a turn changed in the database: the rows before and after, column by column."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from sqlalchemy import Column, Table

    from balie.db.engine import Database

# The runtime's tables that say what was done. The conversation itself changes with every word.
_RUNTIME_TABLES = ("pending_actions", "handoffs", "outbox", "audit")
# Columns that only say when, or that nobody reads.
_LEFT_OUT = {"created_at", "updated_at", "previous_hash", "hash"}
_LONGEST = 60
# A key that is only an id is told by its end: the beginning is the time, and alike in all of them.
_UUID_LENGTH, _ID_END = 36, 6

Rows = dict[tuple[Any, ...], Sequence[Any]]
Snapshot = dict[str, Rows]
"""Table → primary key → the row as it is stored."""


@dataclass(frozen=True)
class Change:
    """One row that came, went or changed. ``columns`` are (name, old, new), in words."""

    table: str
    key: str
    kind: Literal["added", "changed", "removed"]
    columns: tuple[tuple[str, str, str], ...]


def watched(domain: Iterable["Table"]) -> list["Table"]:
    """The tables to look at: the vertical's, and those of the runtime that say what was done."""
    from balie.db import Base

    return [*domain, *(Base.metadata.tables[name] for name in _RUNTIME_TABLES)]


async def snapshot(database: "Database", tables: Iterable["Table"]) -> Snapshot:
    """Every row of the tables at one moment."""
    from sqlalchemy import select, type_coerce
    from sqlalchemy.types import NullType

    taken: Snapshot = {}
    async with database.read() as session:
        for table in tables:
            # As they are stored: reading ten thousand rows as dates and decimals would take a second.
            raw = [type_coerce(column, NullType()) for column in table.columns]
            keys = [list(table.columns).index(column) for column in table.primary_key.columns]
            rows = (await session.execute(select(*raw))).all()
            taken[table.name] = {tuple(row[place] for place in keys): tuple(row) for row in rows}
    return taken


def changes(before: Snapshot, after: Snapshot, tables: Iterable["Table"], dialect: Any) -> list[Change]:
    """What is different, table by table in their order."""
    found: list[Change] = []
    for table in tables:
        old, new = before[table.name], after[table.name]
        keys = [*old, *(key for key in new if key not in old)]
        found += [
            _change(table, old.get(key), new.get(key), dialect)
            for key in keys
            if old.get(key) != new.get(key)
        ]
    return found


def _change(table: "Table", old: Sequence[Any] | None, new: Sequence[Any] | None, dialect: Any) -> Change:
    columns = list(table.columns)
    kind: Literal["added", "changed", "removed"] = (
        "added" if old is None else "removed" if new is None else "changed"
    )
    told = []
    for place, column in enumerate(columns):
        before, after = (None if row is None else row[place] for row in (old, new))
        if before == after or column.name in _LEFT_OUT or (kind != "changed" and _is_id(column)):
            continue
        told.append((column.name, _words(column, before, dialect), _words(column, after, dialect)))
    row = new or old or ()
    return Change(table.name, _key(table, row, dialect), kind, tuple(told))


def _key(table: "Table", row: Sequence[Any], dialect: Any) -> str:
    """What people call the row: its number or name where it has one, else its primary key."""
    columns = list(table.columns)
    natural = [column for column in columns if _is_natural_key(table, column)]
    chosen = natural[:1] or list(table.primary_key.columns)
    words = " ".join(_words(column, row[columns.index(column)], dialect) for column in chosen)
    return f"…{words[-_ID_END:]}" if not natural and len(words) == _UUID_LENGTH else words


def _is_natural_key(table: "Table", column: "Column[Any]") -> bool:
    from sqlalchemy import String, UniqueConstraint

    alone = any(
        isinstance(constraint, UniqueConstraint) and list(constraint.columns) == [column]
        for constraint in table.constraints
    )
    return alone and isinstance(column.type, String) and not column.name.endswith("_index")


def _is_id(column: "Column[Any]") -> bool:
    from sqlalchemy import Uuid

    return isinstance(column.type, Uuid) and (column.primary_key or bool(column.foreign_keys))


def _is_json(column: "Column[Any]") -> bool:
    from balie.db import Json

    return isinstance(column.type, Json)


def _words(column: "Column[Any]", raw: Any, dialect: Any) -> str:
    if raw is None:
        return "–"
    from balie.db import EncryptedText

    if isinstance(column.type, EncryptedText):
        return "(encrypted)"
    if not _is_json(column):
        processor = column.type.dialect_impl(dialect).result_processor(dialect, None)
        value = processor(raw) if processor else raw
        raw = f"{value:%Y-%m-%d %H:%M}" if hasattr(value, "hour") else value
    text = " ".join(str(raw).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def told(change: Change) -> str:
    """A change in a line: ``orders 10240: status paid → cancelled``."""
    signs: Mapping[str, str] = {"added": "+ ", "removed": "- ", "changed": ""}
    begin = f"{signs[change.kind]}{change.table} {change.key}"
    match change.kind:
        case "added":
            columns = [f"{name} {new}" for name, _, new in change.columns if new != "–" and new != change.key]
        case "removed":
            columns = []
        case "changed":
            columns = [f"{name} {old} → {new}" for name, old, new in change.columns]
    return f"{begin}: {', '.join(columns)}" if columns else begin
