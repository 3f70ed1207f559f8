"""SQLite connections that cross to their thread once for each statement.

A statement's way through SQLAlchemy and aiosqlite is four calls (make a cursor, execute, fetch, close),
each a switch to the connection's thread and back. While a model has the cores, a switch costs half a
millisecond. Here a statement and its rows come in one call, and the other three cost nothing.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, cast

import aiosqlite
from sqlalchemy import Connection

WRITING = "balie_writing"
"""The execution option of a connection that is going to write."""


class _Cursor(aiosqlite.Cursor):
    """Has all rows once it has executed."""

    def __init__(self, connection: "_Connection") -> None:
        super().__init__(connection, connection.raw().cursor())
        self._rows: deque[Any] = deque()

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        """Execute and fetch."""
        rows = await self._execute(self._run, sql, parameters or ())  # type: ignore[no-untyped-call]
        self._rows = deque(rows)
        return self

    def _run(self, sql: str, parameters: Any) -> list[Any]:
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchall() if self._cursor.description else []

    async def fetchone(self) -> Any:
        """The next row, or None."""
        return self._rows.popleft() if self._rows else None

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows."""
        return [self._rows.popleft() for _ in range(min(size or self.arraysize, len(self._rows)))]

    async def fetchall(self) -> list[Any]:
        """The rows that are left."""
        rows, self._rows = list(self._rows), deque()
        return rows

    async def __aiter__(self) -> AsyncIterator[Any]:
        while self._rows:
            yield self._rows.popleft()

    async def close(self) -> None:
        """The statement is over already: every row was fetched."""
        self._rows.clear()


class _Connection(aiosqlite.Connection):
    """Makes a cursor where it is called; that is only an object (``check_same_thread`` is off)."""

    stopped: asyncio.Future[Any] | None = None
    """Done when its thread is."""

    def stop(self) -> asyncio.Future[Any] | None:
        """End the thread."""
        self.stopped = super().stop()
        return self.stopped

    def raw(self) -> sqlite3.Connection:
        """The connection as the standard library knows it."""
        return self._conn

    def cursor(self) -> AbstractAsyncContextManager[aiosqlite.Cursor]:  # type: ignore[override]
        """A cursor; entering it costs nothing."""
        return cast("AbstractAsyncContextManager[aiosqlite.Cursor]", _Cursor(self))


async def connect(database: str, **options: Any) -> aiosqlite.Connection:
    """Open a file for SQLAlchemy's aiosqlite dialect (its ``async_creator_fn``)."""
    connection = _Connection(partial(_open, database, **options), iter_chunk_size=64)
    # A thread that waits for work must not keep a program from ending.
    connection._thread.daemon = True
    try:
        await connection
    except sqlite3.Error:
        # Else its thread would still want to say goodbye to an event loop that is gone by then.
        if connection.stopped is not None:
            await connection.stopped
        raise
    return connection


def _open(database: str, **options: Any) -> sqlite3.Connection:
    connection: sqlite3.Connection = sqlite3.connect(database, **options)
    try:
        # NORMAL would lose the last confirmed writes on a power cut in WAL mode; FULL keeps them.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        # What is deleted is overwritten: it may have been about a person.
        connection.execute("PRAGMA secure_delete=ON")
        # The mode stays with the file. Setting it locks the file, so it is set once.
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def begin(connection: Connection) -> None:
    """Begin at once, in place of the standard library's guess from the first word of a statement."""
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
