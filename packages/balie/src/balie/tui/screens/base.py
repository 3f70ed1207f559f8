"""What every screen has around its content, and how it does work without standing still."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import ModalScreen, Screen

from balie.locales import ENGLISH, marked

if TYPE_CHECKING:
    from textual.binding import ActiveBinding
    from textual.worker import Worker

    from balie.locales import Words
    from balie.tui.app import DeskApp
    from balie.tui.session import DeskSession

Result = TypeVar("Result")
Work = Callable[[], Awaitable[None]]
Task = Callable[[], Coroutine[Any, Any, None]]


class DeskScreen(Screen[None]):
    """A screen that can be switched to by its key, or in kiosk mode by a large button.

    A subclass has a ``TITLE`` (its name in the navigation, short), the ``ROLES`` that see it, composes its
    content in :meth:`body` and reads what it shows in :meth:`load`. With ``KIOSK`` it is there in kiosk mode
    too. Everything that waits for the desk or the database goes through :meth:`attempt`: the screen stays
    usable meanwhile, and an error becomes a notice.
    """

    ROLES: ClassVar[frozenset[str]] = frozenset({"customer", "staff", "admin"})
    KIOSK: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "reload", marked("Refresh"), show=False),
    ]

    @property
    def desk_app(self) -> DeskApp:
        """The app, as what it is."""
        return cast("DeskApp", self.app)

    @property
    def words(self) -> Words:
        """What the screen says, in the language of whoever stands before it."""
        return self.desk_app.words

    @property
    def session(self) -> DeskSession:
        """The open desk. A vertical's screens exist only once there is one."""
        session = self.desk_app.session
        if session is None:
            raise RuntimeError("the desk is not open yet")
        return session

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work now, described in the language of now."""
        found = super().active_bindings
        if self.words.language == ENGLISH:
            return found
        return {
            key: each._replace(
                binding=replace(each.binding, description=self.words(each.binding.description))
            )
            for key, each in found.items()
        }

    def compose(self) -> ComposeResult:
        """What the app puts above and below, the content between."""
        app = self.desk_app
        yield from app.above(self)
        with Container(classes="body"):
            yield from self.body()
        yield from app.below(self)

    def body(self) -> ComposeResult:
        """The content."""
        yield from ()

    async def load(self) -> None:
        """Read what is shown; happens whenever the screen comes up and on ctrl+r."""

    async def retell(self) -> None:
        """Say everything again: the language is another one."""
        await self.recompose()
        await self.load()

    async def scanned(self, digits: str) -> bool:
        """A barcode was scanned in kiosk mode; True where this screen has made something of it."""
        return False

    def on_mount(self) -> None:
        """Follow what the app knows."""
        self.desk_app.follow(self)
        self.watch(self.desk_app, "language", self._retell, init=False)

    def on_screen_resume(self) -> None:
        """Show what is true now."""
        self.action_reload()

    def action_reload(self) -> None:
        """Read again."""
        self.attempt(self.load)

    def attempt(self, work: Work) -> Worker[None]:
        """Do some work beside the screen."""
        return self.run_worker(partial(self.desk_app.in_words, work), exit_on_error=False)

    def _retell(self) -> None:
        self.refresh_bindings()
        self.attempt(self.retell)


class DeskModal(ModalScreen[Result]):
    """A screen over another one, that wants something first."""

    def beside(self, work: Task) -> Worker[None]:
        """Do some work beside the screen, which says itself what comes of it."""
        return self.run_worker(work, exit_on_error=False)

    @property
    def desk_app(self) -> DeskApp:
        """The app, as what it is."""
        return cast("DeskApp", self.app)

    @property
    def words(self) -> Words:
        """What the screen says, in the language of whoever stands before it."""
        return self.desk_app.words
