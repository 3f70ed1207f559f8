"""``balie db``: upgrade, fill, reset or purge a vertical's database."""

import sys
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from balie.cli._console import json_option, note, print_json
from balie.cli._desks import run, settings, vertical_argument
from balie.cli._group import Command
from balie.errors import BadRequest, Conflict

if TYPE_CHECKING:
    from balie.db.engine import Database
    from balie.db.retention import Purged
    from balie.vertical import Vertical


@click.group()
def command() -> None:
    """Upgrade, fill, reset or purge a vertical's database."""


@command.command(cls=Command)
@vertical_argument
def upgrade(vertical_name: str) -> None:
    """Bring the database to the form that this Balie needs; a new one stays empty."""
    vertical, database, today = _opened(vertical_name)

    async def work() -> None:
        from balie.db.migrate import is_current
        from balie.vertical import prepare

        try:
            if await is_current(database, vertical.migrations):
                click.echo(f"The database of {vertical.title} is up to date.")
                return
            await prepare(vertical, database, today=today, report=note, sample=False)
            click.echo(f"The database of {vertical.title} is up to date now: {_place(database)}")
        finally:
            await database.close()

    run(work())


@command.command(cls=Command)
@vertical_argument
def seed(vertical_name: str) -> None:
    """Fill an empty database with the sample data."""
    vertical, database, today = _opened(vertical_name)

    async def work() -> None:
        from sqlalchemy.exc import IntegrityError

        from balie.vertical import fill, prepare

        try:
            await prepare(vertical, database, today=today, report=note, sample=False)
            async with database.write() as session:
                note(f"Filling it with the sample data of {vertical.title} …")
                if not await fill(vertical, session, today):
                    raise _full(vertical)
        except IntegrityError as error:
            raise _full(vertical) from error
        finally:
            await database.close()
        click.echo(f"The database of {vertical.title} has its sample data: {_place(database)}")

    run(work())


@command.command(cls=Command)
@vertical_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--empty", is_flag=True, help="Leave it without the sample data.")
def reset(vertical_name: str, yes: bool, empty: bool) -> None:
    """Throw everything in the database away and make it anew, with the sample data.

    Conversations, keys and the audit log are thrown away too. Nothing may be using the database.
    """
    vertical, database, today = _opened(vertical_name)
    if not yes:
        if not sys.stdin.isatty():
            raise BadRequest("Everything in the database would be thrown away: say --yes.")
        click.confirm(f"Throw away everything in {_place(database)}?", abort=True)

    async def work() -> None:
        from balie.db.migrate import erase
        from balie.vertical import prepare

        try:
            await erase(database, vertical.migrations)
            await prepare(vertical, database, today=today, report=note, sample=not empty)
            click.echo(f"The database of {vertical.title} is new: {_place(database)}")
        finally:
            await database.close()

    run(work())


@command.command(cls=Command)
@vertical_argument
@click.option(
    "--days", type=click.IntRange(min=1), metavar="N", help="Keep the last N days; else as the settings say."
)
@json_option
def purge(vertical_name: str, days: int | None, as_json: bool) -> None:
    """Remove conversations, stored answers and messages that are older than they are kept.

    What still waits for somebody stays, but for messages that nobody took: no webhook is set. The audit
    log stays too; it names people by pseudonyms only.
    """
    loaded = settings()
    vertical, database, _ = _opened(vertical_name)
    limit = datetime.now(UTC) - timedelta(days=days or loaded.conversation.keep_days)

    async def work() -> "Purged":
        from balie.db import retention
        from balie.db.migrate import require_current

        try:
            await require_current(database, vertical.migrations)
            async with database.write() as session:
                return await retention.purge(session, limit)
        finally:
            await database.close()

    gone = run(work())
    if as_json:
        print_json(gone)
    else:
        click.echo(
            f"Removed from before {limit:%Y-%m-%d}: {gone.conversations} conversations,"
            f" {gone.pending_actions} decided actions, {gone.idempotency_keys} stored answers,"
            f" {gone.outbox_messages} messages."
        )


def _full(vertical: "Vertical") -> Conflict:
    return Conflict(
        f"The database of {vertical.title} has data already."
        f" `balie db reset {vertical.name}` throws them away and fills it anew."
    )


def _opened(vertical_name: str) -> "tuple[Vertical, Database, date]":
    from balie.vertical import database_of, load

    loaded = settings()
    vertical = load(vertical_name)
    return vertical, database_of(vertical, loaded), datetime.now(ZoneInfo(loaded.timezone)).date()


def _place(database: "Database") -> str:
    return str(database.path) if database.path else database.url.render_as_string(hide_password=True)
