# ruff: noqa: N999  a command's module has the command's name
"""``balie import``: many rows at once, from a file, into a vertical's database."""

import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from balie.cli._console import json_option, note, print_json, print_table, progress
from balie.cli._desks import run, settings, vertical_argument
from balie.cli._exit import ExitCode
from balie.cli._group import Command
from balie.errors import BadRequest, NotFound

if TYPE_CHECKING:
    from balie.config import Settings
    from balie.importing import Format, ImportKind, ImportReport
    from balie.vertical import Vertical

_PIECE_BYTES = 256 * 1024
_FAULTS_SHOWN = 20
_FORMATS = {".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}


@click.command(cls=Command)
@vertical_argument
@click.argument("kind_name", metavar="KIND")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--all-or-nothing", is_flag=True, help="Write nothing if one row has a fault.")
@click.option("--with", "choices", multiple=True, metavar="CHOICE", help="What a kind offers beside.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["csv", "json", "jsonl"]),
    help="By the file's ending when left out.",
)
@json_option
def command(
    vertical_name: str,
    kind_name: str,
    file: Path,
    all_or_nothing: bool,
    choices: tuple[str, ...],
    format_name: str | None,
    as_json: bool,
) -> None:
    """Bring many rows at once into a vertical, from a file.

    FILE is CSV, JSON or JSON Lines; - is the standard input. KIND is what its rows are, such as products.
    Good rows are written while the file is read, and faulty ones are reported; the exit code is 1 then. The
    desk stays open meanwhile.
    """
    from balie.importing import Format, ImportRefused, Unreadable
    from balie.vertical import load

    loaded = settings()
    vertical = load(vertical_name)
    kind = _kind(vertical, kind_name)
    for choice in choices:
        if choice.replace("-", "_") not in kind.choices:
            known = "; ".join(f"{name}: {help_}" for name, help_ in kind.choices.items()) or "nothing"
            raise BadRequest(f"{kind_name} of {vertical.name} offers no {choice!r}, but {known}")
    if (format_name := format_name or _FORMATS.get(file.suffix.lower())) is None:
        raise BadRequest(f"{file} ends in nothing that is known: say --format csv, json or jsonl.")
    wanted = {choice.replace("-", "_"): True for choice in choices}
    try:
        report = run(
            _work(vertical, loaded, kind_name, kind, file, Format(format_name), all_or_nothing, wanted)
        )
    except (ImportRefused, Unreadable) as error:
        _tell(error.facts, as_json)
        click.echo(click.style("Error: ", fg="red", bold=True) + str(error), err=True)
        code = ExitCode.FAILED if isinstance(error, ImportRefused) else ExitCode.USAGE
        raise click.exceptions.Exit(code) from error
    import msgspec

    _tell(msgspec.to_builtins(report), as_json)
    if not report.is_clean:
        raise click.exceptions.Exit(ExitCode.FAILED)


async def _work(
    vertical: "Vertical",
    loaded: "Settings",
    kind_name: str,
    kind: "ImportKind",
    file: Path,
    format_: "Format",
    all_or_nothing: bool,
    wanted: dict[str, bool],
) -> "ImportReport":
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from balie.importing import By, Import
    from balie.vertical import database_of, prepare

    today = datetime.now(ZoneInfo(loaded.timezone)).date()
    opened, size = _opened(file)
    database = database_of(vertical, loaded)
    try:
        await prepare(vertical, database, today=today, report=note)
        with progress(f"{kind_name} of {vertical.title}") as advance:
            read = 0

            def count(number: int) -> None:
                nonlocal read
                read = number

            work = Import(
                database,
                kind_name,
                kind.importer(**wanted),
                by=By("import", "admin", "cli"),
                clock=lambda: datetime.now(UTC),
                all_or_nothing=all_or_nothing,
                progress=count,
            )
            return await work.run(
                # How many rows there will be is told from the share of the file that is read.
                _pieces(opened, lambda done: advance(read, round(read * size / done) if size else read)),
                format_,
            )
    finally:
        if opened is not sys.stdin.buffer:
            opened.close()
        await database.close()


async def _pieces(opened: BinaryIO, told: Callable[[int], None]) -> AsyncIterator[bytes]:
    import asyncio

    done = 0
    while piece := await asyncio.to_thread(opened.read, _PIECE_BYTES):
        done += len(piece)
        yield piece
        told(done)


def _opened(file: Path) -> tuple[BinaryIO, int]:
    if str(file) == "-":
        return sys.stdin.buffer, 0
    try:
        return file.open("rb"), file.stat().st_size
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {file}.") from error
    except OSError as error:
        raise BadRequest(f"{file} can't be read: {error.strerror or error}.") from error


def _kind(vertical: "Vertical", name: str) -> "ImportKind":
    from difflib import get_close_matches

    kinds = vertical.imports
    if not kinds:
        raise NotFound(f"{vertical.title} takes no rows in bulk.")
    if name not in kinds:
        near = get_close_matches(name, kinds, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(kinds)}."
        raise NotFound(f"{vertical.title} takes no {name}: {hint}")
    return kinds[name]


def _tell(report: dict[str, object], as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    faults: list[dict[str, str]] = report["faults"]  # type: ignore[assignment]
    if faults:
        headings = ("row", "field", "wrong", "right")
        shown = faults[:_FAULTS_SHOWN]
        print_table(headings, [[fault.get(name, "") for name in headings] for fault in shown], right=(0,))
    if (more := len(faults[_FAULTS_SHOWN:]) + int(str(report["more_faults"]))) > 0:
        note(f"… and {more:,} more faults; --json lists the first {len(faults):,}.")
    click.echo(
        f"{report['rows']:,} rows in {report['seconds']:.1f} s: {report['created']:,} new,"
        f" {report['updated']:,} changed, {report['unchanged']:,} as they were, {report['rejected']:,} rejected"
    )
