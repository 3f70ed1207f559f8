"""Whose desk this is, and who is at it."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from balie.tui.text import shown, wording


class TopBar(Horizontal):
    """The vertical's title, the agent who answers, and who is signed in."""

    def compose(self) -> ComposeResult:
        """Three texts in a line."""
        yield Static(id="top-title", markup=False)
        yield Static(id="top-agent", markup=False)
        yield Static(id="top-person", markup=False)

    def show(self, title: str, agent: str, person: str) -> None:
        """Say it."""
        words = wording(self)
        self.query_one("#top-title", Static).update(shown(f"◆ {words(title)}"))
        self.query_one("#top-agent", Static).update(shown(words(agent)))
        self.query_one("#top-person", Static).update(shown(words(person)))
