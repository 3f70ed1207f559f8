"""The very first start is killed while it makes and fills the database: the next one finds nothing half done."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from balie.db import Database
from balie.vertical import load, prepare

PROGRAM = Path(__file__).with_name("killed_start.py")


async def make(path: Path) -> None:
    database = Database(path=path)
    await prepare(load("customer-service"), database, today=date(2026, 3, 10))
    await database.close()


@pytest.mark.parametrize(
    "before", ["CREATE TABLE tickets", "INSERT INTO customers", "INSERT INTO tickets", "commit"]
)
def test_the_next_start_makes_it_whole(before: str, tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    killed = subprocess.run([sys.executable, str(PROGRAM), str(path), before], timeout=120)
    assert killed.returncode == -signal.SIGKILL

    asyncio.run(make(path))

    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM orders WHERE number = '10234'").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM idempotency_keys").fetchone() == (1,)
    connection.close()
