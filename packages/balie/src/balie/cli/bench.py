"""``balie bench``: speed and memory on this machine."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from balie.cli._console import json_option, note, output, print_json, print_table, progress, waiting
from balie.cli._desks import data_elsewhere, desk_of, run, settings, vertical_argument
from balie.cli._group import Command
from balie.errors import ModelUnavailable

if TYPE_CHECKING:
    from balie.cli._bench import Comparison, Report, Said, Start
    from balie.config import Settings
    from balie.vertical import Vertical


@click.command(cls=Command)
@vertical_argument
@click.option(
    "--sample",
    "count",
    type=click.IntRange(0),
    default=16,
    show_default=True,
    help="How many messages the generator chooses a tool for, the usual way; 0 leaves it out.",
)
@json_option
def command(vertical_name: str, count: int, as_json: bool) -> None:
    """Measure speed and memory on this machine.

    Says the first messages of the vertical's scenarios to its desk, and lets the generator choose tools
    for some of them the usual way, from a prompt with every tool's schema. Both in the same run, so
    that their ratio means something on any machine. Nothing else should be busy meanwhile. A start takes
    twice as long where Python has no bytecode of the modules and may write none.
    """
    from balie.cli import _bench
    from balie.errors import BadRequest
    from balie.scenarios import load
    from balie.vertical import load as load_vertical

    loaded = settings()
    vertical = load_vertical(vertical_name)
    said = _bench.first_messages(load(vertical.folder / "scenarios"))
    if not said:
        raise BadRequest(f"No scenario of {vertical.title} begins with something said.")
    with data_elsewhere() as folder:
        report = run(_measure(vertical, loaded, said, count, folder))
    if as_json:
        print_json(report)
    else:
        _show(report)


async def _measure(
    vertical: "Vertical", loaded: "Settings", said: "list[Said]", count: int, folder: Path
) -> "Report":
    import asyncio

    import msgspec

    from balie.cli import _bench, _tool_calling
    from balie.db import Database
    from balie.models.hardware import detect
    from balie.scenarios import make_template

    path, url = _bench.database_in(folder, vertical)
    with waiting("making the sample data …"):
        await make_template(vertical, path)
    chosen = _bench.sample(said, count) if loaded.models.generate else []
    one = next((s for s in said if s.tool), said[0])
    with waiting("starting processes …"):
        begun, resident = await asyncio.to_thread(_bench.start, vertical, one, url)
        writing = (
            await asyncio.to_thread(_bench.memory_with_generator, vertical, one, url)
            if loaded.models.generate
            else None
        )
    # What a model writes is no part of understanding or acting, and would have the cores meanwhile.
    without_writing = msgspec.structs.replace(
        loaded, models=msgspec.structs.replace(loaded.models, generate=False)
    )
    async with desk_of(vertical, without_writing, database=Database(path=path)) as desk:
        if not await desk.models.ready():
            raise ModelUnavailable(f"There are no models to measure: {desk.models.why}")
        note(f"Measuring {vertical.title} with {desk.models.name}")
        with progress("turns") as advance:
            measured = await _bench.turns(desk, said, advance)
        fast = await _bench.fast_paths(desk)
        name = desk.models.name
    comparison = None
    if chosen:
        with progress("tool calling") as advance:
            messages = [one.message for one in chosen]
            there = await _tool_calling.choose(messages, vertical.team.tools.values(), loaded.models, advance)
        here = dict(zip(said, measured.choices, strict=True))
        comparison = _bench.compare(chosen, [here[one] for one in chosen], there)
    return _bench.Report(
        vertical=vertical.name,
        model=name,
        hardware=detect(),
        start=begun,
        understand_ms=measured.understood,
        fast_path_ms=fast,
        rest_ms=measured.rest,
        memory=_bench.Memory(resident, writing),
        comparison=comparison,
    )


def _show(report: "Report") -> None:
    hardware = report.hardware
    output().print(
        f"[bold]{report.vertical}[/] with {report.model} on {hardware.threads} cores ({hardware.machine})\n",
        soft_wrap=True,
    )
    rows = [
        ("balie --help", f"{report.start.help_ms:.0f} ms", "150 ms"),
        ("a new process is ready", f"{report.start.ready_ms:.0f} ms", "1500 ms"),
        ("and has answered", f"{report.start.first_answer_ms:.0f} ms", ""),
        *_frames(report.start),
        ("understanding, median", f"{report.understand_ms.median:.1f} ms", "15 ms"),
        ("understanding, p95", f"{report.understand_ms.p95:.1f} ms", "40 ms"),
        ("a fast path, median", f"{report.fast_path_ms.median:.1f} ms", "2 ms"),
        ("the rest of the turn, median", f"{report.rest_ms.median:.1f} ms", "15 ms"),
        ("memory", f"{report.memory.vertical_mb:.0f} MB", "250 MB"),
    ]
    if report.memory.with_generator_mb is not None:
        rows.append(("memory with the generator", f"{report.memory.with_generator_mb:.0f} MB", "550 MB"))
    print_table(("", "measured", "aim, on two cores"), rows, right=(1, 2))
    if report.comparison:
        _show_comparison(report.comparison)


def _frames(begun: "Start") -> list[tuple[str, str, str]]:
    measured = (
        ("first frame of its screens", begun.first_frame_ms),
        ("first frame in kiosk mode", begun.first_frame_kiosk_ms),
    )
    return [(name, f"{took:.0f} ms", "500 ms") for name, took in measured if took is not None]


def _show_comparison(found: "Comparison") -> None:
    rows = [
        (name, f"{side.right:.0%}", f"{side.median_ms:.1f} ms", f"{side.p95_ms:.1f} ms")
        for name, side in (("heads", found.here), ("tool calling", found.tool_calling))
    ]
    console = output()
    console.print(f"\nWhich tool is meant, {found.messages} messages in the same run:")
    print_table(("", "right", "median", "p95"), rows, right=(1, 2, 3))
    as_right = f", {found.times_as_right:.1f} times as often right" if found.times_as_right else ""
    console.print(f"The heads are {found.times_as_fast:.0f} times as fast{as_right}.")
