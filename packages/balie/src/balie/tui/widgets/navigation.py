"""The screens, with the keys that open them."""

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from balie.tui.pages import Page
from balie.tui.text import plain, wording


class Navigation(Horizontal):
    """One line that names every screen; a click or its key opens it."""

    class Chosen(Message):
        """Somebody clicked on a screen's name."""

        def __init__(self, page: Page) -> None:
            super().__init__()
            self.page = page

    def __init__(self, pages: Sequence[Page], current: str) -> None:
        super().__init__()
        self.pages = pages
        self.current = current

    def compose(self) -> ComposeResult:
        """A name for each."""
        words = wording(self)
        for page in self.pages:
            yield PageName(page, words(page.title), classes="-current" if page.mode == self.current else "")

    async def show(self, pages: Sequence[Page]) -> None:
        """The screens changed."""
        self.pages = pages
        await self.recompose()


class PageName(Static):
    """The name of one screen."""

    def __init__(self, page: Page, title: str, *, classes: str) -> None:
        super().__init__(
            Content.assemble((page.key.upper(), "$text-primary"), " ", plain(title)), classes=classes
        )
        self.page = page

    def on_click(self, event: events.Click) -> None:
        """Open it."""
        event.stop()
        self.post_message(Navigation.Chosen(self.page))
