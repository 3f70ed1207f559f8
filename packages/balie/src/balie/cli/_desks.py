"""What commands that open a desk share: settings and logs, the event loop, opening and closing."""

import os
import tempfile
from collections.abc import AsyncGenerator, Coroutine, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from balie.cli._console import note, waiting
from balie.cli._group import is_verbose

if TYPE_CHECKING:
    from balie.agent.desk import Desk
    from balie.config import Settings
    from balie.db.engine import Database
    from balie.routing import Models
    from balie.vertical import Vertical

Answer = TypeVar("Answer")

_DATA_FOLDER = "BALIE_DATA_DIR"

vertical_argument = click.argument("vertical_name", metavar="VERTICAL")


def settings(flags: Mapping[str, Any] | None = None) -> "Settings":
    """The settings of this run, ``flags`` over them; logs are set up on the way.

    Raises:
        ConfigError: a setting is wrong.
    """
    from balie import config
    from balie.monitoring import logs

    loaded = config.load(flags=flags)
    level = loaded.log_level
    if is_verbose() and level not in {"info", "debug"}:
        level = "info"
    logs.configure(level)
    return loaded


def run(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run to its end; ctrl-c cancels it and lets it clean up."""
    import asyncio

    return asyncio.run(work)


@asynccontextmanager
async def desk_of(
    vertical: "Vertical",
    loaded: "Settings",
    *,
    database: "Database | None" = None,
    models: "Models | None" = None,
) -> AsyncGenerator["Desk"]:
    """An open desk whose models warm up; a new database is made and filled, which is said on stderr."""
    from balie import vertical as verticals

    models = models or verticals.models_for(vertical, loaded)
    models.start()
    database = database or verticals.database_of(vertical, loaded)
    try:
        yield await verticals.open_desk(vertical, loaded, database=database, models=models, report=note)
    finally:
        await models.close()
        await database.close()


async def warmed_up(desk: "Desk") -> bool:
    """Wait for the models, with words on a terminal; says on stderr why there are none, if so."""
    with waiting("warming up …"):
        ready: bool = await desk.models.ready()
    if not ready:
        note(f"The models are not available, so only exact commands are understood: {desk.models.why}")
    return ready


@contextmanager
def data_elsewhere() -> Generator[Path]:
    """A data folder of its own, gone afterwards: what is tried here leaves no trace in the real one."""
    before = os.environ.get(_DATA_FOLDER)
    # On Windows a file that is still open somewhere can't be removed; the system's own cleaning gets it.
    with tempfile.TemporaryDirectory(prefix="balie-", ignore_cleanup_errors=True) as folder:
        os.environ[_DATA_FOLDER] = folder
        try:
            yield Path(folder)
        finally:
            if before is None:
                del os.environ[_DATA_FOLDER]
            else:
                os.environ[_DATA_FOLDER] = before
