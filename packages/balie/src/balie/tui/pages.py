"""The screens that can be switched to, each with its key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from balie.tui.screens.base import DeskScreen

FIRST_KEY = 2
LAST_KEY = 12
"""F1 is help; screens have F2 to F12."""


@dataclass(frozen=True)
class Page:
    """A screen, the key that opens it, and what it is called."""

    mode: str
    title: str
    key: str
    screen: type[DeskScreen]


def numbered(screens: Iterable[type[DeskScreen]]) -> list[Page]:
    """The screens with their keys, from F2 on."""
    return [
        Page(f"screen-{number}", screen.TITLE or screen.__name__, f"f{number}", screen)
        for number, screen in zip(range(FIRST_KEY, LAST_KEY + 1), screens, strict=False)
    ]
