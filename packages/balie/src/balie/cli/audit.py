"""``balie audit verify``: the proof that a vertical's audit log is whole."""

import re

import click

from balie.cli._console import json_option, print_json
from balie.cli._desks import run, settings, vertical_argument
from balie.cli._group import Command
from balie.errors import BadRequest, NotFound


@click.group()
def command() -> None:
    """Prove that a vertical's audit log is whole."""


@command.command(cls=Command)
@vertical_argument
@click.option(
    "--noted", metavar="RECORDS:HASH", help="What an earlier run said; then missing last records show too."
)
@json_option
def verify(vertical_name: str, noted: str | None, as_json: bool) -> None:
    """Follow the chain of records from the first to the last.

    Ends with 1 where a record was changed, removed or put in. Keep what it prints outside of this
    machine and give it to the next run with --noted.
    """
    from balie.db.migrate import current, require_current
    from balie.monitoring import audit
    from balie.vertical import database_of, load

    anchor = None
    if noted is not None:
        parts = re.fullmatch(r"(\d+):([0-9a-f]{64})", noted)
        if parts is None:
            raise BadRequest(
                f"{noted} is not what `balie audit verify` printed: a number, a colon, 64 digits."
            )
        anchor = audit.AuditReport(int(parts[1]), parts[2])
    vertical = load(vertical_name)
    database = database_of(vertical, settings())

    async def check() -> audit.AuditReport:
        try:
            if not any((await current(database, vertical.migrations)).values()):
                raise NotFound(f"{vertical.title} has no database yet, so it has no audit log.")
            await require_current(database, vertical.migrations)
            async with database.read() as session:
                return await audit.verify(session, anchor=anchor)
        finally:
            await database.close()

    report = run(check())
    if as_json:
        print_json(report)
        return
    last = f", the last of {report.last_at:%Y-%m-%d %H:%M:%S} UTC" if report.last_at else ""
    click.echo(f"The audit log of {vertical.title} is whole: {report.records} records{last}.")
    click.echo(f"{report.records}:{report.last_hash}")
