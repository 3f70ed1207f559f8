"""``balie eval``: a vertical's scenarios, played and counted."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from balie.cli._console import json_option, note, output, print_json, progress, waiting
from balie.cli._desks import data_elsewhere, run, settings, vertical_argument
from balie.cli._exit import ExitCode
from balie.cli._group import Command
from balie.errors import ModelUnavailable

if TYPE_CHECKING:
    from balie.config import Settings
    from balie.scenarios import Interval, Scenario, Summary
    from balie.vertical import Vertical


@click.command(cls=Command)
@vertical_argument
@click.option(
    "--scenarios",
    "place",
    type=click.Path(exists=True, path_type=Path),
    help="A folder or file of scenarios; the vertical's own when left out.",
)
@click.option(
    "--model", metavar="NAME", help="The encoder to understand with; `balie models list` names them."
)
@click.option(
    "--at-least", type=click.FloatRange(0, 100), metavar="PERCENT", help="End with 1 if fewer pass."
)
@json_option
def command(
    vertical_name: str, place: Path | None, model: str | None, at_least: float | None, as_json: bool
) -> None:
    """Play a vertical's scenarios and count what is right.

    Each is played on its own copy of the sample data, with the clock standing still. Ends with 1 where
    a write was carried out that no turn expected, or fewer than --at-least pass.
    """
    from balie.cli._measure import peak_mb
    from balie.scenarios import load
    from balie.vertical import load as load_vertical

    loaded = settings({"models.encoder": model})
    vertical = load_vertical(vertical_name)
    scenarios = load(place or vertical.folder / "scenarios")
    with data_elsewhere() as folder:
        summary = run(_play(vertical, loaded, scenarios, folder / "template.sqlite3"))
    peak = peak_mb()
    if as_json:
        import msgspec

        print_json({**msgspec.to_builtins(summary), "peak_memory_mb": peak})
    else:
        _show(summary, peak)
    missed = at_least is not None and summary.scenarios.share * 100 < at_least
    if summary.unsafe_writes or missed:
        raise click.exceptions.Exit(ExitCode.FAILED)


async def _play(
    vertical: "Vertical", loaded: "Settings", scenarios: "list[Scenario]", template: Path
) -> "Summary":
    from balie.scenarios import make_template, play, summarise
    from balie.vertical import models_for

    models = models_for(vertical, loaded)
    models.start()
    models.expect(vertical.team.commands)
    try:
        with waiting("making the sample data, warming up …"):
            await make_template(vertical, template)
            ready = await models.ready()
        if not ready:
            raise ModelUnavailable(f"There are no models to play the scenarios with: {models.why}")
        note(f"{len(scenarios)} scenarios of {vertical.title} with {models.name}")
        outcomes = []
        with progress("scenarios") as advance:
            for scenario in scenarios:
                outcomes.append(await play(scenario, vertical, models, template, settings=loaded))
                advance(len(outcomes), len(scenarios))
        return summarise(vertical.name, models.name, outcomes)
    finally:
        await models.close()


def _show(summary: "Summary", peak: float) -> None:
    console = output()
    for failure in summary.failures:
        console.print(f"[red]✗[/] [bold]{failure.id}[/]", soft_wrap=True)
        for mismatch in failure.mismatches:
            console.print(f"    {mismatch}", markup=False, soft_wrap=True)
    if summary.failures:
        console.print()
    for name, interval in (
        ("scenarios passed", summary.scenarios),
        ("tool right", summary.tools),
        ("argument right", summary.arguments),
    ):
        console.print(f"{name:<18}{_words(interval)}", markup=False)
    console.print(
        f"{'unsafe writes':<18}{summary.unsafe_writes}", style="bold red" if summary.unsafe_writes else None
    )
    for name, times in (("understanding", summary.understand_ms), ("whole turn", summary.turn_ms)):
        console.print(f"{name:<18}median {times.median:.1f} ms, p95 {times.p95:.1f} ms ({times.count} turns)")
    console.print(f"{'peak memory':<18}{peak:.0f} MB")


def _words(interval: "Interval") -> str:
    return (
        f"{interval.right}/{interval.of}  {interval.share:.1%}"
        f"  (95% interval {interval.low:.1%} to {interval.high:.1%})"
    )
