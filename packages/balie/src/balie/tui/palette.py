"""The command palette: every screen, and Textual's own commands in the desk's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand

from balie.locales import marked

if TYPE_CHECKING:
    from balie.tui.app import DeskApp

HINT = marked("Search for commands…")

# What Textual calls its own.
TEXTUAL = (
    marked("Theme"),
    marked("Change the current theme"),
    marked("Quit"),
    marked("Quit the application as soon as possible"),
    marked("Keys"),
    marked("Show help for the focused widget and a summary of available keys"),
    marked("Hide the keys and widget help panel"),
    marked("Maximize"),
    marked("Maximize the focused widget"),
    marked("Minimize"),
    marked("Minimize the widget and restore to normal size"),
    marked("Screenshot"),
    marked("Save an SVG 'screenshot' of the current screen"),
)


def commands(app: DeskApp, textuals: Iterable[SystemCommand]) -> Iterator[SystemCommand]:
    """What the palette offers."""
    words = app.words
    for page in app.pages:
        there = words("Go there ({key})", key=page.key.upper())
        yield SystemCommand(words(page.title), there, partial(app.action_page, page.key))
    yield SystemCommand(words("Help"), words("Keys, and what the desk can do (F1)"), app.action_help)
    yield SystemCommand(words("Light or dark"), words("The other look (ctrl+t)"), app.action_light_or_dark)
    for title, told, work, discover in textuals:
        yield SystemCommand(words(title), words(told), work, discover)
