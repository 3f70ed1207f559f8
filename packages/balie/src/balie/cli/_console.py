"""Where words go: answers to stdout, everything about the work to stderr, progress only to a terminal."""

import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_INDENT = 2
_PIPE_WIDTH = 240
"""Columns that tables may take where nobody's window sets them."""


def json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--json`` of every command whose answer somebody would pipe."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")(function)


def print_json(value: Any, *, line: bool = False) -> None:
    """A value as JSON on stdout: indented, or on one ``line`` where more will follow."""
    import msgspec

    encoded = msgspec.json.encode(value)
    text = encoded if line else msgspec.json.format(encoded, indent=2)
    click.echo(text.decode())


def note(text: str) -> None:
    """One line about the work, on stderr."""
    click.echo(click.style(text, dim=True), err=True)


def output() -> "Console":
    """Rich on stdout. Where it is not a terminal it is plain text, and no line is broken."""
    return _console(sys.stdout)


def work() -> "Console":
    """Rich on stderr, for progress."""
    return _console(sys.stderr)


def _console(stream: TextIO) -> "Console":
    # Made each time, since a test or a pipe may have put another stream in its place.
    from rich.console import Console

    wide = None if stream.isatty() else _PIPE_WIDTH
    return Console(file=stream, highlight=False, emoji=False, width=wide, soft_wrap=wide is not None)


def print_indented(words: "str | Text") -> None:
    """Words on stdout, two columns in; what does not fit into a window goes on below itself."""
    from rich.padding import Padding
    from rich.text import Text

    console = output()
    if console.is_terminal:
        console.print(Padding.indent(Text(words) if isinstance(words, str) else words, _INDENT))
    else:
        for line in str(words).splitlines():
            console.print(" " * _INDENT + line if line else "", markup=False)


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[int] = ()
) -> None:
    """Rows under headings; the columns of the numbers ``right`` stand to the right."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column, heading in enumerate(headings):
        table.add_column(heading, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    output().print(table)


Advance = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


@contextmanager
def progress(title: str) -> Generator[Advance]:
    """A bar on stderr while a long work goes on; nothing at all where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=work(), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def waiting(words: str) -> Generator[None]:
    """A spinner on stderr with ``words`` beside it; nothing at all where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield
        return
    with work().status(words, spinner="dots"):
        yield
