"""Screens in the terminal: one app for every vertical, which adds screens of its own.

>>> from balie.tui import DeskScreen  # what a vertical's screens are made from
"""

from balie.tui.app import DeskApp
from balie.tui.launch import run
from balie.tui.screens.base import DeskScreen
from balie.tui.screens.confirm import ConfirmScreen
from balie.tui.screens.writing import WritingScreen
from balie.tui.session import DeskSession, Opener, Prepare

__all__ = [
    "ConfirmScreen",
    "DeskApp",
    "DeskScreen",
    "DeskSession",
    "Opener",
    "Prepare",
    "WritingScreen",
    "run",
]
