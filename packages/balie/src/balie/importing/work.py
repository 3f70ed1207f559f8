"""An import at work: rows are read as they come, checked, and written in short transactions or in one."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from typing import Any, Generic, Protocol

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from balie.db import audit
from balie.db.engine import Database
from balie.errors import Conflict, DatabaseBusy
from balie.importing.formats import Format, Record, Unreadable
from balie.importing.report import ImportReport, RowFault
from balie.importing.rows import Line, R, RowReader
from balie.importing.spool import Spool

BATCH = 500
"""Rows in a transaction: few enough that nobody at a screen notices the wait for it."""
MOST_FAULTS = 100

_TRIES = 3
_FREE_SHARE = 0.25

Progress = Callable[[int], None]
"""Is told how many rows have been read."""


class ImportRefused(Conflict):
    """Nothing was written, since something is wrong and all or nothing was asked for."""

    slug = "import-refused"


@dataclass
class Plan:
    """What a batch comes to, before anything is written: the counts, the faults, and the writes."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    faults: list[RowFault] = field(default_factory=list)
    writes: Any = None


class Importer(Protocol[R]):
    """What a vertical says about one kind of rows. It is made for one import."""

    rows: RowReader[R]

    async def plan(self, session: AsyncSession, lines: Sequence[Line[R]], now: datetime) -> Plan:
        """Compare the lines, in their order, with what is there; nothing is plan."""
        ...

    async def write(self, session: AsyncSession, plan: Plan, *, in_one: bool) -> None:
        """Write what was planned in the same transaction.

        Args:
            in_one: all batches are written in this one transaction, for which everybody else waits: leave
                what can come a moment later to :meth:`settle`.
        """
        ...

    async def settle(self, session: AsyncSession) -> bool:
        """Do a batch of what was left for later, also by an import that died; False: nothing was left."""
        ...

    async def finish(self, session: AsyncSession, report: ImportReport, now: datetime) -> None:
        """All rows are in: note what is to be noted of the import as a whole."""
        ...


@dataclass(frozen=True)
class ImportKind:
    """A kind of rows that a vertical takes.

    Attributes:
        about: one line for people.
        importer: makes one for an import; the names in ``choices`` may be given as True.
        choices: what can be asked for beside, each with a line of help.
    """

    about: str
    importer: Callable[..., Importer[Any]]
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class By:
    """Who imports, for the audit log."""

    actor: str
    role: str
    channel: str


class Import(Generic[R]):
    """One import. Make it, then await :meth:`run` once.

    Args:
        kind: what the rows are, for the report and the audit log.
        clock: gives the time that is written.
        all_or_nothing: write everything in one transaction, or nothing if one row has a fault. The
            rows wait on the disk until all were read, so that a slow sender keeps nobody waiting.
        most_faults: how many are listed; the others are counted.
    """

    def __init__(
        self,
        database: Database,
        kind: str,
        importer: Importer[R],
        *,
        by: By,
        clock: Callable[[], datetime],
        all_or_nothing: bool = False,
        most_faults: int = MOST_FAULTS,
        progress: Progress = lambda _rows: None,
    ) -> None:
        self.database = database
        self.importer = importer
        self.by = by
        self.clock = clock
        self.most_faults = most_faults
        self.progress = progress
        self.report = ImportReport(kind=kind, all_or_nothing=all_or_nothing)

    async def run(self, pieces: AsyncIterator[bytes], format_: Format) -> ImportReport:
        """Read and write everything.

        Raises:
            Unreadable: the file can't be read to its end; its facts are the report of what was.
            ImportRefused: all or nothing, and a row has a fault; its facts are the report.
            DatabaseBusy, DatabaseFull, DatabaseUnavailable: as they say; what was written before stays,
                unless all or nothing was asked for.
        """
        started = perf_counter()
        try:
            if self.report.all_or_nothing:
                await self._all_or_nothing(pieces, format_)
            else:
                await self._batch_by_batch(pieces, format_)
            await self._settle()
        finally:
            self.report.seconds = round(perf_counter() - started, 3)
        self.report.faults.sort(key=lambda fault: fault.row)
        if self.report.stopped:
            raise Unreadable(self.report.stopped, **msgspec.to_builtins(self.report))
        if self.report.all_or_nothing and self.report.rejected:
            words = f"{self.report.rejected} of {self.report.rows} rows have a fault; nothing was written."
            raise ImportRefused(words, **msgspec.to_builtins(self.report))
        return self.report

    async def _batch_by_batch(self, pieces: AsyncIterator[bytes], format_: Format) -> None:
        try:
            async with aclosing(self._batches(pieces, format_)) as batches:
                async for lines in batches:
                    await self._write(lines)
        except BaseException as error:
            self.report.stopped = type(error).__name__
            raise
        finally:
            # Whatever ended it: what was written must not go without a record.
            if self.report.accepted:
                async with self.database.write() as session:
                    await self._finish(session)

    async def _write(self, lines: Sequence[Line[R]]) -> None:
        for left in reversed(range(_TRIES)):
            try:
                async with self._short_write() as session:
                    plan = await self.importer.plan(session, lines, self.clock())
                    await self.importer.write(session, plan, in_one=False)
            except DatabaseBusy:
                if not left:
                    raise
            else:
                self._count(plan)
                return

    async def _settle(self) -> None:
        more = True
        while more:
            async with self._short_write() as session:
                more = await self.importer.settle(session)

    @asynccontextmanager
    async def _short_write(self) -> AsyncGenerator[AsyncSession]:
        """One of many transactions in a row. Writers in other processes find SQLite's lock free only by
        looking again and again, so it stays free for a while after each.
        """
        async with self.database.write() as session:
            began = perf_counter()
            yield session
        if self.database.is_sqlite:
            await asyncio.sleep(_FREE_SHARE * (perf_counter() - began))

    async def _all_or_nothing(self, pieces: AsyncIterator[bytes], format_: Format) -> None:
        with Spool(self.importer.rows.kind) as spool:
            async with aclosing(self._batches(pieces, format_)) as batches:
                async for lines in batches:
                    spool.add(lines)
            looked_at = 0
            if self.report.is_clean:
                try:
                    async with self.database.write() as session:
                        for lines in spool.batches():
                            plan = await self.importer.plan(session, lines, self.clock())
                            self._count(plan)
                            looked_at += 1
                            if plan.faults:
                                raise _TakenBackError
                            await self.importer.write(session, plan, in_one=True)
                        await self._finish(session)
                except _TakenBackError:
                    pass
            if not self.report.is_clean:
                # The other rows are only looked at, without keeping a writer waiting.
                async with self.database.read() as session:
                    for lines in spool.batches(skip=looked_at):
                        self._count(await self.importer.plan(session, lines, self.clock()))
                self.report.created = self.report.updated = self.report.unchanged = 0

    async def _batches(self, pieces: AsyncIterator[bytes], format_: Format) -> AsyncGenerator[list[Line[R]]]:
        """The good rows. Where the rest can't be read, those before it are given and the report says so."""
        rows = self.importer.rows
        reader = rows.reader(format_)
        batch: list[Line[R]] = []

        def sorted_out(records: Iterator[Record]) -> Iterator[Line[R]]:
            for record in records:
                self.report.rows += 1
                read = rows.read(record)
                if isinstance(read, list):
                    self._blame(read)
                else:
                    yield read

        try:
            async for piece in pieces:
                for line in sorted_out(reader.feed(piece)):
                    batch.append(line)
                    if len(batch) == BATCH:
                        yield batch
                        batch = []
                self.progress(self.report.rows)
            batch.extend(sorted_out(reader.finish()))
        except Unreadable as error:
            self.report.stopped = str(error)
        self.progress(self.report.rows)
        if batch:
            yield batch

    def _count(self, plan: Plan) -> None:
        self.report.created += plan.created
        self.report.updated += plan.updated
        self.report.unchanged += plan.unchanged
        self._blame(plan.faults)

    def _blame(self, faults: Sequence[RowFault]) -> None:
        self.report.rejected += len({fault.row for fault in faults})
        room = max(0, self.most_faults - len(self.report.faults))
        self.report.faults.extend(faults[:room])
        self.report.more_faults += len(faults[room:])

    async def _finish(self, session: AsyncSession) -> None:
        now = self.clock()
        if not self.report.stopped:
            await self.importer.finish(session, self.report, now)
        counts = ("rows", "created", "updated", "unchanged", "rejected", "stopped")
        await audit.append(
            session,
            actor=self.by.actor,
            role=self.by.role,
            action=f"import_{self.report.kind}",
            subject=f"import:{self.report.kind}",
            detail={"channel": self.by.channel, **{name: getattr(self.report, name) for name in counts}},
            at=now,
        )


class _TakenBackError(Exception):
    """The transaction is to be rolled back."""
