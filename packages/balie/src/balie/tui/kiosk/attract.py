"""What a kiosk shows while nobody stands before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Center, Horizontal, Vertical
from textual.widgets import Button, Digits, Static

from balie.tui.health import Desk
from balie.tui.kiosk.bar import Corner, own_name
from balie.tui.screens.base import DeskModal
from balie.tui.text import shown
from balie.tui.widgets.suggestions import Suggestions

if TYPE_CHECKING:
    from balie.tui.kiosk.app import KioskApp

MOST_SUGGESTIONS = 4


class AttractScreen(DeskModal[None]):
    """The title, how to begin, what one could ask, the languages, the time. Nothing on it moves.

    Any key and any touch begins a visit; a suggestion that is touched is said at once.
    """

    CSS_PATH = "attract.tcss"
    AUTO_FOCUS = ""
    STEERING: ClassVar[frozenset[str]] = frozenset({"tab", "shift+tab"})
    """Keys that move between what can be picked, instead of beginning."""

    def __init__(self) -> None:
        super().__init__()
        self._offered: Mapping[str, str] = {}

    @property
    def kiosk_app(self) -> KioskApp:
        """The app, as what it is."""
        return cast("KioskApp", self.app)

    def compose(self) -> ComposeResult:
        """From above to below."""
        app, words = self.kiosk_app, self.words
        with Horizontal(id="attract-top"):
            yield Corner(id="attract-corner")
            yield Digits(id="attract-time")
        with Vertical(id="attract"):
            with Center():
                yield Static(id="attract-title", markup=False)
            yield Static(id="attract-how", markup=False)
            yield Suggestions()
        with Center(), Horizontal(id="attract-languages"):
            for language in app.languages:
                chosen = "-on" if language == app.language else ""
                yield Button(own_name(language), id=f"language-{language}", classes=chosen)
        yield Static(words(app.notice), id="attract-notice", markup=False)

    async def on_mount(self) -> None:
        """Follow what the app knows."""
        app = self.kiosk_app
        self.watch(app, "health", self.tell)
        self.watch(app, "visitor_line", self.tell)
        self.watch(app, "language", self._retell, init=False)

    def tell(self) -> None:
        """Say what is true now."""
        app, words = self.kiosk_app, self.words
        # Where there is no desk yet it is no use to begin, and it is said.
        how = {
            Desk.OPENING: words("One moment, please"),
            Desk.CLOSED: words("This kiosk is closed at the moment. Please ask a colleague."),
        }.get(app.health.desk, words("Touch the screen or press any key"))
        told = {
            "attract-title": words(app.title),
            "attract-how": how,
            "attract-notice": app.visitor_line or words(app.notice),
        }
        for part in self.query(Static):
            if part.id in told:
                part.update(shown(told[part.id]))
        self.tick()
        self.call_later(self._suggest, app.session.suggestions if app.session else ())

    def tick(self) -> None:
        """The time; drawn only where it is another one."""
        told = self.kiosk_app.time_told
        for digits in self.query(Digits):  # none before it is composed
            if digits.value != told:
                digits.update(told)

    async def _suggest(self, texts: Sequence[str]) -> None:
        offered = {text: self.words(text) for text in texts[:MOST_SUGGESTIONS]}
        for suggestions in self.query(Suggestions):
            if offered != self._offered:  # or what has the focus would lose it
                self._offered = offered
                await suggestions.show(list(offered), offered)

    async def _retell(self) -> None:
        self._offered = {}
        await self.recompose()
        self.tell()

    async def on_suggestions_picked(self, event: Suggestions.Picked) -> None:
        """Begin with this."""
        event.stop()
        await self.kiosk_app.begin(event.text, event.label)

    def on_suggestions_left(self, event: Suggestions.Left) -> None:
        """Nothing is typed here: who types begins."""
        event.stop()

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Begin in this language."""
        event.stop()
        self.kiosk_app.language = str(event.button.id).removeprefix("language-")
        await self.kiosk_app.begin()

    async def on_click(self, event: events.Click) -> None:
        """Begin."""
        event.stop()
        await self.kiosk_app.begin()
