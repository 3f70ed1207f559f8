"""A vertical: the one object that names all of its parts, and how it is found and opened.

A vertical is a package with an entry point in the group ``balie.verticals``. Its parts are named as
``module:attribute`` within that package and imported when they are needed, so that a command that
needs the tools does not pay for the screens.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from balie.errors import ConfigError, NotFound

if TYPE_CHECKING:
    from sqlalchemy import MetaData
    from sqlalchemy.ext.asyncio import AsyncSession

    from balie.agent.desk import Clock, Desk, Observer
    from balie.agent.team import Team
    from balie.config import Settings
    from balie.db.engine import Database
    from balie.db.migrate import VerticalMigrations
    from balie.importing import ImportKind
    from balie.routing import Models

GROUP = "balie.verticals"

Seed = Callable[["AsyncSession", date], Awaitable[None]]
Forget = Callable[["AsyncSession", UUID, datetime], Awaitable[None]]


@dataclass(frozen=True)
class Demo:
    """The conversation that ``balie demo`` plays: what a customer says, who they are."""

    messages: tuple[str, ...]
    identity: str | None = None


@dataclass(frozen=True)
class Vertical:
    """What the runtime knows of a vertical.

    Attributes:
        name: as in its entry point and its folder.
        package: where its parts are; those below are ``module:attribute`` in it.
        team: agents, tools, resolvers, replies.
        tables: the SQLAlchemy base whose metadata its tables are in.
        seed: fills an empty database: ``async (session, today)``.
        controllers: of its REST API. screens: of its terminal UI.
        corpus: id → text of what is searched by meaning, or empty.
        imports: the kinds of rows that it takes in bulk (:mod:`balie.importing`), or empty.
        forget: wipes what the vertical keeps of a visit: ``async (session, conversation, now)``, or None.
        operator_at, visitor_at: ``async (session)``, give lines (label, value) for the operator of a kiosk
            and for whoever stands before it.
        outgoing_at: sends what turns left for the machine that they were said to (a printer):
            ``async (desk, language)``, gives sentences to tell whoever stands there.
        test_print_at: prints a page to try the printer: ``(settings)``, in a thread.
        demo: a conversation that shows what it does.
        suggestions: what a person could say first.
    """

    name: str
    title: str
    description: str
    package: str
    demo: Demo
    suggestions: tuple[str, ...] = ()
    team_at: str = "tools:TEAM"
    tables_at: str = "models:Base"
    seed_at: str = "sample_data:seed"
    controllers_at: str = "api:CONTROLLERS"
    screens_at: str = "screens:SCREENS"
    corpus_at: str = ""
    imports_at: str = ""
    forget_at: str = ""
    operator_at: str = ""
    visitor_at: str = ""
    outgoing_at: str = ""
    test_print_at: str = ""

    def _part(self, place: str) -> Any:
        module, _, attribute = place.partition(":")
        return getattr(import_module(f"{self.package}.{module}"), attribute)

    @cached_property
    def team(self) -> "Team":
        """Agents, tools, resolvers, replies."""
        team: Team = self._part(self.team_at)
        return team

    @cached_property
    def metadata(self) -> "MetaData":
        """The tables."""
        metadata: MetaData = self._part(self.tables_at).metadata
        return metadata

    @property
    def seed(self) -> Seed:
        """Fills an empty database."""
        seed: Seed = self._part(self.seed_at)
        return seed

    @property
    def forget(self) -> "Forget | None":
        """Wipes what the vertical keeps of a visit."""
        forget: Forget | None = self._part(self.forget_at) if self.forget_at else None
        return forget

    async def lines(self, place: str, session: "AsyncSession") -> Sequence[tuple[str, Any]]:
        """What ``operator_at`` or ``visitor_at`` tells now; nothing where it is empty."""
        return list(await self._part(place)(session)) if place else ()

    async def send_out(self, desk: "Desk", language: str) -> Sequence[str]:
        """Send what turns left for this machine, and give what there is to tell of it."""
        return list(await self._part(self.outgoing_at)(desk, language)) if self.outgoing_at else ()

    @property
    def test_print(self) -> "Callable[[Settings], None] | None":
        """Prints a page to try the printer."""
        test_print: Callable[[Settings], None] | None = (
            self._part(self.test_print_at) if self.test_print_at else None
        )
        return test_print

    @property
    def locales(self) -> Path:
        """Where the catalogs of its screens are."""
        return Path(str(import_module(self.package).__file__)).parent / "locales"

    @property
    def controllers(self) -> Sequence[Any]:
        """Litestar controllers."""
        controllers: Sequence[Any] = self._part(self.controllers_at)
        return controllers

    @property
    def screens(self) -> Any:
        """Textual screens."""
        return self._part(self.screens_at)

    def corpus(self) -> Mapping[str, str]:
        """What is searched by meaning: id → text."""
        return dict(self._part(self.corpus_at)()) if self.corpus_at else {}

    @property
    def imports(self) -> "Mapping[str, ImportKind]":
        """The kinds of rows that it takes in bulk, by their names."""
        kinds: Mapping[str, ImportKind] = self._part(self.imports_at) if self.imports_at else {}
        return kinds

    @property
    def folder(self) -> Path:
        """Where heads/, scenarios/, examples.toml and policy.md are: the checkout's, or in the wheel."""
        package = Path(str(import_module(self.package).__file__)).parent
        checkout = package.parents[1]
        return checkout if (checkout / "examples.toml").is_file() else package

    @property
    def migrations(self) -> "VerticalMigrations":
        """Its own Alembic history."""
        from balie.db.migrate import VerticalMigrations

        package = Path(str(import_module(self.package).__file__)).parent
        return VerticalMigrations(self.name, package / "migrations", self.metadata)


def names() -> list[str]:
    """The installed verticals, without importing any."""
    return sorted(entry.name for entry in entry_points(group=GROUP))


def load(name: str) -> Vertical:
    """The vertical of that name.

    Raises:
        NotFound: none of that name is installed. ConfigError: its entry point is something else.
    """
    found: Collection[EntryPoint] = entry_points(group=GROUP, name=name)
    if not found:
        raise NotFound(f"There is no vertical {name!r}; installed: {', '.join(names()) or 'none'}.")
    vertical = next(iter(found)).load()
    if not isinstance(vertical, Vertical):
        raise ConfigError(
            f"The entry point {name} of {GROUP} is no Vertical but a {type(vertical).__name__}."
        )
    return vertical


def database_of(vertical: Vertical, settings: "Settings") -> "Database":
    """The database that the settings give this vertical; not opened yet."""
    from balie.db.engine import Database, database_url

    return Database(database_url(vertical.name, settings.database_url))


async def prepare(
    vertical: Vertical,
    database: "Database",
    *,
    today: date,
    report: Callable[[str], None] = lambda _: None,
    sample: bool = True,
) -> None:
    """Bring the database to the code's form, and fill a new one with the sample data, once.

    Args:
        today: the day that the sample data are told from.
        report: is told in words what is being done; nothing is said where nothing is to do.
        sample: False leaves a new database empty.

    Raises:
        MigrationNeeded: the database is newer than the code.
    """
    from balie.db.migrate import current, is_current, upgrade

    if await is_current(database, vertical.migrations):
        return
    new = all(revision is None for revision in (await current(database, vertical.migrations)).values())
    report(f"{'Making' if new else 'Upgrading'} the database of {vertical.title} …")

    async def filled(session: "AsyncSession") -> None:
        report(f"Filling it with the sample data of {vertical.title} …")
        await fill(vertical, session, today)

    # In one transaction: whoever is killed meanwhile leaves no database that is neither new nor filled.
    await upgrade(database, vertical.migrations, then=filled if new and sample else None)


async def fill(vertical: Vertical, session: "AsyncSession", today: date) -> bool:
    """Put the sample data in, once; False where that was done before."""
    from balie.db import idempotency

    mark: dict[str, Any] = {
        "caller": "balie",
        "key": f"sample-data:{vertical.name}",
        "request": vertical.name,
    }
    if await idempotency.find(session, **mark) is not None:
        return False
    await vertical.seed(session, today)
    await idempotency.store(session, **mark, response=today.isoformat())
    return True


def models_for(vertical: Vertical, settings: "Settings") -> "Models":
    """The models that this vertical's desk asks; not started yet.

    It imports neither tables nor tools: who starts them first of all has them load while these come in.
    """
    from balie.routing import Models

    return Models(settings.models, name=vertical.name, heads=vertical.folder / "heads")


async def open_desk(
    vertical: Vertical,
    settings: "Settings",
    *,
    database: "Database | None" = None,
    models: "Models | None" = None,
    clock: "Clock | None" = None,
    observers: "Sequence[Observer]" = (),
    report: Callable[[str], None] = lambda _: None,
) -> "Desk":
    """A desk that is ready for people; its models warm up in the background.

    What is not given is made from the settings: the database is brought up to date and, when it is
    new, filled with the sample data. Close the desk's ``models`` and ``database`` when you are done.
    """
    models = models or models_for(vertical, settings)
    models.start()
    from balie.agent.desk import Desk, system_clock

    clock = clock or system_clock
    models.expect(vertical.team.commands)
    database = database or database_of(vertical, settings)
    desk = Desk(
        vertical.title,
        vertical.team,
        database,
        models,
        settings,
        clock=clock,
        observers=observers,
        forgets=vertical.forget,
    )
    await prepare(vertical, database, today=clock().astimezone(desk.timezone).date(), report=report)
    return desk
