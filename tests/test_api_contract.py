"""Every vertical's API keeps to its own description, whatever is sent to it.

Schemathesis, all phases, a fixed seed.
"""

import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
import uvicorn
from balie.api import ServedVertical, create_app
from balie.config import ApiSettings, ModelSettings, Settings
from balie.db import Database, api_keys
from balie.vertical import load, names, open_desk
from balie_testing import FakeModels

SETTINGS = Settings(models=ModelSettings(generate=False), api=ApiSettings(rate_per_minute=1_000_000))
EXAMPLES = 8


@contextmanager
def serving(vertical, path, clock):
    """The address and a key of staff, of an API on a free port of this machine."""
    keys = []

    async def opened():
        database = Database(path=path)
        async with database.write() as session:
            keys.append(await api_keys.create(session, role="staff", identity="Femke"))
        models = FakeModels(vertical.team.commands)
        return await open_desk(vertical, SETTINGS, database=database, models=models, clock=clock)

    app = create_app([ServedVertical(vertical, opened)], SETTINGS)
    ready = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets=None):
            await super().startup(sockets)
            ready.set()

    server = Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert ready.wait(30)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", keys[0]
    finally:
        server.should_exit = True
        thread.join()


@pytest.mark.anyio
@pytest.mark.parametrize("name", names())
async def test_the_api_keeps_to_its_description(name, seeded_database, frozen_clock, tmp_path):
    vertical = load(name)
    with serving(vertical, await seeded_database(vertical), frozen_clock) as (address, key):
        run = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json"),
                *("--header", f"Authorization: Bearer {key}"),
                *("--phases", "examples,coverage,fuzzing,stateful", "--checks", "all"),
                *("--seed", "20260310", "--max-examples", str(EXAMPLES)),
                *("--generation-database", "none", "--no-color"),
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    tested = re.search(r"Tested: (\d+)", run.stdout)
    assert tested, run.stdout[-2000:]
    assert int(tested[1]) > 30
