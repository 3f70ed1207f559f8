"""``balie worker``: post what waits in the outbox to the webhooks of the settings."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from balie.cli._console import json_option, note, print_json
from balie.cli._desks import run, settings, vertical_argument
from balie.cli._exit import ExitCode
from balie.cli._group import Command
from balie.errors import ConfigError

if TYPE_CHECKING:
    from balie.config import Settings
    from balie.delivery import Attempt
    from balie.vertical import Vertical

_HOW = """\
There are no webhooks in the settings. In balie.toml they are
[[webhooks]]
url = "https://shop.example.org/hooks/kiosk"
topics = ["quote.made", "reservation.made"]
secret_env = "SHOP_WEBHOOK_SECRET"\
"""


@click.command(cls=Command)
@vertical_argument
@click.option("--once", is_flag=True, help="Deliver what is due now and end.")
@json_option
def command(vertical_name: str, once: bool, as_json: bool) -> None:
    """Post what waits in the outbox to the webhooks of the settings.

    Until ctrl-c. What is not answered with a 2xx is tried again after growing waits, for about three days. `balie serve`
    does the same while it runs. With --once the exit code is 1 where something did not arrive.
    """
    from balie.delivery import endpoints_of
    from balie.vertical import load

    loaded = settings()
    vertical = load(vertical_name)
    endpoints = endpoints_of(loaded.webhooks)
    if not endpoints:
        raise ConfigError(_HOW)

    def tell(attempt: "Attempt") -> None:
        if as_json:
            print_json(_record(attempt), line=True)
        else:
            click.echo(_words(attempt))

    note(f"The webhooks of {vertical.title} go to {', '.join(endpoint.host for endpoint in endpoints)}.")
    try:
        failed = run(_work(vertical, loaded, tell, once=once))
    except KeyboardInterrupt:
        failed = False
    if not once:
        note("Stopped.")
    if failed:
        raise click.exceptions.Exit(ExitCode.FAILED)


async def _work(
    vertical: "Vertical", loaded: "Settings", tell: "Callable[[Attempt], None]", *, once: bool
) -> bool:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from balie.cli._delivery import deliver_once, deliver_until_stopped
    from balie.vertical import database_of, prepare

    database = database_of(vertical, loaded)
    try:
        await prepare(vertical, database, today=datetime.now(ZoneInfo(loaded.timezone)).date(), report=note)
    finally:
        await database.close()
    if not once:
        await deliver_until_stopped(vertical, loaded, tell)
        return False
    return not all(attempt.arrived for attempt in await deliver_once(vertical, loaded, tell))


def _words(attempt: "Attempt") -> str:
    outcome = (
        f"arrived ({attempt.status})" if attempt.arrived else attempt.error or f"answered {attempt.status}"
    )
    again = f", attempt {attempt.attempt}" if attempt.attempt > 1 else ""
    return f"{attempt.topic} to {attempt.host}: {outcome}{again}, {attempt.ms:.0f} ms"


def _record(attempt: "Attempt") -> dict[str, object]:
    return {
        "message": attempt.message,
        "topic": attempt.topic,
        "host": attempt.host,
        "attempt": attempt.attempt,
        "arrived": attempt.arrived,
        "status": attempt.status,
        "error": attempt.error,
        "ms": attempt.ms,
    }
