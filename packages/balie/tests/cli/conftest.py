import asyncio
import logging
import os
import shutil
import subprocess
import sys

import pytest
import structlog
from balie.cli._group import group
from balie_testing.project import make_heads, make_project
from click.testing import CliRunner

BROKEN = "broken = nowhere_at_all.vertical:VERTICAL"


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """The folder of a small vertical, the library; what it is imported from is ``src`` in it."""
    folder = tmp_path_factory.mktemp("library")
    make_project(folder)
    return folder


@pytest.fixture(scope="session")
def filled(project, tmp_path_factory):
    """A data folder with the library's database, made once."""
    folder = tmp_path_factory.mktemp("filled")
    environment = {**os.environ, "PYTHONPATH": str(project / "src"), "BALIE_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "balie.cli", "db", "reset", "library", "--yes"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return folder


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The data folder of this test, empty."""
    monkeypatch.setenv("BALIE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BALIE_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.delenv("BALIE_LOG_LEVEL", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


@pytest.fixture
def library(project, data, monkeypatch):
    """The library is installed."""
    monkeypatch.syspath_prepend(str(project / "src"))
    monkeypatch.setenv("PYTHONPATH", str(project / "src"))
    return project


@pytest.fixture
def tuned(library):
    """The library is installed and has a head that chooses its commands."""
    path = make_heads(library)
    yield library
    shutil.rmtree(path.parent)


@pytest.fixture
def library_data(library, filled, data):
    """The library is installed and has its database."""
    data.mkdir()
    for file in filled.iterdir():
        (data / file.name).write_bytes(file.read_bytes())
    return data


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A vertical is installed that can't be imported."""
    about = tmp_path / "site" / "broken-0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 0\n")
    (about / "entry_points.txt").write_text(f"[balie.verticals]\n{BROKEN}\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))


@pytest.fixture
def balie(data):
    """Runs a command in this process: ``balie("chat", "library", "B-101")``."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield lambda *arguments, stdin=None: CliRunner().invoke(group, arguments, input=stdin, prog_name="balie")
    # A command sends the logs to its own stderr, which is gone now.
    root.handlers[:], level = before
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def balie_process(data):
    """Runs a command in a process of its own."""

    def run(*arguments, stdin=""):
        command = [sys.executable, "-m", "balie.cli", *arguments]
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def rows(data):
    """Rows of the library's database."""
    from balie.db import Database, database_url

    def query(sql):
        async def read():
            database = Database(database_url("library"))
            try:
                async with database.read() as session:
                    connection = await session.connection()
                    return [tuple(row) for row in (await connection.exec_driver_sql(sql)).all()]
            finally:
                await database.close()

        return asyncio.run(read())

    return query
