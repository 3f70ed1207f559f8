"""Bringing a database to the form that the code expects.

There are two histories in every database: the runtime's (version table ``balie_version``) and the
vertical's (``customer_service_version``). Whether both are at their heads is found out by reading the
files' first lines, since importing Alembic takes longer than a desk takes to start.
"""

import re
import warnings
from argparse import Namespace
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, MetaData, Table, create_mock_engine, event, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.schema import Column, CreateIndex, DropIndex
from sqlalchemy.types import String

from balie.db.base import Base
from balie.db.engine import Database
from balie.errors import DataError, MigrationNeeded

if TYPE_CHECKING:
    from alembic.config import Config

Then = Callable[[AsyncSession], Awaitable[None]]

_HERE = Path(__file__).parent / "migrations"
_REVISION = re.compile(r"^(revision|down_revision)\b[^=]*=\s*[\"']([^\"']+)[\"']", re.MULTILINE)


@dataclass(frozen=True)
class VerticalMigrations:
    """A vertical's history: its name, the folder ``migrations`` of its package, its tables.

    The files lie in ``migrations/versions``; nothing else is needed there. ``metadata`` is for making new
    ones.
    """

    name: str
    folder: Path
    metadata: MetaData | None = None

    @property
    def version_table(self) -> str:
        """The table that holds the revision."""
        return f"{self.name.replace('-', '_')}_version"


RUNTIME = VerticalMigrations("balie", _HERE, Base.metadata)
"""The runtime's own history."""


def histories(vertical: VerticalMigrations | None) -> Sequence[VerticalMigrations]:
    """The runtime's, then the vertical's."""
    return (RUNTIME, vertical) if vertical else (RUNTIME,)


def head(history: VerticalMigrations) -> str | None:
    """The newest revision, read from the files; None where there are none.

    Raises:
        DataError: the history has two ends.
    """
    return _ends(_revisions(history), history.name)


def _revisions(history: VerticalMigrations) -> dict[str, str | None]:
    known: dict[str, str | None] = {}
    for file in sorted((history.folder / "versions").glob("*.py")):
        found: dict[str, str] = dict(_REVISION.findall(file.read_text(encoding="utf-8")))
        if "revision" in found:
            known[found["revision"]] = found.get("down_revision")
    return known


def _ends(known: dict[str, str | None], name: str) -> str | None:
    ends = known.keys() - set(known.values())
    if len(ends) > 1:
        raise DataError(f"The migrations of {name} have {len(ends)} ends: {', '.join(sorted(ends))}.")
    return next(iter(ends), None)


async def current(
    database: Database | str, vertical: VerticalMigrations | None = None
) -> dict[str, str | None]:
    """The revision of each history by its name; None where it was never applied."""
    async with _opened(database) as db:
        if db.path and not db.path.exists():
            return {history.name: None for history in histories(vertical)}
        async with db.read() as session:
            connection = await session.connection()
            return await connection.run_sync(_stored, histories(vertical))


def _stored(connection: Connection, wanted: Sequence[VerticalMigrations]) -> dict[str, str | None]:
    there = set(inspect(connection).get_table_names())
    stored: dict[str, str | None] = {}
    for history in wanted:
        table = Table(history.version_table, MetaData(), Column("version_num", String))
        stored[history.name] = (
            connection.scalar(select(table.c.version_num)) if history.version_table in there else None
        )
    return stored


async def is_current(database: Database | str, vertical: VerticalMigrations | None = None) -> bool:
    """Whether every history is at its head; does not import Alembic."""
    stored = await current(database, vertical)
    return all(stored[history.name] == head(history) for history in histories(vertical))


async def require_current(database: Database | str, vertical: VerticalMigrations | None = None) -> None:
    """Nothing, if every history is at its head.

    Raises:
        MigrationNeeded: the database is older than the code, or newer.
    """
    stored = await current(database, vertical)
    for history in histories(vertical):
        known = _revisions(history)
        revision = stored[history.name]
        if revision is not None and revision not in known:
            raise MigrationNeeded(
                f"The database is newer than this Balie: it is at {history.name} {revision}. Update Balie."
            )
        if revision != _ends(known, history.name):
            name = vertical.name if vertical else ""
            raise MigrationNeeded(f"The database is older than this Balie: balie db upgrade {name}".strip())


async def upgrade(
    database: Database | str, vertical: VerticalMigrations | None = None, *, then: Then | None = None
) -> bool:
    """Bring every history to its head, all or nothing; True if there was something to do.

    Two processes may do it together: the second one waits, and finds it done.

    Args:
        then: what belongs to it, in the same transaction (a new database is filled or not there at all);
            the second of two processes does it too, and must find it done.

    Raises:
        MigrationNeeded: the database is newer than the code.
        DataError: rows point to rows that are not there any more.
    """
    if await is_current(database, vertical):
        return False
    from alembic import command
    from alembic.util import CommandError

    def run(connection: Connection) -> None:
        for history in histories(vertical):
            try:
                command.upgrade(_config(history, connection), "head")
            except CommandError as error:
                raise MigrationNeeded(f"The database can't be upgraded: {error}") from error

    await _migrate(database, run, then)
    return True


async def erase(database: Database | str, vertical: VerticalMigrations | None = None) -> None:
    """Take everything out: the file on SQLite, every table of both histories on PostgreSQL.

    Nobody may be using it.
    """
    async with _opened(database) as db:
        if db.path:
            await db.close()
            for end in ("", "-wal", "-shm"):
                db.path.with_name(db.path.name + end).unlink(missing_ok=True)
            return
    from alembic import command

    def run(connection: Connection) -> None:
        for history in reversed(histories(vertical)):
            command.downgrade(_config(history, connection), "base")

    await _migrate(database, run)


async def revise(
    database: Database | str, vertical: VerticalMigrations, message: str, *, revision: str | None = None
) -> Path | None:
    """Write the migration from the database, which is at its head, to ``metadata``; None if they agree.

    Read it before you keep it: what was renamed looks to Alembic like something dropped and something new.
    """
    from alembic import command

    (vertical.folder / "versions").mkdir(parents=True, exist_ok=True)
    made: list[Path] = []

    def drop_if_empty(_context: object, _revision: object, directives: list[Any]) -> None:
        if directives[0].upgrade_ops.is_empty():
            directives.clear()

    def run(connection: Connection) -> None:
        script = command.revision(
            _config(vertical, connection),
            message,
            autogenerate=True,
            rev_id=revision or f"{len(_revisions(vertical)) + 1:04d}",
            process_revision_directives=drop_if_empty,
        )
        scripts = script if isinstance(script, list) else [script]
        made.extend(Path(one.path) for one in scripts if one is not None)

    await _migrate(database, run)
    return made[0] if made else None


async def differences(database: Database | str, history: VerticalMigrations = RUNTIME) -> list[Any]:
    """What is different between the database and the history's tables, as Alembic tells it.

    Indexes over expressions, which it can't compare, are told as ``("index", name, SQL in the database, SQL of
    the tables)``, None where there is none.
    """
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    found: list[Any] = []

    def run(connection: Connection) -> None:
        metadata = history.metadata or MetaData()
        expressions = _over_expressions(connection, metadata)

        def included(item: object, name: str | None, kind: str, reflected: bool, match: object) -> bool:
            mine = kind == "index" and name in expressions
            return not mine and of_this_history(item, name, kind, reflected, match)

        options = {"include_object": included, "version_table": history.version_table}
        context = MigrationContext.configure(connection, opts=options)
        with warnings.catch_warnings():
            # What they say is left out was compared above.
            for words in ("Skipped unsupported reflection of", "autogenerate skipping metadata-specified"):
                warnings.filterwarnings("ignore", f"{words} expression-based index")
            found.extend(compare_metadata(context, metadata))
        found.extend(
            ("index", name, there, wanted)
            for name, (there, wanted) in sorted(expressions.items())
            if there != wanted
        )

    await _migrate(database, run)
    return found


_INDEXES = {
    "sqlite": (
        "SELECT name, tbl_name AS of_table, sql, -2 IN (SELECT cid FROM pragma_index_info(each.name)) AS computed"
        " FROM sqlite_master AS each WHERE type = 'index'"
    ),
    "postgresql": (
        "SELECT self.relname AS name, of_table.relname AS of_table, pg_get_indexdef(self.oid) AS sql,"
        " indexprs IS NOT NULL AS computed FROM pg_index"
        " JOIN pg_class AS self ON self.oid = indexrelid JOIN pg_class AS of_table ON of_table.oid = indrelid"
        " WHERE pg_table_is_visible(indrelid)"
    ),
}


def _over_expressions(connection: Connection, metadata: MetaData) -> dict[str, tuple[str | None, str | None]]:
    """The SQL of each index over an expression, in the database and of the tables, by its name."""
    made: dict[str, CreateIndex] = {}

    def note(statement: Any, *_: object, **__: object) -> None:
        if isinstance(statement, CreateIndex):
            index = statement.element
            if not all(isinstance(part, Column) for part in index.expressions):
                made[str(index.name)] = statement

    # This way it says which indexes are for this kind of database at all.
    metadata.create_all(create_mock_engine(connection.engine.url, note), checkfirst=False)
    rows = connection.exec_driver_sql(_INDEXES[connection.dialect.name]).all()
    there = {
        row.name: str(row.sql)
        for row in rows
        if row.name in made or (row.computed and row.of_table in metadata.tables)
    }
    wanted = {name: _as_stored(connection, name, statement) for name, statement in made.items()}
    return {name: (there.get(name), wanted.get(name)) for name in there.keys() | wanted.keys()}


def _as_stored(connection: Connection, name: str, statement: CreateIndex) -> str:
    """An index's SQL in the database's own words, which differ from ours: it is made, looked at and undone."""
    try:
        with connection.begin_nested() as savepoint:
            connection.execute(DropIndex(statement.element, if_exists=True))
            connection.execute(statement)
            rows = connection.exec_driver_sql(_INDEXES[connection.dialect.name]).all()
            savepoint.rollback()
    except DBAPIError:  # its table or a column of it is not there, which is told too
        return str(statement.compile(dialect=connection.dialect))
    return next(str(row.sql) for row in rows if row.name == name)


def of_this_history(_item: object, _name: str | None, kind: str, reflected: bool, match: object) -> bool:
    """Leaves out the tables of the other histories in the same database (Alembic's ``include_object``)."""
    return not (kind == "table" and reflected and match is None)


@asynccontextmanager
async def _opened(database: Database | str) -> AsyncGenerator[Database]:
    if isinstance(database, Database):
        yield database
        return
    own = Database(database)
    try:
        yield own
    finally:
        await own.close()


async def _migrate(
    database: Database | str, run: Callable[[Connection], None], then: Then | None = None
) -> None:
    # Connections of their own: SQLite rebuilds a table to alter it, which must not set off foreign keys,
    # and that can be switched only outside a transaction.
    db = Database(database.url if isinstance(database, Database) else database)
    if db.is_sqlite:
        event.listen(db.engine.sync_engine, "connect", _without_foreign_keys)
    try:
        async with db.write() as session:
            connection = await session.connection()
            await connection.run_sync(run)
            if then:
                await then(session)
                await session.flush()
            if db.is_sqlite:
                await connection.run_sync(_check_foreign_keys)
    finally:
        await db.close()


def _without_foreign_keys(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise DataError(f"After the migration {len(broken)} rows would point to nothing, in {tables}.")


def _config(history: VerticalMigrations, connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config(cmd_opts=Namespace(quiet=True))  # stdout is for answers
    # The same env.py and template for every history; only where the versions lie differs.
    for key, value in {
        "script_location": str(_HERE),
        "version_locations": str(history.folder / "versions"),
        "path_separator": "newline",
    }.items():
        config.set_main_option(key, value.replace("%", "%%"))
    config.attributes.update(connection=connection, history=history)
    return config
