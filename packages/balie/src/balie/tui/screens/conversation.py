"""The conversation with the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer

from balie.locales import marked
from balie.tui.health import Desk
from balie.tui.screens.base import DeskScreen
from balie.tui.screens.confirm import ConfirmScreen
from balie.tui.widgets.bubble import Bubble, Said, Speaker
from balie.tui.widgets.composer import Composer
from balie.tui.widgets.conversation_log import ConversationLog
from balie.tui.widgets.suggestions import Suggestions
from balie.tui.widgets.thinking import Thinking
from balie.tui.words import words

if TYPE_CHECKING:
    from textual.worker import Worker

    from balie.agent import Turn
    from balie.agent.turn import Pending
    from balie.tui.session import DeskSession

Follow = Callable[["Turn"], Awaitable[None]]

COLLEAGUE_SECONDS = 2.0
"""How often a conversation that a colleague has is looked at for their answer."""
YES, NO = marked("yes"), marked("no")
"""What is said; on the screen it is read in the language of now."""


class ConversationScreen(DeskScreen):
    """What was said, what could be said, and where to say it.

    What is typed before the desk can answer waits its turn, in order.
    """

    TITLE = marked("Chat")
    AUTO_FOCUS = "#composer"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "scroll_log(-1)", marked("Earlier"), show=False),
        Binding("pagedown", "scroll_log(1)", marked("Later"), show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._queue: asyncio.Queue[tuple[str, Bubble]] = asyncio.Queue()
        self._told_of_forms = False
        self._asked: set[object] = set()
        self._heard: set[int] = set()
        self._listening: Timer | None = None
        self.serving: Worker[None] | None = None

    def body(self) -> ComposeResult:
        """Log, progress, suggestions, input."""
        yield ConversationLog()
        yield Thinking()
        yield Suggestions()
        yield Composer()

    async def retell(self) -> None:
        """What was said stays as it was said; a conversation that has not begun begins anew."""
        self.query_one(Composer).retell()
        app = self.desk_app
        if app.session is not None and app.session.conversation is None and self._queue.empty():
            await self.log_view.clear()
            await self.greet(app.session)

    async def load(self) -> None:
        """Where the desk could not be opened: try again."""
        if self.desk_app.health.desk is Desk.CLOSED:
            self.desk_app.open_desk()

    def on_mount(self) -> None:
        """Answer what comes, one after the other."""
        self.query_one(Suggestions).display = False
        self.serving = self.run_worker(self._serve, exit_on_error=False)

    @property
    def log_view(self) -> ConversationLog:
        """The bubbles."""
        return self.query_one(ConversationLog)

    @property
    def waits_for_colleague(self) -> bool:
        """Whether a person of the staff has the conversation."""
        return self._listening is not None

    async def greet(self, session: DeskSession) -> None:
        """The desk is open."""
        await self.log_view.opened()
        greeting = session.desk.greeting(session.caller)
        await self.log_view.add(
            Said(Speaker.DESK, greeting, name=self.words(self._agent(session, ""))), first=True
        )
        if len(self.log_view.said) == 1:
            await self._suggest(session.suggestions)

    async def say(self, text: str, label: str = "") -> None:
        """Something to answer, from a person; ``label`` is what they read where they picked it."""
        await self._suggest(())
        bubble = await self.log_view.add(Said(Speaker.PERSON, label or text), waiting=True)
        self._queue.put_nowait((text, bubble))

    async def answered(self) -> None:
        """Wait until there is nothing left to answer."""
        await self._queue.join()

    async def show(self, turn: Turn, *, then: Follow | None = None) -> None:
        """A turn, wherever it came from; asks for the yes that it needs.

        ``then`` is given the turn that the yes or no comes to.
        """
        session = self.session
        self._heard.add(turn.turn)
        if turn.reply:
            name = self.words(self._agent(session, turn.agent))
            await self.log_view.add(Said(Speaker.DESK, turn.reply, turn.status, name))
        self.desk_app.answered(turn, self._agent(session, turn.agent), await session.known_as())
        await self._offer(turn, then)
        if turn.status == "degraded" and not self._told_of_forms:
            self._told_of_forms = True
            await self._tell_of_forms()
        if turn.status == "handed_off":
            self._listen(True)
        if turn.pending and turn.status == "needs_confirmation" and self._queue.empty():
            self.ask(turn.pending, then)

    def ask(self, pending: Pending, then: Follow | None = None) -> None:
        """Put a pending action before the person, once."""
        if pending.id in self._asked:
            return
        self._asked.add(pending.id)
        modal = ConfirmScreen(pending.summary, expires_at=pending.expires_at, now=self.session.desk.clock)
        self.app.push_screen(modal, partial(self._decided, pending, then))

    def begin(self, text: str) -> None:
        """Put words into the input, to be finished by the person."""
        composer = self.query_one(Composer)
        composer.value = text
        composer.cursor_position = len(text)
        composer.focus()

    async def forget(self) -> None:
        """Nothing of this conversation stays on the screen or in its memory."""
        while not self._queue.empty():
            self._queue.get_nowait()
            self._queue.task_done()
        self.workers.cancel_node(self)  # an answer that is under way belongs to who asked
        self._listen(False)
        self._told_of_forms = False
        self._asked.clear()
        self._heard.clear()
        self.query_one(Composer).clear()
        self.query_one(Thinking).end()
        await self._suggest(())
        await self.log_view.clear()
        self.serving = self.run_worker(self._serve, exit_on_error=False)

    def _decided(self, pending: Pending, then: Follow | None, yes: bool | None) -> None:
        if yes is not None:
            self.attempt(partial(self._decide, pending, then, yes))

    async def _decide(self, pending: Pending, then: Follow | None, yes: bool) -> None:
        await self._suggest(())
        said = self.words("Yes") if yes else self.words("No")
        await self.log_view.add(Said(Speaker.PERSON, said))
        turn = await self.session.decide(pending.id, yes=yes)
        await self.show(turn)
        if then is not None:
            await then(turn)

    async def _serve(self) -> None:
        while True:
            # It keeps nothing of a message while it waits for the next.
            await self._answer(*await self._queue.get())

    async def _answer(self, text: str, bubble: Bubble) -> None:
        thinking = self.query_one(Thinking)
        try:
            session = await self.desk_app.opened()
            if self.desk_app.health.desk is not Desk.READY:
                await self.desk_app.models_ready()
            bubble.arrived()
            thinking.begin()
            await self.show(await session.say(text))
        except Exception as error:
            # What could not be said now is still there to be said again.
            await self.log_view.notice(words(error, self.words), failed=True)
            await self.query_one(Suggestions).show([text], {text: bubble.said.text})
            self.desk_app.look()
        finally:
            thinking.end()
            self._queue.task_done()

    async def _offer(self, turn: Turn, then: Follow | None) -> None:
        """What could be said next."""
        if turn.pending:
            await self._suggest([YES, NO])
        else:
            await self._suggest([option.label for option in turn.question.options] if turn.question else ())

    async def _suggest(self, texts: Sequence[str]) -> None:
        await self.query_one(Suggestions).show(texts, {text: self.words(text) for text in texts})

    async def _tell_of_forms(self) -> None:
        await self.log_view.notice(self.words("Everything the desk does is also a form: press F3."))

    def _agent(self, session: DeskSession, name: str) -> str:
        agents = session.desk.team.agents
        return next((agent.title for agent in agents if agent.name == name), agents[0].title)

    def _listen(self, on: bool) -> None:
        if on and self._listening is None:
            self._listening = self.set_interval(COLLEAGUE_SECONDS, lambda: self.attempt(self.hear))
        elif not on and self._listening is not None:
            self._listening.stop()
            self._listening = None

    async def hear(self) -> None:
        """What a colleague has written meanwhile."""
        transcript = await self.session.transcript()
        if transcript is None:
            return
        for entry in transcript.turns:
            if entry.speaker == "staff" and entry.number not in self._heard:
                self._heard.add(entry.number)
                await self.log_view.add(Said(Speaker.COLLEAGUE, entry.reply, name=self.words("A colleague")))
        if not transcript.handed_off and self.waits_for_colleague:
            self._listen(False)
            await self.log_view.notice(self.words("Your colleague is done; the desk answers again."))

    async def on_composer_said(self, event: Composer.Said) -> None:
        """Typed."""
        event.stop()
        await self.say(event.text)

    async def on_suggestions_picked(self, event: Suggestions.Picked) -> None:
        """Picked."""
        event.stop()
        self.query_one(Composer).focus()
        await self.say(event.text, event.label)

    def on_composer_wants_suggestions(self) -> None:
        """Up from the input."""
        self.query_one(Suggestions).enter()

    def on_suggestions_left(self, event: Suggestions.Left) -> None:
        """Back to the input, with what was typed meanwhile."""
        composer = self.query_one(Composer)
        composer.focus()
        if event.typed:
            composer.insert_text_at_cursor(event.typed)

    def action_scroll_log(self, pages: int) -> None:
        """Through the conversation without leaving the input."""
        (self.log_view.scroll_page_up if pages < 0 else self.log_view.scroll_page_down)()
