"""``balie doctor``: whether everything on this machine is as it must be."""

import shutil
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from balie.cli._console import json_option, output, print_json, waiting
from balie.cli._desks import run, settings
from balie.cli._exit import ExitCode
from balie.cli._group import Command
from balie.errors import BalieError

if TYPE_CHECKING:
    from balie.backends.protocol import Backend
    from balie.config import Settings
    from balie.models.catalog import Model
    from balie.monitoring.health import Check
    from balie.vertical import Vertical

_SIGNS = {"ok": ("✓", "green"), "degraded": ("!", "yellow"), "failing": ("✗", "red")}
_LITTLE_MEMORY = 700 * 10**6
"""Bytes: a vertical with its generator takes 550 MB."""


@click.command(cls=Command)
@json_option
def command(as_json: bool) -> None:
    """Check that everything on this machine is as it must be.

    Looks at Python, memory and disk, at the models' files, at what the engines really do, and at each
    vertical's database and heads. Ends with 1 where something is wrong; changes nothing.
    """
    from balie.monitoring.health import State

    found: list[Check] = []

    async def look() -> None:
        async with aclosing(_checks()) as checks:
            while True:
                # Not around all of it: what is found is printed on the same terminal.
                with waiting("looking …"):
                    check = await anext(checks, None)
                if check is None:
                    return
                found.append(check)
                if not as_json:
                    _show(check)

    run(look())
    wrong = sum(check.state is State.FAILING for check in found)
    if as_json:
        print_json({"ok": not wrong, "checks": found})
    elif wrong:
        output().print(f"\n[bold red]{wrong} {'thing is' if wrong == 1 else 'things are'} wrong.[/]")
    else:
        output().print("\n[bold green]All is well.[/]")
    if wrong:
        raise click.exceptions.Exit(ExitCode.FAILED)


def _show(check: "Check") -> None:
    sign, colour = _SIGNS[check.state]
    console = output()
    console.print(f"[{colour}]{sign}[/] [bold]{check.name}[/]", end="  ")
    console.print(check.detail, markup=False, soft_wrap=True)


async def _checks() -> "AsyncGenerator[Check]":
    """Everything that is looked at, one after the other."""
    from balie.monitoring.health import Check, State

    for check in _machine():
        yield check
    try:
        loaded = settings()
    except BalieError as error:
        yield Check("settings", State.FAILING, str(error))
        return
    from balie.config import find

    yield Check("settings", State.OK, str(find() or "the defaults; there is no balie.toml"))
    for check in _folders():
        yield check
    async for check in _models(loaded):
        yield check
    from balie.vertical import load, names

    if not names():
        yield Check("verticals", State.DEGRADED, "none is installed")
    for name in names():
        try:
            vertical = load(name)
            checks = [await _database(vertical, loaded), _heads(vertical, loaded)]
        except Exception as error:  # a vertical is anybody's code: whatever it raises is a finding
            checks = [Check(name, State.FAILING, f"it can't be loaded: {type(error).__name__}: {error}")]
        for check in checks:
            yield check


def _machine() -> "Generator[Check]":
    from balie.models.hardware import detect
    from balie.monitoring.health import Check, State

    machine = detect()
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("Python", State.OK, f"{version} at {sys.executable}")
    flags = f", {' '.join(machine.cpu_flags)}" if machine.cpu_flags else ""
    yield Check(
        "processor",
        State.OK,
        f"{machine.machine}, {machine.threads} of {machine.physical_cores} cores{flags}",
    )
    free = machine.memory_available
    state = State.DEGRADED if free < _LITTLE_MEMORY else State.OK
    yield Check("memory", state, f"{free / 1e9:.1f} GB free of {machine.memory_total / 1e9:.1f} GB")


def _folders() -> "Generator[Check]":
    from balie import locations
    from balie.monitoring.health import FULL_DISK_BYTES, LOW_DISK_BYTES, Check, State

    places: dict[str, Callable[[], Path]] = {"data folder": locations.data, "cache folder": locations.cache}
    for name, place in places.items():
        try:
            folder = place()
            free = shutil.disk_usage(folder).free
        except OSError as error:
            yield Check(name, State.FAILING, f"{error.filename}: {error.strerror}")
            continue
        state = (
            State.FAILING if free < FULL_DISK_BYTES else State.DEGRADED if free < LOW_DISK_BYTES else State.OK
        )
        yield Check(name, state, f"{folder}, {free / 1e9:.1f} GB free")


async def _models(loaded: "Settings") -> "AsyncGenerator[Check]":
    from balie.backends import llama
    from balie.backends.onnx_encoder import OnnxEncoder
    from balie.models.catalog import model

    chosen = loaded.models
    encoder = await _engine(
        chosen.encoder,
        lambda: OnnxEncoder.load(model(chosen.encoder, "encoder"), threads=chosen.threads),
    )
    for check in encoder:
        yield check
    if not chosen.generate:
        return
    generator = await _engine(
        chosen.generator,
        lambda: llama.load(
            model(chosen.generator, "generator"), engine=chosen.engine, threads=chosen.threads
        ),
    )
    for check in generator:
        yield check


async def _engine(name: str, load: "Callable[[], Backend]") -> "list[Check]":
    """The model's files, and what its engine does."""
    import asyncio

    from balie.cli._probe import probe
    from balie.cli.models import describe
    from balie.models.catalog import model
    from balie.monitoring.health import Check, State

    try:
        described: dict[str, Any] = describe(model(name))
        if described["problem"]:
            return [Check(name, State.FAILING, described["problem"])]
        checks = [Check(name, State.OK, f"its files are here and whole ({described['bytes'] / 1e6:.0f} MB)")]
        backend = await asyncio.to_thread(load)
        try:
            found = await probe(backend)
        finally:
            await backend.close()
    except BalieError as error:
        return [Check(name, State.FAILING, str(error))]
    told = [f"{key.replace('_', ' ')}: {value}" for key, value in _told(found).items()]
    problems = found.problems()
    state = State.FAILING if problems else State.OK
    checks.append(Check(f"{name} on {found.engine}", state, "; ".join(problems or told)))
    return checks


def _told(found: Any) -> dict[str, Any]:
    import msgspec

    words = {True: "yes", False: "no"}
    return {
        key: words[value] if isinstance(value, bool) else value
        for key, value in msgspec.structs.asdict(found).items()
        if value is not None and key not in ("engine", "model")
    }


async def _database(vertical: "Vertical", loaded: "Settings") -> "Check":
    from balie.db.migrate import current, require_current
    from balie.monitoring.health import Check, State
    from balie.vertical import database_of

    name = f"{vertical.name}: database"
    database = database_of(vertical, loaded)
    where = str(database.path or database.url.render_as_string(hide_password=True))
    try:
        if not any((await current(database, vertical.migrations)).values()):
            return Check(name, State.OK, f"there is none yet; the first command makes {where}")
        await require_current(database, vertical.migrations)
    except BalieError as error:
        return Check(name, State.FAILING, str(error))
    finally:
        await database.close()
    return Check(name, State.OK, f"{where} is reachable and up to date")


def _heads(vertical: "Vertical", loaded: "Settings") -> "Check":
    from balie.decisions.heads import load_all
    from balie.models.catalog import model
    from balie.monitoring.health import Check, State

    name = f"{vertical.name}: heads"
    try:
        encoder: Model = model(loaded.models.encoder, "encoder")
        heads = load_all(vertical.folder / "heads" / encoder.name)
        if "command" not in heads:
            words = f"there is none for {encoder.name} that chooses a command: balie tune {vertical.name}"
            return Check(name, State.FAILING, words)
        for head in heads.values():
            head.check_encoder(encoder.name, encoder.checksum, encoder.dimensions, vertical.name)
        heads["command"].check_labels(vertical.team.commands, vertical.name)
    except BalieError as error:
        return Check(name, State.FAILING, str(error))
    return Check(name, State.OK, f"{', '.join(heads)} fit {encoder.name} and the commands")
