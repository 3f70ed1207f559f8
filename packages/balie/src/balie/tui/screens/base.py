"""What every screen has around its content, and how it does work without standing still."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Footer

from balie.tui.widgets.navigation import Navigation
from balie.tui.widgets.status_bar import StatusBar
from balie.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from textual.worker import Worker

    from balie.tui.app import DeskApp
    from balie.tui.session import DeskSession

Work = Callable[[], Awaitable[None]]


class DeskScreen(Screen[None]):
    """A screen that can be switched to by its key.

    A subclass has a ``TITLE`` (its name in the navigation, short), the ``ROLES`` that see it, composes its
    content in :meth:`body` and reads what it shows in :meth:`load`. Everything that waits for the desk or the
    database goes through :meth:`attempt`: the screen stays usable meanwhile, and an error becomes a notice.
    """

    ROLES: ClassVar[frozenset[str]] = frozenset({"customer", "staff", "admin"})
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+r", "reload", "Refresh", show=False)]

    @property
    def desk_app(self) -> DeskApp:
        """The app, as what it is."""
        return cast("DeskApp", self.app)

    @property
    def session(self) -> DeskSession:
        """The open desk. A vertical's screens exist only once there is one."""
        session = self.desk_app.session
        if session is None:
            raise RuntimeError("the desk is not open yet")
        return session

    def compose(self) -> ComposeResult:
        """Bars above and below, the content between."""
        app = self.desk_app
        yield TopBar()
        yield Navigation(app.pages, app.mode_of(self))
        with Container(classes="body"):
            yield from self.body()
        yield StatusBar()
        yield Footer()

    def body(self) -> ComposeResult:
        """The content."""
        yield from ()

    async def load(self) -> None:
        """Read what is shown; happens whenever the screen comes up and on ctrl+r."""

    def on_mount(self) -> None:
        """Follow what the app knows."""
        app = self.desk_app
        self.watch(app, "health", lambda health: self.query_one(StatusBar).show(health))
        self.watch(app, "pages", lambda pages: self.query_one(Navigation).show(pages), init=False)
        self.watch(app, "heading", lambda heading: self.query_one(TopBar).show(*heading))

    def on_screen_resume(self) -> None:
        """Show what is true now."""
        self.action_reload()

    def action_reload(self) -> None:
        """Read again."""
        self.attempt(self.load)

    def attempt(self, work: Work) -> Worker[None]:
        """Do some work beside the screen."""
        return self.run_worker(partial(self.desk_app.in_words, work), exit_on_error=False)

    async def on_navigation_chosen(self, event: Navigation.Chosen) -> None:
        """A click on a screen's name."""
        event.stop()
        await self.desk_app.switch_mode(event.page.mode)
