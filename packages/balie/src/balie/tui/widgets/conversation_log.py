"""Everything said so far."""

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from balie.locales import marked
from balie.tui.text import wording
from balie.tui.widgets.bubble import Bubble, Said, Speaker

OPENING = marked("The desk is being opened. You can type already.")
MOST = 200
"""Bubbles that are kept on the screen; the conversation itself is in the database."""


class ConversationLog(VerticalScroll):
    """The bubbles, the newest at the bottom and in sight."""

    def compose(self) -> ComposeResult:
        """A column that fills up from below."""
        with Vertical(id="bubbles"):
            yield Bubble(Said(Speaker.NOTICE, wording(self)(OPENING)), classes="-opening")

    def on_mount(self) -> None:
        """Stay at the bottom, until somebody scrolls up."""
        self.anchor()

    def on_resize(self) -> None:
        """Where something below takes room, the scrollbar is drawn for it too; Textual may leave it as it was."""
        self.call_after_refresh(self.vertical_scrollbar.refresh)

    @property
    def said(self) -> list[Said]:
        """What is on the screen, oldest first."""
        return [bubble.said for bubble in self.query(Bubble)]

    async def add(self, said: Said, *, waiting: bool = False, first: bool = False) -> Bubble:
        """One more at the bottom, or ``first`` of all."""
        bubble = Bubble(said, waiting=waiting)
        await self.query_one("#bubbles", Vertical).mount(bubble, before=0 if first and self.said else None)
        bubbles = self.query(Bubble)
        if len(bubbles) > MOST:
            await bubbles.first().remove()
        self.anchor()
        return bubble

    async def notice(self, text: str, *, failed: bool = False) -> None:
        """A word of the screen itself."""
        await self.add(Said(Speaker.NOTICE, text, "failed" if failed else ""))

    async def opened(self) -> None:
        """The first notice has come true."""
        await self.query("Bubble.-opening").remove()

    async def clear(self) -> None:
        """Forget it all."""
        await self.query(Bubble).remove()
