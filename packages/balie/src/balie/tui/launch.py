"""Running the screens in a real terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from balie import locations
from balie.errors import BadRequest
from balie.tui import opening
from balie.tui.app import DeskApp

if TYPE_CHECKING:
    from balie.config import KioskSettings

LOG_NAME = "tui.log"


def first_title(vertical: str) -> str:
    """What the first frame calls a vertical, of which nothing but the name is known by then."""
    return vertical.replace("-", " ").capitalize()


def run(
    vertical: str,
    *,
    identity: str | None = None,
    role: str = "customer",
    language: str = "en",
    kiosk: KioskSettings | None = None,
) -> int:
    """Show an installed vertical's screens until somebody leaves them.

    Args:
        vertical: its name. That it is installed is found out once the first frame is drawn.
        identity, role: who is signed in.
        language: of the screens, before somebody chooses another.
        kiosk: in kiosk mode, that nobody but the operator leaves.

    Returns:
        The exit code: 0, or 1 where the app had to stop.

    Raises:
        BadRequest: there is no terminal to draw on, or to type at.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadRequest("The screens need a terminal; balie chat works without one.")
    title = first_title(vertical)
    app = (
        _kiosk(vertical, title, kiosk, language)
        if kiosk
        else _desk(vertical, title, identity, role, language)
    )
    with _stderr_in_file(locations.data() / LOG_NAME):
        app.run()
    return app.return_code or 0


def _desk(vertical: str, title: str, identity: str | None, role: str, language: str) -> DeskApp:
    person = identity or ""
    if role != "customer":
        person = f"{identity} · {role}" if identity else role
    prepare = opening.at(vertical, identity=identity, role=role)
    return DeskApp(title, prepare, person=person, language=language)


def _kiosk(vertical: str, title: str, settings: KioskSettings, language: str) -> DeskApp:
    from balie.tui.kiosk import terminal
    from balie.tui.kiosk.app import KioskApp

    terminal.hold()
    prepare = opening.at(vertical, identity=None, role="customer", channel="kiosk")
    notes = locations.data() / f"kiosk-{vertical}.visit"
    return KioskApp(title, prepare, settings, language=language, notes=notes)


@contextmanager
def _stderr_in_file(path: Path) -> Generator[None]:
    """Keep everything but the screens off the terminal.

    Engines and loggers write to the process's standard error, and a native one does so behind Python's back:
    one line of it would tear the screen. So file descriptor 2 is a file meanwhile, and the screens are given
    the terminal itself.
    """
    python_stderr, python_terminal = sys.stderr, sys.__stderr__
    terminal = os.dup(2)
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 2)
    os.close(log)
    try:
        with (
            open(terminal, "w", encoding="utf-8", errors="replace", closefd=False) as screen,
            open(2, "w", encoding="utf-8", errors="replace", closefd=False, buffering=1) as file,
        ):
            sys.__stderr__ = screen  # type: ignore[misc]  # this is where Textual draws
            sys.stderr = file
            yield
    finally:
        sys.stderr, sys.__stderr__ = python_stderr, python_terminal  # type: ignore[misc]
        os.dup2(terminal, 2)
        os.close(terminal)
