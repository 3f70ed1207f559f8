"""``balie keys``: keys to the REST API, and the PIN of a kiosk."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click

from balie.cli._console import json_option, note, print_json, print_table
from balie.cli._desks import run, settings
from balie.cli._group import Command
from balie.errors import BadRequest

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from balie.vertical import Vertical

Answer = TypeVar("Answer")

_vertical_option = click.option(
    "--vertical",
    "vertical_name",
    metavar="NAME",
    help="Whose API; can be left out where one vertical is installed.",
)


@click.group()
def command() -> None:
    """Make, list and revoke keys to the REST API; make a kiosk's PIN."""


@command.command(cls=Command)
@_vertical_option
@click.option(
    "--role", type=click.Choice(["customer", "staff", "admin"]), required=True, help="What the key may do."
)
@click.option(
    "--identity", metavar="IDENTITY", help="Who it speaks for: a customer's number, a colleague's name."
)
@click.option("--label", default="", help="What it is for, so that you know it again.")
@json_option
def create(vertical_name: str | None, role: str, identity: str | None, label: str, as_json: bool) -> None:
    """Make a key and print it; it is shown once and kept nowhere."""
    from balie.db import api_keys

    vertical = _vertical(vertical_name)

    async def work(session: "AsyncSession") -> str:
        return await api_keys.create(session, role=role, identity=identity, label=label)

    key = run(_with_session(vertical, work))
    if as_json:
        print_json(
            {"key": key, "vertical": vertical.name, "role": role, "identity": identity, "label": label}
        )
        return
    click.echo(key)
    speaks = f"{role} {identity}" if identity else role
    note(f"It opens the API of {vertical.title} as {speaks}. It is not shown again.")


@command.command("list", cls=Command)
@_vertical_option
@json_option
def list_(vertical_name: str | None, as_json: bool) -> None:
    """Show the keys, without their secrets."""
    from balie.db import api_keys

    vertical = _vertical(vertical_name)

    async def work(session: "AsyncSession") -> list[dict[str, object]]:
        return [
            {
                "prefix": key.prefix,
                "role": key.role,
                "identity": key.identity,
                "label": key.label,
                "created_at": key.created_at,
                "last_used_at": key.last_used_at,
                "revoked_at": key.revoked_at,
            }
            for key in await api_keys.all_keys(session)
        ]

    found = run(_with_session(vertical, work))
    if as_json:
        print_json(found)
    elif found:
        headings = ("prefix", "role", "identity", "label", "created", "last used", "revoked")
        print_table(headings, [[_shown(value) for value in entry.values()] for entry in found])
    else:
        note(f"{vertical.title} has no keys yet: balie keys create --role staff")


@command.command(cls=Command)
@_vertical_option
@click.argument("prefix")
def revoke(vertical_name: str | None, prefix: str) -> None:
    """End a key, named by its PREFIX (the eight letters after ``balie_``)."""
    from balie.db import api_keys

    vertical = _vertical(vertical_name)

    async def work(session: "AsyncSession") -> str:
        return (await api_keys.revoke(session, prefix)).prefix

    click.echo(f"The key {run(_with_session(vertical, work))} opens nothing any more.")


@command.command(cls=Command)
def pin() -> None:
    """Make what the settings keep of a kiosk operator's PIN, of 6 to 12 digits."""
    from balie.tui.kiosk.pin import hashed

    kept = hashed(click.prompt("The PIN", hide_input=True, confirmation_prompt="And again", err=True))
    click.echo(f'[kiosk]\npin_hash = "{kept}"')
    note("Put these lines into balie.toml. The PIN itself is kept nowhere.")


def _vertical(name: str | None) -> "Vertical":
    from balie.vertical import load, names

    if name is None:
        installed = names()
        if len(installed) != 1:
            raise BadRequest(f"Say whose API: --vertical {'|'.join(installed) or 'NAME'}.")
        (name,) = installed
    return load(name)


async def _with_session(vertical: "Vertical", work: "Callable[[AsyncSession], Awaitable[Answer]]") -> Answer:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from balie.vertical import database_of, prepare

    loaded = settings()
    database = database_of(vertical, loaded)
    try:
        await prepare(vertical, database, today=datetime.now(ZoneInfo(loaded.timezone)).date(), report=note)
        async with database.write() as session:
            return await work(session)
    finally:
        await database.close()


def _shown(value: object) -> str:
    from datetime import datetime

    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)
