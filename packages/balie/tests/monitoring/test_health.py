from pathlib import Path

import msgspec
import pytest
from balie.db import Database
from balie.monitoring import health
from balie.monitoring.health import State, liveness, readiness

pytestmark = pytest.mark.anyio


def states(report):
    return {check.name: check.state for check in report.checks}


async def test_ready(database):
    report = await readiness(database, models="ready")
    assert states(report) == {
        "database": State.OK,
        "migrations": State.OK,
        "models": State.OK,
        "disk": State.OK,
    }
    assert (report.status, report.http_status) == (State.OK, 200)


@pytest.mark.parametrize("models", ["warming_up", "degraded"])
async def test_without_models_it_still_serves(database, models):
    report = await readiness(database, models=models, why="the file is damaged")
    assert (report.status, report.http_status) == (State.DEGRADED, 200)
    assert "the file is damaged" in msgspec.json.encode(report).decode()


async def test_a_database_that_was_never_made(tmp_path):
    db = Database(path=tmp_path / "new.db")
    report = await readiness(db, models="ready")
    await db.close()
    assert states(report)["migrations"] is State.FAILING
    assert (report.status, report.http_status) == (State.FAILING, 503)


async def test_a_database_that_can_not_be_read(tmp_path):
    (tmp_path / "letter.db").write_text("Dear madam, " * 1000)
    db = Database(path=tmp_path / "letter.db")
    report = await readiness(db, models="ready")
    await db.close()
    assert states(report)["database"] is State.FAILING
    assert report.http_status == 503


@pytest.mark.parametrize(
    ("limit", "state", "http_status"),
    [("LOW_DISK_BYTES", State.DEGRADED, 200), ("FULL_DISK_BYTES", State.FAILING, 503)],
)
async def test_a_disk_that_runs_full(database, monkeypatch, limit, state, http_status):
    monkeypatch.setattr(health, limit, 2**63)
    report = await readiness(database, models="ready")
    assert states(report)["disk"] is state
    assert report.http_status == http_status


async def test_a_folder_that_is_gone(database, monkeypatch):
    monkeypatch.setattr(database, "path", Path("/nowhere/at/all/desk.db"))
    report = await readiness(database, models="ready")
    assert report.status is State.FAILING


def test_alive():
    assert liveness().http_status == 200
