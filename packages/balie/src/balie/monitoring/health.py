"""Is it alive, and is it ready? An answer is always a report, never an exception."""

import shutil
from enum import StrEnum
from pathlib import Path

import msgspec
from sqlalchemy import text

from balie import locations
from balie.db.engine import Database
from balie.db.migrate import VerticalMigrations, require_current
from balie.errors import DataError

LOW_DISK_BYTES = 512 * 1024**2
"""Below it the disk is reported."""
FULL_DISK_BYTES = 32 * 1024**2
"""Below it the desk is not ready: the next turn may not be saved."""


class State(StrEnum):
    """How something is. What is degraded still serves."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILING = "failing"


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    name: str
    state: State
    detail: str = ""


class HealthReport(msgspec.Struct, frozen=True):
    """Every check, and the worst of them as the ``status``."""

    status: State
    checks: tuple[Check, ...] = ()

    @property
    def http_status(self) -> int:
        """200, or 503 where something is failing."""
        return 503 if self.status is State.FAILING else 200


def liveness() -> HealthReport:
    """The process answers; nothing else is looked at, since a restart would mend nothing else."""
    return HealthReport(State.OK)


async def readiness(
    database: Database,
    *,
    models: str,
    why: str = "",
    vertical: VerticalMigrations | None = None,
) -> HealthReport:
    """Whether a turn can be served and kept.

    ``models`` is the models' state (``warming_up``, ``ready``, ``degraded``) and ``why`` its reason. Without
    models the same tools serve as forms, so they only ever degrade it.
    """
    checks = (
        *await _database(database, vertical),
        Check("models", State.OK if models == "ready" else State.DEGRADED, why or models),
        _disk(database.path.parent if database.path else locations.data()),
    )
    worst = max((check.state for check in checks), key=list(State).index)
    return HealthReport(worst, checks)


async def _database(database: Database, vertical: VerticalMigrations | None) -> tuple[Check, ...]:
    name = "database"
    try:
        async with database.read() as session:
            await session.execute(text("SELECT 1"))
        name = "migrations"
        await require_current(database, vertical)
    except DataError as error:
        return (Check(name, State.FAILING, str(error)),)
    return (Check("database", State.OK), Check("migrations", State.OK))


def _disk(folder: Path) -> Check:
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Check("disk", State.FAILING, f"{folder}: {error.strerror}")
    state = State.FAILING if free < FULL_DISK_BYTES else State.DEGRADED if free < LOW_DISK_BYTES else State.OK
    return Check("disk", state, f"{free // 1024**2} MB free")
