"""``balie serve``: the REST API of one or several verticals."""

import signal
import socket
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import click

from balie.cli._console import note
from balie.cli._desks import run, settings
from balie.cli._exit import ExitCode
from balie.cli._group import Command
from balie.errors import ConfigError

if TYPE_CHECKING:
    from balie.agent.desk import Desk
    from balie.config import Settings
    from balie.vertical import Vertical

# Requests that are at work when the server is told to stop get this long to end.
_GRACE_SECONDS = 10


@click.command(cls=Command)
@click.argument("vertical_names", metavar="VERTICAL...", nargs=-1, required=True)
@click.option("--host", help="Where to listen; only this machine reaches the default, 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="8000 when left out.")
def command(vertical_names: tuple[str, ...], host: str | None, port: int | None) -> None:
    """Serve the REST API of one or several verticals.

    Until ctrl-c. One vertical is at the root; of several, each is under its name.
    """
    note(f"Opening {', '.join(vertical_names)} …")
    from balie.vertical import load

    loaded = settings({"api.host": host, "api.port": port})
    verticals = [load(name) for name in dict.fromkeys(vertical_names)]
    # uvicorn stops gracefully and then raises the signal again, for whoever started it. That is here.
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        started = run(_serve(verticals, loaded))
    except KeyboardInterrupt:
        started = True
    note("Stopped.")
    if not started:
        raise click.exceptions.Exit(ExitCode.FAILED)


async def _serve(verticals: "list[Vertical]", loaded: "Settings") -> bool:
    """Serve until a signal comes; False where it could not start."""
    import uvicorn

    from balie.api import ServedVertical, create_app
    from balie.cli._delivery import delivering
    from balie.vertical import open_desk

    desks: dict[str, Desk] = {}

    def served(vertical: "Vertical") -> ServedVertical:
        async def opened() -> "Desk":
            return desks[vertical.name]

        return ServedVertical(vertical, opened)

    app = create_app([served(vertical) for vertical in verticals], loaded)
    listening = _listen(loaded.api.host, loaded.api.port)
    for vertical in verticals:
        # Opened here and not by the server, so that what goes wrong is told in its own words.
        desks[vertical.name] = await open_desk(vertical, loaded, report=note)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                await _tell(listening, verticals, desks, loaded)

    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server: Any = Server(config)
    async with AsyncExitStack() as stack:
        for vertical in verticals:
            await stack.enter_async_context(delivering(vertical, loaded))
        await server.serve(sockets=[listening])
    return bool(server.started)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ConfigError(
            f"Nothing can be served at {host}, port {port}: {error.strerror or error}. --port takes another."
        ) from error
    # asyncio does this only for sockets that it makes itself; without it an answer waits 40 ms for an
    # acknowledgement that the client holds back.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


async def _tell(
    listening: socket.socket, verticals: "list[Vertical]", desks: "dict[str, Desk]", loaded: "Settings"
) -> None:
    """Where it is, and what is needed to use it."""
    from balie.db import api_keys

    host, port = listening.getsockname()[:2]
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    for vertical in verticals:
        prefix = "" if len(verticals) == 1 else f"/{vertical.name}"
        click.echo(f"{vertical.title}: {address}{prefix}/v1")
    click.echo(f"Documentation: {address}/docs")
    if not loaded.api.require_key:
        return
    for vertical in verticals:
        async with desks[vertical.name].database.read() as session:
            if not await api_keys.all_keys(session):
                which = "" if len(verticals) == 1 else f" --vertical {vertical.name}"
                note(f"{vertical.title} has no key yet: balie keys create{which} --role staff")
