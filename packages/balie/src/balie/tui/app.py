"""The app: a desk at a terminal."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import ModalScreen, Screen
from textual.widgets import Footer

from balie.locales import ENGLISH, RUNTIME, Words, marked
from balie.tui.health import Desk, Health
from balie.tui.pages import FIRST_KEY, LAST_KEY, Page, numbered
from balie.tui.screens.base import DeskScreen, Work
from balie.tui.screens.conversation import ConversationScreen
from balie.tui.screens.forms import FormsScreen
from balie.tui.stylesheet import SteadyStylesheet
from balie.tui.themes import DARK, LIGHT
from balie.tui.widgets.navigation import Navigation
from balie.tui.widgets.status_bar import StatusBar
from balie.tui.widgets.thinking import PATIENCE
from balie.tui.widgets.top_bar import TopBar
from balie.tui.words import UNEXPECTED, words

if TYPE_CHECKING:
    from textual.worker import Worker

    from balie.agent import Turn
    from balie.config import KioskSettings
    from balie.tui.session import DeskSession, Prepare, Report

MODEL_SECONDS = 60.0
"""How long a message waits for the models; then the desk answers as well as it can."""
NOBODY = marked("not signed in")
_LOOK_SECONDS = 0.25
_FONT_FACE = re.compile(r"\s*@font-face\s*\{[^}]*\}")
OWN_PAGES = tuple(numbered((ConversationScreen, FormsScreen)))
"""The screens of every desk."""
_STATES = {"warming_up": Desk.WARMING_UP, "ready": Desk.READY, "degraded": Desk.DEGRADED}


class DeskApp(App[None]):
    """A vertical's desk.

    Args:
        title: of the vertical, as far as it is known before the desk is open.
        prepare: gives what opens the desk; called in a thread, after the first frame is drawn.
        person: who is signed in, for the top line.
        show_engine: whether the status bar says what decides and how long the last turn took.
        language: of every sentence around the conversation.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = [
        "app.tcss",
        "widgets/top_bar.tcss",
        "widgets/navigation.tcss",
        "widgets/status_bar.tcss",
        "widgets/bubble.tcss",
        "widgets/conversation_log.tcss",
        "widgets/thinking.tcss",
        "widgets/suggestions.tcss",
        "widgets/composer.tcss",
    ]
    DEFAULT_MODE = f"screen-{FIRST_KEY}"
    MODES: ClassVar[dict[str, type[DeskScreen]]] = {page.mode: page.screen for page in OWN_PAGES}  # type: ignore[assignment]
    OWN_PAGES: ClassVar[Sequence[Page]] = OWN_PAGES
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  Textual declares it so
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", marked("Help"), key_display="F1", priority=True),
        *(
            Binding(f"f{n}", f"page('f{n}')", show=False, priority=True)
            for n in range(FIRST_KEY, LAST_KEY + 1)
        ),
        Binding("ctrl+t", "light_or_dark", marked("Light/dark"), show=False, priority=True),
        Binding("ctrl+q", "quit", marked("Quit"), priority=True),
    ]

    health: reactive[Health] = reactive(Health(), init=False)
    heading: reactive[tuple[str, str, str]] = reactive(("", "", ""), init=False)
    pages: reactive[Sequence[Page]] = reactive(OWN_PAGES, init=False)
    language: reactive[str] = reactive(ENGLISH, init=False)

    def __init__(
        self,
        title: str,
        prepare: Prepare,
        *,
        person: str = "",
        show_engine: bool = True,
        language: str = ENGLISH,
    ) -> None:
        super().__init__()
        self.stylesheet = SteadyStylesheet(variables=self.get_css_variables())
        self.kiosk: KioskSettings | None = None
        self._catalogs: Sequence[Path] = (RUNTIME,)
        self.words = Words(language, *self._catalogs)
        self.set_reactive(DeskApp.language, language)
        self.set_reactive(DeskApp.pages, self.OWN_PAGES)
        self.title = title
        self.session: DeskSession | None = None
        self._prepare = prepare
        self._signed_in = self._person = person
        self._show_engine = show_engine
        self._is_open = asyncio.Event()
        self._opening: Worker[None] | None = None
        self._busy = 0
        self.set_reactive(DeskApp.heading, (title, "", person or NOBODY))
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    @property
    def conversation(self) -> ConversationScreen:
        """The screen on which the person and the desk talk; it is always there."""
        return cast("ConversationScreen", self.get_screen_stack(self.DEFAULT_MODE)[0])

    def mode_of(self, screen: Screen[None]) -> str:
        """The name under which the app knows a screen."""
        return next((page.mode for page in self.pages if page.screen is type(screen)), "")

    # Opening

    async def on_ready(self) -> None:
        """The first frame is out: now what takes long."""
        self.open_desk()

    def open_desk(self) -> None:
        """Open the desk, or try again."""
        self.health = replace(self.health, desk=Desk.OPENING, why="")
        self._opening = self.run_worker(self._open, group="open", exclusive=True, exit_on_error=False)

    async def opened(self) -> DeskSession:
        """The desk, as soon as it is open."""
        while self.session is None:
            await self._is_open.wait()
        return self.session

    async def models_ready(self) -> None:
        """Wait for the models, within reason."""
        session = await self.opened()
        await session.desk.models.ready(MODEL_SECONDS)
        self.look()

    async def _open(self) -> None:
        try:
            open_desk = await asyncio.to_thread(self._prepare, self._reporter())
            session = await open_desk()
        except Exception as error:
            told = words(error, self.words)
            self.health = replace(self.health, desk=Desk.CLOSED, why=self.words("ctrl+r tries again"))
            closed = self.words("The desk can't be opened.")
            await self.conversation.log_view.notice(f"{closed} {told}", failed=True)
            return
        self.session = session
        if session.vertical is not None:
            self._catalogs = (session.vertical.locales, RUNTIME)
        self.words = Words(self.language, *self._catalogs)
        session.speak(self.language)
        self._is_open.set()
        self.title = session.desk.title
        self.heading = (session.desk.title, "", self._person or NOBODY)
        self._add_pages(session)
        self.look()
        self.set_interval(_LOOK_SECONDS, self.look)
        await self.conversation.greet(session)

    def _reporter(self) -> Report:
        """Takes words from another thread, without waiting for the app."""
        here = asyncio.get_running_loop()

        def show(doing: str) -> None:
            self.health = replace(self.health, why=doing)

        def report(doing: str) -> None:
            here.call_soon_threadsafe(show, doing)

        return report

    def _add_pages(self, session: DeskSession) -> None:
        seen = [screen for screen in session.screens if self.has(screen, session)]
        self.pages = numbered((*(page.screen for page in self.OWN_PAGES), *seen))
        for page in self.pages[len(self.OWN_PAGES) :]:
            self.add_mode(page.mode, page.screen)

    def has(self, screen: type[DeskScreen], session: DeskSession) -> bool:
        """Whether a screen of the vertical is for who is here."""
        return session.caller.role in screen.ROLES

    async def on_unmount(self) -> None:
        """Close what was opened."""
        if self.session is not None:
            await self.session.closing()

    # Around every screen

    def above(self, screen: DeskScreen) -> ComposeResult:
        """What stands over a screen's content."""
        yield TopBar()
        yield Navigation(self.pages, self.mode_of(screen))

    def below(self, screen: DeskScreen) -> ComposeResult:
        """What stands under it."""
        yield StatusBar()
        yield Footer()

    def follow(self, screen: DeskScreen) -> None:
        """Keep what stands around a screen as it is known here."""
        screen.watch(self, "health", lambda health: screen.query_one(StatusBar).show(health))
        screen.watch(self, "pages", lambda pages: screen.query_one(Navigation).show(pages), init=False)
        screen.watch(self, "heading", lambda heading: screen.query_one(TopBar).show(*heading))

    async def on_navigation_chosen(self, event: Navigation.Chosen) -> None:
        """A click on a screen's name."""
        event.stop()
        await self.switch_mode(event.page.mode)

    def watch_language(self, language: str) -> None:
        """From now on everything is said in another language; every screen says so anew."""
        self.words = Words(language, *self._catalogs)
        if self.session is not None:
            self.session.speak(language)

    # What is known

    def look(self) -> None:
        """Bring the status bar up to what is true."""
        if self.session is None:
            return
        models = self.session.desk.models
        self.health = replace(
            self.health,
            desk=_STATES.get(models.state, Desk.DEGRADED),
            why=models.why,
            model=models.name if self._show_engine else "",
            database=self.session.database_works,
        )

    def answered(self, turn: Turn, agent: str, person: str | None) -> None:
        """A turn is done: note how long it took, who answered, and who the person has proven to be."""
        if person and not self._person:
            self._person = person
        if self._show_engine:
            self.health = replace(self.health, milliseconds=turn.latency_ms.total)
        title = self.heading[0]
        self.heading = (title, "" if agent == title else agent, self._person or NOBODY)
        self.look()
        self.send_out()

    def send_out(self) -> None:
        """Have done what a turn left for a printer; what comes of it is told in the conversation."""
        self.conversation.attempt(self._send_out)

    async def _send_out(self) -> None:
        if self.session is not None:
            for told in await self.session.send_out():
                await self.conversation.log_view.notice(told)

    async def in_words(self, work: Work) -> None:
        """Do some work; an error becomes a notice, and work that takes longer than a moment is told."""
        told = done = False

        def tell() -> None:
            nonlocal told
            if not done:  # the timer's message may come when the work has just ended
                told = True
                self._set_busy(1)

        patience = self.set_timer(PATIENCE, tell)
        try:
            await work()
        except Exception as error:
            self.notify(words(error, self.words), severity="error", markup=False)
        finally:
            done = True
            patience.stop()
            if told:
                self._set_busy(-1)
            self.look()

    def _set_busy(self, change: int) -> None:
        self._busy += change
        self.health = replace(self.health, busy=self._busy > 0)

    # Keys and commands

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A question that is open is answered before anything else."""
        if action in {"page", "help"} and isinstance(self.screen, ModalScreen):
            return False
        return super().check_action(action, parameters)

    async def action_page(self, key: str) -> None:
        """To the screen with that key, if there is one."""
        for page in self.pages:
            if page.key == key:
                await self.switch_mode(page.mode)

    def action_help(self) -> None:
        """Keys, and what the desk can do."""
        from balie.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.pages, self.session.tools() if self.session else ()))

    async def talk_about(self, text: str) -> None:
        """To the conversation, with these words begun in its input."""
        await self.switch_mode(self.DEFAULT_MODE)
        self.conversation.begin(text)

    async def ask(self, text: str, label: str = "") -> None:
        """To the conversation, and say these words; ``label`` is what is read where they were picked."""
        await self.switch_mode(self.DEFAULT_MODE)
        await self.conversation.say(text, label)

    def action_light_or_dark(self) -> None:
        """The other look."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the command palette offers: every screen, and Textual's own commands."""
        from balie.tui import palette

        yield from palette.commands(self, super().get_system_commands(screen))

    def action_command_palette(self) -> None:
        """All commands, to be searched."""
        from textual.command import CommandPalette

        from balie.tui import palette

        if self.use_command_palette and not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(id="--command-palette", placeholder=self.words(palette.HINT)))

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """A picture of the screen as SVG, without the fonts that whoever opens it would load from elsewhere."""
        return _FONT_FACE.sub("", super().export_screenshot(title=title, simplify=simplify))

    # Forgetting

    async def forget(self) -> None:
        """Nothing about the person stays on a screen or in memory; the next word begins anew."""
        await self.switch_mode(self.DEFAULT_MODE)
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        for page in self.pages:
            if page.mode != self.DEFAULT_MODE and self.is_running:
                await self.remove_mode(page.mode)
                self.add_mode(page.mode, page.screen)
        self.clear_notifications()
        await self.conversation.forget()
        self.health = replace(self.health, milliseconds=None)
        self._person = self._signed_in
        self.heading = (self.heading[0], "", self._person or NOBODY)
        if self.session is not None:
            self.session.forget()
            await self.conversation.greet(self.session)

    def _fatal_error(self) -> None:
        # Textual would print a traceback with every local variable in it, and so with what people said.
        from rich.segment import Segment, Segments

        if self._exception is not None:
            words(self._exception)
        self.bell()
        told = f"{self.words(UNEXPECTED)} {self.words('Balie had to stop.')}\n"
        self._exit_renderables.append(Segments([Segment(told)]))
        self._close_messages_no_wait()
