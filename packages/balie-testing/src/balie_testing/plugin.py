"""The pytest plugin: scenarios are test items, and no test meets a real model or real data by accident.

- Every ``scenarios/*.toml`` beside a vertical's ``pyproject.toml`` is collected, one item a scenario.
- ``BALIE_FORBID_MODELS`` is set around every test that has not the mark ``models``.
- The data and config folders are temporary ones, unless the environment says otherwise.
- Programs that tests start share their bytecode, also where Python is told to write none beside the sources.
- The fixtures are those of :mod:`balie_testing.fixtures`.
"""

import gc
import os
import tempfile
from collections.abc import Generator
from functools import partial
from pathlib import Path

import pytest

from balie_testing.fixtures import desk, forbid_models, frozen_clock, seeded_database
from balie_testing.items import ScenarioFile, vertical_of
from balie_testing.stage import Stage

__all__ = ["desk", "forbid_models", "frozen_clock", "seeded_database"]

_FOLDERS = ("BALIE_DATA_DIR", "BALIE_CONFIG_DIR")
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark, spare time, and move the folders before anything is imported that looks for them."""
    config.addinivalue_line("markers", "models: uses the real embedded models (an encoder or a generator)")
    # Screens are made of many small things: looking for cycles among them took a fifth of their tests' time.
    gc.set_threshold(50_000, 20, 20)
    # A test run is seldom alone on its machine, and two threads that wait for each other are slower than one.
    os.environ.setdefault("BALIE_MODELS__THREADS", "1")
    for variable in _FOLDERS:
        if variable not in os.environ:
            _to_a_folder(variable, config)
    if _NO_BYTECODE in os.environ and "PYTHONPYCACHEPREFIX" not in os.environ:
        # Without it every program that a test starts compiles the libraries anew.
        config.add_cleanup(partial(os.environ.__setitem__, _NO_BYTECODE, os.environ.pop(_NO_BYTECODE)))
        _to_a_folder("PYTHONPYCACHEPREFIX", config)


def _to_a_folder(variable: str, config: pytest.Config) -> None:
    folder = tempfile.TemporaryDirectory(prefix="balie-tests-", ignore_cleanup_errors=True)
    os.environ[variable] = folder.name
    config.add_cleanup(folder.cleanup)
    config.add_cleanup(partial(_forget, variable))


def _forget(variable: str) -> None:
    os.environ.pop(variable, None)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """A file of scenarios, where a vertical stands beside it."""
    if file_path.suffix != ".toml" or file_path.parent.name != "scenarios":
        return None
    place = vertical_of(file_path.parent.parent)
    if place is None:
        return None
    file: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path, place=place)
    return file


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Close what the scenarios were played with."""
    try:
        return (yield)
    finally:
        Stage.close_of(session.config)
