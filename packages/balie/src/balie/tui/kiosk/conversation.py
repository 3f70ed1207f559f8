"""The conversation, at a kiosk: everything can be touched."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Button

from balie.tui.screens.conversation import ConversationScreen
from balie.tui.text import shown, wording
from balie.tui.widgets.composer import Composer
from balie.tui.widgets.conversation_log import ConversationLog
from balie.tui.widgets.suggestions import Suggestions
from balie.tui.widgets.thinking import Thinking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from balie.agent import Turn
    from balie.agent.turn import Pending
    from balie.tui.screens.conversation import Follow


class Answers(Horizontal):
    """Yes and no, where something waits for it."""

    def compose(self) -> ComposeResult:
        """Two large buttons."""
        words = wording(self)
        yield Button(shown(words("Yes")), id="answer-yes", variant="success")
        yield Button(shown(words("No")), id="answer-no")


class KioskConversation(ConversationScreen):
    """As at a desk, but a yes is a button below the question and not a window of its own."""

    KIOSK = True

    def __init__(self) -> None:
        super().__init__()
        self._pending: tuple[Pending, Follow | None] | None = None

    def body(self) -> ComposeResult:
        """Log, progress, what could be said, and where to say it."""
        yield ConversationLog()
        yield Thinking()
        yield Suggestions()
        answers = Answers()
        answers.display = False
        yield answers
        with Horizontal(id="kiosk-say"):
            yield Composer()
            yield Button(shown(self.words("Send")), id="send", variant="primary")
            yield Button("▲", id="earlier")
            yield Button("▼", id="later")

    async def retell(self) -> None:
        """The buttons too."""
        await self.query_one(Answers).recompose()
        self.query_one("#send", Button).label = shown(self.words("Send"))
        await super().retell()

    def ask(self, pending: Pending, then: Follow | None = None) -> None:
        """It stands in the conversation already, with its buttons below."""

    async def _offer(self, turn: Turn, then: Follow | None) -> None:
        await super()._offer(turn, then)
        if turn.pending:
            await self._suggest(())
            self._pending = turn.pending, then
            self.query_one(Answers).display = True

    async def _suggest(self, texts: Sequence[str]) -> None:
        self._pending = None
        self.query_one(Answers).display = False
        await super()._suggest(texts)

    async def _tell_of_forms(self) -> None:
        """There are none here: its reply names what can be typed."""

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """By touch, or by enter on it."""
        event.stop()
        self.query_one(Composer).focus()
        match event.button.id:
            case "send":
                await self.query_one(Composer).action_submit()
            case "earlier" | "later":
                self.action_scroll_log(-1 if event.button.id == "earlier" else 1)
            case "answer-yes" | "answer-no" if self._pending is not None:
                (pending, then), self._pending = self._pending, None
                self.attempt(partial(self._decide, pending, then, event.button.id == "answer-yes"))
