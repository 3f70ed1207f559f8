"""Where a person types."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from balie.locales import ENGLISH, marked
from balie.tui.text import wording

LONGEST = 4000
"""Characters of a message; the desk says so as well."""
HINT = marked("Type here, then press enter")
HINT_ELSEWHERE = marked("Type here in English, then press enter")
"""What is read is English, whatever language is spoken."""


class Composer(Input):
    """The input line. Up moves to the suggestions, page up and down move through the conversation."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "suggestions", show=False),
    ]

    class Said(Message):
        """Somebody said something."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class WantsSuggestions(Message):
        """Somebody moves up."""

    def __init__(self) -> None:
        super().__init__(max_length=LONGEST, select_on_focus=False, id="composer")

    def on_mount(self) -> None:
        """What it is for."""
        self.retell()

    def retell(self) -> None:
        """Say what it is for, in the language of now."""
        words = wording(self)
        self.placeholder = words(HINT) if words.language == ENGLISH else words(HINT_ELSEWHERE)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Off it goes."""
        event.stop()
        if text := self.value.strip():
            self.clear()
            self.post_message(self.Said(text))

    def action_suggestions(self) -> None:
        """To what could be picked."""
        self.post_message(self.WantsSuggestions())

    def _on_paste(self, event: events.Paste) -> None:
        # An address is pasted in several lines; an input line alone would keep the first of them.
        event.stop()
        event.prevent_default()
        text = ", ".join(line.strip().rstrip(",") for line in event.text.splitlines() if line.strip())
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)
