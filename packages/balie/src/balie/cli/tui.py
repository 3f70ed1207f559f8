"""``balie tui``: a vertical's screens."""

import click

from balie.cli._console import note
from balie.cli._desks import vertical_argument
from balie.cli._group import Command
from balie.errors import BadRequest


@click.command(cls=Command)
@vertical_argument
@click.option("--as", "identity", metavar="IDENTITY", help="Who is at the desk, as if authenticated: C-1001.")
@click.option(
    "--role", type=click.Choice(["customer", "staff", "admin"]), default="customer", show_default=True
)
@click.option("--kiosk", is_flag=True, help="For people who walk up: only the operator's PIN leaves it.")
@click.pass_context
def command(ctx: click.Context, vertical_name: str, identity: str | None, role: str, *, kiosk: bool) -> None:
    """Open a vertical's screens.

    They are usable while the models warm up. With --kiosk a visit is wiped when somebody is done or has
    walked away; set the operator's PIN first: balie keys pin.
    """
    from balie.config import load as load_settings
    from balie.vertical import load, names

    # What is wrong before the first frame is told in the terminal, where it can be read at leisure.
    settings = load_settings()
    if kiosk and (identity or role != "customer"):
        raise BadRequest("A kiosk is for anybody: leave out --as and --role.")
    if vertical_name not in names():
        load(vertical_name)
    if kiosk and not settings.kiosk.pin_hash:
        note(
            "There is no operator PIN, so nobody can leave kiosk mode at its screen: balie keys pin makes one."
        )
    from balie.tui import run

    if kiosk:
        ctx.exit(run(vertical_name, language=settings.language, kiosk=settings.kiosk))
    ctx.exit(run(vertical_name, identity=identity, role=role, language=settings.language))
