"""``balie demo``: a customer is served in every vertical, on a copy of the sample data."""

from time import perf_counter
from typing import TYPE_CHECKING

import click

from balie.cli._console import note, output, print_indented
from balie.cli._desks import data_elsewhere, desk_of, run, settings, warmed_up
from balie.cli._group import Command

if TYPE_CHECKING:
    from pathlib import Path

    from balie.agent import Turn
    from balie.cli import _changes
    from balie.config import Settings
    from balie.vertical import Vertical


@click.command(cls=Command)
def command() -> None:
    """Serve a customer in every vertical, on a copy of the sample data.

    Prints what was asked and answered, what changed in the database, and how long each step took.
    Nothing is kept.
    """
    started = perf_counter()
    note("Balie serves a customer in every vertical that is installed, on a copy of the sample data.")
    from balie.vertical import load, names

    verticals = [load(name) for name in names()]
    if not verticals:
        note("No vertical is installed.")
        return
    loaded = settings()
    for vertical in verticals:
        with data_elsewhere() as folder:
            run(_serve(vertical, loaded, folder))
    first = verticals[0]
    speaker = f" --as {first.demo.identity}" if first.demo.identity else ""
    console = output()
    console.print(
        f"[bold green]Done[/] in {perf_counter() - started:.1f} s."
        f" Try next: [bold]balie chat {first.name}{speaker}[/]  or  [bold]balie tui {first.name}[/]",
        soft_wrap=True,
    )


async def _serve(vertical: "Vertical", loaded: "Settings", folder: "Path") -> None:
    from balie.agent import Caller
    from balie.cli import _changes
    from balie.db import Database

    console = output()
    console.print(f"\n[bold underline]{vertical.title}[/]")
    begun = perf_counter()
    database = Database(path=folder / f"{vertical.name}.sqlite3")
    async with desk_of(vertical, loaded, database=database) as desk:
        opened = perf_counter()
        await warmed_up(desk)
        console.print(
            f"[dim]database made and filled in {opened - begun:.1f} s,"
            f" models ready after {perf_counter() - begun:.1f} s[/]"
        )
        caller = Caller(identity=vertical.demo.identity, language=loaded.language, channel="demo")
        conversation = await desk.open(caller)
        tables = _changes.watched(vertical.metadata.sorted_tables)
        before = await _changes.snapshot(database, tables)
        for message in vertical.demo.messages:
            _say("bold cyan", vertical.demo.identity or "Customer", message)
            turn = await desk.say(conversation, message, caller)
            after = await _changes.snapshot(database, tables)
            _show(turn, _changes.changes(before, after, tables, database.engine.dialect))
            before = after
        console.print()


def _say(style: str, speaker: str, words: str) -> None:
    output().print(f"\n[{style}]{speaker}[/]")
    print_indented(words)


def _show(turn: "Turn", changed: "list[_changes.Change]") -> None:
    from rich.text import Text

    from balie.cli._changes import told

    _say("bold magenta", turn.agent, turn.reply)
    for change in changed:
        print_indented(Text.assemble(("database  ", "yellow"), told(change)))
    took = turn.latency_ms
    steps = " · ".join(
        (
            *(turn.status, *(command.tool for command in turn.commands)),
            f"understood {took.understand:.1f} ms",
            f"resolved {took.resolve:.1f} ms",
            f"acted {took.act:.1f} ms",
            f"replied {took.reply:.1f} ms",
            f"in all {took.total:.1f} ms",
        )
    )
    print_indented(Text(steps, "dim"))
