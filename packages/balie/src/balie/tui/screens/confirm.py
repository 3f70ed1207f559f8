"""A question that needs a yes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Static

from balie.locales import marked
from balie.tui.screens.base import DeskModal
from balie.tui.text import shown

Clock = Callable[[], datetime]


def remaining(seconds: float) -> str:
    """What is left, as minutes and seconds.

    >>> remaining(899.2)
    '14:59'
    """
    left = max(0, int(seconds))
    return f"{left // 60}:{left % 60:02}"


class ConfirmScreen(DeskModal[bool | None]):
    """Asks once: yes is True, no is False, and escape leaves it open (None), as does the end of its time.

    Args:
        question: what is going to happen, in words.
        expires_at: until when a yes counts; None for ever.
        now: the clock that ``expires_at`` goes by.
    """

    CSS_PATH = "confirm.tcss"
    AUTO_FOCUS = "#no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,j", "answer(True)", marked("Yes")),
        Binding("n", "answer(False)", marked("No")),
        Binding("escape", "later", marked("Not now")),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def __init__(
        self,
        question: str,
        *,
        title: str = marked("Please confirm"),
        expires_at: datetime | None = None,
        now: Clock | None = None,
    ) -> None:
        super().__init__()
        self.question = question
        self.heading = title
        self.expires_at = expires_at
        self.now = now

    def compose(self) -> ComposeResult:
        """The question, how long it stands, and the two answers."""
        with Vertical(id="confirm") as box:
            box.border_title = shown(self.words(self.heading))
            with VerticalScroll(id="confirm-question", can_focus=False):
                yield Static(shown(self.question))
            yield Static(id="confirm-time", markup=False)
            with Horizontal(id="confirm-answers"):
                yield Button(self.words("Yes  (y)"), id="yes", variant="success")
                yield Button(self.words("No  (n)"), id="no")
            yield Static(self.words("esc leaves it open for now"), id="confirm-hint")

    def on_mount(self) -> None:
        """Count down, once a second."""
        self.tick()
        if self.expires_at is not None:
            self.set_interval(1.0, self.tick)

    def tick(self) -> None:
        """Say how much time is left; leave when there is none."""
        time = self.query_one("#confirm-time", Static)
        if self.expires_at is None or self.now is None:
            time.display = False
            return
        left = (self.expires_at - self.now()).total_seconds()
        if left <= 0:
            late = self.words("That waited too long; nothing was changed.")
            self.app.notify(late, severity="warning", markup=False)
            self.dismiss(None)
            return
        time.update(self.words("Stands for another {time}", time=remaining(left)))
        time.set_class(left < 60, "-soon")

    def action_answer(self, yes: bool) -> None:
        """Yes or no."""
        self.dismiss(yes)

    def action_later(self) -> None:
        """Neither."""
        self.dismiss(None)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Yes or no, by mouse or enter."""
        event.stop()
        self.dismiss(event.button.id == "yes")
