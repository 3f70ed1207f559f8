"""What a test can ask for."""

import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from balie_testing.clock import FrozenClock
from balie_testing.stage import Stage

if TYPE_CHECKING:
    from balie.agent.desk import Clock, Desk
    from balie.config import Settings
    from balie.routing import Models
    from balie.vertical import Vertical


@pytest.fixture(autouse=True)
def forbid_models(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No real model is loaded, unless the test has the mark ``models``."""
    if request.node.get_closest_marker("models") is None:
        monkeypatch.setenv("BALIE_FORBID_MODELS", "1")


@pytest.fixture
def frozen_clock() -> FrozenClock:
    """Nine in the morning of 10 March 2026, until it is moved."""
    return FrozenClock()


@pytest.fixture
def seeded_database(
    request: pytest.FixtureRequest, tmp_path: Path
) -> "Callable[[Vertical], Awaitable[Path]]":
    """``await seeded_database(vertical)``: the file of a database with its sample data, this test's own."""
    stage = Stage.of(request.config)
    numbers = count(1)

    async def copy(vertical: "Vertical") -> Path:
        path = tmp_path / f"{vertical.name}-{next(numbers)}.sqlite3"
        shutil.copyfile(await stage.template(vertical), path)
        return path

    return copy


@pytest.fixture
async def desk(
    seeded_database: "Callable[[Vertical], Awaitable[Path]]", frozen_clock: FrozenClock
) -> "AsyncGenerator[Callable[..., Awaitable[Desk]]]":
    """``await desk(vertical, models=…)``: an open desk over sample data of its own, closed afterwards.

    For tests that are marked ``anyio``. Without ``models`` they are :class:`balie_testing.FakeModels`
    that know no phrase; ``clock`` and ``settings`` can be given too.
    """
    from balie.config import Settings
    from balie.db import Database
    from balie.vertical import open_desk

    from balie_testing.models import FakeModels

    async with AsyncExitStack() as stack:

        async def opened(
            vertical: "Vertical",
            *,
            models: "Models | None" = None,
            clock: "Clock | None" = None,
            settings: "Settings | None" = None,
        ) -> "Desk":
            database = Database(path=await seeded_database(vertical))
            stack.push_async_callback(database.close)
            models = models or FakeModels(vertical.team.commands)
            stack.push_async_callback(models.close)
            return await open_desk(
                vertical,
                settings or Settings(),
                database=database,
                models=models,
                clock=clock or frozen_clock,
            )

        yield opened
