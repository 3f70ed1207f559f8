"""``balie tui``: a vertical's screens."""

import click

from balie.cli._desks import vertical_argument
from balie.cli._group import Command


@click.command(cls=Command)
@vertical_argument
@click.option("--as", "identity", metavar="IDENTITY", help="Who is at the desk, as if authenticated: C-1001.")
@click.option(
    "--role", type=click.Choice(["customer", "staff", "admin"]), default="customer", show_default=True
)
@click.pass_context
def command(ctx: click.Context, vertical_name: str, identity: str | None, role: str) -> None:
    """Open a vertical's screens.

    They are usable while the models warm up.
    """
    from balie.config import load as load_settings
    from balie.vertical import load, names

    # What is wrong before the first frame is told in the terminal, where it can be read at leisure.
    load_settings()
    if vertical_name not in names():
        load(vertical_name)
    from balie.tui import run

    ctx.exit(run(vertical_name, identity=identity, role=role))
