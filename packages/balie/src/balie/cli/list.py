"""``balie list``: the verticals that are installed."""

import click

from balie.cli._console import json_option, note, print_json, print_table
from balie.cli._exit import ExitCode
from balie.cli._group import Command


@click.command(cls=Command)
@json_option
def command(as_json: bool) -> None:
    """Show the verticals that are installed."""
    from balie.vertical import load, names

    found, broken = [], {}
    for name in names():
        try:
            vertical = load(name)
        except (
            Exception
        ) as error:  # a vertical is anybody's code; one that can't be imported must not hide the others
            broken[name] = f"{type(error).__name__}: {error}"
        else:
            found.append({"name": name, "title": vertical.title, "description": vertical.description})
    if as_json:
        print_json({"verticals": found, "broken": broken})
    elif found:
        print_table(("vertical", "", ""), [list(entry.values()) for entry in found])
    else:
        note("No vertical is installed.")
    if broken:
        for name, words in broken.items():
            click.echo(f"{name} can't be loaded: {words}", err=True)
        raise click.exceptions.Exit(ExitCode.FAILED)
