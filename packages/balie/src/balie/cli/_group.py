"""The command ``balie``: its subcommands, imported when they run, and how their errors are told."""

import os
import sys
from importlib import import_module
from typing import Any

import click

from balie.cli._exit import ExitCode, code_for
from balie.errors import BalieError

COMMANDS = {
    "demo": "Serve a customer in every vertical, on a copy of the sample data.",
    "list": "Show the verticals that are installed.",
    "chat": "Talk to a vertical's desk, or say one thing to it.",
    "tui": "Open a vertical's screens.",
    "serve": "Serve the REST API of one or several verticals.",
    "eval": "Play a vertical's scenarios and count what is right.",
    "tune": "Make a vertical's heads out of its examples.",
    "bench": "Measure speed and memory on this machine.",
    "models": "Show the models that Balie knows.",
    "doctor": "Check that everything on this machine is as it must be.",
    "import": "Bring many rows at once into a vertical, from a file.",
    "worker": "Post what waits in the outbox to the webhooks of the settings.",
    "db": "Upgrade, fill, reset or purge a vertical's database.",
    "audit": "Prove that a vertical's audit log is whole.",
    "keys": "Make, list and revoke keys to the REST API; make a kiosk's PIN.",
}
"""Every command and its line of help. The module is ``balie.cli.<name>``, the object in it ``command``."""

_VERBOSE = "balie.verbose"


def _note_verbose(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[_VERBOSE] = True


def is_verbose(ctx: click.Context | None = None) -> bool:
    """Whether the person asked for details: ``--verbose`` anywhere, or ``BALIE_LOG_LEVEL=debug``."""
    ctx = ctx or click.get_current_context(silent=True)
    asked = ctx is not None and ctx.meta.get(_VERBOSE, False)
    return bool(asked) or os.environ.get("BALIE_LOG_LEVEL", "").casefold() == "debug"


class _VerboseOption(click.Option):
    def __init__(self) -> None:
        super().__init__(
            ["-v", "--verbose"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_note_verbose,
            help="Tell more, and show where an error came from.",
        )


class Command(click.Command):
    """A command that takes ``--verbose`` as every other one does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(_VerboseOption())


class LazyGroup(click.Group):
    """Knows its commands by a table and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"balie.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, without importing what is in it."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest command named where there is none."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"Did you mean {near[0]}?" if near else "`balie --help` lists them all."
            ctx.fail(f"There is no command {args[0]}. {hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run; an error becomes words on stderr and an exit code, never a traceback."""
        try:
            return super().invoke(ctx)
        except BalieError as error:
            _tell(ctx, str(error))
            raise click.exceptions.Exit(code_for(error)) from error
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            click.echo(err=True)
            raise click.exceptions.Exit(ExitCode.INTERRUPTED) from None
        except Exception as error:
            _tell(ctx, f"This should not have happened: {type(error).__name__}: {error}")
            if not is_verbose(ctx):
                click.echo("The same command with --verbose shows where.", err=True)
            raise click.exceptions.Exit(ExitCode.FAULT) from error


def _tell(ctx: click.Context, words: str) -> None:
    if is_verbose(ctx):
        import traceback

        click.echo(traceback.format_exc(), err=True)
    click.echo(click.style("Error: ", fg="red", bold=True) + words, err=True)


def _show_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        from importlib.metadata import version

        click.echo(f"balie {version('balie')}")
        ctx.exit()


_EXIT_CODES = """\b
Exit codes: 0 done; 1 failed, or a check found a problem; 2 used wrongly; 3 there is no such thing;
4 refused; 69 a model or the database is not available; 75 busy, try again; 78 a wrong setting.
"""


@click.group(
    cls=LazyGroup,
    epilog=_EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version.",
)
def group() -> None:
    """Vertical agents on small language models, on the machine in front of you.

    `balie demo` is the place to begin.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that can't show a character gets a question mark instead of an error.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


group.params.append(_VerboseOption())
