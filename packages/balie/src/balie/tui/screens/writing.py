"""A few lines of text, written by a person."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static, TextArea

from balie.locales import marked
from balie.tui.screens.base import DeskModal
from balie.tui.text import shown


class WritingScreen(DeskModal[str | None]):
    """Asks for a text; None where somebody thought better of it.

    Args:
        title: what is written.
        context: what it answers, shown above.
        send: the word on the button.
    """

    CSS_PATH = "writing.tcss"
    AUTO_FOCUS = "TextArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", marked("Send"), priority=True),
        Binding("escape", "cancel", marked("Cancel")),
    ]

    def __init__(self, title: str, *, context: str = "", send: str = marked("Send")) -> None:
        super().__init__()
        self.heading = title
        self.context = context
        self.send = send

    def compose(self) -> ComposeResult:
        """The context, the text, the buttons."""
        with Vertical(id="writing") as box:
            box.border_title = shown(self.words(self.heading))
            if self.context:
                yield Static(shown(self.context), id="writing-context")
            yield TextArea(id="writing-text", tab_behavior="focus")
            with Horizontal(id="writing-answers"):
                yield Button(f"{self.words(self.send)}  (ctrl+s)", id="send", variant="primary")
                yield Button(self.words("Cancel  (esc)"), id="cancel")

    def action_send(self) -> None:
        """Done; an empty text is not."""
        if text := self.query_one(TextArea).text.strip():
            self.dismiss(text)
        else:
            self.app.notify(self.words("There is nothing written yet."), severity="warning", markup=False)

    def action_cancel(self) -> None:
        """Nothing is sent."""
        self.dismiss(None)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """By mouse or enter."""
        event.stop()
        if event.button.id == "send":
            self.action_send()
        else:
            self.dismiss(None)
