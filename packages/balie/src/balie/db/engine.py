"""The database: one file (SQLite), or a server's (PostgreSQL), with the same two ways in.

On both there is one writer at a time, and readers never wait for it: what a writer has read stays true until
it is done, so the last unit is sold once without a thought given to it in a vertical.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import aiosqlite
from sqlalchemy import URL, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm.exc import StaleDataError

from balie import locations
from balie.db import sqlite
from balie.db.errors import translated
from balie.errors import ConfigError, Conflict, DatabaseBusy, DatabaseUnavailable

BUSY_SECONDS = 5.0
"""How long a writer waits for another one, and anybody for a connection."""

_WRITER_LOCK = 0x62616C6965  # "balie": the number of PostgreSQL's advisory lock
_CONNECTIONS = 8


def database_url(vertical: str, configured: str | None = None) -> str:
    """Where a vertical's database is.

    ``configured`` is the setting ``database_url``, in which ``{vertical}`` stands for the vertical's name
    (with underscores); without it the database is a file in the data folder.
    """
    if configured:
        return configured.replace("{vertical}", vertical.replace("-", "_"))
    return file_url(locations.data() / f"{vertical}.db")


def file_url(path: Path) -> str:
    """The URL of an SQLite file."""
    return URL.create("sqlite+aiosqlite", database=str(path.absolute())).render_as_string()


def async_url(url: str | URL) -> URL:
    """The URL with the driver that Balie uses.

    Raises:
        ConfigError: it is no URL, or of a database that Balie does not know.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError(
            "The database URL can't be read; right are sqlite:////folder/file.db and postgresql://user@host/name."
        ) from error
    match parsed.get_backend_name():
        case "sqlite":
            if not parsed.database or ":memory:" in parsed.database:
                raise ConfigError("The SQLite database must be a file: sqlite:////folder/file.db.")
            return parsed.set(drivername="sqlite+aiosqlite")
        case "postgresql":
            return parsed.set(drivername="postgresql+asyncpg")
        case other:
            raise ConfigError(f"Balie keeps its data in SQLite or PostgreSQL, not in {other}.")


class Database:
    """The connections to one database, for one event loop.

    Give the ``url`` (``sqlite:///…``, ``postgresql://…``) or the ``path`` of an SQLite file; its folder
    is made. Nothing is connected before the first :meth:`read` or :meth:`write`.

    Raises:
        ConfigError: neither or both are given, or an unusable one.
        DatabaseUnavailable: the file's folder can't be made.
    """

    def __init__(self, url: str | URL | None = None, *, path: Path | None = None) -> None:
        if (url is None) == (path is None):
            raise ConfigError("A database needs its URL or the path of its file.")
        self.url = async_url(file_url(path) if path is not None else url or "")
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.path = Path(self.url.database or "") if self.is_sqlite else None
        """The file, on SQLite."""
        self.engine = self._file_engine(self.path) if self.path else self._server_engine()
        reading = self.engine
        if not self.is_sqlite:
            reading = reading.execution_options(isolation_level="REPEATABLE READ")
        writing = self.engine.execution_options(**{sqlite.WRITING: True})
        self._reader = async_sessionmaker(reading, expire_on_commit=False)
        self._writer = async_sessionmaker(writing, expire_on_commit=False)
        # Writers of this process queue up in order; between processes SQLite's lock decides by polling,
        # PostgreSQL's in order again.
        self._turn = asyncio.Lock()

    def _file_engine(self, path: Path) -> AsyncEngine:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnavailable(f"The folder {path.parent} can't be made: {error.strerror}.") from error
        engine = create_async_engine(
            self.url,
            pool_size=_CONNECTIONS,
            max_overflow=_CONNECTIONS,
            pool_timeout=BUSY_SECONDS,
            hide_parameters=True,  # an error may be logged, and with it what people said
            pool_use_lifo=True,  # the connection used last has its pages and statements at hand
            connect_args={
                "async_creator_fn": sqlite.connect,
                "timeout": BUSY_SECONDS,
                "isolation_level": None,
            },
        )
        event.listen(engine.sync_engine, "begin", sqlite.begin)
        return engine

    def _server_engine(self) -> AsyncEngine:
        try:
            return create_async_engine(
                self.url,
                pool_size=_CONNECTIONS,
                max_overflow=_CONNECTIONS,
                pool_timeout=BUSY_SECONDS,
                hide_parameters=True,
                pool_pre_ping=True,
                connect_args={
                    "timeout": BUSY_SECONDS,
                    "server_settings": {
                        "application_name": "balie",
                        "lock_timeout": str(round(BUSY_SECONDS * 1000)),
                    },
                },
            )
        except ModuleNotFoundError as error:
            raise ConfigError("PostgreSQL needs the extra: pip install 'balie[postgres]'.") from error

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncSession]:
        """A session that sees one moment of the database; what it changes is thrown away.

        Raises:
            DatabaseBusy, DatabaseUnavailable: it can't be used now.
        """
        async with self._translating(), self._reader() as session:
            await self._connect(session)
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncSession]:
        """A session whose changes are there, all of them, when the block ends; on an error none is.

        Never within another one of the same task: it would wait for itself. Reading within one is fine,
        and does not see its changes.

        Raises:
            Conflict: a row is not what it was when it was read in an earlier session (optimistic locking).
            DatabaseBusy, DatabaseFull, DatabaseUnavailable: it can't be used now.
        """
        async with self._translating():
            await self._my_turn()
            try:
                async with self._writer.begin() as session:
                    # The writer's lock is taken here and not at the first write.
                    await self._connect(session)
                    if not self.is_sqlite:
                        await session.execute(select(func.pg_advisory_xact_lock(_WRITER_LOCK)))
                    yield session
            finally:
                self._turn.release()

    @asynccontextmanager
    async def _translating(self) -> AsyncGenerator[None]:
        try:
            yield
        except StaleDataError as error:
            raise Conflict("Somebody else changed this at the same moment; look again and repeat.") from error
        except DBAPIError as error:
            if (outcome := translated(error, self.url)) is error:
                raise
            raise outcome from error

    async def _connect(self, session: AsyncSession) -> None:
        try:
            await session.connection()
        except PoolTimeout as error:
            raise DatabaseBusy("Every connection to the database is taken; try again.") from error
        except OSError as error:
            raise translated(error, self.url) from error

    async def _my_turn(self) -> None:
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                await self._turn.acquire()
        except TimeoutError as error:
            raise DatabaseBusy("The database has been busy for too long; try again.") from error

    async def scrub(self) -> bool:
        """Empty SQLite's log of changes, where what was deleted can still be read.

        The file itself is overwritten at once (``secure_delete``). False where somebody was still reading:
        then do it again. A server cleans up by itself, in its own time.

        In memory goes what SQLAlchemy remembers with its compiled statements: the values each was first run with.
        """
        self.engine.clear_compiled_cache()
        if not self.is_sqlite:
            return True
        async with self._translating():
            await self._my_turn()
            try:
                async with self.engine.connect() as connection:
                    raw = await connection.get_raw_connection()
                    # Not within a transaction, which SQLAlchemy would begin by itself.
                    driver = cast("aiosqlite.Connection", raw.driver_connection)
                    cursor = await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    outcome = await cursor.fetchone()
                    return outcome is not None and outcome[0] == 0
            finally:
                self._turn.release()

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
