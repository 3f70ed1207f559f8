"""Playing a scenario: on its own copy of the sample data, with the clock standing still."""

import asyncio
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from balie.agent import Caller, Effect, Status, Turn
from balie.agent.desk import Desk
from balie.agent.turn import Command, Latency
from balie.config import Settings
from balie.db import AuditRecord, Database, PendingAction
from balie.errors import BalieError, CallerError, RuleBroken
from balie.scenarios.format import SAMPLE_DAY, Expected, Scenario
from balie.scenarios.judging import Mismatch, Score, alike, judge, judge_rows

if TYPE_CHECKING:
    from balie.routing import Models
    from balie.vertical import Vertical


class Outcome(msgspec.Struct, kw_only=True):
    """What came of a scenario.

    ``unsafe_writes`` were carried out although no turn expected them, or with another tool or other
    arguments than the scenario named for them.
    """

    id: str
    turns: list[Turn | None] = []
    """One for each turn of the scenario; None where nothing came of it."""
    mismatches: list[Mismatch] = []
    score: Score = msgspec.field(default_factory=Score)
    unsafe_writes: int = 0

    @property
    def passed(self) -> bool:
        """Whether every turn and every row is right."""
        return not self.mismatches

    def told(self) -> list[str]:
        """Each mismatch in a line."""
        return [f"{_place(m)}: {m.what}: expected {m.expected!r}, got {m.got!r}" for m in self.mismatches]


def _place(mismatch: Mismatch) -> str:
    if mismatch.turn is None:
        return "afterwards"
    return f"turn {mismatch.turn} ({mismatch.said!r})" if mismatch.turn else "before"


async def make_template(vertical: "Vertical", path: Path, *, today: date = SAMPLE_DAY) -> Path:
    """A database file with the sample data of ``today``, whole in itself: every scenario plays on a copy."""
    from balie.vertical import prepare

    database = Database(path=path)
    try:
        await prepare(vertical, database, today=today)
    finally:
        # With its last connection SQLite moves the write-ahead log into the file that is copied.
        await database.close()
    return path


async def play(
    scenario: Scenario,
    vertical: "Vertical",
    models: "Models",
    template: Path,
    *,
    settings: Settings | None = None,
) -> Outcome:
    """Play a scenario and judge it.

    Args:
        models: started and ready.
        template: what :func:`make_template` made; it is copied.
        settings: the defaults where they are left out, so that it is the same everywhere.

    Raises:
        DataError: the copy can't be made or used.
    """
    outcome = Outcome(id=scenario.id)
    with tempfile.TemporaryDirectory(prefix="balie-scenario-") as folder:
        path = Path(folder) / "desk.sqlite3"
        await asyncio.to_thread(shutil.copyfile, template, path)
        database = Database(path=path)
        stage = _Stage(scenario, vertical, models, database, settings or Settings(), outcome)
        try:
            await stage.play()
        finally:
            await database.close()
    return outcome


class _Stage:
    """One scenario that is being played."""

    def __init__(
        self,
        scenario: Scenario,
        vertical: "Vertical",
        models: "Models",
        database: Database,
        settings: Settings,
        outcome: Outcome,
    ) -> None:
        self.scenario = scenario
        self.database = database
        self.outcome = outcome
        self.now = scenario.now
        self.tools = tuple(vertical.team.tools)
        self.writing = {name for name, tool in vertical.team.tools.items() if tool.effect is not Effect.READ}
        self.named: dict[str, list[Mapping[str, Any]]] = {}
        self.caller = Caller(scenario.role, scenario.identity, scenario.language, "scenario")
        self.desk = Desk(vertical.title, vertical.team, database, models, settings, clock=self._clock)
        self.pending: UUID | None = None

    def _clock(self) -> datetime:
        return self.now

    async def play(self) -> None:
        """Everything in order, to the end even if a turn goes wrong."""
        if self.scenario.before and not await self._set_up():
            return
        conversation = await self.desk.open(self.caller)
        carried_out = await self._writes()
        for number, expected in enumerate(self.scenario.turn, 1):
            self.now = expected.now or self.now
            turn = await self._turn(conversation, number, expected)
            before, carried_out = carried_out, await self._writes()
            writes = carried_out - before
            self.outcome.unsafe_writes += max(0, writes - expected.expected_writes)
            self._name(expected)
            if turn is not None and 0 < writes <= expected.expected_writes:
                for command in self._misdirected(turn):
                    self.outcome.unsafe_writes += 1
                    self._wrong(number, expected.said, "write", self.named, [command.tool, command.arguments])
            self.outcome.turns.append(turn)
            if turn is not None:
                self.outcome.mismatches += judge(number, expected, turn, writes, self.outcome.score)
                self.pending = turn.pending.id if turn.pending else None
        for query, expected_rows in self.scenario.after.items():
            rows = await self._rows(query)
            if rows is not None:
                self.outcome.mismatches += judge_rows(query, expected_rows, rows)

    def _name(self, expected: Expected) -> None:
        """Note which writes the scenario expects from here on; what it says last of a tool counts."""
        tools = expected.expected_tools or ()
        for tool in self.writing & set(tools):
            self.named[tool] = [
                expected.expected_arguments[place] if place < len(expected.expected_arguments) else {}
                for place, name in enumerate(tools)
                if name == tool
            ]

    def _misdirected(self, turn: Turn) -> list[Command]:
        """The commands carried out that are none of those the scenario names, if it names any."""
        done = [command for command in turn.commands if command.tool in self.writing]
        if turn.pending and done and done[-1].tool == turn.pending.tool:
            done = done[:-1]  # that one was only proposed
        return [
            command
            for command in done
            if self.named
            and not any(_within(known, command.arguments) for known in self.named.get(command.tool, ()))
        ]

    async def _set_up(self) -> bool:
        async with self.database.write() as session:
            connection = await session.connection()
            for statement in self.scenario.before:
                try:
                    await connection.exec_driver_sql(statement)
                except SQLAlchemyError as error:
                    self._wrong(0, "", statement, "done", _words(error))
                    return False
        return True

    async def _turn(self, conversation: UUID, number: int, expected: Expected) -> Turn | None:
        """The turn that comes of it; None where there is none, which is then noted."""
        try:
            if expected.say is not None:
                turn = await self.desk.say(conversation, expected.say, self.caller)
            elif expected.run is not None:
                turn = await self.desk.run(
                    conversation, expected.run.tool, expected.run.arguments, self.caller
                )
            elif self.pending is None:
                self._wrong(number, expected.said, "a button", "something that waits for a yes", None)
                return None
            elif expected.confirm:
                turn = await self.desk.confirm(self.pending, self.caller)
            else:
                turn = await self.desk.reject(self.pending, self.caller)
        except (CallerError, RuleBroken) as error:
            # A way in shows this as a refusal; for the scenario it is one.
            return self._refused(conversation, number, error)
        except BalieError as error:
            self._wrong(number, expected.said, "an answer", "a turn", f"{error.slug}: {error}")
            return None
        return turn

    def _refused(self, conversation: UUID, number: int, error: BalieError) -> Turn:
        return Turn(
            conversation=conversation,
            turn=number,
            status=Status.REFUSED,
            reply=str(error),
            agent="",
            latency_ms=Latency(0, 0, 0, 0, 0),
        )

    async def _writes(self) -> int:
        """How many actions were carried out so far, by their status or the audit log: the greater number."""
        async with self.database.read() as session:
            done = select(func.count()).select_from(PendingAction).where(PendingAction.status == "done")
            told = select(func.count()).select_from(AuditRecord).where(AuditRecord.action.in_(self.tools))
            return max(await _count(session, done), await _count(session, told))

    async def _rows(self, query: str) -> Sequence[Sequence[Any]] | None:
        async with self.database.read() as session:
            connection = await session.connection()
            try:
                return (await connection.exec_driver_sql(query)).all()
            except SQLAlchemyError as error:
                self._wrong(None, "", query, "rows", _words(error))
                return None

    def _wrong(self, turn: int | None, said: str, what: str, expected: Any, got: Any) -> None:
        self.outcome.mismatches.append(Mismatch(turn, said, what, expected, got))


def _within(known: Mapping[str, Any], arguments: Mapping[str, Any]) -> bool:
    return all(name in arguments and alike(value, arguments[name]) for name, value in known.items())


async def _count(session: AsyncSession, query: Any) -> int:
    return int(await session.scalar(query) or 0)


def _words(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error)
