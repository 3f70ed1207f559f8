"""What could be said next, to be picked instead of typed."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Button

from balie.tui.text import plain, shown

_AROUND = 6
"""Cells that a suggestion takes beside its text."""


class Suggestion(Button):
    """One of them: what is read on it, and what it says."""

    def __init__(self, label: str, text: str) -> None:
        super().__init__(shown(label), compact=True)
        self.text = text


def lines(texts: Sequence[str], width: int) -> list[list[str]]:
    """The texts, as many in a line as there is room for.

    >>> lines(["yes", "no", "perhaps tomorrow"], 20)
    [['yes', 'no'], ['perhaps tomorrow']]
    """
    packed: list[list[str]] = []
    left = 0
    for text in texts:
        needed = len(plain(text)) + _AROUND
        if not packed or needed > left:
            packed.append([])
            left = width
        packed[-1].append(text)
        left -= needed
    return packed


class Suggestions(Vertical):
    """Lines of them. Arrow keys move, enter picks, and whoever types goes on typing in the input."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
        Binding("down,escape", "leave", show=False),
    ]

    class Picked(Message):
        """Somebody chose one; ``label`` is what they read."""

        def __init__(self, text: str, label: str = "") -> None:
            super().__init__()
            self.text = text
            self.label = label or text

    class Left(Message):
        """Somebody wants to type instead; ``typed`` is the first character, if any."""

        def __init__(self, typed: str = "") -> None:
            super().__init__()
            self.typed = typed

    def __init__(self) -> None:
        super().__init__()
        self.texts: Sequence[str] = ()
        self._labels: Mapping[str, str] = {}
        self._lines: list[list[str]] = []

    async def show(self, texts: Sequence[str], labels: Mapping[str, str] | None = None) -> None:
        """Offer these, and nothing else; ``labels`` has what is read where it is not what is said."""
        self.texts = tuple(texts)
        self._labels = labels or {}
        self.display = bool(texts)
        self._lines = []
        await self._arrange()

    async def on_resize(self) -> None:
        """Another number of them fits in a line."""
        await self._arrange()

    async def _arrange(self) -> None:
        labels = {self._labels.get(text, text): text for text in self.texts}
        packed = lines(list(labels), self.app.size.width - self.styles.padding.width)
        if packed != self._lines or not packed:
            self._lines = packed
            with self.app.batch_update():
                await self.remove_children()
                await self.mount_all(
                    Horizontal(*(Suggestion(label, labels[label]) for label in line)) for line in packed
                )

    def enter(self) -> None:
        """Move to the first."""
        if self.texts:
            self.query(Suggestion).first().focus()

    def action_step(self, by: int) -> None:
        """Move to the next or the one before."""
        suggestions = list(self.query(Suggestion))
        place = next((n for n, s in enumerate(suggestions) if s.has_focus), -1) + by
        if 0 <= place < len(suggestions):
            suggestions[place].focus()

    def action_leave(self) -> None:
        """Back to typing."""
        self.post_message(self.Left())

    def on_key(self, event: events.Key) -> None:
        """A letter means that somebody types."""
        if event.is_printable and event.character and event.character != " ":
            event.stop()
            event.prevent_default()
            self.post_message(self.Left(event.character))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """This one."""
        event.stop()
        if isinstance(event.button, Suggestion):
            self.post_message(self.Picked(event.button.text, str(event.button.label)))
