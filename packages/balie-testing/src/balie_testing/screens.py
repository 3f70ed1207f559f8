"""A vertical's screens in a test: the app over sample data of its own, and waiting until it stands still."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from balie_testing.models import FakeModels

if TYPE_CHECKING:
    from balie.agent.desk import Clock
    from balie.config import KioskSettings
    from balie.routing import Models
    from balie.tui import DeskApp, Opener, Prepare
    from balie.tui.kiosk.app import KioskApp
    from balie.tui.session import Report
    from balie.vertical import Vertical
    from textual.pilot import Pilot

SIZES = {"small": (80, 24), "large": (120, 40)}
"""The terminals that every screen is tried in: the smallest that is promised, and a comfortable one."""


def desk_app(
    vertical: "Vertical",
    database: Callable[["Vertical"], Awaitable[Path]],
    clock: "Clock",
    *,
    identity: str | None = None,
    role: str = "customer",
    models: "Models | None" = None,
    language: str = "en",
) -> "DeskApp":
    """The app at a vertical's desk, with everything in it that differs from run to run left out.

    ``database`` and ``clock`` are what the fixtures ``seeded_database`` and ``frozen_clock`` give. Without
    ``models`` they know no phrase.
    """
    from balie.tui import DeskApp

    prepare = _prepare(vertical, database, clock, models, identity, role, None)
    app = DeskApp(vertical.title, prepare, person=identity or "", show_engine=False, language=language)
    app.animation_level = "none"
    return app


def _prepare(
    vertical: "Vertical",
    database: Callable[["Vertical"], Awaitable[Path]],
    clock: "Clock",
    models: "Models | None",
    identity: str | None,
    role: str,
    kiosk: "KioskSettings | None",
) -> "Prepare":
    from balie.config import KioskSettings, Settings
    from balie.db import Database
    from balie.tui.opening import session_at
    from balie.vertical import open_desk

    def prepare(report: "Report") -> "Opener":
        async def open_session() -> object:
            desk = await open_desk(
                vertical,
                Settings(kiosk=kiosk or KioskSettings()),
                database=Database(path=await database(vertical)),
                models=models or FakeModels(vertical.team.commands),
                clock=clock,
            )
            channel = "kiosk" if kiosk else "tui"
            return session_at(vertical, desk, identity=identity, role=role, channel=channel)

        return cast("Opener", open_session)

    return prepare


class Stopwatch:
    """Seconds that pass only when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """How many have passed."""
        return self.now


def kiosk_app(
    vertical: "Vertical",
    database: Callable[["Vertical"], Awaitable[Path]],
    clock: "Clock",
    *,
    models: "Models | None" = None,
    kiosk: "KioskSettings | None" = None,
    language: str = "en",
    notes: Path | None = None,
) -> "KioskApp":
    """The app in kiosk mode, over a desk as :func:`desk_app` has it; let time pass with :func:`waited`.

    Nothing but its operator ends it: who takes a picture of it with ``snap_compare`` sets ``may_leave`` first.
    """
    from balie.config import KioskSettings
    from balie.tui.kiosk.app import KioskApp

    prepare = _prepare(vertical, database, clock, models, None, "customer", kiosk)
    settings = kiosk or KioskSettings()
    app = KioskApp(vertical.title, prepare, settings, language=language, seconds=Stopwatch(), notes=notes)
    app.animation_level = "none"
    return app


async def typed(pilot: "Pilot[None]", *keys: str) -> None:
    """Press keys and chords one after another, without waiting for what each of them does until the last.

    ``pilot.press`` waits at every key until nothing moves: a sentence takes it seconds.
    """
    from textual import events

    for key in keys:
        character = " " if key == "space" else key if len(key) == 1 else None
        pilot.app.post_message(events.Key(key, character))
    await settled(pilot)


async def waited(pilot: "Pilot[None]", seconds: float) -> None:
    """Let seconds pass at a kiosk that nobody touches, and wait for what comes of it."""
    app = cast("KioskApp", pilot.app)
    cast("Stopwatch", app.seconds).now += seconds
    await app.tick()
    await app.wiped()
    await settled(pilot)


async def settled(pilot: "Pilot[None]") -> None:
    """Wait until the desk is open, everything said is answered, and every screen shows what it read.

    From then on no cursor blinks on the current screen.
    """
    from textual.worker import WorkerCancelled

    app = cast("DeskApp", pilot.app)
    await app.opened()
    working = True
    while working:
        await app.conversation.answered()
        await pilot.pause()
        left = [work for work in app.workers if work.is_running and work is not app.conversation.serving]
        working = bool(left)
        if working:
            with suppress(WorkerCancelled):  # its screen is gone
                await app.workers.wait_for_complete(left)
    for control in app.screen.query("Input, TextArea"):
        control.cursor_blink = False  # type: ignore[attr-defined]  # both kinds have it
