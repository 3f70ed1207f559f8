"""The app in kiosk mode: visits, and no way out of them but the operator's."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path, PurePath
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea
from textual.worker import WorkerCancelled, WorkerFailed

from balie.config import KioskSettings
from balie.errors import BalieError
from balie.locales import marked
from balie.tui.app import DeskApp
from balie.tui.health import Desk
from balie.tui.kiosk.attract import AttractScreen
from balie.tui.kiosk.bar import KioskBar
from balie.tui.kiosk.conversation import KioskConversation
from balie.tui.kiosk.door import PinScreen
from balie.tui.kiosk.idle import Idle
from balie.tui.kiosk.leaving import LeavingScreen
from balie.tui.kiosk.locked import LockedApp
from balie.tui.kiosk.memory import forget_closed, forget_drawn
from balie.tui.kiosk.operator import OperatorScreen
from balie.tui.kiosk.pin import Door
from balie.tui.kiosk.scanner import Scanner, after_typing
from balie.tui.kiosk.unforgotten import Unforgotten
from balie.tui.pages import FIRST_KEY, Page, numbered
from balie.tui.screens.base import DeskScreen, Task
from balie.tui.text import shown
from balie.tui.themes import CONTRAST, DARK
from balie.tui.widgets.composer import Composer

if TYPE_CHECKING:
    from textual.worker import Worker

    from balie.agent import Turn
    from balie.tui.session import DeskSession, Prepare

log = logging.getLogger(__name__)

NO_PIN = marked("There is no operator PIN yet: run balie keys pin.")
RETRY_SECONDS = 15.0
"""How often what failed is tried again: opening the desk, wiping a visit."""
LINE_SECONDS = 60.0
"""How often the vertical's line for visitors is read again."""
_OWN_PAGES = tuple(numbered((KioskConversation,)))
_INPUT = events.Key, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp, events.Paste


class KioskApp(LockedApp):
    """A vertical's desk at a kiosk.

    Args:
        settings: of the kiosk. language: of a visit that has chosen none.
        seconds: the clock of everything that waits; it only goes forward.
        notes: where visits are noted until they are wiped; None is in memory only.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = [
        *(Path(__file__).parents[1] / str(path) for path in DeskApp.CSS_PATH),
        Path(__file__).with_name("kiosk.tcss"),
    ]
    MODES: ClassVar[dict[str, type[DeskScreen]]] = {page.mode: page.screen for page in _OWN_PAGES}  # type: ignore[assignment]
    OWN_PAGES: ClassVar[Sequence[Page]] = _OWN_PAGES
    DEFAULT_MODE = f"screen-{FIRST_KEY}"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f12", "operator", show=False, priority=True)]

    large: reactive[bool] = reactive(False, init=False)
    contrast: reactive[bool] = reactive(False, init=False)
    visitor_line: reactive[str] = reactive("", init=False)

    def __init__(
        self,
        title: str,
        prepare: Prepare,
        settings: KioskSettings,
        *,
        language: str = "en",
        seconds: Callable[[], float] = monotonic,
        notes: Path | None = None,
    ) -> None:
        self.languages = settings.languages or (language,)
        self.first_language = language if language in self.languages else self.languages[0]
        super().__init__(title, prepare, show_engine=False, language=self.first_language)
        self.kiosk = self.settings = settings
        self.idle = Idle(settings.idle_seconds, settings.countdown_seconds, seconds)
        self.door = Door(settings.pin_hash, seconds)
        self.notice = "" if self.door.exists else NO_PIN
        self.seconds = seconds
        self._unforgotten = Unforgotten(notes)
        self._wiping = asyncio.Lock()
        self._scanner = Scanner()
        self._ending: Worker[None] | None = None
        self._is_ending = False
        self._tried = self._read = seconds()
        self.register_theme(CONTRAST)
        self.add_class("-kiosk")

    # What is known

    @property
    def next_language(self) -> str:
        """The one that a touch changes to; empty where there is one only."""
        if len(self.languages) < 2:
            return ""
        return self.languages[(self.languages.index(self.language) + 1) % len(self.languages)]

    @property
    def time_told(self) -> str:
        """The time by the desk's clock; empty before there is one."""
        return self.session.time(self.session.now()) if self.session is not None else ""

    @property
    def to_be_wiped(self) -> int:
        """Visits that are over and still in the database."""
        now = self.session.conversation if self.session else None
        return sum(each != now for each in self._unforgotten)

    def has(self, screen: type[DeskScreen], session: DeskSession) -> bool:
        """Only what is made for a kiosk."""
        return screen.KIOSK and super().has(screen, session)

    # Around every screen

    def above(self, screen: DeskScreen) -> ComposeResult:
        """The bar."""
        yield KioskBar(self.mode_of(screen))

    def below(self, screen: DeskScreen) -> ComposeResult:
        """One line."""
        yield Static(id="kiosk-line", markup=False)

    def follow(self, screen: DeskScreen) -> None:
        """Keep both as they are known here."""

        def line(told: str) -> None:
            screen.query_one("#kiosk-line", Static).update(shown(told))

        def bar() -> None:
            for each in screen.query(KioskBar):
                each.tell()

        async def places() -> None:
            await screen.query_one(KioskBar).recompose()
            bar()

        screen.watch(self, "visitor_line", line)
        screen.watch(self, "pages", places, init=False)
        for name in ("language", "large", "contrast"):
            screen.watch(self, name, bar, init=False)

    def watch_large(self, large: bool) -> None:
        """More room around every word; a terminal's letters have one size."""
        self.set_class(large, "-large")

    def watch_contrast(self, contrast: bool) -> None:
        """Black, white and yellow."""
        self.theme = CONTRAST.name if contrast else DARK.name

    # A visit

    def on_mount(self) -> None:
        """Nobody is there yet."""
        self.push_screen(AttractScreen())
        self.set_interval(1.0, lambda: self.tick() if self.is_running else None)

    def answered(self, turn: Turn, agent: str, person: str | None) -> None:
        """An answer has come: the time to read it begins."""
        super().answered(turn, agent, person)
        self.idle.touch()

    async def begin(self, say: str = "", label: str = "") -> None:
        """Somebody is there; ``say`` is what they picked to begin with."""
        self.idle.touch()
        self.notice = ""
        if isinstance(self.screen, AttractScreen):
            self.pop_screen()
        self.screen.set_focus(self.conversation.query_one(Composer))
        if say:
            await self.conversation.say(say, label)

    def end_visit(self) -> None:
        """Wipe it all; at once on the screen, and in the database as soon as that works (or as it closes)."""
        if self.is_running and not self._is_ending:
            self._is_ending = True
            # An error in here ends the app: it starts again, and wipes what is left then.
            self._ending = self.run_worker(self._end_visit, group="end")

    async def wiped(self) -> None:
        """Wait until the visit that is being wiped is wiped."""
        if self._ending is not None:
            await self._ending.wait()

    async def _end_visit(self) -> None:
        await self._stop_work()
        with self.batch_update():
            await self.forget()
            self._scanner.forget()
            self.large = self.contrast = False
            self.language = self.first_language
            await self.push_screen(AttractScreen())
        forget_closed(self)
        forget_drawn()
        self._is_ending = False
        await self._wipe_database()

    async def _stop_work(self) -> None:
        """What is under way for the visitor ends before it is forgotten, or it would come after."""
        theirs = [work for work in self.workers if work.node is not self and not work.is_finished]
        for work in theirs:
            work.cancel()
        for work in theirs:
            with suppress(WorkerCancelled, WorkerFailed):
                await work.wait()

    async def _wipe_database(self) -> None:
        session = self.session
        if session is None:
            return
        async with self._wiping:
            for conversation in self._unforgotten:
                if conversation == session.conversation:
                    continue
                try:
                    gone = await session.desk.forget(conversation)
                except BalieError as error:
                    log.warning("a visit can't be wiped yet (%s); it is tried again", error.slug)
                    continue
                if gone:
                    self._unforgotten.remove(conversation)

    async def _open(self) -> None:
        await super()._open()
        if self.session is not None:
            self.session.began = self._unforgotten.add
            await self._wipe_database()
            await self._read_line()

    async def on_unmount(self) -> None:
        """The last visit too is wiped, while the database is still open."""
        if self.session is not None:
            self.session.forget()
            await self._wipe_database()

    # Time

    async def tick(self) -> None:
        """Once a second: is somebody there, what time is it, what should be tried again."""
        screen = self.screen
        match screen:
            case AttractScreen():
                self.idle.touch()
                screen.tick()
            case PinScreen():
                screen.tick()
        left = self.idle.left
        if left is None:
            if isinstance(screen, LeavingScreen):
                screen.stay()
        elif left == 0:
            self.end_visit()
        elif isinstance(screen, LeavingScreen):
            screen.count(left)
        else:
            await self.push_screen(LeavingScreen(left))
        for bar in self.screen.query(KioskBar):
            bar.tick()
        await self._try_again()

    async def _try_again(self) -> None:
        now = self.seconds()
        if now - self._tried >= RETRY_SECONDS:
            self._tried = now
            if self.health.desk is Desk.CLOSED:
                self.open_desk()
            elif self.to_be_wiped:
                self.beside(self._wipe_database)
            if not isinstance(self.screen, AttractScreen):
                self.send_out()
        if now - self._read >= LINE_SECONDS:
            self.beside(self._read_line)

    def beside(self, work: Task) -> Worker[None]:
        """Do some work that no end of a screen ends."""
        return self.run_worker(work, exit_on_error=False)

    async def _read_line(self) -> None:
        """What the vertical tells whoever stands here: from when its data are."""
        self._read = self.seconds()
        session = self.session
        if session is None or session.vertical is None:
            return
        try:
            lines = await session.lines("visitor_at")
        except BalieError:
            lines = []
        zone, words = session.desk.timezone, self.words
        self.visitor_line = " · ".join(f"{words(label)} {words.value(value, zone)}" for label, value in lines)

    def watch_language(self, language: str) -> None:
        """The line at the bottom too."""
        super().watch_language(language)
        self.beside(self._read_line)

    # Keys, touches, scanned codes

    async def on_event(self, event: events.Event) -> None:
        """Everything that a visitor does comes by here first."""
        if isinstance(event, _INPUT) and not event.is_forwarded and await self._took(event):
            return
        await super().on_event(event)

    async def _took(self, event: events.Event) -> bool:
        """Whether that was all there is to it."""
        if self._is_ending:
            return True  # of a visit that is over
        if isinstance(self.screen, LeavingScreen):
            if not isinstance(event, events.Key) or event.key in LeavingScreen.STEERING:
                return False
            self.screen.stay()
            if not event.is_printable:
                return True
        self.idle.touch()
        if not isinstance(event, events.Key) or event.key == "f12":
            return False
        if isinstance(self.screen, AttractScreen):
            return await self._began(event)
        return await self._typed(event)

    async def _began(self, event: events.Key) -> bool:
        if event.key in AttractScreen.STEERING or (event.key == "enter" and self.focused is not None):
            return False
        await self.begin()
        return not event.is_printable or event.character == " "  # else it is the first of the message

    async def _typed(self, event: events.Key) -> bool:
        if self.screen is self.conversation:
            composer = self.conversation.query_one(Composer)
            if event.is_printable and event.character != " " and self.focused is not composer:
                self.screen.set_focus(composer)
            elif event.key == "ctrl+j" and self.focused is composer:
                after_typing(composer, composer.action_submit)  # some scanners end with a line feed
                return True
            return False
        if isinstance(self.screen, PinScreen | OperatorScreen):
            return False
        code = self._scanner.feed(event, self.focused)
        if code:
            await self._scanned(code)
            return True
        typed_nowhere = not isinstance(self.focused, Input | TextArea)
        return typed_nowhere and bool(event.character) and str(event.character).isdigit()

    async def _scanned(self, code: str) -> None:
        while isinstance(self.screen, ModalScreen):
            self.pop_screen()
        screen = self.screen
        if not (isinstance(screen, DeskScreen) and await screen.scanned(code)):
            await self.ask(code)

    # The operator

    def action_operator(self) -> None:
        """Knock at the operator's door."""
        if self.door.exists and not isinstance(self.screen, PinScreen | OperatorScreen):
            self.push_screen(PinScreen())

    async def enter_operator(self, door: PinScreen) -> None:
        """The PIN was right."""
        if door.is_current:
            await self.record("kiosk.operator")
            self.pop_screen()
            await self.push_screen(OperatorScreen())

    async def leave(self) -> None:
        """The operator ends kiosk mode."""
        await self.record("kiosk.leave")
        self.may_leave = True
        self.exit()

    async def record(self, action: str) -> None:
        """Into the audit log, where that works: the operator must get in where the database is broken."""
        if self.session is None:
            return
        try:
            await self.session.record("operator", action, f"kiosk:{self.settings.name}"[:200])
        except BalieError as error:
            log.warning("%s is not in the audit log (%s)", action, error.slug)
