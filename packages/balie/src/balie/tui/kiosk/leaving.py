"""Nobody has touched anything for a while: is the visit over?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Digits, Static

from balie.tui.screens.base import DeskModal
from balie.tui.text import shown

if TYPE_CHECKING:
    from balie.tui.kiosk.app import KioskApp


class LeavingScreen(DeskModal[None]):
    """Counts down before everything is wiped; any touch or key but the one on “I'm done” goes on."""

    CSS_PATH = "leaving.tcss"
    AUTO_FOCUS = "#still-here"
    STEERING: ClassVar[frozenset[str]] = frozenset(
        {"tab", "shift+tab", "left", "right", "up", "down", "enter"}
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def __init__(self, left: float) -> None:
        super().__init__()
        self._left = left

    @property
    def kiosk_app(self) -> KioskApp:
        """The app, as what it is."""
        return cast("KioskApp", self.app)

    def compose(self) -> ComposeResult:
        """The question, the seconds, the two answers."""
        words = self.words
        with Vertical(id="leaving"):
            yield Static(words("Are you still there?"), classes="heading")
            yield Static(words("Everything about your visit is wiped in so many seconds:"))
            yield Digits(id="leaving-seconds")
            with Horizontal(id="leaving-answers"):
                yield Button(shown(words("I'm still here")), id="still-here", variant="success")
                yield Button(shown(words("I'm done")), id="leaving-done")

    def on_mount(self) -> None:
        """Say how long."""
        self.count(self._left)

    def count(self, left: float) -> None:
        """So many seconds are left."""
        for digits in self.query(Digits):  # none before it is composed
            digits.update(str(max(1, round(left))))

    def stay(self) -> None:
        """Somebody is there."""
        self.kiosk_app.idle.touch()
        if self.is_current:
            self.dismiss()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """One of the two."""
        event.stop()
        if event.button.id == "leaving-done":
            self.kiosk_app.end_visit()
        else:
            self.stay()

    def on_click(self, event: events.Click) -> None:
        """Beside the buttons: somebody is there."""
        event.stop()
        self.stay()
